import { describe, expect, test } from 'vitest'
import { documentDates } from '../src/annotate/dates.js'
import { annotate } from '../src/annotate/index.js'
import { procedureJudges } from '../src/check/procedure.js'
import { type Profile, profileOf } from '../src/check/profile.js'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import { loadRules } from '../src/rules/index.js'
import type { Rule } from '../src/rules/types.js'

// Other rule files are not what is tested here.
const rules = loadRules({ onError: () => undefined })
const parsed = (text: string) => parse(readDocument(new TextEncoder().encode(text), 'sample.md'))
const everybody: Profile = profileOf({}, [], false)
const judged = (id: string, text: string, profile: Profile = everybody) =>
  procedureJudges[id]?.(rules.get(id) as Rule, annotate(parsed(text)), profile) ?? []

describe('dates a document states', () => {
  test.each([
    ['公示期：2026年6月11日-2026年6月23日。预计于2026年6月24日生效。', '2026-06-11', '2026-06-24'],
    ['公示期：2026年6月11日—6月23日', '2026-06-11', null],
    ['此次变更于2026年8月14日公示，将于2026年8月20日正式生效。', '2026-08-14', '2026-08-20'],
    ['自2026年1月5日开始公示，2026年1月12日正式生效。', '2026-01-05', '2026-01-12'],
    ['本规则于2020年1月1日首次生效，于2026年3月1日最新修订生效。', null, '2026-03-01'],
    ['发布日期：【2026】年【5】月【1】日\n\n生效日期：【2026】年【5】月【9】日', '2026-05-01', '2026-05-09'],
    ['本规则自2026年2月30日起施行。', null, null],
    ['更新日期：2026年7月1日', null, null],
  ])('%s', (text, published, effective) => {
    expect(documentDates(parsed(`${text}\n`))).toMatchObject({ published, effective })
  })

  test.each([
    ['意见征集期内（2026年5月30日—2026年5月31日）可以反馈。', '2026-05-30', '2026-05-31'],
    ['已于2026年7月18日-7月24日进行意见征集。', '2026-07-18', '2026-07-24'],
    ['征求意见期：2026年6月1日至2026年6月10日', '2026-06-01', '2026-06-10'],
  ])('%s', (text, from, to) => expect(documentDates(parsed(`${text}\n`)).consultation).toEqual({ from, to }))

  test('front matter comes before the text', () => {
    const text = '---\npublished: 2026-05-01\neffective: 2026-05-20\n---\n公示期：2026年6月1日-2026年6月2日\n'
    expect(documentDates(parsed(text))).toMatchObject({ published: '2026-05-01', effective: '2026-05-20' })
  })
})

describe('notice period', () => {
  const text = (from: string, to: string): string => `规则修订公告\n\n规则于${from}公示，将于${to}生效。\n`
  test.each([
    ['2026年6月1日', '2026年6月7日', 1],
    ['2026年6月1日', '2026年6月8日', 0],
    ['2025年6月1日', '2025年6月3日', 1],
    ['2018年6月1日', '2018年6月3日', 0],
  ])('%s → %s', (from, to, count) => expect(judged('notice-period', text(from, to))).toHaveLength(count))

  test('before the Measures a first version was free', () =>
    expect(judged('notice-period', '规则于2025年6月1日公示，将于2025年6月3日生效。\n')).toEqual([]))

  test('fifteen days for huge platforms are a warning', () => {
    const [finding] = judged('notice-period', text('2026年6月1日', '2026年6月10日'), { ...everybody, huge: true })
    expect(finding?.rule.severity).toBe('warning')
    expect(finding?.fill).toMatchObject({ days: '9' })
  })
})

describe('consultation', () => {
  test.each([
    ['征求意见期：2026年6月1日至2026年6月6日', 1],
    ['征求意见期：2026年6月1日至2026年6月7日', 0],
    ['征求意见期：2026年6月7日至2026年6月1日', 0],
    ['征求意见期：2026年6月1日至2026年6月3日。应主管部门要求修改。', 0],
  ])('%s', (text, count) => expect(judged('short-consultation', `${text}\n`)).toHaveLength(count))

  test('the final text before the end of the consultation', () => {
    const [finding] = judged(
      'short-consultation',
      '征求意见期：2026年6月1日至2026年6月20日\n\n公示期：2026年6月10日-2026年6月30日\n',
    )
    expect(finding?.message?.zh).toContain('早于征求意见截止日')
  })
})

describe('version marks', () => {
  const body = Array.from({ length: 14 }, (_, i) => `${i + 1}. 商家应当遵守第${i}项要求。`).join('\n')
  test.each([
    ['# 商家规则', 1],
    ['# 商家规则\n\n版本：v2.1', 0],
    ['# 商家规则\n\n【2026】年【6】月【1】日发布', 0],
    ['# 常见问题', 0],
  ])('%s', (head, count) => expect(judged('unmarked-version', `${head}\n\n${body}\n`)).toHaveLength(count))
})
