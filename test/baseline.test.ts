/** The baseline: what stays known through edits of a document, what counts as new, and what a broken file says. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { check } from '../src/check/index.js'
import {
  type Baseline,
  baselineText,
  endOfJson,
  type Matched,
  matchBaseline,
  prunedBaseline,
  readBaseline,
  updatedBaseline,
} from '../src/cli/baseline.js'
import { readDocument } from '../src/read/index.js'
import { sayIn } from '../src/report/words.js'
import { loadRules } from '../src/rules/index.js'
import type { Finding } from '../src/types.js'

const rules = loadRules()
const ONLY = ['deemed-consent', 'amendment-without-notice']
const say = sayIn('zh')

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'clauselint-baseline-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

type Files = Readonly<Record<string, string>>

/** Findings in files of the folder; the files are there, as the baseline looks for them. */
function findingsIn(files: Files): readonly Finding[] {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  const documents = Object.entries(files).map(([name, text]) =>
    readDocument(new TextEncoder().encode(text), join(dir, name)),
  )
  return check(documents, { rules, only: ONLY }).findings
}

function match(baseline: Baseline, files: Files, only = ONLY): Matched & { readonly fresh: readonly string[] } {
  const findings = findingsIn(files).filter(f => only.includes(f.ruleId))
  const checked = new Set(Object.keys(files).map(name => resolve(dir, name)))
  const matched = matchBaseline(baseline, findings, {
    checked: path => checked.has(path),
    ran: ruleId => only.includes(ruleId),
    partly: () => false,
    ofSet: () => false,
  })
  const fresh = findings.filter(f => !matched.known.has(f)).map(f => `${f.clause} ${f.ruleId}`)
  return { ...matched, fresh }
}

/** The baseline of those files, as it is when it has been written and read again. */
function baselineFor(files: Files): Baseline {
  const file = join(dir, 'baseline.json')
  const empty = { file, entries: [] }
  const text = baselineText(updatedBaseline(empty, findingsIn(files), match(empty, files)))
  writeFileSync(file, text)
  const baseline = readBaseline(file, say)
  expect(baselineText(baseline)).toBe(text)
  return baseline
}

const CHANGES = '平台有权随时单方修改本规则。'
const DEEMED = '用户继续登录视为同意修改后的规则。'
const HARMLESS = '商家应当如实登记经营信息。'
const agreement = (...clauses: string[]): string =>
  `# 乐淘集市规则\n\n${clauses.map((text, i) => `第${'一二三四五六'[i]}条 ${text}\n`).join('\n')}`

describe('what stays known', () => {
  const before = agreement(HARMLESS, `${CHANGES}${DEEMED}`)

  test.each([
    ['renumbering', agreement(HARMLESS, '平台公示本规则。', '商家可以退出。', `${CHANGES}${DEEMED}`)],
    ['a move to the front', agreement(`${CHANGES}${DEEMED}`, HARMLESS)],
    ['another scheme of numbers', before.replace('第一条', '1.').replace('第二条', '2.')],
    ['spaces and line breaks', before.replace('随时', '\n随时').replace('继续登录', '继续 登录')],
    ['bold', before.replace('随时单方修改', '**随时单方修改**')],
  ])('through %s', (_, after) => {
    const { fresh, known, obsolete } = match(baselineFor({ 'a.md': before }), { 'a.md': after })
    expect(fresh).toEqual([])
    expect(known.size).toBe(2)
    expect(obsolete).toBe(0)
  })

  test('a reference to another clause that follows the renumbering', () => {
    const text = (to: string) => `除第${to}条第（一）项外，${DEEMED}`
    const baseline = baselineFor({ 'a.md': agreement(HARMLESS, text('一')) })
    const after = { 'a.md': agreement('平台公示本规则。', HARMLESS, text('二')) }
    expect(match(baseline, after)).toMatchObject({ fresh: [], obsolete: 0 })
  })

  test('a document under a new name', () => {
    const baseline = baselineFor({ 'a.md': before })
    rmSync(join(dir, 'a.md'))
    expect(match(baseline, { 'b.md': before })).toMatchObject({ fresh: [], obsolete: 0 })
  })

  test('a clause that moved to another document', () => {
    const baseline = baselineFor({ 'a.md': before, 'b.md': agreement(HARMLESS) })
    const after = { 'a.md': agreement(HARMLESS), 'b.md': agreement(HARMLESS, `${CHANGES}${DEEMED}`) }
    expect(match(baseline, after)).toMatchObject({ fresh: [], obsolete: 0 })
  })

  test('the other sentence of a clause when one is mended', () => {
    const two = agreement(`${DEEMED}${HARMLESS}买家下单即视为同意修改后的规则。`)
    const baseline = baselineFor({ 'a.md': two })
    expect(baseline.entries).toHaveLength(2)
    const after = { 'a.md': two.replace(DEEMED, '修改规则须经用户点击确认。') }
    const { fresh, known, obsolete } = match(baseline, after)
    expect([fresh, known.size, obsolete]).toEqual([[], 1, 1])
  })

  test('of two equal clauses the one that is left', () => {
    const baseline = baselineFor({ 'a.md': agreement(DEEMED, HARMLESS, DEEMED) })
    expect(baseline.entries.map(e => e.count)).toEqual([2])
    const { fresh, obsolete, ...rest } = match(baseline, { 'a.md': agreement(HARMLESS, DEEMED) })
    expect([fresh, obsolete]).toEqual([[], 1])
    expect(prunedBaseline(baseline, { fresh, obsolete, ...rest } as Matched).entries.map(e => e.count)).toEqual([1])
  })
})

