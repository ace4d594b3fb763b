/** Finds which passages of two versions correspond: same words first, then similar words, then the place they stand in. */
import { inOrder } from './order.js'
import { bareKey, labelledKey, type PlacedPassage } from './passages.js'
import { byPlace } from './place.js'
import { clauseMap, distance, gaps, type Join, type Link, neighbours, refresh, type Side, sideOf } from './sides.js'
import { heads, SHORT, similar, splits } from './similar.js'
import type { MatchedBy, Pair } from './types.js'

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
    const same = by === 'similarity' && old.length === 1 && fresh.length === 1 && isSame(old[0]!, fresh[0]!)
    const link: Link = { old, new: fresh, by: same ? 'exact' : by, similarity }
    for (const i of old) a.link[i] = link
    for (const j of fresh) b.link[j] = link
    links.push(link)
    return link
  }
  const isSame = (i: number, j: number): boolean => a.all[i]!.key === b.all[j]!.key
  const exact = (i: number, j: number): void => {
    join([i], [j], 'exact', 1)
  }

  unique(a, b, p => p.key, exact)
  extend(a, b, exact)
  // words that occur in several clauses: only now, so that a clause's neighbours count for more than its number
  unique(a, b, p => `${p.label ?? ''}\n${p.clause}\n${p.key}`, exact)
  extend(a, b, exact)
  duplicates(a, b, exact)
  sameWordsOtherBreaks(a, b, join, p => p.key)
  // a number that only one version's form shows as one
  unique(a, b, labelledKey, (i, j) => isSame(i, j) || exact(i, j))
  sameWordsOtherBreaks(a, b, join, labelledKey)
  unique(
    a,
    b,
    p => bareKey(p.text),
    (i, j) => isSame(i, j) || exact(i, j),
  )
  similar(a, b, join, false)
  similar(a, b, join, true)
  splits(a, b)
  byPlace(a, b, join)
  similar(a, b, join, true)
  splits(a, b)
  heads(a, b)
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
  const sameClause = clauseMap(a, b)
  const belongs = (i: number, j: number): boolean => {
    const [p, q] = [a.all[i]!, b.all[j]!]
    return neighbours(a, b, i, j) > 0 || sameClause(p.clauseId, q.clauseId) || sameClause(p.parent, q.parent)
  }
  for (const [key, olds] of freeByKey(a)) {
    const news = there.get(key)
    if (!news) continue
    if (key.length < SHORT && olds.length * news.length <= 2500) {
      const places = olds
        .flatMap(i => news.map(j => ({ i, j, off: distance(a, b, i, j) })))
        .filter(x => belongs(x.i, x.j))
      places.sort((x, y) => x.off - y.off || x.i + x.j - y.i - y.j || x.i - y.i)
      for (const { i, j } of places) if (!a.link[i] && !b.link[j]) exact(i, j)
      continue
    }
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
function sameWordsOtherBreaks(a: Side, b: Side, join: Join, keyOf: (p: PlacedPassage) => string): void {
  const [left, right] = [new Map<number, string>(), new Map<number, string>()]
  const read = (known: Map<number, string>, p: PlacedPassage): string => {
    const key = known.get(p.index) ?? keyOf(p)
    known.set(p.index, key)
    return key
  }
  const oldKey = (i: number): string => read(left, a.all[i]!)
  const newKey = (j: number): string => read(right, b.all[j]!)
  for (const { i, j, oldEnd, newEnd } of gaps(a, b)) {
    for (let [k, l] = [i, j]; k < oldEnd && l < newEnd; ) {
      const run = sameRun(oldKey, newKey, k, oldEnd, l, newEnd)
      if (!run) {
        // only one place can go on after a difference: the next old passage that begins like a new one
        const next = resume(oldKey, newKey, k, oldEnd, l, newEnd)
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
  oldKey: (i: number) => string,
  newKey: (j: number) => string,
  i: number,
  oldEnd: number,
  j: number,
  newEnd: number,
): { oldEnd: number; newEnd: number } | null {
  let left = oldKey(i)
  let right = newKey(j)
  let [k, l] = [i + 1, j + 1]
  while (left !== right) {
    if (left.length < right.length) {
      if (!right.startsWith(left) || k >= oldEnd) return null
      right = right.slice(left.length)
      left = oldKey(k++)
    } else {
      if (!left.startsWith(right) || l >= newEnd) return null
      left = left.slice(right.length)
      right = newKey(l++)
    }
  }
  return { oldEnd: k, newEnd: l }
}

function resume(
  oldKey: (i: number) => string,
  newKey: (j: number) => string,
  i: number,
  oldEnd: number,
  j: number,
  newEnd: number,
): [number, number] | null {
  for (let sum = 1; sum <= STEPS; sum++)
    for (let di = 0; di <= sum; di++) {
      const [k, l] = [i + di, j + sum - di]
      if (k >= oldEnd || l >= newEnd) continue
      const [x, y] = [oldKey(k), newKey(l)]
      if (!x.startsWith(y) && !y.startsWith(x)) continue
      // a few characters may begin anything: they count where the words go on alike
      if (Math.min(x.length, y.length) > 4 || sameRun(oldKey, newKey, k, oldEnd, l, newEnd)) return [k, l]
    }
  return null
}
