/** The clause tree: finds the labels of a document, in headings, line starts, list counters and running text, and nests them. */
import type { Block, Document, Span } from '../types.js'
import { bulletLength, type Label, rankOf, readLabel, type Scheme } from './labels.js'
import { pairs } from './sentences.js'

/** A clause under construction. */
export interface Node {
  readonly id: number
  readonly label: Label | null
  readonly scheme: Scheme | null
  readonly values: readonly number[]
  /** Heading level, 0 if it was not opened by a heading. */
  readonly heading: number
  /** List depth of the block that opened it. */
  readonly list: number
  readonly depth: number
  readonly parent: Node | null
  /** The sibling before it. */
  readonly previous: Node | null
  readonly children: Node[]
  readonly start: number
  readonly labelSpan: Span
  end: number
  title: string | null
  /** Nothing but a title stands behind the label. */
  titleOnly: boolean
}

/** A stretch of one block between two labels: the text of one clause. */
export interface Piece {
  readonly block: number
  readonly span: Span
  readonly node: Node
  /** The label (or bullet) stands right before it. */
  readonly fresh: boolean
  /** In the block that its label stands in. */
  readonly near: boolean
  /** A short title at its start, empty span if none: "【适用范围】", the first words of a flattened line. */
  readonly title: Span
  /** List depth of a bullet, 0 if it is none. */
  readonly bullet: number
}

export interface Outline {
  readonly nodes: readonly Node[]
  readonly pieces: readonly Piece[]
}

const NUMERIC: ReadonlySet<Scheme> = new Set(['number-dot', 'number-comma', 'number'])
const FAMILIES: readonly ReadonlySet<Scheme>[] = [
  NUMERIC,
  new Set<Scheme>(['number-paren', 'number-half']),
  new Set<Scheme>(['lower', 'lower-paren']),
]
const UNIT_SCHEMES: ReadonlySet<Scheme> = new Set(['book', 'part', 'chapter', 'section', 'article'])
/** Schemes whose labels head provisions: a short line behind one is its title, whatever its words. */
const OUTER_SCHEMES: ReadonlySet<Scheme> = new Set([...UNIT_SCHEMES, 'han'])
const LETTERS: ReadonlySet<Scheme> = new Set(['upper', 'upper-paren', 'lower', 'lower-paren', 'roman', 'roman-paren'])
/** Sequences that run on through the whole document. */
const CONTINUING: ReadonlySet<Scheme> = new Set(['chapter', 'article', 'section', 'han', 'book', 'part'])

/** Words of a clause rather than of its title. */
const PREDICATE =
  /^(?:(?:您|你|我们)(?!如何|的)|本公司|如(?!何)|若|当(?!事|地|前)|对于|凡)|应(?:遵|在|于|按|向|由|符合|提供|自行|及时|具备)|应当|应该|可以|(?<!所|享)有权|不得|(?<!所)必须|如下|下列|包括|以下|是指|将|(?<!所)需要|须(?!知)|禁止向|无权|不会|不予/
/** Words that end a title as often as they open a provision: "过度承诺", "责任承担". */
const SOFT_PREDICATE = /视为|同意|承诺|保证[^金]|承担/
/** White space, and the mark of a character that was lost: both stand between a number and its text. */
const BLANK = /[\s\ufffd]/
const STOPS = /[，。；！？,;!?…]/
const ENDS_REFERENCE =
  /(?:依据|根据|按照|依照|参照|遵照|违反|符合|参见|详见|见|适用|触发|同|按|本协议|本规则|本合同|本条款|本规范|前述|上述|下述|关于|对于|针对|法|第|和|与|及|或|至|到|[、，,])$/
const AFTER_UNIT_REFERENCE =
  /^\s*(?:的|之|所|规定|约定|中[的所规约]|第|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)](?:项|款|的|、|至)|款|项|和|或|及(?!时)|与|至|到|等|[、，。；）》”,.;)])/
/** The same at a place where a label is expected: "（1）与…协商" is no reference there. */
const AFTER_PLACED_LABEL = /^\s*(?:的|至|到|、|所述|所列|[，。；）》])/
const AFTER_LABEL_REFERENCE =
  /^\s*(?:的|至|到|、|和(?!解)|或|及(?!时)|与|项(?!目)|款(?!项)|所述|所列|中所|[，。；）》])/