describe('what is new', () => {
  const before = agreement(HARMLESS, DEEMED)

  test.each([
    ['a second sentence in a known clause', agreement(HARMLESS, `${DEEMED}买家下单即视为同意修改后的规则。`), 1],
    ['a copy of a known clause', agreement(HARMLESS, DEEMED, DEEMED), 1],
    ['a known sentence that now says something else', agreement(HARMLESS, DEEMED.replace('用户', '商家')), 1],
    ['another rule in the known clause', agreement(HARMLESS, `${CHANGES}${DEEMED}`), 1],
  ])('%s', (_, after, count) => {
    expect(match(baselineFor({ 'a.md': before }), { 'a.md': after }).fresh).toHaveLength(count)
  })

  test('a copy in another document', () => {
    const baseline = baselineFor({ 'a.md': before })
    expect(match(baseline, { 'a.md': before, 'b.md': before }).fresh).toHaveLength(1)
    expect(match(baseline, { 'b.md': before }).fresh, 'the run looks at the copy alone').toHaveLength(1)
  })
})

describe('entries that a run does not look at', () => {
  const both = { 'a.md': agreement(DEEMED), 'b.md': agreement(CHANGES) }
  const ids = (baseline: Baseline) => baseline.entries.map(e => `${e.path} ${e.ruleId}`)

  test('are neither obsolete nor pruned nor lost in an update', () => {
    const baseline = baselineFor(both)
    const mended = { 'a.md': agreement(HARMLESS) }
    const matched = match(baseline, mended)
    expect(matched.obsolete).toBe(1)
    expect(ids(prunedBaseline(baseline, matched))).toEqual(['b.md amendment-without-notice'])
    expect(ids(updatedBaseline(baseline, [], matched))).toEqual(['b.md amendment-without-notice'])
    const other = match(baseline, { 'a.md': agreement(HARMLESS), 'b.md': agreement(HARMLESS) }, ['deemed-consent'])
    expect(ids(prunedBaseline(baseline, other))).toEqual(['b.md amendment-without-notice'])
  })

  test('pruning never adds', () => {
    const baseline = baselineFor({ 'a.md': agreement(DEEMED) })
    const matched = match(baseline, { 'a.md': agreement(DEEMED, CHANGES) })
    expect(matched.fresh).toHaveLength(1)
    expect(baselineText(prunedBaseline(baseline, matched))).toBe(baselineText(baseline))
  })
})

