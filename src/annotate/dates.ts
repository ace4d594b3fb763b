/** The dates a document states of itself: consultation, publication, effect. What it does not say stays null. */
import type { Parsed } from '../types.js'
import { dayFrom } from '../text/day.js'
import { openingWords } from './normalise.js'

/** ISO days (yyyy-mm-dd), as stated: nobody checks here that they follow each other. */
export interface DocumentDates {
  /** An end that is not stated is null ("已于5月15日完成意见征集" states only the end); never both. */
  readonly consultation: { readonly from: string | null; readonly to: string | null } | null
  readonly published: string | null
  /** Last day of the stated period of publication. */
  readonly publicityEnds: string | null
  readonly effective: string | null
}

// Templates fill their dates in between 【 】.
const DATE = '【?(\\d{4})】?[年./-]【?(\\d{1,2})】?[月./-]【?(\\d{1,2})】?日?'
const TO = '(?:起)?(?:至|到|-|—|–|~|～|－)+'
/** The end of a range, which may leave out what the beginning has said: year, month. */
const SHORT = '(?:(?:【?(\\d{4})】?[年./-])?【?(\\d{1,2})】?[月./-])?【?(\\d{1,2})】?(?![\\d年月./-])日?'
const CONSULT = '(?:公开)?(?:意见征集|征求意见|征集意见|征求公众意见|意见征求)'
const FORCE = '(?:生效|施行|实施|执行)'
/** Days on which a text says it is made public; 首次发布 and the like are the history of older wordings. */
const PUBLISHED = [
  `(?:发布|公布|公示)(?:日期|时间)[：为是]{1,2}${DATE}`,
  `[于自]${DATE}(?:起|开始)*(?:正式)?(?:进行|予以)?(?:规则)?(?:公示|公布)`,
]
const EFFECTIVE = [
  `(?:生效|施行|实施)(?:日期|时间)[：为是]{1,2}${DATE}`,
  `(?:自|于|从)${DATE}(?:起|零时|0时|00:00)*(?:正式|最新|修订|变更|调整|更新|全面|逐步|陆续|并)*${FORCE}`,
  `${DATE}(?:起|零时|0时|00:00)*(?:正式|全面|最新|修订|修改|变更|更新)+${FORCE}`,
]
/** The day that an announcement gives for what it announces. */
const PLANNED = [`(?:预计|拟|拟定|计划|将|定)(?:自|于|从)?${DATE}(?:起|零时|0时|00:00)*(?:正式|全面|逐步)*${FORCE}`]
/** The same day without its year: "公示期：2026年6月11日-2026年6月17日，预计于6月18日生效". */
const PLANNED_SHORT = `(?:预计|拟|拟定|计划|将|定)(?:自|于|从)?【?(\\d{1,2})】?月【?(\\d{1,2})】?日(?:起|零时|0时|00:00)*(?:正式|全面|逐步)*${FORCE}`
/** Where an announcement ends and the rule that it announces begins. */
const BODY = /(?:规则|规范|细则|协议)?(?:正文|全文)(?:内容)?(?:如下)?[：:]|第一[章条]|核心变[化更]/
const HEAD = 800

/** Whole days from one ISO date to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

const known = new WeakMap<Parsed, DocumentDates>()

/** The dates of a document, read once: front matter and configuration first, then the text's own words. */
export function documentDates(parsed: Parsed): DocumentDates {
  const dates = known.get(parsed) ?? readDates(parsed)
  known.set(parsed, dates)
  return dates
}

