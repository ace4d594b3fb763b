/** The report as JUnit XML, as Jenkins and GitLab read it: a suite for each document, a test case for each rule found in it. */

import type { CheckResult, Finding, Notice } from '../types.js'
import type { ReportContext } from './formats.js'
import { sortFindings, sortNotices } from './json.js'
import { clauseTitle, findingFields, type Say, sayIn } from './words.js'

/** Text for XML 1.0, for attributes too. Characters that XML has no place for become U+FFFD. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"\t\n\r]/g, char => ENTITIES[char] as string)
}
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/** Text between tags, where line breaks stay as they are. */
const body = (text: string) => xml(text).replaceAll('&#10;', '\n')

function describe(f: Finding, say: Say): string {
  const fields = findingFields(f, say).map(([label, text]) => `${label}${say('：', ': ')}${text}`)
  return [`${f.path}:${f.start.line}:${f.start.column}  ${clauseTitle(f, say)}`, f.evidence, ...fields].join('\n')
}

interface Case {
  readonly name: string
  readonly outcome?: 'failure' | 'error' | 'skipped'
  readonly type?: string
  readonly message?: string
  readonly text?: string
}

function suite(path: string, cases: readonly Case[], remarks: readonly string[]): string {
  // Jenkins takes what stands before the last dot for a package.
  const classname = `clauselint.${path.replaceAll('.', '_')}`
  const count = (outcome: Case['outcome']) => cases.filter(c => c.outcome === outcome).length
  const lines = cases.map(({ name, outcome, type, message = '', text = '' }) => {
    const open = `    <testcase name="${xml(name)}" classname="${xml(classname)}"`
    if (outcome === undefined) return `${open}/>`
    // The schema of Jenkins knows no attributes here; its reader takes the text.
    if (outcome === 'skipped') return `${open}>\n      <skipped>${body(message)}</skipped>\n    </testcase>`
    const kind = type === undefined ? '' : ` type="${xml(type)}"`
    return `${open}>\n      <${outcome} message="${xml(message)}"${kind}>${body(text)}</${outcome}>\n    </testcase>`
  })
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`
  const out = remarks.length === 0 ? [] : [`    <system-out>${body(remarks.join('\n'))}</system-out>`]
  return [`  <testsuite name="${xml(path)}" ${counts}>`, ...lines, ...out, '  </testsuite>'].join('\n')
}

/** One test case for each rule, with all places of the document in its text: several readers show one failure only. */
function failures(findings: readonly Finding[], { rules, lang }: ReportContext, say: Say): Case[] {
  const byRule = new Map<string, Finding[]>()
  for (const f of findings) byRule.set(f.ruleId, [...(byRule.get(f.ruleId) ?? []), f])
  return [...byRule].map(([id, own]) => {
    const name = rules.get(id)?.name[lang]
    const [first] = own as [Finding]
    const more = own.length === 1 ? '' : say(`（共 ${own.length} 处）`, ` (${own.length} places)`)
    return {
      name: name === undefined ? id : `${id} ${name}`,
      outcome: 'failure',
      type: first.severity,
      message: `${clauseTitle(first, say)}${say('：', ': ')}${first.message}${more}`,
      text: own.map(f => describe(f, say)).join('\n\n'),
    }
  })
}

/** What could not be read is an error, what was passed over is skipped. */
const unchecked = ({ code, message }: Notice): Case =>
  code === 'unreadable-input'
    ? { name: code, outcome: 'error', type: code, message }
    : { name: code, outcome: 'skipped', message }

export function junitReport(result: CheckResult, context: ReportContext): string {
  const say = sayIn(context.lang)
  const findings = sortFindings(result.findings)
  const all = sortNotices(result.notices)
  const read = new Set(result.documents.map(d => d.path))
  const paths = [...new Set([...read, ...result.notices.map(n => n.path), ...findings.map(f => f.path)])].sort()
  const counts = { tests: 0, failures: 0, errors: 0 }
  const suites = paths.map(path => {
    const notices = all.filter(n => n.path === path)
    const cases = failures(
      findings.filter(f => f.path === path),
      context,
      say,
    )
    if (!read.has(path)) cases.push(...notices.map(unchecked))
    else if (cases.length === 0) cases.push({ name: say('未发现问题', 'no findings') })
    counts.tests += cases.length
    counts.failures += cases.filter(c => c.outcome === 'failure').length
    counts.errors += cases.filter(c => c.outcome === 'error').length
    const remarks = read.has(path) ? notices.map(n => (n.line === undefined ? '' : `${n.line}: `) + n.message) : []
    return suite(path, cases, remarks)
  })
  const total = `tests="${counts.tests}" failures="${counts.failures}" errors="${counts.errors}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="clauselint" ${total}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}
