/** Links what words alone didn't link by the place it stands in: titles and texts of clauses that correspond, lines of a form, the same label. */
import type { PlacedPassage } from './passages.js'
import { clauseMap, gaps, type Join, type Side } from './sides.js'
import { compareKeys } from './similar.js'

/** Likeness from which passages with the same label between the same neighbours correspond; for titles, which are short. */
const SAME_PLACE = 0.2
const SAME_TITLE = 0.3
const ONLY_TITLE = 0.1
/** How far a label is looked for. */
const REACH = 200

type LinkTwo = (i: number, j: number) => void
type SameClause = (oldClause: number, newClause: number) => boolean

/** Links free passages by their place, the surest first. */
export function byPlace(a: Side, b: Side, join: Join): void {
  const link: LinkTwo = (i, j) => {
    join([i], [j], 'label', compareKeys(a, b, i, j).dice)
  }
  for (const round of [titles, texts, fields, labels]) round(a, b, link, clauseMap(a, b))
}

/** The clause of the new version that each old clause became, as far as passages of it are linked. */
function clausesKept(a: Side, b: Side, sameClause: SameClause): Map<number, number> {
  const became = new Map<number, number>()
  for (const p of a.all) {
    const q = b.all[a.link[p.index]?.new[0] ?? -1]
    if (q && sameClause(p.clauseId, q.clauseId)) became.set(p.clauseId, q.clauseId)
  }
  return became
}

/** The one free passage of each clause that is `wanted`. */
function onlyFree(s: Side, wanted: (p: PlacedPassage) => boolean): Map<number, number> {
  const found = new Map<number, number>()
  for (const p of s.all) if (!s.link[p.index] && wanted(p)) found.set(p.clauseId, found.has(p.clauseId) ? -1 : p.index)
  return found
}

/** Titles of clauses that correspond: they share words, or most of what stands below them stayed. */
function titles(a: Side, b: Side, link: LinkTwo, sameClause: SameClause): void {
  const isTitle = (p: PlacedPassage): boolean => p.kind === 'title'
  const news = onlyFree(b, isTitle)
  const became = clausesKept(a, b, sameClause)
  const [belowOld, belowNew] = [below(a), below(b)]
  for (const [clause, i] of onlyFree(a, isTitle)) {
    const to = clause === 0 ? 0 : (became.get(clause) ?? -1)
    const j = news.get(to) ?? -1
    if (i < 0 || j < 0) continue
    // the title of the whole is the title of the whole, whatever it says
    const stays =
      clause === 0
        ? a.all.find(isTitle)?.index === i && b.all.find(isTitle)?.index === j
        : compareKeys(a, b, i, j).dice >= ONLY_TITLE ||
          (isKept(a, belowOld.get(clause), b, 'new', to) && isKept(b, belowNew.get(to), a, 'old', clause))
    if (stays) link(i, j)
  }
}

/** The passages of each clause and of the clauses directly in it. */
function below(s: Side): Map<number, PlacedPassage[]> {
  const found = new Map<number, PlacedPassage[]>()
  for (const p of s.all)
    for (const clause of p.clauseId === 0 ? [] : [p.clauseId, p.parent]) {
      const list = found.get(clause)
      if (list) list.push(p)
      else found.set(clause, [p])
    }
  return found
}

/** Whether most of a clause's words correspond to words of that clause of the other side. */
function isKept(
  s: Side,
  list: readonly PlacedPassage[] = [],
  other: Side,
  side: 'old' | 'new',
  clause: number,
): boolean {
  let [all, same] = [0, 0]
  for (const p of list) {
    if (p.kind === 'title') continue
    all += p.key.length
    const known = s.link[p.index]
    const q = known ? other.all[known[side][0]!] : undefined
    if (known && q && (q.clauseId === clause || q.parent === clause)) same += p.key.length * known.similarity
  }
  return same > 0 && same * 2 >= all
}

/** The one text left in clauses that correspond, if it shares words, or is all that stands under a title that stayed. */
function texts(a: Side, b: Side, link: LinkTwo, sameClause: SameClause): void {
  const isText = (p: PlacedPassage): boolean => p.kind === 'text' && p.clauseId > 0
  const news = onlyFree(b, isText)
  const became = clausesKept(a, b, sameClause)
  const titleOf = (s: Side, i: number): string | null => {
    const [before, p, after] = [s.all[i - 1], s.all[i]!, s.all[i + 1]]
    const alone = before?.kind === 'title' && before.clauseId === p.clauseId && after?.clauseId !== p.clauseId
    return alone ? before.key : null
  }
  for (const [clause, i] of onlyFree(a, isText)) {
    const j = news.get(became.get(clause) ?? -1) ?? -1
    if (i < 0 || j < 0) continue
    const title = titleOf(a, i)
    if (compareKeys(a, b, i, j).dice >= SAME_PLACE || (title !== null && title === titleOf(b, j))) link(i, j)
  }
}

/** Lines that fill in a form, by the name of the field: "收集目的：" */
function fields(a: Side, b: Side, link: LinkTwo, sameClause: SameClause): void {
  const find = (s: Side): Map<string, { clause: number; field: string; index: number }> => {
    const found = new Map<string, { clause: number; field: string; index: number }>()
    for (const { text, kind, clauseId, index } of s.all) {
      const field = clauseId > 0 && kind !== 'row' ? /^[\u4e00-\u9fff]{2,8}(?=[:：].)/.exec(text)?.[0] : undefined
      const id = `${clauseId} ${field}`
      if (field !== undefined) found.set(id, { clause: clauseId, field, index: found.has(id) ? -1 : index })
    }
    return found
  }
  const news = find(b)
  const became = clausesKept(a, b, sameClause)
  for (const { clause, field, index: i } of find(a).values()) {
    const j = news.get(`${became.get(clause)} ${field}`)?.index ?? -1
    if (i >= 0 && j >= 0 && !a.link[i] && !b.link[j]) link(i, j)
  }
}

/** Passages with the same label between the same neighbours, if they share some words. */
function labels(a: Side, b: Side, link: LinkTwo, sameClause: SameClause): void {
  for (const { i, j, oldEnd, newEnd } of gaps(a, b)) {
    const news = new Map<string, number>()
    for (let l = Math.min(newEnd, j + REACH) - 1; l >= j; l--) {
      const { label, kind } = b.all[l]!
      if (label !== null) news.set(`${label} ${kind === 'title'}`, l)
    }
    for (let k = i; k < oldEnd; k++) {
      const { label, kind, parent } = a.all[k]!
      const l = label === null ? undefined : news.get(`${label} ${kind === 'title'}`)
      if (l === undefined || b.link[l] || a.link[k]) continue
      const q = b.all[l]!
      if (parent > 0 && q.parent > 0 && !sameClause(parent, q.parent)) continue
      const { dice, contained } = compareKeys(a, b, k, l)
      const alone = oldEnd - i === 1 && newEnd - j === 1
      const likely =
        kind === 'title' ? dice >= (alone ? ONLY_TITLE : SAME_TITLE) : dice >= SAME_PLACE || contained >= 0.6
      if (likely) link(k, l)
    }
  }
}
