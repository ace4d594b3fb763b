/** Mistakes in rule files: one sentence with file, line and column, and what would be right. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testRules } from '../src/check/test-rules.js'
import { loadRules } from '../src/rules/index.js'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'clauselint-rules-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const RULE = `id: silent-closure
severity: error
confidence: high
since: 1.0.0
name: { zh: 静默关店, en: Silent closure }
message: { zh: "“{evidence}”不通知就关店。", en: "“{evidence}” closes a shop unannounced." }
suggestion: { zh: 先通知。, en: Tell first. }
why: { zh: 商家应当知道。, en: Merchants should know. }
citations: [{ law: 办法, article: 19, paragraph: 1 }]
consequence: 无单独罚则
detect:
  - match: "!<notify> ... (关店|关闭店铺)"
    actor: P
unless:
  - { in: clause, match: "(事后|随后) .. <notify>", reason: { zh: 事后通知, en: Told afterwards } }
examples:
  fail:
    - { text: 平台可以不通知商家直接关店。, evidence: 通知商家直接关店 }
  pass:
    - { text: 平台可以不通知商家直接关店，但事后应当通知商家。, exercises: 0 }
`
/** Loads the rule with one change and returns the error's message, or null. */
function mistake(from: string, to: string): string | null {
  expect(RULE).toContain(from)
  mkdirSync(join(dir, 'custom'), { recursive: true })
  writeFileSync(join(dir, 'custom', 'silent-closure.yaml'), RULE.replace(from, to))
  try {
    loadRules({ dirs: [dir], builtin: false })
    return null
  } catch (error) {
    return (error as Error).message
  }
}

describe('a rule file of somebody else', () => {
  test('is loaded beside the built-in ones, with their words and laws, and its examples run', () => {
    expect(mistake('', '')).toBeNull()
    const rule = loadRules({ dirs: [dir] }).get('silent-closure')
    expect(rule?.category).toBe('custom')
    expect(testRules([rule as NonNullable<typeof rule>]).filter(r => !r.ok)).toEqual([])
  })

  test('an exception that no example needs is reported', () => {
    mistake(', exercises: 0', '')
    const rule = loadRules({ dirs: [dir], builtin: false }).get('silent-closure')
    expect(
      testRules([rule as NonNullable<typeof rule>])
        .filter(r => !r.ok)
        .map(r => r.kind),
    ).toEqual(['unless'])
  })

  test('an id that is taken is refused', () => {
    mkdirSync(join(dir, 'custom'), { recursive: true })
    writeFileSync(join(dir, 'custom', 'deemed-consent.yaml'), RULE.replace('id: silent-closure', 'id: deemed-consent'))
    expect(() => loadRules({ dirs: [dir] })).toThrow(/deemed-consent.*已在/)
  })
})

describe('mistakes name file, line, column and what would be right', () => {
  test.each([
    ['severity: error', 'severty: error', /silent-closure\.yaml:2:1: 没有“severty”.*“severity”/],
    ['severity: error', 'severity: eror', /:2:11: “eror”不是可用的值，是不是“error”/],
    ['<notify> ...', '<notfy> ...', /:12:\d+: 没有词表“notfy”，是不是“notify”/],
    ['law: 办法', 'law: 电商發', /laws\.yaml 里没有“电商發”/],
    ['consequence: 无单独罚则', 'consequence: 无单独罚', /是不是“无单独罚则”/],
    ['(关店|关闭店铺)', '(关店|关闭店铺', /括号没有配对/],
    ['(关店|关闭店铺)', '(关 店)', /永远不会匹配/],
    ['(关店|关闭店铺)', '(VIP)', /永远不会匹配/],
    ['(关店|关闭店铺)', '(\\\\b关店\\\\b)', /单词边界，永远不会匹配/],
    ['(关店|关闭店铺)', '(关店.*)', /没有上限/],
    ['(关店|关闭店铺)"', '(关店)" , all: x', /silent-closure\.yaml:12:\d+/],
    ['detect:\n', 'detct:\n', /没有“detct”这个键，是不是“detect”/],
    ['  - match: "!<notify> ... (关店|关闭店铺)"\n    actor: P', '  []', /detect|永远不会匹配|列表/],
    [', reason: { zh: 事后通知, en: Told afterwards }', '', /每个例外都要写“reason”/],
    ['en: Silent closure', 'fr: Fermeture', /没有“fr”这个键/],
    ['id: silent-closure', 'id: silent-close', /编号“silent-close”应当与文件名相同/],
  ])('%s → %s', (from, to, message) => expect(mistake(from, to)).toMatch(message))
})
