import { describe, expect, test } from 'vitest'
import { type Annotated, annotate } from '../src/annotate/index.js'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import type { Lang } from '../src/types.js'
import { compare } from '../src/versions/diff.js'
import { explainer, needs } from '../src/versions/explain.js'
import type { Change, Meaning, Pair, Passage } from '../src/versions/types.js'

const MERCHANT = '甲平台商家管理规则'
const CONSUMER = '甲平台用户服务协议'

const read = (title: string, text: string): Annotated =>
  annotate(parse(readDocument(new TextEncoder().encode(`# ${title}\n\n第一条 ${text}\n`), 'rule.md')))

/** The passage that holds everything behind the label of the only clause. */
const passages = ({ parsed }: Annotated): Passage[] => {
  const start = parsed.document.text.indexOf('第一条') + 3
  const text = parsed.document.text.slice(start)
  return text.trim() === ''
    ? []
    : [
        {
          index: 0,
          clause: '第一条',
          label: '第一条',
          clauseId: 1,
          span: { start, end: parsed.document.text.length },
          text,
          key: text,
        },
      ]
}

const meanings = (before: string, after: string, title = MERCHANT, lang: Lang = 'zh'): readonly Meaning[] => {
  const [old, fresh] = [read(title, before), read(title, after)]
  const pair: Pair = {
    old: passages(old),
    new: passages(fresh),
    matchedBy: before === '' || after === '' ? null : 'label',
    similarity: null,
    moved: false,
  }
  return explainer(old, fresh, lang)(pair)
}
const short = (list: readonly Meaning[]): string[] => list.map(m => `${m.kind} ${m.affects} ${m.direction}`)

const KEPT = ['平台维护交易秩序，商家与消费者应当遵守本规则。', '商家应当如实描述商品信息。']
const NUMBERS = '一二三四五六七八九'

/** Meanings between two whole documents, given by their clauses. */
const between = (before: readonly string[], after: readonly string[], title = '规则', lang: Lang = 'zh') => {
  const [old, fresh] = [before, after].map(clauses => {
    const text = clauses.map((words, i) => `第${NUMBERS[i]}条 ${words}\n`).join('\n')
    return annotate(parse(readDocument(new TextEncoder().encode(`# ${title}\n\n${text}`), 'rule.md')))
  }) as [Annotated, Annotated]
  const { changes } = compare(old.parsed, fresh.parsed, { explain: explainer(old, fresh, lang) })
  return changes.flatMap(c => c.meanings)
}

describe('what stands elsewhere was neither dropped nor added', () => {
  test.each([
    [
      'a right that another clause now gives in other words',
      ['消费者对商品不满意的，可以申请退货退款。', '商品存在质量问题的，消费者有权要求退款。'],
      ['平台每月公布服务评分。', '商品存在质量问题或者消费者不满意的，消费者可以申请退货退款。'],
    ],
    [
      'a duty that moved and was reworded',
      ['你应向公司提交不侵权声明，声明应当附有你的身份证明。公司收到后转送投诉人。', '公司的联系方式见首页。'],
      ['公司收到声明后转送投诉人。', '公司的联系方式见首页。你应当向举报邮箱提交不侵权声明和身份证明。'],
    ],
    [
      'a recall that another clause still asks for',
      ['商品存在缺陷的，商家应当停止销售并召回缺陷商品。', '发现商品存在缺陷的，商家应当召回缺陷商品并通知消费者。'],
      ['商品存在缺陷的，应当停止销售。', '发现商品存在缺陷的，商家应当召回缺陷商品并通知消费者。'],
    ],
    [
      'a prohibition that changed its place',
      ['商家不得进行虚假宣传。商家应当依法纳税。', '商家应当保证服务质量。'],
      ['商家应当依法纳税。', '商家应当保证服务质量，不得对商品作虚假宣传。'],
    ],
    [
      'a prohibition that became an item of a list',
      ['商家不得虚构交易。', '商家应当依法纳税。'],
      ['商家不得有下列行为：\n\n（一）虚构交易或者销量；\n\n（二）骚扰消费者。', '商家应当依法纳税。'],
    ],
    [
      'a duty said in other words in its place',
      ['注册时，您应保证填写的身份信息的真实性。'],
      ['注册时，您应提供真实、准确、有效的身份证明材料。'],
    ],
  ])('%s', (_, before, after) => {
    const found = between([...KEPT, ...before], [...KEPT, ...after])
    expect(found.filter(m => m.kind === 'right-removed' || m.kind === 'duty-removed')).toEqual([])
    expect(found.filter(m => /侵权声明|召回|虚假宣传|虚构交易|身份/.test(m.summary))).toEqual([])
  })

  const FINE = '商家存在其他扰乱市场秩序行为的，须支付违约金5-10万元。'
  test('the same penalty for another act is another duty', () => {
    const found = between([...KEPT, FINE], [...KEPT, FINE, '商家以任何方式传播不实信息的，须支付违约金1-5万元。'])
    expect(found.map(m => m.summary)).toEqual([
      '新增商家义务：“商家以任何方式传播不实信息的，须支付违约金1-5万元”：对商家不利',
    ])
  })
  test('and its end is told though the other stays', () => {
    const found = between([...KEPT, FINE, '商家刷单的，须支付违约金5-10万元。'], [...KEPT, FINE])
    expect(short(found)).toEqual(['duty-removed merchant better'])
  })
  test('an appeal against something else is a right of its own', () => {
    const found = between(
      ['商家对扣分有异议的，可以提出申诉。', '平台可以冻结资金。'],
      ['商家对扣分有异议的，可以提出申诉。', '平台可以冻结资金。商家对冻结资金有异议的，可以提出申诉。'],
    )
    expect(short(found)).toContain('right-added merchant better')
  })
})

