/**
 * What `--fix` and the editor's quick fixes change: material sentences without emphasis become bold. Nothing else is
 * mended by machine: which of two equal numbers is the wrong one, or where a reference should point, one text alone
 * doesn't say, and wording is the author's. Pure; every edit is read back before it is offered.
 */
import { emphasisOf, SATURATED } from '../check/emphasis.js'
import { splitSentences } from '../parse/sentences.js'
import { ReadError, readDocument, toSource } from '../read/index.js'
import type { RuleSet } from '../rules/types.js'
import type { Document, Finding, Parsed, Span } from '../types.js'
import { boldStyle, htmlMarkup, type Markup, markdownContainers } from './markup.js'
import { type Change, pieces, runsIn, starred, tagged, wordsOf } from './runs.js'

/** A replacement in `Document.source` (an empty span inserts), and the finding that it is made for. */
export interface Edit extends Change {
  readonly ruleId: string
  readonly fingerprint: string
}

/** A stretch of `Document.text` to be set in bold, where it stands in the source, and the findings that ask for it. */
interface Target {
  readonly text: Span
  readonly source: Span
  readonly findings: readonly Finding[]
}

/** Targets that are marked together, and the ways to do it, best first. */
interface Group {
  readonly targets: readonly Target[]
  readonly ways: readonly (() => Change[] | null)[]
}

/**
 * The edits that set the sentences of `findings` in bold: findings of `parsed`, of which those of other rules than the
 * emphasis ones give none, as do sentences that can't be marked without changing how the rest of the document reads.
 * None at all where so much of the document is or would be bold that nothing stands out. Sorted by place, never
 * overlapping.
 */
export function edits(parsed: Parsed, findings: readonly Finding[], rules: RuleSet): readonly Edit[] {
  const { document } = parsed
  const fixable = findings.filter(f => rules.get(f.ruleId)?.method === 'emphasis' && f.path === document.path)
  if (!isFixable(document) || fixable.length === 0 || isSaturated(parsed)) return []
  const settled = settle(groupsOf(document, targetsOf(parsed, fixable)), [], document)
  const after = settled.length === 0 ? null : reread(document, settled)
  if (after === null || isSaturated({ ...parsed, document: after })) return []
  return settled
    .flatMap(({ changes, targets }) =>
      changes.map(change => {
        const at = targets.findLast(t => t.source.start <= change.span.end) ?? targets[0]
        const { ruleId = '', fingerprint = '' } = at?.findings[0] ?? {}
        return { ...change, ruleId, fingerprint }
      }),
    )
    .sort(byPlace)
}

/** Whether the document's format is one that bold can be written into. */
export const isFixable = ({ format }: Pick<Document, 'format'>): boolean => format === 'markdown' || format === 'html'

/** `source` with `changes` made: sorted by place, not overlapping. */
export function applyEdits(source: string, changes: readonly Change[]): string {
  const parts: string[] = []
  let done = 0
  for (const { span, text } of changes) {
    parts.push(source.slice(done, span.start), text)
    done = span.end
  }
  return parts.join('') + source.slice(done)
}

const byPlace = (a: Change, b: Change): number => a.span.start - b.span.start || a.span.end - b.span.end

/** The sentences (in tables: the sentences of the cells) that the findings are about; neighbours become one. */
function targetsOf({ document, sentences }: Parsed, findings: readonly Finding[]): Target[] {
  const { text, segments } = document
  const found: { text: Span; findings: Finding[] }[] = []
  for (const finding of findings) {
    const { offset } = finding.start
    const segment = segments.findLast(s => s.source.start <= offset && s.text.end > s.text.start)
    if (segment === undefined) continue
    const start = segment.text.start + (segment.verbatim ? offset - segment.source.start : 0)
    const end = start + finding.evidence.length
    const sentence = sentences.find(s => s.span.start <= start && start < s.span.end)
    if (sentence === undefined || !text.startsWith(finding.evidence, start)) continue
    const touched = ({ span }: { span: Span }): boolean => span.start < end && start < span.end
    if (sentence.cells === undefined) found.push({ text: sentence.span, findings: [finding] })
    for (const cell of sentence.cells?.filter(touched) ?? []) {
      for (const line of linesOf(text, cell.span)) {
        const inside = splitSentences(text, line).filter(span => touched({ span }))
        for (const span of inside) found.push({ text: span, findings: [finding] })
      }
    }
  }
  found.sort((a, b) => a.text.start - b.text.start || a.text.end - b.text.end)
  const merged: typeof found = []
  const blockAt = (at: number): number => document.blocks.findIndex(b => b.span.end > at)
  for (const next of found) {
    const last = merged.at(-1)
    const between = last === undefined ? '' : text.slice(last.text.end, next.text.start)
    const joins = last !== undefined && (/^[^\S\t]*$/.test(between) || next.text.start < last.text.end)
    if (joins && blockAt(last.text.start) === blockAt(next.text.start)) {
      last.text = { start: last.text.start, end: Math.max(last.text.end, next.text.end) }
      last.findings.push(...next.findings)
    } else merged.push({ text: next.text, findings: [...next.findings] })
  }
  return merged.map(target => ({ ...target, source: toSource(document, target.text) }))
}

