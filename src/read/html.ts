/** HTML to blocks, the way a browser shows it: pages, fragments, and HTML inside Markdown. */
import rehypeParse from 'rehype-parse'
import { unified } from 'unified'
import { chineseNumber } from '../text/number.js'
import type { BlockKind, Segment } from '../types.js'
import { align } from './align.js'
import { createBuilder, PLAIN, type Builder, type Built, type Style } from './builder.js'
import { toSource } from './source-map.js'
import { classesOf, lookOf, parseStyleSheet, type StyleSheet } from './style.js'
import { HEADER_LENGTH, tableHeaders, type GridCell } from './table.js'
import { offsetsOf, plainText, type TreeNode } from './tree.js'

/** What a walk through HTML found beside text. */
interface Found {
  readonly declaredTitle: string | null
  /** Stretches of struck-out text that were left out. */
  readonly struck: number
  /** Hidden elements that were left out though they hold more than a label. */
  readonly hidden: number
  readonly externalStyles: number
}

/** What the HTML reader hands on. */
export interface HtmlContent extends Built, Found {}

/** What an outer reader lends to HTML inside its own text. */
export interface Surroundings {
  readonly builder: Builder
  readonly kind: BlockKind
  readonly depth: number
  /** The list item that the HTML stands in, whose counter its first block takes. */
  readonly item: { counter: string | undefined } | null
  readonly style: Style
  readonly nextTable: () => number
}

const SKIPPED = new Set([
  'head',
  'script',
  'style',
  'nav',
  'template',
  'noscript',
  'iframe',
  'svg',
  'canvas',
  'object',
  'audio',
  'video',
  'select',
  'button',
  'rt',
  'rp',
  'datalist',
  'map',
  'math',
  'title',
  'link',
  'meta',
])
const STRUCK = new Set(['del', 's', 'strike'])
const BLOCKS = new Set([
  'address',
  'article',
  'aside',
  'blockquote',
  'body',
  'caption',
  'center',
  'dd',
  'details',
  'dialog',
  'dir',
  'div',
  'dl',
  'dt',
  'fieldset',
  'figcaption',
  'figure',
  'footer',
  'form',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'header',
  'hgroup',
  'hr',
  'html',
  'legend',
  'li',
  'listing',
  'main',
  'menu',
  'ol',
  'optgroup',
  'option',
  'p',
  'plaintext',
  'pre',
  'section',
  'summary',
  'table',
  'tbody',
  'td',
  'textarea',
  'tfoot',
  'th',
  'thead',
  'tr',
  'ul',
  'xmp',
])
const HEADING_CLASS = /^(?:heading-?|text-|title-|docx-heading-?)?h([1-6])$|^(?:docx-)?heading-?([1-6])(?:-block)?$/i
const TITLE_CLASS = /^(?:sub-?)?(?:title|heading)$/i
/** A `class="title"` over more text than this is a box, not a heading. */
const TITLE_LENGTH = 60
/** Hidden elements with less text are labels and hints. */
const HIDDEN_LENGTH = 100
const ESCAPED_TAG = /<\/?(?:p|div|span|br|h[1-6]|strong|b|u|em|table|tr|td|th|ul|ol|li|font|section)\b[^<>]*>/gi

const page = unified().use(rehypeParse)
const fragment = unified().use(rehypeParse, { fragment: true })

/** The syntax tree of a page or a piece of HTML. */
export function htmlTree(html: string): TreeNode {
  const isPage = /<(?:!doctype|html|head|body)\b/i.test(html)
  return (isPage ? page : fragment).parse(html) as unknown as TreeNode
}

/**
 * Reads a whole file or a piece of HTML, of which `root` is the syntax tree. HTML that was stored with its tags escaped
 * is read a second time.
 */
export function readHtml(source: string, root: TreeNode = htmlTree(source)): HtmlContent {
  const outer = readOnce(source, root)
  if (!isEscapedHtml(outer.text)) return outer
  const inner = readOnce(outer.text)
  return {
    ...inner,
    segments: compose(inner.segments, outer),
    declaredTitle: inner.declaredTitle ?? outer.declaredTitle,
  }
}