describe('shares of the same', () => {
  test.each([
    ['应当向消费者支付订单金额的一倍作为赔偿', '应当向消费者支付订单金额的30%作为赔偿', 'consumer worse'],
    ['应当向消费者支付订单金额的100%作为赔偿', '应当向消费者支付订单金额的30%作为赔偿', 'consumer worse'],
    ['应当按货值的100%支付违约金', '应当按货值的三倍支付违约金', 'merchant worse'],
    ['应当支付货值一倍的违约金', '应当支付保证金30%的违约金', 'merchant neutral'],
    ['应当按每日千分之三支付违约金', '应当按每日千分之一支付违约金', 'merchant better'],
    ['应当按每日万分之五支付滞纳金', '应当按每日千分之一支付滞纳金', 'merchant worse'],
  ])('%s → %s', (before, after, effect) => {
    const found = between([...KEPT, `商家售假的，${before}。`], [...KEPT, `商家售假的，${after}。`])
    expect(short(found)).toEqual([`rate ${effect}`])
  })
  test('一倍 is 100%', () =>
    expect(between(['商家售假的，按货值的100%赔偿。'], ['商家售假的，按货值的一倍赔偿。'])).toEqual([]))
})

describe('who it is', () => {
  test.each([
    ['骑手', '骑手超时送达的，每单扣款10元。', '骑手超时送达的，每单扣款30元。', '甲平台配送规则'],
    ['达人', '达人可在7日内提出申诉。', '达人可在3日内提出申诉。', '甲平台推广规则'],
    ['司机', '司机每月可提现4次。', '司机每月可提现2次。', '甲出行平台合作协议'],
    ['骑手', '骑手应当按时送达。', '骑手应当按时送达。骑手应当自行购买意外伤害保险。', '甲平台用户服务协议'],
  ])('%s are called by their name: %s', (name, before, after, title) => {
    const found = between([before], [after], title)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ affects: 'merchant', direction: 'worse' })
    expect(found[0]?.summary).toContain(`对${name}不利`)
    expect(found[0]?.summary).not.toMatch(/商家|消费者/)
  })
  test('whoever is no party loses nothing that we could tell', () => {
    const found = between([...KEPT, '权利人可在7日内提出异议。'], [...KEPT, '权利人可在3日内提出异议。'])
    expect(found.map(m => m.direction)).toEqual(['neutral'])
    expect(found[0]?.summary).not.toMatch(/商家|消费者/)
  })
  test('in English too', () =>
    expect(
      between(['骑手超时送达的，每单扣款10元。'], ['骑手超时送达的，每单扣款30元。'], '甲平台配送规则', 'en')[0]
        ?.summary,
    ).toMatch(/: worse for riders$/))
})

