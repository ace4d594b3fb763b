/** What a platform's rules as a whole must contain: looked for in all documents of a run together. */
import type { Rule } from '../rules/types.js'
import type { Breach } from './breach.js'
import { type Bench, contains, firstMatch } from './judge.js'
import type { Profile } from './profile.js'

/**
 * A breach where the set has what calls for a term (or always, where the rule names no occasion) and no document holds
 * the term. It is placed at the occasion, else at the first document's first words.
 */
export function judgePresence(
  rule: Rule,
  benches: readonly Bench[],
  profile: Profile,
): readonly { readonly document: number; readonly breach: Breach }[] {
  const { presence } = rule
  if (presence === null || !profile.whole) return []
  if (presence.profile !== null && !profile[presence.profile]) return []
  if (benches.some(b => contains(presence.satisfied, b))) return []
  let document = benches.findIndex(b => b.annotated.units.length > 0)
  let unit = benches[document]?.annotated.units[0]
  if (presence.when !== null) {
    const { when } = presence
    document = benches.findIndex(b => contains(when, b))
    if (document < 0) return []
    unit = firstMatch(when, benches[document] as Bench)?.unit ?? unit
  }
  if (unit === undefined) return []
  const names = benches.map(b => b.annotated.parsed.title ?? b.annotated.parsed.document.path.split('/').at(-1) ?? '')
  const shown = names
    .slice(0, 4)
    .map(n => `《${n.replace(/[《》]/g, '')}》`)
    .join('、')
  const fill = { documents: `${shown}${names.length > 4 ? ` … (${names.length})` : ''}` }
  return [{ document, breach: { rule, span: unit.sentence.span, unit, confidence: rule.confidence, fill } }]
}
