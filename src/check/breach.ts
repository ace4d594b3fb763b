/** A breach before it is placed: what every way of judging hands to the placer. */
import type { Unit } from '../annotate/index.js'
import type { Rule } from '../rules/types.js'
import type { Confidence, Span, Text } from '../types.js'

export interface Breach {
  readonly rule: Rule
  /** Span of `Document.text` that shows it. */
  readonly span: Span
  readonly unit: Unit
  readonly confidence: Confidence
  /** Replaces the rule's message where a rule has several. */
  readonly message?: Text
  /** Words for `{name}` in messages beside `{evidence}`. */
  readonly fill?: Readonly<Record<string, string>>
}