test('one line for each entry, sorted, short, paths from the folder of the baseline', () => {
  const { file } = baselineFor({ 'b.md': agreement(CHANGES), 'a.md': agreement(DEEMED, CHANGES) })
  const lines = baselineText(readBaseline(file, say)).split('\n')
  expect(lines.filter(line => line.includes('"fingerprint"'))).toHaveLength(3)
  const entries = lines.slice(3, 6).map(line => JSON.parse(line.replace(/,$/, '')))
  expect(entries.map(e => `${e.path} ${e.ruleId} ${e.clause}`)).toEqual([
    'a.md amendment-without-notice 第二条',
    'a.md deemed-consent 第一条',
    'b.md amendment-without-notice 第一条',
  ])
  for (const { evidence } of entries) expect([...evidence].length).toBeLessThanOrEqual(25)
})

describe('a baseline that can not be used', () => {
  const entry = '{ "path": "a.md", "ruleId": "x", "fingerprint": "f", "sentence": "s" }'
  test.each([
    ['<<<<<<< HEAD\n{ "version": 1, "findings": [] }\n', /baseline\.json(?::\d+:\d+)?: 基线文件有误/],
    ['{ "version": 2, "findings": [] }', /baseline\.json:1:14: .*第 1 版/],
    ['{ "version": 1 }', /缺少“findings”/],
    ['{ "version": 1, "findings": [\n  { "path": "a.md" }\n] }', /baseline\.json:2:3: .*缺少“ruleId”/],
    [`{ "version": 1, "findings": [\n${entry.replace('sentence', 'sentense')}] }`, /:2:\d+: .*是不是“sentence”/],
    [`{ "version": 1, "findings": [\n${entry.replace('"s" ', '"s", "count": 0')}] }`, /:2:\d+: .*正整数/],
    ['<<<<<<< HEAD\n{ "version": 1, "findings": [] }\n', /json:1:1: .*不是合法的 JSON/],
    [`{ "version": 1, "findings": [\n${entry},\n<<<<<<< HEAD\n] }`, /json:3:1: .*不是合法的 JSON/],
    [`{ "version": 1, "findings": [\n${entry},\n] }`, /json:3:1: .*不是合法的 JSON/],
    ["{ 'version': 1 }", /json:1:3: .*不是合法的 JSON/],
    ['{ "version": 1, "findings": [\n', /json:2:1: .*不完整.*JSON/],
    ['{ "version": 1, "version": 1 }', /json:1:\d+: .*不是合法的 JSON|缺少/],
    ['', /json:1:1: .*不完整/],
    ['[]', /基线文件有误/],
  ])('%j', (text, message) => {
    const file = join(dir, 'baseline.json')
    writeFileSync(file, text)
    expect(() => readBaseline(file, say)).toThrow(message)
    expect(() => readBaseline(file, say)).not.toThrow(/YAML/)
  })

  test('where JSON ends: exactly what JSON.parse refuses, at the piece that was put in', () => {
    const text = baselineText(baselineFor({ 'a.md': agreement(DEEMED, CHANGES) }))
    const piece = fc.constantFrom(',', ']', '}', '"', ':', '<<<<<<<', "'", 'nul', '01', '\n', '\\', '[', '{', '1', ' ')
    fc.assert(
      fc.property(fc.nat(text.length), piece, fc.nat(2), (at, words, cut) => {
        const broken = text.slice(0, at) + words + text.slice(at + cut)
        const end = endOfJson(broken)
        const parses = (() => {
          try {
            JSON.parse(broken)
            return true
          } catch {
            return false
          }
        })()
        expect(end === null).toBe(parses)
        // What comes before the mistake is whole: cutting there only breaks it off.
        if (end !== null && end < broken.length) expect([end, null]).toContain(endOfJson(broken.slice(0, end)))
      }),
    )
  })

  test('a BOM before it is no mistake', () => {
    const file = join(dir, 'baseline.json')
    writeFileSync(file, '\ufeff{ "version": 1, "findings": [] }')
    expect(readBaseline(file, say).entries).toEqual([])
  })

  test('one that is missing', () => {
    expect(() => readBaseline(join(dir, 'none.json'), say)).toThrow(/none\.json：没有这个文件/)
  })
})
