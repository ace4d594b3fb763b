/** The order of pairs, and which of them moved. */
import { clauseMap, type Link, type Side } from './sides.js'
import type { Pair } from './types.js'

/** Likeness from which altered words in a clause of their own have moved. */
const MOVED = 0.6
/** Lines shorter than this say too little: altered, they have not moved. */
const LINE = 10

/** All pairs in the order of the new version; what stands outside the heaviest run of common order, or under another parent, has moved. */
export function inOrder(a: Side, b: Side, links: readonly Link[]): Pair[] {
  const oldAt = (link: Link): number => longest(a, link.old)
  const newAt = (link: Link): number => longest(b, link.new)
  const sorted = [...links].sort((x, y) => oldAt(x) - oldAt(y))
  const [oldWeights, newWeights] = [heft(a), heft(b)]
  const weightOf = (link: Link): number => {
    const sum = link.old.reduce((t, i) => t + oldWeights[i]!, 0) + link.new.reduce((t, j) => t + newWeights[j]!, 0)
    return sum * 0x80000 + tieBreak(a, b, link)
  }
  const stays = heaviestRun(sorted.map(newAt), sorted.map(weightOf), b.all.length)
  const sameClause = clauseMap(a, b)
  const known = new Set<string>()
  const [knownOld, knownNew] = [new Set<number>(), new Set<number>()]
  for (const link of links) {
    const [p, q] = [a.all[link.old[0]!]!, b.all[link.new[0]!]!]
    if (!sameClause(p.clauseId, q.clauseId)) continue
    known.add(`${p.clauseId} ${q.clauseId}`)
    knownOld.add(p.clauseId)
    knownNew.add(q.clauseId)
  }
  const moved = new Set<Link>()
  sorted.forEach((link, k) => {
    const [p, q] = [a.all[link.old[0]!]!, b.all[link.new[0]!]!]
    const otherParent =
      p.label !== null &&
      q.label !== null &&
      knownOld.has(p.parent) &&
      knownNew.has(q.parent) &&
      !known.has(`${p.parent} ${q.parent}`)
    if (!stays[k] || otherParent) moved.add(link)
  })
  const passed = new Set(keptAmongSiblings(a, b, sorted, newAt, moved, sameClause))
  for (const link of passed) moved.delete(link)

  for (const link of moved) {
    const [p, q] = [a.all[link.old[0]!]!, b.all[link.new[0]!]!]
    if (link.by === 'exact') continue
    const line = Math.min(p.key.length, q.key.length) < LINE && p.label === null && p.kind !== 'row'
    if (!line && link.similarity < MOVED && p.label !== null && p.label === q.label && p.clause === q.clause) {
      // half the words, under the number that they had: what stands around them moved
      moved.delete(link)
      continue
    }
    // half the words, in another order and in a clause that is not the same one: not the same thing at another place
    if (!line && (link.similarity >= MOVED || sameClause(p.clauseId, q.clauseId))) continue
    for (const i of link.old) a.link[i] = null
    for (const j of link.new) b.link[j] = null
    moved.delete(link)
  }

  const placed: { at: number; after: number; pair: Pair }[] = []
  for (const link of links) {
    if (a.link[link.old[0]!] !== link) continue
    placed.push({
      at: link.new[0]!,
      after: -1,
      pair: {
        old: link.old.map(i => a.all[i]!),
        new: link.new.map(j => b.all[j]!),
        matchedBy: link.by,
        similarity: link.by === 'exact' ? 1 : Math.round(link.similarity * 1000) / 1000,
        moved: moved.has(link),
      },
    })
  }
  for (const q of b.all)
    if (!b.link[q.index])
      placed.push({
        at: q.index,
        after: -1,
        pair: { old: [], new: [q], matchedBy: null, similarity: null, moved: false },
      })
  let at = -1
  for (const p of a.all) {
    const link = a.link[p.index]
    if (link && !moved.has(link) && !passed.has(link)) at = link.new.at(-1)!
    if (!link)
      placed.push({ at, after: p.index, pair: { old: [p], new: [], matchedBy: null, similarity: null, moved: false } })
  }
  return placed.sort((x, y) => x.at - y.at || x.after - y.after).map(({ pair }) => pair)
}

