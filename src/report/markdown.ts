/** The report in Markdown, for a comment on a pull request, a step summary or a memo. */

import { fold } from '../text/width.js'
import type { CheckResult, Citation, DocumentSummary, Finding } from '../types.js'
import type { ReportContext } from './formats.js'
import { sortFindings, sortNotices } from './json.js'
import {
  articleName,
  clauseTitle,
  confidenceName,
  findingFields,
  kindName,
  type Say,
  sayIn,
  severityName,
} from './words.js'

export interface MarkdownLimits {
  /** What the receiver takes at most, in bytes of UTF-8; findings beyond are counted, not shown. */
  readonly bytes?: number
  /** Said under the summary. */
  readonly note?: string
}

/** One line that Markdown and GitHub leave alone: no markup, nobody mentioned and no issue linked. */
const plain = (text: string): string => escaped(fold(text))

function escaped(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|~#&$]/g, '\\$&')
    .replace(/^(?=[-+=]|:?-)/, '\\')
    .replace(/^(\d+)(?=[.)])/, '$1\\')
    .replace(/(?<![\p{L}\p{N}])@(?=[\p{L}\p{N}])/gu, '@<!-- -->')
    .replace(/#(?=\d)/g, '#<!-- -->')
}

/** A code span whatever it holds. */
function code(text: string): string {
  const ticks = '`'.repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)))
  const space = /^`|`$/.test(text) ? ' ' : ''
  return `${ticks}${space}${text.replace(/[\r\n]+/g, ' ')}${space}${ticks}`
}

/** The sentence with its evidence brought out by <b>: asterisks beside Chinese punctuation stay literal in many renderers. */
function quote({ sentence, evidence }: Finding): string {
  const text = fold(sentence)
  const words = fold(evidence)
  const at = words === '' ? -1 : text.indexOf(words)
  if (at < 0) return words === '' ? plain(text) : `${plain(text)} <b>${plain(words)}</b>`
  return `${escaped(text.slice(0, at))}<b>${escaped(words)}</b>${escaped(text.slice(at + words.length))}`
}

/** Each article linked to its law, where there is an address. */
function law(citations: readonly Citation[], say: Say): string {
  return citations
    .map(c => {
      const name = plain(`《${c.law}》${say('', ' ')}${articleName(c, say)}`)
      if (c.url === null || !URL.canParse(c.url)) return name
      return `[${name}](${new URL(c.url).href.replace(/[()]/g, bracket => (bracket === '(' ? '%28' : '%29'))})`
    })
    .join(say('；', '; '))
}

function findingLines(f: Finding, { rules, lang }: ReportContext, say: Say): string[] {
  const name = rules.get(f.ruleId)?.name[lang]
  const doubt =
    f.confidence === 'high'
      ? ''
      : say(`（可信度：${confidenceName(f.confidence, say)}）`, ` (confidence: ${f.confidence})`)
  const place = code(`${f.path}:${f.start.line}:${f.start.column}`)
  const head = [severityName(f.severity, say), clauseTitle(f, say), name ?? ''].filter(Boolean).map(plain).join(' · ')
  const lawLabel = say('依据', 'Law')
  const fields = findingFields(f, say).map(
    ([label, text]) => `- ${label}${say('：', ': ')}${label === lawLabel ? law(f.citations, say) : plain(text)}`,
  )
  return [`### ${head}${doubt}`, '', `${code(f.ruleId)} ${place}`, '', `> ${quote(f)}`, '', ...fields, '']
}

function summaryTable(result: CheckResult, findings: readonly Finding[], say: Say): string[] {
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  const cell = (path: string) => code(path).replaceAll('|', '\\|')
  const rows = [...result.documents]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, title, kind }) => {
      const own = findings.filter(f => f.path === path)
      const count = (severity: Finding['severity']) => own.filter(f => f.severity === severity).length
      const what = title === null ? kindName(kind, say) : plain(title)
      return row([cell(path), what, count('error'), count('warning'), count('info')])
    })
  const names = [
    say('文件', 'File'),
    say('文档', 'Document'),
    ...(['error', 'warning', 'info'] as const).map(s => severityName(s, say)),
  ]
  return [row(names), row(['---', '---', '---:', '---:', '---:']), ...rows, '']
}

function documentHead(path: string, document: DocumentSummary | undefined, say: Say): string {
  if (document === undefined) return `## ${code(path)}`
  const facts = [document.title === null ? '' : plain(document.title), kindName(document.kind, say)].filter(Boolean)
  return `## ${code(path)} ${facts.join(' · ')}`
}

export function markdownReport(result: CheckResult, context: ReportContext, limits: MarkdownLimits = {}): string {
  const { lang, rules, tool, quiet } = context
  const say = sayIn(lang)
  const findings = sortFindings(result.findings)
  const { error, warning, info, documents } = result.summary
  const clauses = result.documents.reduce((sum, d) => sum + d.clauses, 0)
  const verdict =
    findings.length === 0
      ? say('未发现问题。', 'No findings.')
      : say(`错误 ${error}，警告 ${warning}，提示 ${info}。`, `${error} errors, ${warning} warnings, ${info} info.`)
  const scope = say(
    `已检查 ${documents} 份文档、${clauses} 个条款，规则库共 ${rules.rules.length} 条规则。`,
    `Checked ${documents} documents with ${clauses} clauses; ${rules.rules.length} rules in the rule set.`,
  )
  const head = [`# ${say('clauselint 检查结果', 'clauselint report')}`, '', `<b>${verdict}</b> ${scope}`, '']
  if (limits.note !== undefined) head.push(limits.note, '')
  head.push(...summaryTable(result, findings, say))

  const tail: string[] = []
  if (result.notices.length > 0 && !quiet) {
    tail.push(`## ${say('未检查或有保留', 'Not checked, or with a reservation')}`, '')
    for (const { path, line, message } of sortNotices(result.notices))
      tail.push(`- ${path === '' ? '' : `${code(line === undefined ? path : `${path}:${line}`)} `}${plain(message)}`)
    tail.push('')
  }
  tail.push(`clauselint ${tool.version}`)

  const body: string[] = []
  let room = (limits.bytes ?? Number.POSITIVE_INFINITY) - Buffer.byteLength([...head, ...tail].join('\n'))
  let left = findings.length
  let path: string | null = null
  for (const f of findings) {
    const lines = findingLines(f, context, say)
    if (f.path !== path) {
      path = f.path
      lines.unshift(
        documentHead(
          path,
          result.documents.find(d => d.path === f.path),
          say,
        ),
        '',
      )
    }
    room -= Buffer.byteLength(lines.join('\n')) + 1
    // Room for the line that says what is missing.
    if (room < 200) break
    body.push(...lines)
    left--
  }
  if (left > 0)
    body.push(say(`另有 ${left} 个问题未列出：篇幅所限。`, `${left} more findings are not shown for lack of room.`), '')
  return `${[...head, ...body, ...tail].join('\n')}\n`
}
