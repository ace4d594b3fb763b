/** Reports of a history: the JSON contract, the timeline in the terminal, the Markdown memo. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { historyJson, historyMarkdown, historyPretty } from '../src/report/history.js'
import { displayWidth } from '../src/text/width.js'
import { sampleHistory, sampleSeries, version } from './version-samples.js'

const schema = JSON.parse(
  readFileSync(fileURLToPath(new URL('../schema/history.schema.json', import.meta.url)), 'utf8'),
)
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
addFormats.default(ajv)
const valid = ajv.compile(schema)

const plain = { lang: 'zh', width: 80, color: false } as const

describe('JSON', () => {
  test('satisfies its schema and keeps the order of the contract', () => {
    const report = JSON.parse(historyJson(sampleHistory(), '0.2.0'))
    expect(valid(report) || valid.errors).toBe(true)
    expect(Object.keys(report)).toEqual(['version', 'series', 'notices', 'tool'])
    expect(Object.keys(report.series[0])).toEqual(['title', 'versions', 'steps', 'findings'])
    expect(Object.keys(report.series[0].versions[0])).toEqual([
      'path',
      'stage',
      'seen',
      'consultation',
      'published',
      'publicityEnds',
      'effective',
      'noticeDays',
      'sha256',
    ])
    expect(report.series[0].steps[0].findings.carried).toBe(3)
  })

  test('what a document does not say is null, also one end of a consultation', () => {
    const versions = [version({ consultation: { from: null, to: '2026-05-15' } })]
    const report = JSON.parse(historyJson(sampleHistory({ series: [sampleSeries({ versions })] }), '0.2.0'))
    expect(report.series[0].versions[0]).toMatchObject({ published: null, consultation: { from: null } })
    expect(valid(report) || valid.errors).toBe(true)
  })

  test('the schema refuses a day that is none', () => {
    const report = JSON.parse(historyJson(sampleHistory(), '0.2.0'))
    report.series[0].versions[2].effective = '2026-06-31'
    expect(valid(report)).toBe(false)
  })
})

describe('terminal', () => {
  test('days of all versions stand in the same columns', () => {
    const lines = historyPretty(sampleHistory(), plain).split('\n')
    const head = lines.find(line => line.includes('征求意见') && line.includes('生效')) ?? ''
    const third = lines.find(line => line.includes('2026-06-16')) ?? ''
    const column = (line: string, word: string) => displayWidth(line.slice(0, line.indexOf(word)))
    expect(column(third, '2026-06-11')).toBe(column(head, '公布'))
    expect(column(third, '2026-06-16')).toBe(column(head, '生效'))
    expect(column(third, '5 日')).toBe(column(head, '提前'))
  })

  test('says what is not stated, the steps, and the procedural finding with its dates', () => {
    const text = historyPretty(sampleHistory(), plain)
    expect(text).toContain('未写明')
    expect(text).toContain('1 → 2  修改 4 · 新增 1 · 重新编号 12；问题：新增 1、消除 0、沿用 3')
    expect(text).toContain('2 → 3  没有改动')
    expect(text).toContain('2026-06-11 公布、2026-06-16 生效，仅提前 5 日')
    expect(historyPretty(sampleHistory(), { ...plain, lang: 'en' })).toContain('not stated')
  })

  test.each([44, 60, 80, 120])('no line is wider than %i columns', width => {
    for (const lang of ['zh', 'en'] as const) {
      const wide = historyPretty(sampleHistory(), { ...plain, lang, width })
        .split('\n')
        .filter(line => displayWidth(line) > width && !line.includes('rules/'))
      expect(wide).toEqual([])
    }
  })

  test('on a narrow terminal every day is still named', () => {
    const text = historyPretty(sampleHistory(), { ...plain, width: 50 })
    expect(text.replace(/\s+/g, '')).toContain('公布2026-06-11，公示截止2026-06-15，生效2026-06-16，提前5日')
  })

  test('quiet leaves out rules without findings', () => {
    const clean = sampleSeries({ title: '云杉集市收费规则', steps: [], findings: [] })
    const text = historyPretty(sampleHistory({ series: [clean, sampleSeries()] }), { ...plain, quiet: true })
    expect(text).not.toContain('收费规则')
    expect(text).toContain('short-notice')
    expect(historyPretty(sampleHistory({ series: [clean] }), { ...plain, quiet: true })).toBe('')
  })
})

describe('Markdown', () => {
  test('a table of versions, the steps, the procedural findings', () => {
    const text = historyMarkdown(sampleHistory(), { lang: 'zh' })
    expect(text).toContain('## 云杉集市商家违规处理规则')
    expect(text).toMatch(/\| 3 \| 公示 \| 2026-05-20–05-27 \| 2026-06-11 \| 2026-06-15 \| 2026-06-16 \| 5 日 \|/)
    expect(text).toContain('- **1 → 2**：修改 4 · 新增 1')
    expect(text).toContain('`short-notice`')
  })

  test('a title cannot become markup', () => {
    const text = historyMarkdown(sampleHistory({ series: [sampleSeries({ title: '<img src=x> | *规则*' })] }), {
      lang: 'zh',
    })
    expect(text).toContain('## \\<img src=x> | \\*规则\\*')
  })
})