describe('terms without a modal verb', () => {
  test.each([
    [
      '活体宠物的售后按本规则执行。',
      '活体宠物的售后按本规则执行。运输途中的死亡风险由消费者承担，不支持退款。',
      ['right-removed consumer worse', 'duty-added consumer worse'],
    ],
    ['商品由承运人配送。', '商品由承运人配送，运输途中毁损、灭失的风险由买家自负。', ['duty-added consumer worse']],
    ['特价商品适用同样的售后规则。', '特价商品一经售出，恕不退换。', ['right-removed consumer worse']],
    ['生鲜商品不支持退货。', '生鲜商品的售后按照国家规定执行。', ['right-added consumer better']],
    ['孩子充值的，其监护人可以申请退款。', '孩子充值的，概不退款。', ['right-removed consumer worse']],
    [
      '因本协议发生的争议，由商家所在地法院管辖。',
      '因本协议发生的争议，由平台所在地法院管辖。',
      ['condition merchant worse'],
    ],
    [
      '由此发生的诉讼，由平台所在地法院管辖。',
      '由此发生的诉讼，由消费者住所地法院管辖。',
      ['condition consumer better'],
    ],
    ['商家可以随时关闭店铺。', '商家经平台同意后可以关闭店铺。', ['condition merchant worse']],
    ['商家经平台审核通过后可以提现。', '商家可以提现。', ['condition merchant better']],
    ['平台处置商家的，应当说明理由并通知商家。', '平台处置商家的，应当通知商家。', ['duty-removed merchant worse']],
    [
      '平台作出处罚前，应当听取商家的陈述和申辩，并作出书面决定。',
      '平台作出处罚前，应当作出书面决定。',
      ['duty-removed merchant worse'],
    ],
    ['平台应当在处理前三日通知商家。', '平台应当在处理前一日通知商家。', ['period merchant worse']],
  ])('%s → %s', (before, after, expected) =>
    expect(short(between([...KEPT, before], [...KEPT, after]))).toEqual(expected),
  )
  test.each([
    [
      '我们向第三方提供您的信息前，会告知您接收方的名称，并征得您的同意。',
      '我们向第三方提供您的信息前，会告知您接收方的名称。',
      ['condition consumer worse'],
    ],
    [
      '在获得您的单独同意后，我们会收集您的人脸信息用于身份核验。',
      '我们会收集您的人脸信息用于身份核验。',
      ['condition consumer worse'],
    ],
    ['我们向第三方提供您的信息前，会征得您的同意。', '我们向第三方提供您的信息前，会取得您的授权。', []],
    ['我们拒绝您的申请的，会告知您原因和途径。', '我们拒绝您的申请的，会告知您途径。', ['duty-removed consumer worse']],
    ['您可以使用本服务。', '您可以使用本服务。建议您务必保管好您的账号密码。', []],
    ['您可以使用本服务。', '您可以使用本服务。我们建议您定期更换密码，务必不要告知他人。', []],
    [
      '您可以使用本服务。',
      '您可以使用本服务。我们倡导文明交流，用户不得发布侮辱他人的言论。',
      ['duty-added consumer worse'],
    ],
  ])('to consumers: %s → %s', (before, after, expected) =>
    expect(short(between([before], [after], '甲平台用户服务协议'))).toEqual(expected),
  )
  test.each([
    ['another word for the same place', '由被告住所地法院管辖。', '由被告所在地法院管辖。'],
    ['what a rule is not', '本说明适用于线下交易。', '本说明不构成线上交易的退款规则。'],
    ['a choice', '商家可以设置售后服务。', '商家可以设置售后服务，选择“支持退货”或者“不支持退货”。'],
    ['who pays, said otherwise', '您理解由您承担上网费用。', '您理解您应自行承担上网费用。'],
  ])('nothing: %s', (_, before, after) => expect(between([...KEPT, before], [...KEPT, after])).toEqual([]))

  test('a period is named by its act', () => {
    const [found] = between(
      ['用户应在签收后7日内提交材料发起服务申请。'],
      ['用户应在签收后3日内提交材料发起服务申请。'],
      '甲平台用户服务协议',
    )
    expect(found?.summary).toBe('发起服务申请的期限由7日缩短为3日：对用户不利')
  })
})

