/** Markdown to blocks: GFM and front matter, with bold read the way Chinese documents write it. */
import { cjkFriendlyExtension } from 'micromark-extension-cjk-friendly'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified, type Processor } from 'unified'
import { parse as parseYaml } from 'yaml'
import type { BlockKind } from '../types.js'
import { align } from './align.js'
import { createBuilder, PLAIN, type Built, type Style } from './builder.js'
import { walkHtml } from './html.js'
import { lookOf } from './style.js'
import { HEADER_LENGTH, tableHeaders } from './table.js'
import { offsetsOf, plainText, type TreeNode } from './tree.js'

/** What the Markdown reader hands on. `frontMatterError` says why front matter was left unread. */
export interface MarkdownContent extends Built {
  readonly frontMatter: Readonly<Record<string, unknown>>
  readonly frontMatterError: string | null
  readonly declaredTitle: string | null
  readonly struck: number
  readonly hidden: number
}

interface Extension {
  transforms?: unknown
  disable?: unknown
}

// A single "~" is a range in Chinese text ("3~5天"), not a strike-through.
const partProcessor = unified().use(remarkParse).use(remarkGfm, { singleTilde: false }).use(adaptToChinese).freeze()
const processor = unified()
  .use(remarkParse)
  .use(remarkFrontmatter)
  .use(remarkGfm, { singleTilde: false })
  .use(adaptToChinese)
  .freeze()

function adaptToChinese(this: Processor): void {
  const data = this.data() as { micromarkExtensions?: unknown[]; fromMarkdownExtensions?: (Extension | Extension[])[] }
  data.micromarkExtensions = [
    ...(data.micromarkExtensions ?? []),
    cjkFriendlyExtension(),
    // Four spaces before a clause are an indent that its author typed, not program code.
    { disable: { null: ['codeIndented'] } },
  ]
  // The transforms look for bare e-mail addresses and drop the positions of every text around one.
  data.fromMarkdownExtensions = (data.fromMarkdownExtensions ?? [])
    .flat()
    .map(extension => ({ ...extension, transforms: [] }))
}

interface TextPiece {
  readonly value: string
  readonly start: number
  readonly end: number
  readonly verbatim: boolean
  readonly style: Style
  readonly code: boolean
  /** Length of the `**` or `****` that this piece is, 0 for words. */
  readonly stars: number
}

/** A piece of one paragraph: text with its source, a forced line break, a `**` that CommonMark paired. */
type Piece = TextPiece | 'break' | 'bold'

interface Context {
  readonly kind: BlockKind
  readonly level: number | undefined
  readonly depth: number
  /** Shared by everything inside one list item; taken by the first block. */
  readonly item: { counter: string | undefined } | null
}

