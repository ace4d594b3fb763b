/** What a platform's rules as a whole must contain: looked for in all documents of a run together. */
import type { Rule, Search } from '../rules/types.js'
import type { Breach } from './breach.js'
import { type Bench, contains, firstMatch } from './judge.js'
import type { Profile } from './profile.js'

/**
 * A breach where the set has what calls for a term (or always, where the rule names no occasion) and no document holds
 * the term. It is placed at the occasion, else at the first document's first words. `satisfied.match`: any of the
 * patterns will do; `satisfied.all`: each topic somewhere in the set, for terms that consist of several.
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