describe('periods', () => {
  test.each([
    [
      '商家可在收到处罚通知后15日内提出申诉。',
      '商家可在收到处罚通知后7日内提出申诉。',
      '15日',
      '7日',
      'merchant worse',
    ],
    ['商家可在3日内提交申诉材料。', '商家可在5日内提交申诉材料。', '3日', '5日', 'merchant better'],
    ['申诉期为七日，逾期不予受理。', '申诉期为三日，逾期不予受理。', '七日', '三日', 'merchant worse'],
    ['平台修改规则的，应当提前7日公示。', '平台修改规则的，应当提前15日公示。', '7日', '15日', 'merchant better'],
    ['平台应当提前15日通知商家。', '平台应当提前3日通知商家。', '15日', '3日', 'merchant worse'],
    [
      '商家解除合作的，应提前15日书面通知平台。',
      '商家解除合作的，应提前30日书面通知平台。',
      '15日',
      '30日',
      'merchant worse',
    ],
    ['平台在收到申诉后7日内作出复核决定。', '平台在收到申诉后15日内作出复核决定。', '7日', '15日', 'merchant worse'],
    [
      '平台应在收到投诉后5个工作日内答复消费者。',
      '平台应在收到投诉后3个工作日内答复消费者。',
      '5个工作日',
      '3个工作日',
      'consumer better',
    ],
    [
      '平台于订单完成后7日内向商家结算货款。',
      '平台于订单完成后15日内向商家结算货款。',
      '7日',
      '15日',
      'merchant worse',
    ],
    ['商家应在消费者付款后48小时内发货。', '商家应在消费者付款后24小时内发货。', '48小时', '24小时', 'merchant worse'],
    ['平台有权冻结违规商家的账户资金30日。', '平台有权冻结违规商家的账户资金90日。', '30日', '90日', 'merchant worse'],
    ['情节严重的，屏蔽店铺14天。', '情节严重的，屏蔽店铺7天。', '14天', '7天', 'merchant better'],
    [
      '商家退店后，平台在90日内退还保证金。',
      '商家退店后，平台在180日内退还保证金。',
      '90日',
      '180日',
      'merchant worse',
    ],
    ['消费者自签收之日起15日内可申请退货。', '消费者自签收之日起7日内可申请退货。', '15日', '7日', 'consumer worse'],
    ['商家应在5日内完成整改。', '商家应在3日内完成整改。', '5日', '3日', 'merchant worse'],
    ['交易数据至少保存三年。', '交易数据至少保存五年。', '三年', '五年', 'merchant neutral'],
    [
      '商家应在收到通知后3个工作日内补足保证金。',
      '商家应在收到通知后3日内补足保证金。',
      '3个工作日',
      '3日',
      'merchant worse',
    ],
    [
      '商家应在收到通知后5个工作日内补足保证金。',
      '商家应在收到通知后7日内补足保证金。',
      '5个工作日',
      '7日',
      'merchant neutral',
    ],
    ['平台采用T+1结算。', '平台采用T+7结算。', 'T+1', 'T+7', 'merchant worse'],
    ['被清退的，30日内不得再次入驻。', '被清退的，180日内不得再次入驻。', '30日', '180日', 'merchant worse'],
  ])('%s → %s', (before, after, from, to, effect) => {
    const found = meanings(before, after)
    expect(found.map(m => [m.kind, m.from, m.to, `${m.affects} ${m.direction}`])).toEqual([
      ['period', from, to, effect],
    ])
  })
  test('two periods of one sentence keep apart', () => {
    const found = meanings(
      '商家可在15日内提出申诉，平台应在5日内作出复核决定。',
      '商家可在7日内提出申诉，平台应在10日内作出复核决定。',
    )
    expect(found.map(m => m.summary)).toEqual([
      '申诉期限由15日缩短为7日：对商家不利',
      '复核时限由5日延长为10日：对商家不利',
    ])
  })
  test('a limit that went with its act', () => {
    const found = meanings(
      '商家可联系客服提出意见，平台将在15个工作日内回复商家。',
      '商家可联系客服提出意见，联系方式见平台首页下方的页面。',
    )
    expect(found.map(m => m.summary)).toEqual(['处理时限不再写明15个工作日：对商家不利'])
  })
  test('a limit that became vague', () => {
    const [found] = meanings('平台应在15日内退还保证金。', '平台应及时退还保证金。')
    expect(found).toMatchObject({ kind: 'period', from: '15日', to: '及时', affects: 'merchant', direction: 'worse' })
  })
})

