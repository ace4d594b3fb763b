/** The inline markup around the words of a document: what bold may enclose whole, must not cross, or replaces. */
import { PLAIN, type Style } from '../read/builder.js'
import { htmlTree } from '../read/html.js'
import { markdownTree } from '../read/markdown.js'
import { classesOf, lookOf, parseStyleSheet } from '../read/style.js'
import { offsetsOf, type TreeNode } from '../read/tree.js'
import type { Document } from '../types.js'

/**
 * A piece of markup; offsets are of `Document.source`, tags and marks included. `inline` can be enclosed or cut,
 * `atom` only enclosed, `wall` neither (its inside is looked at on its own); `bold` is Markdown's own `**` or `__`,
 * whose marks stand at [start, open) and [close, end).
 */
export interface Markup {
  readonly kind: 'inline' | 'atom' | 'wall' | 'bold'
  readonly start: number
  readonly open: number
  readonly close: number
  readonly end: number
  readonly children: readonly Markup[]
}

/** Bold as a document sets it. `tag` is an opening tag, for HTML; `marker` is Markdown's. */
interface BoldStyle {
  readonly marker: '**' | '__' | null
  readonly tag: string
}

const INLINE = new Set(
  'a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong sub sup time tt u var'.split(
    ' ',
  ),
)
const VOID = new Set(['br', 'img', 'wbr', 'input'])
const TAG = /^<(\/?)([a-z][\w-]*)(?:"[^"]*"|'[^']*'|[^>"'])*>$/i
const START_TAG = /^<[a-z](?:"[^"]*"|'[^']*'|[^>"'])*>/i

/** The paragraphs, headings and cells of a Markdown document, in order; HTML between them is left out. */
export function markdownContainers(source: string): readonly Markup[] {
  const found: Markup[] = []
  const visit = (node: TreeNode): void => {
    const place = offsetsOf(node)
    if (place !== null && /^(?:paragraph|heading|tableCell)$/.test(node.type))
      found.push({ kind: 'wall', ...place, open: place.start, close: place.end, children: siblings(node, source) })
    else for (const child of node.children ?? []) visit(child)
  }
  visit(markdownTree(source))
  return found
}

function siblings(parent: TreeNode, source: string): Markup[] {
  /** The innermost open HTML tag last; its children are collected until it closes. */
  const open: { tag: string; start: number; open: number; before: Markup[] }[] = []
  let list: Markup[] = []
  const wall = (start: number, end: number): Markup => ({
    kind: 'wall',
    start,
    open: end,
    close: end,
    end,
    children: [],
  })
  /** A tag without its twin: nothing may enclose it. */
  const abandon = (): void => {
    const last = open.pop()
    if (last) list = [...last.before, wall(last.start, last.open), ...list]
  }
  for (const node of parent.children ?? []) {
    const place = offsetsOf(node)
    if (place === null || node.type === 'text' || node.type === 'break') continue
    const { start, end } = place
    if (node.type !== 'html') {
      list.push(nodeMarkup(node, start, end, source))
      continue
    }
    const [, slash, name = ''] = TAG.exec(node.value ?? '') ?? []
    const tag = name.toLowerCase()
    if (slash === undefined || VOID.has(tag)) continue
    if (slash === '') {
      open.push({ tag, start, open: end, before: list })
      list = []
    } else if (open.some(entry => entry.tag === tag)) {
      while (open.at(-1)?.tag !== tag) abandon()
      const { before, ...from } = open.pop()!
      const kind = INLINE.has(tag) ? 'inline' : 'wall'
      list = [...before, { kind, start: from.start, open: from.open, close: start, end, children: list }]
    } else list.push(wall(start, end))
  }
  while (open.length > 0) abandon()
  return list
}