function readDates(parsed: Parsed): DocumentDates {
  const { frontMatter } = parsed.document
  const stated = (keys: readonly string[]): string | null => {
    for (const key of keys) {
      const value = frontMatter[key]
      const found =
        value === undefined || value === null
          ? null
          : new RegExp(DATE).exec(value instanceof Date ? value.toISOString() : String(value))
      if (found !== null) return dayFrom(found[1], found[2], found[3])
    }
    return null
  }
  const words = openingWords(parsed.document)
  const all = (patterns: readonly string[], text = words): string[] =>
    patterns
      .flatMap(pattern => [...text.matchAll(new RegExp(pattern, 'g'))])
      .sort((a, b) => a.index - b.index)
      .flatMap(m => dayFrom(m[1], m[2], m[3]) ?? [])
  const range = (pattern: string): { from: string; to: string | null } | null => {
    const m = new RegExp(pattern).exec(words)
    if (m === null) return null
    const from = dayFrom(m[1], m[2], m[3])
    return from === null ? null : { from, to: dayFrom(m[4] ?? m[1], m[5] ?? m[2], m[6]) }
  }
  const open =
    statedRange(frontMatter.consultation) ??
    range(`${CONSULT}(?:期|时间|日期)(?:限|间)?内?[：为是（]{0,2}(?:自|从)?${DATE}(?:${TO}${SHORT})?`) ??
    range(`[于自]${DATE}${TO}${SHORT}(?:期间)?(?:进行|开展|完成)?(?:了)?${CONSULT}`)
  const begun = range(`[于自从]${DATE}(?:起|开始)*(?:进行|开展|发起|启动|开始)(?:了)?(?:公开)?(?:规则)?${CONSULT}`)
  const done = range(`[于自]${DATE}(?:完成|结束)(?:了)?(?:规则)?${CONSULT}`)
  const consultation =
    open ?? (begun !== null ? { from: begun.from, to: null } : done !== null ? { from: null, to: done.from } : null)

  const publicity = range(`公示(?:期|时间|日期)(?:限|间)?(?:内)?[：为是（]{0,2}(?:自|从)?${DATE}(?:${TO}${SHORT})?`)
  const published =
    stated(['published', 'publishDate', 'publish_date']) ?? publicity?.from ?? all(PUBLISHED).sort().at(-1) ?? null
  const begins = BODY.exec(words)?.index ?? 0
  const head = words.slice(0, begins > 0 ? Math.min(begins, HEAD) : HEAD)
  const announced = [...all(PLANNED, head), ...planned(head, publicity?.to ?? published)]
  const dates = all(EFFECTIVE)
  // A text tells the dates of its older wordings too. An announcement says when the new one is to take effect before it
  // gives the rule; else it is the first day that is not past when the text is published or consulted on.
  const effective =
    stated(['effective', 'effectiveDate', 'effective_date']) ??
    (published !== null
      ? (announced.at(-1) ?? dates.find(date => date >= published) ?? null)
      : consultation !== null
        ? (dates.find(date => date > (consultation.to ?? consultation.from ?? '')) ?? null)
        : (dates.sort().at(-1) ?? null))
  return { consultation, published, publicityEnds: publicity?.to ?? null, effective }
}

/** Days that the notice gives without their year: the first such days from `after` on. */
function planned(head: string, after: string | null): string[] {
  if (after === null) return []
  const year = Number(after.slice(0, 4))
  return [...head.matchAll(new RegExp(PLANNED_SHORT, 'g'))].flatMap(m => {
    const day = dayFrom(String(year), m[1], m[2])
    return day !== null && day < after ? (dayFrom(String(year + 1), m[1], m[2]) ?? []) : (day ?? [])
  })
}

/** `{ from, to }` of front matter or configuration. */
function statedRange(said: unknown): { from: string | null; to: string | null } | null {
  if (said === null || typeof said !== 'object') return null
  const read = (value: unknown): string | null => {
    const m = new RegExp(DATE).exec(value instanceof Date ? value.toISOString() : String(value ?? ''))
    return m === null ? null : dayFrom(m[1], m[2], m[3])
  }
  const { from, to } = said as { from?: unknown; to?: unknown }
  const [first, last] = [read(from), read(to)]
  return first === null && last === null ? null : { from: first, to: last }
}
