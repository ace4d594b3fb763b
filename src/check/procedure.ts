/** Duties that dates show: seven or fifteen days of publication (办法12), consultation (10), a date on the document. */
import type { Annotated } from '../annotate/index.js'
import { type DocumentDates, daysBetween, documentDates } from '../annotate/dates.js'
import type { Rule } from '../rules/types.js'
import type { Text } from '../types.js'
import type { Breach } from './breach.js'
import { spanOf } from './place.js'
import type { Profile } from './profile.js'

type Judge = (rule: Rule, annotated: Annotated, profile: Pick<Profile, 'huge'>) => Breach[]

/** A finding about the whole document stands at the sentence that states the date, else at the first one. */
export function about(
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

const BACKWARDS: Text = {
  zh: '写明的生效日 {effective} 早于公示的第一天 {published}：照所写日期没有公示期，多半是年份或者日期写错，应当更正。',
  en: 'The stated effective date {effective} lies before the first day of publication {published}: as written there was no publication period; a date is probably mistyped.',
}

/** The Measures apply from this day on; before it only changes of rules had to be published in time (电商法34). */
export const MEASURES = '2026-02-01'
const ECOMMERCE_LAW = '2019-01-01'
const CHANGED = /修订|修改|变更|调整|更新|新版/

const noticePeriod: Judge = (rule, annotated, profile) => {
  const { published, effective } = documentDates(annotated.parsed)
  if (published === null || effective === null || published < ECOMMERCE_LAW) return []
  if (published < MEASURES && effective < MEASURES && !CHANGED.test(annotated.parsed.document.text.slice(0, 4000)))
    return []
  const days = daysBetween(published, effective)
  const fill = { days: String(days), published, effective }
  if (days < 0) return about(rule, annotated, effective, fill, BACKWARDS)
  // Which services the E-Commerce Law binds cannot be seen from a text.
  if (days < 7)
    return about(effective < MEASURES ? { ...rule, confidence: 'medium' } : rule, annotated, effective, fill)
  return profile.huge && effective >= MEASURES && days < 15
    ? about({ ...rule, severity: 'warning' }, annotated, effective, fill, FIFTEEN)
    : []
}

const EARLY: Text = {
  zh: '定稿在 {published} 公布，早于征求意见截止日 {to}：意见还没有收齐就定稿，征求意见流于形式。',
  en: 'The final text was published on {published}, before the consultation ended on {to}.',
}

const AT_MOST: Text = {
  zh: '征求意见自 {from} 开始，{published} 已经公示定稿，最多 {days} 天，各方来不及充分表达意见。',
  en: 'Consultation began on {from} and the final text was published on {published}: {days} days at most.',
}

/** Changes that a law or an authority asks for at once (程序规定8). */
const URGENT = /(?:主管|监管|有关)部门的?(?:紧急)?要求|紧急(?:制定|修订|修改|调整)/

const shortConsultation: Judge = (rule, annotated) => {
  const { consultation, published }: DocumentDates = documentDates(annotated.parsed)
  if (consultation === null || URGENT.test(annotated.parsed.document.text.slice(0, 4000))) return []
  const { from } = consultation
  // Where the end is not said, the text that was published ends it.
  const to = consultation.to ?? published
  if (from === null || to === null) return []
  // Both days count: 1–7 June is seven days. The day of publication is no day of consultation.
  const days = daysBetween(from, to) + (consultation.to === null ? 0 : 1)
  const fill = { days: String(days), from, to, published: published ?? '' }
  if (published !== null && published >= from && consultation.to !== null && published < consultation.to)
    return about(rule, annotated, published, fill, EARLY)
  if (days < 1 || days >= 7) return []
  return about(rule, annotated, from, fill, consultation.to === null ? AT_MOST : undefined)
}

const ANY_DATE =
  /(?:19|20)\d{2}】?[年./-]【?\d{1,2}|二[〇零][〇零一二三四五六七八九]{2}年|20\d{6}|版本(?:号)?[：:]?[v【]*\d|v\d+\.\d/
/** Titles of texts that bind; excerpts, questions and answers and the like need no version of their own. */
const BINDING = /协议|规则|规范|条款|政策|公约|细则|办法|准则|标准|制度|章程|须知|声明|合同|公告|協議|規則|條款/

const unmarkedVersion: Judge = (rule, annotated) => {
  const { document, title } = annotated.parsed
  if (annotated.units.length < (rule.options.sentences ?? 12) || !BINDING.test(title ?? '')) return []
  if (Object.keys(document.frontMatter).some(k => /date|version|effective|published/i.test(k))) return []
  const shown = [document.declaredTitle ?? '', title ?? '', document.path, ...annotated.units.map(u => u.text)]
  return shown.some(text => ANY_DATE.test(text)) ? [] : about(rule, annotated, null, {})
}

/** Code-judged rules that need dates. */
export const procedureJudges: Readonly<Record<string, Judge>> = {
  'notice-period': noticePeriod,
  'short-consultation': shortConsultation,
  'unmarked-version': unmarkedVersion,
}
