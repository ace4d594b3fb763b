/** Reads what a change means: who gains or loses by it, and what the changes together ask of the platform. */
import { daysBetween } from '../annotate/dates.js'
import type { Annotated } from '../annotate/index.js'
import type { Lang } from '../types.js'
import { elsewhere } from './explain-elsewhere.js'
import { limitChanges, quantityChanges } from './explain-quantities.js'
import { excerpt } from './explain-kept.js'
import { renames } from './explain-names.js'
import { meaning } from './explain-parties.js'
import { readPair } from './explain-statements.js'
import { wordingChanges } from './explain-wording.js'
import type { Announcement, Change, Meaning, MeaningKind, Pair, VersionDiff } from './types.js'

/** Reads one pair of passages; silent where nothing is certain. */
export type Explain = (pair: Pair) => readonly Meaning[]

/** Meanings in `lang` for pairs of passages of two annotated versions. Linear in the text of the pairs. */
export function explainer(old: Annotated, fresh: Annotated, lang: Lang): Explain {
  const was = elsewhere(old)
  const is = elsewhere(fresh)
  const renamed = renames(was, is)
  // What a version that prints its altered clauses only does not have is neither dropped nor new.
  const [oldPart, newPart] = [excerpt(old), excerpt(fresh)]
  const certain = ({ from, to }: Meaning): boolean => !((newPart && to === null) || (oldPart && from === null))
  return pair => {
    const reading = readPair(pair, old, fresh)
    const names = renamed(reading)
    if (names.length > 0) return names.map(f => meaning(f, lang))
    const { old: before, new: after, altered } = reading
    const sides = { old: before.map(s => s.text).join('。'), new: after.map(s => s.text).join('。') }
    const numbers = altered.flatMap(a => quantityChanges(a, sides))
    const found = [
      ...numbers,
      ...limitChanges(reading, numbers, was.says, is.says),
      ...wordingChanges(reading, was, is),
    ].map(f => meaning(f, lang))
    const seen = new Set<string>()
    return found.filter(m => certain(m) && !seen.has(m.summary) && seen.add(m.summary))
  }
}

/** Without a measure, so many changes are 修改内容较多; with one, a share of the passages, and never so few. */
const MANY = 20
const FEW = 5
const LARGE_SHARE = 0.3

/** What is read from a number or a name is surer than what is read from a sentence that is new or gone. */
const SUREST: readonly MeaningKind[] = [
  'period',
  'amount',
  'rate',
  'right-removed',
  'modality',
  'condition',
  'duty-added',
]
const sureness = ({ kind }: Meaning): number => (SUREST.includes(kind) ? SUREST.indexOf(kind) : SUREST.length)
const surest = (list: readonly Meaning[]): Meaning | undefined =>
  list.reduce<Meaning | undefined>((a, b) => (a === undefined || sureness(b) < sureness(a) ? b : a), undefined)

/** Whether somebody answers a questionnaire is no business of theirs. */
const SLIGHT = /问卷|调研|满意度/
/** What touches running business: money and time, remedies, measures against those who trade; no new duty by itself. */
const isMajor = ({ kind, affects, from }: Meaning): boolean =>
  !SLIGHT.test(from ?? '') &&
  (/^(?:period|amount|rate|modality|party|right-removed|duty-removed)$/.test(kind) ||
    (affects === 'merchant' && kind !== 'duty-added'))

/**
 * What the changes ask of the platform beyond the seven days of 办法12(1). `passages` is the number of passages of the
 * new version, null where unknown: it tells whether the changes are many. What was removed stood in further passages.
 * Days that the new version states tell whether the fifteen were kept.
 */
export function needs(
  changes: readonly Change[],
  lang: Lang,
  passages: number | null = null,
  { published, effective }: Pick<Announcement, 'published' | 'effective'> = { published: null, effective: null },
): VersionDiff['needs'] {
  const because: string[] = []
  const important = changes.flatMap(c => c.meanings).filter(m => m.important && m.direction !== 'neutral')
  const grave = important.filter(m => m.direction === 'worse' && m.affects !== 'platform')
  const substantive = changes.filter(c => !c.editorial && c.kind !== 'renumbered').length
  const all = passages === null ? null : passages + changes.filter(c => c.kind === 'removed').length
  const many = all === null ? substantive >= MANY : substantive >= FEW && substantive >= all * LARGE_SHARE
  const zh = lang === 'zh'
  const worst = surest(grave)
  const major = surest(grave.filter(isMajor))
  // What burdens somebody is the ground, as long as anything does.
  const weighty = worst ?? surest(important)
  if (weighty !== undefined)
    because.push(
      zh
        ? `${important.length}处修改关系有关各方重要权益（如：${weighty.summary}）：用户数量巨大的平台应当至少提前十五日公示（办法第十二条第二款）`
        : `${important.length} change(s) concern important rights (${weighty.summary}): a platform with a huge number of users must publish the rule at least fifteen days ahead (Measures, art. 12(2))`,
    )
  if (many) {
    const share = all === null ? '' : zh ? `，共${all}段` : ` of ${all} passages`
    because.push(
      zh
        ? `修改内容较多（${substantive}处${share}）：用户数量巨大的平台应当至少提前十五日公示（办法第十二条第二款）`
        : `The changes are many (${substantive}${share}): a platform with a huge number of users must publish the rule at least fifteen days ahead (Measures, art. 12(2))`,
    )
  }
  const days = published === null || effective === null ? null : daysBetween(published, effective)
  if (because.length > 0 && days !== null && days >= 0 && days < 15)
    because.push(
      zh
        ? `文中写明 ${published} 公布、${effective} 生效，相隔 ${days} 天，不足十五日`
        : `The text states publication on ${published} and effect on ${effective}: ${days} day(s), fewer than fifteen`,
    )
  if (major !== undefined)
    because.push(
      zh
        ? `${grave.filter(isMajor).length}处修改减损有关各方的重要权益（如：${major.summary}），影响重大的，除公示外还应当设置合理的过渡期（办法第十三条）`
        : `${grave.filter(isMajor).length} change(s) take important rights from those concerned (${major.summary}): where the impact is major, a reasonable transition is due beside publication (Measures, art. 13)`,
    )
  const unread = changes.filter(c => !c.editorial && c.kind !== 'renumbered' && c.meanings.length === 0).length
  // Silence is no all-clear.
  if (unread > 0 && weighty === undefined)
    because.push(
      zh
        ? `${unread}处实质性改动未能读出含义，是否关系有关各方重要权益须由人工判断`
        : `What ${unread} substantive change(s) mean could not be read: whether they concern important rights is for a person to judge`,
    )
  return { fifteenDays: weighty !== undefined || many, transition: major !== undefined, because }
}
