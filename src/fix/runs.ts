/** Where bold begins and ends: a stretch of text cut so that markup is enclosed whole or not at all. */
import type { Document, Span } from '../types.js'
import type { Markup } from './markup.js'

/** A replacement in `Document.source`; an empty span is an insertion. */
export interface Change {
  readonly span: Span
  readonly text: string
}

/** Visible words in `Document.source`, without white space at the ends. `exact` = characters of text and source agree. */
interface Words extends Span {
  readonly exact: boolean
}

/** The visible words of a document, in source order. */
export function wordsOf({ text, segments }: Pick<Document, 'text' | 'segments'>): readonly Words[] {
  const found: Words[] = []
  for (const segment of segments) {
    const shown = text.slice(segment.text.start, segment.text.end)
    const kept = shown.trim()
    if (kept === '') continue
    if (!segment.verbatim) found.push({ ...segment.source, exact: false })
    else {
      const start = segment.source.start + shown.length - shown.trimStart().length
      found.push({ start, end: start + kept.length, exact: true })
    }
  }
  return found
}

/** The words that overlap `span`, cut to it. */
export function wordsIn(words: readonly Words[], { start, end }: Span): Words[] {
  let low = 0
  let high = words.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((words[middle] as Words).end > start) high = middle
    else low = middle + 1
  }
  const found: Words[] = []
  for (let i = low; i < words.length; i++) {
    const word = words[i] as Words
    if (word.start >= end) break
    found.push({ start: Math.max(word.start, start), end: Math.min(word.end, end), exact: word.exact })
  }
  return found
}

/** Stretches of `target` (a span of the source) that cross no markup of `node`, with the markup that is whole in them. */
export function runsIn(node: Pick<Markup, 'children'>, target: Span, words: readonly Words[]): Span[] {
  const found: Span[] = []
  const has = (start: number, end: number): boolean => start < end && wordsIn(words, { start, end }).length > 0
  const emit = (start: number, end: number): void => {
    const inside = wordsIn(words, { start, end })
    const [first, last] = [inside[0], inside.at(-1)]
    if (first === undefined || last === undefined) return
    const around = (at: Span): Span | undefined =>
      node.children.find(c => c.start >= start && c.end <= end && c.start <= at.start && at.end <= c.end)
    found.push({ start: around(first)?.start ?? first.start, end: around(last)?.end ?? last.end })
  }
  let { start } = target
  let { end } = target
  for (const child of node.children) {
    if (child.end <= target.start || child.start >= target.end) continue
    const inside = { start: Math.max(child.start, target.start), end: Math.min(child.end, target.end) }
    if (child.kind !== 'wall' && !has(inside.start, inside.end)) continue
    const whole = !has(child.start, target.start) && !has(target.end, child.end)
    if (child.kind !== 'wall' && whole) {
      start = Math.min(start, child.start)
      end = Math.max(end, child.end)
      continue
    }
    emit(start, child.start)
    if (child.kind !== 'atom') found.push(...runsIn(child, inside, words))
    start = child.end
  }
  emit(start, end)
  return found
}

/** Stretches of `target` without any markup in them: what is left where the markup can't be followed. */
export function pieces(target: Span, source: string, words: readonly Words[]): Span[] {
  const found: { start: number; end: number }[] = []
  for (const { start, end } of wordsIn(words, target)) {
    const last = found.at(-1)
    if (last !== undefined && !/<|&lt;/i.test(source.slice(last.end, start))) last.end = end
    else found.push({ start, end })
  }
  return found
}

/** `run` between `<strong>` and `</strong>`, or whatever `tag` opens; nothing around mere punctuation. */
export function tagged(run: Span, tag: string, source: string): Change[] {
  if (!/[\p{L}\p{N}]/u.test(source.slice(run.start, run.end))) return []
  const name = /[a-z]+/i.exec(tag.replace('&lt;', ''))?.[0] ?? ''
  const closing = tag.startsWith('&lt;') ? `&lt;/${name}&gt;` : `</${name}>`
  return [insertion(run.start, tag), insertion(run.end, closing)]
}

const insertion = (at: number, text: string): Change => ({ span: { start: at, end: at }, text })

