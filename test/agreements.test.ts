/** The agreements in fixtures/agreements: what a lawyer expects is found, and nothing else. */
import { describe, expect, test } from 'vitest'
import { compare, evaluate, knownGaps, mistakes, readAgreements } from '../bench/agreements.js'
import { check } from '../src/check/index.js'
import { readDocument } from '../src/read/index.js'
import { loadRules } from '../src/rules/index.js'

const rules = loadRules()
const folders = readAgreements()
const expectations = folders.flatMap(f => [...f.documents.flatMap(d => d.expected), ...(f.set?.expected ?? [])])

describe('the fixtures', () => {
  test('expect rules that exist, many of them', () => {
    const known = new Set(rules.rules.map(r => r.id))
    const expected = new Set(expectations.map(e => e.rule))
    expect([...expected].filter(id => !known.has(id))).toEqual([])
    expect(expected.size).toBeGreaterThanOrEqual(45)
    expect(folders.flatMap(f => f.documents).length).toBeGreaterThanOrEqual(14)
  })

  test('come in every format and encoding that platforms use', () => {
    const read = folders.flatMap(f => f.documents).map(d => readDocument(d.bytes, d.path))
    expect(new Set(read.map(d => d.format))).toEqual(new Set(['markdown', 'html', 'text']))
    expect(new Set(read.map(d => d.encoding)).size).toBeGreaterThan(1)
  })
})

describe('the comparison', () => {
  const [finding] = check([readDocument(new TextEncoder().encode('一、平台有权随时修改本规则，无需通知。'), 'a.md')], {
    rules,
  }).findings
  const found = finding === undefined ? [] : [finding]
  const text = finding?.sentence ?? ''

  test('counts a finding in the sentence of the evidence', () => {
    const { hits, misses, alarms } = compare(found, [{ rule: 'amendment-without-notice', evidence: '随时修改' }], text)
    expect([hits.length, misses.length, alarms.length]).toEqual([1, 0, 0])
  })

  test('counts another rule as a miss and a false alarm', () => {
    const { hits, misses, alarms } = compare(found, [{ rule: 'deemed-consent', evidence: '随时修改' }], text)
    expect([hits.length, misses.length, alarms.length]).toEqual([0, 1, 1])
  })

  test('refuses evidence that the document does not hold', () => {
    expect(() => compare(found, [{ rule: 'deemed-consent', evidence: '没有的话' }], text)).toThrow('没有的话')
  })
})

describe('findings', () => {
  const run = [
    ...evaluate(
      (files, platform) =>
        check(
          files.map(f => readDocument(f.bytes, f.path)),
          { rules, platform },
        ).findings,
      file => readDocument(file.bytes, file.path).text,
    ),
  ]

  const known = knownGaps()
  test.each(run.map(result => [result.name, result] as const))('%s', (name, result) => {
    expect(mistakes(result).sort()).toEqual([...(known[name] ?? [])].sort())
  })
})
