/** The way back from `Document.text` to `Document.source`, and from offsets to lines and columns. */
import type { Document, Point, Segment, Span } from '../types.js'

/**
 * The smallest stretch of `document.source` that holds `span` of `document.text`: from the start of its first
 * character to the end of its last one, so markup around it stays outside and markup inside it stays in.
 * Characters that stand for no source (the "\n" between blocks, the tab between cells) are skipped at both ends.
 */
export function toSource(document: Pick<Document, 'segments'>, span: Span): Span {
  const { segments } = document
  const first = segments[firstEndingAfter(segments, span.start)]
  if (!first) {
    const end = segments.at(-1)?.source.end ?? 0
    return { start: end, end }
  }
  const start = first.verbatim ? first.source.start + Math.max(0, span.start - first.text.start) : first.source.start
  if (span.end <= span.start || span.end <= first.text.start) return { start, end: start }
  const last = segments[lastStartingBefore(segments, span.end)] ?? first
  const end = last.verbatim ? last.source.start + Math.min(span.end, last.text.end) - last.text.start : last.source.end
  return { start, end: Math.max(start, end) }
}

/** Index of the first segment whose text ends after `offset`; `segments.length` if none does. */
function firstEndingAfter(segments: readonly Segment[], offset: number): number {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (segments[middle]!.text.end > offset) high = middle
    else low = middle + 1
  }
  return low
}

/** Index of the last segment whose text starts before `offset`; -1 if none does. */
function lastStartingBefore(segments: readonly Segment[], offset: number): number {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (segments[middle]!.text.start < offset) low = middle + 1
    else high = middle
  }
  return low - 1
}

/**
 * Prepares `source` for look-ups; the returned function turns an offset into a 1-based line and column.
 * "\n", "\r\n" and "\r" each end a line. Offsets outside the source are clamped into it.
 */
export function lineIndex(source: string): (offset: number) => Point {
  const starts = [0]
  for (let i = 0; i < source.length; i++) {
    const code = source.charCodeAt(i)
    if (code === 0x0a || (code === 0x0d && source.charCodeAt(i + 1) !== 0x0a)) starts.push(i + 1)
  }
  return offset => {
    const inside = Math.min(Math.max(offset, 0), source.length)
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (starts[middle]! <= inside) low = middle + 1
      else high = middle
    }
    return { line: low, column: inside - starts[low - 1]! + 1, offset: inside }
  }
}
