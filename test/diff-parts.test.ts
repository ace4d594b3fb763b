/** The steps of comparing versions by themselves: passages and their keys, the words of an edit, what counts as editorial. */
import { describe, expect, it } from 'vitest'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import type { Format, Parsed } from '../src/types.js'
import { compare } from '../src/versions/diff.js'
import { edits } from '../src/versions/edits.js'
import { passageKey, passages } from '../src/versions/passages.js'
import type { Edit, Pair } from '../src/versions/types.js'

const load = (text: string, format: Format = 'markdown'): Parsed =>
  parse(readDocument(new TextEncoder().encode(text), 'rules', { format }))

describe('keys', () => {
  it.each([
    ['商家应在７日内（含节假日）处理', '商家应在 7日内(含节假日)处理。'],
    ['金额不超过1,000元', '金额不超过1000 元'],
    ['“平台”指甲平台；', '「平台」指甲平台。'],
    ['使用 App 登录', '使用app登录'],
  ])('%s = %s', (one, other) => {
    expect(passageKey(one)).toBe(passageKey(other))
  })

  it.each([
    ['费率1.5%', '费率15%'],
    ['10-15日', '1015日'],
    ['应当公示', '應當公示'],
    ['服饰 | 5 | 10', '服饰 | 51 | 0'],
    ['费率5%', '费率5‰'],
  ])('%s ≠ %s', (one, other) => {
    expect(passageKey(one)).not.toBe(passageKey(other))
  })
})

describe('passages', () => {
  it('a title, the text under it, items and rows are passages of their own, labels excluded', () => {
    const text =
      '## 第二章 费用\n\n第三条 商家应当支付下列费用：\n\n（一）技术服务费；\n\n| 类目 | 费率 |\n| --- | --- |\n| 服饰 | 5% |\n'
    expect(passages(load(text)).map(p => [p.clause, p.label, p.kind, p.text])).toEqual([
      ['第二章', '第二章', 'title', '费用'],
      ['第三条', '第三条', 'text', '商家应当支付下列费用：'],
      ['第三条（一）', '（一）', 'text', '技术服务费；'],
      ['第三条（一）', null, 'row', '类目 | 费率'],
      ['第三条（一）', null, 'row', '服饰 | 5%'],
    ])
  })

  it('what stands outside the body, and wording that is no longer valid, is left out', () => {
    const parsed = load('公告：现修订规则。\n\n第一条 旧文。\n\n第二条 商家应当发货。\n')
    const { text } = parsed.document
    const [from, to] = [text.indexOf('第一条'), text.indexOf('第二条')]
    const within = { body: { start: from, end: text.length }, skip: [{ start: from, end: to }] }
    expect(passages(parsed, within).map(p => p.text)).toEqual(['商家应当发货。'])
  })
})

describe('edits', () => {
  const changed = (one: string, other: string): string[] =>
    edits(one, other)
      .filter(e => e.kind !== 'equal')
      .map(e => (e.kind === 'delete' ? `-${e.text}` : `+${e.text}`))

  it.each<[string, string, string[]]>([
    ['应在15日内付款', '应在5日内付款', ['-15日', '+5日']],
    ['应在十五个工作日内付款', '应在五个工作日内付款', ['-十五个工作日', '+五个工作日']],
    ['费率为2.5%', '费率为12.5%', ['-2.5%', '+12.5%']],
    ['赔偿三倍货款', '赔偿十倍货款', ['-三倍', '+十倍']],
    ['依《发货规则》处理', '依《发货与物流规则》处理', ['-《发货规则》', '+《发货与物流规则》']],
    ['2025年3月1日起施行', '2026年3月1日起施行', ['-2025年3月1日', '+2026年3月1日']],
    ['违约金为人民币1,000元', '违约金为人民币10,000元', ['-人民币1,000元', '+人民币10,000元']],
    ['按百分之五收取', '按百分之十五收取', ['-百分之五', '+百分之十五']],
  ])('%s → %s', (one, other, expected) => {
    expect(changed(one, other)).toEqual(expected)
  })

  it('a rewritten phrase is one edit, not crumbs', () => {
    const list = changed(
      '平台可以在合理期限内通知商家，商家应当配合核查。',
      '平台有权不经事先告知即行处置，商家应当配合核查。',
    )
    expect(list.length).toBeLessThanOrEqual(2)
  })

  it('long texts are compared by sentences first, and still word by word', () => {
    const part = (n: number): string => `涉及第${n}类商品的，商家应当在${n + 2}日内提交书面说明。`
    const all = Array.from({ length: 200 }, (_, n) => part(n)).join('')
    expect(changed(all, all.replace('第77类商品的，商家应当', '第77类商品的，商家可以'))).toEqual(['-应当', '+可以'])
  })
})

describe('compare', () => {
  it('asks what a change means with the words that changed, but not of editorial ones', () => {
    const asked: [Pair, readonly Edit[]][] = []
    const explain = (pair: Pair, list: readonly Edit[]): [] => {
      asked.push([pair, list])
      return []
    }
    compare(
      load('第一条 应在15日内付款。\n\n第二条 应当开票；\n\n第三条 其他。\n'),
      load('第一条 应在7日内付款。\n\n第二条 应当开票。\n\n第四条 其他。\n'),
      { explain },
    )
    expect(
      asked.map(([pair, list]) => [pair.new[0]?.clause, list.filter(e => e.kind !== 'equal').map(e => e.text)]),
    ).toEqual([['第一条', ['15日', '7日']]])
  })

  it('menus and footers are the page, a table without numbers in a clause is not', () => {
    const page = '首页\n\n公告\n\n活动\n\n客服\n\n下载\n\n第一条 商家应当发货。\n'
    const plain = compare(load(page), load('第一条 商家应当发货。\n')).changes
    expect(plain.map(c => [c.kind, c.editorial])).toEqual(Array.from({ length: 5 }, () => ['removed', true]))
    const listed = compare(
      load('第一条 禁售：\n\n刀具\n\n烟草\n\n药品\n\n弩\n\n电击器\n'),
      load('第一条 禁售：\n'),
    ).changes
    expect(listed.length).toBeGreaterThan(0)
    expect(listed.every(c => c.kind === 'removed' && !c.editorial)).toBe(true)
  })
})
