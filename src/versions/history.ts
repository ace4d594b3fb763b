/** Follows one rule through its versions: what each says of itself, what every step changed, where procedure failed. */
import type { Annotated } from '../annotate/index.js'
import { daysBetween } from '../annotate/dates.js'
import { recheckerFor } from '../check/incremental.js'
import type { CheckOptions } from '../check/index.js'
import type { Breach } from '../check/breach.js'
import { placer } from '../check/place.js'
import type { Rule } from '../rules/types.js'
import type { Document, Finding, Notice } from '../types.js'
import { dayFrom } from '../text/day.js'
import { announcement } from './announce.js'
import { findingChanges, inBody, within } from './compare.js'
import { compare } from './diff.js'
import { explainer, needs } from './explain.js'
import { abruptChange, absentVersions, lateConsultation, PROCEDURE } from './procedure.js'
import type { Announcement, HistoryStep, HistoryVersion, Series } from './types.js'

export interface Follower {
  /** The next version, in order of time. `seen` is the ISO day on which it was found, null where nobody knows. */
  readonly add: (document: Document, seen: string | null) => void
  /** `name` stands where no version says what the rule is called. */
  readonly done: (name: string) => { readonly series: Series; readonly notices: readonly Notice[] }
}

interface Read {
  readonly annotated: Annotated
  readonly said: Announcement
  readonly version: HistoryVersion
  readonly findings: readonly Finding[]
}

/** Notices of one document that say nothing about a history. */
const OF_NO_USE = new Set(['rule-set-not-judged', 'emphasis-unknown', 'external-styles'])

/** Follows one series; holds two versions at a time, whatever their number. Versions are to come oldest first. */
export function follow(options: CheckOptions): Follower {
  const { lang = 'zh' } = options
  const versions: HistoryVersion[] = []
  const steps: HistoryStep[] = []
  const findings: Finding[] = []
  const notices: Notice[] = []
  let last: Read | undefined
  let title: string | null = null
  let weighty: readonly string[] = []

  const recheck = recheckerFor(options)
  const severities = (path: string) => options.settingsFor?.(path).severities ?? options.severities ?? {}
  const rule = (id: string, path: string): Rule | undefined => {
    const { only, skip = [] } = options
    const on = (only?.includes(id) ?? true) && !skip.includes(id) && severities(path)[id] !== 'off'
    return on ? options.rules.get(id) : undefined
  }
  const place = (read: Read, breaches: readonly Breach[]): Finding[] => {
    const chosen = severities(read.version.path)
    const { place: at } = placer(read.annotated, lang, r => {
      const said = chosen[r.id]
      return said === undefined || said === 'off' ? r.severity : said
    })
    return breaches.map(at)
  }
  /** Judges by what the series shows; what the version's own words show already stays as it is. */
  const judge = (
    id: 'missing-consultation' | 'missing-transition' | 'version-history',
    read: Read,
    breaches: (found: Rule) => Breach[],
  ): void => {
    const found = rule(id, read.version.path)
    if (found === undefined || findings.some(f => f.ruleId === id && f.path === read.version.path)) return
    findings.push(...place(read, breaches({ ...found, confidence: 'medium' })))
  }

  return {
    add: (document, seen) => {
      const result = recheck(document)
      const { annotated } = result
      const said = announcement(annotated, seen)
      const { stage, consultation, published, publicityEnds, effective } = said
      const version: HistoryVersion = {
        path: document.path,
        stage,
        seen,
        consultation,
        published,
        publicityEnds,
        effective,
        noticeDays: published === null || effective === null ? null : daysBetween(published, effective),
        sha256: document.sha256,
      }
      const read: Read = { annotated, said, version, findings: inBody(result.findings, document, said) }
      notices.push(...result.notices.filter(n => !OF_NO_USE.has(n.code)), ...contradictions(document, said, lang))
      findings.push(...result.findings.filter(f => PROCEDURE.has(f.ruleId)))
      judge('missing-consultation', read, r => lateConsultation(r, annotated, said, versions))
      if (last !== undefined) {
        const { changes, summary } = compare(last.annotated.parsed, annotated.parsed, {
          oldWithin: within(last.said),
          newWithin: within(said),
          explain: explainer(last.annotated, annotated, lang),
        })
        const found = findingChanges(last.findings, read.findings, changes)
        steps.push({
          from: versions.length - 1,
          to: versions.length,
          summary,
          findings: { introduced: found.introduced, fixed: found.fixed, carried: found.carried.length },
        })
        // What was consulted on weighs when it is published; what a publication has answered for weighs no more.
        if (last.said.stage !== 'consultation') weighty = []
        if (needs(changes, lang).transition)
          weighty = [
            ...weighty,
            ...changes.flatMap(c => c.meanings.filter(m => m.important && m.direction === 'worse').map(m => m.summary)),
          ]
        judge('missing-transition', read, r => abruptChange(r, annotated, said, weighty, lang))
      }
      versions.push(version)
      title = said.ruleTitle ?? title
      last = read
    },
    done: name => {
      const newest = last
      if (newest !== undefined)
        judge('version-history', newest, r => absentVersions(r, newest.annotated, newest.version, versions))
      return { series: { title: title ?? name, versions, steps, findings }, notices }
    },
  }
}