const OPENING = /^<([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^>"'])*?)\/?>$/i
const CLOSING = /^<\/([a-z][\w-]*)\s*>$/i
const VOID = new Set(['br', 'img', 'hr', 'wbr', 'input', 'meta', 'link'])
const STRUCK = new Set(['del', 's', 'strike'])
const HIDING = new Set(['script', 'style', 'template'])
/** Elements that are only understood whole, though a blank line cuts them apart; their end is looked for this far ahead. */
const CONTAINER_REACH = 500
const CONTAINER = /<(table|ol|ul|dl)\b/i

/** Front matter at the start of a file. */
export const FRONT_MATTER = /^\ufeff?---[ \t]*(?:\r\n|\n|\r)(?:[^]*?(?:\r\n|\n|\r))?---[ \t]*(?=[\r\n]|$)/

/** Parses a Markdown file, as `readMarkdown` sees it. */
export function parseMarkdown(source: string): TreeNode {
  // The extension for front matter loses the lists of files whose first "---" opens none.
  const parser = FRONT_MATTER.test(source) ? processor : partProcessor
  return parser.parse(source) as unknown as TreeNode
}

/** The tree that was read last: the same file is looked at again for its comments, and by fixes. */
let latest: { readonly source: string; readonly root: TreeNode } | null = null

/** The syntax tree of a Markdown file; not parsed again for the file that was read last. Not to be changed. */
export function markdownTree(source: string): TreeNode {
  return latest?.source === source ? latest.root : parseMarkdown(source)
}

/** The same of blocks from the middle of a file, where "---" opens no front matter. */
export function markdownPart(source: string): TreeNode {
  return partProcessor.parse(source) as unknown as TreeNode
}

/** Reads a Markdown file, of which `root` is the syntax tree. */
export function readMarkdown(source: string, root: TreeNode = parseMarkdown(source)): MarkdownContent {
  latest = { source, root }
  const builder = createBuilder({ softBreaks: true })
  let frontMatter: Readonly<Record<string, unknown>> = {}
  let frontMatterError: string | null = null
  let tables = 0
  let struck = 0
  let hidden = 0
  const nextTable = (): number => ++tables

  const endBlock = (context: Context): void => {
    const { item } = context
    const kind = context.kind === 'list-item' && item?.counter === undefined ? 'paragraph' : context.kind
    const kept = builder.endBlock({ kind, level: context.level, depth: context.depth, counter: item?.counter })
    if (kept && item) item.counter = undefined
  }

  /** Collects the pieces of a paragraph, heading or cell. */
  const gather = (container: TreeNode): readonly (TextPiece | 'break')[] => {
    const pieces: Piece[] = []
    const open: { readonly tag: string; readonly style: Style; readonly silent: boolean }[] = []
    let style = PLAIN
    let silent = 0
    const visit = (node: TreeNode): void => {
      switch (node.type) {
        case 'text':
        case 'inlineCode': {
          const place = offsetsOf(node)
          if (!place || silent > 0) return
          const value = node.value ?? ''
          const code = node.type === 'inlineCode'
          const ticks = code ? (/`*/.exec(source.slice(place.start, place.start + 16))?.[0].length ?? 0) : 0
          const exact = code ? source.indexOf(value, place.start + ticks) : -1
          if (code && exact >= 0 && exact + value.length <= place.end - ticks) {
            pieces.push({ value, start: exact, end: exact + value.length, verbatim: true, style, code, stars: 0 })
            return
          }
          align(value, source, place.start + ticks, place.end - ticks, 'markdown', (part, start, end, verbatim) => {
            pieces.push({ value: part, start, end, verbatim, style, code, stars: 0 })
          })
          return
        }
        case 'break':
          pieces.push('break')
          return
        case 'html':
          readTag(node.value ?? '')
          return
        case 'delete':
          struck++
          return
        case 'strong':
          pieces.push('bold')
          for (const child of node.children ?? []) visit(child)
          pieces.push('bold')
          return
        case 'image':
        case 'imageReference':
        case 'footnoteReference':
          return
        default:
          for (const child of node.children ?? []) visit(child)
      }
    }
    const readTag = (html: string): void => {
      const closing = CLOSING.exec(html)
      if (closing) {
        const tag = closing[1]!.toLowerCase()
        const index = open.findLastIndex(entry => entry.tag === tag)
        if (index < 0) {
          if (tag === 'p' || tag === 'div') pieces.push('break')
          return
        }
        for (const entry of open.splice(index)) silent -= entry.silent ? 1 : 0
        style = open.at(-1)?.style ?? PLAIN
        return
      }
      const opening = OPENING.exec(html)
      if (!opening) return
      const tag = opening[1]!.toLowerCase()
      if (tag === 'br' || tag === 'p' || tag === 'div') pieces.push('break')
      if (VOID.has(tag)) return
      const element = { type: 'element', tagName: tag, properties: attributesOf(opening[2] ?? ''), children: [] }
      const look = lookOf(element, [], style, [])
      if (STRUCK.has(tag)) struck++
      const hides = look.hidden || STRUCK.has(tag) || HIDING.has(tag)
      if (hides) silent++
      open.push({ tag, style: look.style, silent: hides })
      style = look.style
    }
    for (const child of container.children ?? []) visit(child)
    return resolveBold(pieces)
  }

  const writePieces = (pieces: readonly (TextPiece | 'break')[], onBreak: () => void): void => {
    for (const piece of pieces) {
      if (piece === 'break') onBreak()
      else builder.write(piece.value, piece.start, piece.end, piece.verbatim, piece.style)
    }
  }

  const walkChildren = (children: readonly TreeNode[], context: Context): void => {
    for (let index = 0; index < children.length; index++) {
      const child = children[index]!
      if (child.type === 'html') index = walkFlowHtml(children, index, context)
      else walk(child, context)
    }
  }

  const walk = (node: TreeNode, context: Context): void => {
    switch (node.type) {
      case 'yaml':
        try {
          const value: unknown = parseYaml(node.value ?? '')
          if (typeof value === 'object' && value !== null && !Array.isArray(value))
            frontMatter = value as Record<string, unknown>
        } catch (error) {
          frontMatterError =
            error instanceof Error ? error.message.split('\n', 1)[0]!.replace(/:$/, '.') : String(error)
        }
        return
      case 'heading':
      case 'paragraph': {
        const inner: Context = node.type === 'heading' ? { ...context, kind: 'heading', level: node.depth } : context
        writePieces(gather(node), () => endBlock(inner))
        endBlock(inner)
        return
      }
      case 'code':
        walkCode(node, context)
        return
      case 'table':
        walkTable(node, context)
        return
      case 'blockquote':
        walkChildren(node.children ?? [], { ...context, kind: 'quote' })
        return
      case 'list': {
        const first = node.start ?? 1
        ;(node.children ?? []).forEach((item, index) => {
          const counter = node.ordered ? `${first + index}${delimiterOf(item, source)}` : '•'
          walkChildren(item.children ?? [], {
            ...context,
            kind: 'list-item',
            depth: context.depth + 1,
            item: { counter },
          })
        })
        return
      }
      case 'definition':
      case 'thematicBreak':
        return
      default:
        walkChildren(node.children ?? [], context)
    }
  }

  const walkCode = (node: TreeNode, context: Context): void => {
    const place = offsetsOf(node)
    if (!place) return
    const open = /[\r\n]/.exec(source.slice(place.start, place.end))
    let cursor = place.start + (open?.index ?? 0)
    for (const line of (node.value ?? '').split('\n')) {
      const at = source.indexOf(line, cursor)
      if (at < 0 || at + line.length > place.end) continue
      builder.write('\n', cursor, at, false, PLAIN)
      builder.write(line, at, at + line.length, true, PLAIN)
      cursor = at + line.length
    }
    endBlock({ ...context, kind: 'code' })
  }

  const walkTable = (node: TreeNode, context: Context): void => {
    const rows = node.children ?? []
    const grid = rows.map(row =>
      (row.children ?? []).map(cell => ({
        text: plainText(cell, HEADER_LENGTH * 2),
        heading: false,
        colspan: 1,
        rowspan: 1,
      })),
    )
    const { headerRows, headers } = tableHeaders(grid, 1)
    const table = nextTable()
    rows.forEach((row, index) => {
      for (const cell of row.children ?? []) {
        builder.openCell()
        writePieces(gather(cell), builder.breakLine)
        builder.closeCell()
      }
      builder.endBlock({
        kind: 'row',
        depth: context.depth,
        table,
        headerRow: index < headerRows,
        headers: headers[index],
      })
    })
  }

  /** Reads one piece of block HTML up to its closing tag; returns the index of the last node used. */
  const walkFlowHtml = (children: readonly TreeNode[], index: number, context: Context): number => {
    const place = offsetsOf(children[index]!)
    if (!place) return index
    let last = index
    const container = CONTAINER.exec(children[index]!.value ?? '')?.[1]
    if (container && !closes(children[index]!, container)) {
      const ahead = children.slice(index + 1, index + 1 + CONTAINER_REACH).findIndex(child => closes(child, container))
      if (ahead >= 0) last = index + 1 + ahead
    }
    const end = offsetsOf(children[last]!)?.end ?? place.end
    // Quote marks of the lines are part of the slice; blanking them keeps every offset.
    const html = source
      .slice(place.start, end)
      .replace(/(?<=[\r\n])[ \t]*>[ \t>]*/g, prefix => ' '.repeat(prefix.length))
    const found = walkHtml(
      html,
      {
        builder,
        kind: context.kind,
        depth: context.depth,
        item: context.item,
        style: PLAIN,
        nextTable,
      },
      place.start,
    )
    struck += found.struck
    hidden += found.hidden
    return last
  }

  walkChildren(root.children ?? [], { kind: 'paragraph', level: undefined, depth: 0, item: null })
  const title = (frontMatter as { title?: unknown }).title
  return {
    ...builder.finish(),
    frontMatter,
    frontMatterError,
    struck,
    hidden,
    declaredTitle: typeof title === 'string' && title.trim() !== '' ? title.trim() : null,
  }
}

function closes(node: TreeNode, tag: string): boolean {
  return node.type === 'html' && (node.value ?? '').toLowerCase().includes(`</${tag.toLowerCase()}`)
}

/**
 * Pairs all `**` of one paragraph in the order in which they stand, those that CommonMark paired and those it left
 * literal (`** 文字**`) alike: next to Chinese punctuation its pairs are often not the ones the author meant.
 * Where one is left over, the last literal one stays text. Runs of three and more are masks ("***网") and stay as well.
 */
function resolveBold(pieces: readonly Piece[]): readonly (TextPiece | 'break')[] {
  if (pieces.every(isPlain)) return pieces
  const items = pieces.flatMap((piece): Piece[] => (typeof piece === 'string' ? [piece] : splitAtMarkers(piece)))
  const first = items.findIndex(isMarker)
  const last = items.findLastIndex(isMarker)
  const leftOver =
    items.filter(isMarker).length % 2 === 1 ? items.findLastIndex(item => item !== 'bold' && isMarker(item)) : -1
  const result: (TextPiece | 'break')[] = []
  let inside = false
  items.forEach((item, index) => {
    if (item === 'break') {
      result.push(item)
    } else if (isMarker(item) && index !== leftOver) {
      inside = !inside
    } else if (item !== 'bold') {
      // "****" between two bold stretches closes one and opens the next.
      const isSeam = item.stars === 4 && first >= 0 && first < index && index < last
      if (!isSeam) result.push(inside ? { ...item, style: bold(item.style) } : item)
    }
  })
  return result
}

/** Not bold, and nothing in it that could make it so. */
const isPlain = (piece: Piece): piece is TextPiece | 'break' =>
  piece === 'break' || (piece !== 'bold' && !piece.value.includes('**'))

function isMarker(item: Piece): boolean {
  return item === 'bold' || (item !== 'break' && item.stars === 2)
}

function splitAtMarkers(piece: TextPiece): TextPiece[] {
  if (piece.code || !piece.verbatim || !piece.value.includes('**')) return [piece]
  const parts: TextPiece[] = []
  const cut = (from: number, to: number, stars: number): void => {
    if (to > from)
      parts.push({
        ...piece,
        value: piece.value.slice(from, to),
        start: piece.start + from,
        end: piece.start + to,
        stars,
      })
  }
  let done = 0
  for (const { 0: run, index } of piece.value.matchAll(/(?<!\*)(?:\*{2}|\*{4})(?!\*)/g)) {
    cut(done, index, 0)
    done = index + run.length
    cut(index, done, run.length)
  }
  cut(done, piece.value.length, 0)
  return parts
}

const BOLD_OF = new WeakMap<Style, Style>()

/** The bold twin of a style, always the same object for the same style. */
function bold(style: Style): Style {
  if (style.bold) return style
  let twin = BOLD_OF.get(style)
  if (!twin) {
    twin = { ...style, bold: true }
    BOLD_OF.set(style, twin)
  }
  return twin
}

function delimiterOf(item: TreeNode, source: string): string {
  const start = offsetsOf(item)?.start ?? 0
  return /^\d{1,9}([.)])/.exec(source.slice(start, start + 10))?.[1] ?? '.'
}

function attributesOf(text: string): Record<string, unknown> {
  const properties: Record<string, unknown> = {}
  for (const match of text.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
    const name = match[1]!.toLowerCase()
    const value = match[2] ?? match[3] ?? match[4] ?? ''
    if (name === 'class') properties['className'] = value.split(/\s+/)
    else if (name === 'aria-hidden') properties['ariaHidden'] = value
    else properties[name] = value
  }
  return properties
}
