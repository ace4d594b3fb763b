/** Comments that an editor puts above a finding: to take it back, or to keep the suggestion. Pure; each is read back before it is offered. */
import { commentsIn, suppressionsOf } from '../check/suppress.js'
import { parse } from '../parse/index.js'
import { ReadError, readSource, toSource } from '../read/index.js'
import type { RuleSet } from '../rules/types.js'
import type { Document, Finding, Parsed, Span } from '../types.js'
import { sentenceAt } from './references.js'

/** Text to insert at an offset of the source. */
export interface Insertion {
  readonly offset: number
  readonly text: string
}

/** Comments as they stand alone on a line: the first before the finding, a second one behind it where it takes two. */
interface Way {
  readonly before: string
  readonly beforeAt: number
  readonly after?: string
  readonly afterAt?: number
}

/**
 * A comment that takes the finding back once its author has written the reason behind `--`; without one it does nothing
 * and is reported, so that no placeholder ends up as the reason. Null where no place for it leaves the document as it is.
 */
export function suppressionFor(parsed: Parsed, finding: Finding, rules: RuleSet): readonly Insertion[] | null {
  const id = finding.ruleId
  const comment = (verb: string, rest: string): string => `<!-- clauselint-${verb} ${id}${rest} -->`
  const { line, clause, block } = placesOf(parsed, finding)
  const ways: Way[] = [
    { before: comment('disable-next-line', ' -- '), beforeAt: line },
    ...(clause === null ? [] : [{ before: comment('disable-next-clause', ' -- '), beforeAt: clause }]),
    {
      before: comment('disable', ' -- '),
      beforeAt: block.start,
      after: comment('enable', ''),
      afterAt: block.end,
    },
  ]
  const takesBack = (insertions: readonly Insertion[], document: Document): boolean => {
    const reasons = insertions.map(i => ({ ...i, text: i.text.replace(' --  -->', ' -- 1 -->') }))
    const read = reread(document, apply(document.source, reasons))
    const moved = reasons.filter(i => i.offset <= finding.start.offset).reduce((sum, i) => sum + i.text.length, 0)
    const offset = finding.start.offset + moved
    if (read === null) return false
    const comments = commentsIn(parse(read), { rules, today: '0000-01-01', lang: 'zh' })
    if (comments === null) return false
    const shifted = { ...finding, start: { ...finding.start, offset } }
    return suppressionsOf(comments, { rules, lang: 'zh' }).reasonFor(shifted) !== null
  }
  return firstThat(ways, parsed, takesBack)
}

/** The suggestion as a comment above the finding. */
export function suggestionFor(parsed: Parsed, finding: Finding, lead: string): readonly Insertion[] | null {
  // "--" could end the comment.
  const words = `${lead}${finding.suggestion}`.replace(/\s+/g, ' ').replace(/-{2,}/g, '—').replaceAll('>', '＞')
  const { line, clause, block } = placesOf(parsed, finding)
  const ways = [line, clause, block.start].flatMap(at =>
    at === null ? [] : [{ before: `<!-- ${words} -->`, beforeAt: at }],
  )
  return firstThat(ways, parsed, () => true)
}

function firstThat(
  ways: readonly Way[],
  { document }: Parsed,
  holds: (insertions: readonly Insertion[], document: Document) => boolean,
): readonly Insertion[] | null {
  if (document.format !== 'markdown' && document.format !== 'html') return null
  for (const { before, beforeAt, after, afterAt } of ways) {
    const insertions = [lineAt(document.source, beforeAt, before)]
    if (after !== undefined && afterAt !== undefined) insertions.push(lineAfter(document.source, afterAt, after))
    const read = reread(document, apply(document.source, insertions))
    if (read === null || read.text !== document.text) continue
    if (JSON.stringify(read.blocks) === JSON.stringify(document.blocks) && holds(insertions, document))
      return insertions
  }
  return null
}

/** The finding's line, the first line of its clause, and its block (or table) in the source. */
function placesOf(parsed: Parsed, finding: Finding): { line: number; clause: number | null; block: Span } {
  const { document, clauses } = parsed
  const { offset } = finding.start
  const sentence = sentenceAt(parsed, offset)
  let clause = sentence === undefined ? undefined : clauses[sentence.clause]
  while (clause !== undefined && clause.parent !== null && clause.label === null) clause = clauses[clause.parent]
  const block = document.blocks[sentence?.block ?? 0]
  const same = document.blocks.filter(b => b === block || (block?.table !== undefined && b.table === block.table))
  const [first, last] = [same[0]?.span.start ?? 0, same.at(-1)?.span.end ?? 0]
  return {
    line: offset,
    clause: clause === undefined || clause.parent === null ? null : toSource(document, clause.span).start,
    block: toSource(document, { start: first, end: last }),
  }
}

const endOfLine = (source: string): string => /\r\n|\n|\r/.exec(source)?.[0] ?? '\n'

/** Inserts a line of its own above the line that holds an offset, indented like it. */
function lineAt(source: string, at: number, text: string): Insertion {
  const offset = Math.max(source.lastIndexOf('\n', at - 1), source.lastIndexOf('\r', at - 1)) + 1
  const indent = /^[ \t]*(?:>[ \t]?)*/.exec(source.slice(offset, at))?.[0] ?? ''
  return { offset, text: `${indent}${text}${endOfLine(source)}` }
}

/** The same below it. */
function lineAfter(source: string, at: number, text: string): Insertion {
  const rest = /\r\n|\n|\r/.exec(source.slice(at))
  const end = endOfLine(source)
  return rest === null
    ? { offset: source.length, text: `${end}${end}${text}${end}` }
    : { offset: at + rest.index + rest[0].length, text: `${end}${text}${end}` }
}

function apply(source: string, insertions: readonly Insertion[]): string {
  let out = ''
  let done = 0
  for (const { offset, text } of insertions) {
    out += source.slice(done, offset) + text
    done = offset
  }
  return out + source.slice(done)
}

function reread(document: Document, source: string): Document | null {
  try {
    return readSource(source, document.path, { format: document.format })
  } catch (error) {
    if (error instanceof ReadError) return null
    throw error
  }
}
