/** Reports: the JSON contract field by field, the excerpt around the evidence, the pretty layout. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Chalk } from 'chalk'
import { describe, expect, test } from 'vitest'
import { jsonReport } from '../src/report/json.js'
import { prettyReport } from '../src/report/pretty.js'
import { excerpt, markedLines } from '../src/report/quote.js'
import { articleName, citationLine, sayIn } from '../src/report/words.js'
import { chineseNumber } from '../src/text/number.js'
import type { RuleSet } from '../src/rules/types.js'
import { displayWidth } from '../src/text/width.js'
import type { CheckResult, Citation, Finding } from '../src/types.js'

const finding = (over: Partial<Finding> = {}): Finding => ({
  ruleId: 'moody-change',
  severity: 'error',
  confidence: 'high',
  path: 'rules/a.md',
  clause: '第五条（二）',
  start: { line: 12, column: 3, offset: 402 },
  end: { line: 12, column: 9, offset: 408 },
  sentence: '乐淘集市可以凭心情修改规则。',
  evidence: '凭心情修改',
  message: '凭心情修改规则。',
  suggestion: '写明公示期。',
  citations: [{ law: '办法', article: 12, paragraph: 1, item: null, url: null }],
  consequence: '责令改正。',
  fingerprint: 'f00d',
  ...over,
})

const result = (findings: Finding[], paths = ['rules/a.md']): CheckResult => ({
  documents: paths.map(path => ({
    path,
    format: 'markdown',
    sha256: 'a'.repeat(64),
    title: '乐淘集市规则',
    kind: 'other',
    clauses: 7,
  })),
  findings,
  notices: [{ code: 'unsupported-format', path: 'b.pdf', message: '不支持。' }],
  summary: { error: findings.length, warning: 0, info: 0, documents: paths.length },
})

const noRules: RuleSet = { rules: [], laws: new Map(), get: () => undefined }

/** What is wrong with `value` under the part of JSON Schema that our schema uses; empty if nothing. */
function violations(
  value: unknown,
  schema: Record<string, unknown>,
  root: Record<string, unknown>,
  at = '$',
): string[] {
  const ref = schema['$ref']
  if (typeof ref === 'string') {
    const defs = root['$defs'] as Record<string, Record<string, unknown>>
    return violations(value, defs[ref.replace('#/$defs/', '')] ?? {}, root, at)
  }
  const type =
    value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value
  const problems: string[] = []
  const types = schema['type'] === undefined ? [] : [schema['type']].flat()
  if (types.length > 0 && !types.includes(type)) problems.push(`${at}: ${type} is not ${types.join('|')}`)
  if ('const' in schema && value !== schema['const']) problems.push(`${at}: not ${schema['const']}`)
  if (Array.isArray(schema['enum']) && !schema['enum'].includes(value)) problems.push(`${at}: ${value} not in the list`)
  if (typeof schema['pattern'] === 'string' && !new RegExp(schema['pattern'], 'u').test(String(value)))
    problems.push(`${at}: ${value} does not look like ${schema['pattern']}`)
  if (typeof schema['minimum'] === 'number' && Number(value) < schema['minimum']) problems.push(`${at}: too small`)
  if (Array.isArray(value) && schema['items'])
    value.forEach((item, i) =>
      problems.push(...violations(item, schema['items'] as Record<string, unknown>, root, `${at}[${i}]`)),
    )
  if (type === 'object') {
    const object = value as Record<string, unknown>
    const known = (schema['properties'] ?? {}) as Record<string, Record<string, unknown>>
    for (const key of (schema['required'] ?? []) as string[])
      if (!(key in object)) problems.push(`${at}.${key}: missing`)
    for (const [key, item] of Object.entries(object)) {
      const own = known[key]
      if (own) problems.push(...violations(item, own, root, `${at}.${key}`))
      else problems.push(`${at}.${key}: not in the schema`)
    }
  }
  return problems
}

