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

/**
 * The comments that a browser would see, in order; none in formats without comments. The document is parsed a second
 * time for them. What it takes for raw text (style, script, textarea, title) or keeps apart (template) holds none.
 */
export function commentsOf({ source, format }: Pick<Document, 'source' | 'format'>): Comment[] {
  const found: Comment[] = []
  const html = format === 'html' ? source : format === 'markdown' ? htmlAlone(source) : ''
  const look = (node: TreeNode): void => {
    const place = node.type === 'comment' ? offsetsOf(node) : null
    if (place !== null) found.push({ span: place, text: node.value ?? '' })
    // Raw text to every browser that runs scripts; the content of a template is no child of it.
    if (node.tagName === 'noscript') return
    for (const child of node.children ?? []) look(child)
  }
  look(htmlTree(html))
  return found.sort((a, b) => a.span.start - b.span.start)
}

/**
 * The HTML of a Markdown document with everything else blanked, so that offsets stay. Markdown cuts it into pieces:
 * only together do they tell that a comment stands inside of an element.
 */
function htmlAlone(source: string): string {
  const pieces: string[] = []
  let end = 0
  const blank = (to: number): void => {
    pieces.push(' '.repeat(to - end))
    end = to
  }
  const take = (node: TreeNode): void => {
    const place = node.type === 'html' ? offsetsOf(node) : null
    if (place !== null) {
      blank(place.start)
      // Quote marks of the lines are part of the slice.
      const quoted = /(?<=[\r\n])[ \t]*>[ \t>]*/g
      pieces.push(source.slice(place.start, place.end).replace(quoted, prefix => ' '.repeat(prefix.length)))
      end = place.end
    }
    for (const child of node.children ?? []) take(child)
  }
  take(markdownTree(source))
  blank(source.length)
  return pieces.join('')
}
