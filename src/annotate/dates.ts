/** The dates a document states of itself: consultation, publication, effect. What it does not say stays null. */
import type { Parsed } from '../types.js'
import { normalise } from './normalise.js'

/** ISO dates (yyyy-mm-dd). */
export interface DocumentDates {
  readonly consultation: { readonly from: string; readonly to: string } | null
  readonly published: string | null
  readonly effective: string | null
}

const DATE = '(\\d{4})[年./-]【?(\\d{1,2})】?[月./-]【?(\\d{1,2})】?日?'
const TO = '(?:至|到|-|—|–|~|～|－)+'
const SHORT = '(?:(\\d{4})[年./-])?【?(\\d{1,2})】?[月./-]【?(\\d{1,2})】?日?'

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
  const one = (pattern: string): string | null => {
    const m = new RegExp(pattern).exec(words)
    return m === null ? null : iso(m[1], m[2], m[3])
  }
  const range = (pattern: string): { from: string; to: string } | null => {
    const m = new RegExp(`${pattern}[：为是]{0,2}(?:自|从)?${DATE}${TO}${SHORT}`).exec(words)
    if (m === null) return null
    const from = iso(m[1], m[2], m[3])
    const to = iso(m[4] ?? m[1], m[5], m[6])
    return from === null || to === null ? null : { from, to }
  }
  const said = frontMatter.consultation as { from?: unknown; to?: unknown } | null | undefined
  const from =
    said !== null && typeof said === 'object'
      ? new RegExp(DATE).exec(said.from instanceof Date ? said.from.toISOString() : String(said.from))
      : null
  const to =
    said !== null && typeof said === 'object'
      ? new RegExp(DATE).exec(said.to instanceof Date ? said.to.toISOString() : String(said.to))
      : null
  const fromIso = from === null ? null : iso(from[1], from[2], from[3])
  const toIso = to === null ? null : iso(to[1], to[2], to[3])
  const publicity = range('公示(?:期|时间|日期)(?:限|间)?')
  return {
    consultation:
      fromIso !== null && toIso !== null
        ? { from: fromIso, to: toIso }
        : range('(?:意见征集|征求意见|征集)(?:期|时间|日期)(?:限|间)?'),
    published:
      stated(['published', 'publishDate', 'publish_date']) ??
      publicity?.from ??
      one(`(?:发布|公布|公示)(?:日期|时间)[：为是]{1,2}${DATE}`),
    effective:
      stated(['effective', 'effectiveDate', 'effective_date']) ??
      one(`(?:生效|施行|实施)(?:日期|时间)[：为是]{1,2}${DATE}`) ??
      one(`(?:自|于|将于|预计于)${DATE}(?:起|零时|0时)?(?:正式)?(?:生效|施行|实施)`),
  }
}
