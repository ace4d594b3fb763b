/**
 * What one document shows by itself, as plain data: it can be sent from thread to thread and kept in a file. What only
 * all documents together show, and what comments take back, is made of it in `checking`.
 */
import type { Annotated } from '../annotate/index.js'
import type { Rule } from '../rules/types.js'
import type { DocumentSummary, Finding, Lang, Notice, Severity } from '../types.js'
import type { Breach } from './breach.js'
import { documentJudges, type Statement, statementsIn } from './clarity.js'
import { emphasisOf, judgeEmphasis } from './emphasis.js'
import type { CheckOptions, RuleSettings } from './index.js'
import type { Bench } from './judge.js'
import { placer, spanOf } from './place.js'
import { seeTerm, type TermSeen } from './presence.js'
import { procedureJudges } from './procedure.js'
import { mentionsGoods, type Profile } from './profile.js'
import { type Comments, commentsIn } from './suppress.js'

export interface Examined {
  readonly document: DocumentSummary
  /** What was not checked, beside the document's own notices. */
  readonly notices: readonly Notice[]
  /** All that the rules find: comments and certainty are not considered yet. */
  readonly findings: readonly Finding[]
  /** Null where it has none for this tool. */
  readonly comments: Comments | null
  readonly mentionsGoods: boolean
  /** What may contradict other documents. */
  readonly statements: readonly Statement[]
  /** By rule, what it has of the terms that a whole set must hold; null if that was not looked for. */
  readonly terms: Readonly<Record<string, TermSeen>> | null
  /** The source of findings, by `quoteKey`, where its markup makes it differ from the evidence; null if not asked for. */
  readonly quotes: Readonly<Record<string, string>> | null
}

/** How a document is to be examined. */
export interface Terms {
  /** The settings for it, and those for rules about the whole set. */
  readonly own: RuleSettings
  readonly ofSet: RuleSettings
  readonly huge: boolean
  /** Looks for the terms of a whole set. */
  readonly terms: boolean
  readonly quotes: boolean
}

export type ExamineOptions = Pick<CheckOptions, 'rules' | 'only' | 'skip' | 'lang' | 'everyUnmarked'> & {
  readonly inlineSuppressions: boolean
  readonly today: string
}

/** Where a finding stands, under its document. */
export const quoteKey = ({ start, end }: Pick<Finding, 'start' | 'end'>): string => `${start.offset}-${end.offset}`

/** The rules that `options` and settings leave; sorted out once for each object of settings. */
export function ruleChooser({
  rules: set,
  only,
  skip = [],
}: Pick<CheckOptions, 'rules' | 'only' | 'skip'>): (settings: RuleSettings) => readonly Rule[] {
  const rulesBy = new Map<RuleSettings, readonly Rule[]>()
  return settings => {
    let rules = rulesBy.get(settings)
    if (rules === undefined) {
      const { severities, options: chosen } = settings
      rules = set.rules
        .filter(({ id }) => (only?.includes(id) ?? true) && !skip.includes(id) && severities[id] !== 'off')
        // Only code looks at options; what is remembered of words is remembered by the rule as it was loaded.
        .map(r => (r.method === 'code' && chosen[r.id] ? { ...r, options: { ...r.options, ...chosen[r.id] } } : r))
      rulesBy.set(settings, rules)
    }
    return rules
  }
}

/** The rule that compares documents with one another. */
export const CONFLICT_RULE = 'conflicting-terms'

export const conflictRuleOf = (rules: readonly Rule[]): Rule | undefined => rules.find(r => r.id === CONFLICT_RULE)

