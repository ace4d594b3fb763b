/**
 * Parses a file again after an edit: of Markdown only the stretches between blank lines in which something has changed,
 * HTML not at all where nothing but the words of one text has.
 */
import type { Format } from '../types.js'
import { htmlTree } from './html.js'
import { FRONT_MATTER, markdownPart, parseMarkdown } from './markdown.js'
import { offsetsOf, type TreeNode } from './tree.js'

/** Blocks that can be parsed by themselves. Offsets in `children` count from the start of the file. */
interface Stretch {
  readonly text: string
  start: number
  readonly children: readonly TreeNode[]
  /** Whether its last block may go on past a blank line: 'indented' only where the next line is indented or an item. */
  readonly goesOn: 'no' | 'indented' | 'yes'
}

const LINE = /[^\n\r]*(?:\r\n|\n|\r|$)/y
const BLANK = /^[ \t]*[\r\n]*$/
const ITEM = /^[ \t>]*(?:[-+*]|\d{1,9}[.)])(?:[ \t]|[\r\n]*$)|^[ \t>]*\[\^/
const INDENTED = /^[ \t]/
const FENCE = /^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})([^\r\n]*)/
/** HTML that ends at a mark of its own, not at a blank line, and that mark. */
const MARKED_HTML: readonly (readonly [RegExp, RegExp])[] = [
  [/^[ \t>]*<(?:script|pre|style|textarea)(?=[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^[ \t>]*<!--/, /-->/],
  [/^[ \t>]*<\?/, /\?>/],
  [/^[ \t>]*<!\[CDATA\[/, /\]\]>/],
  [/^[ \t>]*<![a-z]/i, />/],
]

/**
 * A parser for the states of one file, one after another; what it returns is `parseMarkdown`'s or `htmlTree`'s, and good
 * until its next call. Only `offset` of the positions is kept true.
 */
export const reparserFor = (format: Format): ((source: string) => TreeNode) =>
  format === 'html' ? htmlReparser() : markdownReparser()

function htmlReparser(): (source: string) => TreeNode {
  let before: { readonly source: string; readonly root: TreeNode } | null = null
  return source => {
    const known = before
    before = null
    const root = known !== null && retype(known.root, known.source, source) ? known.root : htmlTree(source)
    before = { source, root }
    return root
  }
}

/** Elements whose text is not read as markup: what ends it, or changes its reading, need not begin with "<" or "&". */
const RAW_TEXT = new Set([
  'script',
  'style',
  'title',
  'textarea',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'noscript',
  'plaintext',
])
/** Characters that are not simply added to a text. */
const MARKUP = /[<&\0\r]/

/**
 * Brings the tree of `old` to what `now` reads where the two differ in the words of one text only, behind its first
 * visible character: what that one does to the tree, later ones do not do again. False, and nothing done, otherwise.
 */
function retype(root: TreeNode, old: string, now: string): boolean {
  const least = Math.min(old.length, now.length)
  let head = 0
  while (head < least && old.charCodeAt(head) === now.charCodeAt(head)) head++
  let tail = 0
  while (tail < least - head && old.charCodeAt(old.length - 1 - tail) === now.charCodeAt(now.length - 1 - tail)) tail++
  const text = textAround(root, head, old.length - tail)
  const place = text === null ? null : offsetsOf(text)
  if (text === null || place === null) return false
  const by = now.length - old.length
  const { start, end } = place
  const words = now.slice(start, end + by)
  if (text.value !== old.slice(start, end) || MARKUP.test(text.value) || MARKUP.test(words)) return false
  if ((end < old.length && old[end] !== '<') || start + text.value.search(/[^\t\n\f ]|$/) >= head) return false
  ;(text as { value: string }).value = words
  shift(root, end, by)
  return true
}

/** The text that begins before `from` and goes on to `to` at least, if it stands where markup is read. */
function textAround(node: TreeNode, from: number, to: number): TreeNode | null {
  for (const child of RAW_TEXT.has(node.tagName ?? '') ? [] : (node.children ?? [])) {
    const place = child.type === 'text' ? offsetsOf(child) : null
    if (place !== null && place.start < from && to <= place.end) return child
    const inside = textAround(child, from, to)
    if (inside !== null) return inside
  }
  return null
}

function markdownReparser(): (source: string) => TreeNode {
  let before: readonly Stretch[] = []
  return source => {
    const texts = stretchesOf(source)
    const known = before
    before = []
    const stretches = texts === null ? null : parseChanged(texts, known)
    if (stretches === null || !separate(stretches)) return parseMarkdown(source)
    before = stretches
    return { type: 'root', children: stretches.flatMap(s => s.children) }
  }
}

/** Keeps the stretches that are the same at both ends, and parses those between. */
function parseChanged(texts: readonly string[], before: readonly Stretch[]): readonly Stretch[] {
  let head = 0
  while (head < texts.length && head < before.length && texts[head] === before[head]?.text) head++
  let tail = 0
  const most = Math.min(texts.length, before.length) - head
  while (tail < most && texts[texts.length - 1 - tail] === before[before.length - 1 - tail]?.text) tail++
  let start = 0
  return texts.map((text, i) => {
    // The first stretch may hold front matter, no other.
    const kept =
      i < head ? before[i] : i > 0 && i >= texts.length - tail ? before[before.length - texts.length + i] : undefined
    const stretch = kept !== undefined && (kept !== before[0] || i === 0) ? kept : parseStretch(text, i === 0)
    move(stretch, start)
    start += text.length
    return stretch
  })
}

function parseStretch(text: string, first: boolean): Stretch {
  const children = (first ? parseMarkdown(text) : markdownPart(text)).children ?? []
  return { text, start: 0, children, goesOn: goesOn(children.at(-1), text) }
}

/** Brings the offsets of a stretch to where it stands now. */
function move(stretch: Stretch, start: number): void {
  const by = start - stretch.start
  stretch.start = start
  if (by !== 0) for (const child of stretch.children) shift(child, 0, by)
}

/** Moves the offsets in a tree from `from` on. */
function shift(node: TreeNode, from: number, by: number): void {
  const { position, content } = node as {
    readonly position?: { readonly start: { offset: number }; readonly end: { offset: number } }
    /** What stands in a `<template>`. */
    readonly content?: TreeNode
  }
  if (content !== undefined) shift(content, from, by)
  if (position !== undefined) {
    if (position.start.offset >= from) position.start.offset += by
    if (position.end.offset >= from) position.end.offset += by
  }
  for (const child of node.children ?? []) shift(child, from, by)
}

function goesOn(last: TreeNode | undefined, text: string): Stretch['goesOn'] {
  switch (last?.type) {
    case 'list':
    case 'footnoteDefinition':
      return 'indented'
    case 'code': {
      const lines = text.slice(last.position?.start.offset, last.position?.end.offset).split(/\r\n|\n|\r/)
      const opening = /^[`~]*/.exec(lines[0] ?? '')?.[0] ?? ''
      const closing = /^ {0,3}([`~]*)[ \t]*$/.exec(lines.at(-1) ?? '')?.[1] ?? ''
      return lines.length > 1 && opening !== '' && closing.startsWith(opening) ? 'no' : 'yes'
    }
    case 'html': {
      const end = MARKED_HTML.find(([opening]) => opening.test(last.value ?? ''))?.[1]
      return end === undefined || end.test(last.value ?? '') ? 'no' : 'yes'
    }
    default:
      return 'no'
  }
}

/** Whether no block goes on from one stretch into the next. */
const separate = (stretches: readonly Stretch[]): boolean =>
  stretches.every(({ goesOn: on }, i) => {
    const next = stretches[i + 1]?.text
    return next === undefined || on === 'no' || (on === 'indented' && !INDENTED.test(next) && !ITEM.test(next))
  })

/**
 * Cuts a file at blank lines where the next block is likely to stand by itself; `separate` makes sure of it. Null where
 * something in it may bear on all of it: definitions give other text its meaning.
 */
function stretchesOf(source: string): string[] | null {
  if (source.includes(']:') || source.startsWith('\ufeff')) return null
  const texts: string[] = []
  let from = 0
  let blank = false
  let items = false
  let fence: string | null = null
  let html: RegExp | null = null
  const head = FRONT_MATTER.exec(source)?.[0].length ?? 0
  for (let index = head, line = ''; index < source.length; index += line.length) {
    LINE.lastIndex = index
    line = LINE.exec(source)?.[0] ?? ''
    if (BLANK.test(line)) {
      blank = true
      continue
    }
    if (
      blank &&
      fence === null &&
      html === null &&
      index > from &&
      !(items && (INDENTED.test(line) || ITEM.test(line)))
    ) {
      texts.push(source.slice(from, index))
      from = index
      items = false
    }
    blank = false
    items ||= ITEM.test(line)
    if (html !== null) {
      if (html.test(line)) html = null
      continue
    }
    const marks = FENCE.exec(line)
    if (fence !== null) {
      if (marks !== null && (marks[1] as string).startsWith(fence) && (marks[2] ?? '').trim() === '') fence = null
    } else if (marks !== null && !(line.includes('`') && (marks[2] ?? '').includes('`'))) fence = marks[1] as string
    else {
      const end = MARKED_HTML.find(([opening]) => opening.test(line))?.[1]
      if (end !== undefined && !end.test(line)) html = end
    }
  }
  texts.push(source.slice(from))
  return texts
}
