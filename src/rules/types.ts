/** The shape of a loaded rule. */
import type { Flag } from '../annotate/index.js'
import type { Citation, Confidence, Party, Severity, Text } from '../types.js'
import type { Pattern } from './pattern.js'

/** Where a condition looks, seen from the judged sentence; `own` leaves its lead-in and column heads out. */
export type Place = 'sentence' | 'own' | 'clause' | 'near' | 'heading' | 'document'

/** Words to find: any of `patterns` (each a row of words), or all of them within `within` characters of one another. */
export interface Search {
  readonly patterns: readonly Pattern[]
  readonly mode: 'any' | 'all'
  readonly within: number
}

/** Something that must (or must not) hold beside the words of a detection. */
export interface Condition {
  readonly in: Place
  readonly search: Search | null
  readonly flag: Flag | null
  /** Restricts to matches whose actor is one of these (or unknown). */
  readonly actor: readonly Party[] | null
  /** Holds when nothing is found. */
  readonly not: boolean
}

/** One way the breach is said. */
export interface Detection extends Search {
  readonly actor: readonly Party[] | null
  /** True: an unknown actor is not enough. */
  readonly strictActor: boolean
  readonly confidence: Confidence | null
  readonly with: readonly Condition[]
  readonly unless: readonly Condition[]
}

export interface Exception extends Condition {
  readonly reason: Text
}

export interface Examples {
  readonly fail: readonly { readonly text: string; readonly evidence: string }[]
  readonly pass: readonly { readonly text: string; readonly exercises: number | null }[]
  readonly todo: readonly { readonly text: string; readonly should: 'fail' | 'pass'; readonly note: string }[]
}

/**
 * How a rule judges: by its `detect` words; by words whose clause lacks emphasis; by a term absent from the whole set;
 * or by code in src/check that its id names.
 */
export type Method = 'words' | 'emphasis' | 'presence' | 'code'

/** 'text' rules judge sentences, 'document' rules one document, 'set' rules all documents of a run together. */
export type Level = 'text' | 'document' | 'set'

/** What a platform's profile may say of it. */
export type ProfileFlag = 'minors' | 'livestream' | 'goods' | 'huge'

/** A term that a rule set must hold. */
export interface Presence {
  /** Only for platforms whose profile says so. */
  readonly profile: ProfileFlag | null
  /** What in the set calls for the term; null = always. */
  readonly when: Search | null
  readonly satisfied: Search
}

export interface Rule {
  readonly id: string
  readonly category: string
  readonly file: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly since: string
  readonly method: Method
  readonly level: Level
  /** Document kinds it is for; empty = all. */
  readonly appliesTo: readonly string[]
  readonly name: Text
  readonly message: Text
  readonly suggestion: Text
  readonly why: Text
  readonly citations: readonly Citation[]
  readonly consequence: Text
  readonly detect: readonly Detection[]
  readonly unless: readonly Exception[]
  /** More specific rules: where one of them is found in the same sentence, this one is silent. */
  readonly yieldsTo: readonly string[]
  /** For method 'presence'. */
  readonly presence: Presence | null
  readonly examples: Examples
  /** Thresholds a configuration may change. */
  readonly options: Readonly<Record<string, number>>
}

export interface Law {
  readonly short: string
  readonly title: string
  readonly issuer: string
  readonly number: string | null
  readonly from: string
  readonly until: string | null
  readonly url: string | null
}

export interface RuleSet {
  readonly rules: readonly Rule[]
  readonly laws: ReadonlyMap<string, Law>
  get(id: string): Rule | undefined
}