/** Examines documents by the rules of `options`. */
export function examiner(options: ExamineOptions): (bench: Bench, terms: Terms) => Examined {
  const { lang = 'zh', everyUnmarked = false, inlineSuppressions, today } = options
  const rulesUnder = ruleChooser(options)
  return (bench, { own, ofSet, huge, terms: looksForTerms, quotes: wantsQuotes }) => {
    const { annotated } = bench
    const { document } = annotated.parsed
    const rules = rulesUnder(own)
    const rulesOfSet = rulesUnder(ofSet)
    const { place, spot } = placer(annotated, lang, rule => severityOf(rule, own.severities))

    const notices: Notice[] = []
    const emphasis = emphasisOf(annotated)
    if (!emphasis.known && rules.some(r => r.method === 'emphasis')) notices.push(unknownEmphasis(annotated, lang))
    const breaches = rules.flatMap(rule =>
      rule.method === 'emphasis'
        ? judgeEmphasis(rule, bench, emphasis, everyUnmarked)
        : judgeDocument(rule, bench, { huge }),
    )
    // All are placed, those too that are not certain enough: fingerprints must not hang on what is left out.
    const findings = mostSpecific(breaches).map(place)
    const conflictRule = conflictRuleOf(rulesOfSet)
    const statements =
      conflictRule !== undefined && rules.some(r => r.id === conflictRule.id)
        ? statementsIn(conflictRule, annotated, spot)
        : []
    const presenceRules = looksForTerms ? rulesOfSet.filter(r => r.method === 'presence') : []
    const terms = Object.fromEntries(presenceRules.map(rule => [rule.id, seeTerm(rule, bench, spot)]))
    const comments = inlineSuppressions ? commentsIn(annotated.parsed, { rules: options.rules, today, lang }) : null

    let quotes: Record<string, string> | null = null
    if (wantsQuotes) {
      quotes = {}
      const spots = [...statements, ...Object.values(terms)].map(each => each.spot)
      for (const finding of [...findings, ...spots]) {
        if (finding === null) continue
        const text = document.source.slice(finding.start.offset, finding.end.offset)
        if (text !== finding.evidence) quotes[quoteKey(finding)] = text
      }
    }
    return {
      document: summary(annotated),
      notices,
      findings,
      mentionsGoods: mentionsGoods(document.text),
      // Copies: pieces of a long string would hold the document's whole text until the end of the run.
      ...structuredClone({ comments, statements, terms: looksForTerms ? terms : null, quotes }),
    }
  }
}

/** Leaves out what a more specific rule already says of the same sentence. */
function mostSpecific(breaches: readonly Breach[]): readonly Breach[] {
  const found = new Set(breaches.map(b => `${b.rule.id} ${b.unit.index}`))
  return breaches.filter(b => !b.rule.yieldsTo.some(id => found.has(`${id} ${b.unit.index}`)))
}

/** Breaches that one document shows by itself, emphasis apart. */
function judgeDocument(rule: Rule, bench: Bench, profile: Pick<Profile, 'huge'>): readonly Breach[] {
  if (rule.method === 'words') {
    return bench.verdicts(rule).flatMap(({ unit, start, end, confidence }) => {
      const span = spanOf(unit, start, end)
      return span === null ? [] : [{ rule, span, unit, confidence }]
    })
  }
  if (rule.method !== 'code') return []
  return (
    documentJudges[rule.id]?.(rule, bench.annotated) ?? procedureJudges[rule.id]?.(rule, bench.annotated, profile) ?? []
  )
}

function summary({ kind, parsed: { document, title, clauses } }: Annotated): DocumentSummary {
  const { path, format, sha256 } = document
  return { path, format, sha256, title, kind, clauses: clauses.length - 1 }
}

const unknownEmphasis = ({ parsed }: Annotated, lang: Lang): Notice => ({
  code: 'emphasis-unknown',
  path: parsed.document.path,
  message:
    lang === 'zh'
      ? '纯文本看不出加粗，显著提示类规则（unmarked-*）没有检查。'
      : 'Plain text carries no emphasis: the unmarked-* rules were not checked.',
})

const severityOf = (rule: Rule, severities: Readonly<Record<string, Severity | 'off'>>): Severity => {
  const chosen = severities[rule.id]
  return chosen === undefined || chosen === 'off' ? rule.severity : chosen
}
