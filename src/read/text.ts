/** Plain text to blocks: one per line, save where a capture broke lines inside sentences. */
import type { Block, Cell, Segment, Span } from '../types.js'
import type { Built } from './builder.js'
import { HEADER_LENGTH, tableHeaders } from './table.js'

interface Line extends Span {
  readonly value: string
  readonly paragraphStart: boolean
}

/** What the reader of plain text hands on; `joined` counts the line ends that were read as part of a sentence. */
export interface TextContent extends Built {
  readonly joined: number
}

/** Nobody sees these, and they split words. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]+/g
/** A line can't start like this unless the one before goes on in it. */
const CONTINUES = new RegExp(
  `^(?:${[
    String.raw`[，,。．；;：:、！？!?）)】》」』”’%％/]`,
    String.raw`的`,
    String.raw`等(?!级)`,
    String.raw`以及`,
    String.raw`或者`,
    String.raw`[和及或与](?:《|$)`,
    String.raw`[年月日][^，。]{0,3}[【\d]`,
    String.raw`[年月日](?:起|前|内|后|止|至)?[，。）)]?$`,
  ].join('|')})`,
)
/** A line can't end like this unless its sentence goes on. */
const UNFINISHED = /[，,、（(【《「『“‘/]$/
const FINISHED = /(?:[。！？!?；;：:…]|[a-zA-Z]{2}\.)["”’」』）)】]*$|https?:\/\/[\x21-\x7e]+$/
/** Words that never end a heading or a sentence. */
const LEADING_ON = new RegExp(
  `(?:${[
    '[的和或及与在对将向由为并以至于从被把且如按]',
    '以及|或者|根据|通过|但是|按照|关于|包括|例如',
    '详见|参见|请见|点击|查看|阅读|访问|遵守|同意',
  ].join('|')})$`,
)
/** The label of a clause at the start of a line. Only for line breaks: what a label means is found out later. */
const LABEL = new RegExp(
  `^(?:${[
    String.raw`第[一二三四五六七八九十百零〇\d]+[条章节款项部编]`,
    String.raw`[一二三四五六七八九十]{1,3}[、.．]`,
    String.raw`[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2}|[a-z])[）)]`,
    String.raw`\d{1,3}(?:\.\d{1,3})*(?:[、.．)）]|(?=\s))`,
    String.raw`\d{1,3}(?:\.\d{1,3})+`,
    String.raw`[a-zA-Z](?:[)）、]|[.．](?![a-zA-Z\d]))`,
    String.raw`[①-⑳]`,
    String.raw`[•●○■◆※]`,
    String.raw`[·*-]\s`,
    String.raw`【(?!\d+】)[^】]{1,20}】`,
  ].join('|')})`,
)
/** A line that is nothing but a label. */
const BARE_LABEL = new RegExp(
  `^(?:${[
    String.raw`第[一二三四五六七八九十百零〇\d]+[条款项]`,
    String.raw`[一二三四五六七八九十]{1,3}、`,
    String.raw`[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2}|[a-z])[）)]`,
    String.raw`\d{1,3}(?:\.\d{1,3})*[、.．]`,
    String.raw`\d{1,3}(?:\.\d{1,3})+`,
    String.raw`[a-zA-Z][)）.、]`,
    String.raw`[①-⑳]`,
    String.raw`[•·●○■◆]`,
  ].join('|')})$`,
)
const NUMBER = /^\d+(?:[.,]\d+)*$/
const UNIT = /^[年月日天个元条款项时小分秒次倍万亿周%％号岁名家件笔]/
/** A line as long as this is no heading: without a full stop it is an unfinished sentence. */
const SENTENCE_LENGTH = 25
const LABEL_LENGTH = 12
/** So many lines as short as this in a row are a menu, not a sentence. */
const SHORT_LENGTH = 10
const MAX_SHORT_LINES = 3

