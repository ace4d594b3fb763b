/** Reads what a document says about its own making: its stage, its dates, where the rule itself stands in a notice. */
import type { Annotated } from '../annotate/index.js'
import { type DocumentDates, documentDates } from '../annotate/dates.js'
import type { Span } from '../types.js'
import type { Announcement, Stage } from './types.js'

const CONSULTING =
  /现(?:就|对|将|拟)?[^。；]{0,40}(?:意见征集|征求意见|征集意见|公开征求)|(?:意见征集|征求意见|征集意见)(?:期内|期[:：]|时间[:：])|(?:公开|向社会|向各方|向商家)征(?:求|集)[^。；]{0,12}意见|(?:意见征集|征求意见)(?:稿|公告|通知|中)/
const CONSULTED =
  /(?:已|曾)(?:于|在|经)?[^。；]{0,40}(?:意见征集|征求意见|征集意见)|(?:意见征集|征求意见|征集意见)(?:期)?(?:已|现已)?(?:结束|届满|完成)/
const PUBLISHING =
  /公示(?:期|时间|日期)|现(?:进行|予以|将|对)?[^。；]{0,30}公示|(?:进行|予以|特此)[^。；]{0,10}公示|公示(?:公告|通知|中)|于[^。；]{0,16}公示/
const REPEALED =
  /(?:已|现已|均已)(?:失效|废止|下线)|(?:本|该)(?:规则|规范|协议|细则)[^。；]{0,20}(?:废止|停止执行|不再执行)/
/** Words that only a notice about a rule uses, not the rule. */
const NOTICE =
  /(?:现|拟|将|特)(?:对)?[^。；]{0,40}(?:修订|修改|制定|新增|调整|变更|更新|升级|发布|合并)|意见征集|征求意见|征集意见|公示|预计于|将于[^。；]{0,20}生效|核心变[化更]|变更要点|主要变更|修订要点|亲爱的|尊敬的|各位/
const BODY = /(?:规则|规范|细则|协议|条款|办法|修订后)?(?:正文|全文)(?:内容)?(?:如下)?\s*[:：]/
/** A list of changes may be repeated at the head of the body. */
const CHANGE_LIST =
  /^\s*核心变[化更]点?\s*[:：][\s\S]{0,3000}?具体变更(?:明细|内容)(?:\s*[（(][^）)]{0,60}[）)])?\s*[:：](?:\s*[（(][^）)]{0,60}[）)])?/
/** How far into a document its notice may reach, in characters: lists of changes can be long. */
const REACH = 6000
const TITLE = 60

const NAMED: readonly (readonly [RegExp, Stage])[] = [
  [/已失效|失效|已废止|废止|历史版本|repealed|expired/i, 'repealed'],
  [/意见征集|征求意见|征集意见|consultation/i, 'consultation'],
  [/公示|publication/i, 'publication'],
  [/现行|生效|in-force|current/i, 'in-force'],
]

/** Stage that the name of a file gives ("2026-05-29-公示.txt"), null where it gives none. */
export function namedStage(name: string): Stage | null {
  return NAMED.find(([words]) => words.test(name))?.[1] ?? null
}

/**
 * What the document says of itself; null and 'unknown' where it says nothing. `seen` is the ISO day on which this text
 * was found; with it, a text whose effective day lies ahead is a publication and one whose day has come is in force.
 */
export function announcement(annotated: Annotated, seen: string | null): Announcement {
  const { document, title } = annotated.parsed
  const dates = documentDates(annotated.parsed)
  const marker = BODY.exec(document.text.slice(0, REACH))
  const opening = openingEnd(annotated)
  const notice = document.text.slice(0, marker?.index ?? opening)
  const announced = marker !== null || NOTICE.test(notice)
  const stage = stageOf(document.path, announced ? notice : '', dates, seen)
  const inside = marker === null && (stage === 'consultation' || stage === 'publication')
  // A title above the notice is the rule's.
  const heading = annotated.units.find(u => u.flags.has('heading') && u.sentence.span.end <= opening)?.sentence.span
  const start =
    marker !== null
      ? bodyStart(document.text, marker.index + marker[0].length)
      : inside
        ? (heading?.start ?? opening)
        : 0
  return {
    stage,
    ...dates,
    ruleTitle: ruleTitle(notice) ?? title,
    body: { start, end: document.text.length },
    notice: inside && heading !== undefined ? [{ start: heading.end, end: opening }] : [],
    oldWording: oldWording(annotated),
  }
}

const bodyStart = (text: string, marked: number): number =>
  marked + (CHANGE_LIST.exec(text.slice(marked, marked + REACH))?.[0].length ?? 0)

function stageOf(path: string, notice: string, dates: DocumentDates, seen: string | null): Stage {
  const words = notice.replace(/\s+/g, '')
  const asking = CONSULTING.test(words) && !CONSULTED.test(words)
  if (asking && !PUBLISHING.test(words)) return 'consultation'
  if (PUBLISHING.test(words) && (dates.published !== null || !asking)) return 'publication'
  if (asking) return 'consultation'
  const named = namedStage(path.split('/').at(-1) ?? path)
  if (named !== null) return named
  if (REPEALED.test(words)) return 'repealed'
  if (dates.effective === null || seen === null) return 'unknown'
  return dates.effective <= seen ? 'in-force' : 'publication'
}

/** End of the sentences at the top that speak about the rule instead of laying it down; 0 where there are none. */
function openingEnd({ parsed, units }: Annotated): number {
  let end = 0
  for (const { sentence, text, own } of units.slice(0, 12)) {
    if (sentence.clause !== 0 || !NOTICE.test(text.slice(own)) || sentence.span.end > REACH) {
      // The greeting and the reason may come before the sentence that announces.
      if (end > 0 || sentence.clause !== 0) break
      continue
    }
    end = sentence.span.end
  }
  return Math.min(end, parsed.document.text.length)
}

/** 《…》 that the notice is about, brackets removed; null where it names none. */
function ruleTitle(notice: string): string | null {
  const said =
    /(?:修订|修改|制定|新增|发布|调整|变更|更新|更名为|推出|上线|对|关于|就)(?:了|的)?\s*《((?:[^《》]|《[^《》]*》)+)》/.exec(
      notice,
    )
  const name = said?.[1]?.replace(/\s+/g, '') ?? ''
  return name !== '' && name.length <= TITLE ? name : null
}

function oldWording({ units }: Annotated): readonly Span[] {
  return units.filter(unit => unit.flags.has('repealed')).map(unit => unit.sentence.span)
}
