/** Duties that dates show: seven or fifteen days of publication (办法12), consultation (10), a date on the document. */
import type { Annotated } from '../annotate/index.js'
import { type DocumentDates, daysBetween, documentDates } from '../annotate/dates.js'
import type { Rule } from '../rules/types.js'
import type { Text } from '../types.js'
import type { Breach } from './breach.js'
import { spanOf } from './place.js'
import type { Profile } from './profile.js'

type Judge = (rule: Rule, annotated: Annotated, profile: Profile) => Breach[]

/** A finding about the whole document stands at the sentence that states the date, else at the first one. */
function about(
  rule: Rule,
  annotated: Annotated,
  date: string | null,
  fill: Readonly<Record<string, string>>,
  message?: Text,
): Breach[] {
  const [year, month, day] = (date ?? '').split('-').map(x => Number(x))
  const pattern = date === null ? null : new RegExp(`${year}[年./-]【?0?${month}】?[月./-]【?0?${day}】?日?`)
  for (const unit of annotated.units) {
    const match = pattern?.exec(unit.text)
    const span = match === null || match === undefined ? null : spanOf(unit, match.index, match.index + match[0].length)
    if (span !== null)
      return [{ rule, unit, span, confidence: rule.confidence, fill, ...(message !== undefined && { message }) }]
  }
  const [unit] = annotated.units
  return unit === undefined
    ? []
    : [
        {
          rule,
          unit,
          span: unit.sentence.span,
          confidence: rule.confidence,
          fill,
          ...(message !== undefined && { message }),
        },
      ]
}

const FIFTEEN: Text = {
  zh: '公示 {days} 天（{published} 至 {effective}）：用户数量巨大的平台修改较多或者关系重要权益的内容，应当公示至少十五日。',
  en: 'Published {days} days ahead ({published} to {effective}): a platform with a huge number of users needs fifteen for major changes.',
}

const noticePeriod: Judge = (rule, annotated, profile) => {
  const { published, effective } = documentDates(annotated.parsed)
  if (published === null || effective === null) return []
  const days = daysBetween(published, effective)
  const fill = { days: String(days), published, effective }
  if (days < 0) return []
  if (days < 7) return about(rule, annotated, effective, fill)
  return profile.huge && days < 15 ? about({ ...rule, severity: 'warning' }, annotated, effective, fill, FIFTEEN) : []
}

const EARLY: Text = {
  zh: '定稿在 {published} 公布，早于征求意见截止日 {to}：意见还没有收齐就定稿，征求意见流于形式。',
  en: 'The final text was published on {published}, before the consultation ended on {to}.',
}

const shortConsultation: Judge = (rule, annotated) => {
  const { consultation, published }: DocumentDates = documentDates(annotated.parsed)
  if (consultation === null) return []
  // Both days count: 1–7 June is seven days.
  const days = daysBetween(consultation.from, consultation.to) + 1
  const fill = { days: String(days), from: consultation.from, to: consultation.to, published: published ?? '' }
  if (published !== null && published >= consultation.from && published < consultation.to)
    return about(rule, annotated, published, fill, EARLY)
  return days >= 1 && days < 7 ? about(rule, annotated, consultation.from, fill) : []
}

const ANY_DATE = /(?:19|20)\d{2}[年./-]【?\d{1,2}|版本(?:号)?[：:]?\s*v?\d|v\d+\.\d/

const unmarkedVersion: Judge = (rule, annotated) => {
  const { document } = annotated.parsed
  if (
    annotated.units.length < 12 ||
    Object.keys(document.frontMatter).some(k => /date|version|effective|published/i.test(k))
  )
    return []
  return annotated.units.some(u => ANY_DATE.test(u.text)) || ANY_DATE.test(document.declaredTitle ?? '')
    ? []
    : about(rule, annotated, null, {})
}

/** Code-judged rules that need dates. */
export const procedureJudges: Readonly<Record<string, Judge>> = {
  'notice-period': noticePeriod,
  'short-consultation': shortConsultation,
  'unmarked-version': unmarkedVersion,
}
