/** The comments of a document, which the readers leave out: what stands in code, scripts or attributes is none. */
import type { Document, Span } from '../types.js'
import { htmlTree } from './html.js'
import { markdownTree } from './markdown.js'
import { offsetsOf, type TreeNode } from './tree.js'

/** A comment of `Document.source`, and what stands between its marks. */
interface Comment {
  readonly span: Span
  readonly text: string
}

/** The comments in order; none in formats without comments. The document is parsed a second time for them. */
export function commentsOf({ source, format }: Pick<Document, 'source' | 'format'>): Comment[] {
  const found: Comment[] = []
  const inHtml = (html: string, offset: number): void => {
    visit(htmlTree(html), node => {
      const place = node.type === 'comment' ? offsetsOf(node) : null
      if (place === null) return
      found.push({ span: { start: place.start + offset, end: place.end + offset }, text: node.value ?? '' })
    })
  }
  if (format === 'html') inHtml(source, 0)
  if (format === 'markdown') {
    visit(markdownTree(source), node => {
      const place = node.type === 'html' ? offsetsOf(node) : null
      if (place === null || !node.value?.includes('<!--')) return
      // Quote marks of the lines are part of the slice; blanking them keeps every offset.
      const html = source
        .slice(place.start, place.end)
        .replace(/(?<=[\r\n])[ \t]*>[ \t>]*/g, prefix => ' '.repeat(prefix.length))
      inHtml(html, place.start)
    })
  }
  return found.sort((a, b) => a.span.start - b.span.start)
}

function visit(node: TreeNode, see: (node: TreeNode) => void): void {
  see(node)
  for (const child of node.children ?? []) visit(child, see)
}
