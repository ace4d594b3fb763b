/** Finds patterns in annotated units. Each word list is looked for once per document; chains of mentions are joined in linear time. */
import type { Unit } from '../annotate/index.js'
import type { Element, Pattern, Relation, Term } from '../rules/pattern.js'
import type { Search } from '../rules/types.js'
import type { Party } from '../types.js'
import type { Entry, Vocabulary } from './vocabulary.js'

/** Where a pattern matched: offsets in the unit's text; `verb` is where its first verb (else its first word) stands. */
export interface Match {
  readonly unit: number
  readonly start: number
  readonly end: number
  readonly verb: number
  /** Where its last words begin, if no element asks for a denied word: inside a prohibition those words are denied. */
  readonly plain: number | null
}

interface Hit {
  readonly unit: number
  readonly start: number
  readonly end: number
}

/** What a scan needs of a unit; headings are scanned as units of their own. */
export type Scannable = Pick<Unit, 'text' | 'own' | 'mentions' | 'quantities' | 'denied' | 'actorAt'>

export interface Scan {
  /** All matches of a search; each pattern's in order of units, at most one chain for each last word. */
  find(wanted: Search): readonly Match[]
  /** Those in one unit. */
  at(wanted: Search, unit: number): readonly Match[]
  /** Who does what a match's first verb says. */
  actorOf(match: Match): Party | null
}

/** Prepares the units of one document for matching; `part` are the indexes of those to look at, all when absent. */
export function scanner(
  units: readonly Scannable[],
  vocabulary: Vocabulary,
  part: readonly number[] = [...units.keys()],
): Scan {
  const text = part.map(i => (units[i] as Scannable).text).join('\n')
  const starts: number[] = []
  const unitAt = new Int32Array(text.length + 1)
  let offset = 0
  for (const i of part) {
    const end = offset + (units[i] as Scannable).text.length + 1
    starts[i] = offset
    unitAt.fill(i, offset, end)
    offset = end
  }
  const words = new Map<string, readonly Hit[]>()
  const found = new Map<Pattern, readonly Match[]>()

  const wordStarts = vocabulary.scan(text)

  const wordHits = (term: Term): readonly Hit[] => {
    const known = words.get(term.source)
    if (known !== undefined) return known
    const hits: Hit[] = []
    const add = (at: number, length: number): void => {
      const unit = unitAt[at] as number
      const start = at - (starts[unit] as number)
      hits.push({ unit, start, end: start + length })
    }
    const { words: numbers, rest } = vocabulary.entry(term)
    for (const number of numbers) {
      for (const at of wordStarts.get(number) ?? []) add(at, vocabulary.lengths[number] as number)
    }
    if (rest !== null) {
      rest.lastIndex = 0
      for (let m = rest.exec(text); m !== null; m = rest.exec(text)) {
        if (m[0] === '') rest.lastIndex++
        else add(m.index, m[0].length)
      }
    }
    hits.sort((a, b) => a.unit - b.unit || a.start - b.start || a.end - b.end)
    words.set(term.source, hits)
    return hits
  }

  /** By number of an entry, 1 where its words occur, 2 where they do not, as far as it was asked. */
  const presence = new Uint8Array(vocabulary.size)
  const occurs = ({ number, words: numbers, rest }: Entry): boolean => {
    let known = presence[number]
    if (!known) {
      known = numbers.some(word => wordStarts.has(word)) || (rest !== null && text.search(rest) >= 0) ? 1 : 2
      presence[number] = known
    }
    return known === 1
  }
  const kept = new Map<string, readonly Hit[]>()
  const elementHits = (element: Element): readonly Hit[] => {
    const key = nameOf(element)
    let hits = kept.get(key)
    if (hits === undefined) {
      hits = collect(element)
      kept.set(key, hits)
    }
    return hits
  }

  const collect = (element: Element): readonly Hit[] => {
    if (element.type === 'words') {
      const hits = wordHits(element.term)
      if (element.polarity === 'either') return hits
      const wanted = element.polarity === 'denied'
      return hits.filter(h => (units[h.unit] as Scannable).denied(h.start) === wanted)
    }
    const hits: Hit[] = []
    for (const index of part) {
      const unit = units[index] as Scannable
      if (element.type === 'party') {
        for (const m of unit.mentions)
          if (element.parties.includes(m.party)) hits.push({ unit: index, start: m.start, end: m.end })
      } else {
        for (const q of unit.quantities)
          if (element.kinds.includes(q.kind) && compares(q.value, element.relation, element.limit))
            hits.push({ unit: index, start: q.start, end: q.end })
      }
    }
    return hits
  }

  /** Joins each element's hits to the nearest reachable hit of the element before. */
  const chains = (pattern: Pattern): readonly Match[] => {
    let reached: { hit: Hit; start: number; verb: number }[] = []
    for (const [i, element] of pattern.elements.entries()) {
      const hits = elementHits(element)
      const verbal = element.type === 'words' && element.polarity !== 'either'
      if (i === 0) reached = hits.map(hit => ({ hit, start: hit.start, verb: verbal ? hit.start : -1 }))
      else {
        const gap = pattern.gaps[i - 1] ?? { max: 6, within: false }
        const next: typeof reached = []
        let low = 0
        for (const hit of hits) {
          while (low < reached.length && before((reached[low] as (typeof reached)[0]).hit, hit, gap.max)) low++
          // The nearest one that ends before this hit makes the shortest evidence.
          let best: (typeof reached)[0] | undefined
          for (let k = low; k < reached.length; k++) {
            const candidate = reached[k] as (typeof reached)[0]
            if (candidate.hit.unit > hit.unit || (candidate.hit.unit === hit.unit && candidate.hit.start >= hit.start))
              break
            if (
              candidate.hit.unit !== hit.unit ||
              candidate.hit.end > hit.start ||
              hit.start - candidate.hit.end > gap.max
            )
              continue
            if (
              gap.within &&
              /[，。；：]/.test((units[hit.unit] as Scannable).text.slice(candidate.hit.end, hit.start))
            )
              continue
            best = candidate
          }
          if (best !== undefined)
            next.push({ hit, start: best.start, verb: best.verb >= 0 ? best.verb : verbal ? hit.start : -1 })
        }
        reached = next
      }
      if (reached.length === 0) return []
    }
    const plain = pattern.elements.every(e => e.type !== 'words' || e.polarity !== 'denied')
    return reached.map(({ hit, start, verb }) => ({
      unit: hit.unit,
      start,
      end: hit.end,
      verb: verb >= 0 ? verb : start,
      plain: plain ? hit.start : null,
    }))
  }

  const matchesOf = (pattern: Pattern): readonly Match[] => {
    if (!vocabulary.entriesOf(pattern).every(occurs)) return NONE
    let matches = found.get(pattern)
    if (matches === undefined) {
      matches = chains(pattern)
      found.set(pattern, matches)
    }
    return matches
  }
  const searched = new Map<Search, { readonly all: readonly Match[]; byUnit?: ReadonlyMap<number, readonly Match[]> }>()
  const results = (
    wanted: Search,
  ): { readonly all: readonly Match[]; byUnit?: ReadonlyMap<number, readonly Match[]> } => {
    let known = searched.get(wanted)
    if (known === undefined) {
      const anchors = vocabulary.anchorsOf(wanted)
      known = { all: search(wanted, (pattern, i) => (anchors[i] && !occurs(anchors[i]) ? NONE : matchesOf(pattern))) }
      searched.set(wanted, known)
    }
    return known
  }
  return {
    find: wanted => results(wanted).all,
    actorOf: match => (units[match.unit] as Scannable).actorAt(match.verb),
    at(wanted, unit) {
      const known = results(wanted)
      if (known.all.length === 0) return NONE
      known.byUnit ??= groupByUnit(known.all)
      return known.byUnit.get(unit) ?? NONE
    },
  }
}

