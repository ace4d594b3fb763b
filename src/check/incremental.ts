/**
 * Checks a document again after an edit. Verdicts are remembered by clause, under everything that judging a clause looks
 * at; only clauses that are new, or in which some of that has changed, are judged. The findings are those of `check`.
 */
import { type Annotated, annotate, emptyMemory, type Unit } from '../annotate/index.js'
import { type Cast, partyMentions } from '../annotate/parties.js'
import { parse } from '../parse/index.js'
import type { Condition, Rule } from '../rules/types.js'
import type { Document, Finding, Notice, Parsed } from '../types.js'
import { type CheckOptions, checking } from './index.js'
import { type Bench, benchFor, headingText, unitsWith, type Verdict } from './judge.js'
import { vocabularyOf } from './vocabulary.js'

/** What is known of a document once it is checked. */
export interface Checked {
  readonly parsed: Parsed
  readonly annotated: Annotated
  readonly findings: readonly Finding[]
  /** What was not checked, and mistakes in the comments that take findings back. */
  readonly notices: readonly Notice[]
}

/** A verdict on the nth unit of a clause. */
type Kept = Omit<Verdict, 'unit'> & { readonly nth: number }
type Verdicts = ReadonlyMap<Rule, readonly Kept[]>

/** What one clause shows, whatever the rest of the document says. */
interface Shown {
  readonly verdicts: Verdicts
  /** The document-wide conditions whose words stand in it. */
  readonly conditions: readonly Condition[]
}

/**
 * A checker for the states of one document, one after another. Its rules and settings are those of `options`, of which
 * the rules about a whole set are left out: one document never shows what another may say.
 */
export function recheckerFor(options: CheckOptions): (document: Document) => Checked {
  const settings = { ...options, platform: { ...options.platform, whole: false } }
  const reading = emptyMemory()
  const judging = judgeMemory(options)
  return document => {
    let annotated: Annotated | undefined
    const run = checking(settings, next => {
      annotated = annotate(parse(next), reading)
      return judging(annotated)
    })
    const own = run.add(document)
    const set = run.finish()
    const findings = [...own.findings, ...set.findings].sort(
      (a, b) => a.start.offset - b.start.offset || (a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : 0),
    )
    return {
      parsed: (annotated as Annotated).parsed,
      annotated: annotated as Annotated,
      findings,
      notices: [...document.notices, ...own.notices, ...set.notices],
    }
  }
}