const MISTYPED = /\d{5,}年\d|\d{4}年月\d|\d{4}年\d{1,2}月[^\d\s〇一二三四五六七八九十【】、，。至到起（）()]\d{1,2}日/
const OPENING = 3000

/** A day that no calendar has ("2026年2月30日", "2026-13-01"), as it is written. */
function impossibleDay(text: string): string | undefined {
  for (const [written, year, month, day] of text.matchAll(/(20\d{2})[年./-](\d{1,2})[月./-](\d{1,2})(?!\d)日?/g))
    if (dayFrom(year, month, day) === null) return written
  return undefined
}

/** Dates in a document that cannot all be true, or are no dates at all. */
function contradictions(document: Document, said: Announcement, lang: 'zh' | 'en'): Notice[] {
  const { published, publicityEnds, effective, consultation } = said
  const zh = lang === 'zh'
  const found: string[] = []
  const from = consultation?.from ?? null
  const before = (a: string | null, b: string | null, cn: string, en: string): void => {
    if (a !== null && b !== null && a < b) found.push(zh ? `${cn}（${a} 早于 ${b}）` : `${en} (${a} before ${b})`)
  }
  before(effective, published, '生效日早于公示开始日', 'takes effect before it is published')
  before(publicityEnds, published, '公示截止日早于开始日', 'publication ends before it begins')
  before(consultation?.to ?? null, from, '征求意见截止日早于开始日', 'consultation ends before it begins')
  if (publicityEnds !== null && publicityEnds >= (published ?? '') && (effective ?? '') >= (published ?? ''))
    before(effective, publicityEnds, '公示期未满就生效', 'takes effect before publication ends')
  before(published, from, '征求意见晚于公示', 'consulted on after publication')
  const opening = document.text.slice(0, OPENING)
  const odd = MISTYPED.exec(opening)?.[0] ?? impossibleDay(`${document.path.split('/').at(-1)} ${opening}`)
  const notice = (code: string, message: string): Notice => ({ code, path: document.path, message })
  return [
    ...found.map(words =>
      notice(
        'contradictory-dates',
        zh ? `日期相互矛盾：${words}，请核对原文。` : `Dates contradict each other: ${words}; see the text.`,
      ),
    ),
    ...(odd === undefined
      ? []
      : [
          notice(
            'unreadable-date',
            zh ? `“${odd}”不是完整的日期，未作为日期采用。` : `'${odd}' is no complete date and was not used.`,
          ),
        ]),
  ]
}