/** Ends the head of a flattened table that shows old and new text. */
const AFTER_VERSION = /(?:变更|修订|修改|调整)[前后]$/
/** Schemes that enumerate inside a provision, and what their second label looks like after the first item. */
const ENUMERATORS: ReadonlySet<Scheme> = new Set(['number-paren', 'number-half', 'circle'])
const SUCCESSOR: Partial<Record<Scheme, RegExp>> = {
  'number-paren': /[；。]\s?[（(]2[)）]/,
  'number-half': /[；。]\s?2[)）]/,
  circle: /[；。]\s?②/,
}
const LIST_WORDS = /(?:下列|以下|如下|包括但不限于)[^，。；]{0,8}$/

/** Whether these words can be a title: short, without stop or predicate. */
export function isTitle(words: string, longest = 20): boolean {
  const compact = words.replace(/\s/g, '')
  return (
    compact.length > 1 &&
    compact.length <= longest &&
    !STOPS.test(compact) &&
    !PREDICATE.test(compact) &&
    !(compact.length > 8 && SOFT_PREDICATE.test(compact)) &&
    !/[：:]./.test(compact) &&
    /[\u3400-\u9fffA-Za-z]/.test(compact)
  )
}

const sameFamily = (a: Scheme | null, b: Scheme): boolean =>
  a === b || (a !== null && FAMILIES.some(family => family.has(a) && family.has(b)))
const startsWith = (values: readonly number[], prefix: readonly number[]): boolean =>
  prefix.every((value, index) => values[index] === value)
const last = (values: readonly number[]): number => values.at(-1) ?? 0

/** Follows directly: 3 → 4, 12 → 12之一, 12之一 → 13, 1.2 → 1.3. */
function follows(values: readonly number[], before: readonly number[]): boolean {
  if (values.length === before.length)
    return startsWith(values, before.slice(0, -1)) && last(values) === last(before) + 1
  return values.length > before.length
    ? startsWith(values, before) && last(values) === 1
    : values[0] === (before[0] ?? 0) + 1
}

type Fit = 'next' | 'first' | 'restart' | 'gap' | null
type Reading = { readonly scheme: Scheme; readonly values: readonly number[] }

