/** GitHub Actions: commands read back as the runner reads them, and nothing of a document that could pass for a command. */

import { describe, expect, test } from 'vitest'
import { githubReport, githubSummary } from '../src/report/github.js'
import type { CheckResult } from '../src/types.js'
import { awkward, checked, context, resultOf } from './format-scene.js'

interface Command {
  name: string
  properties: Record<string, string>
  message: string
}

const unescaped = (text: string, property: boolean) =>
  (property ? text.replaceAll('%3A', ':').replaceAll('%2C', ',') : text)
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%25', '%')

/** The commands of a log, read by the runner's own rules: `::name key=value,…::data`, and `##[…]` anywhere. */
function commandsIn(log: string): Command[] {
  return log.split('\n').flatMap(line => {
    const [, head, data] = /^\s*::(.*?)::(.*)$/.exec(line) ?? []
    if (head === undefined || data === undefined) {
      expect(line).not.toContain('##[')
      return []
    }
    const space = head.indexOf(' ')
    const pairs = space < 0 ? [] : head.slice(space + 1).split(',')
    const properties = Object.fromEntries(
      pairs.map(pair => [pair.slice(0, pair.indexOf('=')), unescaped(pair.slice(pair.indexOf('=') + 1), true)]),
    )
    return [{ name: space < 0 ? head : head.slice(0, space), properties, message: unescaped(data, false) }]
  })
}
const reportOf = (result: CheckResult) => githubReport(result, context())
const annotations = (result: CheckResult) =>
  commandsIn(reportOf(result)).filter(({ name }) => /^(error|warning|notice)$/.test(name))

test('a finding is an annotation of its place', () => {
  const result = checked()
  const found = annotations(result)
  expect(found).toHaveLength(result.findings.length)
  const f = result.findings.find(x => x.ruleId === 'blanket-disclaimer')!
  const own = found.find(({ properties }) => properties['title']?.endsWith(f.ruleId))!
  expect(own.name).toBe('error')
  expect(own.properties).toEqual({
    file: '规则 1/甲平台.md',
    line: String(f.start.line),
    col: String(f.start.column),
    endLine: String(f.end.line),
    endColumn: String(f.end.column),
    title: expect.stringMatching(/^第一条（二） .*blanket-disclaimer$/),
  })
  expect(own.message).toContain('依据：《')
})

describe('escaping', () => {
  const f = awkward()
  const [command, ...more] = annotations(resultOf([f]))
  test('separators, per cent signs and line breaks come back as they were', () => {
    expect(more).toEqual([])
    expect(command).toMatchObject({ name: 'warning', properties: { file: 'a,b:c%.md' } })
    expect(command?.message.startsWith(f.message)).toBe(true)
  })
  test('columns are left out where a finding spans lines', () =>
    expect(Object.keys(command?.properties ?? {})).toEqual(['file', 'line', 'endLine', 'title']))
  test('a severity is a kind of annotation', () => {
    const names = (['error', 'warning', 'info'] as const).map(
      severity => annotations(resultOf([awkward({ severity })]))[0]?.name,
    )
    expect(names).toEqual(['error', 'warning', 'notice'])
  })
})

describe('more findings than GitHub shows', () => {
  const many = Array.from({ length: 14 }, (_, i) => {
    const at = { line: i + 1, column: 1, offset: i }
    return awkward({ start: at, end: at, confidence: i === 13 ? 'high' : 'low', fingerprint: String(i) })
  })
  test('the surest ten are annotated, the others are lines of the log', () => {
    const log = reportOf(resultOf(many))
    const lines = annotations(resultOf(many)).map(({ properties }) => Number(properties['line']))
    expect(lines).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 14])
    expect(log).toMatch(/::group::[^\n]*4 [^]*a,b:c%\.md:10:1 warning somebodys-rule[^]*:13:1 [^]*::endgroup::\n$/)
  })
  test('each kind has its own ten', () => {
    const errors = many.map(f => ({ ...f, severity: 'error' as const, path: 'b.md' }))
    expect(annotations(resultOf([...many, ...errors]))).toHaveLength(20)
  })
  test('the summary says so and shows them all', () => {
    const summary = githubSummary(resultOf(many), context())
    expect(summary).toContain('每级只显示 10 条标注')
    expect(summary.split('### ')).toHaveLength(15)
    expect(githubSummary(resultOf(many.slice(0, 10)), context())).not.toContain('每级只显示')
  })
  test('the summary stays below the size that GitHub takes, and says what is missing', () => {
    const lots = Array.from({ length: 4000 }, (_, i) => awkward({ fingerprint: String(i) }))
    const summary = githubSummary(resultOf(lots), context())
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024)
    const left = Number(/另有 (\d+) 个问题未列出/.exec(summary)?.[1])
    expect(summary.split('### ').length - 1 + left).toBe(4000)
  })
})

test('an input that could not be read is an error', () => {
  const notices = [{ code: 'unreadable-input', path: '坏.html', message: '读不了。' }]
  expect(annotations(resultOf([], { notices }))).toEqual([
    { name: 'error', properties: { file: '坏.html', title: 'unreadable-input' }, message: '读不了。' },
  ])
})

test('nothing to say, nothing said', () => expect(reportOf(resultOf([]))).toBe(''))
