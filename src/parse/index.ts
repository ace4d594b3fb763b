/** The parse stage: from a document's blocks to its clause tree and its sentences. */
import type { Clause, Document, Parsed, Sentence, SentenceKind, Span } from '../types.js'
import { type Node, type Piece, readClauses } from './clauses.js'
import { readLabel, type Scheme } from './labels.js'
import { splitSentences } from './sentences.js'
import { documentTitle } from './title.js'

export { outline } from './outline.js'

/** A heading that lays something down is a sentence: some texts set whole clauses as headings. */
const PROVISION = /[。；]|[，,].*(?:有权|不得|视为|视同|不承担|概不|无权|应当|必须)/
/** Schemes that number the items of a list rather than provisions of their own. */
const ITEM_SCHEMES: ReadonlySet<Scheme | null> = new Set<Scheme | null>([
  'han-paren',
  'number-dot',
  'number-comma',
  'number',
  'number-paren',
  'number-half',
  'circle',
  'circle-dark',
  'upper',
  'upper-paren',
  'roman',
  'roman-paren',
  'lower',
  'lower-paren',
  'paragraph',
  'point',
])
const PROVISIONS: ReadonlySet<Scheme | null> = new Set<Scheme | null>(['book', 'part', 'chapter', 'section', 'article'])

/** Parses a document: never throws, never changes its argument; time grows with the length of the text. */
export function parse(document: Document): Parsed {
  const { nodes, pieces } = readClauses(document)
  const clauses = nodes.map(
    (node): Clause => ({
      id: node.id,
      label: node.label?.text ?? null,
      title: node.title,
      path: pathOf(node),
      depth: node.depth,
      parent: node.parent?.id ?? null,
      children: node.children.map(child => child.id),
      span: { start: node.start, end: node.end },
      labelSpan: node.labelSpan,
    }),
  )
  const title = documentTitle(document, pieces)
  return { document, title, clauses, sentences: readSentences(document, pieces, title) }
}

function pathOf(node: Node): string[] {
  const labels: string[] = []
  for (let at: Node | null = node; at; at = at.parent) if (at.label) labels.unshift(at.label.text)
  return labels
}

/** "本政策将帮助您了解以下内容：" announces the document's sections, not a list's items. */
const SECTIONS_FOLLOW = /(?:以下|如下)(?:各?部分|内容|章节|方面|目录)[^，。]{0,4}[：:]$/

