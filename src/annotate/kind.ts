/** What sort of document this is, from its title first and its first words second. */

const KINDS: readonly (readonly [string, RegExp])[] = [
  ['privacy-policy', /隐私|个人信息/],
  ['membership', /会员|自动续费|续费|订阅/],
  ['deposit-rules', /保证金|押金/],
  ['fee-schedule', /费率|收费|资费|佣金|费用|服务费|计费|积分规则|账单/],
  ['penalty-rules', /违规|处罚|罚则|违约|扣分|处理规则|管控|治理|禁售|管理规[则范]|实施细则|管理办法/],
  ['refund-rules', /退款|退货|售后|仅退|换货|七日|七天|无理由/],
  ['dispute-rules', /争议|纠纷|申诉|仲裁|举证/],
  ['livestream-rules', /直播|主播/],
  ['merchant-agreement', /商家|商户|卖家|入驻|开店|招商|供应商|服务商|开发者|合作|代理/],
  ['service-agreement', /服务协议|用户协议|服务条款|使用条款|使用协议|服务合同|注册协议|协议/],
]

/** Names as in the configuration's `kind`. An announcement of a rule keeps the rule's kind; `other` where nothing tells. */
export function documentKind(title: string | null, opening: string): string {
  const name = title ?? ''
  if (
    /服务协议|用户协议|用户注册协议|服务条款|使用条款/.test(name) &&
    !/商家|商户|卖家|入驻|续费|会员|供应商|开发者|主播/.test(name)
  )
    return 'service-agreement'
  for (const [kind, pattern] of KINDS) if (pattern.test(name)) return kind
  // A title that names no kind says more than words that happen to stand in the opening.
  if (name !== '') return 'other'
  for (const [kind, pattern] of KINDS) if (pattern.test(opening)) return kind
  return 'other'
}
