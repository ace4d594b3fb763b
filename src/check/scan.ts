/** Finds patterns in annotated units. Each word list is looked for once per document; chains of mentions are joined in linear time. */
import { isDenied } from '../annotate/negation.js'
import { actorAt } from '../annotate/parties.js'
import type { Unit } from '../annotate/index.js'
import type { Element, Pattern } from '../rules/pattern.js'
import type { Party } from '../types.js'

/** Where a pattern matched: offsets in the unit's text; `actor` is who does what its first verb says. */
export interface Match {
  readonly unit: number
  readonly start: number
  readonly end: number
  readonly actor: Party | null
}

interface Hit {
  readonly unit: number
  readonly start: number
  readonly end: number
}

/** What a scan needs of a unit; headings are scanned as units of their own. */
export type Scannable = Pick<Unit, 'text' | 'own' | 'mentions' | 'zones' | 'quantities' | 'inherited'>

export interface Scan {
  /** All matches of a pattern, in order of units, at most one chain for each last word. */
  find(pattern: Pattern): readonly Match[]
}

/** Prepares the units of one document for matching. */
export function scanner(units: readonly Scannable[]): Scan {
  const text = units.map(u => u.text).join('\n')
  const starts: number[] = []
  let offset = 0
  for (const unit of units) {
    starts.push(offset)
    offset += unit.text.length + 1
  }
  const words = new Map<string, readonly Hit[]>()
  const found = new Map<Pattern, readonly Match[]>()

  const wordHits = (source: string): readonly Hit[] => {
    const known = words.get(source)
    if (known !== undefined) return known
    const hits: Hit[] = []
    const pattern = new RegExp(source, 'g')
    let unit = 0
    for (let m = pattern.exec(text); m !== null; m = pattern.exec(text)) {
      if (m[0] === '') {
        pattern.lastIndex++
        continue
      }
      while (unit + 1 < starts.length && (starts[unit + 1] as number) <= m.index) unit++
      const start = m.index - (starts[unit] as number)
      hits.push({ unit, start, end: start + m[0].length })
    }
    words.set(source, hits)
    return hits
  }

  const elementHits = (element: Element): readonly Hit[] => {
    if (element.type === 'words') {
      const hits = wordHits(element.term.source)
      if (element.polarity === 'either') return hits
      const wanted = element.polarity === 'denied'
      return hits.filter(h => isDenied((units[h.unit] as Scannable).zones, h.start) === wanted)
    }
    const hits: Hit[] = []
    units.forEach((unit, index) => {
      if (element.type === 'party') {
        for (const m of unit.mentions)
          if (element.parties.includes(m.party)) hits.push({ unit: index, start: m.start, end: m.end })
      } else {
        for (const q of unit.quantities)
          if (element.kinds.includes(q.kind) && element.test(q.value))
            hits.push({ unit: index, start: q.start, end: q.end })
      }
    })
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
    return reached.map(({ hit, start, verb }) => {
      const unit = units[hit.unit] as Scannable
      return {
        unit: hit.unit,
        start,
        end: hit.end,
        actor: actorAt(unit.text, unit.mentions, verb >= 0 ? verb : start, unit.inherited),
      }
    })
  }

  return {
    find(pattern) {
      let matches = found.get(pattern)
      if (matches === undefined) {
        matches = chains(pattern)
        found.set(pattern, matches)
      }
      return matches
    },
  }
}

/** `a` lies too far before `b` to ever be joined with it or anything after it. */
const before = (a: Hit, b: Hit, max: number): boolean => a.unit < b.unit || (a.unit === b.unit && a.end + max < b.start)
