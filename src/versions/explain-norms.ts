/** Reads who may, must or must not do what in a statement, and which rights and remedies it gives. */
import type { Party, Span } from '../types.js'
import { actorOf, user } from './explain-parties.js'
import { printed, type Statement } from './explain-statements.js'

export type Modal = 'may' | 'must' | 'must-not' | 'need-not' | 'not'

const MODALS: readonly (readonly [Modal, string])[] = [
  ['must', '不得不'],
  ['must-not', '不得|不可以|不应当?|不允许|不许(?!可)|不准(?![确时])|严禁|(?<![、被或及和规所])禁止|无权|请勿|切勿'],
  ['need-not', '无需|无须|毋须|毋需|不必|不需要?|不须|无义务|没有义务'],
  [
    'must',
    '应当|应该|(?<![对适供相响反感效回呼])应(?![用对急届付得收答聘邀援变手税有该]|(?:缴纳?|退|扣|发货|结算|支付|承担|提供)[^，]{0,4}(?:金额|款项?|额|时间|数量?|费用|保证金|货款)|平台|公司|用户|消费者|商家|您|监管|主管|法律|国家|政府|[a-z])|必须|务必|(?<![必无毋])须(?![知臾])|有义务|(?<![无所必急按供刚不])需(?!求)要?',
  ],
  [
    'may',
    '有权|可以|(?<![许认不尚即方均亦还最])可(?![能靠信视疑见爱抗避撤分行观选用读控预逆转以参随]|再许可|撤销)|得以|享有',
  ],
  ['not', '(?:概|均|亦|也|恕|一律)?不(?:再|予)?(?=承担|负责|负|赔|退|支持|受理|提供|收取|保证|支付|返还|结算)'],
]
const MODAL = new RegExp(MODALS.map(([, words]) => `(${words})`).join('|'), 'g')

/** What the platform does at the users' cost, and what it owes them. */
const BURDEN =
  /扣除|扣划|扣减|扣罚|扣款|扣分|扣收|划扣|收取|加收|冻结|封禁|封停|封号|关闭|下架|限制|暂停|中止|终止|解除|删除|屏蔽|降权|清退|没收|罚款|处罚|处置|拒绝|取消|追究|追偿|要求[^，]{0,8}(?:支付|赔偿|承担|提供|提交)|暂缓|延期|不予|停止|收回|撤销|抵扣|采取[^，]{0,12}措施|单方|提高|修改|变更|调整|披露|公开其/g
const BENEFIT =
  /退还|返还|退款|退费|退回|赔偿|补偿|赔付|通知|告知|公示|公告|说明|提示|提醒|答复|回复|反馈|受理|支付|结算|打款|保护|保障|保密|征求|听取|协助|支持|解冻|恢复|承担|负责|审核|复核|提供[^，]{0,8}(?:渠道|途径|帮助|服务|证据|理由|凭证|发票)/g
export const IMPORTANT =
  /费用?|佣金|保证金|押金|赔|补偿|退|罚|扣|冻结|申诉|申辩|复核|异议|个人信息|隐私|数据|账号|解除|终止|通知|公示|封|关闭|清退|下架|限制|结算|货款|提现|责任|违约|诉讼|仲裁|注销|修改|变更/

