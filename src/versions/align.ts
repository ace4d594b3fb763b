/** Finds which passages of two versions correspond: same words first, then similar words, then the place they stand in. */
import { inOrder } from './order.js'
import type { PlacedPassage } from './passages.js'
import { clauseMap, distance, gaps, type Join, type Link, refresh, type Side, sideOf } from './sides.js'
import { compareKeys, similar, splits } from './similar.js'
import type { MatchedBy, Pair } from './types.js'

/** Likeness from which passages with the same label between the same neighbours correspond. */
const SAME_PLACE = 0.2
/** How far ahead the same words are looked for after a difference. */
const STEPS = 12

/**
 * Pairs the passages of two versions; every passage is in exactly one pair. Pairs are in the order of the new version,
 * removed passages stand where they stood. Deterministic; swapping the arguments swaps the sides. About linear in the text.
 */
export function align(oldPassages: readonly PlacedPassage[], newPassages: readonly PlacedPassage[]): Pair[] {
  const a = sideOf(oldPassages)
  const b = sideOf(newPassages)
  const links: Link[] = []
  const join = (old: number[], fresh: number[], by: MatchedBy, similarity: number): Link => {
    const link = { old, new: fresh, by, similarity }
    for (const i of old) a.link[i] = link
    for (const j of fresh) b.link[j] = link
    links.push(link)
    return link
  }
  const exact = (i: number, j: number): void => {
    join([i], [j], 'exact', 1)
  }

  unique(a, b, p => p.key, exact)
  extend(a, b, exact)
  // words that occur in several clauses: only now, so that a clause's neighbours count for more than its number
  unique(a, b, p => `${p.label ?? ''}\n${p.clause}\n${p.key}`, exact)
  extend(a, b, exact)
  duplicates(a, b, exact)
  sameWordsOtherBreaks(a, b, join)
  similar(a, b, join, false)
  similar(a, b, join, true)
  splits(a, b)
  byPlace(a, b, join)
  similar(a, b, join, true)
  splits(a, b)
  return inOrder(
    a,
    b,
    links.filter(link => link.old.length > 0 && link.new.length > 0),
  )
}

/** Links keys that occur once on each side. */
function unique(a: Side, b: Side, keyOf: (p: PlacedPassage) => string, exact: (i: number, j: number) => void): void {
  const find = ({ all, link }: Side): Map<string, number> => {
    const seen = new Map<string, number>()
    for (const p of all) {
      if (link[p.index]) continue
      const key = keyOf(p)
      seen.set(key, seen.has(key) ? -1 : p.index)
    }
    return seen
  }
  const there = find(b)
  for (const [key, i] of find(a)) {
    const j = there.get(key) ?? -1
    if (i >= 0 && j >= 0) exact(i, j)
  }
}

/** Links free passages with the same words beside linked ones, running on from there in both directions. */
function extend(a: Side, b: Side, exact: (i: number, j: number) => void): void {
  for (const step of [1, -1]) {
    for (let at = 0; at < a.all.length; at++) {
      const from = step > 0 ? at : a.all.length - 1 - at
      const i = from + step
      const link = a.link[from]
      if (!link || a.link[i] !== null) continue
      const j = (step > 0 ? link.new.at(-1)! : link.new[0]!) + step
      if (b.link[j] === null && a.all[i]!.key === b.all[j]!.key) exact(i, j)
    }
  }
}

/** Links what is left of words that occur several times: those first whose places agree best. */
function duplicates(a: Side, b: Side, exact: (i: number, j: number) => void): void {
  refresh(a)
  refresh(b)
  const there = freeByKey(b)
  for (const [key, olds] of freeByKey(a)) {
    const news = there.get(key)
    if (!news) continue
    if (olds.length === news.length || olds.length * news.length > 2500) {
      for (let k = 0; k < Math.min(olds.length, news.length); k++) exact(olds[k]!, news[k]!)
      continue
    }
    const places: { i: number; j: number; off: number }[] = []
    for (const i of olds) for (const j of news) places.push({ i, j, off: distance(a, b, i, j) })
    places.sort((x, y) => x.off - y.off || x.i + x.j - y.i - y.j || x.i - y.i)
    for (const { i, j } of places) if (!a.link[i] && !b.link[j]) exact(i, j)
  }
}

