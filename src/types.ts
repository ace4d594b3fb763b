/** Every shape that travels between the stages: read → parse → annotate → check → report. No logic lives here. */

/** Half-open range of UTF-16 code units. Which string it points into is said where it is used. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Where a reader looks: 1-based line and column, 0-based offset, all in UTF-16 units of the decoded source (BOM not counted). */
export interface Point {
  readonly line: number
  readonly column: number
  readonly offset: number
}

export type Format = 'markdown' | 'html' | 'text' | 'docx'
export type Severity = 'error' | 'warning' | 'info'
export type Confidence = 'high' | 'medium' | 'low'
export type Lang = 'zh' | 'en'
/** The platform operator (P), whoever trades on it (M, 平台内经营者 and partners), whoever buys or uses (C). */
export type Party = 'P' | 'M' | 'C'

// ── read ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A stretch of `Document.text` and where it came from in `Document.source`. Not verbatim = decoded or collapsed, only its ends are exact. */
export interface Segment {
  readonly text: Span
  readonly source: Span
  readonly verbatim: boolean
}

/** Visible emphasis, as spans of `Document.text`. */
export interface Mark {
  readonly kind: 'strong' | 'underline' | 'highlight' | 'large' | 'colour'
  readonly span: Span
}

/** One cell of a table row; `header` is the text of its column's (or row's) heading cell, null where there is none. */
export interface Cell {
  readonly span: Span
  readonly header: string | null
}

export type BlockKind = 'heading' | 'paragraph' | 'list-item' | 'row' | 'quote' | 'code'

/**
 * A run of text that a reader sees as one block; spans of `Document.text`, in order, never overlapping.
 * A `<br>`-separated line is a block of its own. Soft line breaks stay inside a block as "\n".
 */
export interface Block {
  readonly kind: BlockKind
  readonly span: Span
  /** 1–6 for headings. */
  readonly level?: number
  /** Nesting depth of lists, 0 outside lists. */
  readonly depth: number
  /** The counter that is displayed but not in the text (`<ol>` numbering): "1.", "a.", "•". */
  readonly counter?: string
  /** For rows: the cells; `headerRow` marks the row that heads the table. */
  readonly cells?: readonly Cell[]
  readonly headerRow?: boolean
  /** Number of the table in the document (1-based), for rows. */
  readonly table?: number
}

/** A note that part of the input could not be checked, or was read under an assumption. */
export interface Notice {
  readonly code: string
  readonly path: string
  readonly message: string
  readonly ruleId?: string
  readonly line?: number
}

/** What every reader produces: canonical text, blocks, emphasis, and the way back to the source. */
export interface Document {
  readonly path: string
  readonly format: Format
  readonly encoding: string
  readonly sha256: string
  /** Decoded file, BOM removed. */
  readonly source: string
  /** What a reader sees, block after block, separated by "\n". Markup removed, entities decoded. */
  readonly text: string
  readonly segments: readonly Segment[]
  readonly blocks: readonly Block[]
  readonly marks: readonly Mark[]
  /** 'unknown' where the format can't carry emphasis (plain text): unknown is not absent. */
  readonly emphasis: 'known' | 'unknown'
  readonly frontMatter: Readonly<Record<string, unknown>>
  /** `<title>` or front-matter title, where the format has one. */
  readonly declaredTitle: string | null
  readonly notices: readonly Notice[]
}

// ── parse ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** One numbered (or headed) clause. Spans are of `Document.text`. */
export interface Clause {
  /** Index in `Parsed.clauses`, document order; 0 is the root (the whole document, no label). */
  readonly id: number
  /** As printed, without trailing separator: "第三条", "（一）", "1.2". Null for the root, for headings without a number. */
  readonly label: string | null
  /** Short heading text behind the label ("违约责任"), or the heading itself; null where the clause opens with its text. */
  readonly title: string | null
  /** The labels from the top, own last: ["第五条", "（二）"]. */
  readonly path: readonly string[]
  readonly depth: number
  readonly parent: number | null
  readonly children: readonly number[]
  /** From the label through the last descendant. */
  readonly span: Span
  /** Of the label itself; empty at span.start where there is none or where the number is a list counter outside the text. */
  readonly labelSpan: Span
}

export type SentenceKind = 'sentence' | 'heading' | 'item' | 'row'

/** The unit that is judged: a sentence, list item or table row. Spans are of `Document.text`, without label and outer white space. */
export interface Sentence {
  readonly id: number
  readonly span: Span
  readonly kind: SentenceKind
  /** Innermost clause it belongs to. */
  readonly clause: number
  /** Index of the sentence that leads in to this list item ("有下列情形之一的，平台可以："), null if none. */
  readonly leadIn: number | null
  /** Index of the block it stands in. */
  readonly block: number
  /** For rows: its cells. */
  readonly cells?: readonly Cell[]
}

export interface Parsed {
  readonly document: Document
  readonly title: string | null
  readonly clauses: readonly Clause[]
  readonly sentences: readonly Sentence[]
}

// ── check ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Text {
  readonly zh: string
  readonly en: string
}

export interface Citation {
  readonly law: string
  readonly article: number | string
  readonly paragraph: number | null
  readonly item: number | null
  readonly url: string | null
}

/** One breach, ready to print. Shape and field order are the JSON contract. */
export interface Finding {
  readonly ruleId: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly path: string
  /** "第五条（二）"; empty where the text has no numbered clause. */
  readonly clause: string
  readonly start: Point
  readonly end: Point
  readonly sentence: string
  readonly evidence: string
  readonly message: string
  readonly suggestion: string
  readonly citations: readonly Citation[]
  readonly consequence: string
  readonly fingerprint: string
}

export interface DocumentSummary {
  readonly path: string
  readonly format: Format
  readonly sha256: string
  readonly title: string | null
  readonly kind: string
  readonly clauses: number
}

/** A finding that counts for nothing, and why: a comment in the document, or the baseline. */
export interface SuppressedFinding {
  readonly finding: Finding
  readonly kind: 'inline' | 'baseline'
  /** What the comment gives as its reason; null where none is given. */
  readonly reason: string | null
}

/** Everything one run of `check` says. */
export interface CheckResult {
  readonly documents: readonly DocumentSummary[]
  readonly findings: readonly Finding[]
  readonly notices: readonly Notice[]
  /** Not among `findings` and not in the summary. */
  readonly suppressed?: readonly SuppressedFinding[]
  readonly summary: {
    readonly error: number
    readonly warning: number
    readonly info: number
    readonly documents: number
  }
}
