/** Judges one annotated document by one rule: detections, conditions, exceptions → at most one match a sentence. */
import type { Annotated, Flag, Unit } from '../annotate/index.js'
import { denials, negationZones } from '../annotate/negation.js'
import { actors, partyMentions } from '../annotate/parties.js'
import { quantities } from '../annotate/quantities.js'
import type { Condition, Rule, Search } from '../rules/types.js'
import type { Confidence, Party } from '../types.js'
import { type Match, type Scan, type Scannable, scanner } from './scan.js'
import type { Vocabulary } from './vocabulary.js'

/** A breach before it is placed: offsets are of the unit's text. */
export interface Verdict {
  readonly unit: Unit
  readonly start: number
  readonly end: number
  readonly confidence: Confidence
}

/** What judging needs of a document, made once for all rules. */
export interface Bench {
  readonly annotated: Annotated
  /** Verdicts of a rule's words, in order of sentences. */
  readonly verdicts: (rule: Rule) => readonly Verdict[]
  readonly body: Scan
  /** Headings above each unit, scanned on their own; index into `headingOf` gives the heading of a unit. */
  readonly headings: () => Scan
  readonly headingOf: readonly number[]
  /** Whether a condition's words stand anywhere in the document. */
  readonly anywhere: (condition: Condition) => boolean
  /** What is known of conditions on a whole clause, by the clause's scope: all its sentences share the answer. */
  readonly ofClauses: Map<Condition, Map<number, boolean>>
}

/** `part` are the indexes of the units to look at, all when absent; `anywhere` is then the caller's to know. */
export function benchFor(
  annotated: Annotated,
  vocabulary: Vocabulary,
  part?: { readonly units: readonly number[]; readonly anywhere: (condition: Condition) => boolean },
): Bench {
  const { headings: above } = annotated
  const distinct = [...new Set(part === undefined ? above : part.units.map(i => above[i] ?? ''))]
  const at = new Map(distinct.map((h, i) => [h, i]))
  let headings: Scan | undefined
  const bench: Bench = {
    annotated,
    verdicts: rule => judge(rule, bench),
    anywhere: part?.anywhere ?? (condition => unitsWith(condition, bench).length > 0),
    body: scanner(annotated.units, vocabulary, part?.units),
    ofClauses: new Map(),
    headingOf: annotated.headings.map(h => at.get(h) ?? 0),
    headings: () => {
      headings ??= scanner(
        distinct.map((h): Scannable => {
          const text = headingText(h)
          const mentions = partyMentions(text, annotated.cast)
          return {
            text,
            own: 0,
            mentions,
            denied: denials(negationZones(text, 0), text.length),
            actorAt: actors(text, mentions, null),
            quantities: quantities(text),
          }
        }),
        vocabulary,
      )
      return headings
    },
  }
  return bench
}

/** Headings one above the other as one text to scan. */
export const headingText = (heading: string): string => heading.replaceAll('\n', '。')

const LOWER: Readonly<Record<Confidence, Confidence>> = { high: 'medium', medium: 'low', low: 'low' }
const INERT: readonly Flag[] = ['definition', 'quoted-law', 'repealed', 'void']

function judge(rule: Rule, bench: Bench): Verdict[] {
  const { units } = bench.annotated
  if (rule.appliesTo.length > 0 && !rule.appliesTo.includes(bench.annotated.kind)) return []
  const best = new Map<number, Verdict>()
  for (const detection of rule.detect) {
    for (const match of bench.body.find(detection)) {
      const unit = units[match.unit]
      if (unit === undefined || unit.sentence.kind === 'heading') continue
      if (INERT.some(f => unit.flags.has(f) && !detection.with.some(c => c.flag === f))) continue
      if (forbidden(match, unit, rule)) continue
      const actor = detection.actor === null ? null : bench.body.actorOf(match)
      if (!actorFits(detection.actor, actor, detection.strictActor)) continue
      // Words of the lead-in alone are the lead-in's own finding.
      if (match.end <= unit.own) continue
      if (!detection.with.every(c => holds(c, unit, bench)) || detection.unless.some(c => holds(c, unit, bench)))
        continue
      let confidence = detection.confidence ?? rule.confidence
      if (detection.actor !== null && actor === null) confidence = LOWER[confidence]
      const known = best.get(match.unit)
      const start = Math.max(match.start, unit.own)
      if (
        known === undefined ||
        rank(confidence) < rank(known.confidence) ||
        (rank(confidence) === rank(known.confidence) && cost(match.end - start) < cost(known.end - known.start))
      ) {
        best.set(match.unit, { unit, start, end: wordEnd(unit.text, match.end), confidence })
      }
    }
  }
  const verdicts = [...best.values()].filter(v => !rule.unless.some(u => holds(u, v.unit, bench)))
  const blamed = new Set(verdicts.map(v => v.unit.sentence.id))
  // A list whose lead-in is already reported says the same thing in each item.
  return verdicts
    .filter(
      v => v.unit.sentence.leadIn === null || !blamed.has(v.unit.sentence.leadIn) || selfSufficient(rule, v, bench),
    )
    .map(v => ({ ...v, start: withNegator(v) }))
    .sort((a, b) => a.unit.index - b.unit.index)
}

/** The shortest words that show the breach are best, but scraps of a few characters show nothing. */
const cost = (length: number): number => (length < 6 ? 60 - length : length)

/**
 * What the platform forbids itself is no breach (平台不会要求您放弃…), nor what it forbids merchants to do to consumers
 * (商家不得要求买家放弃…).
 */