describe('sums, shares, points', () => {
  test.each([
    ['单次扣款上限为500元。', '单次扣款上限为2000元。', 'amount', '500元', '2000元', 'merchant worse'],
    ['平台按成交额的2%收取佣金。', '平台按成交额的5%收取佣金。', 'rate', '2%', '5%', 'merchant worse'],
    ['技术服务费费率为5%。', '技术服务费费率为3%。', 'rate', '5%', '3%', 'merchant better'],
    ['店铺保证金为1万元。', '店铺保证金为2万元。', 'amount', '1万元', '2万元', 'merchant worse'],
    ['商家应向平台支付违约金1000元。', '商家应向平台支付违约金500元。', 'amount', '1000元', '500元', 'merchant better'],
    ['商家应向消费者赔付订单金额的10%。', '商家应向消费者赔付订单金额的30%。', 'rate', '10%', '30%', 'merchant worse'],
    ['商家应向消费者赔付订单金额的30%。', '商家应向消费者赔付订单金额的10%。', 'rate', '30%', '10%', 'consumer worse'],
    [
      '商家售假的，应支付货值三倍的违约金。',
      '商家售假的，应支付货值十倍的违约金。',
      'rate',
      '三倍',
      '十倍',
      'merchant worse',
    ],
    ['首次违规的，扣6分。', '首次违规的，扣12分。', 'amount', '6分', '12分', 'merchant worse'],
    [
      '累计扣分达48分的，平台可清退店铺。',
      '累计扣分达36分的，平台可清退店铺。',
      'amount',
      '48分',
      '36分',
      'merchant worse',
    ],
    ['商家每年可申诉3次。', '商家每年可申诉1次。', 'amount', '3次', '1次', 'merchant worse'],
    ['累计违规3次的，平台可关闭店铺。', '累计违规2次的，平台可关闭店铺。', 'amount', '3次', '2次', 'merchant worse'],
    ['订单金额满99元的，包邮。', '订单金额满199元的，包邮。', 'amount', '99元', '199元', 'merchant neutral'],
    [
      '商家逾期未支付违约金500元的，扣1分。',
      '商家逾期未支付违约金800元的，扣1分。',
      'amount',
      '500元',
      '800元',
      'merchant worse',
    ],
    [
      '商家应向消费者赔付差价，最高不超过50元。',
      '商家应向消费者赔付差价，最高不超过100元。',
      'amount',
      '50元',
      '100元',
      'merchant worse',
    ],
    ['平台向商家发放流量补贴500元。', '平台向商家发放流量补贴300元。', 'amount', '500元', '300元', 'merchant worse'],
  ])('%s → %s', (before, after, kind, from, to, effect) => {
    const found = meanings(before, after)
    expect(found.map(m => [m.kind, m.from, m.to, `${m.affects} ${m.direction}`])).toEqual([[kind, from, to, effect]])
  })
  test('which fee is which, though the order is another', () => {
    const found = meanings(
      '平台收取佣金为成交额的2%，保证金为5000元，逾期支付的，滞纳金为每日0.05%。',
      '平台收取佣金为成交额的3%，保证金为8000元，逾期支付的，滞纳金为每日0.05%。',
    )
    expect(found.map(m => m.summary)).toEqual([
      '佣金比例由2%提高到3%：对商家不利',
      '保证金由5000元提高到8000元：对商家不利',
    ])
  })
})

describe('modal verbs', () => {
  test.each([
    ['商家可以开通运费险。', '商家应当开通运费险。', 'merchant worse'],
    ['商家必须参加平台大促。', '商家可以参加平台大促。', 'merchant better'],
    ['平台应当提前公告规则变更。', '平台可以提前公告规则变更。', 'merchant worse'],
    ['平台应当通知商家后再下架商品。', '平台无需通知商家后再下架商品。', 'merchant worse'],
    ['平台不得擅自划扣商家保证金。', '平台可以擅自划扣商家保证金。', 'merchant worse'],
    ['商家修改商品价格须报备。', '商家不得修改商品价格须报备。', 'merchant worse'],
    ['平台承担因系统故障造成的损失。', '平台不承担因系统故障造成的损失。', 'merchant worse'],
    ['平台有权终止本合作。', '平台不得终止本合作。', 'merchant better'],
  ])('%s → %s', (before, after, effect) => {
    expect(short(meanings(before, after))).toEqual([`modality ${effect}`])
  })
})

