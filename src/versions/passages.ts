/** Cuts a parsed document into the passages that two versions are compared by, each with a key that no editing of form changes. */
import { clauseName } from '../parse/index.js'
import { type Label, readLabel } from '../parse/labels.js'
import type { Cell, Clause, Parsed, Sentence, SentenceKind, Span } from '../types.js'
import type { Passage } from './types.js'

/** A passage with its place in the clause tree. */
export interface PlacedPassage extends Passage {
  readonly kind: 'title' | 'text' | 'row'
  /** Id of the clause above, -1 above the root. */
  readonly parent: number
  /** The first passage of its clause. */
  readonly first: boolean
}

/** What of a document is compared: the rule itself without the notice around it (`body`) and wording no longer valid (`skip`). */
export interface Within {
  readonly body: Span
  readonly skip: readonly Span[]
}

/**
 * What goes on with a sentence that a line break cut: "本协议（试行）" / "和服务规则（试行）。" Only behind words without a mark at
 * their end; 和解, 及时, 或有 and the like begin a line of their own.
 */
const GOES_ON =
  /^(?:[、，]|以及|或者|并且|等(?!级|待|候|额|价)|和(?!解|平|谐|睦|好)|及(?!时|早|格)|与(?!会|此)|或(?!有|许|然))/
const CUT = /[\p{L}\p{N}）)》”’」』】、，]$/u

/** What a passage is put together from: a sentence, or the row that heads a table, which is no sentence. */
interface Unit {
  readonly span: Span
  readonly kind: SentenceKind
  readonly clause: number
  readonly block: number
  readonly cells?: readonly Cell[]
}

const HAN_OR_STOP = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’…—]/

/**
 * The passages of a document in reading order. A title is a passage of its own, however the file breaks its lines, so that
 * Markdown, HTML and flattened text of one agreement yield the same keys. Linear in the text.
 */
export function passages(parsed: Parsed, within?: Within): PlacedPassage[] {
  const { document, clauses } = parsed
  const out: PlacedPassage[] = []
  const names = new Map<number, string>()
  const begun = new Set<number>()
  let open: Unit[] = []
  const close = (): void => {
    const [first, last] = [open[0], open.at(-1)]
    open = []
    if (!first || !last) return
    const clause = clauses[first.clause]
    const own = begun.has(first.clause) && !first.cells ? misprinted(document.text, first.span.start, clause) : null
    const span = { start: own?.end ?? first.span.start, end: last.span.end }
    const text = joinLines(document.text.slice(span.start, span.end), first.cells !== undefined)
    const key = passageKey(text)
    if (key === '') return
    const name = names.get(first.clause) ?? clauseName(parsed, first.clause)
    names.set(first.clause, name)
    out.push({
      index: out.length,
      clause: own && clause?.label ? name.slice(0, -clause.label.length) + own.text : name,
      label: own ? own.text : begun.has(first.clause) ? null : (clause?.label ?? null),
      clauseId: first.clause,
      span,
      text,
      key,
      kind: first.kind === 'heading' ? 'title' : first.kind === 'row' ? 'row' : 'text',
      parent: clause?.parent ?? -1,
      first: !begun.has(first.clause),
    })
    begun.add(first.clause)
  }
  for (const sentence of unitsOf(parsed)) {
    if (within && !isWithin(sentence.span, within)) continue
    const before = open.at(-1)
    const joins =
      before !== undefined &&
      before.clause === sentence.clause &&
      before.kind !== 'heading' &&
      sentence.kind !== 'heading' &&
      (before.block === sentence.block || runsOn(document.text, before, sentence))
    if (!joins) close()
    open.push(sentence)
  }
  close()
  return out
}

/** Whether a unit in another block goes on with the sentence before it. */
function runsOn(text: string, before: Unit, next: Unit): boolean {
  if (before.kind === 'row' || next.kind === 'row') return false
  return (
    GOES_ON.test(text.slice(next.span.start, next.span.start + 4)) &&
    CUT.test(text.slice(Math.max(before.span.start, before.span.end - 2), before.span.end))
  )
}

/** A number out of turn at the head of a paragraph (a, b, c, b), which the clause tree leaves in the text of the clause before. */
function misprinted(text: string, at: number, clause: Clause | undefined): Label | null {
  const label = clause?.label ? readLabel(text, at) : null
  if (!label || !clause?.label || label.scheme === 'decimal' || label.scheme === 'bullet') return null
  return readLabel(`${clause.label}、甲`, 0)?.scheme === label.scheme ? label : null
}

/** The sentences, and before the rows of a table the row that heads them. */
function unitsOf({ document, sentences }: Parsed): Unit[] {
  const seen = new Set(sentences.map((s: Sentence) => s.block))
  const out: Unit[] = []
  let block = 0
  for (const sentence of sentences) {
    for (; block < sentence.block; block++) {
      const { kind, span, cells, table } = document.blocks[block]!
      const heads = kind === 'row' && cells && !seen.has(block) && table === document.blocks[sentence.block]?.table
      if (heads) out.push({ span, kind: 'row', clause: sentence.clause, block, cells })
    }
    out.push(sentence)
  }
  return out
}

const isWithin = (span: Span, { body, skip }: Within): boolean =>
  span.start >= body.start && span.end <= body.end && !skip.some(s => span.start >= s.start && span.end <= s.end)

/** Takes out soft line breaks (a space stays between Latin words) and shows cells with bars. */
function joinLines(text: string, row: boolean): string {
  const joined = text.replace(/[^\S\n]*\n\s*/g, (_, at: number) => {
    const after = /\S/.exec(text.slice(at))?.[0] ?? ''
    return HAN_OR_STOP.test(text.charAt(at - 1)) || HAN_OR_STOP.test(after) ? '' : ' '
  })
  return row ? joined.replace(/\s*\t\s*/g, ' | ') : joined
}

/** Key of a passage without a number that its form left in the text: "11", a wide space, "赔偿". */
export function bareKey(text: string): string {
  const label = readLabel(text, 0)
  const end = label && label.scheme !== 'bullet' && label.scheme !== 'decimal' ? label.end : 0
  return passageKey(end > 0 ? text.slice(end) : text.replace(/^\d{1,2}\u3000+/, ''))
}

/** Key of a passage with its number, however the number was read: as the clause's label or as a word of its title. */
export const labelledKey = (p: Passage): string => passageKey(`${p.label ?? ''} ${p.text}`)

/**
 * The words of a passage alone: full and half width, case, white space, invisible characters and punctuation are gone.
 * Marks that carry a value stay: 1.5, 10-15, 12:00, 5%. Traditional characters stay traditional.
 */
export function passageKey(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Cf}|\p{Co}|\ufffd/gu, '')
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    .replace(/[\s|]+/g, (_, at: number, all: string) => (betweenDigits(all, at, at + _.length) ? ' ' : ''))
    .replace(/(?![%‰/@#&*])\p{P}|[~`^]/gu, (mark, at: number, all: string) =>
      /[.:,\-~–—]/.test(mark) && betweenDigits(all, at, at + mark.length) ? mark : '',
    )
}

const betweenDigits = (text: string, start: number, end: number): boolean =>
  /\d/.test(text.charAt(start - 1)) && /\d/.test(text.charAt(end))