/** Reads plain text. `Document.text` is the source, save for characters that nobody sees. */
export function readText(source: string): TextContent {
  const { text, segments } = withoutInvisible(source)
  const lines = linesOf(text)
  const broken = isBroken(lines)
  const blocks: Block[] = []
  let joined = 0
  let tables = 0
  for (let index = 0; index < lines.length; index++) {
    const rows = tableAt(lines, index)
    if (rows > 0) {
      blocks.push(...tableBlocks(lines.slice(index, index + rows), ++tables))
      index += rows - 1
      continue
    }
    const first = index
    if (broken) {
      const block = openBlock()
      block.add(lines[index]!.value)
      while (index + 1 < lines.length && goesOn(lines, index, block)) {
        index++
        block.add(lines[index]!.value)
      }
    }
    joined += index - first
    blocks.push({ kind: 'paragraph', span: { start: lines[first]!.start, end: lines[index]!.end }, depth: 0 })
  }
  return { text, segments, blocks, marks: [], joined }
}

function withoutInvisible(source: string): { text: string; segments: Segment[] } {
  const parts: string[] = []
  const segments: Segment[] = []
  let done = 0
  let length = 0
  const keep = (end: number): void => {
    if (end <= done) return
    parts.push(source.slice(done, end))
    segments.push({ text: { start: length, end: length + end - done }, source: { start: done, end }, verbatim: true })
    length += end - done
  }
  for (const match of source.matchAll(INVISIBLE)) {
    keep(match.index)
    done = match.index + match[0].length
  }
  keep(source.length)
  return { text: parts.join(''), segments }
}

/** Lines that hold something, without the white space around them. */
function linesOf(text: string): Line[] {
  const lines: Line[] = []
  let paragraphStart = true
  for (const { 0: line, index } of text.matchAll(/[^\n\r\v\f\u2028\u2029]*(?:\r\n|[\n\r\v\f\u2028\u2029]|$)/g)) {
    const value = line.trim()
    if (value !== '') {
      const start = index + line.length - line.trimStart().length
      lines.push({ start, end: start + value.length, value, paragraphStart })
    }
    paragraphStart = value === ''
  }
  // Where blank lines stand between nearly all lines they are double spacing, not paragraphs.
  const spaced = lines.filter(line => line.paragraphStart).length * 10 > lines.length * 6
  return spaced ? lines.map(line => ({ ...line, paragraphStart: false })) : lines
}

/** True where enough lines start or stop in the middle of a sentence. */
function isBroken(lines: readonly Line[]): boolean {
  let strong = 0
  let long = 0
  for (const { value } of lines) {
    if (CONTINUES.test(value) || UNFINISHED.test(value)) strong++
    if (value.length >= SENTENCE_LENGTH && !FINISHED.test(value)) long++
  }
  return (strong >= 3 && strong * 100 >= lines.length) || (long >= 5 && long * 3 >= lines.length)
}