/** Prepares each state of a document for judging with what was found in the state before. */
function judgeMemory(options: CheckOptions): (annotated: Annotated) => Bench {
  const vocabulary = vocabularyOf(options.rules)
  const rules = options.rules.rules.filter(r => r.method === 'words' || r.method === 'emphasis')
  const conditionsOf = (rule: Rule): Condition[] =>
    [...rule.detect.flatMap(d => [...d.with, ...d.unless]), ...rule.unless].filter(c => c.in === 'document')
  const conditions = rules.flatMap(conditionsOf)
  /** Rules that look at the whole document: their verdicts hold as long as what they look for there is there, or not. */
  const wide = rules.filter(r => conditionsOf(r).length > 0)
  const local = rules.filter(r => conditionsOf(r).length === 0)

  let kind: string | null = null
  /** Which of `conditions` held, and what each clause showed. */
  let state: string | null = null
  let shown = new Map<string, Shown>()
  let shownWide = new Map<string, Verdicts>()
  const number = numbering()

  return annotated => {
    const { units, scopes } = annotated
    if (annotated.kind !== kind) shown = new Map()
    kind = annotated.kind
    const keys = clauseKeys(annotated, number)
    const words = new Set<Condition>()
    /** A bench for the clauses whose keys are not among `known`, of equal clauses one. */
    const benchWithout = (
      known: ReadonlyMap<string, unknown>,
    ): { bench: Bench; fresh: ReadonlyMap<string, number> } => {
      const fresh = new Map<string, number>()
      keys.forEach((key, scope) => {
        if (!known.has(key)) fresh.set(key, scope)
      })
      const part = [...fresh.values()].flatMap(scope => scopes[scope] ?? []).sort((a, b) => a - b)
      return { bench: benchFor(annotated, vocabulary, { units: part, anywhere: c => words.has(c) }), fresh }
    }
    const verdictsIn = (bench: Bench, of: readonly Rule[]): ReadonlyMap<number, Verdicts> => {
      const found = new Map<number, Map<Rule, Kept[]>>()
      for (const rule of of) {
        for (const { unit, start, end, confidence } of bench.verdicts(rule)) {
          const clause = entry(found, unit.scope, () => new Map<Rule, Kept[]>())
          const nth = scopes[unit.scope]?.indexOf(unit.index) ?? 0
          entry(clause, rule, () => []).push({ nth, start, end, confidence })
        }
      }
      return found
    }

    const { bench, fresh } = benchWithout(shown)
    const found = verdictsIn(bench, local)
    const holding = conditions.map(c => new Set(unitsWith(c, bench).map(i => units[i]?.scope)))
    const now = new Map<string, Shown>()
    for (const key of keys) {
      const scope = fresh.get(key) ?? -1
      const clause = shown.get(key) ?? {
        verdicts: found.get(scope) ?? NONE,
        conditions: conditions.filter((_, i) => holding[i]?.has(scope)),
      }
      now.set(key, clause)
      for (const condition of clause.conditions) words.add(condition)
    }

    const flagged = conditions.map(({ flag }) => flag !== null && units.some(u => u.flags.has(flag)))
    const stateNow = conditions.map((c, i) => `${words.has(c)} ${flagged[i]}`).join()
    // Where that is as before, the clauses to judge are those that were judged above.
    const same = stateNow === state && shown.size > 0
    const rest = same ? { bench, fresh } : benchWithout(new Map())
    const foundWide = verdictsIn(rest.bench, wide)
    const nowWide = new Map<string, Verdicts>()
    for (const key of keys) {
      const scope = rest.fresh.get(key)
      nowWide.set(key, scope === undefined ? (shownWide.get(key) ?? NONE) : (foundWide.get(scope) ?? NONE))
    }
    state = stateNow
    shown = now
    shownWide = nowWide

    const verdicts = new Map<Rule, Verdict[]>()
    keys.forEach((key, scope) => {
      for (const part of [now.get(key)?.verdicts ?? NONE, nowWide.get(key) ?? NONE]) {
        for (const [rule, list] of part) {
          for (const { nth, ...verdict } of list)
            entry(verdicts, rule, () => []).push({ unit: units[scopes[scope]?.[nth] ?? -1] as Unit, ...verdict })
        }
      }
    })
    for (const list of verdicts.values()) list.sort((a, b) => a.unit.index - b.unit.index)
    return { ...bench, verdicts: rule => verdicts.get(rule) ?? [] }
  }
}

const NONE: Verdicts = new Map()

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}

/**
 * Numbers for what judging looks at: of a heading its words and the parties in them, of a unit all that `annotate` reads
 * in its words. What is equal has the same number as long as `annotate` shares it or the heading is in use.
 */
function numbering(): {
  readonly heading: (words: string, cast: Cast) => number
  readonly unit: (unit: Unit) => number
} {
  let last = 0
  const units = new WeakMap<Unit['mentions'], number>()
  let lastCast: Cast | null = null
  const headings = new Map<string, number>()
  const read = new Map<string, number>()
  return {
    heading: (words, cast) => {
      // Forgetting costs no more than judging again.
      if (headings.size > 10_000) headings.clear()
      if (cast !== lastCast || read.size > 10_000) read.clear()
      lastCast = cast
      return entry(read, words, () => {
        const parties = partyMentions(headingText(words), cast).map(m => `${m.party}${m.start}-${m.end}${m.role}`)
        return entry(headings, `${words}\u0001${parties.join()}`, () => ++last)
      })
    },
    unit: ({ mentions }) => {
      const number = units.get(mentions) ?? ++last
      units.set(mentions, number)
      return number
    },
  }
}

/** For each clause, all that judging it looks at: its units with their places relative to one another, lead-ins and headings. */
function clauseKeys(
  { units, scopes, headings, cast }: Annotated,
  number: ReturnType<typeof numbering>,
): readonly string[] {
  return scopes.map(scope => {
    const first = scope[0] ?? 0
    let above = ''
    let key = ''
    for (const i of scope) {
      const unit = units[i] as Unit
      const { kind, leadIn } = unit.sentence
      const heading = headings[i] ?? ''
      key += `${i - first}${kind}${leadIn === null ? '' : i - leadIn} ${number.unit(unit)} `
      for (const flag of unit.flags) key += flag
      if (heading !== above) key += `^${number.heading(heading, cast)}`
      above = heading
    }
    return key
  })
}
