/** What a platform's rules as a whole must contain: looked for in all documents of a run together. */
import type { Unit } from '../annotate/index.js'
import type { Rule, Search } from '../rules/types.js'
import type { Breach } from './breach.js'
import { type Bench, contains, firstMatch } from './judge.js'
import type { Profile } from './profile.js'

/**
 * Looks for the terms that a set must hold, in one document after another. A breach is where the set has what calls for
 * a term (or always, where the rule names no occasion) and no document holds the term. It is placed at the occasion,
 * else at the first document's first words. `satisfied.match`: any of the patterns will do; `satisfied.all`: each topic
 * somewhere in the set, for terms that consist of several. Of the documents, only those in which a breach may be placed
 * are held.
 */
export interface PresenceJudge<Court extends Bench> {
  readonly add: (court: Court) => void
  /** What a rule finds missing once all documents are added. */
  readonly breach: (rule: Rule, profile: Profile) => { readonly court: Court; readonly breach: Breach } | null
}

export function presenceJudge<Court extends Bench>(rules: readonly Rule[]): PresenceJudge<Court> {
  const names: string[] = []
  let documents = 0
  const cases = new Map<string, { missing: readonly Search[]; place: Place<Court> | null }>(
    rules.flatMap(({ id, presence }) =>
      presence === null ? [] : [[id, { missing: topicsOf(presence.satisfied), place: null }]],
    ),
  )
  return {
    add: court => {
      const { title, document } = court.annotated.parsed
      if (documents++ < 4) names.push(title ?? document.path.split('/').at(-1) ?? '')
      for (const { id, presence } of rules) {
        const state = cases.get(id)
        if (presence === null || state === undefined || state.missing.length === 0) continue
        state.missing = state.missing.filter(topic => !contains(topic, court))
        if (state.missing.length === 0) state.place = null
        else state.place ??= placeIn(court, presence.when)
      }
    },
    breach: (rule, profile) => {
      const state = cases.get(rule.id)
      if (state === undefined || state.place === null || !profile.whole) return null
      const wanted = rule.presence?.profile ?? null
      if (wanted !== null && !profile[wanted]) return null
      const { court, unit } = state.place
      const shown = names.map(n => `《${n.replace(/[《》]/g, '')}》`).join('、')
      const fill = {
        documents: `${shown}${documents > 4 ? ` … (${documents})` : ''}`,
        missing: state.missing.map(topicName).join('、'),
      }
      return { court, breach: { rule, span: unit.sentence.span, unit, confidence: rule.confidence, fill } }
    },
  }
}

interface Place<Court extends Bench> {
  readonly court: Court
  readonly unit: Unit
}

/** The first sentence that calls for the term, or the first words where nothing needs to. */
function placeIn<Court extends Bench>(court: Court, when: Search | null): Place<Court> | null {
  const unit = when === null ? court.annotated.units[0] : firstMatch(when, court)?.unit
  return unit === undefined ? null : { court, unit }
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
