/** Markdown that says what it means wherever it is pasted: escaped text, redlines, findings. */

import { fold } from '../text/width.js'
import type { Finding } from '../types.js'
import type { Piece } from './changes.js'
import { citationLine, type Say, severityName } from './words.js'

/**
 * What opens markup wherever it stands, and no more, for the memo is also read as plain text. `:` and `.` only where a
 * bare address would become a link and swallow what follows.
 */
const MARKUP = /[\\`*_[<~]|&(?=[#\w]+;)|:(?=\/\/)|\.(?<=www\.)/gi

const escape = (text: string) => text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '').replace(MARKUP, '\\$&')

/** At the start of a line these open a list, a quotation, a heading or its underline. */
const escapeStart = (text: string) =>
  text
    .trimStart()
    .replace(/^[-+=#>]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')

/** `text` as one line of plain words. */
export function escapeMarkdown(text: string): string {
  // Hashes at the end would close a heading.
  return escapeStart(escape(fold(text))).replace(/#(?=#*$)/g, '\\#')
}

/** `text` for a cell of a table. */
export function cell(text: string): string {
  return escapeMarkdown(text).replaceAll('|', '\\|')
}

const SPACE = /^[\s\p{Zs}]$/u
const PUNCTUATION = /^[\p{P}\p{S}]$/u
/** Counts as white space for Markdown and is next to nothing for a reader. */
const HAIR_SPACE = '\u200a'

const firstOf = (text: string) => Array.from(text.slice(0, 2))[0] ?? ''
const lastOf = (text: string) => Array.from(text.slice(-2)).at(-1) ?? ''

/**
 * "扣款上限为~~500~~**2000**元". Markdown reads `甲**“乙”**` as asterisks, because the words begin with punctuation and
 * stand right behind a letter: there, a hair space makes it bold again.
 */
export function redlineMarkdown(pieces: readonly Piece[]): string {
  const marks: Readonly<Record<Piece['kind'], string>> = { equal: '', gap: '', delete: '~~', insert: '**' }
  const parts = pieces.flatMap(({ kind, text }) => {
    if (kind === 'gap') return [{ mark: '', text: '……' }]
    const words = escape(text.replace(/\s+/g, ' '))
    const inner = words.trim()
    if (marks[kind] === '' || inner === '') return [{ mark: '', text: words }]
    // White space inside the marks would undo them.
    const [before, after] = words.split(inner) as [string, string]
    return [
      { mark: '', text: before },
      { mark: marks[kind], text: inner },
      { mark: '', text: after },
    ].filter(part => part.text !== '')
  })
  let out = ''
  parts.forEach(({ mark, text }, i) => {
    if (mark === '') {
      out += i === 0 ? escapeStart(text) : text
      return
    }
    const before = lastOf(out)
    const next = parts[i + 1]
    const after = next === undefined ? '' : next.mark === '' ? firstOf(next.text) : next.mark
    const open = before === '' || SPACE.test(before) || PUNCTUATION.test(before) || !PUNCTUATION.test(firstOf(text))
    const close =
      after === '' || SPACE.test(after) || PUNCTUATION.test(firstOf(after)) || !PUNCTUATION.test(lastOf(text))
    out += `${open ? '' : HAIR_SPACE}${mark}${text}${mark}${close ? '' : HAIR_SPACE}`
  })
  return out
}

/** One finding as an item of a list: rule and clause, the words, what is wrong, the law, what to write instead. */
export function findingMarkdown(f: Finding, say: Say): string[] {
  const place = [f.clause, `${f.path}:${f.start.line}`].filter(Boolean).join(say('，', ', '))
  const lines = [
    `- **${severityName(f.severity, say)}** \`${f.ruleId}\`${say('（', ' (')}${escapeMarkdown(place)}${say('）：', '): ')}${escapeMarkdown(f.message)}`,
  ]
  if (f.evidence !== '') lines.push(`  - ${say('原文：', 'Words: ')}${escapeMarkdown(f.evidence)}`)
  if (f.citations.length > 0)
    lines.push(`  - ${say('依据：', 'Law: ')}${escapeMarkdown(citationLine(f.citations, say))}`)
  if (f.suggestion !== '') lines.push(`  - ${say('建议：', 'Fix: ')}${escapeMarkdown(f.suggestion)}`)
  return lines
}
