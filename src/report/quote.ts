/** A sentence with its evidence made visible, cut and wrapped for a terminal. */

import type { ChalkInstance } from 'chalk'
import { displayWidth, fold, wrap } from '../text/width.js'
import type { Span } from '../types.js'

const BRACKETS = [
  ['【', '】'],
  ['「', '」'],
  ['〖', '〗'],
] as const
const PAUSE = /[，。；：！？、,;:]/

/** Where to cut `text` so that about `columns` remain at its end (or start), preferably behind a pause. */
function cutAt(text: string, columns: number, keep: 'end' | 'start'): number {
  const chars = Array.from(text)
  if (keep === 'end') chars.reverse()
  let used = 0
  let length = 0
  let pause = 0
  for (const char of chars) {
    used += displayWidth(char)
    if (used > columns) break
    // Kept from the end, the cut comes before this character: a pause must stay on the other side.
    if (keep === 'end' && PAUSE.test(char) && used > columns / 2) pause = length
    length += char.length
    if (keep === 'start' && PAUSE.test(char) && used > columns / 2) pause = length
  }
  const kept = pause || length
  return keep === 'end' ? text.length - kept : kept
}

/** Folded sentence and the place of the evidence in it, cut with … to about `columns`; evidence null where it is not in the sentence. */
export function excerpt(sentence: string, evidence: string, columns: number): { text: string; evidence: Span | null } {
  const text = fold(sentence)
  const words = fold(evidence)
  const at = words === '' ? -1 : text.indexOf(words)
  if (at < 0) {
    if (displayWidth(text) <= columns) return { text, evidence: null }
    return { text: `${text.slice(0, cutAt(text, columns, 'start'))}…`, evidence: null }
  }
  if (displayWidth(text) <= columns) return { text, evidence: { start: at, end: at + words.length } }
  const shown =
    displayWidth(words) <= columns
      ? words
      : `${words.slice(0, cutAt(words, columns / 2, 'start'))}…${words.slice(cutAt(words, columns / 4, 'end'))}`
  const spare = Math.max(16, columns - displayWidth(shown))
  const before = text.slice(0, at)
  const after = text.slice(at + words.length)
  const left = displayWidth(before) <= spare / 2 ? before : `…${before.slice(cutAt(before, spare / 2, 'end'))}`
  const room = Math.max(8, spare - displayWidth(left))
  const right = displayWidth(after) <= room ? after : `${after.slice(0, cutAt(after, room, 'start'))}…`
  return { text: left + shown + right, evidence: { start: left.length, end: left.length + shown.length } }
}

/** Lines of `text`, at most `width` columns, the span `marked` bold and underlined in colour and in brackets without. */
export function markedLines(text: string, marked: Span | null, width: number, chalk: ChalkInstance): string[] {
  if (marked === null) return wrap(text, width).map(line => text.slice(line.start, line.end))
  if (chalk.level === 0) {
    const [open, close] = BRACKETS.find(([a, b]) => !text.includes(a) && !text.includes(b)) ?? BRACKETS[0]
    const plain = `${text.slice(0, marked.start)}${open}${text.slice(marked.start, marked.end)}${close}${text.slice(marked.end)}`
    return wrap(plain, width).map(line => plain.slice(line.start, line.end))
  }
  return wrap(text, width).map(({ start, end }) => {
    const from = Math.min(Math.max(start, marked.start), end)
    const to = Math.max(Math.min(end, marked.end), from)
    const inside = from < to ? chalk.bold.underline(text.slice(from, to)) : ''
    return text.slice(start, from) + inside + text.slice(to, end)
  })
}