function readOnce(source: string, root: TreeNode = htmlTree(source)): HtmlContent {
  const builder = createBuilder({ softBreaks: false })
  let tables = 0
  const nextTable = (): number => ++tables
  const surroundings: Surroundings = { builder, kind: 'paragraph', depth: 0, item: null, style: PLAIN, nextTable }
  const found = walkHtml(source, surroundings, 0, root)
  return { ...builder.finish(), ...found }
}

/** True where what a reader would see is itself mostly markup. */
function isEscapedHtml(text: string): boolean {
  if (!text.startsWith('<')) return false
  const tags = text.match(ESCAPED_TAG)
  return tags !== null && tags.length >= 4 && tags.join('').length * 30 >= text.length
}

/** Maps segments of a second reading through the first one. */
function compose(inner: readonly Segment[], outer: Built): Segment[] {
  return inner.map(({ text, source, verbatim }) => {
    const target = toSource(outer, source)
    return { text, source: target, verbatim: verbatim && target.end - target.start === text.end - text.start }
  })
}

/**
 * Walks `html` into the builder that `surroundings` lends. `html` stands at `offset` of `source`, character for character,
 * save for line prefixes that may be blanked.
 */
export function walkHtml(html: string, surroundings: Surroundings, offset: number, root = htmlTree(html)): Found {
  const { builder, nextTable } = surroundings
  const head = survey(root)
  let struck = 0
  let hidden = 0

  interface Context {
    readonly kind: BlockKind
    readonly level: number | undefined
    readonly depth: number
    readonly style: Style
    readonly inCell: boolean
    readonly preserved: boolean
    /** Shared by everything inside one list item; taken by the first block. */
    readonly item: { counter: string | undefined } | null
  }
  const ancestors: TreeNode[] = []

  const endBlock = (context: Context): void => {
    if (context.inCell) {
      builder.breakLine()
      return
    }
    const { item } = context
    // What follows the first block of a list item is shown beside its counter, not numbered again.
    const kind = context.kind === 'list-item' && item?.counter === undefined ? 'paragraph' : context.kind
    const kept = builder.endBlock({
      kind,
      level: kind === 'heading' ? context.level : undefined,
      depth: context.depth,
      counter: item?.counter === '' ? undefined : item?.counter,
    })
    if (kept && item) item.counter = undefined
  }

  const writeText = (node: TreeNode, context: Context): void => {
    const place = offsetsOf(node)
    const value = node.value ?? ''
    if (!place) return
    const emit = (part: string, start: number, end: number, verbatim: boolean): void => {
      const from = start + offset
      const to = end + offset
      if (!context.preserved) {
        builder.write(part, from, to, verbatim, context.style)
        return
      }
      let done = 0
      for (const line of part.split('\n')) {
        if (done > 0) endBlock(context)
        const at = verbatim ? from + done : from
        builder.write(line, at, verbatim ? at + line.length : to, verbatim, context.style)
        done += line.length + 1
      }
    }
    align(value, html, place.start, place.end, 'html', emit)
  }

  const walkChildren = (node: TreeNode, context: Context): void => {
    ancestors.push(node)
    for (const child of node.children ?? []) walk(child, context)
    ancestors.pop()
  }

  const walk = (node: TreeNode, context: Context): void => {
    if (node.type === 'text') {
      writeText(node, context)
      return
    }
    if (node.type !== 'element' || !node.tagName) {
      if (node.type === 'root') walkChildren(node, context)
      return
    }
    const tag = node.tagName
    if (tag === 'br') {
      endBlock(context)
      return
    }
    if (SKIPPED.has(tag) || isFurniture(node, ancestors)) return
    const look = lookOf(node, ancestors, context.style, head.sheet)
    if (look.hidden) {
      if (plainText(node, HIDDEN_LENGTH).length >= HIDDEN_LENGTH) hidden++
      return
    }
    if (STRUCK.has(tag)) {
      if (plainText(node, 0) !== '') struck++
      return
    }
    const isBlock = BLOCKS.has(tag) || /^(?:block|flex|grid|table|list-item|flow-root)$/.test(look.display ?? '')
    const preserved = context.preserved || look.preserved || tag === 'pre' || tag === 'textarea' || tag === 'listing'
    if (!isBlock) {
      walkChildren(
        node,
        look.style === context.style && preserved === context.preserved
          ? context
          : { ...context, style: look.style, preserved },
      )
      return
    }
    endBlock(context)
    const inner: Context = { ...context, ...kindOf(node, context), style: look.style, preserved }
    if (tag === 'table' && !context.inCell && !isLayout(node)) {
      walkTable(node, inner)
    } else if (tag === 'ol' || tag === 'ul' || tag === 'menu' || tag === 'dir') {
      walkList(node, { ...inner, depth: context.depth + 1 }, look.listStyle)
    } else {
      walkChildren(node, inner)
    }
    endBlock(inner)
  }

  const walkList = (list: TreeNode, context: Context, listStyle: string | null): void => {
    const properties = list.properties ?? {}
    const items = (list.children ?? []).filter(child => child.tagName === 'li')
    const step = properties['reversed'] ? -1 : 1
    let number = Number(properties['start'] ?? (step < 0 ? items.length : 1))
    ancestors.push(list)
    for (const child of list.children ?? []) {
      if (child.tagName !== 'li') {
        walk(child, context)
        continue
      }
      const look = lookOf(child, ancestors, context.style, head.sheet)
      if (look.hidden) continue
      const value = Number(child.properties?.['value'] ?? Number.NaN)
      if (Number.isInteger(value)) number = value
      const type =
        look.listStyle ??
        child.properties?.['type'] ??
        listStyle ??
        properties['type'] ??
        (list.tagName === 'ol' ? '1' : 'disc')
      const item = { counter: counterText(number, String(type)) }
      number += step
      endBlock(context)
      const inner: Context = { ...context, kind: 'list-item', item, style: look.style }
      walkChildren(child, inner)
      endBlock(inner)
    }
    ancestors.pop()
  }

  const walkTable = (table: TreeNode, context: Context): void => {
    const rows = rowsOf(table)
    const grid = rows.map(({ cells }) => cells.map(gridCell))
    const declared = rows.filter(({ inHead }) => inHead).length
    const { headerRows, headers } = tableHeaders(grid, declared)
    const number = nextTable()
    ancestors.push(table)
    for (const child of table.children ?? []) {
      if (child.tagName === 'caption') walk(child, { ...context, kind: 'paragraph' })
    }
    rows.forEach(({ row, cells }, index) => {
      const look = lookOf(row, ancestors, context.style, head.sheet)
      if (look.hidden) return
      ancestors.push(row)
      for (const cell of cells) {
        const cellLook = lookOf(cell, ancestors, look.style, head.sheet)
        builder.openCell()
        if (!cellLook.hidden) {
          walkChildren(cell, { ...context, kind: 'row', style: cellLook.style, inCell: true, item: null })
        }
        builder.closeCell()
      }
      ancestors.pop()
      builder.endBlock({
        kind: 'row',
        depth: context.depth,
        table: number,
        headerRow: index < headerRows,
        headers: headers[index],
      })
    })
    ancestors.pop()
  }

  const { kind, depth, style, item } = surroundings
  const start: Context = { kind, level: undefined, depth, style, inCell: false, preserved: false, item }
  walk(root, start)
  endBlock(start)
  return { declaredTitle: head.title, struck, hidden, externalStyles: head.externalStyles }
}

