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

  it('a sentence that went and one that came are not woven into each other', () => {
    expect(
      changed(
        '乙方同意同步展示作品。乙方在石榴平台发布、修改、删除作品的操作，均会同步到上述产品。其他事项另行约定。',
        '乙方同意同步展示作品。同时，乙方允许石榴平台在展示时自行或者委托他人进行翻译、汇编、改编等必要处理。其他事项另行约定。',
      ),
    ).toEqual([
      '-乙方在石榴平台发布、修改、删除作品的操作，均会同步到上述产品',
      '+同时，乙方允许石榴平台在展示时自行或者委托他人进行翻译、汇编、改编等必要处理',
    ])
  })

  it('what came is said where it reads best', () => {
    expect(
      changed('涉及免除责任的条款、权利许可的条款', '涉及免除责任的条款、限制用户权利的条款、权利许可的条款'),
    ).toEqual(['+限制用户权利的条款、'])
    expect(changed('与本协议具有同等效力。', '与本协议具有同等效力。平台规则修改的，另行通知。')).toEqual([
      '+平台规则修改的，另行通知。',
    ])
  })

  it.each<[string, string, string[]]>([
    ['依第一条第3款处理', '依第一条第（三）款处理', ['-第3款', '+第（三）款']],
    ['使用摄像头、启用录音等提供服务', '使用摄像头等提供服务', ['-、启用录音']],
    ['违规情形 违规情节 违规程度 违规处置', '违规情形 违规程度 违规处置', ['-违规情节 ']],
    ['支持IOS、安卓等版本', '支持I OS、安卓等版本', ['+ ']],
    ['认定为“商家自主承认缺货”？', '认定为“商家自主承认缺货？', ['-”']],
    [
      '石榴提示您，您通过账号上传的内容应当合法，涉及他人的，应当事先获得许可',
      '石榴提示您，为让更多人看到，您的内容会同步展示。您通过账号上传的内容应当合法，涉及他人的，应当事先获得许可。',
      ['+为让更多人看到，您的内容会同步展示。', '+。'],
    ],
    // a number is never cut
    ['赔偿1,500元', '赔偿1500元', ['-1,500元', '+1500元']],
    ['扣除3万元', '扣除13万元', ['-3万元', '+13万元']],
  ])('%s → %s: at marks, not inside words', (one, other, expected) => {
    expect(changed(one, other)).toEqual(expected)
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

  const numbered = (clauses: readonly string[]): Parsed =>
    load(clauses.map((text, i) => `${i + 1}. 第${'甲乙丙丁戊己'[i]}部分\n\n${text}`).join('\n\n'), 'text')
  const ownership = (n: number) =>
    `${n}.1 平台不主张生成内容的所有权，用户可以自行使用。\n${n}.2 用户对其输入的内容负责。`
  const asIs = (n: number) => `${n}.1 服务按照现有技术所能达到的现状提供。\n${n}.2 平台可以安排停机维护并提前公告。`
  const rights = (n: number, to: string) => `${n}.1 除本协议${to}条另有规定外，软件及其全部权利归平台所有。`
  const team = '1.1 企业成员的账号由所在组织管理，组织可以增减成员。\n1.2 企业成员应当遵守组织的信息管理要求。'

  it('a reference that a renumbering left behind is substantive, with a note; one that follows is not', () => {
    const old = numbered([ownership(1), asIs(2), rights(3, '1.1')])
    const left = compare(old, numbered([team, ownership(2), asIs(3), rights(4, '1.1')])).changes
    const noted = left.filter(c => c.notes)
    expect(noted.map(c => [c.kind, c.editorial, c.new[0]?.clause, c.notes])).toEqual([
      ['renumbered', false, '4.1', ['第4.1条仍引用第1.1条，但原第1.1条现为第2.1条']],
    ])
    const english = compare(old, numbered([team, ownership(2), asIs(3), rights(4, '1.1')]), { lang: 'en' }).changes
    expect(english.flatMap(c => c.notes ?? [])).toEqual(['4.1 still refers to 1.1, but the old 1.1 is now 2.1'])
    const followed = compare(old, numbered([team, ownership(2), asIs(3), rights(4, '2.1')])).changes
    expect(followed.flatMap(c => c.notes ?? [])).toEqual([])
    expect(followed.find(c => c.new[0]?.clause === '4.1')?.editorial).toBe(true)
  })

  it.each([
    ['商家应当于2026年12月31日签订补充协议。', '商家应当于2026年6月30日签订补充协议。', false],
    ['本规则于2026年3月1日修订。', '本规则于2026年5月1日修订。', true],
    ['商家上传的图片，其版权所有者为商家。', '商家上传的图片，其版权所有者为平台。', false],
    ['版权所有 © 2025 甲公司', '版权所有 © 2026 甲公司', true],
    ['滞纳金每日0.05%。', '滞纳金每日万分之五。', true],
    ['滞纳金每日万分之五。', '滞纳金每日千分之五。', false],
    ['考核期为3个月。', '考核期为3月。', false],
  ])('%s → %s editorial: %s', (before, after, editorial) => {
    const text = (words: string) => load(`第一条 本规则适用于全部商家。\n\n第二条 ${words}\n`)
    const { changes } = compare(text(before), text(after))
    expect(changes.map(c => c.editorial)).toEqual([editorial])
  })

  it('a reference to a clause that is gone is noted, unless it names one of another document', () => {
    const deposit = '商家违约的，平台可以按照公示的标准扣除保证金。'
    const rule = (third: readonly string[], last: string) =>
      load(
        ['平台公示商家的主体信息。', '商家发布的商品信息应当真实。', ...third, '商家可以自行退店。', last]
          .map((text, i) => `第${'一二三四五六'[i]}条 ${text}`)
          .join('\n\n'),
      )
    const notes = (old: Parsed, now: Parsed) => compare(old, now).changes.flatMap(c => c.notes ?? [])
    const own = '第三条不适用于试用期内的店铺。'
    expect(notes(rule([deposit], own), rule([], own))).toEqual([
      '第四条仍引用第三条，但原第三条已删去，现在的第三条是另一条',
    ])
    const elsewhere = '附件一第三条另有约定的，从其约定。'
    expect(notes(rule([deposit], elsewhere), rule([], elsewhere))).toEqual([])
    expect(notes(rule([deposit], own), rule([deposit], own))).toEqual([])
  })

  it("articles of a law are none of the document's", () => {
    const law = (n: number) => `第${n}条 商家依照《中华人民共和国电子商务法》（下称电商法）第一条和第二条经营。`
    const rest = ['商家应当足额缴纳保证金。', '平台应当公示收费标准。']
    const text = (extra: readonly string[]): Parsed =>
      load(
        [...extra, ...rest]
          .map((words, i) => `第${i + 1}条 ${words}`)
          .concat(law(rest.length + extra.length + 1))
          .join('\n\n'),
      )
    const { changes } = compare(text([]), text(['本规则所称商家是指入驻平台的经营者。']))
    expect(changes.flatMap(c => c.notes ?? [])).toEqual([])
  })

  it('a title above text that stays, and a paragraph behind the last item, are named as such', () => {
    const list = '8.3 用户不得：\n8.3.1 传播木马程序；\n8.3.2 从事其他违法活动。\n'
    const page = (tail: string) => load(`8 行为规范\n8.1 用户应当守法。\n8.2 用户应当诚信。\n${list}${tail}`, 'text')
    const { changes } = compare(page(''), page('平台另行制定账号使用规范，请用户认真阅读并遵守。\n'))
    expect(changes.map(c => [c.kind, c.new[0]?.clause, c.new[0]?.part])).toEqual([['added', '8.3.2', 'after']])
    const titled = compare(load('第一条 费用\n\n商家缴纳服务费。\n'), load('第一条 结算\n\n商家缴纳服务费。\n')).changes
    expect(titled.map(c => [c.new[0]?.clause, c.new[0]?.part, c.editorial])).toEqual([['第一条', 'heading', true]])
  })

  it('the place of a change covers nothing that is reported elsewhere', () => {
    const { changes } = compare(
      load(
        '材料要求\n权利人拥有商标权、著作权的权属证明；如果举报人不是权利人，请提供权利人的书面授权。\n其他事项见帮助中心。\n',
        'text',
      ),
      load(
        '材料要求\n权利人拥有商标权、著作权的权属证明，通常是营业执照；\n身份证或者护照的复印件；\n如果举报人不是权利人，请提供权利人的书面授权。\n其他事项见帮助中心。\n',
        'text',
      ),
    )
    const places = changes
      .flatMap(c => c.new.map(t => [t.start.offset, t.end.offset] as const))
      .sort((x, y) => x[0] - y[0])
    expect(places.length).toBeGreaterThan(1)
    for (const [k, [start]] of places.slice(1).entries()) expect(start).toBeGreaterThanOrEqual(places[k]![1])
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
