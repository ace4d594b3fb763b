/** Checks documents by a rule set. Pure: documents in, findings out, in a fixed order. */
import { annotate } from '../annotate/index.js'
import { parse } from '../parse/index.js'
import type { Rule, RuleSet } from '../rules/types.js'
import type {
  CheckResult,
  Confidence,
  Document,
  DocumentSummary,
  Finding,
  Lang,
  Notice,
  Severity,
  SuppressedFinding,
} from '../types.js'
import type { Breach } from './breach.js'
import { conflictJudge, documentJudges } from './clarity.js'
import { emphasisOf, judgeEmphasis } from './emphasis.js'
import { type Bench, benchFor } from './judge.js'
import { placer, spanOf } from './place.js'
import { presenceJudge } from './presence.js'
import { procedureJudges } from './procedure.js'
import { type Suppressions, suppressionsOf } from './suppress.js'
import { localDay } from '../text/day.js'
import { vocabularyOf } from './vocabulary.js'
import { type Platform, mentionsGoods, type Profile, profileOf, SMALLEST_SET } from './profile.js'

export type { Platform } from './profile.js'

/** How a configuration sets the rules: severity ('off' leaves a rule out) and options, by rule id. */
export interface RuleSettings {
  readonly severities: Readonly<Record<string, Severity | 'off'>>
  readonly options: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export interface CheckOptions {
  readonly rules: RuleSet
  /** Rule ids to run; all when absent. */
  readonly only?: readonly string[]
  readonly skip?: readonly string[]
  readonly lang?: Lang
  readonly minConfidence?: Confidence
  /** Severity by rule id, as the configuration says; 'off' leaves a rule out. */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>
  /**
   * The settings for the document at `path`, and without a path those for rules about the whole set; in place of
   * `severities`. Equal settings are best the same object: the rules are sorted out once for each.
   */
  readonly settingsFor?: (path?: string) => RuleSettings
  readonly platform?: Platform
  /** False: comments in the documents take no findings back. */
  readonly inlineSuppressions?: boolean
  /** The day on which such comments expire or don't, as 2026-11-21; the local date when absent. */
  readonly today?: string
  /** Report every material sentence without emphasis, not only the first of its clause or table. */
  readonly everyUnmarked?: boolean
}

const ORDER: readonly Confidence[] = ['low', 'medium', 'high']

/** What one document shows by itself: findings by place and rule, and what of it was not checked (beside its own notices). */
export interface DocumentResult {
  readonly document: DocumentSummary
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  readonly notices: readonly Notice[]
}

/** A check of documents one after another that holds none of them longer than the rules about the whole set need it. */
export interface Checking {
  /** The rules that run. */
  readonly rules: readonly Rule[]
  readonly add: (document: Document) => DocumentResult
  /** What only all documents together show. Called once, after the last document. */
  readonly finish: () => Omit<DocumentResult, 'document'>
}

interface Court extends Bench {
  readonly place: (breach: Breach) => Finding
}

/**
 * Begins a check by the rules that `options` leave. `prepare` reads a document for judging; an editor's remembers what
 * it judged before.
 */
export function checking(
  options: CheckOptions,
  prepare: (document: Document) => Bench = document => benchFor(annotate(parse(document)), vocabularyOf(options.rules)),
): Checking {
  const { lang = 'zh', minConfidence = 'low', only, skip = [], platform = {}, everyUnmarked = false } = options
  const plain: RuleSettings = { severities: options.severities ?? {}, options: {} }
  const { settingsFor = () => plain, inlineSuppressions = true, today = localDay(new Date()) } = options
  const rulesBy = new Map<RuleSettings, readonly Rule[]>()
  const rulesUnder = (settings: RuleSettings): readonly Rule[] => {
    let rules = rulesBy.get(settings)
    if (rules === undefined) {
      const { severities, options: chosen } = settings
      rules = options.rules.rules
        .filter(({ id }) => (only?.includes(id) ?? true) && !skip.includes(id) && severities[id] !== 'off')
        // Only code looks at options; what is remembered of words is remembered by the rule as it was loaded.
        .map(r => (r.method === 'code' && chosen[r.id] ? { ...r, options: { ...r.options, ...chosen[r.id] } } : r))
      rulesBy.set(settings, rules)
    }
    return rules
  }
  const active = rulesUnder(settingsFor())
  const alone = profileOf(platform, [], false)
  const certain = (said: { readonly confidence: Confidence }): boolean =>
    ORDER.indexOf(said.confidence) >= ORDER.indexOf(minConfidence)
  /** By path: the comments of a document and the rules that judged it. */
  const comments = new Map<string, { readonly own: Suppressions; readonly ids: ReadonlySet<string> }>()
  const takeBack = (all: readonly Finding[]): Pick<DocumentResult, 'findings' | 'suppressed'> => {
    const findings: Finding[] = []
    const suppressed: SuppressedFinding[] = []
    for (const finding of all) {
      const taken = comments.get(finding.path)?.own.reasonFor(finding)
      if (!certain(finding)) continue
      if (taken) suppressed.push({ finding, kind: 'inline', reason: taken.reason })
      else findings.push(finding)
    }
    return { findings: sorted(findings), suppressed }
  }
  const kinds: string[] = []
  let first: string | undefined
  let goods = false

  const presenceRules = active.filter(r => r.method === 'presence')
  const presence = presenceJudge<Court>(presenceRules)
  const waiting: Court[] = []
  const conflictRule = active.find(r => r.id === 'conflicting-terms')
  const conflictsIn = conflictRule === undefined ? () => [] : conflictJudge(conflictRule)
  const conflicts: Finding[] = []

  return {
    rules: active,
    add: document => {
      const bench = prepare(document)
      const settings = settingsFor(document.path)
      const place = placer(bench.annotated, lang, rule => severityOf(rule, settings.severities))
      const court: Court = { ...bench, place }
      const { annotated } = court
      const rules = rulesUnder(settings)
      const own = inlineSuppressions ? suppressionsOf(annotated.parsed, { rules: options.rules, today, lang }) : null
      if (own !== null) comments.set(document.path, { own, ids: new Set(rules.map(r => r.id)) })
      first ??= document.path
      kinds.push(annotated.kind)
      goods ||= platform.goods === undefined && mentionsGoods(document.text)

      const notices: Notice[] = []
      const emphasis = emphasisOf(annotated)
      if (!emphasis.known && rules.some(r => r.method === 'emphasis')) notices.push(unknownEmphasis(court, lang))
      const breaches = rules.flatMap(rule =>
        rule.method === 'emphasis'
          ? judgeEmphasis(rule, court, emphasis, everyUnmarked)
          : judgeDocument(rule, court, alone),
      )
      // All are placed, those too that are not certain enough: fingerprints must not hang on what is left out.
      const judged = takeBack(mostSpecific(breaches).map(court.place))
      // A copy: pieces of a long string would hold the document's whole text until the end of the run.
      if (rules.some(r => r.id === conflictRule?.id))
        for (const breach of conflictsIn(annotated)) conflicts.push(structuredClone(court.place(breach)))
      if (presenceRules.length > 0 && platform.whole !== false) {
        // Fewer are hardly ever a whole set: the search for its terms waits for as many.
        waiting.push(court)
        if (kinds.length >= SMALLEST_SET) waiting.splice(0).forEach(presence.add)
      }
      return { document: summary(court), ...judged, notices }
    },
    finish: () => {
      const profile = profileOf(platform, kinds, goods)
      if (profile.whole) waiting.splice(0).forEach(presence.add)
      const missing = presenceRules.flatMap(rule => {
        const found = presence.breach(rule, profile)
        return found === null ? [] : [found.court.place(found.breach)]
      })
      const left = presenceRules.length
      const judged = takeBack([...missing, ...conflicts])
      const idle = new Set(profile.whole ? [] : presenceRules.map(r => r.id))
      const notices = [...comments.values()].flatMap(({ own, ids }) => own.notices(id => ids.has(id) && !idle.has(id)))
      if (!profile.whole && first !== undefined && left > 0) notices.push(partOfSet(first, left, lang))
      return { ...judged, notices }
    },
  }
}

/** Findings of all documents, sorted by path, place and rule. */
export function check(documents: readonly Document[], options: CheckOptions): CheckResult {
  const run = checking(options)
  const results = documents.map(run.add)
  const set = run.finish()
  const findings = sorted([...results.flatMap(r => r.findings), ...set.findings])
  const suppressed = [...results.flatMap(r => r.suppressed), ...set.suppressed]
  return {
    documents: results.map(r => r.document),
    findings,
    ...(suppressed.length > 0 && { suppressed }),
    notices: [...documents.flatMap(d => d.notices), ...results.flatMap(r => r.notices), ...set.notices],
    summary: { ...countFindings(findings), documents: documents.length },
  }
}

/** How many there are of each severity. */
export function countFindings(findings: readonly Finding[]): Record<Severity, number> {
  const count = (severity: Severity): number => findings.filter(f => f.severity === severity).length
  return { error: count('error'), warning: count('warning'), info: count('info') }
}

const sorted = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort(
    (a, b) => compare(a.path, b.path) || a.start.offset - b.start.offset || compare(a.ruleId, b.ruleId),
  )

/** Leaves out what a more specific rule already says of the same sentence. */
function mostSpecific(breaches: readonly Breach[]): readonly Breach[] {
  const found = new Set(breaches.map(b => `${b.rule.id} ${b.unit.index}`))
  return breaches.filter(b => !b.rule.yieldsTo.some(id => found.has(`${id} ${b.unit.index}`)))
}

/** Breaches that one document shows by itself, emphasis apart. */
function judgeDocument(rule: Rule, court: Bench, profile: Pick<Profile, 'huge'>): readonly Breach[] {
  if (rule.method === 'words') {
    return court.verdicts(rule).flatMap(({ unit, start, end, confidence }) => {
      const span = spanOf(unit, start, end)
      return span === null ? [] : [{ rule, span, unit, confidence }]
    })
  }
  if (rule.method !== 'code') return []
  return (
    documentJudges[rule.id]?.(rule, court.annotated) ?? procedureJudges[rule.id]?.(rule, court.annotated, profile) ?? []
  )
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
