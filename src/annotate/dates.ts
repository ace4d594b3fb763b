/** The dates a document states of itself: consultation, publication, effect. What it does not say stays null. */
import type { Parsed } from '../types.js'
import { normalise } from './normalise.js'

/** ISO dates (yyyy-mm-dd). */
export interface DocumentDates {
  readonly consultation: { readonly from: string; readonly to: string } | null
  readonly published: string | null
  readonly effective: string | null
}

// Templates fill their dates in between 【 】.
const DATE = '【?(\\d{4})】?[年./-]【?(\\d{1,2})】?[月./-]【?(\\d{1,2})】?日?'
const TO = '(?:至|到|-|—|–|~|～|－)+'
const SHORT = '(?:【?(\\d{4})】?[年./-])?【?(\\d{1,2})】?[月./-]【?(\\d{1,2})】?日?'
const CONSULT = '(?:公开)?(?:意见征集|征求意见|征集意见)'
const FORCE = '(?:生效|施行|实施|执行)'
/** Days on which a text says it is made public; 首次发布 and the like are the history of older wordings. */
const PUBLISHED = [
  `(?:发布|公布|公示)(?:日期|时间)[：为是]{1,2}${DATE}`,
  `[于自]${DATE}(?:起|开始)*(?:正式)?(?:进行)?(?:规则)?(?:公示|公布)`,
]
const EFFECTIVE = [
  `(?:生效|施行|实施)(?:日期|时间)[：为是]{1,2}${DATE}`,
  `(?:自|于)${DATE}(?:起|零时|0时)*(?:正式|最新|修订|变更|调整|更新|并)*${FORCE}`,
  `${DATE}(?:起|零时|0时)*正式${FORCE}`,
]

const iso = (year: string | undefined, month: string | undefined, day: string | undefined): string | null => {
  const value = `${year ?? ''}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`
  const time = Date.parse(`${value}T00:00:00Z`)
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value ? null : value
}

/** Whole days from one ISO date to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

/** Front matter and configuration first, then the text's own words. */
export function documentDates(parsed: Parsed): DocumentDates {
  const { frontMatter, text } = parsed.document
  const stated = (keys: readonly string[]): string | null => {
    for (const key of keys) {
      const value = frontMatter[key]
      const found =
        value === undefined || value === null
          ? null
          : new RegExp(DATE).exec(value instanceof Date ? value.toISOString() : String(value))
      if (found !== null) return iso(found[1], found[2], found[3])
    }
    return null
  }
  const words = normalise(text, { start: 0, end: Math.min(text.length, 200_000) }).text
  const all = (patterns: readonly string[]): string[] =>
    patterns
      .flatMap(pattern => [...words.matchAll(new RegExp(pattern, 'g'))])
      .sort((a, b) => a.index - b.index)
      .flatMap(m => iso(m[1], m[2], m[3]) ?? [])
  const range = (pattern: string): { from: string; to: string } | null => {
    const m = new RegExp(pattern).exec(words)
    if (m === null) return null
    const from = iso(m[1], m[2], m[3])
    const to = iso(m[4] ?? m[1], m[5], m[6])
    return from === null || to === null ? null : { from, to }
  }
  const publicity = range(`公示(?:期|时间|日期)(?:限|间)?[：为是]{0,2}(?:自|从)?${DATE}${TO}${SHORT}`)
  const published =
    stated(['published', 'publishDate', 'publish_date']) ?? publicity?.from ?? all(PUBLISHED).sort().at(-1) ?? null
  // A text tells the dates of older wordings too: the one that was published takes effect after that day. An
  // announcement says so before the wording that it encloses.
  const dates = all(EFFECTIVE)
  const effective =
    stated(['effective', 'effectiveDate', 'effective_date']) ??
    dates.find(date => published !== null && date >= published) ??
    dates.sort().at(-1) ??
    null
  return {
    consultation:
      statedRange(frontMatter.consultation) ??
      range(`${CONSULT}(?:期|时间|日期)(?:限|间)?内?[：为是（]{0,2}(?:自|从)?${DATE}${TO}${SHORT}`) ??
      range(`[于自]${DATE}${TO}${SHORT}(?:期间)?(?:进行|开展)?(?:了)?${CONSULT}`),
    published,
    effective,
  }
}

/** `{ from, to }` of front matter or configuration. */
function statedRange(said: unknown): { from: string; to: string } | null {
  if (said === null || typeof said !== 'object') return null
  const read = (value: unknown): string | null => {
    const m = new RegExp(DATE).exec(value instanceof Date ? value.toISOString() : String(value ?? ''))
    return m === null ? null : iso(m[1], m[2], m[3])
  }
  const { from, to } = said as { from?: unknown; to?: unknown }
  const [first, last] = [read(from), read(to)]
  return first === null || last === null ? null : { from: first, to: last }
}
