/** Material clauses without emphasis of their own (办法8(2)): the words are found by the rule, the marks by the reader. */
import type { Annotated, Unit } from '../annotate/index.js'
import type { Rule } from '../rules/types.js'
import type { Mark, Span, Text } from '../types.js'
import type { Breach } from './breach.js'
import type { Bench } from './judge.js'
import { spanOf } from './place.js'

/** Above this share of marked characters a document singles nothing out. Our line, not the law's; the message says so. */
export const SATURATED = 0.6
/** A sentence counts as emphasised when this share of it, or all of the words that make it material, is marked. */
const ENOUGH = 0.5

const SATURATED_MESSAGE: Text = {
  zh: '全文有 {share}% 的文字加粗或者突出显示，“{evidence}”因此并不显著；超过 60% 即视为没有突出（本工具的标准）。',
  en: '{share}% of the document is emphasised, so nothing stands out, “{evidence}” included (60% is our own line).',
}
const PROMISED_MESSAGE: Text = {
  zh: '本文称重要条款已加粗或者以下划线提示，但全文没有任何突出显示，“{evidence}”也没有。',
  en: 'The text says that key clauses are in bold or underlined, yet nothing is; “{evidence}” is not either.',
}
const PROMISE = /(?:加粗|黑体|粗体|下划线|斜体|加黑|标红|突出显示|显著(?:方式|标识|字体))/

/** Emphasis of one document, measured once. */
export interface Emphasis {
  readonly known: boolean
  /** 0–1, of all characters that are not white space. */
  readonly share: number
  readonly promised: boolean
  /** 0–1 within a span of `Document.text`. */
  within(span: Span): number
}

export function emphasisOf(annotated: Pick<Annotated, 'parsed'>): Emphasis {
  const { document } = annotated.parsed
  const { text, marks } = document
  const marked = new Uint8Array(text.length)
  for (const { span } of marks as readonly Mark[]) marked.fill(1, span.start, span.end)
  const headings = document.blocks.filter(b => b.kind === 'heading').map(b => b.span)
  // What stands in a heading stands out.
  for (const { start, end } of headings) marked.fill(1, start, end)
  const body = (i: number): boolean => isLetter(text.charCodeAt(i))
  let all = 0
  let bold = 0
  let next = 0
  for (let i = 0; i < text.length; i++) {
    while ((headings[next]?.end ?? Number.POSITIVE_INFINITY) <= i) next++
    const inHeading = (headings[next]?.start ?? Number.POSITIVE_INFINITY) <= i
    if (inHeading || !body(i)) continue
    all++
    if (marked[i] === 1) bold++
  }
  return {
    known: document.emphasis === 'known',
    share: all === 0 ? 0 : bold / all,
    promised: PROMISE.test(text.slice(0, 6000)),
    within(span) {
      let size = 0
      let hits = 0
      for (let i = span.start; i < span.end; i++) {
        if (!body(i)) continue
        size++
        if (marked[i] === 1) hits++
      }
      return size === 0 ? 0 : hits / size
    },
  }
}

/** Letters, digits and Chinese characters: punctuation and white space carry no emphasis. */
const isLetter = (code: number): boolean =>
  (code >= 0x4e00 && code <= 0x9fff) ||
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a)

/**
 * At most one breach a clause (or table) and rule: its first material sentence without emphasis; all of them where
 * `every` is set.
 */
export function judgeEmphasis(rule: Rule, bench: Bench, emphasis: Emphasis, every = false): Breach[] {
  if (!emphasis.known) return []
  const { annotated } = bench
  const saturated = emphasis.share > SATURATED
  const seen = new Set<string>()
  const breaches: Breach[] = []
  for (const verdict of bench.verdicts(rule)) {
    const { unit } = verdict
    const span = spanOf(unit, verdict.start, verdict.end)
    const table = annotated.parsed.document.blocks[unit.sentence.block]?.table
    const place = table === undefined ? `clause ${unit.scope}` : `table ${table}`
    if (span === null || (seen.has(place) && !every)) continue
    if (saturated ? emphasis.within(unit.sentence.span) === 0 : stands(unit, span, annotated, emphasis)) continue
    seen.add(place)
    const message = saturated
      ? SATURATED_MESSAGE
      : emphasis.promised && emphasis.share < 0.005
        ? PROMISED_MESSAGE
        : undefined
    breaches.push({
      rule,
      span,
      unit,
      confidence: verdict.confidence,
      fill: { share: String(Math.round(emphasis.share * 100)) },
      ...(message !== undefined && { message }),
    })
    // One finding tells it all where everything is bold.
    if (saturated && !every) break
  }
  return breaches
}

/** The sentence, its material words, or most of its clause stand out. */
function stands(unit: Unit, span: Span, annotated: Annotated, emphasis: Emphasis): boolean {
  if (emphasis.within(unit.sentence.span) >= ENOUGH || emphasis.within(span) >= 0.99) return true
  const shares = (annotated.scopes[unit.scope] ?? []).flatMap(i => {
    const sentence = annotated.units[i]?.sentence
    return sentence === undefined || sentence.kind === 'heading' ? [] : [emphasis.within(sentence.span)]
  })
  return shares.length > 0 && shares.filter(share => share >= ENOUGH).length > shares.length / 2
}