/** What may stand on the outer side of a mark whose inner side is punctuation. */
const APART = /^$|[\s\p{P}]/u
const PUNCTUATION = /[\p{P}\p{S}]/u
/** Punctuation of Markdown's own, and what may belong to an entity or an escape. */
const STRUCTURAL = /[\\&;<>[\]()`!*_~|#]/

/**
 * Sets `targets` (spans of the source, sorted, inside `container`) in bold with `**` or `__`. Bold that they touch
 * becomes one with theirs. The marks are placed so that CommonMark reads them next to Chinese letters as well: closing
 * punctuation that a letter follows stays outside. Null where that can't be.
 */
export function starred(
  container: Markup,
  targets: readonly Span[],
  marker: '**' | '__',
  source: string,
  words: readonly Words[],
): Change[] | null {
  const hulls: { start: number; end: number }[] = targets.map(({ start, end }) => ({ start, end }))
  const removed: Span[] = []
  /** Bold that touches a target grows it and loses its own marks; again, as the grown one may touch another. */
  const dissolve = (list: readonly Markup[]): Markup[] =>
    list.flatMap(markup => {
      const children = dissolve(markup.children)
      if (markup.kind !== 'bold') return [{ ...markup, children }]
      const hull = hulls.find(({ start, end }) => start <= markup.end && markup.start <= end)
      const inner = wordsIn(words, { start: markup.open, end: markup.close })
      if (hull === undefined || inner.length === 0) return [{ ...markup, children }]
      hull.start = Math.min(hull.start, (inner[0] as Span).start)
      hull.end = Math.max(hull.end, (inner.at(-1) as Span).end)
      removed.push({ start: markup.start, end: markup.open }, { start: markup.close, end: markup.end })
      return children
    })
  let children = container.children
  for (let before = -1; before !== removed.length; ) {
    before = removed.length
    children = dissolve(children)
  }
  const joined: { start: number; end: number }[] = []
  for (const hull of hulls.sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1)
    const { end: reached } = removed.find(span => span.start === last?.end) ?? last ?? { end: -1 }
    if (last !== undefined && hull.start <= reached) last.end = Math.max(last.end, hull.end)
    else joined.push(hull)
  }

  /** The characters beside a place once the removed marks are gone; "" at the edge of the container. */
  const before = (at: number): string => {
    const gone = removed.find(span => span.end === at)
    return gone !== undefined ? before(gone.start) : at <= container.start ? '' : source.charAt(at - 1)
  }
  const after = (at: number): string => {
    const gone = removed.find(span => span.start === at)
    return gone !== undefined ? after(gone.end) : at >= container.end ? '' : source.charAt(at)
  }
  /** A letter on the inner side is enough for `**`; `__` wants no letter on the outer one. */
  const holds = (outer: string, inner: string): boolean =>
    outer !== marker[0] && inner !== marker[0] && (APART.test(outer) || (marker === '**' && !PUNCTUATION.test(inner)))
  const movable = (at: number, char: string): boolean =>
    PUNCTUATION.test(char) && !STRUCTURAL.test(char) && wordsIn(words, { start: at, end: at + 1 })[0]?.exact === true

  const changes: Change[] = []
  for (const run of joined.flatMap(hull => runsIn({ children }, hull, words))) {
    if (!/[\p{L}\p{N}]/u.test(source.slice(run.start, run.end))) continue
    let { start, end } = run
    while (!holds(before(start), after(start))) {
      if (!movable(start, source.charAt(start))) return null
      start++
    }
    while (!holds(after(end), before(end))) {
      if (!movable(end - 1, source.charAt(end - 1)) || source.charAt(end - 2) === '\\') return null
      end--
    }
    changes.push(insertion(start, marker), insertion(end, marker))
  }
  return withoutIdle(changes, removed, source)
}

/** Leaves out marks that would be taken away and put back at the same place. */
function withoutIdle(changes: readonly Change[], removed: readonly Span[], source: string): Change[] {
  const kept = [...changes]
  for (const span of removed) {
    const idle = kept.findIndex(
      ({ span: { start }, text }) =>
        (start === span.start || start === span.end) && text === source.slice(span.start, span.end),
    )
    if (idle >= 0) kept.splice(idle, 1)
    else kept.push({ span, text: '' })
  }
  return kept
}