/** Title and style rules, wherever in the tree they stand. */
function survey(root: TreeNode): {
  readonly title: string | null
  readonly sheet: StyleSheet
  readonly externalStyles: number
} {
  let title: string | null = null
  let externalStyles = 0
  const styles: string[] = []
  const visit = (node: TreeNode): void => {
    if (node.tagName === 'style') styles.push(node.children?.[0]?.value ?? '')
    else if (node.tagName === 'title') title ??= plainText(node, 200) || null
    else if (node.tagName === 'link' && String(node.properties?.['rel']).includes('stylesheet')) externalStyles++
    else for (const child of node.children ?? []) visit(child)
  }
  visit(root)
  return { title, sheet: parseStyleSheet(styles.join('\n')), externalStyles }
}

/** Navigation, and page footers outside the text proper. */
function isFurniture(element: TreeNode, ancestors: readonly TreeNode[]): boolean {
  const role = element.properties?.['role']
  if (role === 'navigation' || role === 'contentinfo') return true
  return (
    element.tagName === 'footer' &&
    !ancestors.some(({ tagName }) => tagName === 'article' || tagName === 'main' || tagName === 'section')
  )
}

/** What a block element makes of the text inside it; nothing where it only groups. */
function kindOf(element: TreeNode, context: { readonly kind: BlockKind }): { kind?: BlockKind; level?: number } {
  const tag = element.tagName ?? ''
  const heading = /^h([1-6])$/.exec(tag)
  if (heading) return { kind: 'heading', level: Number(heading[1]) }
  if (tag === 'blockquote') return { kind: 'quote' }
  if (tag === 'pre') return element.children?.some(child => child.tagName === 'code') ? { kind: 'code' } : {}
  for (const name of classesOf(element)) {
    const level = HEADING_CLASS.exec(name)
    if (level) return { kind: 'heading', level: Number(level[1] ?? level[2]) }
    if (
      TITLE_CLASS.test(name) &&
      context.kind === 'paragraph' &&
      plainText(element, TITLE_LENGTH).length <= TITLE_LENGTH
    ) {
      return { kind: 'heading', level: 2 }
    }
  }
  return {}
}