/** Reads the labels of a document and builds its clause tree. Pure; time grows with the length of the text. */
export function readClauses(document: Document): Outline {
  const { text, blocks } = document
  const root: Node = {
    id: 0,
    label: null,
    scheme: null,
    values: [],
    heading: 0,
    list: 0,
    depth: 0,
    parent: null,
    previous: null,
    children: [],
    start: 0,
    labelSpan: { start: 0, end: 0 },
    end: text.length,
    title: null,
    titleOnly: false,
  }
  const nodes: Node[] = [root]
  const pieces: Piece[] = []
  let stack: Node[] = [root]
  const lastSeen = new Map<Scheme, number>()
  /** The last item of a list that numbers of a higher rank closed: (1) behind d. may be a list inside d., if e. follows. */
  let interrupted: Node | null = null
  let lastDecimal: readonly number[] = []
  const titleHeading = findTitleHeading(document)
  const annex = findAnnex(document)

  const top = (): Node => stack.at(-1) ?? root
  const popWhile = (test: (node: Node) => boolean): void => {
    while (stack.length > 1 && test(top())) stack.pop()
  }
  const popTo = (node: Node): void => {
    stack = stack.slice(0, stack.indexOf(node))
  }
  const innermost = (test: (node: Node) => boolean): Node | undefined =>
    stack.findLast(node => node !== root && test(node))

  /** How a reading fits the sequences that are open. */
  function fit({ scheme, values }: Reading): Fit {
    if (scheme === 'decimal') return fitDecimal(values)
    const open = stack.filter(node => sameFamily(node.scheme, scheme))
    if (open.some(node => follows(values, node.values))) return 'next'
    const seen = lastSeen.get(scheme)
    if (CONTINUING.has(scheme) && seen !== undefined && values[0] === seen + 1) return 'next'
    if (last(values) === 1) return open.length === 0 ? 'first' : 'restart'
    return open.some(node => last(values) > last(node.values) && last(values) <= last(node.values) + 4) ? 'gap' : null
  }

  function fitDecimal(values: readonly number[]): Fit {
    const siblings = stack.filter(
      node =>
        node.scheme === 'decimal' &&
        node.values.length === values.length &&
        startsWith(values, node.values.slice(0, -1)),
    )
    if (siblings.some(node => follows(values, node.values))) return 'next'
    const prefix = values.slice(0, -1)
    const isFirst = last(values) === 1
    if (
      stack.some(
        node => node.scheme !== null && node.values.length === prefix.length && startsWith(prefix, node.values),
      )
    )
      return isFirst ? 'first' : 'gap'
    if (
      isFirst &&
      values.length === 2 &&
      (lastDecimal.length === 0 ? values[0] === 1 : values[0] === (lastDecimal[0] ?? 0) + 1)
    )
      return 'first'
    // 2.1 → 2.2.1: the clause between them has no line of its own
    if (isFirst && stack.some(node => node.scheme === 'decimal' && follows(prefix, node.values))) return 'first'
    if (isFirst && values[0] === 1 && values.length === 2) return 'restart'
    return siblings.some(node => last(values) > last(node.values) && last(values) <= last(node.values) + 4)
      ? 'gap'
      : null
  }

  /** The reading of an ambiguous label ("i.") that fits better. */
  function choose(label: Label): Reading {
    if (!label.other) return label
    const primary = fit(label)
    if (primary === 'next' || primary === 'first') return label
    const other = fit(label.other)
    return other === 'next' || other === 'first' ? label.other : label
  }

  /** Whether a letter goes on with the list that numbers came between. */
  const resumes = ({ scheme, values }: Reading): boolean =>
    LETTERS.has(scheme) &&
    interrupted !== null &&
    sameFamily(interrupted.scheme, scheme) &&
    last(values) > last(interrupted.values) &&
    last(values) <= last(interrupted.values) + 4 &&
    stack.includes(interrupted.parent ?? root)

  /** Brings the stack to where a label of this reading belongs. */
  function place(reading: Reading, list: number, titleAhead: boolean): void {
    const { scheme, values } = reading
    if (scheme === 'decimal') return placeDecimal(values)
    const same = stack.filter(node => sameFamily(node.scheme, scheme) && node !== root)
    const inList = list > 0 ? same.filter(node => node.list === list) : same
    const nexts = (inList.length > 0 ? inList : same).filter(
      node => follows(values, node.values) && (list === 0 || node.list <= list),
    )
    const exact = nexts.filter(node => node.scheme === scheme)
    const usable = exact.length > 0 ? exact : nexts
    const sibling =
      usable.length > 1 && titleAhead ? (usable.find(node => node.titleOnly) ?? usable.at(-1)) : usable.at(-1)
    if (sibling) return popTo(sibling)
    const inner = same.at(-1)
    if (inner && last(values) === 1) {
      const exactInner = same.findLast(node => node.scheme === scheme)
      if (exactInner && exactInner !== inner && list <= exactInner.list) return popTo(exactInner)
      const hasDecimals = stack.some(node => node.scheme === 'decimal' && startsWith(node.values, inner.values))
      const nests =
        !UNIT_SCHEMES.has(scheme) &&
        (list > inner.list ||
          (list === 0 && inner.heading > 0) ||
          ((inner.titleOnly || hasDecimals) && !titleAhead && values.length === 1))
      if (inner.scheme !== scheme && inner === top()) return
      if (!nests) return popTo(inner)
      if (list > inner.list) popWhile(node => node.list >= list && node !== inner)
      return
    }
    const onward =
      same.findLast(node => node.scheme === scheme && last(values) > last(node.values)) ??
      same.findLast(node => node.scheme === scheme)
    if (onward && !(list > onward.list) && !(onward.heading > 0 && list > 0)) return popTo(onward)
    if (list > 0) return popWhile(node => node.list >= list)
    const inside = stack.findLast(node => node.scheme !== null && LETTERS.has(node.scheme))
    popWhile(node => node.list > 0 && !node.titleOnly)
    if (resumes(reading)) return popWhile(node => node !== interrupted?.parent)
    const opens = last(values) === 1 || (CONTINUING.has(scheme) && values[0] === (lastSeen.get(scheme) ?? 0) + 1)
    popWhile(
      node =>
        node.heading === 0 &&
        node.scheme !== null &&
        rankOf(node.scheme) > rankOf(scheme) &&
        !(opens && node.titleOnly),
    )
    if (ENUMERATORS.has(scheme) && last(values) === 1 && inside?.scheme && LETTERS.has(inside.scheme))
      interrupted = inside
  }

  function placeDecimal(values: readonly number[]): void {
    const decimals = stack.filter(node => node.scheme === 'decimal')
    const sibling = decimals.find(
      node => node.values.length === values.length && startsWith(values, node.values.slice(0, -1)),
    )
    if (sibling) return popTo(sibling)
    const parent = decimals.findLast(node => node.values.length < values.length && startsWith(values, node.values))
    if (parent) return popWhile(node => node !== parent)
    const outer = decimals.find(node => node.values.length >= values.length) ?? decimals[0]
    const holds = (node: Node): boolean =>
      node.scheme !== null && node.values.length === 1 && node.values[0] === values[0]
    // a list item "2、" inside 1.4 does not hold 2.1, the heading "1 传输安全" of an annex does hold 1.1
    const inner = outer ? innermost(node => holds(node) && node.titleOnly && node.depth > outer.depth) : undefined
    if (outer && !inner) popTo(outer)
    const holder = inner ?? innermost(holds)
    if (holder) return popWhile(node => node !== holder)
    if (outer) return popWhile(node => node.values.length === 1 && node.values[0] === outer.values[0])
    popWhile(node => node.heading === 0 && node.scheme !== null && rankOf(node.scheme) > rankOf('decimal'))
  }

  function openClause(
    label: Label | null,
    reading: Reading | null,
    start: number,
    labelSpan: Span,
    heading: number,
    list: number,
  ): Node {
    const parent = top()
    const node: Node = {
      id: nodes.length,
      label,
      scheme: reading?.scheme ?? null,
      values: reading?.values ?? [],
      heading,
      list,
      depth: parent.depth + 1,
      parent,
      previous: parent.children.at(-1) ?? null,
      children: [],
      start,
      labelSpan,
      end: start,
      title: null,
      titleOnly: false,
    }
    parent.children.push(node)
    nodes.push(node)
    stack.push(node)
    if (reading) {
      if (reading.scheme === 'decimal') lastDecimal = reading.values
      lastSeen.set(reading.scheme, reading.values[0] ?? 0)
    }
    return node
  }

  /** A heading closes by level; where the levels are flat, by scheme. */
  function placeHeading(level: number, reading: Reading | null): void {
    if (reading) {
      const sibling = stack.findLast(
        node => node.heading > 0 && node.scheme === reading.scheme && follows(reading.values, node.values),
      )
      if (sibling) return popTo(sibling)
      // flat heading levels: 2.1 and 2.1.1 are both ###
      const parent =
        reading.scheme === 'decimal'
          ? stack.findLast(
              node =>
                node.heading > 0 &&
                node.scheme === 'decimal' &&
                node.values.length < reading.values.length &&
                startsWith(reading.values, node.values),
            )
          : undefined
      if (parent) return popWhile(node => node !== parent)
    }
    popWhile(node => {
      if (node.heading === 0 || node.heading > level)
        return !(
          reading &&
          node.heading === 0 &&
          node.scheme !== null &&
          UNIT_SCHEMES.has(node.scheme) &&
          rankOf(node.scheme) < rankOf(reading.scheme)
        )
      if (node.heading < level) return false
      return !(reading && node.scheme !== null && rankOf(node.scheme) < rankOf(reading.scheme))
    })
  }

  let bare: Node | null = null
  /** The list item whose bullets are being read. */
  let host: Node | null = null
  const announces = (node: Node): boolean =>
    /[：:]$|(?:以下|下列|如下)[^。]*$/.test(text.slice(Math.max(node.start, node.end - 40), node.end))
  const push = (
    block: number,
    start: number,
    end: number,
    node: Node,
    fresh: boolean,
    near: boolean,
    bullet = 0,
  ): void => {
    while (start < end && BLANK.test(text.charAt(start))) start++
    while (end > start && /\s/.test(text.charAt(end - 1))) end--
    node.end = Math.max(node.end, end)
    if (start >= end) {
      // a label alone on its line: what it labels comes in the next block
      if (fresh) bare = node
      return
    }
    const title = fresh && bullet === 0 ? titleSpan(text, start, end, node.scheme) : { start, end: start }
    if (fresh && bullet === 0) {
      const leading = titleWords(text, start, end, title)
      node.title = leading
      node.titleOnly = leading !== null && title.end === end && title.start === start && title.end > title.start
    }
    pieces.push({ block, span: { start, end }, node, fresh, near, title, bullet })
  }

  blocks.forEach((block, index) => {
    if (block.kind === 'code') return
    const { end } = block.span
    let { start } = block.span
    while (start < end && BLANK.test(text.charAt(start))) start++
    if (start >= end) return
    if (block.kind === 'row') {
      if (!block.headerRow) push(index, start, end, top(), false, false)
      return
    }
    if (block.kind === 'heading') return void readHeading(block, index, start, end)

    const waiting: Node | null = bare
    bare = null
    if (waiting) while (start < end && /[\s、.．]/.test(text.charAt(start))) start++
    if (start >= end) return
    const list = block.kind === 'list-item' ? Math.max(1, block.depth) : 0
    const inked = bulletLength(text, start)
    const dash = inked > 0 && (list > 0 || !/[-–—*]/.test(text.charAt(start)) || text.charAt(start) === '-')
    const bullet = dash && inked > 0 ? inked : 0
    const from = start + bullet
    const counter = block.counter === undefined ? null : readLabel(`${block.counter.trim()} `, 0, true)
    const label = acceptable(from, end)
    if (label) {
      const reading = choose(label)
      place(reading, list, isTitle(text.slice(label.end, Math.min(end, label.end + 40))) && end - label.end < 40)
      const node = openClause(label, reading, from, { start: from, end: label.labelEnd }, 0, list)
      return scan(index, label.end, end, node, true, 0)
    }
    if (counter && bullet === 0) {
      const reading = choose(counter)
      place(reading, list, isTitle(text.slice(start, Math.min(end, start + 40))) && end - start < 40)
      return scan(index, start, end, openClause(counter, reading, start, { start, end: start }, 0, list), true, 0)
    }
    if (list > 0 || bullet > 0) {
      // "3. …以下内容：" and bullets at the same depth: the bullets belong to 3
      if (host !== top()) host = announces(top()) ? top() : null
      if (!host) popWhile(node => node.list >= Math.max(1, list) && !(node.titleOnly && node.list === list))
      return scan(index, from, end, top(), true, Math.max(1, list))
    }
    host = null
    popWhile(node => node.list > block.depth && !node.titleOnly && node !== waiting)
    scan(index, start, end, top(), waiting === top(), waiting === top())
  })

  /** The label at the start of a block or line, unless it reads as a reference or a quantity. */
  function acceptable(at: number, end: number): Label | null {
    const strict = readLabel(text, at)
    const label = strict ?? readLabel(text, at, true)
    if (!label || label.labelEnd > end) return null
    const reading = choose(label)
    const fits = fit(reading)
    const rest = text.slice(label.labelEnd, Math.min(end, label.labelEnd + 12))
    if (!strict)
      return (fits === 'next' || fits === 'first') && isTitle(text.slice(label.end, Math.min(end, label.end + 40)))
        ? label
        : null
    if (isUnit(label.scheme)) return AFTER_UNIT_REFERENCE.test(rest) ? null : label
    if (label.scheme.endsWith('-paren') && AFTER_PLACED_LABEL.test(rest)) return null
    if (LETTERS.has(reading.scheme)) return fits === null && !resumes(reading) ? null : label
    if (
      label.scheme === 'decimal' &&
      fits === null &&
      label.values.length === 2 &&
      label.separator === '' &&
      lastDecimal.length === 0
    )
      return null
    return label
  }

  function readHeading(block: Block, index: number, start: number, end: number): void {
    const counter = block.counter === undefined ? null : readLabel(`${block.counter.trim()} `, 0, true)
    const inText = readLabel(text, start, true)
    const label =
      inText &&
      inText.labelEnd <= end &&
      !(isUnit(inText.scheme) && AFTER_UNIT_REFERENCE.test(text.slice(inText.labelEnd, inText.labelEnd + 6)))
        ? inText
        : counter
    if (!label && index === titleHeading) {
      push(index, start, end, root, false, false)
      return
    }
    const reading = label ? choose(label) : null
    placeHeading(block.level ?? 6, reading)
    const labelled = label !== null && label === inText
    const node = openClause(
      label,
      reading,
      start,
      { start, end: labelled ? label.labelEnd : start },
      block.level ?? 6,
      0,
    )
    const from = labelled ? Math.min(label.end, end) : start
    push(index, from, end, node, true, true)
    const rest = text.slice(from, end).trim()
    if (rest.length > 0 && rest.length <= 80 && !/[。；]./.test(rest)) {
      node.title = rest
        .replace(/\s*\n\s*/g, '')
        .replace(/[：:]$/, '')
        .replace(/^【(.*)】$/, '$1')
      node.titleOnly = true
    }
    bare = null
  }

  /** Walks through the content of a block, opening a clause at each label that the running sequences make credible. */
  function scan(
    index: number,
    start: number,
    end: number,
    first: Node,
    fresh: boolean,
    bulletOrNear: number | boolean,
  ): void {
    const bullet = typeof bulletOrNear === 'number' ? bulletOrNear : 0
    let near = typeof bulletOrNear === 'boolean' ? bulletOrNear : true
    if (typeof bulletOrNear === 'number' && !fresh) near = false
    const closing = pairs(text, { start, end })
    let node = first
    let from = start
    let isFresh = fresh
    let level = bullet
    for (let at = start; at < end; at++) {
      if (annex?.start === at) {
        if (at > from) push(index, from, at, node, isFresh, near, level)
        stack = [root]
        // as a heading does, it holds what is numbered below it
        node = openClause(null, null, at, { start: at, end: at }, 1, 0)
        push(index, at, annex.end, node, true, true)
        from = annex.end
        while (from < end && /[\s：:]/.test(text.charAt(from))) from++
        at = from - 1
        isFresh = readLabel(text, from) !== null
        near = true
        level = 0
        continue
      }
      const code = text.charCodeAt(at)
      if (LABEL_STARTS[code] === 1) {
        const label = inline(at, from, end, isFresh && level === 0)
        if (label) {
          const reading = choose(label)
          push(index, from, at, node, isFresh, near, level)
          bare = null
          place(reading, 0, false)
          node = openClause(label, reading, at, { start: at, end: label.labelEnd }, 0, 0)
          from = label.end
          at = Math.max(at, label.end - 1)
          isFresh = true
          near = true
          level = 0
          continue
        }
      }
      const close = closing.size > 0 ? closing.get(at) : undefined
      if (close !== undefined && close < end) at = close
      else if (code >= 0x30 && code <= 0x39) while (at + 1 < end && /[\d.]/.test(text.charAt(at + 1))) at++
    }
    push(index, from, end, node, isFresh, near, level)
  }

  /** The label at `at`, in the middle of a block whose current clause text began at `from`, if one is there beyond doubt. */
  function inline(at: number, from: number, end: number, afterLabel: boolean): Label | null {
    if (/[A-Za-z\d.．%]/.test(text.charAt(at - 1)) && at > from && mayBeGlued(at)) return null
    let back = at
    while (back > from && /\s/.test(text.charAt(back - 1))) back--
    const gap = text.slice(back, at)
    const label = readLabel(text, at)
    if (!label || label.labelEnd >= end) return null
    const reading = choose(label)
    const fits = fit(reading)
    const restFrom = label.separator === '、' ? label.end : label.labelEnd
    const rest = text.slice(restFrom, Math.min(end, restFrom + 12))
    const before = text.slice(Math.max(from, back - 16), back)
    const unit = isUnit(label.scheme)
    const expected = back <= from || /[。；：:]/.test(text.charAt(back - 1))
    if ((unit ? AFTER_UNIT_REFERENCE : expected ? AFTER_PLACED_LABEL : AFTER_LABEL_REFERENCE).test(rest)) return null
    if (back <= from) return afterLabel && fits !== null ? label : null
    const next = text.charAt(label.end)
    const set = /^\s*[\s【]/.test(rest)
    const previous = before.at(-1) ?? ''
    if (
      /[。；！？;!?]/.test(previous) ||
      (/[”」）)]/.test(previous) && /[。！？]/.test(before.at(-2) ?? '')) ||
      previous === '】' ||
      (previous === '.' && gap !== '')
    ) {
      if (fits === 'next' || fits === 'first') return label
      if (fits === 'restart') return /[。；】]/.test(previous) || gap !== '' ? label : null
      return fits === 'gap' && (unit || label.values.length > 1) ? label : unit && set ? label : null
    }
    if (/[：:]/.test(previous))
      return fits === 'first' || (fits === 'restart' && last(reading.values) === 1) || (unit && set && fits !== null)
        ? label
        : null
    if (/[；;，,。]\s*(?:或者?|和|且|并且|以及|及)$/.test(before)) return fits === 'next' ? label : null
    const referred = ENDS_REFERENCE.test(before) || (previous === '》' && gap === '')
    const heading =
      afterLabel && !referred && back - from > 1 && back - from <= 40 && isTitle(text.slice(from, back), 24)
    if (unit && (set || gap !== '') && (fits === 'next' || fits === 'first') && !referred) return label
    if (unit && set && (heading || AFTER_VERSION.test(before))) return label
    if (
      heading &&
      (fits === 'first' || fits === 'next') &&
      (gap !== '' || label.scheme === 'han-paren' || label.values.length > 1) &&
      !(LETTERS.has(reading.scheme) && gap === '')
    )
      return label
    if (referred || LETTERS.has(reading.scheme))
      return fits === 'next' && gap.includes('\n') && !referred ? label : null
    if (gap.includes('\n')) return fits === 'next' || fits === 'first' ? label : null
    if (fits === 'first' && LIST_WORDS.test(before) && !/\d/.test(next)) return label
    if (gap === '') return confirmed(label, reading, fits, heading, end) ? label : null
    return fits === 'next' || (fits === 'first' && !NUMERIC.has(reading.scheme)) ? label : null
  }

  /** In flattened text, "（1）" glued to the words before is a label if "；（2）" follows, or the words are a title. */
  function confirmed(label: Label, reading: Reading, fits: Fit, heading: boolean, end: number): boolean {
    if (!ENUMERATORS.has(reading.scheme) || last(reading.values) !== 1 || fits === null || end - label.end < 200)
      return false
    if (heading && fits === 'first') return true
    const successor = SUCCESSOR[reading.scheme] ?? /[；。]2）/
    return end - label.end > 800 && successor.test(text.slice(label.end, Math.min(end, label.end + 300)))
  }

  function mayBeGlued(at: number): boolean {
    return /[A-Za-z\d]/.test(text.charAt(at)) || /[A-Za-z]/.test(text.charAt(at - 1))
  }

  for (const node of nodes) node.end = Math.max(node.end, node.labelSpan.end)
  for (let id = nodes.length - 1; id > 0; id--) {
    const node = nodes[id]
    if (node?.parent) node.parent.end = Math.max(node.parent.end, node.end)
  }
  return { nodes, pieces }
}

