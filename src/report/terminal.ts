/** Lines for a terminal that the reports about versions share: hanging paragraphs, redlines, findings, notices. */

import { Chalk, type ChalkInstance } from 'chalk'
import { displayWidth, fold, wrap } from '../text/width.js'
import type { Finding, Lang, Notice, Severity } from '../types.js'
import { isBlank, type Piece } from './changes.js'
import { excerpt, markedLines } from './quote.js'
import { citationLine, type Say, sayIn, severityName } from './words.js'

export interface VersionPrettyOptions {
  readonly lang: Lang
  /** Columns of the terminal. */
  readonly width: number
  readonly color: boolean
  /** What breaks or changes something only: no counts, no notices. */
  readonly quiet?: boolean
}

/** What every line needs to know. */
export interface Terminal {
  readonly say: Say
  readonly chalk: ChalkInstance
  readonly width: number
}

/** The terminal that `options` describe. */
export function terminal({ lang, width, color }: VersionPrettyOptions): Terminal {
  return { say: sayIn(lang), chalk: new Chalk({ level: color ? 1 : 0 }), width }
}

/** Without control characters: a document must not steer the terminal. */
export const shown = (text: string) => text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')

/** `text` wrapped behind `lead`; continuation lines stand under its beginning. `plain` is `lead` without colour. */
export function hanging(lead: string, text: string, { width }: Terminal, plain = lead): string[] {
  const folded = shown(fold(text))
  const indent = displayWidth(plain)
  return wrap(folded, width - indent).map(
    ({ start, end }, i) => (i === 0 ? lead : ' '.repeat(indent)) + folded.slice(start, end),
  )
}

/** "错误" in its colour. */
export function severityMark(severity: Severity, { say, chalk }: Terminal): string {
  const style = { error: chalk.red.bold, warning: chalk.yellow.bold, info: chalk.blue.bold }[severity]
  return style(severityName(severity, say))
}

/** `left` and, at the right edge or on a line of its own, `right`; the plain texts give the widths. */
export function leftRight(left: string, plainLeft: string, right: string, { width, chalk }: Terminal): string[] {
  const gap = width - displayWidth(plainLeft) - displayWidth(right)
  if (gap >= 2) return [`${left}${' '.repeat(gap)}${chalk.dim(right)}`]
  return [left, `    ${chalk.dim(right)}`]
}

/** Signs say what colour says, so that a log without colour reads the same. */
const SIGNS = { delete: ['[-', '-]'], insert: ['{+', '+}'] } as const
/** Stand for the signs while lines are broken: as wide, and never parted from the words that they enclose. */
const [OPEN, CLOSE] = ['『', '』']

/** "[-删除的文字-]{+新增的文字+}", in colour where the terminal has it, behind `bar`; no word that came or went is left out. */
export function redlineLines(pieces: readonly Piece[], bar: string, plainBar: string, t: Terminal) {
  const { chalk } = t
  const styles = { delete: chalk.red.strikethrough, insert: chalk.green.underline, gap: chalk.dim, equal: null }
  let text = ''
  const parts = pieces.map(piece => {
    // a line break that came or went is no words
    const kind = isBlank(piece) ? 'equal' : piece.kind
    const words = piece.kind !== kind && /\s$/.test(text) ? '' : shown(piece.text.replace(/\s+/g, ' '))
    const start = text.length
    if (kind === 'gap') text += '……'
    else text += kind === 'equal' ? words : OPEN + words + CLOSE
    return { kind, start, end: text.length }
  })
  return wrap(text, t.width - displayWidth(plainBar)).map(line => {
    const styled = parts.map(({ kind, start, end }) => {
      const words = text.slice(Math.max(start, line.start), Math.max(start, line.start, Math.min(end, line.end)))
      if (words === '' || kind === 'equal' || kind === 'gap') return styles[kind]?.(words) ?? words
      const [open, close] = SIGNS[kind]
      const first = start >= line.start ? open : ''
      const last = end <= line.end ? close : ''
      return styles[kind](first + words.slice(first === '' ? 0 : 1, last === '' ? undefined : -1) + last)
    })
    return bar + styled.join('')
  })
}

/** One finding: rule and place, the words it is about, what is wrong, the law, what to write instead. */
export function versionFindingLines(f: Finding, t: Terminal, indent: number): string[] {
  const { say, chalk, width } = t
  const pad = ' '.repeat(indent)
  const clause = f.clause === '' ? '' : `  ${shown(f.clause)}`
  const lines = leftRight(
    `${pad}${severityMark(f.severity, t)}  ${chalk.cyan(f.ruleId)}${clause}`,
    `${pad}${severityName(f.severity, say)}  ${f.ruleId}${clause}`,
    `${shown(f.path)}:${f.start.line}:${f.start.column}`,
    t,
  )
  const bar = `${pad}  ${chalk.dim('│')} `
  const columns = width - indent - 4
  const quote = excerpt(shown(fold(f.sentence)), shown(fold(f.evidence)), columns * 2)
  lines.push(...markedLines(quote.text, quote.evidence, columns, chalk).map(line => bar + line))
  const fields = [
    [say('问题', 'Issue'), f.message],
    [say('依据', 'Law'), citationLine(f.citations, say)],
    [say('建议', 'Fix'), f.suggestion],
  ] as const
  const labels = Math.max(...fields.map(([label]) => displayWidth(label))) + 2
  for (const [label, text] of fields) {
    const padding = ' '.repeat(labels - displayWidth(label))
    lines.push(...hanging(`${pad}  ${chalk.dim(label)}${padding}`, text, t, `${pad}  ${label}${padding}`))
  }
  return lines
}

/** Findings by name only, in one hanging line: "+ 错误 forced-promotion、vague-period；警告 …". */
export function findingNames(findings: readonly Finding[], sign: string, plainSign: string, t: Terminal): string[] {
  const { say } = t
  const names = (['error', 'warning', 'info'] as const).flatMap(severity => {
    const own = new Set(findings.filter(f => f.severity === severity).map(f => f.ruleId))
    return own.size === 0 ? [] : [`${severityName(severity, say)} ${[...own].join(say('、', ', '))}`]
  })
  return hanging(`  ${sign} `, names.join(say('；', '; ')), t, `  ${plainSign} `)
}

/** One finding in one line, or with its message on lines of its own: severity, rule, clause, message. */
export function shortFindingLines(f: Finding, sign: string, t: Terminal): string[] {
  const clause = f.clause === '' ? '' : `  ${shown(f.clause)}`
  const plain = `  ${sign} ${severityName(f.severity, t.say)}  ${f.ruleId}${clause}  `
  const lead = `  ${sign} ${severityMark(f.severity, t)}  ${t.chalk.cyan(f.ruleId)}${clause}  `
  const message = shown(fold(f.message))
  if (displayWidth(plain) + displayWidth(message) <= t.width) return [lead + message]
  return [lead.trimEnd(), ...hanging('    ', message, t)]
}

/** What was not compared, or with a reservation. */
export function noticeLines(notices: readonly Notice[], t: Terminal): string[] {
  if (notices.length === 0) return []
  const { say, chalk } = t
  const lines = [chalk.bold(say('未比较或有保留：', 'Not compared, or with a reservation:'))]
  for (const notice of notices) {
    const place = notice.line === undefined ? notice.path : `${notice.path}:${notice.line}`
    lines.push(...hanging('  - ', `${place}${place === '' ? '' : say('：', ': ')}${notice.message}`, t))
  }
  return lines
}
