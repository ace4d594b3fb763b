/** Links passages by likeness of words: candidates that share rare pairs of characters, then splits and merges. */
import { type PlacedPassage, passageKey } from './passages.js'
import { type Bigrams, clauseMap, gaps, type Join, neighbours, refresh, type Side } from './sides.js'

/** Likeness from which passages correspond wherever they stand, and beside matched neighbours. Measured on the fixtures and generated versions. */
const ANYWHERE = 0.6
const SHORT_ANYWHERE = 0.8
const NEARBY = 0.34
const AT_HOME = 0.28
/** The same for rows of a table with another first cell. */
const OTHER_ROW = 0.5
/** How much of a passage has to be in the other one where one grew, split or merged. */
const CONTAINED = 0.75
/** The same for a long passage taken up in a longer one at the same place. */
const GROWN = 0.5
/** The same where the number stayed and the clauses around it did not: how much is contained, and how many times as long it may be. */
const SAME_NAME = 0.6
const TIMES = 6
/** Keys shorter than this say little by themselves. */
export const SHORT = 12
/** And with as many pairs of characters in common, little chance is left. */
const LONG = 16
/** How much of what is left of the whole has to be in a longer passage beside its parts: the lead-in of a list. */
const LEAD = 0.8
/** Bounds that keep the search linear: rarest pairs looked up, longest list followed, candidates kept, steps from a neighbour, parts of a split, steps from part to part. */
const RARE = 24
const LONGEST_LIST = 48
const KEPT = 8
const STEPS = 12
const PARTS = 12
const APART = 6

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
      const grown = short >= 10 && contained >= (short >= 40 ? GROWN : 0.85)
      const extended =
        p.clause !== '' &&
        p.clause === q.clause &&
        (p.label ?? q.label) !== null &&
        short >= 40 &&
        contained >= SAME_NAME &&
        Math.max(p.key.length, q.key.length) <= short * TIMES
      // words as few as these mean something only in their list
      if (p.key === q.key && short < SHORT && !place) continue
      const opening = commonStart(p.key, q.key)
      const behind = a.link[i - 1] !== undefined && a.link[i - 1] !== null && a.link[i - 1] === b.link[j - 1]
      const opens = (label && opening >= LONG) || (behind && (home || label) && opening >= 5 && dice >= 0.15)
      const otherRow = p.kind === 'row' && q.kind === 'row' && !sameHead(p, q)
      const least = otherRow ? OTHER_ROW : home && near > 0 ? AT_HOME : NEARBY
      const likely = nearby
        ? (place && (opens || grown || dice >= least)) || extended
        : dice >= (p.kind === 'title' || short < SHORT ? SHORT_ANYWHERE : ANYWHERE) ||
          (label && near > 0 && contained >= 0.95 && short >= SHORT)
      if (!likely) continue
      const score =
        dice * 0.7 +
        contained * 0.3 +
        near * 0.05 +
        (home ? 0.1 : 0) +
        (label ? 0.04 : 0) +
        (opens ? 0.2 : 0) +
        (p.kind === q.kind ? 0.02 : 0)
      scored.push({ i, j, score, similarity: dice })
    }
  scored.sort(
    (x, y) => y.score - x.score || x.i + x.j - y.i - y.j || Math.abs(x.i - x.j) - Math.abs(y.i - y.j) || x.i - y.i,
  )
  for (const { i, j, similarity } of scored) if (!a.link[i] && !b.link[j]) join([i], [j], 'similarity', similarity)
}

