/** The report for people: findings by document and clause, wrapped for a terminal, and a summary that says what was not checked. */

import { Chalk, type ChalkInstance } from 'chalk'
import type { RuleSet } from '../rules/types.js'
import { displayWidth, fold, wrap } from '../text/width.js'
import type { CheckResult, DocumentSummary, Finding, Lang, Notice, Severity } from '../types.js'
import { sortFindings } from './json.js'
import { excerpt, markedLines } from './quote.js'
import { clauseTitle, confidenceName, findingFields, kindName, type Say, sayIn, severityName } from './words.js'

export interface PrettyOptions {
  /** For the rules' names. */
  readonly rules: RuleSet
  readonly lang: Lang
  /** Columns of the terminal. */
  readonly width: number
  readonly color: boolean
  /** Findings only. */
  readonly quiet?: boolean
}

/** Clean documents beyond this number are counted, not listed. */
const CLEAN_LISTED = 10
/** A sentence is cut around its evidence to about this many lines. */
const QUOTE_LINES = 4

function mark(severity: Severity, say: Say, chalk: ChalkInstance): string {
  const style = { error: chalk.red.bold, warning: chalk.yellow.bold, info: chalk.blue.bold }[severity]
  return style(severityName(severity, say))
}

/** A labelled paragraph whose continuation lines stand under its text. */
function field(
  label: string,
  text: string,
  indent: number,
  labelWidth: number,
  width: number,
  chalk: ChalkInstance,
): string[] {
  const folded = fold(text)
  const hang = ' '.repeat(indent + labelWidth)
  return wrap(folded, width - indent - labelWidth).map(({ start, end }, i) => {
    const lead = i === 0 ? ' '.repeat(indent) + chalk.dim(label) + ' '.repeat(labelWidth - displayWidth(label)) : hang
    return lead + folded.slice(start, end)
  })
}

function findingLines(f: Finding, options: PrettyOptions, say: Say, chalk: ChalkInstance): string[] {
  const { width, lang, rules } = options
  const indent = 4
  const name = rules.get(f.ruleId)?.name[lang]
  const place = `${f.path}:${f.start.line}:${f.start.column}`
  const doubt =
    f.confidence === 'high'
      ? ''
      : say(`（可信度：${confidenceName(f.confidence, say)}）`, ` (confidence: ${f.confidence})`)
  const plain = `${severityName(f.severity, say)}  ${name ?? ''}${doubt}  ${f.ruleId}`
  const head = `${mark(f.severity, say, chalk)}  ${name ? chalk.bold(name) : ''}${doubt}  ${chalk.cyan(f.ruleId)}`
  const gap = width - 2 - displayWidth(plain) - displayWidth(place)
  const lines = gap >= 2 ? [`  ${head}${' '.repeat(gap)}${chalk.dim(place)}`] : [`  ${head}`, `    ${chalk.dim(place)}`]

  const bar = `${' '.repeat(indent)}${chalk.dim('│')} `
  const quoteWidth = width - indent - 2
  const quote = excerpt(f.sentence, f.evidence, quoteWidth * QUOTE_LINES)
  lines.push(...markedLines(quote.text, quote.evidence, quoteWidth, chalk).map(line => bar + line))
  if (quote.evidence === null && f.evidence !== '') {
    const words = excerpt(f.evidence, f.evidence, quoteWidth * 2)
    lines.push(...markedLines(words.text, words.evidence, quoteWidth, chalk).map(line => bar + line))
  }

  const labelWidth = lang === 'zh' ? 6 : 8
  for (const [label, text] of findingFields(f, say)) lines.push(...field(label, text, indent, labelWidth, width, chalk))
  return lines
}

/** Path, title and kind (and `verdict`, said of clean documents), on a second line what does not fit on the first. */
function documentHead(document: DocumentSummary, width: number, say: Say, chalk: ChalkInstance, verdict = ''): string {
  const title = document.title === null ? '' : fold(document.title)
  const facts = [title, kindName(document.kind, say)].filter(Boolean).join(' · ')
  const tail = verdict === '' ? facts : `${facts}  ${chalk.green(verdict)}`
  const needed = displayWidth(`${document.path}  ${facts}  ${verdict}`)
  return `${chalk.bold.underline(document.path)}${needed <= width ? '  ' : '\n  '}${tail}`
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}