const schema = JSON.parse(readFileSync(fileURLToPath(new URL('../schema/check.schema.json', import.meta.url)), 'utf8'))

describe('JSON', () => {
  test('fields and their order are the contract', () => {
    const report = JSON.parse(jsonReport(result([finding()]), '0.1.0'))
    expect(Object.keys(report)).toEqual(['version', 'tool', 'documents', 'findings', 'notices', 'summary'])
    expect(Object.keys(report.documents[0])).toEqual(['path', 'format', 'sha256', 'title', 'kind', 'clauses'])
    expect(Object.keys(report.findings[0])).toEqual(
      'ruleId severity confidence path clause start end sentence evidence message suggestion citations consequence fingerprint'.split(
        ' ',
      ),
    )
    expect(Object.keys(report.findings[0].start)).toEqual(['line', 'column', 'offset'])
    expect(Object.keys(report.findings[0].citations[0])).toEqual(['law', 'article', 'paragraph', 'item', 'url'])
    expect(Object.keys(report.notices[0])).toEqual(['code', 'path', 'message'])
    expect(report.summary).toEqual({ error: 1, warning: 0, info: 0, documents: 1 })
  })

  test('the output follows the published schema', () => {
    const full = {
      ...result([finding()]),
      notices: [{ code: 'rule-crashed', path: 'a.md', message: 'x', ruleId: 'r', line: 3 }],
    }
    expect(violations(JSON.parse(jsonReport(full, '0.1.0')), schema, schema)).toEqual([])
  })

  test('the schema check itself can fail', () => {
    const report = JSON.parse(jsonReport(result([finding()]), '0.1.0'))
    report.findings[0].severity = 'fatal'
    delete report.findings[0].end.column
    report.summary.extra = 1
    expect(violations(report, schema, schema)).toEqual([
      '$.findings[0].severity: fatal not in the list',
      '$.findings[0].end.column: missing',
      '$.summary.extra: not in the schema',
    ])
  })

  test('findings are sorted by path, offset and rule', () => {
    const at = (path: string, offset: number, ruleId: string) =>
      finding({ path, ruleId, start: { line: 1, column: 1, offset } })
    const text = jsonReport(result([at('b', 1, 'x'), at('a', 9, 'x'), at('a', 9, 'a'), at('a', 2, 'z')]), '0.1.0')
    const order = JSON.parse(text).findings.map((f: Finding) => `${f.path}${f.start.offset}${f.ruleId}`)
    expect(order).toEqual(['a2z', 'a9a', 'a9x', 'b1x'])
    expect(text.endsWith('}\n')).toBe(true)
  })
})

describe('excerpt', () => {
  const long = `${'平台提供技术支持，'.repeat(20)}乐淘集市可以凭心情修改规则，${'商家应当遵守，'.repeat(20)}`

  test('a long sentence is cut around the evidence, at a pause', () => {
    const { text, evidence } = excerpt(long, '凭心情修改', 120)
    expect(displayWidth(text)).toBeLessThanOrEqual(124)
    expect(text.startsWith('…平台提供')).toBe(true)
    expect(text.endsWith('，…')).toBe(true)
    expect(evidence && text.slice(evidence.start, evidence.end)).toBe('凭心情修改')
  })

  test('evidence longer than the room keeps its ends', () => {
    const words = `开头${'很长的证据，'.repeat(40)}结尾`
    const { text, evidence } = excerpt(words, words, 80)
    expect(displayWidth(text)).toBeLessThanOrEqual(90)
    expect(text).toMatch(/^开头.*，…很长.*结尾$/)
    expect(evidence).toEqual({ start: 0, end: text.length })
  })

  test('white space inside the sentence does not hide the evidence', () => {
    expect(excerpt('乐淘集市可以凭\n心情  修改规则。', '凭心情 修改', 80)).toEqual({
      text: '乐淘集市可以凭心情 修改规则。',
      evidence: { start: 6, end: 12 },
    })
  })

  test('evidence outside the sentence is no place in it', () => {
    expect(excerpt('第一条', '别处的话', 80)).toEqual({ text: '第一条', evidence: null })
  })

  test('without colour the brackets are ones that the sentence does not use', () => {
    const chalk = new Chalk({ level: 0 })
    expect(markedLines('【9】日起修改', { start: 4, end: 6 }, 80, chalk)).toEqual(['【9】日「起修」改'])
  })

  test('colour goes on across a line break and off before the rest', () => {
    const lines = markedLines('一二三四五六', { start: 1, end: 5 }, 6, new Chalk({ level: 1 }))
    expect(lines).toEqual(['一\x1b[1m\x1b[4m二三\x1b[24m\x1b[22m', '\x1b[1m\x1b[4m四五\x1b[24m\x1b[22m六'])
  })
})