/** A sentence that may lead in to a list: ends with a colon, or speaks of what follows. */
function leadsIn(words: string): boolean {
  if (/(?:正文|目录|目次)[：:]$/.test(words)) return false
  if (/[：:]["”]?$/.test(words)) return true
  return /[。！？]$/.test(words)
    ? /(?:如下|下列|以下)[^，。]{0,10}。$/.test(words)
    : /下列|以下|如下|包括但不限于/.test(words)
}

function readSentences(document: Document, pieces: readonly Piece[], title: string | null): Sentence[] {
  const { text, blocks } = document
  const sentences: Sentence[] = []
  /** The last sentence, while it may still turn out to lead in to items. */
  let pending = null as { id: number; node: Node; bullet: number; words: string } | null
  const introduces = (node: Node): boolean =>
    pending !== null && SECTIONS_FOLLOW.test(pending.words) && node.parent?.parent === null
  const leadOf = new Map<Node, number | null>()
  let bulletLeads: (number | null)[] = []

  const itemLead = (node: Node): number | null => {
    const known = leadOf.get(node)
    if (known !== undefined) return known
    const { parent, previous: before } = node
    if (!parent) return null
    let lead: number | null
    if (PROVISIONS.has(node.scheme) || node.heading > 0) lead = null
    else if (
      pending &&
      pending.node === parent &&
      !introduces(node) &&
      !(parent.parent === null && node.titleOnly && node.children.length > 0) &&
      !(node.scheme === 'han' && !/下列|以下|如下|包括/.test(pending.words))
    )
      lead = pending.id
    else if (before && before.scheme === node.scheme && (node.values.at(-1) ?? 0) !== 1)
      lead = leadOf.get(before) ?? null
    else lead = leadOf.get(parent) ?? null
    leadOf.set(node, lead)
    return lead
  }

  for (const piece of pieces) {
    const block = blocks[piece.block]
    if (!block) continue
    // ancestors first: a chain of labels without text between them ("第三条（一）1.") hands its lead-in down
    if (!leadOf.has(piece.node)) for (const node of chain(piece.node)) itemLead(node)
    let lead = piece.near && piece.bullet === 0 ? (leadOf.get(piece.node) ?? null) : null
    if (piece.bullet > 0 && piece.fresh) {
      const fits =
        pending !== null && pending.node === piece.node && (pending.bullet === 0 || pending.bullet < piece.bullet)
      bulletLeads.length = Math.min(bulletLeads.length, piece.bullet + 1)
      lead =
        fits && pending
          ? pending.id
          : (bulletLeads[piece.bullet] ?? bulletLeads[piece.bullet - 1] ?? leadOf.get(piece.node) ?? null)
      bulletLeads[piece.bullet] = lead
    } else if (piece.fresh || block.depth === 0) bulletLeads = []

    const add = (span: Span, kind: SentenceKind): void => {
      const sentence: Sentence = {
        id: sentences.length,
        span,
        kind,
        clause: piece.node.id,
        leadIn: kind === 'heading' ? null : lead,
        block: piece.block,
      }
      sentences.push(kind === 'row' && block.cells ? { ...sentence, cells: block.cells } : sentence)
    }
    const done = (): void => {
      const final = sentences.at(-1)
      if (!final) return
      const words = text.slice(final.span.start, final.span.end)
      pending =
        leadsIn(words) && (final.kind !== 'heading' || /[：:]$/.test(words))
          ? { id: final.id, node: piece.node, bullet: piece.bullet, words }
          : null
    }

    if (block.kind === 'row') {
      add(piece.span, 'row')
      pending = null
      continue
    }
    const words = text.slice(piece.span.start, piece.span.end)
    const isTitleLine =
      piece.node.id === 0 &&
      title !== null &&
      words.length <= title.length + 8 &&
      words.replace(/\s+/g, '').includes(title.replace(/\s+/g, ''))
    if (isTitleLine || (block.kind === 'heading' && !PROVISION.test(words))) {
      add(piece.span, 'heading')
      done()
      continue
    }
    let from = piece.span.start
    const isItem =
      piece.bullet > 0 ||
      block.kind === 'list-item' ||
      lead !== null ||
      (ITEM_SCHEMES.has(piece.node.scheme) && piece.node.depth >= 2)
    const titled = piece.title.end > piece.title.start
    if (titled && (piece.title.end < piece.span.end || (lead === null && block.kind !== 'list-item'))) {
      add(piece.title, 'heading')
      from = piece.title.end
    }
    let first = piece.fresh
    for (const span of splitSentences(text, { start: from, end: piece.span.end })) {
      add(span, first && isItem ? 'item' : 'sentence')
      first = false
    }
    done()
  }
  return sentences
}

function chain(node: Node): Node[] {
  const nodes: Node[] = []
  for (let at: Node | null = node; at; at = at.parent) nodes.unshift(at)
  return nodes
}

/**
 * The name a lawyer would use for a clause: "第五条（二）", "三、（二）1", "2.1（3）". Chapters are left out above a 条 or a decimal number that
 * makes them redundant; empty where the clause has no label.
 */
export function clauseName(parsed: Parsed, clauseId: number): string {
  const clause = parsed.clauses[clauseId]
  if (!clause) return ''
  const labels = clause.path.map(text => ({ text, label: readLabel(`${text}、甲`, 0) }))
  const article = labels.findLastIndex(({ label }) => label?.scheme === 'article')
  const decimalAt = labels.findLastIndex(({ label }) => label?.scheme === 'decimal')
  const decimal = labels[decimalAt]?.label?.values ?? []
  // 第二章 and 2 above 2.1, 2.1 above 2.1.3 say nothing that the decimal doesn't
  const redundant = (values: readonly number[], index: number): boolean =>
    index < decimalAt && values.every((value, place) => decimal[place] === value)
  const shown = labels.filter(({ label }, index) => index >= article && !(label && redundant(label.values, index)))
  return shown
    .map(({ text, label }, index) => {
      const following = shown[index + 1]
      if (!following) return text
      if (label?.scheme === 'han') return `${text}、`
      return /[\dA-Za-z]$/.test(text) && /^[\dA-Za-z]/.test(following.text) ? `${text}、` : text
    })
    .join('')
}
