/** Finds where each character of a decoded text node stands in the source it was decoded from. */

/** Takes one stretch: `value` stands at `source.slice(start, end)`; verbatim when the two are equal. */
export type Emit = (value: string, start: number, end: number, verbatim: boolean) => void

/** Characters that may stand for others, or begin what is not shown. */
const SPECIAL = /[&<\\\n]/
/** Legacy names come first because HTML decodes them without a semicolon even before other letters. */
const ENTITY = /&(?:#x[\da-f]+;?|#\d+;?|[a-z][a-z\d]*;|(?:nbsp|lt|gt|amp|quot|copy|reg|times|middot)|[a-z][a-z\d]*)/iy
const AMPERSAND = /^&(?:amp;?|#0*38;?|#x0*26;?)$/i
/** The bound keeps a text of stray "<a" from being searched to its end over and over. */
const TAG = /<[a-z/!?][^>]{0,1024}>/iy
const LINE_END = /[ \t]*(?:\r\n|\n|\r)[ \t>]*/y
const PUNCTUATION = /[!-/:-@[-`{-~]/

/**
 * Walks `value` (a text node's content) and `source` from `from` to `to` side by side and emits every character of
 * `value` in order. Entities, Markdown escapes and line prefixes become stretches of their own that aren't verbatim.
 * What can't be followed is emitted as one stretch with the whole remaining source.
 */
export function align(
  value: string,
  source: string,
  from: number,
  to: number,
  syntax: 'markdown' | 'html',
  emit: Emit,
): void {
  // Most text stands in the source as it is.
  if (!SPECIAL.test(value) && from + value.length <= to && source.startsWith(value, from)) {
    if (value !== '') emit(value, from, from + value.length, true)
    return
  }
  let i = from
  let j = 0
  let run = 0
  const flush = (): void => {
    if (j > run) emit(value.slice(run, j), i - (j - run), i, true)
  }
  const replace = (length: number, end: number): void => {
    flush()
    emit(value.slice(j, j + length), i, end, false)
    j += length
    run = j
    i = end
  }
  const skip = (end: number): void => {
    flush()
    run = j
    i = end
  }
  while (j < value.length && i < to) {
    const code = source.charCodeAt(i)
    const same = code === value.charCodeAt(j)
    if (code === 0x26) {
      const entity = sticky(ENTITY, source, i)
      if (entity !== null && (AMPERSAND.test(entity) || !same)) {
        const astral = value.charCodeAt(j) >= 0xd800 && value.charCodeAt(j) <= 0xdbff
        replace(astral ? 2 : 1, i + entity.length)
        continue
      }
    } else if (code === 0x3c && syntax === 'html') {
      const tag = sticky(TAG, source, i)
      // In a `<textarea>` tags are text.
      if (tag !== null && !value.startsWith(tag, j)) {
        skip(i + tag.length)
        continue
      }
    } else if (code === 0x5c && syntax === 'markdown') {
      const next = source.charAt(i + 1)
      if (next === value.charAt(j) && PUNCTUATION.test(next)) {
        replace(1, i + 2)
        continue
      }
    } else if (code === 0x0a && same && syntax === 'markdown') {
      const end = sticky(LINE_END, source, i)
      if (end !== null && end.length > 1) {
        replace(1, i + end.length)
        continue
      }
    }
    if (same) {
      i++
      j++
      continue
    }
    const expected = value.charCodeAt(j)
    if (expected === 0x0a || expected === 0x20) {
      const end = sticky(LINE_END, source, i)
      if (end !== null) {
        const length = syntax === 'html' ? end.search(/[\r\n]/) + (end.includes('\r\n') ? 2 : 1) : end.length
        replace(1, i + length)
        continue
      }
    }
    if (/\s/.test(source.charAt(i))) {
      skip(i + 1)
      continue
    }
    break
  }
  flush()
  if (j < value.length) emit(value.slice(j), Math.min(i, to), to, false)
}

function sticky(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0] ?? null
}