describe('citations', () => {
  const cite = (
    law: string,
    article: number | string,
    paragraph: number | null = null,
    item: number | null = null,
  ): Citation => ({
    law,
    article,
    paragraph,
    item,
    url: null,
  })

  test('numbers in Chinese', () => {
    const numbers = [1, 10, 12, 20, 35, 100, 101, 110, 496, 1005].map(chineseNumber)
    expect(numbers).toEqual('一 十 十二 二十 三十五 一百 一百零一 一百一十 四百九十六 一千零五'.split(' '))
  })

  test('article, paragraph and item', () => {
    expect(articleName(cite('办法', 27, 1, 5), sayIn('zh'))).toBe('第二十七条第一款第（五）项')
    expect(articleName(cite('办法', 27, 1, 5), sayIn('en'))).toBe('art. 27(1)(5)')
    expect(articleName(cite('规定', '四之一'), sayIn('zh'))).toBe('第四之一条')
  })

  test('articles of one law stand together', () => {
    const all = [cite('办法', 10), cite('电商法', 34, 1), cite('办法', 12, 1)]
    expect(citationLine(all, sayIn('zh'))).toBe('《办法》第十条、第十二条第一款；《电商法》第三十四条第一款')
  })
})

describe('pretty', () => {
  const options = { rules: noRules, lang: 'zh', width: 60, color: false } as const

  test('no line is wider than the terminal', () => {
    const long = finding({
      sentence: `乐淘集市（以下简称“平台”）可以凭心情修改规则，${'商家对此不持任何异议并自愿接受约束；'.repeat(8)}`,
      message: '规则的修改应当公开征求意见，并至少在实施前七日予以公示。'.repeat(3),
      path: 'rules/a.md',
    })
    const lines = prettyReport(result([long]), options).split('\n')
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(60)
    expect(lines.filter(line => /^\s*[，。；：”）]/u.test(line))).toEqual([])
  })

  test('a clause is named once for all its findings', () => {
    const text = prettyReport(
      result([finding(), finding({ ruleId: 'secret-list', start: { line: 13, column: 1, offset: 420 } })]),
      options,
    )
    expect(text.match(/第五条（二）/g)).toHaveLength(1)
  })

  test('many clean documents are counted, not listed', () => {
    const paths = Array.from({ length: 30 }, (_, i) => `doc-${String(i).padStart(2, '0')}.md`)
    const text = prettyReport(result([], paths), options)
    expect(text).toContain('doc-09.md')
    expect(text).not.toContain('doc-10.md')
    expect(text).toContain('另有 20 份文档未发现问题。')
  })

  test('what was not checked is said, unless quiet', () => {
    expect(prettyReport(result([]), options)).toContain('b.pdf：不支持。')
    expect(prettyReport(result([]), { ...options, quiet: true })).toBe('')
  })

  test('a finding about all documents together is shown', () => {
    expect(prettyReport(result([finding({ path: '', clause: '' })]), options)).toMatch(/全部文档[\s\S]*moody-change/)
  })
})
