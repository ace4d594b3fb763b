/** Duties that only several versions show: consultation before publication (办法10), transition (13), history kept (15). */
import type { Annotated } from '../annotate/index.js'
import { daysBetween } from '../annotate/dates.js'
import type { Breach } from '../check/breach.js'
import { about, MEASURES } from '../check/procedure.js'
import type { Rule } from '../rules/types.js'
import type { Lang, Text } from '../types.js'
import type { Announcement, HistoryVersion } from './types.js'

/** Ids of rules about how rules are made: `history` reports them of a series, not of a step. */
export const PROCEDURE: ReadonlySet<string> = new Set([
  'notice-period',
  'short-consultation',
  'missing-consultation',
  'consultation-record',
  'missing-transition',
  'version-history',
])

const LATE: Text = {
  zh: '{published} 公示，这组文件里最早的征求意见自 {from} 才开始：看不到公示之前征求过意见。',
  en: 'Published on {published}; the earliest consultation in these documents began only on {from}: none before publication is to be seen.',
}
const ABSENT: Text = {
  zh: '文中写明的旧版本（{dates} 生效）不在这组版本里：最新版本生效之日前三年的版本应当全部保存、可以阅览和下载。',
  en: 'The text speaks of versions in force from {dates} that are not among these: all versions of the three years before the newest took effect have to be kept, readable and downloadable.',
}
const ABRUPT: Text = {
  zh: '本次修改可能重大影响权益（{changes}），{effective} 生效，文中没有过渡安排。',
  en: 'This change may weigh on important rights ({changes}); it takes effect on {effective} and the text grants no transition.',
}

/** Words by which a text arranges for what was begun under the old rule. */
const TRANSITION =
  /过渡|缓冲期|宽限期|适应期|整改期|新老划断|适用(?:当时|修改前|修订前|变更前|原|旧)|(?:存量|已签约|已入驻|已支付|已下单|生效前)[^。；]{0,30}(?:适用|继续|按照|不受|执行)|逐步生效|分批|试运行/

/** A publication that was consulted on only afterwards; `all` are the versions of the series up to now. */
export function lateConsultation(
  rule: Rule,
  annotated: Annotated,
  said: Announcement,
  all: readonly HistoryVersion[],
): Breach[] {
  const { published } = said
  if (said.stage !== 'publication' || published === null) return []
  const begun = [said, ...all]
    .flatMap(v => v.consultation?.from ?? v.consultation?.to ?? [])
    // What was consulted on long before or long after was another change.
    .filter(day => Math.abs(daysBetween(day, published)) <= 120)
    .sort()
  const from = begun[0]
  return from !== undefined && from > published ? about(rule, annotated, published, { published, from }, LATE) : []
}

/** `changes` are short words for what weighs on rights; empty: nothing does. */
export function abruptChange(
  rule: Rule,
  annotated: Annotated,
  said: Announcement,
  changes: readonly string[],
  lang: Lang,
): Breach[] {
  if (changes.length === 0 || said.effective === null || said.stage !== 'publication') return []
  if (said.effective < MEASURES) return []
  if (TRANSITION.test(annotated.parsed.document.text)) return []
  const words = changes.slice(0, 2).join(lang === 'zh' ? '；' : '; ')
  return about(rule, annotated, said.effective, { changes: words, effective: said.effective }, ABRUPT)
}

const FORMER =
  /(\d{4})年(\d{1,2})月(\d{1,2})日(?:起|首次|最新|最近|第.{1,3}次|正式|修订|修改|变更|发布|更新|并|及|、|，)*(?:生效|施行|实施|执行)(?!日|时间)/g
const YEARS = 3

/**
 * Days on which, as the text says, older versions took effect that none of `all` is. Only where the series holds texts in
 * force: a folder of announcements does not claim to be the platform's archive.
 */
export function absentVersions(
  rule: Rule,
  annotated: Annotated,
  newest: HistoryVersion,
  all: readonly HistoryVersion[],
): Breach[] {
  const { effective } = newest
  const kept = all.filter(v => v !== newest && (v.stage === 'in-force' || v.stage === 'repealed'))
  if (effective === null || kept.length === 0) return []
  const since = `${Number(effective.slice(0, 4)) - YEARS}${effective.slice(4)}`
  const text = annotated.parsed.document.text.replace(/\s+/g, '')
  const said = [...text.matchAll(FORMER)].map(
    m => `${m[1]}-${(m[2] ?? '').padStart(2, '0')}-${(m[3] ?? '').padStart(2, '0')}`,
  )
  const absent = [...new Set(said)]
    .filter(day => day >= since && day < effective && !all.some(v => v.effective === day || holds(v, day, effective)))
    .sort()
  return absent.length === 0 ? [] : about(rule, annotated, absent[0] ?? null, { dates: absent.join('、') }, ABSENT)
}

/** Whether a version without a stated day was seen while the one of `day` was in force. */
const holds = (v: HistoryVersion, day: string, next: string): boolean =>
  v.effective === null &&
  v.stage !== 'consultation' &&
  v.stage !== 'publication' &&
  v.seen !== null &&
  v.seen >= day &&
  v.seen < next