const NONE: readonly Match[] = []

const names = new WeakMap<Element, string>()
/** The same for elements that look for the same. */
function nameOf(element: Element): string {
  let name = names.get(element)
  if (name === undefined) {
    name =
      element.type === 'words'
        ? `${element.polarity} ${element.term.source}`
        : element.type === 'party'
          ? `@${element.parties.join('')}`
          : `#${element.kinds.join('')} ${element.relation ?? ''} ${element.limit}`
    names.set(element, name)
  }
  return name
}

/** Matches of a search: of each pattern, or hulls of all patterns within reach of one another. */
function search(wanted: Search, find: (pattern: Pattern, index: number) => readonly Match[]): readonly Match[] {
  const lists: (readonly Match[])[] = []
  for (let i = 0; i < wanted.patterns.length; i++) {
    const matches = find(wanted.patterns[i] as Pattern, i)
    if (matches.length > 0) lists.push(matches)
    // Where one of all is absent the others need not be looked for.
    else if (wanted.mode === 'all') return NONE
  }
  if (wanted.mode === 'any') return lists.length > 1 ? lists.flat() : (lists[0] ?? NONE)
  const [first, ...rest] = lists
  if (first === undefined) return []
  const byUnit = rest.map(list => groupByUnit(list))
  const plain = lists.every(l => l.every(m => m.plain !== null))
  const hulls: Match[] = []
  for (const anchor of first) {
    let { start, end } = anchor
    const complete = byUnit.every(groups => {
      const near = groups.get(anchor.unit)
      if (near === undefined) return false
      let best: Match | undefined
      for (const m of near) {
        if (m.start < anchor.end && anchor.start < m.end && m.start === anchor.start && m.end === anchor.end) continue
        const width = Math.max(end, m.end) - Math.min(start, m.start)
        if (
          width <= wanted.within &&
          (best === undefined || width < Math.max(end, best.end) - Math.min(start, best.start))
        )
          best = m
      }
      if (best === undefined) return false
      start = Math.min(start, best.start)
      end = Math.max(end, best.end)
      return true
    })
    if (complete) hulls.push({ unit: anchor.unit, start, end, verb: anchor.verb, plain: plain ? anchor.plain : null })
  }
  return hulls
}

function groupByUnit(matches: readonly Match[]): ReadonlyMap<number, readonly Match[]> {
  const groups = new Map<number, Match[]>()
  for (const m of matches) {
    const group = groups.get(m.unit)
    if (group === undefined) groups.set(m.unit, [m])
    else group.push(m)
  }
  return groups
}

const compares = (value: number, relation: Relation | null, limit: number): boolean =>
  relation === null ||
  (relation === '<' && value < limit) ||
  (relation === '<=' && value <= limit) ||
  (relation === '>' && value > limit) ||
  (relation === '>=' && value >= limit) ||
  (relation === '=' && value === limit)

/** `a` lies too far before `b` to ever be joined with it or anything after it. */
const before = (a: Hit, b: Hit, max: number): boolean => a.unit < b.unit || (a.unit === b.unit && a.end + max < b.start)