const isUnit = (scheme: Scheme): boolean => UNIT_SCHEMES.has(scheme) || scheme === 'paragraph' || scheme === 'point'

/** 1 for the UTF-16 units a label can start with. */
const LABEL_STARTS = new Uint8Array(0x10000)
for (const [low, high] of [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x61, 0x7a],
  [0x2160, 0x24ff],
  [0x2776, 0x277f],
  [0x3220, 0x325f],
] as const)
  LABEL_STARTS.fill(1, low, high + 1)
for (const char of '第(（一二三四五六七八九十') LABEL_STARTS[char.charCodeAt(0)] = 1

/** The span of a title that stands apart at the start of a clause: "【…】", a whole short line, the first words of a flattened line. */
function titleSpan(text: string, start: number, end: number, scheme: Scheme | null): Span {
  const none = { start, end: start }
  if (text.charAt(start) === '【') {
    const close = text.slice(start, Math.min(end, start + 42)).indexOf('】')
    if (close > 0) return { start, end: start + close + 1 }
  }
  const whole = text.slice(start, Math.min(end, start + 60))
  if (
    end - start <= 60 &&
    (isTitle(whole, 30) ||
      (scheme !== null && OUTER_SCHEMES.has(scheme) && end - start <= 30 && !/[，。；：！？,;:!?\n]/.test(whole)))
  )
    return { start, end }
  const before = /^([\u3400-\u9fff、/（）A-Za-z]{2,16})(?=【[^】\n]{2,12}】)/.exec(whole)?.[1]
  if (before !== undefined && isTitle(before)) return { start, end: start + before.length }
  const line = whole.indexOf('\n')
  if (
    line > 0 &&
    line <= 24 &&
    isTitle(whole.slice(0, line), 16) &&
    !/[的和与及或在为由将是等、/]\s*$/.test(whole.slice(0, line)) &&
    // A line that opens like a sentence was broken by the capture: 通过活动页⏎收集的信息….
    !/^(?:为(?!了?规范)|在(?!线)|因|由|与|对(?!账)|向|根据|按照|通过|经|被|将|当|每|凡)/.test(whole) &&
    !/^\s*[，。、；：,]/.test(whole.slice(line)) &&
    /^\s*(?:[^\s]{4,})/.test(whole.slice(line))
  )
    return { start, end: start + line }
  // white space is all that is left of the line break after a title
  const space = /^([\u3400-\u9fff“”"《》、/（）()A-Za-z]{2,16})[ \t\u3000]+(?=[\u3400-\u9fff“"（《【\d])/.exec(whole)
  if (
    space?.[1] &&
    /[，。；：]/.test(whole.slice(space[1].length)) &&
    isTitle(space[1], 16) &&
    /[\u3400-\u9fff）)”》]$/.test(space[1]) &&
    !/^(?:为|在(?!线)|因|由|与|对(?!账)|向|根据|按照|通过)|[的和与及或在为由将是、]$/.test(space[1])
  )
    return { start, end: start + space[1].length }
  return none
}