function noticeLines(
  head: string,
  notices: readonly Notice[],
  width: number,
  say: Say,
  chalk: ChalkInstance,
): string[] {
  if (notices.length === 0) return []
  const lines = [chalk.bold(head)]
  for (const notice of notices) {
    const place = notice.line === undefined ? notice.path : `${notice.path}:${notice.line}`
    const text = fold(`${place}${place === '' ? '' : say('：', ': ')}${notice.message}`)
    const [first, ...rest] = wrap(text, width - 4)
    if (first) lines.push(`  - ${text.slice(first.start, first.end)}`)
    for (const line of rest) lines.push(`    ${text.slice(line.start, line.end)}`)
  }
  return lines
}

function summaryLines(result: CheckResult, options: PrettyOptions, say: Say, chalk: ChalkInstance): string[] {
  const { error, warning, info, documents } = result.summary
  const clauses = result.documents.reduce((sum, d) => sum + d.clauses, 0)
  const tally = (n: number, severity: Severity) => {
    const text = say(`${severityName(severity, say)} ${n}`, severity === 'info' ? `${n} info` : count(n, severity))
    return n === 0
      ? chalk.dim(text)
      : { error: chalk.red, warning: chalk.yellow, info: chalk.blue }[severity].bold(text)
  }
  const unread = new Set(result.notices.filter(n => n.code === 'unreadable-input').map(n => n.path)).size
  const lines: string[] = []
  if (result.findings.length === 0 && documents > 0) lines.push(chalk.green(say('未发现问题。', 'No findings.')))
  else lines.push([tally(error, 'error'), tally(warning, 'warning'), tally(info, 'info')].join('  '))
  const rules = options.rules.rules.length
  lines.push(
    say(
      `已检查 ${documents} 份文档、${clauses} 个条款，规则库共 ${rules} 条规则。`,
      `Checked ${count(documents, 'document')} with ${count(clauses, 'clause')}; ${count(rules, 'rule')} in the rule set.`,
    ),
  )
  if (unread > 0)
    lines.push(chalk.red(say(`${unread} 个文件未能读取。`, `${count(unread, 'file')} could not be read.`)))
  return lines
}

/** The report as text, ending in a line feed; empty where `quiet` and nothing was found. */
export function prettyReport(result: CheckResult, options: PrettyOptions): string {
  const say = sayIn(options.lang)
  const chalk = new Chalk({ level: options.color ? 1 : 0 })
  const out: string[] = []
  const documents = [...result.documents].sort((a, b) => (a.path < b.path ? -1 : 1))
  const byPath = new Map<string, Finding[]>()
  for (const finding of sortFindings(result.findings)) {
    const own = byPath.get(finding.path)
    if (own) own.push(finding)
    else byPath.set(finding.path, [finding])
  }
  const clean: DocumentSummary[] = []

  const section = (head: string, own: readonly Finding[]) => {
    out.push(head)
    let clause: string | null = null
    for (const finding of own) {
      out.push('')
      if (finding.clause !== clause) {
        clause = finding.clause
        out.push(chalk.bold(`▌ ${clauseTitle(finding, say)}`))
      }
      out.push(...findingLines(finding, options, say, chalk))
    }
    out.push('')
  }
  for (const document of documents) {
    const own = byPath.get(document.path)
    byPath.delete(document.path)
    if (own === undefined) clean.push(document)
    else section(documentHead(document, options.width, say, chalk), own)
  }
  // Findings about the rule set as a whole may stand for no single document.
  const rest = [...byPath.values()].flat()
  if (rest.length > 0) section(chalk.bold.underline(say('全部文档', 'All documents')), rest)

  if (!options.quiet) {
    for (const document of clean.slice(0, CLEAN_LISTED))
      out.push(documentHead(document, options.width, say, chalk, say('未发现问题', 'no findings')))
    if (clean.length > CLEAN_LISTED) {
      const more = clean.length - CLEAN_LISTED
      out.push(say(`另有 ${more} 份文档未发现问题。`, `${count(more, 'more document')} without findings.`))
    }
    if (clean.length > 0) out.push('')
    const coded = (code: string) => result.notices.filter(n => n.code === code)
    const apart = new Set(['fixed', 'would-fix', 'unreadable-input'])
    const others = result.notices.filter(n => !apart.has(n.code))
    for (const lines of [
      noticeLines(say('已修改：', 'Changed:'), coded('fixed'), options.width, say, chalk),
      noticeLines(say('可以修改：', 'To be changed:'), coded('would-fix'), options.width, say, chalk),
      noticeLines(say('未检查或有保留：', 'Not checked, or with a reservation:'), others, options.width, say, chalk),
    ])
      if (lines.length > 0) out.push(...lines, '')
    out.push(...summaryLines(result, options, say, chalk))
  }
  while (out.at(-1) === '') out.pop()
  return out.length === 0 ? '' : `${out.join('\n')}\n`
}
