/** Compares two versions of a document clause by clause: which were added, removed, altered, moved, renumbered, split or merged. */
import { lineIndex, toSource } from '../read/source-map.js'
import type { Clause, Lang, Parsed, Point } from '../types.js'
import { align } from './align.js'
import { isDateLine, isFurniture, isIdle, isSameSaid, isWeightyHeading, navigation } from './editorial.js'
import { edits } from './edits.js'
import { bareKey, labelledKey, type PlacedPassage, passageKey, passages, type Within } from './passages.js'
import { references } from './references.js'
import type { Change, ChangeCounts, ChangeKind, ClauseText, Edit, Meaning, Pair, Passage } from './types.js'

export interface CompareOptions {
  /** What of each version is compared; all of it when absent. */
  readonly oldWithin?: Within
  readonly newWithin?: Within
  /** Reads what an alteration means; asked for every change that is more than editorial. */
  readonly explain?: (pair: Pair, edits: readonly Edit[]) => readonly Meaning[]
  /** Of the notes; Chinese when absent. */
  readonly lang?: Lang
}

export interface Comparison {
  /** In the order of the new version; removed clauses where they stood. Unchanged clauses are not among them. */
  readonly changes: readonly Change[]
  readonly summary: ChangeCounts
  /** The whole alignment, unchanged passages too. */
  readonly pairs: readonly Pair[]
}

/** Compares two parsed versions. Pure, deterministic; about linear in the text. */
export function compare(old: Parsed, fresh: Parsed, options: CompareOptions = {}): Comparison {
  const [before, after] = [passages(old, options.oldWithin), passages(fresh, options.newWithin)]
  const pairs = align(before, after)
  const { follow, leftBehind } = references(old, fresh, pairs)
  const page = new Set([...navigation(pairs, 'old'), ...navigation(pairs, 'new')])
  const headings = new Set<Passage>([...headingsOf(old, before), ...headingsOf(fresh, after)])
  const titles = new Set<Passage>([...titleLines(old, before), ...titleLines(fresh, after)])
  const notes = new Map<Passage, readonly string[]>()
  const drafts = pairs
    .map((pair): Draft | null => {
      const made = draft(pair, { follow, page, headings, titles })
      const left = leftBehind(pair, options.lang ?? 'zh')
      if (left.length === 0) return made
      // the words stayed, what they say did not
      notes.set(pair.new[0]!, left)
      return made ? { ...made, editorial: false } : { kind: 'altered', pair, editorial: false }
    })
    .filter(d => d !== null)
  // a clause whose beginning is reported anyway shows its number there
  const altered = new Set(
    drafts.filter(d => (d.kind === 'altered' || d.kind === 'moved') && d.pair.old[0]!.label !== null).map(clausesOf),
  )
  const kept = foldMoves(old, fresh, foldWhole(drafts)).filter(
    d => d.kind !== 'renumbered' || !d.editorial || !altered.has(clausesOf(d)),
  )

  const placeOld = placer(old, headings)
  const placeNew = placer(fresh, headings)
  const changes = kept.map(({ kind, pair, editorial: formal }): Change => {
    const said = pair.new.flatMap(p => notes.get(p) ?? [])
    const words =
      kind === 'added' || kind === 'removed' || (kind === 'renumbered' && said.length === 0)
        ? []
        : edits(joined(pair.old), joined(pair.new))
    const editorial = formal || (kind === 'altered' && said.length === 0 && isIdle(words))
    const shown = kind === 'moved' && words.every(edit => edit.kind === 'equal') ? [] : words
    return {
      kind,
      old: byClause(pair.old).map(placeOld),
      new: byClause(pair.new).map(placeNew),
      matchedBy: pair.matchedBy,
      similarity: pair.similarity,
      editorial,
      edits: shown,
      ...(said.length > 0 ? { notes: said } : {}),
      meanings: editorial || kind === 'renumbered' ? [] : (options.explain?.(pair, words) ?? []),
    }
  })
  const summary: Record<ChangeKind, number> = {
    added: 0,
    removed: 0,
    altered: 0,
    moved: 0,
    renumbered: 0,
    split: 0,
    merged: 0,
  }
  for (const { kind } of changes) summary[kind]++
  return { changes, summary, pairs }
}

/** A change before it is placed in the source. */
interface Draft {
  readonly kind: ChangeKind
  readonly pair: Pair
  readonly editorial: boolean
}

