/** GitLab Code Quality: each documented field, and fingerprints that tell findings apart without following lines. */

import { describe, expect, test } from 'vitest'
import { gitlabReport } from '../src/report/gitlab.js'
import type { CheckResult } from '../src/types.js'
import { awkward, checked, context, document, pushedDown, resultOf, scene } from './format-scene.js'

interface Entry {
  description: string
  check_name: string
  fingerprint: string
  severity: string
  location: { path: string; lines: { begin: number; end: number } }
}
const reportOf = (result: CheckResult): Entry[] => JSON.parse(gitlabReport(result, context()))
const prints = (result: CheckResult) => reportOf(result).map(e => e.fingerprint)

test('every field is there, of the right kind, for every finding', () => {
  const result = checked()
  const report = reportOf(result)
  expect(report).toHaveLength(result.findings.length)
  report.forEach((entry, i) => {
    const f = result.findings[i]!
    expect(entry).toEqual({
      description: expect.stringContaining(f.message),
      check_name: f.ruleId,
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      severity: expect.stringMatching(/^(info|minor|major|critical|blocker)$/),
      location: { path: f.path, lines: { begin: f.start.line, end: f.end.line } },
    })
  })
})

test('severities keep their order, and doubt makes an error less', () => {
  const of = (over: Parameters<typeof awkward>[0]) => reportOf(resultOf([awkward(over)]))[0]?.severity
  expect([
    of({ severity: 'info' }),
    of({ severity: 'warning' }),
    of({ severity: 'error', confidence: 'low' }),
    of({ severity: 'error', confidence: 'high' }),
  ]).toEqual(['info', 'minor', 'major', 'critical'])
})

test('a report without findings is an empty list', () => expect(gitlabReport(resultOf([]), context())).toBe('[]\n'))

describe('fingerprints', () => {
  test('stay when lines are inserted above', () => {
    const before = checked(scene.slice(0, 1))
    const after = checked(pushedDown)
    expect(after.findings[1]?.start.line).not.toBe(before.findings[1]?.start.line)
    expect(prints(after)).toEqual(expect.arrayContaining(prints(before)))
  })
  test('tell the same clause in two files apart', () => {
    const copy = document(scene[0]!.source, '规则 1/副本.md')
    const all = prints(checked([scene[0]!, copy]))
    expect(all.length).toBeGreaterThan(6)
    expect(new Set(all).size).toBe(all.length)
  })
  test('tell the same words, found twice, apart', () => {
    const twice = document(
      '# 协议\n\n第一条 甲平台对一切损失概不负责。\n\n第二条 甲平台对一切损失概不负责。\n',
      '甲.md',
    )
    const result = checked([twice])
    expect(result.findings.filter(f => f.ruleId === 'blanket-disclaimer')).toHaveLength(2)
    expect(new Set(prints(result)).size).toBe(result.findings.length)
    expect(new Set(prints(resultOf([awkward(), awkward()]))).size).toBe(2)
  })
})
