/** The report for GitHub Actions: workflow commands that annotate the changed files, and the summary of the step. */

import { fold } from '../text/width.js'
import type { CheckResult, Finding, Notice, Severity } from '../types.js'
import type { ReportContext } from './formats.js'
import { sortFindings, sortNotices } from './json.js'
import { markdownReport } from './markdown.js'
import { citationLine, confidenceName, type Say, sayIn } from './words.js'

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const
/** GitHub shows this many annotations of each kind for a step. */
const SHOWN = 10
/** GitHub takes a summary of one MiB, and drops a longer one altogether. */
const SUMMARY_BYTES = 1_000_000

const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`)
  return `::${name}${list.length === 0 ? '' : ' '}${list.join(',')}::${data(message)}`
}

const message = (f: Finding, say: Say) => {
  const law = citationLine(f.citations, say)
  const fix = f.suggestion === '' ? '' : `\n${say('建议：', 'Fix: ')}${f.suggestion}`
  return `${f.message}${law === '' ? '' : `\n${say('依据：', 'Law: ')}${law}`}${fix}`
}

/** Columns are for annotations of one line only: GitHub refuses them elsewhere. */
const place = ({ start, end }: Finding) =>
  start.line === end.line
    ? { line: start.line, col: start.column, endLine: end.line, endColumn: end.column }
    : { line: start.line, endLine: end.line }

function annotation(f: Finding, { rules, lang, inRepository }: ReportContext, say: Say): string {
  const name = rules.get(f.ruleId)?.name[lang] ?? f.ruleId
  const doubt =
    f.confidence === 'high'
      ? ''
      : say(`（可信度：${confidenceName(f.confidence, say)}）`, ` (confidence: ${f.confidence})`)
  const title = [f.clause, `${name}${doubt}`, f.ruleId].filter(Boolean).join(' ')
  return command(COMMANDS[f.severity], { file: inRepository(f.path), ...place(f), title }, message(f, say))
}

/** A line of the log that is no command, whatever it says: the older `##[…]` commands count anywhere in a line. */
const plain = (text: string) => `- ${fold(text).replaceAll('##[', '## [')}`

const unread = (n: Notice, { inRepository }: ReportContext) =>
  command('error', { file: inRepository(n.path), title: n.code }, n.message)

/**
 * Commands for as many findings of each severity as GitHub shows, the surest ones; what is beyond them and what was not
 * checked stand in the log as plain lines.
 */
export function githubReport(result: CheckResult, context: ReportContext): string {
  const say = sayIn(context.lang)
  const findings = sortFindings(result.findings)
  const rank = { high: 0, medium: 1, low: 2 } as const
  const out: string[] = []
  const notices = sortNotices(result.notices)
  const failed = notices.filter(n => n.code === 'unreadable-input')
  const beyond: Finding[] = []
  for (const severity of ['error', 'warning', 'info'] as const satisfies readonly Severity[]) {
    const room = SHOWN - (severity === 'error' ? Math.min(failed.length, SHOWN) : 0)
    const own = findings.filter(f => f.severity === severity)
    const chosen = new Set([...own].sort((a, b) => rank[a.confidence] - rank[b.confidence]).slice(0, room))
    if (severity === 'error') out.push(...failed.slice(0, SHOWN).map(n => unread(n, context)))
    out.push(...own.filter(f => chosen.has(f)).map(f => annotation(f, context, say)))
    beyond.push(...own.filter(f => !chosen.has(f)))
  }
  const log = [
    ...failed.slice(SHOWN).map(n => plain(`${n.path} ${n.message}`)),
    ...sortFindings(beyond).map(f =>
      plain(`${f.path}:${f.start.line}:${f.start.column} ${f.severity} ${f.ruleId} ${f.message}`),
    ),
    ...notices
      .filter(n => n.code !== 'unreadable-input')
      .map(n => plain(`${n.path}${n.line === undefined ? '' : `:${n.line}`} ${n.message}`)),
  ]
  if (log.length > 0) {
    const title = say(
      `没有标注的 ${beyond.length} 个问题（GitHub 每一步每级只显示 ${SHOWN} 条标注）和说明`,
      `${beyond.length} findings without annotation (GitHub shows ${SHOWN} of each kind for a step), and notices`,
    )
    out.push(command('group', {}, title), ...log, '::endgroup::')
  }
  return out.length === 0 ? '' : `${out.join('\n')}\n`
}

/** The summary of the step, in Markdown. */
export function githubSummary(result: CheckResult, context: ReportContext): string {
  const say = sayIn(context.lang)
  const many = (['error', 'warning', 'info'] as const).some(s => result.summary[s] > SHOWN)
  const note = say(
    `GitHub 每一步每级只显示 ${SHOWN} 条标注；全部问题见下。`,
    `GitHub shows ${SHOWN} annotations of each kind for a step; all findings are below.`,
  )
  return markdownReport(result, context, { bytes: SUMMARY_BYTES, ...(many && { note }) })
}