/** What is known of the passages of both versions. */
interface Known {
  /** Whether the words of a pair differ in nothing but references that follow a renumbering. */
  readonly follow: (pair: Pair) => boolean
  /** Menus and footers. */
  readonly page: ReadonlySet<Passage>
  /** Titles with text of their own below. */
  readonly headings: ReadonlySet<Passage>
  /** Lines that say the title of the whole. */
  readonly titles: ReadonlySet<Passage>
}

/** Passages of one text, one per line. */
const joined = (list: readonly Passage[]): string => list.map(p => p.text).join('\n')
const joinedKey = (list: readonly Passage[]): string => list.map(p => p.key).join('')
const labelledKeys = (list: readonly Passage[]): string => list.map(labelledKey).join('')
const clauseCount = (list: readonly Passage[]): number => new Set(list.map(p => p.clauseId)).size
const clausesOf = ({ pair }: Draft): string => `${pair.old[0]?.clauseId} ${pair.new[0]?.clauseId}`

/** What a pair of passages amounts to, null if nothing changed but line breaks and spaces, or numbers that only follow. */
function draft(pair: Pair, { follow, page, headings, titles }: Known): Draft | null {
  const [before, after] = [joined(pair.old), joined(pair.new)]
  const heading = [...pair.old, ...pair.new].every(p => headings.has(p)) && !isWeightyHeading(before, after)
  if (pair.old.length === 0 || pair.new.length === 0) {
    const kind = pair.old.length === 0 ? 'added' : 'removed'
    const ofPage = [...pair.old, ...pair.new].every(p => page.has(p) || titles.has(p))
    return { kind, pair, editorial: ofPage || heading || isDateLine(before || after) || isFurniture(before || after) }
  }
  const sameWords = joinedKey(pair.old) === joinedKey(pair.new)
  const [olds, news] = [clauseCount(pair.old), clauseCount(pair.new)]
  const sameNumbers = labelledKeys(pair.old) === labelledKeys(pair.new)
  const sameSaid = sameWords || sameNumbers || isSameSaid(before, after)
  if (olds !== news) return { kind: olds < news ? 'split' : 'merged', pair, editorial: sameSaid }
  const same = squeezed(before) === squeezed(after) || (!sameWords && (follow(pair) || sameNumbers))
  const ofPage = [...pair.old, ...pair.new].every(p => page.has(p))
  const editorial =
    ofPage ||
    heading ||
    sameSaid ||
    (isDateLine(before) && isDateLine(after)) ||
    (isFurniture(before) && isFurniture(after))
  if (pair.moved) return { kind: 'moved', pair, editorial: ofPage }
  if (!same && !sameWords && !ofPage && numberedAlike(before, after))
    return { kind: 'renumbered', pair, editorial: true }
  if (!same) return { kind: 'altered', pair, editorial }
  const [from, to] = [pair.old[0]?.label, pair.new[0]?.label]
  return from && to && canonical(from) !== canonical(to) ? { kind: 'renumbered', pair, editorial: true } : null
}

/** Whether two texts differ only in a number at their start that one was not read as the clause's label: "（八）医疗器械" in a table. */
const numberedAlike = (before: string, after: string): boolean => bareKey(before) === bareKey(after)

const squeezed = (text: string): string => text.replace(/[\s|]|\p{Cf}/gu, '')
const canonical = (label: string): string => label.normalize('NFKC')

/** An added or removed clause is one change with all its paragraphs, if its title or first words are among them. */
function foldWhole(drafts: readonly Draft[]): Draft[] {
  const out: Draft[] = []
  let open: { side: 'old' | 'new'; clause: number } | null = null
  for (const next of drafts) {
    const side = next.kind === 'added' ? 'new' : next.kind === 'removed' ? 'old' : null
    const first = side && (next.pair[side][0] as PlacedPassage | undefined)
    const last = out.at(-1)
    if (side && first && open && last && open.side === side && open.clause === first.clauseId && first.label === null) {
      const list = [...last.pair[side], ...next.pair[side]]
      out[out.length - 1] = {
        ...last,
        editorial: last.editorial && next.editorial,
        pair: { ...last.pair, [side]: list },
      }
      continue
    }
    open =
      side && first && first.clauseId > 0 && (first.label !== null || first.kind === 'title')
        ? { side, clause: first.clauseId }
        : null
    out.push(next)
  }
  return out
}

