/** Links passages by likeness of words: candidates that share rare pairs of characters, then splits and merges. */
import { type PlacedPassage, passageKey } from './passages.js'
import { type Bigrams, clauseMap, gaps, type Join, neighbours, refresh, type Side } from './sides.js'

/** Likeness from which passages correspond wherever they stand, and beside matched neighbours. Measured on the fixtures and generated versions. */
const ANYWHERE = 0.6
const NEARBY = 0.34
/** How much of a passage has to be in the other one where one grew, split or merged. */
const CONTAINED = 0.75
/** Bounds that keep the search linear: rarest pairs looked up, longest list followed, candidates kept, steps from a neighbour, parts of a split. */
const RARE = 24
const LONGEST_LIST = 48
const KEPT = 8
const STEPS = 12
const PARTS = 4

function bigramsOf(s: Side, i: number): Bigrams {
  let known = s.bigrams[i]
  if (!known) {
    known = countBigrams(s.all[i]!.key)
    s.bigrams[i] = known
  }
  return known
}

function countBigrams(key: string): Bigrams {
  const counts = new Map<number, number>()
  if (key.length === 1) counts.set(key.charCodeAt(0), 1)
  for (let k = 0; k + 1 < key.length; k++) {
    const pair = key.charCodeAt(k) * 65536 + key.charCodeAt(k + 1)
    counts.set(pair, (counts.get(pair) ?? 0) + 1)
  }
  return counts
}

function shared(x: Bigrams, y: Bigrams): number {
  const [small, large] = x.size <= y.size ? [x, y] : [y, x]
  let sum = 0
  for (const [pair, count] of small) sum += Math.min(count, large.get(pair) ?? 0)
  return sum
}

const sizeOf = (key: string): number => Math.max(1, key.length - 1)

/** Dice coefficient of the bigrams, and the part of the shorter passage that is in the longer one. */
export function compareKeys(a: Side, b: Side, i: number, j: number): { dice: number; contained: number } {
  const [x, y] = [sizeOf(a.all[i]!.key), sizeOf(b.all[j]!.key)]
  const common = shared(bigramsOf(a, i), bigramsOf(b, j))
  return { dice: (2 * common) / (x + y), contained: common / Math.min(x, y) }
}

/** Links passages that share most of their words. `nearby` also accepts less likeness beside the same neighbours. */
export function similar(a: Side, b: Side, join: Join, nearby: boolean): void {
  refresh(a)
  refresh(b)
  const sameClause = clauseMap(a, b)
  const scored: { i: number; j: number; score: number; similarity: number }[] = []
  for (const [i, list] of candidates(a, b))
    for (const j of list) {
      const [p, q] = [a.all[i]!, b.all[j]!]
      if ((p.kind === 'title') !== (q.kind === 'title') && Math.min(p.key.length, q.key.length) < 8) continue
      const { dice, contained } = compareKeys(a, b, i, j)
      const near = neighbours(a, b, i, j)
      const home = sameClause(p.clauseId, q.clauseId)
      const place = near > 0 || home
      const label = p.label !== null && p.label === q.label
      const short = Math.min(p.key.length, q.key.length)
      const grown = contained >= 0.85 && short >= 10
      const likely = nearby
        ? place && (dice >= (p.kind === 'row' && q.kind === 'row' && !sameHead(p, q) ? 0.5 : NEARBY) || grown)
        : dice >= (p.kind === 'title' || short < 12 ? 0.8 : ANYWHERE)
      if (!likely) continue
      const score = dice + near * 0.05 + (home ? 0.1 : 0) + (label ? 0.04 : 0) + (p.kind === q.kind ? 0.02 : 0)
      scored.push({ i, j, score, similarity: dice })
    }
  scored.sort(
    (x, y) => y.score - x.score || x.i + x.j - y.i - y.j || Math.abs(x.i - x.j) - Math.abs(y.i - y.j) || x.i - y.i,
  )
  for (const { i, j, similarity } of scored) if (!a.link[i] && !b.link[j]) join([i], [j], 'similarity', similarity)
}

const sameHead = (p: PlacedPassage, q: PlacedPassage): boolean => headOf(p) === headOf(q)
/** Key of a row's first cell. */
const headOf = (p: PlacedPassage): string => passageKey(p.text.split(' | ')[0] ?? '')