const UPPER_ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
]

/** The counter as a browser shows it; "" where the list shows none. */
function counterText(number: number, type: string): string {
  if (/\bnone\b/.test(type)) return ''
  if (/disc|circle|square/.test(type)) return '•'
  if (/cjk|chinese/.test(type)) return `${chineseNumber(number)}、`
  if (type === 'a' || /lower-(?:alpha|latin)/.test(type)) return `${letters(number)}.`
  if (type === 'A' || /upper-(?:alpha|latin)/.test(type)) return `${letters(number).toUpperCase()}.`
  if (type === 'i' || type.includes('lower-roman')) return `${roman(number).toLowerCase()}.`
  if (type === 'I' || type.includes('upper-roman')) return `${roman(number)}.`
  if (type.includes('decimal-leading-zero')) return `${String(number).padStart(2, '0')}.`
  return `${number}.`
}

function letters(number: number): string {
  if (number < 1) return String(number)
  let text = ''
  for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26))
    text = String.fromCharCode(97 + ((rest - 1) % 26)) + text
  return text
}

function roman(number: number): string {
  if (number < 1 || number > 3999) return String(number)
  let rest = number
  let text = ''
  for (const [value, sign] of UPPER_ROMAN) {
    while (rest >= value) {
      text += sign
      rest -= value
    }
  }
  return text
}

interface TableRow {
  readonly row: TreeNode
  readonly cells: readonly TreeNode[]
  readonly inHead: boolean
}

function rowsOf(table: TreeNode): TableRow[] {
  const rows: TableRow[] = []
  const collect = (parent: TreeNode, inHead: boolean): void => {
    for (const child of parent.children ?? []) {
      if (child.tagName === 'tr') {
        const cells = (child.children ?? []).filter(({ tagName }) => tagName === 'td' || tagName === 'th')
        if (cells.length > 0) rows.push({ row: child, cells, inHead })
      } else if (child.tagName === 'thead' || child.tagName === 'tbody' || child.tagName === 'tfoot') {
        collect(child, child.tagName === 'thead')
      }
    }
  }
  collect(table, false)
  return rows
}

function gridCell(cell: TreeNode): GridCell {
  const { colSpan, rowSpan } = cell.properties ?? {}
  return {
    text: plainText(cell, HEADER_LENGTH * 2),
    heading: cell.tagName === 'th',
    colspan: Number(colSpan ?? 1),
    rowspan: rowSpan === 0 ? Number.POSITIVE_INFINITY : Number(rowSpan ?? 1),
  }
}

/** A table that only places things: one column, or holding headings or tables of its own. */
function isLayout(table: TreeNode): boolean {
  if (table.properties?.['role'] === 'presentation') return true
  const rows = rowsOf(table)
  if (rows.every(({ cells }) => cells.length <= 1)) return true
  const holds = (node: TreeNode): boolean =>
    (node.children ?? []).some(
      child => child.tagName === 'table' || /^h[1-6]$/.test(child.tagName ?? '') || holds(child),
    )
  return holds(table)
}