/** Rights and remedies, by what they let somebody do. */
export const RIGHTS: readonly (readonly [string, string, string])[] = [
  ['申诉|申辩', '申诉', 'to appeal'],
  ['复核|复议|复查', '申请复核', 'to a review'],
  ['异议', '提出异议', 'to object'],
  ['无理由退货|退货|退换货?|换货', '退换货', 'to return goods'],
  ['退款|退费', '退款', 'to a refund'],
  [
    '解除(?=[^，]{0,6}(?:协议|合同|合作|服务))|终止(?=[^，]{0,6}(?:协议|合同|合作|服务))',
    '解除合同',
    'to end the contract',
  ],
  ['赔偿|补偿|索赔|赔付', '获得赔偿', 'to compensation'],
  ['退还|返还', '要求退还', 'to have money returned'],
  ['注销', '注销账号', 'to close the account'],
  ['退出|退订', '退出', 'to leave'],
  ['投诉|举报', '投诉', 'to complain'],
  ['起诉|诉讼|仲裁', '提起诉讼或仲裁', 'to go to court or arbitration'],
  ['查询|查阅', '查询', 'to inspect'],
  ['更正', '更正', 'to correction'],
  ['复制|导出|转移(?=[^，]{0,4}信息)', '复制', 'to a copy'],
  ['删除(?=[^，]{0,6}信息)', '删除个人信息', 'to erasure'],
  ['撤回(?=[^，]{0,4}(?:同意|授权))', '撤回同意', 'to withdraw consent'],
  ['价保|保价', '价格保护', 'to price protection'],
  ['(?:开具?|索取|索要|申请)[^，]{0,6}发票', '索取发票', 'to an invoice'],
]
/** Groups of `RIGHTS` that only a buyer has: returns, refunds, price protection. */
const GOODS: ReadonlySet<number> = new Set([3, 4, 17])
/** Groups that are rights where they concern data. */
const DATA: ReadonlySet<number> = new Set([12, 13, 14])
const RIGHT = new RegExp(RIGHTS.map(([words]) => `(${words})`).join('|'), 'g')

/** A segment that tells when something applies, not what anybody may or must do. */
export const TRIGGER =
  /(?:的|时|后|前|之日|期间|情况下|情形下|为由|等理由|情形之一)$|^(?:如果?|若|因|未|一旦|当|对于?|除非|凡|在)/

export interface Norm extends Span {
  readonly statement: Statement
  readonly modal: Modal
  /** Offset of the modal verb and of what follows it. */
  readonly at: number
  readonly after: number
  readonly actor: Party | null
  /** Words behind the modal verb, to the end of the segment. */
  readonly act: string
}

export const modalsIn = (text: string): { modal: Modal; at: number; end: number }[] =>
  [...text.matchAll(MODAL)].map(m => {
    const n = m.findIndex((group, i) => i > 0 && group !== undefined)
    return { modal: (MODALS[n - 1] as readonly [Modal, string])[0], at: m.index, end: m.index + m[0].length }
  })

/** The first modal verb of each segment that `of` lets through, with who is meant. */
export function norms(statement: Statement, of: (words: string) => boolean = () => true): Norm[] {
  const { unit, segments } = statement
  const found: Norm[] = []
  for (const segment of segments) {
    const words = unit.text.slice(segment.start, segment.end)
    if (!of(words) || TRIGGER.test(words) || /[<>]/.test(words)) continue
    const first = modalsIn(words)[0]
    if (first === undefined) continue
    // Columns of a table run together: 品牌 型号 禁止发布类目.
    if ((printed(statement, segment, 400).match(/[一-鿿] +(?=[一-鿿\d])/g)?.length ?? 0) >= 3) continue
    const at = segment.start + first.at
    if (advised(statement, segment, at)) continue
    if (quoted(unit.text, segment.start, at) || attributive(statement, segment, at, words.slice(first.end))) continue
    found.push({
      ...segment,
      statement,
      modal: first.modal,
      at,
      after: segment.start + first.end,
      actor: actorOf(statement, at),
      act: words.slice(first.end),
    })
  }
  return found
}

const ADVICE = /建议|提倡|倡导|鼓励|推荐|提示您|提醒您|温馨提示/g
/** 建议您务必保管好密码: advice obliges nobody, in any part of the sentence that has no subject of its own. */
function advised({ unit, start }: Statement, segment: Span, at: number): boolean {
  const last = [...unit.text.slice(start, at).matchAll(ADVICE)].at(-1)
  if (last === undefined) return false
  const after = start + last.index
  return after >= segment.start || !unit.mentions.some(m => m.start === segment.start && m.start > after)
}

/** “禁止未成年人购买”: words that are to be shown bind nobody. */
export const quoted = (text: string, from: number, at: number): boolean =>
  /[“「《][^”」》]*$/.test(text.slice(Math.max(0, from - 40), at))

