/** What a platform's rules as a whole must contain: looked for in each document, judged over all of a run together. */
import type { Unit } from '../annotate/index.js'
import type { Rule, Search } from '../rules/types.js'
import type { DocumentSummary, Finding, Lang } from '../types.js'
import type { Breach } from './breach.js'
import { type Bench, contains, firstMatch } from './judge.js'
import { type Spot, worded } from './place.js'
import type { Profile } from './profile.js'

/** What one document shows of the term that a rule wants. */
export interface TermSeen {
  /** The topics of the term that stand in it, by number. */
  readonly topics: readonly number[]
  /** Where the term would be missed; null where nothing in the document calls for it. */
  readonly spot: Spot | null
}

/** Looks for a rule's term in one document. */
export function seeTerm(rule: Rule, bench: Bench, spotOf: (breach: Breach) => Spot): TermSeen {
  if (rule.presence === null) return { topics: [], spot: null }
  const { satisfied, when } = rule.presence
  const all = topicsOf(satisfied)
  const topics = all.flatMap((topic, number) => (contains(topic, bench) ? [number] : []))
  // What is all there is missed nowhere.
  const unit = topics.length === all.length ? undefined : unitFor(bench, when)
  const { confidence } = rule
  return { topics, spot: unit === undefined ? null : spotOf({ rule, unit, span: unit.sentence.span, confidence }) }
}

/**
 * Finds the terms that a set lacks. A breach is where the set has what calls for a term (or always, where the rule names
 * no occasion) and no document holds the term. It is placed at the occasion, else at the first document's first words.
 * `satisfied.match`: any of the patterns will do; `satisfied.all`: each topic somewhere in the set, for terms that
 * consist of several. No document is held.
 */
export interface PresenceTally {
  readonly add: (document: DocumentSummary, seen: Readonly<Record<string, TermSeen>>) => void
  /** What a rule finds missing once all documents are added. */
  readonly breach: (rule: Rule, profile: Profile) => Finding | null
}

export function presenceTally(rules: readonly Rule[], lang: Lang): PresenceTally {
  const names: string[] = []
  let documents = 0
  const cases = new Map<string, { missing: readonly { number: number; name: string }[]; spot: Spot | null }>()
  for (const { id, presence } of rules) {
    if (presence === null) continue
    const missing = topicsOf(presence.satisfied).map((topic, number) => ({ number, name: topicName(topic) }))
    cases.set(id, { missing, spot: null })
  }
  return {
    add: ({ title, path }, seen) => {
      if (documents++ < 4) names.push(title ?? path.split('/').at(-1) ?? '')
      for (const [id, state] of cases) {
        const own = seen[id]
        if (own === undefined || state.missing.length === 0) continue
        state.missing = state.missing.filter(({ number }) => !own.topics.includes(number))
        state.spot ??= own.spot
      }
    },
    breach: (rule, profile) => {
      const state = cases.get(rule.id)
      if (state === undefined || state.missing.length === 0 || state.spot === null || !profile.whole) return null
      const wanted = rule.presence?.profile ?? null
      if (wanted !== null && !profile[wanted]) return null
      const shown = names.map(n => `《${n.replace(/[《》]/g, '')}》`).join('、')
      const fill = {
        documents: `${shown}${documents > 4 ? ` … (${documents})` : ''}`,
        missing: state.missing.map(({ name }) => name).join('、'),
      }
      return worded(rule, state.spot, lang, fill)
    },
  }
}

/** The first sentence that calls for the term, or the first words where nothing needs to. */
function unitFor(bench: Bench, when: Search | null): Unit | undefined {
  return when === null ? bench.annotated.units[0] : firstMatch(when, bench)?.unit
}

/** The first word of a topic's pattern is its name. */
const nameOf = (source: string): string => /\(([^|()]+)/.exec(source)?.[1] ?? ''
const topicName = (topic: Search): string => nameOf(topic.patterns[0]?.source ?? '')

/** One search for each topic; patterns that begin with the same name are ways to say the same. */
function topicsOf(satisfied: Search): readonly Search[] {
  if (satisfied.mode === 'any') return [satisfied]
  const names = [...new Set(satisfied.patterns.map(p => nameOf(p.source)))]
  return names.map(name => ({
    ...satisfied,
    mode: 'any',
    patterns: satisfied.patterns.filter(p => nameOf(p.source) === name),
  }))
}
