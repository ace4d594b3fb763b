/** Versions of rules followed through time: series, order, steps, procedure. */
import { fileURLToPath } from 'node:url'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { documentDates } from '../src/annotate/dates.js'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import { loadRules } from '../src/rules/index.js'
import { compareVersions, findingChanges } from '../src/versions/compare.js'
import { follow } from '../src/versions/history.js'
import { alike, candidate, inOrder, seriesOf, sketch } from '../src/versions/series.js'
import type { Finding } from '../src/types.js'

const root = fileURLToPath(new URL('../fixtures/history/', import.meta.url))
const rules = loadRules()
const document = (text: string, path = 'a.md') => readDocument(new TextEncoder().encode(text), path, { lang: 'zh' })

/** A series of texts, each with the day on which it was seen. */
function history(...texts: readonly (readonly [string, string, string?])[]) {
  const follower = follow({ rules, only: [...PROCEDURAL] })
  for (const [seen, text, path] of texts) follower.add(document(text, path ?? `${seen}.md`), seen)
  return follower.done('无名')
}

const PROCEDURAL = [
  'notice-period',
  'short-consultation',
  'missing-consultation',
  'missing-transition',
  'version-history',
]
const ids = ({ series }: ReturnType<typeof history>) => series.findings.map(f => f.ruleId)

const rule = (rate: string) => `# 云岫商城佣金规则

第一条 平台按每笔订单实际成交金额的${rate}收取佣金。

第二条 商家对扣费有异议的，可以在七日内提出申诉，平台在五日内答复并说明理由。
`
const notice = (consulted: string, from: string, to: string, effective: string, rate = '2%') =>
  `各位商家：现修订《云岫商城佣金规则》。该规则已于${consulted}进行意见征集，现进行规则公示，公示期：${from}-${to}。规则预计于${effective}生效。\n\n规则正文：\n\n${rule(rate)}`

describe('notice-period', () => {
  const published = (effective: string) =>
    history(['2026-06-01', notice('2026年5月20日', '2026年6月1日', '2026年6月7日', effective)])

  test('seven days are enough, six are not', () => {
    expect(ids(published('2026年6月8日'))).toEqual([])
    expect(ids(published('2026年6月7日'))).toEqual(['notice-period'])
    expect(published('2026年6月7日').series.findings[0]?.message).toMatch(/6 天（2026-06-01 至 2026-06-07）/)
    expect(published('2026年6月7日').series.versions[0]?.noticeDays).toBe(6)
  })

  test('a mistyped year is reported as what it is', () => {
    const { series, notices } = published('2025年6月8日')
    expect(series.findings.map(f => f.message).join()).toMatch(/早于公示的第一天.*年份/)
    expect(notices.map(n => n.code)).toContain('contradictory-dates')
  })

  test('what is not said is unknown, not a breach', () => {
    const { series } = history(['2026-06-01', rule('2%')])
    expect(series.findings).toEqual([])
    expect(series.versions[0]).toMatchObject({ stage: 'unknown', published: null, effective: null, noticeDays: null })
  })
})

test('days that no calendar has are said', () => {
  const { notices } = history(['2026-06-01', `${rule('2%')}\n第三条 本规则自2026年2月30日起施行。\n`])
  expect(notices.map(n => [n.code, /2026年2月30日/.test(n.message)])).toEqual([['unreadable-date', true]])
})

describe('consultation', () => {
  test('begun only after publication', () => {
    const consulted = `各位商家：现拟修订《云岫商城佣金规则》。现进行意见征集，意见征集期：2026年6月9日-2026年6月16日。\n\n规则正文：\n\n${rule('2%')}`
    const late = history(
      ['2026-06-09', consulted, '2026-06-09-意见征集.md'],
      [
        '2026-06-10',
        `现修订《云岫商城佣金规则》，公示期：2026年6月1日-2026年6月8日，预计于2026年6月20日生效。\n\n规则正文：\n\n${rule('2%')}`,
      ],
    )
    expect(ids(late)).toContain('missing-consultation')
    expect(late.series.findings.find(f => f.ruleId === 'missing-consultation')?.message).toMatch(
      /2026-06-01.*2026-06-09/,
    )
  })

  test('held before publication, or not spoken of, is no breach', () => {
    const fine = history(['2026-06-10', notice('2026年5月20日', '2026年6月1日', '2026年6月8日', '2026年6月20日')])
    const silent = history([
      '2026-06-10',
      `现修订《云岫商城佣金规则》，公示期：2026年6月1日-2026年6月8日，预计于2026年6月20日生效。\n\n规则正文：\n\n${rule('2%')}`,
    ])
    expect(ids(fine)).toEqual([])
    expect(ids(silent)).toEqual([])
  })

  test('five days between the call for comments and publication', () => {
    const short = history(['2026-06-10', notice('2026年5月27日', '2026年6月1日', '2026年6月8日', '2026年6月20日')])
    expect(ids(short)).toEqual(['short-consultation'])
    expect(short.series.findings[0]?.message).toMatch(/最多 5 天/)
  })
})

