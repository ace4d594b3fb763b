/** Shapes of comparing versions: passages → pairs → changes → report; announcements → series → history. No logic lives here. */

import type { Finding, Notice, Point, Span } from '../types.js'

// ── align ───────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * What alignment moves as one piece: a clause's own text (without its label and without its child clauses), or one
 * unnumbered block (paragraph, list item, table row) where a clause holds several.
 */
export interface Passage {
  readonly index: number
  /** Display name of the clause: "第五条（二）"; '' before the first clause. */
  readonly clause: string
  /** Own label as printed, null where this is not the first passage of a labelled clause. */
  readonly label: string | null
  /** Id in `Parsed.clauses`. */
  readonly clauseId: number
  /** Of `Document.text`, label excluded. */
  readonly span: Span
  /** As printed, label excluded, lines joined. */
  readonly text: string
  /** `text` without white space, width and punctuation variants: equal keys differ editorially at most. */
  readonly key: string
}

export type MatchedBy = 'exact' | 'label' | 'similarity'

/** Passages of the old and the new version that correspond. One side empty: added or removed. */
export interface Pair {
  readonly old: readonly Passage[]
  readonly new: readonly Passage[]
  readonly matchedBy: MatchedBy | null
  /** 0–1; 1 = same words. Null where one side is empty. */
  readonly similarity: number | null
  /** Stands in another order or under another parent than its neighbours. */
  readonly moved: boolean
}

// ── diff ────────────────────────────────────────────────────────────────────────────────────────────────────────

export type ChangeKind = 'added' | 'removed' | 'altered' | 'moved' | 'renumbered' | 'split' | 'merged'

/** One clause, or one run of its passages, on one side of a change. Points are in the source file. */
export interface ClauseText {
  readonly clause: string
  /**
   * Absent: the clause, or its beginning. `heading`: its title, while what stands below it is another matter; `paragraph`: text
   * further on in it; `after`: text without a number behind the last item of a list.
   */
  readonly part?: 'heading' | 'paragraph' | 'after'
  readonly start: Point
  readonly end: Point
  readonly text: string
}

/** Concatenating equal+delete gives the old text exactly, equal+insert the new one. */
export interface Edit {
  readonly kind: 'equal' | 'delete' | 'insert'
  readonly text: string
}

export type MeaningKind =
  | 'period'
  | 'rate'
  | 'amount'
  | 'modality'
  | 'right-removed'
  | 'right-added'
  | 'duty-added'
  | 'duty-removed'
  | 'party'
  | 'condition'

/** What a change does, read from both sides. */
export interface Meaning {
  readonly kind: MeaningKind
  /** What stood there ("15日", "可以"), null where nothing did. */
  readonly from: string | null
  readonly to: string | null
  readonly affects: 'merchant' | 'consumer' | 'platform'
  readonly direction: 'worse' | 'better' | 'neutral'
  /** One plain line: "扣款上限由500元提高到2000元：对商家不利". */
  readonly summary: string
  /** Concerns fees, penalties, remedies, data or other important rights: needs fifteen days for huge platforms (办法12(2)). */
  readonly important: boolean
}

export interface Change {
  readonly kind: ChangeKind
  readonly old: readonly ClauseText[]
  readonly new: readonly ClauseText[]
  readonly matchedBy: MatchedBy | null
  readonly similarity: number | null
  /**
   * Nothing but width, spaces, punctuation, numbering, notation of a value, 的 亦 也 将, a heading above text that is compared by
   * itself, a date line or page furniture changed.
   */
  readonly editorial: boolean
  readonly edits: readonly Edit[]
  readonly meanings: readonly Meaning[]
  /** What neither words nor edits show, a plain line each: a reference that a renumbering left behind. */
  readonly notes?: readonly string[]
}

export type ChangeCounts = Readonly<Record<ChangeKind, number>>

export interface FindingChanges {
  readonly introduced: readonly Finding[]
  readonly fixed: readonly Finding[]
  readonly carried: readonly Finding[]
}

export interface Version {
  readonly path: string
  readonly sha256: string
}

/** One comparison of two versions of a document. */
export interface VersionDiff {
  readonly old: Version
  readonly new: Version
  readonly changes: readonly Change[]
  readonly findings: FindingChanges
  readonly summary: ChangeCounts
  /** Changes that are more than editorial. */
  readonly substantive: number
  /** What the changes ask of the platform: fifteen days instead of seven (办法12(2)), a transition (办法13). */
  readonly needs: { readonly fifteenDays: boolean; readonly transition: boolean; readonly because: readonly string[] }
  readonly notices: readonly Notice[]
}

// ── announcements and history ───────────────────────────────────────────────────────────────────────────────────

export type Stage = 'consultation' | 'publication' | 'in-force' | 'repealed' | 'unknown'

/** ISO days, both included. An end that is not said is null ("已于5月15日完成意见征集" states only the end). */
export interface Days {
  readonly from: string | null
  readonly to: string | null
}

/** What a document says about its own making. Null: not said. */
export interface Announcement {
  readonly stage: Stage
  readonly consultation: Days | null
  readonly published: string | null
  readonly publicityEnds: string | null
  readonly effective: string | null
  /** The rule's name without the words of the notice. */
  readonly ruleTitle: string | null
  /** Of `Document.text`: the rule itself, from its title or first clause on. */
  readonly body: Span
  /** Of `Document.text`: sentences inside `body` that belong to the notice (between title and first clause). */
  readonly notice: readonly Span[]
  /** Of `Document.text`: wording shown as replaced ("变更前"), which binds nobody any more. */
  readonly oldWording: readonly Span[]
}

export interface HistoryVersion {
  readonly path: string
  readonly stage: Stage
  /** The day this text was seen (file name, config, commit), null where unknown. */
  readonly seen: string | null
  readonly consultation: Days | null
  readonly published: string | null
  readonly publicityEnds: string | null
  readonly effective: string | null
  /** effective − published in days, null unless both are stated. */
  readonly noticeDays: number | null
  readonly sha256: string
}

export interface HistoryStep {
  readonly from: number
  readonly to: number
  readonly summary: ChangeCounts
  readonly findings: {
    readonly introduced: readonly Finding[]
    readonly fixed: readonly Finding[]
    readonly carried: number
  }
}

/** All versions of one rule, oldest first. */
export interface Series {
  readonly title: string
  readonly versions: readonly HistoryVersion[]
  readonly steps: readonly HistoryStep[]
  /** Procedural findings, each with the dates that prove it. */
  readonly findings: readonly Finding[]
}

export interface History {
  readonly series: readonly Series[]
  readonly notices: readonly Notice[]
}
