/** What a platform's rules as a whole must contain: looked for in all documents of a run together. */
import type { Rule, Search } from '../rules/types.js'
import type { Breach } from './breach.js'
import { type Bench, contains, firstMatch } from './judge.js'
import type { Profile } from './profile.js'

/**
 * A breach where the set has what calls for a term (or always, where the rule names no occasion) and no document holds
 * the term. It is placed at the occasion, else at the first document's first words. `satisfied.match`: any of the
 * patterns will do; `satisfied.all`: each of them somewhere in the set, for terms that consist of several topics.
 */
export function judgePresence(
  rule: Rule,
  benches: readonly Bench[],
  profile: Profile,
): readonly { readonly document: number; readonly breach: Breach }[] {
  const { presence } = rule
  if (presence === null || !profile.whole) return []
  if (presence.profile !== null && !profile[presence.profile]) return []
  const missing = topicsOf(presence.satisfied).filter(topic => !benches.some(b => contains(topic, b)))
  if (missing.length === 0) return []
  const place = presence.when === null ? firstWords(benches) : occasion(presence.when, benches)
  if (place === null) return []
  const { document, unit } = place
  const names = benches.map(b => b.annotated.parsed.title ?? b.annotated.parsed.document.path.split('/').at(-1) ?? '')
  const shown = names
    .slice(0, 4)
    .map(n => `《${n.replace(/[《》]/g, '')}》`)
    .join('、')
  const fill = {
    documents: `${shown}${names.length > 4 ? ` … (${names.length})` : ''}`,
    missing: missing.map(topicName).join('、'),
  }
  return [{ document, breach: { rule, span: unit.sentence.span, unit, confidence: rule.confidence, fill } }]
}

type Place = { readonly document: number; readonly unit: Bench['annotated']['units'][number] }

/** One search for each topic. */
const topicsOf = (satisfied: Search): readonly Search[] =>
  satisfied.mode === 'any' ? [satisfied] : satisfied.patterns.map(p => ({ ...satisfied, mode: 'any', patterns: [p] }))

/** The first word of a topic's pattern is its name. */
const topicName = (topic: Search): string => /\(([^|()]+)/.exec(topic.patterns[0]?.source ?? '')?.[1] ?? ''

function firstWords(benches: readonly Bench[]): Place | null {
  const document = benches.findIndex(b => b.annotated.units.length > 0)
  const unit = benches[document]?.annotated.units[0]
  return unit === undefined ? null : { document, unit }
}

/** The first sentence that calls for the term. */
function occasion(when: Search, benches: readonly Bench[]): Place | null {
  for (const [document, bench] of benches.entries()) {
    const unit = firstMatch(when, bench)?.unit
    if (unit !== undefined) return { document, unit }
  }
  return null
}