describe('rights, duties, powers, parties, conditions', () => {
  test.each([
    [
      '商家对处罚有异议的，可以申请复核或提出申诉。',
      '商家对处罚有异议的，可以提出申诉。',
      ['right-removed merchant worse'],
    ],
    [
      '平台对违规店铺采取限制措施。',
      '平台对违规店铺采取限制措施。商家可以自收到通知起提出申诉。',
      ['right-added merchant better'],
    ],
    ['商品支持七天无理由退货。', '商品不支持七天无理由退货。', ['right-removed consumer worse']],
    ['', '商家应当购买运费险并承担全部保费。', ['duty-added merchant worse']],
    ['商家应当每季度提交进货凭证。', '', ['duty-removed merchant better']],
    ['', '商家不得以任何方式引导消费者线下交易。', ['duty-added merchant worse']],
    ['', '平台有权直接从保证金中扣除相应款项。', ['right-added merchant worse']],
    ['平台应当在处罚前告知商家事实和理由。', '', ['duty-removed merchant worse']],
    ['', '平台应当向商家说明处理依据。', ['duty-added merchant better']],
    ['', '平台不承担任何赔偿责任。', ['duty-removed merchant worse']],
    ['退货运费由商家承担。', '退货运费由消费者承担。', ['party consumer worse']],
    ['检测费用由平台承担。', '检测费用由商家承担。', ['party merchant worse']],
    ['检测费用由商家承担。', '检测费用由平台承担。', ['party merchant better']],
    [
      '商家可以申请提前退还保证金。',
      '商家可以申请提前退还保证金，但存在未结纠纷的除外。',
      ['condition merchant worse'],
    ],
    ['平台可关闭账户。', '除前述相关措施之外，平台可关闭账户。', ['right-added merchant worse']],
    ['平台可以限制店铺功能。', '平台可以限制店铺功能，但商家已提供担保的除外。', ['condition merchant better']],
    ['商家应当开具发票，但消费者未要求的除外。', '商家应当开具发票。', ['condition merchant worse']],
  ])('%s → %s', (before, after, expected) => expect(short(meanings(before, after))).toEqual(expected))

  test.each([
    ['用户可以随时注销账号。平台收到后办理。', '平台收到后办理。', ['right-removed consumer worse']],
    ['退款在3日内原路退回。', '退款在10个工作日内原路退回。', ['period consumer worse']],
    ['会员可免费试用7天。', '会员可免费试用3天。', ['period consumer worse']],
    ['会员费每月收取15元。', '会员费每月收取25元。', ['amount consumer worse']],
    ['', '您应当妥善保管账号和密码。', ['duty-added consumer worse']],
    ['平台应当在7日内删除您的个人信息。', '平台应当在30日内删除您的个人信息。', ['period consumer neutral']],
  ])('to consumers: %s → %s', (before, after, expected) =>
    expect(short(meanings(before, after, CONSUMER))).toEqual(expected),
  )
})