describe('missing-transition', () => {
  const before: [string, string, string] = ['2026-01-01', rule('2%'), '2026-01-01-现行.md']
  const after = (text: string): [string, string] => ['2026-06-01', text]
  const raised = notice('2026年5月20日', '2026年6月1日', '2026年6月8日', '2026年6月20日', '6%')

  test('a raised commission without a transition', () => {
    const { series } = history(before, after(raised))
    expect(series.findings.map(f => f.ruleId)).toEqual(['missing-transition'])
    expect(series.findings[0]?.message).toMatch(/2%.*6%/)
  })

  test('not with a transition, nor where the commission falls', () => {
    expect(ids(history(before, after(`${raised}\n第三条 2026年7月20日前为过渡期，期间的订单仍按2%计收。\n`)))).toEqual(
      [],
    )
    expect(
      ids(history(before, after(notice('2026年5月20日', '2026年6月1日', '2026年6月8日', '2026年6月20日', '1%')))),
    ).toEqual([])
  })

  test('is said once, not of every later publication; not before the Measures applied', () => {
    const again = notice('2026年8月20日', '2026年9月1日', '2026年9月8日', '2026年9月20日', '6%')
    expect(ids(history(before, after(raised), ['2026-09-01', again]))).toEqual(['missing-transition'])
    const early = notice('2025年5月20日', '2025年6月1日', '2025年6月8日', '2025年6月20日', '6%')
    expect(ids(history(before, ['2025-06-01', early]))).toEqual([])
  })

  test('what was changed in the consultation draft counts at publication', () => {
    const draft = `现就《云岫商城佣金规则》进行意见征集，意见征集期：2026年5月20日-2026年5月28日。\n\n规则正文：\n\n${rule('6%')}`
    const { series } = history(before, ['2026-05-20', draft], after(raised))
    expect(series.findings.map(f => [f.ruleId, f.path])).toEqual([['missing-transition', '2026-06-01.md']])
  })
})

describe('version-history', () => {
  const footer = (dates: string) => `${rule('2%')}\n第三条 本规则${dates}。\n`
  const newest = footer('于2024年3月1日起施行，2025年10月8日修订施行，于2026年6月18日最新修订生效')

  test('a version that the text speaks of and the archive lacks', () => {
    const { series } = history(
      ['2024-03-01', footer('于2024年3月1日起施行'), '2024-03-01-已失效.md'],
      ['2026-06-18', newest, '2026-06-18-现行.md'],
    )
    expect(series.findings.map(f => f.ruleId)).toEqual(['version-history'])
    expect(series.findings[0]?.message).toContain('2025-10-08')
  })

  test('a date of revision above the date of effect is no older version', () => {
    const dated = (day: number) => `更新日期：2026年7月${day}日\n\n生效日期：2026年7月${day + 7}日\n\n${rule('2%')}`
    expect(
      ids(history(['2026-06-30', dated(1), '2026-06-30-现行.md'], ['2026-07-22', dated(15), '2026-07-22-现行.md'])),
    ).toEqual([])
  })

  test('complete archives, older versions and folders of announcements only are let be', () => {
    const complete = history(
      ['2024-03-01', footer('于2024年3月1日起施行'), '2024-03-01-已失效.md'],
      ['2025-11-01', footer('于2024年3月1日起施行，2025年10月8日修订施行'), '2025-11-01-已失效.md'],
      ['2026-06-18', newest, '2026-06-18-现行.md'],
    )
    const old = history(
      ['2024-03-01', footer('于2021年3月1日起施行'), '2024-03-01-已失效.md'],
      ['2026-06-18', footer('于2021年3月1日起施行，于2026年6月18日最新修订生效'), '2026-06-18-现行.md'],
    )
    const alone = history(['2026-06-18', newest, '2026-06-18-现行.md'])
    expect([ids(complete), ids(old), ids(alone)]).toEqual([[], [], []])
  })
})

