/** Puts a Document's text together block by block: white space, segments, cells and emphasis. */
import type { Block, BlockKind, Cell, Mark, Segment, Span } from '../types.js'

/** How a stretch of text looks. Compared by identity, so share one object for one look. */
export interface Style {
  readonly bold: boolean
  readonly underline: boolean
  readonly highlight: boolean
  /** In CSS pixels; 16 where nothing says otherwise. */
  readonly size: number
  /** "r,g,b", null where nothing says otherwise. */
  readonly colour: string | null
  readonly background: string | null
}

export const PLAIN: Style = {
  bold: false,
  underline: false,
  highlight: false,
  size: 16,
  colour: null,
  background: null,
}

/** What is known about a block before its text is. */
export interface BlockProperties {
  readonly kind: BlockKind
  readonly level?: number | undefined
  readonly depth: number
  readonly counter?: string | undefined
  readonly headerRow?: boolean | undefined
  readonly table?: number | undefined
  /** For rows: the heading text of each cell, in the order in which the cells were written. */
  readonly headers?: readonly (string | null)[] | undefined
}

export interface Built {
  readonly text: string
  readonly segments: readonly Segment[]
  readonly blocks: readonly Block[]
  readonly marks: readonly Mark[]
}

export interface Builder {
  /** Adds text to the open block; white space is collapsed, `softBreaks` keeps line ends as "\n". */
  write(value: string, start: number, end: number, verbatim: boolean, style: Style): void
  /** A line break inside a cell. */
  breakLine(): void
  openCell(): void
  closeCell(): void
  /** Ends the open block; false (and nothing kept) if it holds no visible text. */
  endBlock(properties: BlockProperties): boolean
  finish(): Built
}

interface MutableSpan {
  start: number
  end: number
}
interface MutableSegment {
  text: MutableSpan
  source: MutableSpan
  verbatim: boolean
}
interface Run {
  start: number
  end: number
  readonly style: Style
  blank: boolean
  readonly heading: boolean
  readonly block: number
}

/** White space as a browser collapses it plus no-break space, and characters that nobody sees. */
const BLANK = /[\t\n\f\v\r \u00a0\u2028\u2029]+|[\u00ad\u200b-\u200f\u2060\ufeff]+/g
const EDGE_BLANK = /^[\s\u3000]+/

/** A larger font counts from here on, relative to the size most of the text has. */
const LARGER = 1.15

export function createBuilder(options: { readonly softBreaks: boolean }): Builder {
  const parts: string[] = []
  const segments: MutableSegment[] = []
  const blocks: Block[] = []
  const runs: Run[] = []
  /** Where the open block starts in the text, counting the "\n" before it. */
  let base = 0
  let length = 0
  let lastSource = 0
  let blockParts: string[] = []
  let blockSegments: MutableSegment[] = []
  let blockRuns: Run[] = []
  let cells: MutableSpan[] = []
  let cellOpen = false
  let cellStart = -1
  let pending: {
    readonly value: string
    readonly start: number
    readonly end: number
    readonly verbatim: boolean
    readonly style: Style
  } | null = null

  const put = (value: string, start: number, end: number, verbatim: boolean, style: Style): void => {
    const at = length
    length += value.length
    blockParts.push(value)
    const run = blockRuns.at(-1)
    const blank = value.trim() === ''
    if (run && run.style === style && run.end === at) {
      run.end = length
      run.blank &&= blank
    } else {
      blockRuns.push({ start: at, end: length, style, blank, heading: false, block: blocks.length })
    }
    // Text that HTML moves in front of its table would send the source backwards; it keeps only a place, not a stretch.
    const forward = start >= lastSource
    const exact = verbatim && forward
    const from = forward ? start : lastSource
    const to = forward ? end : lastSource
    lastSource = exact ? to : from
    const last = blockSegments.at(-1)
    if (last && exact && last.verbatim && last.source.end === from && last.text.end === at) {
      last.text.end = length
      last.source.end = to
      return
    }
    blockSegments.push({ text: { start: at, end: length }, source: { start: from, end: to }, verbatim: exact })
  }

  const putVisible = (value: string, start: number, end: number, verbatim: boolean, style: Style): void => {
    let visible = value
    let from = start
    if (length === base || pending?.value === '\t' || (cellOpen && cellStart < 0)) {
      const edge = EDGE_BLANK.exec(value)?.[0].length ?? 0
      if (edge === value.length) return
      visible = value.slice(edge)
      if (verbatim) from += edge
    }
    if (pending && length > base) {
      if (pending.start < 0) {
        blockParts.push(pending.value)
        length += pending.value.length
      } else {
        put(pending.value, pending.start, pending.end, pending.verbatim, pending.style)
      }
    }
    pending = null
    if (cellOpen && cellStart < 0) cellStart = length
    put(visible, from, end, verbatim, style)
  }

  const write: Builder['write'] = (value, start, end, verbatim, style) => {
    let done = 0
    for (const match of value.matchAll(BLANK)) {
      const { 0: blank, index } = match
      const after = index + blank.length
      // A single space between words is the common case: it needs no segment of its own.
      if (index > done) {
        putVisible(
          value.slice(done, index),
          verbatim ? start + done : start,
          verbatim ? start + index : end,
          verbatim,
          style,
        )
      }
      done = after
      if (blank.charCodeAt(0) > 0xa0 && !/\s/.test(blank)) continue
      if (pending && pending.value !== ' ') continue
      const kept = options.softBreaks && /[\n\r]/.test(blank) ? '\n' : ' '
      const from = verbatim ? start + index : start
      const to = verbatim ? start + after : end
      pending =
        pending && kept === ' '
          ? { ...pending, end: Math.max(pending.end, to), verbatim: false }
          : {
              value: kept,
              start: pending ? pending.start : from,
              end: to,
              verbatim: verbatim && !pending && blank === kept,
              style,
            }
    }
    if (done < value.length) {
      putVisible(value.slice(done), verbatim ? start + done : start, end, verbatim, style)
    }
  }

  const closeCell = (): void => {
    if (!cellOpen) return
    cellOpen = false
    cells.push(cellStart < 0 ? { start: length, end: length } : { start: cellStart, end: length })
  }

  const endBlock: Builder['endBlock'] = properties => {
    const body = blockParts.join('')
    const kept = body.trimEnd()
    pending = null
    if (kept.length === 0) {
      resetBlock()
      return false
    }
    const end = base + kept.length
    while (blockSegments.length > 0 && blockSegments.at(-1)!.text.start >= end) blockSegments.pop()
    const last = blockSegments.at(-1)
    if (last && last.text.end > end) {
      if (last.verbatim) last.source.end -= last.text.end - end
      last.text.end = end
    }
    for (const run of blockRuns) {
      if (run.start >= end) continue
      runs.push({ ...run, end: Math.min(run.end, end), heading: properties.kind === 'heading' })
    }
    if (blocks.length > 0) parts.push('\n')
    parts.push(kept)
    for (const segment of blockSegments) segments.push(segment)
    const { kind, level, depth, counter, headerRow, table, headers } = properties
    blocks.push({
      kind,
      span: { start: base, end },
      ...(level === undefined ? {} : { level }),
      depth,
      ...(counter === undefined ? {} : { counter }),
      ...(kind === 'row' ? { cells: finishCells(cells, end, headers), headerRow: headerRow ?? false } : {}),
      ...(table === undefined ? {} : { table }),
    })
    base = end + 1
    resetBlock()
    return true
  }

  const resetBlock = (): void => {
    blockParts = []
    blockSegments = []
    blockRuns = []
    cells = []
    cellOpen = false
    cellStart = -1
    length = base
  }

  return {
    write,
    breakLine: () => {
      if (length > base && pending?.value !== '\t')
        pending = { value: '\n', start: -1, end: -1, verbatim: false, style: PLAIN }
    },
    openCell: () => {
      closeCell()
      pending = length > base ? { value: '\t', start: -1, end: -1, verbatim: false, style: PLAIN } : null
      cellOpen = true
      cellStart = -1
    },
    closeCell,
    endBlock,
    finish: () => {
      const text = parts.join('')
      return { text, segments, blocks, marks: marksOf(runs).map(mark => withoutBlankEnds(mark, text)) }
    },
  }
}

