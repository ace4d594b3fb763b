/** Text as a terminal shows it: display width, line breaking by Chinese typesetting rules, white space folded away. */

import { eastAsianWidth } from 'get-east-asian-width'
import type { Span } from '../types.js'

const OPENING = new Set('（《“‘「『【〖〈〔［｛([{')
const CLOSING = new Set('，。；：！？、）》”’」』】〗〉〕］｝…—·,.;:!?)]}%％')
const INVISIBLE = /[\p{M}\p{Cf}]/u
const WIDE_PAIR = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—]/

/** Columns a character takes. `ambiguous` is the width of characters that terminals disagree on (“ ” … — ①). */
function charWidth(char: string, ambiguous: 1 | 2): number {
  const code = char.codePointAt(0) ?? 0
  if (code < 32) return 0
  if (code < 127) return 1
  if (INVISIBLE.test(char)) return 0
  return eastAsianWidth(code, { ambiguousAsWide: ambiguous === 2 })
}

/** Columns that `text` takes in a terminal. Ambiguous characters count 1, as most terminals draw them. */
export function displayWidth(text: string): number {
  let width = 0
  for (const char of text) width += charWidth(char, 1)
  return width
}

/** `text` with spaces added up to `width` columns; a longer text is returned as it is. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** White space as a reader sees it: a line break between Chinese characters is nothing, any other run is one space. */
export function fold(text: string): string {
  return text
    .replace(/[\u200b-\u200d\ufeff]/g, '')
    .replace(/\s+/g, (run, at: number) => {
      const before = text[at - 1]
      const after = text[at + run.length]
      const joined = before && after && WIDE_PAIR.test(before) && WIDE_PAIR.test(after)
      return joined && run.includes('\n') ? '' : ' '
    })
    .trim()
}

/** What may not be torn apart: a Chinese character with the punctuation that clings to it, or a run of narrow characters. */
function units(text: string): { start: number; end: number; width: number; space: boolean }[] {
  const out: { start: number; end: number; width: number; space: boolean; narrow: boolean; open: boolean }[] = []
  let at = 0
  for (const char of text) {
    const end = at + char.length
    // Counting ambiguous characters as wide can leave a line short, but never lets it run over.
    const width = charWidth(char, 2)
    const last = out.at(-1)
    const space = char === ' '
    const narrow = width < 2 && !space
    const clings =
      last && !last.space && !space && (last.open || CLOSING.has(char) || width === 0 || (narrow && last.narrow))
    if (clings) {
      last.end = end
      last.width += width
      last.narrow = narrow
      last.open = OPENING.has(char)
    } else out.push({ start: at, end, width, space, narrow, open: OPENING.has(char) })
    at = end
  }
  return out
}

/**
 * Lines of at most `width` columns, as spans of `text` (a single line, see `fold`). No line starts with closing
 * punctuation or ends with an opening bracket or quote; white space at a break belongs to no line.
 */
export function wrap(text: string, width: number): Span[] {
  const lines: Span[] = []
  let start = -1
  let end = -1
  let used = 0
  const flush = () => {
    if (start >= 0 && end > start) lines.push({ start, end })
    start = -1
    used = 0
  }
  for (const unit of units(text)) {
    if (unit.space) {
      used += 1
      continue
    }
    if (start >= 0 && used + unit.width > width) flush()
    if (unit.width > width) {
      // A word longer than the line (a URL) has to be torn.
      let at = unit.start
      for (const char of text.slice(unit.start, unit.end)) {
        const columns = charWidth(char, 2)
        if (start >= 0 && used + columns > width) flush()
        if (start < 0) {
          start = at
          used = 0
        }
        used += columns
        at += char.length
        end = at
      }
      continue
    }
    if (start < 0) {
      start = unit.start
      used = 0
    }
    used += unit.width
    end = unit.end
  }
  flush()
  return lines
}