describe('findings across versions', () => {
  const finding = (ruleId: string, sentence: string, fingerprint: string): Finding =>
    ({ ruleId, sentence, evidence: sentence.slice(0, 6), fingerprint, path: 'a' }) as Finding
  const counts = ({ introduced, fixed, carried }: ReturnType<typeof findingChanges>) => [
    introduced.length,
    fixed.length,
    carried.length,
  ]

  test('pairs by fingerprint, then by words, each once', () => {
    const same = finding('a', '平台有权随时修改本规则，无需另行通知。', '1')
    expect(counts(findingChanges([same], [same]))).toEqual([0, 0, 1])
    expect(counts(findingChanges([same], [same, { ...same, fingerprint: '1-2' }]))).toEqual([1, 0, 1])
    const edited = finding('a', '平台有权随时修改本规则，无需另行通知商家。', '2')
    expect(counts(findingChanges([same], [edited]))).toEqual([0, 0, 1])
    expect(counts(findingChanges([same], [{ ...edited, ruleId: 'b' }]))).toEqual([1, 1, 0])
    const other = finding('a', '签收即视为商品完好，不再受理退货。', '3')
    expect(counts(findingChanges([same], [other]))).toEqual([1, 1, 0])
  })

  test('the same rule in both sides of one altered clause is carried where its evidence has words in common', () => {
    const point = (offset: number) => ({ line: 1, column: 1, offset })
    const at = (text: string, evidence: string, from: number): Finding => ({
      ...finding('data-rights', text, text),
      evidence,
      start: point(from),
      end: point(from + 5),
    })
    const side = (from: number) => ({ clause: '第九条', start: point(from), end: point(from + 50), text: '' })
    const change = {
      kind: 'altered',
      old: [side(100)],
      new: [side(300)],
      matchedBy: 'similarity',
      similarity: 0.5,
      editorial: false,
      edits: [],
      meanings: [],
    } as const
    const old = at('全部权利独家且不可撤销地转让给平台所有。', '独家且不可撤销', 110)
    const now = at('授予平台及关联公司永久、不可撤销、排他的使用许可并可再许可。', '永久、不可撤销、排他的', 320)
    expect(counts(findingChanges([old], [now], [change]))).toEqual([0, 0, 1])
    expect(counts(findingChanges([old], [now]))).toEqual([1, 1, 0])
    expect(counts(findingChanges([old], [{ ...now, start: point(400), end: point(405) }], [change]))).toEqual([1, 1, 0])
    expect(counts(findingChanges([old], [{ ...now, evidence: '注销后仍保留数据' }], [change]))).toEqual([1, 1, 0])
  })
})

test('what changed in the front matter is said, not passed over', () => {
  const of = (version: string) => document(`---\nversion: ${version}\n---\n${rule('2%')}`)
  const { changes, notices } = compareVersions(of('1.2'), of('1.3'), { rules, only: [] })
  expect(changes).toEqual([])
  expect(notices.map(n => n.code)).toContain('front-matter-changed')
})

describe('series', () => {
  const files = (folder: string): string[] =>
    readdirSync(folder)
      .sort()
      .flatMap(name => (statSync(join(folder, name)).isDirectory() ? files(join(folder, name)) : [join(folder, name)]))
  const read = (path: string) => readDocument(readFileSync(path), path, { lang: 'zh' })

  test('names give day, stage and what is left', () => {
    expect(candidate('r/2026-05-29-公示-2.txt')).toMatchObject({ seen: '2026-05-29', stem: '', folder: 'r' })
    expect(candidate('r/2026-02-30/用户协议_v2.md')).toMatchObject({ stem: '用户协议' })
    expect(candidate('r/20260529/用户协议.md')).toMatchObject({ seen: '2026-05-29', stem: '用户协议', folder: 'r' })
    expect(candidate('附件3.md')).toMatchObject({ seen: null, stem: '附件3' })
  })

  test('dated folders, stages in one folder, and one rule under two names are series', () => {
    const groups = seriesOf(files(root), (a, b) => {
      const of = (path: string) => sketch(parse(read(path)).title, read(path).text)
      return alike(of(a.path), of(b.path))
    })
    expect(groups.map(group => group.map(c => c.path.slice(root.length)).sort())).toEqual([
      [
        '佣金规则/2025-03-01-已失效.md',
        '佣金规则/2026-06-05-意见征集.md',
        '佣金规则/2026-06-13-公示.md',
        '佣金规则/2026-06-18-现行.md',
      ],
      ['全部规则/2026-02-10 发货规则.md', '全部规则/2026-05-10 商品发货与物流管理规则.md'],
      ['全部规则/评价规则.txt'],
    ])
  })

  test('the days that texts state come before the days on which they were found', () => {
    const texts: Record<string, string> = {
      '2026-06-10-公示.md': notice('2026年4月1日', '2026年4月10日', '2026年4月17日', '2026年4月18日'),
      '2026-06-01-公示.md': notice('2026年5月1日', '2026年5月10日', '2026年5月17日', '2026年5月18日'),
      '2026-06-20-已失效.md': rule('1%'),
      '2026-06-20-现行.md': rule('2%'),
    }
    const order = inOrder(Object.keys(texts).map(candidate), path =>
      documentDates(parse(document(texts[path] as string))),
    )
    expect(order.map(c => c.path)).toEqual([
      '2026-06-20-已失效.md',
      '2026-06-10-公示.md',
      '2026-06-01-公示.md',
      '2026-06-20-现行.md',
    ])
  })
})

test('what changed in the announcement around a rule is said, not passed over', () => {
  const of = (day: string) =>
    document(`《甲平台发货规则》公示\n\n规则预计于2026年7月${day}日生效。\n\n规则正文：\n\n${rule('2%')}`)
  const { changes, notices } = compareVersions(of('20'), of('23'), { rules, only: [] })
  expect(changes).toEqual([])
  const said = notices.find(n => n.code === 'announcement-changed')?.message ?? ''
  expect(said).toContain('7月20日')
  expect(said).toContain('7月23日')
})