/** The lines of a cell. */
function linesOf(text: string, { start, end }: Span): Span[] {
  return [...text.slice(start, end).matchAll(/[^\n]+/g)].map(({ 0: line, index }) => ({
    start: start + index,
    end: start + index + line.length,
  }))
}

function groupsOf(document: Document, targets: readonly Target[]): Group[] {
  const { source, format } = document
  const words = wordsOf(document)
  const { marker, tag } = boldStyle(document)
  const tags = [...new Set([tag, '<strong>'])]
  /** What of the targets isn't bold yet. */
  const plain = (group: readonly Target[]): Span[] => group.flatMap(({ text }) => unmarked(text, document))
  const inTags = (group: readonly Target[], root: Pick<Markup, 'children'>, opening: string) => () =>
    plain(group).flatMap(span => runsIn(root, span, words).flatMap(run => tagged(run, opening, source)))
  const inPieces = (group: readonly Target[], opening: string) => () =>
    plain(group).flatMap(span => pieces(span, source, words).flatMap(run => tagged(run, opening, source)))

  if (format === 'html') {
    const root = htmlMarkup(source)
    return targets.map(target => ({
      targets: [target],
      ways: [
        ...tags.map(opening => inTags([target], root, opening)),
        ...['<strong>', '<span style="font-weight: bold">', '&lt;strong&gt;'].map(o => inPieces([target], o)),
      ],
    }))
  }
  const containers = markdownContainers(source)
  const inside = new Map<Markup | undefined, Target[]>()
  for (const target of targets) {
    const container = containers.find(c => c.start <= target.source.start && target.source.end <= c.end)
    inside.set(container, [...(inside.get(container) ?? []), target])
  }
  return [...inside].flatMap(([container, group]): Group[] => {
    // HTML between the paragraphs.
    if (container === undefined) return group.map(t => ({ targets: [t], ways: tags.map(o => inPieces([t], o)) }))
    const spans = group.map(t => t.source)
    const markers = marker === '__' ? (['__', '**'] as const) : marker === null ? [] : (['**'] as const)
    return [
      {
        targets: group,
        ways: [
          ...markers.map(m => () => starred(container, spans, m, source, words)),
          ...tags.map(opening => inTags(group, container, opening)),
          ...tags.map(opening => inPieces(group, opening)),
        ],
      },
    ]
  })
}

/** Spans of the source of those parts of `span` (of the text) that hold letters and aren't bold. */
function unmarked({ start, end }: Span, document: Document): Span[] {
  const parts: Span[] = []
  let from = start
  for (const { kind, span } of document.marks) {
    if (kind !== 'strong' || span.end <= from || span.start >= end) continue
    parts.push({ start: from, end: span.start })
    from = span.end
  }
  parts.push({ start: from, end })
  return parts
    .filter(part => part.start < part.end && LETTER.test(document.text.slice(part.start, part.end)))
    .map(part => toSource(document, part))
}

const LETTER = /[\p{L}\p{N}]/u

interface Settled {
  readonly changes: readonly Change[]
  readonly targets: readonly Target[]
}

/** The changes of as many groups as can be made without the document reading otherwise: all at once, else half by half. */
function settle(groups: readonly Group[], before: readonly Settled[], document: Document): readonly Settled[] {
  if (groups.length === 0) return before
  const [group] = groups
  const depth = groups.length === 1 ? (group?.ways.length ?? 0) : 1
  for (let way = 0; way < depth; way++) {
    const tried = groups.map(({ ways, targets }) => ({ changes: ways[way]?.() ?? [], targets }))
    if (tried.some(({ changes }) => changes.length === 0)) continue
    const all = [...before, ...tried]
    if (readsAsMeant(document, all)) return all
  }
  if (groups.length === 1) return before
  const middle = groups.length >>> 1
  return settle(groups.slice(middle), settle(groups.slice(0, middle), before, document), document)
}

const isSaturated = (parsed: Parsed): boolean => emphasisOf({ parsed }).share > SATURATED

/** Same words in the same blocks, every target bold, and nothing else that was not before. */
function readsAsMeant(document: Document, settled: readonly Settled[]): boolean {
  const read = reread(document, settled)
  if (read === null || read.text !== document.text) return false
  if (JSON.stringify(read.blocks) !== JSON.stringify(document.blocks)) return false
  const bold = (marks: Document['marks']): Uint8Array => {
    const marked = new Uint8Array(document.text.length)
    for (const { span } of marks) marked.fill(1, span.start, span.end)
    return marked
  }
  const wanted = bold(document.marks)
  for (const { text } of settled.flatMap(s => s.targets)) wanted.fill(1, text.start, text.end)
  const got = bold(read.marks)
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] !== got[i] && LETTER.test(document.text.charAt(i))) return false
  }
  return true
}

/** The document with the changes made; null if it can't be read any more. */
function reread(document: Document, settled: readonly Settled[]): Document | null {
  const source = applyEdits(document.source, settled.flatMap(s => s.changes).sort(byPlace))
  try {
    // With a BOM, whatever encoding the text itself declares.
    return readDocument(new TextEncoder().encode(`\ufeff${source}`), document.path, { format: document.format })
  } catch (error) {
    if (error instanceof ReadError) return null
    throw error
  }
}
