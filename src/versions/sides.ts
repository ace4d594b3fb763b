/** The two sides of an alignment while it goes on: what is linked, what stands beside what, which clause became which. */
import type { PlacedPassage } from './passages.js'
import type { MatchedBy } from './types.js'

/** How often each pair of neighbouring characters occurs. */
export type Bigrams = ReadonlyMap<number, number>

/** Passages of both sides that belong together. */
export interface Link {
  old: number[]
  new: number[]
  by: MatchedBy
  similarity: number
}

/** One side of the comparison while it goes on. */
export interface Side {
  readonly all: readonly PlacedPassage[]
  /** The link of each passage, null while it is free. */
  readonly link: (Link | null)[]
  /** Index of the nearest linked passage before and after each one; -1 and `all.length` if there is none. */
  before: Int32Array
  after: Int32Array
  readonly bigrams: (Bigrams | undefined)[]
}

/** Links passages by their indexes and says how. */
export type Join = (old: number[], fresh: number[], by: MatchedBy, similarity: number) => Link

export function sideOf(all: readonly PlacedPassage[]): Side {
  return { all, link: all.map(() => null), before: new Int32Array(0), after: new Int32Array(0), bigrams: [] }
}

/** Finds again the linked neighbours of every passage. */
export function refresh(s: Side): void {
  const { length } = s.all
  s.before = new Int32Array(length)
  s.after = new Int32Array(length)
  for (let i = 0, last = -1; i < length; i++) {
    s.before[i] = last
    if (s.link[i]) last = i
  }
  for (let i = length - 1, next = length; i >= 0; i--) {
    s.after[i] = next
    if (s.link[i]) next = i
  }
}

/** How far apart two places are, measured from the linked neighbours of both: 0 = the same place. */
export function distance(a: Side, b: Side, i: number, j: number): number {
  const [i0, i1, j0, j1] = [a.before[i]!, a.after[i]!, b.before[j]!, b.after[j]!]
  const at = (s: Side, k: number, side: 'old' | 'new', end: boolean): number => {
    if (k < 0) return -1
    const list = s.link[k]?.[side]
    if (!list) return s === a ? b.all.length : a.all.length
    return end ? list.at(-1)! : list[0]!
  }
  const forward = Math.abs(at(a, i0, 'new', true) + i - i0 - j) + Math.abs(at(b, j0, 'old', true) + j - j0 - i)
  const backward = Math.abs(at(a, i1, 'new', false) - (i1 - i) - j) + Math.abs(at(b, j1, 'old', false) - (j1 - j) - i)
  return Math.min(forward, backward)
}

/** Whether two free passages stand beside the same linked neighbour; 2 if between the same two. */
export function neighbours(a: Side, b: Side, i: number, j: number): 0 | 1 | 2 {
  const [i0, i1, j0, j1] = [a.before[i]!, a.after[i]!, b.before[j]!, b.after[j]!]
  const head = i0 < 0 ? j0 < 0 : j0 >= 0 && a.link[i0] === b.link[j0]
  const tail = i1 >= a.all.length ? j1 >= b.all.length : j1 < b.all.length && a.link[i1] === b.link[j1]
  return head && tail ? 2 : head || tail ? 1 : 0
}

/** The stretches of free passages that stand between the same linked neighbours. */
export function gaps(a: Side, b: Side): { i: number; j: number; oldEnd: number; newEnd: number }[] {
  refresh(a)
  refresh(b)
  const out = []
  for (let i = 0; i < a.all.length; i++) {
    if (a.link[i] || (i > 0 && !a.link[i - 1])) continue
    const before = a.before[i]!
    const j = before < 0 ? 0 : a.link[before]!.new.at(-1)! + 1
    if (j >= b.all.length || b.link[j]) continue
    out.push({ i, j, oldEnd: a.after[i]!, newEnd: b.after[j]! })
  }
  return out
}

/** Which clause of the new version each old clause became, by the words they share; and the way back. */
export function clauseMap(a: Side, b: Side): (oldClause: number, newClause: number) => boolean {
  const votes = new Map<string, { from: number; to: number; weight: number }>()
  for (const p of a.all) {
    const link = a.link[p.index]
    const q = link ? b.all[link.new[0]!] : undefined
    if (!link || !q || link.old[0] !== p.index) continue
    const size = p.key.length + q.key.length
    // a title says more of a clause than its text, and the clauses in it say something too
    for (const [from, to, weight] of [
      [p.clauseId, q.clauseId, p.kind === 'title' && q.kind === 'title' ? 4 * size : size],
      [p.parent, q.parent, size / 2],
    ] as const) {
      if (from < 0 || to < 0) continue
      const id = `${from} ${to}`
      const vote = votes.get(id)
      if (vote) vote.weight += weight
      else votes.set(id, { from, to, weight })
    }
  }
  const best = new Map<number, number>()
  const back = new Map<number, number>()
  for (const { from, to } of [...votes.values()].sort((x, y) => y.weight - x.weight || x.from + x.to - y.from - y.to)) {
    if (!best.has(from)) best.set(from, to)
    if (!back.has(to)) back.set(to, from)
  }
  return (from, to) => best.get(from) === to && back.get(to) === from
}
