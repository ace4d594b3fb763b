/** References inside a document (第五条, 第三条第（二）项, 第3.2款) and the clauses that they name; the outline. Pure. */
import { readLabel } from '../parse/labels.js'
import { toSource } from '../read/source-map.js'
import type { Clause, Document, Finding, Parsed, Sentence, Span } from '../types.js'

const NUMBER = '[〇零一二两三四五六七八九十百千\\d]{1,8}'
const ITEM = `[（(]\\s?${NUMBER}\\s?[)）]`
const REFERENCE = new RegExp(
  [
    `第\\s?${NUMBER}\\s?[条條章节節](?:之[一二三四五六七八九十]{1,3})?(?:第\\s?${NUMBER}\\s?款)?(?:第?\\s?(?:${ITEM}|${NUMBER})\\s?[项項])?`,
    `第?\\s?\\d{1,2}(?:[.．]\\d{1,2}){1,5}(?=\\s?[条款项])\\s?[条款项]`,
  ].join('|'),
  'g',
)
/** The law or rule that stands before a reference: what is meant is in that one. */
const OF_ANOTHER = /[》”]\s?$|(?:法|条例|解释|法典)(?:的|中|之)?$/

export interface Reference {
  /** In `Document.text`. */
  readonly span: Span
  /** Several where the document has the same number twice. */
  readonly clauses: readonly Clause[]
}

/** The reference around an offset of `Document.source`, null where there is none or the document has no such clause. */
export function referenceAt(parsed: Parsed, offset: number): Reference | null {
  const { document } = parsed
  const at = textOffset(document, offset)
  const block = at === null ? undefined : document.blocks.find(b => b.span.start <= at && at <= b.span.end)
  if (at === null || block === undefined) return null
  const words = document.text.slice(block.span.start, block.span.end)
  for (const match of words.matchAll(REFERENCE)) {
    const start = block.span.start + match.index
    const end = start + match[0].length
    if (at < start || at > end) continue
    // A clause's own label refers to nothing.
    if (parsed.clauses.some(({ labelSpan }) => labelSpan.start === start && labelSpan.end > start)) return null
    if (OF_ANOTHER.test(words.slice(Math.max(0, match.index - 6), match.index))) return null
    const clauses = clausesNamed(parsed, match[0])
    return clauses.length === 0 ? null : { span: { start, end }, clauses }
  }
  return null
}

function clausesNamed(parsed: Parsed, words: string): readonly Clause[] {
  const decimal = /\d{1,2}(?:[.．]\d{1,2})+/.exec(words)?.[0]
  const label = readLabel(`${decimal ?? words} `, 0, true)
  if (label === null) return []
  const same = (clause: Clause, scheme: string, values: readonly number[]): boolean => {
    const own = clause.label === null ? null : readLabel(`${clause.label} `, 0, true)
    return own !== null && own.scheme === scheme && own.values.join('.') === values.join('.')
  }
  const named = parsed.clauses.filter(c => same(c, label.scheme, label.values))
  const item = new RegExp(`(${ITEM})|第?\\s?(${NUMBER})\\s?[项項]`).exec(words.slice(label.labelEnd))
  const number = item === null ? null : readLabel(item[1] ?? `（${item[2] ?? ''}）`, 0, true)
  if (number === null) return named
  const items = named.flatMap(({ span }) =>
    parsed.clauses.filter(
      c =>
        c.span.start > span.start &&
        c.span.end <= span.end &&
        (same(c, 'han-paren', number.values) || same(c, 'number-paren', number.values)),
    ),
  )
  return items.length > 0 ? items : named
}

/** The offset of `Document.text` for one of `Document.source`; null before the first character. */
function textOffset({ segments }: Document, offset: number): number | null {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((segments[middle]?.source.start ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  const segment = segments[low - 1]
  if (segment === undefined) return null
  const { text, source, verbatim } = segment
  return verbatim ? Math.min(text.end, text.start + offset - source.start) : text.start
}

/** The sentence at an offset of the source, or the last one before it. */
export function sentenceAt({ document, sentences }: Parsed, offset: number): Sentence | undefined {
  const at = textOffset(document, offset) ?? 0
  let low = 0
  let high = sentences.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sentences[middle]?.span.start ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return sentences[low - 1] ?? sentences[0]
}

/** Where the sentence stands in the source that leads in to a finding's list item; null where none does. */
export function leadIn(parsed: Parsed, finding: Finding): Span | null {
  const above = sentenceAt(parsed, finding.start.offset)?.leadIn ?? null
  const lead = above === null ? undefined : parsed.sentences[above]
  return lead === undefined ? null : toSource(parsed.document, lead.span)
}

/** Label and title of a clause, or its first words where it has no title. */
export function clauseTitle({ document, sentences }: Parsed, clause: Clause, width = 24): string {
  const first = sentences.find(s => s.clause === clause.id && s.kind !== 'heading')?.span
  const words = clause.title ?? (first === undefined ? '' : document.text.slice(first.start, first.end))
  const short = words.replace(/\s+/g, ' ').trim()
  return [clause.label, short.length > width ? `${short.slice(0, width)}…` : short].filter(Boolean).join(' ') || '#'
}

/** The words of a clause, at most `length` characters. */
export function clauseText({ document }: Parsed, { span }: Clause, length = 400): string {
  const text = document.text.slice(span.start, Math.min(span.end, span.start + length))
  return span.end - span.start > length ? `${text}…` : text
}

/** Where a clause, and its label (or first line) stand in the source. */
export function clausePlace({ document }: Parsed, { span, labelSpan }: Clause): { whole: Span; name: Span } {
  const whole = toSource(document, span)
  const name = labelSpan.end > labelSpan.start ? toSource(document, labelSpan) : whole
  const line = /[\r\n]/.exec(document.source.slice(name.start, name.end))
  const end = line === null ? name.end : name.start + line.index
  return { whole, name: { start: Math.max(name.start, whole.start), end: Math.min(end, whole.end) } }
}