/** What moved along inside a moved clause is part of that one change, or altered if its words changed as well. */
function foldMoves(old: Parsed, fresh: Parsed, drafts: readonly Draft[]): Draft[] {
  const out: Draft[] = []
  let home = -1
  for (const next of drafts) {
    const outer = out[home]
    const [p, q] = [next.pair.old[0], next.pair.new[0]]
    const [x, y] = [outer?.pair.old[0], outer?.pair.new[0]]
    const inside =
      next.kind === 'moved' &&
      outer &&
      x &&
      y &&
      x.clauseId > 0 &&
      y.clauseId > 0 &&
      isWithin(old.clauses, p!.clauseId, x.clauseId) &&
      isWithin(fresh.clauses, q!.clauseId, y.clauseId)
    if (!inside) {
      if (next.kind === 'moved') home = out.length
      out.push(next)
    } else if (p!.clauseId !== x.clauseId && squeezed(joined(next.pair.old)) !== squeezed(joined(next.pair.new)))
      out.push({ ...next, kind: 'altered', editorial: joinedKey(next.pair.old) === joinedKey(next.pair.new) })
    else {
      const { matchedBy, similarity } = outer.pair
      out[home] = {
        ...outer,
        pair: {
          old: [...outer.pair.old, ...next.pair.old],
          new: [...outer.pair.new, ...next.pair.new],
          matchedBy: matchedBy === next.pair.matchedBy ? matchedBy : 'similarity',
          similarity: Math.min(similarity ?? 0, next.pair.similarity ?? 0),
          moved: true,
        },
      }
    }
  }
  return out
}

function isWithin(clauses: readonly Clause[], inner: number, outer: number): boolean {
  for (let at: number | null = inner; at !== null; at = clauses[at]?.parent ?? null) if (at === outer) return true
  return false
}

/** Passages grouped by the clause they stand in; what stands between two of them is not theirs. */
function byClause(list: readonly Passage[]): Passage[][] {
  const groups: Passage[][] = []
  for (const p of list) {
    const last = groups.at(-1)
    if (last && last[0]!.clauseId === p.clauseId && last.at(-1)!.index === p.index - 1) last.push(p)
    else groups.push([p])
  }
  return groups
}

/** Titles of clauses that have more to them than a title; those too that a list numbers as its items. */
function headingsOf({ clauses }: Parsed, list: readonly PlacedPassage[]): PlacedPassage[] {
  const isTitle = (p: PlacedPassage): boolean =>
    p.kind === 'title' || (p.label !== null && passageKey(clauses[p.clauseId]?.title ?? '') === p.key)
  const above = new Set(list.flatMap(p => [p.parent, ...(isTitle(p) ? [] : [p.clauseId])]))
  return list.filter(p => p.clauseId > 0 && above.has(p.clauseId) && isTitle(p))
}

/** Lines above the first clause that say the title of the document. */
function titleLines({ title }: Parsed, list: readonly PlacedPassage[]): PlacedPassage[] {
  const key = passageKey(title ?? '')
  return list.filter(p => p.clauseId === 0 && p.key === key)
}

/** Gives passages of one clause their place in the source. */
function placer(parsed: Parsed, headings: ReadonlySet<Passage>): (list: readonly Passage[]) => ClauseText {
  const { document, clauses } = parsed
  let point: ((offset: number) => Point) | undefined
  return list => {
    point ??= lineIndex(document.source)
    const span = toSource(document, { start: list[0]!.span.start, end: list.at(-1)!.span.end })
    const part = list.every(p => headings.has(p)) ? 'heading' : partOf(clauses, list[0] as PlacedPassage)
    const place = { start: point(span.start), end: point(span.end), text: joined(list) }
    return { clause: list[0]!.clause, ...(part ? { part } : {}), ...place }
  }
}

/** Where in its clause a passage stands that is not its beginning. */
function partOf(clauses: readonly Clause[], { first, label, clauseId }: PlacedPassage): ClauseText['part'] {
  if (first || label !== null || clauseId === 0) return undefined
  const clause = clauses[clauseId]
  const above = clauses[clause?.parent ?? 0]
  const last = clause && clause.depth > 1 && clause.children.length === 0 && above?.children.at(-1) === clauseId
  return last && clause.title === null ? 'after' : 'paragraph'
}