/** The words of a clause's title, null where it opens with its text. */
function titleWords(text: string, start: number, end: number, title: Span): string | null {
  if (title.end > title.start)
    return (
      text
        .slice(title.start, title.end)
        .replace(/\s*\n\s*/g, '')
        .replace(/^【(.*)】$/, '$1')
        .replace(/[：:]$/, '')
        .trim() || null
    )
  const lead = /^([^：:\n，。；！？,;【】{}]{1,16})[：:]/.exec(text.slice(start, Math.min(end, start + 24)))?.[1]
  return lead !== undefined && isTitle(lead, 16) && !/[的指为]$/.test(lead) ? lead.trim() : null
}

const ANNEX = /(?:规则|条款|条文)解读|常见问题(?:解答|与解答)?|Q\s?&\s?A|FAQ/g
/** What may stand behind the title of such a section: a line end, a colon, its first number or question. */
const AFTER_ANNEX = /^\s*(?:$|\n|[：:]|[一1][、.．]|[（(][一1][）)]|[Q问]\s?[1一：:])/
/** A colon and a first number, which only a title has behind it, in running text behind a full stop. */
const HEADS_LIST = /^[：:]\s?(?:[一1][、.．]|[（(][一1][）)]|[Q问]\s?[1一：:])/
const TAKES_EFFECT = /(?:生效|施行|实施|执行|为准)[^。；！？]{0,20}[。！]\s*$/