function finishCells(spans: readonly Span[], end: number, headers: readonly (string | null)[] | undefined): Cell[] {
  return spans.map((span, index) => ({
    span: { start: Math.min(span.start, end), end: Math.min(span.end, end) },
    header: headers?.[index] ?? null,
  }))
}

/** Turns looks into emphasis: what counts as large or coloured depends on how most of the text looks. */
function marksOf(runs: readonly Run[]): Mark[] {
  const body = runs.filter(run => !run.heading)
  const size = commonest(body, style => style.size)
  const colour = commonest(body, style => style.colour)
  const background = commonest(body, style => style.background)
  const kindsOf = memoize((style: Style) => {
    const kinds: Mark['kind'][] = []
    if (style.bold) kinds.push('strong')
    if (style.underline) kinds.push('underline')
    if (style.highlight || (style.background !== background && isVivid(style.background))) kinds.push('highlight')
    if (size !== undefined && style.size >= size * LARGER) kinds.push('large')
    if (style.colour !== colour && isVivid(style.colour)) kinds.push('colour')
    return kinds
  })
  const marks: Mark[] = []
  let open = new Map<Mark['kind'], MutableSpan>()
  let block = -1
  for (const run of runs) {
    if (run.block !== block) open = new Map()
    block = run.block
    // A heading is large and coloured because it is a heading.
    const kinds = kindsOf(run.style).filter(kind => !run.heading || (kind !== 'large' && kind !== 'colour'))
    if (run.blank && kinds.length === 0) continue
    const still = new Map<Mark['kind'], MutableSpan>()
    for (const kind of kinds) {
      let span = open.get(kind)
      if (span) {
        span.end = run.end
      } else if (!run.blank) {
        span = { start: run.start, end: run.end }
        marks.push({ kind, span })
      }
      if (span) still.set(kind, span)
    }
    open = still
  }
  return marks
}

function withoutBlankEnds(mark: Mark, text: string): Mark {
  const content = text.slice(mark.span.start, mark.span.end)
  const start = mark.span.start + content.length - content.trimStart().length
  return { kind: mark.kind, span: { start, end: start + content.trim().length } }
}

/** The value that most characters of `runs` have. */
function commonest<T>(runs: readonly Run[], valueOf: (style: Style) => T): T | undefined {
  const counts = new Map<T, number>()
  for (const { start, end, style } of runs) {
    const value = valueOf(style)
    counts.set(value, (counts.get(value) ?? 0) + end - start)
  }
  let best: T | undefined
  let most = 0
  for (const [value, count] of counts) {
    if (count > most) {
      best = value
      most = count
    }
  }
  return best
}

/** Not black, white, grey or nearly so. */
function isVivid(colour: string | null): boolean {
  if (colour === null) return false
  const channels = colour.split(',').map(Number)
  return Math.max(...channels) - Math.min(...channels) >= 60
}

function memoize<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>()
  return key => {
    let value = known.get(key)
    if (value === undefined) {
      value = compute(key)
      known.set(key, value)
    }
    return value
  }
}
