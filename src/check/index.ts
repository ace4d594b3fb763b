/** Checks documents by a rule set. Pure: documents in, findings out, in a fixed order. */
import { annotate } from '../annotate/index.js'
import { parse } from '../parse/index.js'
import type { Rule, RuleSet } from '../rules/types.js'
import { localDay } from '../text/day.js'
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
import { conflictTally } from './clarity.js'
import { conflictRuleOf, type Examined, examiner, ruleChooser, type Terms } from './examine.js'
import { type Bench, benchFor } from './judge.js'
import { presenceTally } from './presence.js'
import { type Platform, profileOf, SMALLEST_SET } from './profile.js'
import { type Suppressions, suppressionsOf } from './suppress.js'
import { vocabularyOf } from './vocabulary.js'

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
  /** How many documents there will be at most, where that is known: for a few, what a whole set must hold is not looked for. */
  readonly expected?: number
  /** Names the part of the documents that this is ('2/4'): what only all of them together show is not judged. */
  readonly shard?: string
}

const ORDER: readonly Confidence[] = ['low', 'medium', 'high']

/** What one document shows by itself: findings by place and rule, and what of it was not checked (beside its own notices). */
export interface DocumentResult {
  readonly document: DocumentSummary
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  readonly notices: readonly Notice[]
}

/** A check of documents one after another that holds none of them. */
export interface Checking {
  /** The rules that run. */
  readonly rules: readonly Rule[]
  readonly add: (document: Document) => DocumentResult
  /** How the document at `path` is to be examined, wherever that is done; what is found is then for `accept`. */
  readonly termsFor: (path: string) => Omit<Terms, 'quotes'>
  /** As `add`, for a document that was examined before. */
  readonly accept: (examined: Examined) => DocumentResult
  /** What only all documents together show. Called once, after the last document. */
  readonly finish: () => Omit<DocumentResult, 'document'>
}

/** A document ready to be judged by the rules of `rules`. */
export const benchOf = (document: Document, rules: RuleSet): Bench =>
  benchFor(annotate(parse(document)), vocabularyOf(rules))

/**
 * Begins a check by the rules that `options` leave. `prepare` reads a document for judging; an editor's remembers what
 * it judged before.
 */
export function checking(
  options: CheckOptions,
  prepare: (document: Document) => Bench = document => benchOf(document, options.rules),
): Checking {
  const { lang = 'zh', minConfidence = 'low', expected = Infinity, shard } = options
  const platform = shard === undefined ? (options.platform ?? {}) : { ...options.platform, whole: false }
  const plain: RuleSettings = { severities: options.severities ?? {}, options: {} }
  const { settingsFor = () => plain, inlineSuppressions = true, today = localDay(new Date()) } = options
  const rulesUnder = ruleChooser(options)
  const ofSet = settingsFor()
  const active = rulesUnder(ofSet)
  const examine = examiner({ ...options, inlineSuppressions, today })
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
  const presence = presenceTally(presenceRules, lang)
  const looksForTerms =
    presenceRules.length > 0 && platform.whole !== false && (platform.whole === true || expected >= SMALLEST_SET)
  const conflictRule = conflictRuleOf(active)
  const conflictsIn = conflictRule === undefined ? () => [] : conflictTally(conflictRule, lang, shard !== undefined)
  const conflicts: Finding[] = []

  const termsFor: Checking['termsFor'] = path => ({
    own: settingsFor(path),
    ofSet,
    huge: platform.users === 'huge',
    terms: looksForTerms,
  })
  const accept: Checking['accept'] = ({ document, notices, statements, terms, ...examined }) => {
    const { path } = document
    if (examined.comments !== null) {
      const own = suppressionsOf(examined.comments, { rules: options.rules, lang })
      comments.set(path, { own, ids: new Set(rulesUnder(settingsFor(path)).map(r => r.id)) })
    }
    first ??= path
    kinds.push(document.kind)
    goods ||= platform.goods === undefined && examined.mentionsGoods
    if (terms !== null) presence.add(document, terms)
    const judged = takeBack(examined.findings)
    conflicts.push(...conflictsIn(document, statements))
    return { document, ...judged, notices }
  }
  return {
    rules: active,
    add: document => accept(examine(prepare(document), { ...termsFor(document.path), quotes: false })),
    termsFor,
    accept,
    finish: () => {
      const profile = profileOf(platform, kinds, goods)
      const missing = presenceRules.flatMap(rule => presence.breach(rule, profile) ?? [])
      const left = presenceRules.length
      const judged = takeBack([...missing, ...conflicts])
      const idle = new Set(profile.whole ? [] : presenceRules.map(r => r.id))
      // A comment may be there for what another part of the documents says.
      if (shard !== undefined && conflictRule !== undefined) idle.add(conflictRule.id)
      const notices = [...comments.values()].flatMap(({ own, ids }) => own.notices(id => ids.has(id) && !idle.has(id)))
      if (!profile.whole && first !== undefined && left > 0) notices.push(partOfSet(first, left, shard, lang))
      return { ...judged, notices }
    },
  }
}

/** Findings of all documents, sorted by path, place and rule. */
export function check(documents: readonly Document[], options: CheckOptions): CheckResult {
  const run = checking({ ...options, expected: documents.length })
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

const partOfSet = (path: string, rules: number, shard: string | undefined, lang: Lang): Notice => ({
  code: 'rule-set-not-judged',
  path,
  message:
    shard !== undefined
      ? lang === 'zh'
        ? `这是第 ${shard} 片，没有检查整套规则是否齐全（${rules} 条规则）和不同文档是否互相矛盾：请另外不分片检查一次。`
        : `This is shard ${shard}: completeness of the whole rule set (${rules} rules) and contradictions between documents were not checked; check once without --shard.`
      : lang === 'zh'
        ? `没有检查整套规则是否齐全（${rules} 条规则）：本次文档看来只是规则的一部分；是全部的话，请在 clauselint.yaml 写 platform: { whole: true }。`
        : `Completeness of the whole rule set (${rules} rules) was not checked: this looks like part of it; if it is all, say platform: { whole: true } in clauselint.yaml.`,
})

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
