/** SARIF: valid under the official schema, places that slice the evidence out of the source, the limits of GitHub. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { sarifReport } from '../src/report/sarif.js'
import type { ReportContext } from '../src/report/formats.js'
import type { CheckResult, Finding, Notice } from '../src/types.js'
import { awkward, checked, context, pushedDown, resultOf, rules, scene } from './format-scene.js'

const require = createRequire(import.meta.url)
const official = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
// Draft 4, of which this schema uses nothing that has changed since but the name of its own address.
const { id: _id, $schema: _draft, ...schema } = JSON.parse(readFileSync(official, 'utf8'))
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
addFormats.default(ajv)
const validate = ajv.compile(schema)

interface Region {
  startLine: number
  startColumn: number
  endLine: number
  endColumn: number
  charOffset: number
  charLength: number
  snippet?: { text: string }
}
interface Result {
  ruleId: string
  ruleIndex: number
  level: string
  message: { text: string }
  locations: {
    physicalLocation: { artifactLocation: { uri: string; uriBaseId?: string; index?: number }; region: Region }
    logicalLocations?: { fullyQualifiedName: string }[]
  }[]
  partialFingerprints: Record<string, string>
  suppressions?: { kind: string; justification?: string }[]
}
interface Notification {
  descriptor: { id: string }
  level: string
  message: { text: string }
}
interface Run {
  tool: {
    driver: { rules: { id: string; helpUri?: string; properties?: { tags: string[] } }[]; informationUri?: string }
  }
  invocations: { executionSuccessful: boolean; toolExecutionNotifications: Notification[] }[]
  artifacts: { location: { uri: string } }[]
  results: Result[]
}

/** The run of a report that has been found valid. */
function runOf(result: CheckResult, over: Partial<ReportContext> = {}): Run {
  const log = JSON.parse(sarifReport(result, context(over)))
  validate(log)
  expect(validate.errors ?? []).toEqual([])
  return log.runs[0]
}

describe('the schema', () => {
  test('would notice a mistake', () => {
    const log = JSON.parse(sarifReport(checked(), context()))
    log.runs[0].results[0].level = 'info'
    expect(validate(log)).toBe(false)
  })
  test('is kept for awkward findings and in English', () => {
    expect(runOf(resultOf([awkward()])).results).toHaveLength(1)
    expect(runOf(checked(), { lang: 'en' }).results.length).toBeGreaterThan(3)
  })
})

describe('places', () => {
  const run = runOf(checked())

  test('a region is what the lines and columns of the source hold, ends exclusive', () => {
    const lines = scene[0]!.source.split('\n')
    const evidences = checked().findings.map(f => scene[0]!.source.slice(f.start.offset, f.end.offset))
    const found = run.results.map(({ locations: [where] }) => {
      const { startLine, startColumn, endLine, endColumn, charOffset, charLength } = where!.physicalLocation.region
      expect(endLine).toBe(startLine)
      const bySpan = scene[0]!.source.slice(charOffset, charOffset + charLength)
      expect(lines[startLine - 1]!.slice(startColumn - 1, endColumn - 1)).toBe(bySpan)
      expect(where!.physicalLocation.region.snippet?.text).toBe(bySpan)
      return bySpan
    })
    expect(found).toEqual(evidences)
    expect(found.some(text => text.includes('**'))).toBe(true)
  })
  test('URIs are relative, percent-encoded, and the same in results and artifacts', () => {
    const uri = '%E8%A7%84%E5%88%99%201/%E7%94%B2%E5%B9%B3%E5%8F%B0.md'
    expect(decodeURIComponent(uri)).toBe('规则 1/甲平台.md')
    for (const { locations } of run.results) {
      const { artifactLocation } = locations[0]!.physicalLocation
      expect(artifactLocation).toMatchObject({ uri, uriBaseId: '%SRCROOT%' })
      expect(run.artifacts[artifactLocation.index!]!.location.uri).toBe(uri)
    }
  })
  test('outside the repository they are file URIs', () => {
    const [result] = runOf(checked(), { inRepository: path => `/tmp/${path}` }).results
    expect(new URL(result!.locations[0]!.physicalLocation.artifactLocation.uri).protocol).toBe('file:')
    expect(result!.locations[0]!.physicalLocation.artifactLocation.uriBaseId).toBeUndefined()
  })
  test('the clause is a logical location', () =>
    expect(run.results[0]!.locations[0]!.logicalLocations?.[0]?.fullyQualifiedName).toBe('第一条（一）'))
  test('a Word file has paragraphs and no characters', () => {
    const f = awkward()
    const [document] = resultOf([f]).documents
    const { results } = runOf(resultOf([f], { documents: [{ ...document!, format: 'docx' }] }))
    expect(results[0]!.locations[0]!.physicalLocation.region).toEqual({ startLine: 3, endLine: 4 })
  })
})

