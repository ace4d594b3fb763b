/** Walks all patterns of rules, wherever in a rule they stand. */
import type { Pattern } from './pattern.js'
import type { Rule } from './types.js'

export function* patternsOf(rules: readonly Rule[]): Generator<Pattern> {
  for (const { detect, unless, presence } of rules) {
    for (const d of detect) {
      yield* d.patterns
      for (const c of [...d.with, ...d.unless]) yield* c.search?.patterns ?? []
    }
    for (const u of unless) yield* u.search?.patterns ?? []
    for (const s of [presence?.when, presence?.satisfied]) yield* s?.patterns ?? []
  }
}