describe('nothing is said', () => {
  test.each([
    ['the unit only', '商家应在7日内提交材料。', '商家应在1周内提交材料。'],
    ['hours for a day', '商家应在24小时内发货。', '商家应在1日内发货。'],
    ['Chinese numerals', '商家应在十五日内提出申诉。', '商家应在15日内提出申诉。'],
    ['may, said otherwise', '平台有权暂停服务。', '平台可以暂停服务。'],
    ['must, said otherwise', '商家应当遵守本规则。', '商家须遵守本规则。'],
    ['width and spaces', '商家应支付 500 元违约金。', '商家应支付５００元违约金。'],
    ['punctuation', '商家可以申诉，平台应当受理。', '商家可以申诉；平台应当受理。'],
    ['order of sentences', '商家可以申诉。平台应当受理。', '平台应当受理。商家可以申诉。'],
    ['a name for the same party', '商家应当及时发货。', '卖家应当及时发货。'],
    ['a typing error', '商家应当如实填写资料。', '商家应当如实填写资枓。'],
    ['a date of the calendar', '本规则自2026年3月1日起施行。', '本规则自2026年4月15日起施行。'],
    ['a day of the month', '平台于次月10日出具账单。', '平台于次月12日出具账单。'],
    ['a reference', '违反第三条的，按第十二条处理。', '违反第四条的，按第十三条处理。'],
    ['a synonym', '平台将对商品信息进行审核。', '平台将对商品信息进行核查。'],
    ['a definition', '“达标商品”是指评分4分以上的商品。', '“达标商品”是指评分在4分以上的商品。'],
    ['the amount in other digits', '保证金为10000元。', '保证金为1万元。'],
    ['words between', '商家可以在后台提出申诉。', '商家可以通过后台提出申诉。'],
    ['应当 made explicit', '商家按时缴纳费用。', '商家应当按时缴纳费用。'],
    ['months and days', '账户资金冻结1个月。', '账户资金冻结30日。'],
    ['a telephone number', '客服电话：4001002003。', '客服电话：4009008007。'],
    ['words that are to be shown', '商品详情页须注明提示语。', '商品详情页须注明提示语，如“禁止转售”。'],
    ['a prohibition that is a name', '详见《平台限制商品细则》。', '详见《平台禁止发布商品细则》。'],
    ['an amount that is due, not a duty', '平台每月更新账单。', '平台每月更新账单和商家保证金应缴金额。'],
    ['what somebody else must do', '商家可授权他人转载图片。', '商家可授权他人转载图片，但他人必须注明来源和作者。'],
    ['two who may be meant', '', '消费者主张商家发错货时，应当提供初步凭证予以证明。'],
    ['reading carefully', '', '您应仔细阅读本协议的全部内容。'],
    ['what something takes', '', '密码找回仅需要核对平台留存的资料。'],
    ['a noun with a right in it', '商家可联系客服。', '商家可联系客服，并查看投诉处理页面。'],
    ['inaccurate is not forbidden', '输出内容仅供参考。', '输出内容仅供参考，用户知悉其仍可能存在不准确之处。'],
    ['a year', '近一年流水大于一百万。', '25年流水大于一百万。'],
    ['a remedy is no duty', '商家可在收到通知后申诉。', '商家应在收到通知后申诉。'],
    ['an interface', '', '平台通过应用市场提供的本地查询接口获取数据。'],
    ['whether to give', '商家可以设置支持七天无理由退货的商品。', '商家可以设置支持七天无理由退货的商品类别。'],
    ['a fixed sum that became a least one', '每次扣除违约金5000元。', '每次按结算额扣除违约金，最低2000元。'],
    ['what was denied before', '您同意不转售商品，也不出租商品。', '您不得转售商品，也不出租商品。'],
    ['a story', '例如：商家A在48小时内发货。', '例如：商家A在72小时内发货。'],
    [
      'a table captured as running text',
      '违规程度 处置措施 情节一般 首次违规 扣除违约金 1000元 情节严重 再次违规 扣除违约金 2000元 店铺清退 扣除违约金 5000元',
      '违规程度 处置措施 情节一般 首次违规 扣除违约金 1500元 情节严重 再次违规 扣除违约金 3000元 店铺清退 扣除违约金 6000元',
    ],
    [
      'a clause that moved inside its article',
      '商家可以申诉。平台应当受理并说明理由。',
      '平台应当受理并说明理由。商家可以申诉。',
    ],
    ['the same words', '商家不得售假。', '商家不得售假。'],
  ])('%s', (_, before, after) => expect(meanings(before, after)).toEqual([]))
})

describe('in English', () => {
  test.each([
    [
      '商家可在15日内提出申诉。',
      '商家可在7日内提出申诉。',
      'Appeal period shortened from 15 days to 7 days: worse for merchants',
    ],
    [
      '单次扣款上限为500元。',
      '单次扣款上限为2万元。',
      'Deduction cap raised from CNY 500 to CNY 20,000: worse for merchants',
    ],
    [
      '平台应在3个工作日内答复商家。',
      '平台应在1个工作日内答复商家。',
      'Handling time shortened from 3 working days to 1 working day: better for merchants',
    ],
  ])('%s → %s', (before, after, summary) =>
    expect(meanings(before, after, MERCHANT, 'en').map(m => m.summary)).toEqual([summary]),
  )
})