function freeByKey({ all, link }: Side): Map<string, number[]> {
  const free = new Map<string, number[]>()
  for (const p of all) {
    if (link[p.index]) continue
    const list = free.get(p.key)
    if (list) list.push(p.index)
    else free.set(p.key, [p.index])
  }
  return free
}

/** Links runs of passages that are the same words broken into blocks differently. */
function sameWordsOtherBreaks(a: Side, b: Side, join: Join): void {
  for (const { i, j, oldEnd, newEnd } of gaps(a, b)) {
    for (let [k, l] = [i, j]; k < oldEnd && l < newEnd; ) {
      const run = sameRun(a, b, k, oldEnd, l, newEnd)
      if (!run) {
        // only one place can go on after a difference: the next old passage that begins like a new one
        const next = resume(a, b, k, oldEnd, l, newEnd)
        if (!next) break
        ;[k, l] = next
        continue
      }
      const olds = range(k, run.oldEnd)
      const news = range(l, run.newEnd)
      join(olds, news, 'exact', 1)
      k = run.oldEnd
      l = run.newEnd
    }
  }
}

const range = (start: number, end: number): number[] => Array.from({ length: end - start }, (_, k) => start + k)

/** The shortest runs from these places whose words, one after the other, are the same. */
function sameRun(
  a: Side,
  b: Side,
  i: number,
  oldEnd: number,
  j: number,
  newEnd: number,
): { oldEnd: number; newEnd: number } | null {
  let left = a.all[i]!.key
  let right = b.all[j]!.key
  let [k, l] = [i + 1, j + 1]
  while (left !== right) {
    if (left.length < right.length) {
      if (!right.startsWith(left) || k >= oldEnd) return null
      right = right.slice(left.length)
      left = a.all[k++]!.key
    } else {
      if (!left.startsWith(right) || l >= newEnd) return null
      left = left.slice(right.length)
      right = b.all[l++]!.key
    }
  }
  return { oldEnd: k, newEnd: l }
}

function resume(a: Side, b: Side, i: number, oldEnd: number, j: number, newEnd: number): [number, number] | null {
  for (let sum = 1; sum <= STEPS; sum++)
    for (let di = 0; di <= sum; di++) {
      const [k, l] = [i + di, j + sum - di]
      if (k >= oldEnd || l >= newEnd) continue
      const [x, y] = [a.all[k]!.key, b.all[l]!.key]
      if ((x.startsWith(y) || y.startsWith(x)) && Math.min(x.length, y.length) > 4) return [k, l]
    }
  return null
}

/** Links what is left by the place it stands in: titles of clauses that correspond, the one passage left under a title, the same label. */
function byPlace(a: Side, b: Side, join: Join): void {
  const link = (i: number, j: number): void => {
    join([i], [j], 'label', compareKeys(a, b, i, j).dice)
  }
  for (const round of ['titles', 'bodies', 'labels'] as const) {
    const sameClause = clauseMap(a, b)
    if (round === 'labels') {
      for (const { i, j, oldEnd, newEnd } of gaps(a, b)) {
        const news = new Map<string, number>()
        for (let l = Math.min(newEnd, j + 200) - 1; l >= j; l--) {
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
          if (dice >= (kind === 'title' ? (alone ? 0.1 : 0.3) : SAME_PLACE) || (contained >= 0.6 && kind !== 'title'))
            link(k, l)
        }
      }
      continue
    }
    const wanted = (p: PlacedPassage): boolean => (p.kind === 'title') === (round === 'titles') && p.kind !== 'row'
    const left = new Map<number, number[]>()
    for (const q of b.all)
      if (!b.link[q.index] && wanted(q)) left.set(q.clauseId, [...(left.get(q.clauseId) ?? []), q.index])
    const rest = new Map<number, number[]>()
    for (const p of a.all)
      if (!a.link[p.index] && wanted(p)) rest.set(p.clauseId, [...(rest.get(p.clauseId) ?? []), p.index])
    const home = new Map<number, number>()
    for (const p of a.all) {
      const to = a.link[p.index]?.new[0]
      if (to !== undefined && sameClause(p.clauseId, b.all[to]!.clauseId)) home.set(p.clauseId, b.all[to]!.clauseId)
    }
    for (const [clause, olds] of rest) {
      const to = home.get(clause)
      const news = to === undefined || clause === 0 ? undefined : left.get(to)
      if (olds.length === 1 && news?.length === 1) link(olds[0]!, news[0]!)
    }
  }
}