describe('rules', () => {
  const run = runOf(checked())
  test('all that ran are there, and each result points at its own', () => {
    expect(run.tool.driver.rules.map(r => r.id).sort()).toEqual(rules.rules.map(r => r.id).sort())
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex]!.id).toBe(ruleId)
  })
  test('each has help, tags within the limit and an address', () => {
    for (const rule of run.tool.driver.rules) {
      expect(rule).toMatchObject({
        help: { text: expect.stringContaining(rule.id), markdown: expect.stringMatching(/^# /) },
        properties: { precision: expect.stringMatching(/^(high|medium|low)$/) },
      })
      expect(rule.properties!.tags.length).toBeLessThanOrEqual(10)
    }
    expect(run.tool.driver.rules.filter(r => r.helpUri !== undefined).length).toBeGreaterThan(50)
  })
  test('info is called note', () => {
    const levels = (['error', 'warning', 'info'] as const).map(
      severity => runOf(resultOf([awkward({ severity })])).results[0]!.level,
    )
    expect(levels).toEqual(['error', 'warning', 'note'])
  })
  test('a rule that is not in the set is still described', () => {
    const { tool, results } = runOf(resultOf([awkward()]), { ran: [] })
    expect(tool.driver.rules).toEqual([{ id: 'somebodys-rule' }])
    expect(results[0]!.ruleIndex).toBe(0)
  })
  test('tags beyond ten are left out, and said to be', () => {
    const citations = Array.from({ length: 12 }, (_, i) => ({ ...awkward().citations[0]!, law: `法律${i}` }))
    const { tool, invocations } = runOf(resultOf([]), { ran: [], rules })
    expect([tool.driver.rules, invocations[0]!.toolExecutionNotifications]).toEqual([[], []])
    const rule = { ...rules.rules[0]!, citations }
    const many = { ...rules, get: () => rule }
    const cut = runOf(resultOf([]), { ran: [rule], rules: many })
    expect(cut.tool.driver.rules[0]!.properties!.tags).toHaveLength(10)
    expect(cut.invocations[0]!.toolExecutionNotifications[0]!.message.text).toContain('标签')
  })
})

describe('fingerprints', () => {
  const prints = (documents = scene) =>
    runOf(checked(documents.slice(0, 1))).results.map(r => r.partialFingerprints['clauseFingerprint/v1'])
  test('survive lines inserted above', () => {
    expect(new Set(prints()).size).toBeGreaterThan(3)
    const before = new Set(prints())
    expect(prints(pushedDown).filter(print => before.has(print))).toHaveLength(before.size)
  })
  test('the key is our own: the one of GitHub hashes lines', () =>
    expect(Object.keys(runOf(checked()).results[0]!.partialFingerprints)).toEqual(['clauseFingerprint/v1']))
})

describe('messages', () => {
  test('braces of the document are no placeholders', () => {
    const [result] = runOf(resultOf([awkward()])).results
    expect(result!.message.text).toContain('{{0}}')
    expect(result!.message.text).not.toMatch(/(?<!\{)\{0\}(?!\})/)
  })
})

describe('suppressed findings', () => {
  const at = { line: 9, column: 1, offset: 90 }
  const finding = awkward({ fingerprint: 'beef', start: at, end: at })
  const result = resultOf([awkward()], {
    suppressed: [
      { finding, kind: 'inline', reason: '法务已确认' },
      { finding: { ...finding, fingerprint: 'cafe' }, kind: 'baseline', reason: null },
    ],
  })
  test('are left out unless asked for', () => {
    const { results } = runOf(result)
    expect(results.map(r => r.suppressions)).toEqual([undefined])
  })
  test('are told apart when asked for: every result says whether it is one', () => {
    const { results } = runOf(result, { includeSuppressed: true })
    expect(results.map(r => [r.partialFingerprints['clauseFingerprint/v1'], r.suppressions])).toEqual([
      ['f00d', []],
      ['beef', [{ kind: 'inSource', status: 'accepted', justification: '法务已确认' }]],
      ['cafe', [{ kind: 'external', status: 'accepted' }]],
    ])
  })
})

describe('what was not checked', () => {
  const notice = (code: string): Notice => ({ code, path: '丙.md', message: '读不了。', line: 3 })
  test('is a notification; an unreadable input makes the run a failure', () => {
    const [ok] = runOf(resultOf([], { notices: [notice('emphasis-unknown')] })).invocations
    expect([ok!.executionSuccessful, ok!.toolExecutionNotifications[0]!.level]).toEqual([true, 'warning'])
    const [bad] = runOf(resultOf([], { notices: [notice('unreadable-input')] })).invocations
    expect([bad!.executionSuccessful, bad!.toolExecutionNotifications[0]!.level]).toEqual([false, 'error'])
  })
  test('more than 25,000 results are cut by severity, and the cut is said', () => {
    const many = Array.from({ length: 25_010 }, (_, i): Finding => {
      const at = { line: i + 1, column: 1, offset: i }
      return awkward({ severity: i < 20 ? 'info' : 'error', start: at, end: at, fingerprint: String(i) })
    })
    const report = JSON.parse(sarifReport(resultOf(many), context({ ran: [] })))
    const { results, invocations }: Run = report.runs[0]
    expect(results).toHaveLength(25_000)
    expect(results.filter(r => r.level === 'note')).toHaveLength(10)
    expect(invocations[0]!.toolExecutionNotifications.map(n => n.message.text).join()).toMatch(/25000.*10/)
  })
})

test('the address of the tool is the one its package names', () => {
  const homepage = 'https://example.cn/clauselint'
  expect(runOf(resultOf([]), { tool: { version: '1.2.3', homepage } }).tool.driver.informationUri).toBe(homepage)
})

test('same result, same bytes', () => {
  const result = checked()
  const { documents, findings, notices } = result
  const turned = {
    documents: documents.toReversed(),
    findings: findings.toReversed(),
    notices: notices.toReversed(),
  }
  expect(sarifReport({ ...result, ...turned }, context())).toBe(sarifReport(result, context()))
})