/** "规则解读" and questions behind the last article, which are no part of it; null where there are none. Headings open sections by themselves. */
function findAnnex({ text, blocks }: Document): Span | null {
  ANNEX.lastIndex = 0
  if (!ANNEX.test(text)) return null
  let article = -1
  for (const { index } of text.matchAll(/第[〇零一二两三四五六七八九十百\d]{1,6}条/g))
    if (index === 0 || /[。；！？\n\s]/.test(text.charAt(index - 1))) article = index
  if (article < 0) return null
  ANNEX.lastIndex = article
  for (let match = ANNEX.exec(text); match; match = ANNEX.exec(text)) {
    const span = { start: match.index, end: match.index + match[0].length }
    const before = text.slice(Math.max(article, span.start - 60), span.start)
    const opens = /\n\s*$/.test(before) && AFTER_ANNEX.test(text.slice(span.end, span.end + 8))
    const runsOn = TAKES_EFFECT.test(before) && AFTER_ANNEX.test(text.slice(span.end, span.end + 8))
    const heads = /[。！]\s*\/?\s*$/.test(before) && HEADS_LIST.test(text.slice(span.end, span.end + 8))
    if (!opens && !runsOn && !heads) continue
    const block = blocks.find(b => b.span.start <= span.start && b.span.end >= span.end)
    return block?.kind === 'paragraph' ? span : null
  }
  return null
}

/** The heading that is the document's title and opens no clause: its first unnumbered h1, or what stands first of all. */
function findTitleHeading(document: Document): number {
  const { blocks, text } = document
  const highest = blocks
    .filter(block => block.kind === 'heading')
    .reduce((level, block) => Math.min(level, block.level ?? 6), 7)
  const index = blocks.findIndex(block => block.kind === 'heading')
  const first = blocks[index]
  if (!first || first.level !== highest) return -1
  const words = text.slice(first.span.start, first.span.end).trim()
  const equals = blocks.filter(
    block => block.kind === 'heading' && block.level === highest && !readLabel(text, block.span.start, true),
  ).length
  return equals === 1 ||
    words === document.declaredTitle?.trim() ||
    /(?:协议|規則|规则|规范|政策|办法|细则|条款|公约|声明|标准|须知|协议书|合同|协定|協議)$/.test(words)
    ? index
    : -1
}
