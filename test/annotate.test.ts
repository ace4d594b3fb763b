import { describe, expect, test } from 'vitest'
import { annotate, type Unit } from '../src/annotate/index.js'
import { denials, negationZones } from '../src/annotate/negation.js'
import { normalise, numeral } from '../src/annotate/normalise.js'
import { quantities } from '../src/annotate/quantities.js'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'

const units = (text: string): readonly Unit[] =>
  annotate(parse(readDocument(new TextEncoder().encode(text), 'sample.md'))).units
const plain = (text: string): string => normalise(text, { start: 0, end: text.length }).text
const denied = (text: string, word: string): boolean => denials(negationZones(text, 0), text.length)(text.indexOf(word))

describe('normalise', () => {
  test.each([
    ['平台 有权\n修改', '平台有权修改'],
    ['平臺有權修改規則', '平台有权修改规则'],
    ['１５％的费用,另计;', '15%的费用，另计；'],
    ['"同意"和「拒绝」', '“同意”和“拒绝”'],
    ['其它帐号', '其他账号'],
    ['1,000元 VIP Plus', '1,000元vip plus'],
    ['著作權與顯著方式', '著作权与显著方式'],
  ])('%s → %s', (from, to) => expect(plain(from)).toBe(to))

  test('every character maps back to the one it came from', () => {
    const text = '平臺 有\n權，ＡＢ'
    const { text: out, map } = normalise(text, { start: 0, end: text.length })
    expect([...out].map((_, i) => text.charAt(map[i] as number)).join('')).toBe('平臺有權，ＡＢ')
  })
})

describe('numerals and quantities', () => {
  test.each([
    ['十五', 15],
    ['一百二十', 120],
    ['两', 2],
    ['1,000', 1000],
    ['三万五千', 35000],
    ['二〇', 20],
    ['七八', 7],
  ])('%s = %d', (text, value) => expect(numeral(text)).toBe(value))
  test.each([
    ['提前七日', 'duration', 7],
    ['15个工作日', 'duration', 15],
    ['24小时', 'duration', 1],
    ['两周', 'duration', 14],
    ['500元', 'amount', 500],
    ['3万元', 'amount', 30000],
    ['5%', 'rate', 0.05],
    ['百分之三十', 'rate', 0.3],
    ['十倍', 'multiple', 10],
  ])('%s', (text, kind, value) => expect(quantities(text)[0]).toMatchObject({ kind, value }))
  test('an age is no duration', () => expect(quantities('未满18周岁的用户')).toEqual([]))
  test('a calendar date is no duration', () => expect(quantities('2026年3月1日起').map(q => q.kind)).toEqual(['date']))
})

describe('negation', () => {
  test.each([
    ['平台不承担任何责任', '承担'],
    ['平台概不负责', '负责'],
    ['平台不得强制商家参加促销', '强制'],
    ['无需通知您', '通知'],
    ['我们不对因系统故障、黑客攻击造成的任何直接或者间接损失承担责任', '承担'],
    ['平台不得以商家未参加活动为由，限制其流量', '限制'],
    ['无需通知或说明理由', '说明'],
    ['平台不得拒绝支付或者无故冻结货款', '冻结'],
    ['签收不等于认可质量', '认可'],
    ['未使用的余额不予退还', '退还'],
    ['平台不介入也不赔付', '赔付'],
    ['我们不对任何直接损失，包括利润损失、商誉损失，承担责任', '承担'],
    ['未经您的书面同意不得转让', '同意'],
    ['事先通知并非修改本协议的必经步骤', '通知'],
    ['通知环节一律省略', '通知'],
    ['商家不得以未阅读本协议为由主张免责', '主张'],
    ['双方均不得转让合同', '转让'],
    ['不可转让、不可转授权的许可', '转授权'],
  ])('%s: %s is denied', (text, word) => expect(denied(text, word)).toBe(true))
  test.each([
    ['无需通知您即可修改本规则', '修改'],
    ['可不经通知冻结其店铺', '冻结'],
    ['未经商家同意转让协议', '转让'],
    ['不得不退款', '退款'],
    ['平台不得拒绝退款', '退款'],
    ['不限于扣除保证金', '扣除'],
    ['未使用的余额不予以任何形式抵扣时可以转入', '转入'],
    ['不管您来不来我们都收费', '收费'],
    ['采取禁止注册、拒绝发布、删除内容等措施', '删除'],
    ['不承担责任，并有权修改规则', '修改'],
  ])('%s: %s is affirmed', (text, word) => {
    // 不得拒绝退款: two negators reach the refund.
    expect(denied(text, word)).toBe(false)
  })
  test('a prohibition in the lead-in reaches over its items', () => {
    const [, item] = units('平台不得有下列行为：\n\n（一）强制商家参加促销；\n\n（二）自动改价。')
    expect(item?.text).toContain('强制商家参加促销')
    expect(item?.denied(item.text.indexOf('强制'))).toBe(true)
  })
})