/** 用于退店阶段商家应承担的款项: the modal verb describes a noun. */
function attributive({ unit }: Statement, segment: Span, at: number, act: string): boolean {
  const subject = unit.mentions.findLast(m => m.end <= at && m.start >= segment.start)
  const front = unit.text.slice(segment.start, subject?.start ?? at)
  return /^[^，]{1,14}的[^，]{1,14}$/.test(act) && front.length > 4 && !/[在于对按后前时内起据照]/.test(front)
}

/** The first of `words` in `text` that is an act, not the occasion of one: 在处罚前告知 speaks of telling. */
function firstAct(words: RegExp, text: string): number {
  for (const m of text.matchAll(words))
    if (
      !/^(?:措施|决定)?(?:前|后|时|期间|的|原因|依据|理由|结果|记录|情况|通知)/.test(text.slice(m.index + m[0].length))
    )
      return m.index
  return Number.POSITIVE_INFINITY
}
export const earliest = (text: string): 'burden' | 'benefit' | null => {
  const burden = firstAct(BURDEN, text)
  const benefit = firstAct(BENEFIT, text)
  return burden === benefit ? null : burden < benefit ? 'burden' : 'benefit'
}

// ── rights and remedies ─────────────────────────────────────────────────────────────────────────────────────────

export interface Right {
  readonly group: number
  readonly holder: 'M' | 'C'
  readonly segment: Span
  readonly statement: Statement
}

/** Rights that a statement gives to merchant or consumer, and all remedies it speaks of without denying them. */
export function rightsOf(statement: Statement): { given: Right[]; spoken: number[] } {
  const given: Right[] = []
  const spoken: number[] = []
  const { unit, segments } = statement
  // 七天无理由，指…可退货的服务: what a name stands for is told, not given.
  if (/^[^，。；]{2,30}，是?指(?![定派出引])/.test(statement.text)) return { given, spoken }
  for (const segment of segments) {
    const words = unit.text.slice(segment.start, segment.end)
    let modals: ReturnType<typeof modalsIn> | undefined
    for (const m of words.matchAll(RIGHT)) {
      const group = m.findIndex((g, i) => i > 0 && g !== undefined) - 1
      const at = segment.start + m.index
      if (unit.denied(at) || quoted(unit.text, segment.start, at)) continue
      spoken.push(group)
      if (DATA.has(group) && !/信息|数据|资料|记录|隐私|账单|订单|明细/.test(words)) continue
      // 举报材料, 退款的商品: named, not given.
      if (
        /^(?:人|材料|证明|的|书|信息|内容|方|记录|资料|详情|处理|审核|反馈|热线|电话|邮箱|登录|中|成功|失败|规则|期|金额|结果)/.test(
          words.slice(m.index + m[0].length),
        )
      )
        continue
      if (TRIGGER.test(words) || unit.flags.has('definition') || unit.flags.has('void')) continue
      modals ??= modalsIn(words)
      const modal = modals.findLast(x => x.at < m.index)
      const front = words.slice(0, m.index)
      const supports =
        /(?:支持|享有|享受)[^，、]{0,8}$|提供[^，、]{0,4}$/.test(front) && !/[不无如若]|请|提供的/.test(front)
      if (modal?.modal !== 'may' && !supports) continue
      // 有权要求商家退款 is a right; 有权删除, 拒绝退款 is not the users'.
      if (/拒绝|取消|限制|暂停|无权|关闭|处理|裁定/.test(words.slice(modal?.end ?? 0, m.index))) continue
      const may = modal?.modal === 'may'
      const said = may ? actorOf(statement, segment.start + modal.at) : null
      // 商家可选择支持无理由退货: whether to give, not to have.
      if (said === 'M' && /支持|提供/.test(front)) continue
      // Who supports or offers something is not who has it.
      const holder = may && said !== 'P' ? said : supports ? (GOODS.has(group) ? 'C' : user(statement)) : null
      if (holder === null) continue
      if (!supports && /^(?:渠道|中心|页面|入口|流程|状态|单|时效|工具)/.test(words.slice(m.index + m[0].length)))
        continue
      if (supports && said === null && holder === 'M' && actorOf(statement, at) === 'M') continue
      given.push({
        group,
        holder,
        segment,
        statement,
      })
    }
  }
  return { given, spoken }
}