function nodeMarkup(node: TreeNode, start: number, end: number, source: string): Markup {
  const places = (node.children ?? []).flatMap(child => offsetsOf(child) ?? [])
  // A bare address reaches up to the next space, Chinese text and marks of emphasis included.
  const isBare = node.type === 'link' && !/[[<]/.test(source.charAt(start))
  const kind = node.type === 'strong' ? 'bold' : places.length === 0 || isBare ? 'atom' : 'inline'
  const open = places[0]?.start ?? start
  return { kind, start, open, close: places.at(-1)?.end ?? end, end, children: siblings(node, source) }
}

/** The elements of an HTML document as one tree. */
export function htmlMarkup(source: string): Markup {
  const within = (parent: TreeNode): Markup[] =>
    (parent.children ?? []).flatMap((node): Markup[] => {
      const place = offsetsOf(node)
      // Elements that the parser made up stand nowhere.
      if (node.type !== 'element' || place === null) return node.type === 'element' ? within(node) : []
      if (VOID.has(node.tagName ?? '')) return []
      const kind = INLINE.has(node.tagName ?? '') ? 'inline' : 'wall'
      return [{ kind, ...place, open: place.start, close: place.end, children: within(node) }]
    })
  return {
    kind: 'wall',
    start: 0,
    open: 0,
    close: source.length,
    end: source.length,
    children: within(htmlTree(source)),
  }
}

/** The way of setting bold that most of the document's bold text outside headings has; `**` or `<strong>` if none has. */
export function boldStyle({ source, format }: Pick<Document, 'source' | 'format'>): BoldStyle {
  if (format === 'html') return { marker: null, tag: commonestTag(source) ?? '<strong>' }
  let stars = 0
  let lines = 0
  const count = (markup: Markup): void => {
    if (markup.kind === 'bold' && source[markup.start] === '_') lines++
    else if (markup.kind === 'bold') stars++
    markup.children.forEach(count)
  }
  markdownContainers(source).forEach(count)
  const tag = /<(?:strong|b)>/i.exec(source)?.[0].toLowerCase()
  if (stars + lines === 0 && tag !== undefined) return { marker: null, tag }
  return { marker: lines > stars ? '__' : '**', tag: tag ?? '<strong>' }
}

function commonestTag(source: string): string | undefined {
  const root = htmlTree(source)
  const css: string[] = []
  const collect = (node: TreeNode): void => {
    if (node.tagName === 'style') css.push(node.children?.[0]?.value ?? '')
    node.children?.forEach(collect)
  }
  collect(root)
  const sheet = parseStyleSheet(css.join('\n'))
  const lengths = new Map<string, number>()
  const visit = (node: TreeNode, ancestors: readonly TreeNode[], parent: Style): void => {
    if (/^(?:h[1-6]|head)$/.test(node.tagName ?? '')) return
    const style = node.type === 'element' ? lookOf(node, ancestors, parent, sheet).style : parent
    const place = offsetsOf(node)
    if (style.bold && !parent.bold && place !== null) {
      const tag = plainTag(node, START_TAG.exec(source.slice(place.start, place.end))?.[0] ?? '')
      if (tag !== null) lengths.set(tag, (lengths.get(tag) ?? 0) + place.end - place.start)
    }
    const below = [...ancestors, node]
    for (const child of node.children ?? []) visit(child, below, style)
  }
  visit(root, [], PLAIN)
  return [...lengths].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** An opening tag that says bold and nothing else, to be used again; null for another one (a class for names, say). */
function plainTag(node: TreeNode, written: string): string | null {
  const tag = node.tagName ?? ''
  if (tag === 'strong' || tag === 'b') return `<${tag}>`
  const { style, className: _, ...others } = node.properties ?? {}
  const declared = String(style ?? '').replace(/font-weight\s*:[^;]*;?/i, '')
  const says = classesOf(node).every(name => /bold|strong/i.test(name)) && declared.trim() === ''
  return tag === 'span' && says && Object.keys(others).length === 0 && /^[\x20-\x7e]+$/.test(written) ? written : null
}