describe('needs', () => {
  const change = (list: readonly Meaning[]): Change => ({
    kind: 'altered',
    old: [],
    new: [],
    matchedBy: 'label',
    similarity: 0.9,
    editorial: false,
    edits: [],
    meanings: list,
  })
  test('a right that is lost asks for fifteen days and a transition', () => {
    const asked = needs([change(meanings('商家可在15日内提出申诉。', '商家可在7日内提出申诉。'))], 'zh')
    expect(asked).toMatchObject({ fifteenDays: true, transition: true })
    expect(asked.because.join('\n')).toMatch(/第十二条第二款.*\n.*第十三条/)
  })
  test('the days that the text states are held against the fifteen', () => {
    const lost = [change(meanings('商家可在15日内提出申诉。', '商家可在7日内提出申诉。'))]
    const within = (effective: string | null) =>
      needs(lost, 'zh', null, { published: '2026-09-03', effective }).because.filter(line =>
        line.includes('不足十五日'),
      )
    expect(within('2026-09-10')).toEqual(['文中写明 2026-09-03 公布、2026-09-10 生效，相隔 7 天，不足十五日'])
    expect(within('2026-09-18')).toEqual([])
    expect(within(null)).toEqual([])
  })
  test('what only helps the users needs no transition', () => {
    const asked = needs([change(meanings('商家可在7日内提出申诉。', '商家可在15日内提出申诉。'))], 'zh')
    expect(asked).toMatchObject({ fifteenDays: true, transition: false })
  })
  test('changes that nothing was read of are no all-clear', () => {
    const asked = needs([change([]), change([])], 'zh')
    expect(asked).toMatchObject({ fifteenDays: false, transition: false })
    expect(asked.because).toEqual(['2处实质性改动未能读出含义，是否关系有关各方重要权益须由人工判断'])
  })
  test('what weighs on somebody is the ground before what helps', () => {
    const found = [
      ...meanings('店铺保证金为2万元。', '店铺保证金为1万元。'),
      ...meanings('', '商家应当赔偿平台因此遭受的全部损失。'),
    ]
    expect(needs([change(found)], 'zh').because[0]).toContain('对商家不利')
  })
  test('no change asks for nothing', () =>
    expect(needs([], 'en')).toEqual({ fifteenDays: false, transition: false, because: [] }))
  test('many of few ask for fifteen days, with both numbers', () => {
    const many = [...Array.from({ length: 8 }, () => change([])), { ...change([]), editorial: true }]
    const asked = needs(many, 'zh', 20)
    expect(asked).toMatchObject({ fifteenDays: true, transition: false })
    expect(asked.because[0]).toContain('修改内容较多（8处，共20段）')
  })
  test('the same number of many asks for nothing', () =>
    expect(
      needs(
        Array.from({ length: 25 }, () => change([])),
        'en',
        600,
      ),
    ).toMatchObject({ fifteenDays: false, transition: false }))
  test('what was removed counts among all', () => {
    const gone = Array.from({ length: 6 }, (): Change => ({ ...change([]), kind: 'removed' }))
    expect(needs(gone, 'en', 4).because.join()).toContain('(6 of 10 passages)')
    expect(needs(gone, 'en', 30).fifteenDays).toBe(false)
  })
  test('the ground that is stated is the surest', () => {
    const found = [
      ...meanings('', '商家应当购买运费险并承担全部保费。'),
      ...meanings('商家可在15日内提出申诉。', '商家可在7日内提出申诉。'),
    ]
    expect(needs([change(found)], 'zh').because[0]).toContain('申诉期限由15日缩短为7日')
  })
})

test('two thousand changed clauses are all read', () => {
  const clauses = (days: number): string =>
    Array.from(
      { length: 2000 },
      (_, i) => `第${i + 1}条 商家应在${days + (i % 9)}日内就第${i}号订单提出申诉，逾期不予受理。`,
    ).join('\n\n')
  const [old, fresh] = [clauses(20), clauses(5)].map(text =>
    annotate(parse(readDocument(new TextEncoder().encode(text), 'rule.md'))),
  ) as [Annotated, Annotated]
  const cut = ({ parsed }: Annotated): Passage[] =>
    parsed.sentences.map((s, index) => ({
      index,
      clause: '',
      label: null,
      clauseId: s.clause,
      span: s.span,
      text: '',
      key: '',
    }))
  const [a, b] = [cut(old), cut(fresh)]
  expect(a.length).toBe(b.length)
  const explain = explainer(old, fresh, 'zh')
  const found = a.flatMap((p, i) =>
    explain({ old: [p], new: [b[i] as Passage], matchedBy: 'label', similarity: 0.9, moved: false }),
  )
  expect(found.length).toBeGreaterThan(1900)
})