function forbidden({ plain, end }: Match, unit: Unit, rule: Rule): boolean {
  if (plain === null) return false
  return unit.prohibitions.some(
    z => (z.party === 'P' || (z.party === 'M' && rule.category === 'consumers')) && z.start <= plain && end <= z.end,
  )
}

const NEGATOR =
  /(?:[概恕均亦也都绝决从]{0,2}[不未无没免勿毋](?:再|予|会|应|能|得|可|必|需|须|用|负|有|权|经)?|禁止|拒绝)$/

/** The start of the evidence, moved back to the negator that its first words are under: 不就此|承担任何责任 says the reverse. */
function withNegator({ unit, start }: Verdict): number {
  if (!unit.denied(start)) return start
  const first = Math.max(unit.own, start - REACH)
  let zone = start
  while (zone > first && unit.denied(zone - 1)) zone--
  const negator = NEGATOR.exec(unit.text.slice(Math.max(unit.own, zone - 5), zone))?.[0] ?? ''
  // 协商不成的|纠纷: the negator belongs to a qualifier; 不对…的损失|负责 it does not.
  const between = unit.text.slice(zone, start)
  return negator === '' || (between.includes('的') && !/^[对就为因向]/.test(between)) ? start : zone - negator.length
}

/** How far a negator may stand before the words it denies to be shown with them, in characters. */
const REACH = 40

/** The end of the evidence, moved past the last one or two characters of its part of the sentence: not 概不退|还. */
function wordEnd(text: string, end: number): number {
  const rest = /^[一-鿿]{1,2}(?=[，。；：！？、）]|$)/.exec(text.slice(end, end + 3))
  return end + (rest?.[0].length ?? 0)
}

const rank = (c: Confidence): number => ['high', 'medium', 'low'].indexOf(c)

/** The item breaches the rule by its own words, not only with its lead-in's. */
function selfSufficient(rule: Rule, verdict: Verdict, bench: Bench): boolean {
  return rule.detect.some(d => bench.body.at(d, verdict.unit.index).some(m => m.start >= verdict.unit.own))
}

const actorFits = (wanted: readonly Party[] | null, actor: Party | null, strict: boolean): boolean =>
  wanted === null || (actor === null ? !strict : wanted.includes(actor))

/** Whether any sentence of a document holds what is looked for. */
export const contains = (wanted: Search, bench: Bench): boolean =>
  bench.body.find(wanted).length > 0 || bench.headings().find(wanted).length > 0

/** The first sentence (not heading) that holds it. */
export function firstMatch(wanted: Search, bench: Bench): { readonly unit: Unit } | null {
  for (const m of bench.body.find(wanted)) {
    const unit = bench.annotated.units[m.unit]
    if (unit !== undefined && unit.sentence.kind !== 'heading' && m.end > unit.own) return { unit }
  }
  return null
}

/** Whether a condition holds for a unit. */
function holds(condition: Condition, unit: Unit, bench: Bench): boolean {
  return found(condition, unit, bench) !== condition.not
}

/** The indexes of the units that hold a condition's words, of those that were scanned. */
export function unitsWith({ search, actor }: Condition, { body }: Bench): readonly number[] {
  if (search === null) return []
  return body.find(search).flatMap(m => (actor === null || actorFits(actor, body.actorOf(m), false) ? [m.unit] : []))
}

function found(condition: Condition, unit: Unit, bench: Bench): boolean {
  if (condition.in !== 'clause') return foundIn(condition, unit, bench)
  let known = bench.ofClauses.get(condition)
  if (known === undefined) bench.ofClauses.set(condition, (known = new Map()))
  let answer = known.get(unit.scope)
  if (answer === undefined) known.set(unit.scope, (answer = foundIn(condition, unit, bench)))
  return answer
}

function foundIn(condition: Condition, unit: Unit, bench: Bench): boolean {
  const { annotated } = bench
  const places = unitsIn(condition, unit, annotated)
  if (condition.flag !== null) {
    const flag = condition.flag
    if (!places.some(i => annotated.units[i]?.flags.has(flag))) return false
    if (condition.search === null) return true
  }
  if (condition.search === null) return false
  const { search, actor } = condition
  const fitsIn =
    (scan: Scan) =>
    (m: Match): boolean =>
      actor === null || actorFits(actor, scan.actorOf(m), false)
  const fits = fitsIn(bench.body)
  if (condition.in === 'heading' || condition.in === 'near') {
    if (
      bench
        .headings()
        .at(search, bench.headingOf[unit.index] ?? -1)
        .some(fitsIn(bench.headings()))
    )
      return true
    if (condition.in === 'heading') return false
  }
  if (condition.in === 'document') return bench.anywhere(condition)
  if (condition.in === 'own') return bench.body.at(search, unit.index).some(m => m.start >= unit.own && fits(m))
  return places.some(i => bench.body.at(search, i).some(fits))
}

/** Units where a condition looks. `near` is the sentence, its neighbours in the clause, and (elsewhere) the headings. */
function unitsIn(condition: Condition, unit: Unit, annotated: Annotated): readonly number[] {
  if (condition.in === 'sentence' || condition.in === 'own' || condition.in === 'heading') return [unit.index]
  if (condition.in === 'document') return condition.flag === null ? [] : annotated.units.map(u => u.index)
  if (condition.in === 'clause') return annotated.scopes[unit.scope] ?? []
  const near = [-2, -1, 0, 1, 2].map(step => unit.index + step)
  return near.filter(i => annotated.units[i]?.scope === unit.scope)
}