/** Whether line `index` goes on in the next one; `block` is what its block holds so far. */
function goesOn(lines: readonly Line[], index: number, block: OpenBlock): boolean {
  const line = lines[index]!.value
  const next = lines[index + 1]!
  if (next.paragraphStart) return false
  if (CONTINUES.test(next.value)) return true
  if (block.inBrackets()) return true
  if (BARE_LABEL.test(block.opening())) return !opensLabel(lines, index + 1)
  if (NUMBER.test(next.value) && UNIT.test(lines[index + 2]?.value ?? '') && !/[。；！？]$/.test(line)) return true
  if (/\d$/.test(line) && UNIT.test(next.value)) return true
  if (opensLabel(lines, index + 1)) return false
  if (/^[（(]/.test(next.value)) return true
  if (UNFINISHED.test(line)) return true
  if (FINISHED.test(line)) return false
  if (/[a-zA-Z]$/.test(line) && /^[a-zA-Z]/.test(next.value)) return true
  return LEADING_ON.test(line) || block.isSentence()
}

/** Whether a clause label starts at line `index`, be it in pieces ("(" "一" ")"). */
function opensLabel(lines: readonly Line[], index: number): boolean {
  let opening = lines[index]!.value
  for (let later = index + 1; opening.length <= 4 && later < Math.min(index + 3, lines.length); later++) {
    opening += lines[later]!.value
  }
  return LABEL.test(opening)
}

const BRACKET = /[（(【《「“）)】》」”]/g

interface OpenBlock {
  add(value: string): void
  inBrackets(): boolean
  /** All of it while it is short enough to be a label in pieces ("(" "一" ")"), else "". */
  opening(): string
  /** Too long for a heading, or with a comma in it, and not running through a menu. */
  isSentence(): boolean
}

/** Follows the lines of one block. A bracket that stays open for long was never meant to close. */
function openBlock(): OpenBlock {
  const bracketLimit = 200
  let depth = 0
  let sinceBracket = 0
  let length = 0
  let comma = false
  let opening = ''
  let shortLines = 0
  return {
    add: value => {
      for (const [bracket] of value.matchAll(BRACKET)) {
        if ('（(【《「“'.includes(bracket)) {
          if (depth === 0) sinceBracket = 0
          depth++
        } else depth = Math.max(0, depth - 1)
      }
      sinceBracket += value.length
      length += value.length
      comma ||= /[，,；]/.test(value)
      shortLines = value.length < SHORT_LENGTH && !/[，,。；：:、（）()]/.test(value) ? shortLines + 1 : 0
      opening = length <= LABEL_LENGTH ? opening + value : ''
    },
    inBrackets: () => depth > 0 && sinceBracket < bracketLimit,
    opening: () => opening,
    isSentence: () => (comma || length >= SENTENCE_LENGTH) && shortLines < MAX_SHORT_LINES,
  }
}

/** How many lines from `index` on form a table: cells between "|" or tabs in each, two lines at least. */
function tableAt(lines: readonly Line[], index: number): number {
  let count = 0
  while (index + count < lines.length && isRow(lines[index + count]!)) count++
  return count > 1 ? count : 0
}

/** A tab behind a clause number only sets it off. */
function isRow(line: Line): boolean {
  const spans = cellSpans(line)
  if (spans.length < 2) return false
  const first = line.value.slice(spans[0]!.start - line.start, spans[0]!.end - line.start)
  return (
    spans.length > 2 ||
    line.value.startsWith('|') ||
    !(BARE_LABEL.test(first) || (LABEL.test(`${first} `) && first.length <= 8))
  )
}

function cellSpans({ value, start }: Line): Span[] {
  const piped = value.startsWith('|') && value.endsWith('|') && value.length > 1
  const separator = piped ? '|' : '\t'
  if (!value.includes(separator)) return []
  const spans: Span[] = []
  let at = 0
  for (const part of value.split(separator)) {
    const content = part.trim()
    const from = start + at + (content === '' ? 0 : part.indexOf(content))
    spans.push({ start: from, end: from + content.length })
    at += part.length + 1
  }
  return piped ? spans.slice(1, -1) : spans
}

function tableBlocks(lines: readonly Line[], table: number): Block[] {
  const rules = (line: Line): boolean => /^[|\s:-]+$/.test(line.value)
  const rows = lines.filter(line => !rules(line))
  const spans = rows.map(cellSpans)
  const grid = rows.map((row, index) =>
    spans[index]!.map(({ start, end }) => ({
      text: row.value.slice(start - row.start, end - row.start).slice(0, HEADER_LENGTH * 2),
      heading: false,
      colspan: 1,
      rowspan: 1,
    })),
  )
  const { headerRows, headers } = tableHeaders(grid, lines[1] && rules(lines[1]) ? 1 : 0)
  return rows.map(({ start, end }, index) => {
    // Cells that span rows leave no trace in text, so a shorter row can't be told where its cells belong.
    const aligned = spans[index]!.length === spans[0]!.length
    const cells: Cell[] = spans[index]!.map((span, cell) => ({
      span,
      header: aligned ? (headers[index]![cell] ?? null) : null,
    }))
    return { kind: 'row', span: { start, end }, depth: 0, cells, headerRow: index < headerRows, table }
  })
}