describe('parties', () => {
  const who = (text: string, word: string): string | null => {
    const unit = units(text).find(u => u.text.includes(word))
    return unit === undefined ? 'absent' : unit.actorAt(unit.text.indexOf(word))
  }
  test.each([
    ['平台有权冻结店铺。', '冻结', 'P'],
    ['甲方（云杉商城）与乙方（商家）约定：乙方违约的，甲方可以扣除保证金。', '扣除', 'P'],
    ['平台要求商家承担运费。', '承担', 'M'],
    ['由平台决定。', '决定', 'P'],
    ['北风科技有限公司（以下简称“北风”）提供服务。\n\n北风可以修改规则。', '修改', 'P'],
    ['商家违反规则的，平台应当通知。其后关闭店铺。', '关闭', 'M'],
    ['商家在其他平台的售价更低的，应当降价。', '降价', 'M'],
    ['平台不保证结果符合消费者和（或）商家的期望，也不就此赔偿。', '赔偿', 'P'],
    ['平台处置违规店铺并冻结货款。', '冻结', 'P'],
    [
      '“寻茶网”有权审核信息。\n\n如用户发布广告，则“寻茶网”有权删除。\n\n因用户误操作造成的损失，“寻茶网”不赔偿。',
      '赔偿',
      'P',
    ],
  ])('%s %s by %s', (text, word, party) => expect(who(text, word)).toBe(party))
  test('“您” is the merchant in a merchant agreement and the consumer in a user agreement', () => {
    expect(who('# 商家入驻协议\n\n您应当缴纳年费。', '缴纳')).toBe('M')
    expect(who('# 用户服务协议\n\n您应当支付会员费。', '支付')).toBe('C')
  })
})

describe('units', () => {
  test('a list item reads with its lead-in, and its own words map to the document', () => {
    const all = units('有下列情形之一的，平台可以关闭店铺：\n\n（一）售卖假货；\n\n（二）拒不整改。')
    const item = all.find(u => u.text.endsWith('售卖假货；'))
    expect(item?.text.slice(0, item.own)).toBe('有下列情形之一的，平台可以关闭店铺：')
    expect(
      item
        ?.map()
        .slice(0, item.own)
        .every(i => i === -1),
    ).toBe(true)
  })
  test('a table row reads with its column heads; cells under 变更前 are left out', () => {
    const row = units('| 变更前 | 变更后 |\n|---|---|\n| 提前三日公示 | 提前十五日公示 |').find(
      u => u.sentence.kind === 'row',
    )
    expect(row?.text).toBe('变更后：提前十五日公示')
  })
})

describe('repealed wording', () => {
  const repealed = (text: string): string[] =>
    units(text)
      .filter(u => u.flags.has('repealed'))
      .map(u => u.text)
  test('under a 变更前 head, until 变更后', () => {
    expect(repealed('变更前：\n\n提前三日公示。\n\n变更后：\n\n提前十五日公示。')).toEqual([
      '变更前：',
      '提前三日公示。',
    ])
  })
  test('in a flattened table the earlier of two near-identical sentences is the old one', () => {
    const old = '平台可以扣除商家保证金五百元作为违约金。'
    const now = '平台可以扣除商家保证金二百元作为违约金。'
    expect(repealed(`规则变更前变更后。${old}${now}`)).toEqual([old])
    expect(repealed(`${old}${now}`)).toEqual([])
  })
})

describe('clauses about clauses', () => {
  const isVoid = (text: string): boolean => units(text).some(u => u.flags.has('void'))
  test.each([
    '“签收即视为质量合格”的格式条款，人民法院应当认定无效。',
    '商家页面不得使用“解释权归商家所有”等表述。',
    '海报含有“概不退换”字样的，平台予以删除。',
  ])('%s', text => expect(isVoid(text)).toBe(true))
  test('a clause that does it is none', () => expect(isVoid('您签收即视为质量合格。')).toBe(false))
})
