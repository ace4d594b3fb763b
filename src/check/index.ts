/** Checks documents by a rule set. Pure: documents in, findings out, in a fixed order. */
import { type Annotated, annotate } from '../annotate/index.js'
import { parse } from '../parse/index.js'
import type { Rule, RuleSet } from '../rules/types.js'
import type { CheckResult, Confidence, Document, DocumentSummary, Finding, Lang, Notice, Severity } from '../types.js'
import type { Breach } from './breach.js'
import { documentJudges, judgeConflicts } from './clarity.js'
import { emphasisOf, judgeEmphasis } from './emphasis.js'
import { type Bench, benchFor, judge } from './judge.js'
import { placer, spanOf } from './place.js'
import { judgePresence } from './presence.js'
import { procedureJudges } from './procedure.js'
import { vocabularyOf } from './vocabulary.js'
import { type Platform, type Profile, profileOf } from './profile.js'

export type { Platform } from './profile.js'

export interface CheckOptions {
  readonly rules: RuleSet
  /** Rule ids to run; all when absent. */
  readonly only?: readonly string[]
  readonly skip?: readonly string[]
  readonly lang?: Lang
  readonly minConfidence?: Confidence
  /** Severity by rule id, as the configuration says; 'off' leaves a rule out. */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>
  readonly platform?: Platform
}

const ORDER: readonly Confidence[] = ['low', 'medium', 'high']

/** Findings of all documents (whoever has annotated one already passes that), sorted by path, place and rule. */
export function check(documents: readonly (Document | Annotated)[], options: CheckOptions): CheckResult {
  const { lang = 'zh', minConfidence = 'low', severities = {}, only, skip = [], platform = {} } = options
  const active = options.rules.rules.filter(
    r => (only === undefined || only.includes(r.id)) && !skip.includes(r.id) && severities[r.id] !== 'off',
  )
  const vocabulary = vocabularyOf(options.rules)
  const benches = documents.map(document =>
    benchFor('units' in document ? document : annotate(parse(document)), vocabulary),
  )
  const profile = profileOf(
    platform,
    benches.map(b => b.annotated.kind),
    () => benches.map(b => b.annotated.parsed.document.text).join('\n'),
  )
  const place = benches.map(b => placer(b.annotated, lang, rule => severityOf(rule, severities)))
  const findings: Finding[] = []
  const add = (document: number, breach: Breach): void => {
    if (ORDER.indexOf(breach.confidence) >= ORDER.indexOf(minConfidence))
      findings.push((place[document] as (b: Breach) => Finding)(breach))
  }
  const notices: Notice[] = benches.flatMap(b => b.annotated.parsed.document.notices)
  benches.forEach((court, i) => {
    const emphasis = emphasisOf(court.annotated)
    if (!emphasis.known && active.some(r => r.method === 'emphasis')) notices.push(unknownEmphasis(court, lang))
    const breaches = active.flatMap(rule =>
      rule.method === 'emphasis' ? judgeEmphasis(rule, court, emphasis) : judgeDocument(rule, court, profile),
    )
    for (const breach of mostSpecific(breaches)) add(i, breach)
  })
  for (const rule of active) {
    for (const { document, breach } of judgeSet(rule, benches, profile)) add(document, breach)
  }
  if (!profile.whole && documents.length > 0) {
    const left = active.filter(r => r.method === 'presence').length
    if (left > 0) notices.push(partOfSet(benches[0]?.annotated.parsed.document.path ?? '', left, lang))
  }
  findings.sort((a, b) => compare(a.path, b.path) || a.start.offset - b.start.offset || compare(a.ruleId, b.ruleId))
  const count = (severity: Severity): number => findings.filter(f => f.severity === severity).length
  return {
    documents: benches.map(summary),
    findings,
    notices,
    summary: { error: count('error'), warning: count('warning'), info: count('info'), documents: documents.length },
  }
}

/** Leaves out what a more specific rule already says of the same sentence. */
function mostSpecific(breaches: readonly Breach[]): readonly Breach[] {
  const found = new Set(breaches.map(b => `${b.rule.id} ${b.unit.index}`))
  return breaches.filter(b => !b.rule.yieldsTo.some(id => found.has(`${id} ${b.unit.index}`)))
}

/** Breaches that one document shows by itself, emphasis apart. */
function judgeDocument(rule: Rule, court: Bench, profile: Profile): readonly Breach[] {
  if (rule.method === 'words') {
    return judge(rule, court).flatMap(({ unit, start, end, confidence }) => {
      const span = spanOf(unit, start, end)
      return span === null ? [] : [{ rule, span, unit, confidence }]
    })
  }
  if (rule.method !== 'code') return []
  return (
    documentJudges[rule.id]?.(rule, court.annotated) ?? procedureJudges[rule.id]?.(rule, court.annotated, profile) ?? []
  )
}

/** Breaches that only all documents together show. */
function judgeSet(
  rule: Rule,
  benches: readonly Bench[],
  profile: Profile,
): readonly { document: number; breach: Breach }[] {
  if (rule.method === 'presence') return judgePresence(rule, benches, profile)
  return rule.id === 'conflicting-terms'
    ? judgeConflicts(
        rule,
        benches.map(b => b.annotated),
      )
    : []
}

const summary = ({ annotated }: Bench): DocumentSummary => {
  const { document, title, clauses } = annotated.parsed
  return {
    path: document.path,
    format: document.format,
    sha256: document.sha256,
    title,
    kind: annotated.kind,
    clauses: clauses.length - 1,
  }
}

const unknownEmphasis = ({ annotated }: Bench, lang: Lang): Notice => ({
  code: 'emphasis-unknown',
  path: annotated.parsed.document.path,
  message:
    lang === 'zh'
      ? '纯文本看不出加粗，显著提示类规则（unmarked-*）没有检查。'
      : 'Plain text carries no emphasis: the unmarked-* rules were not checked.',
})

const partOfSet = (path: string, rules: number, lang: Lang): Notice => ({
  code: 'rule-set-not-judged',
  path,
  message:
    lang === 'zh'
      ? `没有检查整套规则是否齐全（${rules} 条规则）：本次文档看来只是规则的一部分；是全部的话，请在 clauselint.yaml 写 platform: { whole: true }。`
      : `Completeness of the whole rule set (${rules} rules) was not checked: this looks like part of it; if it is all, say platform: { whole: true } in clauselint.yaml.`,
})

const severityOf = (rule: Rule, severities: Readonly<Record<string, Severity | 'off'>>): Severity => {
  const chosen = severities[rule.id]
  return chosen === undefined || chosen === 'off' ? rule.severity : chosen
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
