/** Turns verdicts into findings: places in the source, quotes, messages, fingerprints. */
import { hash as digest } from 'node:crypto'
import { normalise } from '../annotate/normalise.js'
import type { Annotated, Unit } from '../annotate/index.js'
import { clauseName } from '../parse/index.js'
import { lineIndex, toSource } from '../read/source-map.js'
import type { Rule } from '../rules/types.js'
import type { Finding, Lang, Severity, Span } from '../types.js'
import type { Breach } from './breach.js'

/** Span of `Document.text` of the unit's characters [start, end), or null where they all stand elsewhere (lead-in, column heads). */
export function spanOf(unit: Unit, start: number, end: number): Span | null {
  const map = unit.map()
  let first = start
  let last = end - 1
  while (first < end && (map[first] ?? -1) < 0) first++
  while (last >= first && (map[last] ?? -1) < 0) last--
  if (last < first) return null
  return { start: map[first] as number, end: (map[last] as number) + 1 }
}

/** The words of a unit's clause, without labels and layout: what a fingerprint survives renumbering by. */
export function clauseWords(annotated: Annotated, unit: Unit): string {
  return (annotated.scopes[unit.scope] ?? [unit.index])
    .map(i => annotated.units[i])
    .map(u => u?.text.slice(u.own) ?? '')
    .join('')
}

/** A finding without what its rule says of it. */
export type Spot = Omit<Finding, 'ruleId' | 'message' | 'suggestion' | 'citations' | 'consequence'>

/** The finding of a rule at a spot; `fill` are the words for `{name}` in what it says. */
export function worded(
  rule: Rule,
  { severity, confidence, path, clause, start, end, sentence, evidence, fingerprint }: Spot,
  lang: Lang,
  fill: Readonly<Record<string, string>> = {},
  message = rule.message,
): Finding {
  const shown = normalise(evidence, { start: 0, end: evidence.length }).text
  const quoted = shown.length > 60 ? `${shown.slice(0, 36)}…${shown.slice(-16)}` : shown
  const filled = (template: string): string =>
    template.replace(/\{([a-z]+)\}/g, (all, name: string) => (name === 'evidence' ? quoted : (fill[name] ?? all)))
  return {
    ruleId: rule.id,
    severity,
    confidence,
    path,
    clause,
    start,
    end,
    sentence,
    evidence,
    message: filled(message[lang]),
    suggestion: filled(rule.suggestion[lang]),
    citations: rule.citations,
    consequence: rule.consequence[lang],
    fingerprint,
  }
}

/** The finding's fingerprint as the `ordinal`-th of its rule in its clause. */
export const fingerprintOf = (clause: string, ordinal: number): string =>
  ordinal === 1 ? clause : `${clause}-${ordinal}`

/** Places of one document: line index and fingerprint counters are made once. */
export interface Placer {
  readonly place: (breach: Breach) => Finding
  /** Where the first of its rule in its clause would stand; it is not counted. */
  readonly spot: (breach: Breach) => Spot
}

export function placer(annotated: Annotated, lang: Lang, severityOf: (rule: Rule) => Severity): Placer {
  const { parsed } = annotated
  const { document } = parsed
  const point = lineIndex(document.source)
  const seen = new Map<string, number>()
  const scopeWords = new Map<number, string>()
  const names = new Map<number, string>()
  const nameOf = (clause: number): string => {
    let name = names.get(clause)
    if (name === undefined) {
      name = clauseName(parsed, clause)
      names.set(clause, name)
    }
    return name
  }
  const wordsOf = (unit: Unit): string => {
    let words = scopeWords.get(unit.scope)
    if (words === undefined) {
      words = digest('sha256', clauseWords(annotated, unit))
      scopeWords.set(unit.scope, words)
    }
    return words
  }
  const spot: Placer['spot'] = ({ rule, span, unit, confidence }) => {
    const source = toSource(document, span)
    const { start, end } = unit.sentence.span
    return {
      severity: severityOf(rule),
      confidence,
      path: document.path,
      clause: nameOf(unit.sentence.clause),
      start: point(source.start),
      end: point(source.end),
      // A label that is itself the evidence stands outside its sentence.
      sentence: document.text.slice(Math.min(start, span.start), Math.max(end, span.end)),
      evidence: document.text.slice(span.start, span.end),
      fingerprint: digest('sha256', `${rule.id}\n${wordsOf(unit)}`).slice(0, 16),
    }
  }
  return {
    spot,
    place: breach => {
      const at = spot(breach)
      const key = `${breach.rule.id} ${at.fingerprint}`
      const ordinal = (seen.get(key) ?? 0) + 1
      seen.set(key, ordinal)
      const fingerprint = fingerprintOf(at.fingerprint, ordinal)
      return worded(breach.rule, { ...at, fingerprint }, lang, breach.fill, breach.message)
    },
  }
}
