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

/** Placer of one document: line index and fingerprint counters are made once. */
export function placer(
  annotated: Annotated,
  lang: Lang,
  severityOf: (rule: Rule) => Severity,
): (breach: Breach) => Finding {
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
  return ({ rule, span, unit, confidence, message, fill = {} }) => {
    const source = toSource(document, span)
    const evidence = document.text.slice(span.start, span.end)
    const { start, end } = unit.sentence.span
    const key = `${rule.id}\n${wordsOf(unit)}`
    const ordinal = (seen.get(key) ?? 0) + 1
    seen.set(key, ordinal)
    const hash = digest('sha256', key).slice(0, 16)
    const shown = normalise(evidence, { start: 0, end: evidence.length }).text
    const quoted = shown.length > 60 ? `${shown.slice(0, 36)}…${shown.slice(-16)}` : shown
    const filled = (template: string): string =>
      template.replace(/\{([a-z]+)\}/g, (all, name: string) => (name === 'evidence' ? quoted : (fill[name] ?? all)))
    return {
      ruleId: rule.id,
      severity: severityOf(rule),
      confidence,
      path: document.path,
      clause: nameOf(unit.sentence.clause),
      start: point(source.start),
      end: point(source.end),
      // A label that is itself the evidence stands outside its sentence.
      sentence: document.text.slice(Math.min(start, span.start), Math.max(end, span.end)),
      evidence,
      message: filled((message ?? rule.message)[lang]),
      suggestion: filled(rule.suggestion[lang]),
      citations: rule.citations,
      consequence: rule.consequence[lang],
      fingerprint: ordinal === 1 ? hash : `${hash}-${ordinal}`,
    }
  }
}