/** Clauses that went on past others only because these went in among them: below the same clause, in the order they had. */
function keptAmongSiblings(
  a: Side,
  b: Side,
  sorted: readonly Link[],
  newAt: (link: Link) => number,
  moved: ReadonlySet<Link>,
  sameClause: (oldClause: number, newClause: number) => boolean,
): Link[] {
  const gone = new Set([...moved].map(link => a.all[link.old[0]!]!.clauseId))
  const siblings = new Map<number, { links: Link[]; last: number; kept: boolean }>()
  for (const link of sorted) {
    const [p, q] = [a.all[link.old[0]!]!, b.all[link.new[0]!]!]
    if (p.label === null || q.label === null || p.parent <= 0 || gone.has(p.parent)) continue
    if (!sameClause(p.parent, q.parent)) continue
    const at = newAt(link)
    const known = siblings.get(p.parent) ?? { links: [], last: -1, kept: true }
    known.links.push(link)
    siblings.set(p.parent, { links: known.links, last: at, kept: known.kept && at > known.last })
  }
  return [...siblings.values()].flatMap(({ links, kept }) =>
    kept && links.length > 1 ? links.filter(link => moved.has(link)) : [],
  )
}

/** Where several passages stand for one, the longest tells the place. */
const longest = (s: Side, list: readonly number[]): number =>
  list.reduce((best, k) => (s.all[k]!.key.length > s.all[best]!.key.length ? k : best))

/**
 * What speaks against saying that this passage moved rather than those it changed places with. Grows with the words, slowly: of
 * six short clauses and a long one, the long one moved. Items count for little: of a clause with items and two without, the
 * first moved. A heading without own text weighs more than what stands below it: articles move past a heading, not it past them.
 */
function heft({ all }: Side): number[] {
  const texted = new Set(all.filter(p => p.kind !== 'title' && p.clauseId > 0).map(p => p.clauseId))
  const own = all.map(p => Math.round((20 + 4 * Math.sqrt(p.key.length)) * (texted.has(p.parent) ? 0.4 : 1)))
  const below = new Map<number, number>()
  for (const p of all) below.set(p.parent, (below.get(p.parent) ?? 0) + own[p.index]!)
  return all.map(
    p => own[p.index]! + (texted.has(p.clauseId) || p.clauseId === 0 ? 0 : 2 * (below.get(p.clauseId) ?? 0)),
  )
}

/** A number drawn from the words of a pair, so that ties fall alike whichever version comes first. */
function tieBreak(a: Side, b: Side, link: Link): number {
  let sum = 0
  for (const key of [link.old.map(i => a.all[i]!.key).join(''), link.new.map(j => b.all[j]!.key).join('')]) {
    let own = 7
    for (let k = 0; k < key.length; k++) own = (own * 31 + key.charCodeAt(k)) & 0x3ffff
    sum += own
  }
  return sum
}

/** Which of `values` are in the increasing run of the greatest total weight. O(n log n). */
function heaviestRun(values: readonly number[], weights: readonly number[], limit: number): boolean[] {
  const best = new Float64Array(limit + 2)
  const from = new Int32Array(limit + 2).fill(-1)
  const previous = new Int32Array(values.length)
  let [top, topWeight] = [-1, 0]
  values.forEach((value, k) => {
    let [sum, last] = [0, -1]
    for (let at = value; at > 0; at -= at & -at) if (best[at]! > sum) [sum, last] = [best[at]!, from[at]!]
    sum += weights[k]!
    previous[k] = last
    for (let at = value + 1; at <= limit + 1; at += at & -at)
      if (best[at]! < sum) {
        best[at] = sum
        from[at] = k
      }
    if (sum > topWeight) [top, topWeight] = [k, sum]
  })
  const stays = values.map(() => false)
  for (let k = top; k >= 0; k = previous[k]!) stays[k] = true
  return stays
}