/** For each free old passage the free new ones worth comparing: those that share rare bigrams either way, and those beside the same neighbours. */
function candidates(a: Side, b: Side): Map<number, Set<number>> {
  const found = new Map<number, Set<number>>()
  const add = (i: number, j: number): void => {
    const list = found.get(i)
    if (list) list.add(j)
    else found.set(i, new Set([j]))
  }
  const [freeOld, freeNew] = [free(a), free(b)]
  if (freeOld.length === 0 || freeNew.length === 0) return found
  const [listsOld, listsNew] = [posting(a, freeOld), posting(b, freeNew)]
  for (const i of freeOld) for (const j of mostShared(bigramsOf(a, i), listsNew)) add(i, j)
  for (const j of freeNew) for (const i of mostShared(bigramsOf(b, j), listsOld)) add(i, j)
  for (const { i, j, oldEnd, newEnd } of gaps(a, b))
    for (let k = i; k < oldEnd; k++)
      for (const middle of [j + k - i, newEnd - oldEnd + k])
        for (let l = Math.max(j, middle - STEPS); l <= Math.min(newEnd - 1, middle + STEPS); l++) add(k, l)
  return found
}

const free = (s: Side): number[] => s.all.filter(p => !s.link[p.index]).map(p => p.index)

function posting(s: Side, indexes: readonly number[]): Map<number, number[]> {
  const lists = new Map<number, number[]>()
  for (const i of indexes)
    for (const pair of bigramsOf(s, i).keys()) {
      const list = lists.get(pair)
      if (list) list.push(i)
      else lists.set(pair, [i])
    }
  return lists
}

/** The passages that share most of the rarest bigrams. */
function mostShared(bigrams: Bigrams, lists: ReadonlyMap<number, readonly number[]>): number[] {
  const rare: (readonly number[])[] = []
  for (const pair of bigrams.keys()) {
    const list = lists.get(pair)
    if (list && list.length <= LONGEST_LIST) rare.push(list)
  }
  rare.sort((x, y) => x.length - y.length)
  const votes = new Map<number, number>()
  for (const list of rare.slice(0, RARE)) for (const at of list) votes.set(at, (votes.get(at) ?? 0) + 1)
  return [...votes]
    .sort((x, y) => y[1] - x[1] || x[0] - y[0])
    .slice(0, KEPT)
    .map(([at]) => at)
}

/** Takes free passages into the pair beside them where one side's words are spread over several passages of the other. */
export function splits(a: Side, b: Side): void {
  grow(a, b, 'old', 'new')
  grow(b, a, 'new', 'old')
}

/** Lets pairs of one passage on side `one` take in more passages on side `many`. */
function grow(whole: Side, parts: Side, one: 'old' | 'new', many: 'old' | 'new'): void {
  for (const p of whole.all) {
    const link = whole.link[p.index]
    if (!link || link[one].length !== 1 || p.kind === 'title' || link.similarity > 0.97) continue
    const all = countBigrams(p.key)
    for (const step of [1, -1])
      while (link[many].length < PARTS) {
        const taken = nextPart(parts, link[many], all, step)
        if (!taken) break
        link[many] = [...link[many], ...taken].sort((x, y) => x - y)
        for (const k of taken) parts.link[k] = link
        const joined = link[many].map(k => parts.all[k]!.key).join('')
        link.similarity = (2 * shared(all, countBigrams(joined))) / (sizeOf(p.key) + sizeOf(joined))
        link.by = 'similarity'
      }
  }
}

/**
 * The free passage beside `have`, with the titles before it, whose words are in the whole and not accounted for by `have`.
 * Closing words of a clause between the two are stepped over.
 */
function nextPart(parts: Side, have: readonly number[], whole: Bigrams, step: number): number[] | null {
  const known = countBigrams(have.map(k => parts.all[k]!.key).join(''))
  const titles: number[] = []
  const edge = step > 0 ? have.at(-1)! : have[0]!
  for (let at = edge + step; Math.abs(at - edge) <= 3; at += step) {
    const q = parts.all[at]
    if (!q) return null
    if (parts.link[at] !== null) continue
    if (q.kind === 'title') {
      titles.push(at)
      continue
    }
    let fresh = 0
    for (const [pair, count] of countBigrams(q.key))
      fresh += Math.min(count, Math.max(0, (whole.get(pair) ?? 0) - (known.get(pair) ?? 0)))
    if (q.key.length >= 8 && fresh >= sizeOf(q.key) * CONTAINED) return [...titles, at]
  }
  return null
}