function commonStart(x: string, y: string): number {
  let length = 0
  while (length < x.length && length < LONG && x.charCodeAt(length) === y.charCodeAt(length)) length++
  return length
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

/** Whether a long run of characters is in both texts and not in what is accounted for. */
function sharesRun(key: string, text: string, known: string): boolean {
  for (let k = 0; k + LONG <= key.length; k += 4) {
    const run = key.slice(k, k + LONG)
    if (text.includes(run) && !known.includes(run)) return true
  }
  return false
}

/** Takes free passages into the pair beside them where one side's words are spread over several passages of the other. */
export function splits(a: Side, b: Side): void {
  grow(a, b, 'old', 'new')
  grow(b, a, 'new', 'old')
}

/** Lets pairs take in more passages on side `many`. */
function grow(whole: Side, parts: Side, one: 'old' | 'new', many: 'old' | 'new'): void {
  for (const p of whole.all) {
    const link = whole.link[p.index]
    if (!link || link[one][0] !== p.index || p.kind === 'title' || link.similarity > 0.97) continue
    const text = link[one].map(i => whole.all[i]!.key).join('')
    const all = countBigrams(text)
    for (const step of [1, -1])
      while (link[many].length < PARTS) {
        const taken = nextPart(parts, link[many], text, all, step)
        if (!taken) break
        link[many] = [...link[many], ...taken].sort((x, y) => x - y)
        for (const k of taken) parts.link[k] = link
        const joined = link[many].map(k => parts.all[k]!.key).join('')
        link.similarity = (2 * shared(all, countBigrams(joined))) / (sizeOf(text) + sizeOf(joined))
        link.by = 'similarity'
      }
  }
}

/**
 * Takes the head of a clause (its title, the words before its list) into the altered pair of what stands below it, where the
 * other side has its number at the text itself: "第五条 标识条件商家……" and "第五条 【考核】" above "商家……".
 */
export function heads(a: Side, b: Side): void {
  takeHeads(a, b, 'old', 'new')
  takeHeads(b, a, 'new', 'old')
}

function takeHeads(whole: Side, parts: Side, one: 'old' | 'new', many: 'old' | 'new'): void {
  for (const head of parts.all) {
    const link = parts.link[head.index + 1]
    const below = parts.all[head.index + 1]
    if (!link || !below || parts.link[head.index] || link.by === 'exact' || link[many][0] !== below.index) continue
    const leads = head.kind === 'title' || (/[：:]$/.test(head.text) && head.key.length < LONG * 2)
    const first = whole.all[link[one][0]!]!
    if (
      !leads ||
      head.label === null ||
      head.clauseId !== below.clauseId ||
      first.kind !== 'text' ||
      first.label === null
    )
      continue
    link[many] = [head.index, ...link[many]]
    parts.link[head.index] = link
    const [x, y] = [whole, parts].map((s, k) => link[k === 0 ? one : many].map(i => s.all[i]!.key).join('')) as [
      string,
      string,
    ]
    link.similarity = (2 * shared(countBigrams(x), countBigrams(y))) / (sizeOf(x) + sizeOf(y))
    link.by = 'similarity'
  }
}

/**
 * The free passage near `have`, with the titles before it, whose words are in the whole and not accounted for by `have`, or that
 * accounts for most of what `have` leaves of the whole. Stepped over are passages that are new and words that stayed.
 */
function nextPart(parts: Side, have: readonly number[], text: string, whole: Bigrams, step: number): number[] | null {
  const taken = have.map(k => parts.all[k]!.key).join('')
  const known = countBigrams(taken)
  const left = sizeOf(text) - shared(whole, known)
  const before: number[] = []
  /** Whether a title or a few words between two parts go with them: they are in the whole, or head the part behind them. */
  const belongs = (k: number, at: number): boolean => {
    const q = parts.all[k]!
    return text.includes(q.key) || q.clauseId === parts.all[step > 0 ? at : edge]!.clauseId
  }
  const edge = step > 0 ? have.at(-1)! : have[0]!
  for (let at = edge + step, apart = 0; Math.abs(at - edge) <= APART; at += step) {
    const q = parts.all[at]
    if (!q) return null
    const link = parts.link[at]
    if (link) {
      if (link.by !== 'exact') return null
      continue
    }
    let fresh = 0
    for (const [pair, count] of countBigrams(q.key))
      fresh += Math.min(count, Math.max(0, (whole.get(pair) ?? 0) - (known.get(pair) ?? 0)))
    const own = sizeOf(q.key)
    if (q.key.length < 8 || (q.kind === 'title' && q.key.length < SHORT)) {
      const [head, tail] = step > 0 ? [parts.all[edge]!, q] : [q, parts.all[edge]!]
      const runsOn = Math.abs(at - edge) === 1 && text.includes(head.key.slice(-4) + tail.key.slice(0, 4))
      const inside = fresh >= own || text.includes(q.key)
      if (inside && (runsOn || (have.length > 1 && Math.abs(at - edge) === 1))) return [at]
      if (inside || q.kind === 'title') before.push(at)
      else apart++
      continue
    }
    const inWhole = fresh >= own * (fresh >= LONG ? 0.65 : CONTAINED) && (apart === 0 || fresh >= SHORT)
    const mostOfRest =
      fresh >= SHORT &&
      (fresh >= left * 0.6 || sharesRun(q.key, text, taken)) &&
      (fresh >= own * NEARBY || (Math.abs(at - edge) === 1 && fresh >= left * LEAD && sharesRun(q.key, text, taken)))
    if (inWhole || mostOfRest) return [...before.filter(k => belongs(k, at)), at]
    before.length = 0
    apart++
  }
  return null
}
