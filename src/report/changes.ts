/** What the reports about versions share: names of changes, edits made ready to be read, and which finding lies in which change. */

import type { Finding, Severity } from '../types.js'
import type {
  Change,
  ChangeCounts,
  ChangeKind,
  ClauseText,
  Days,
  Edit,
  Meaning,
  MeaningKind,
  Stage,
  VersionDiff,
} from '../versions/types.js'
import { type Say, severityName } from './words.js'

const KINDS: Readonly<Record<ChangeKind, readonly [string, string]>> = {
  altered: ['修改', 'altered'],
  added: ['新增', 'added'],
  removed: ['删除', 'removed'],
  moved: ['移动', 'moved'],
  split: ['拆分', 'split'],
  merged: ['合并', 'merged'],
  renumbered: ['重新编号', 'renumbered'],
}
/** The kinds of change in the order in which they are counted. */
export const CHANGE_KINDS = Object.keys(KINDS) as ChangeKind[]

const MEANINGS: Readonly<Record<MeaningKind, readonly [string, string]>> = {
  period: ['期限', 'period'],
  rate: ['费率', 'rate'],
  amount: ['金额', 'amount'],
  modality: ['义务程度', 'modality'],
  'right-removed': ['权利减少', 'right removed'],
  'right-added': ['权利增加', 'right added'],
  'duty-added': ['义务增加', 'duty added'],
  'duty-removed': ['义务减少', 'duty removed'],
  party: ['主体', 'party'],
  condition: ['条件', 'condition'],
}
const AFFECTED = {
  merchant: ['商家', 'merchants'],
  consumer: ['消费者', 'consumers'],
  platform: ['平台', 'the platform'],
} as const
const DIRECTIONS: Readonly<Record<Meaning['direction'], readonly [string, string]>> = {
  worse: ['不利', 'worse'],
  better: ['有利', 'better'],
  neutral: ['中性', 'neutral'],
}
const STAGES: Readonly<Record<Stage, readonly [string, string]>> = {
  consultation: ['征求意见', 'consultation'],
  publication: ['公示', 'publication'],
  'in-force': ['施行', 'in force'],
  repealed: ['废止', 'repealed'],
  unknown: ['未写明', 'not stated'],
}

/** "修改", "altered". */
export const changeName = (kind: ChangeKind, say: Say): string => say(...KINDS[kind])
/** "费率", "rate". */
export const meaningName = (kind: MeaningKind, say: Say): string => say(...MEANINGS[kind])
/** "对商家不利", "worse for merchants". */
export function effectName({ affects, direction }: Meaning, say: Say): string {
  const [whoZh, whoEn] = AFFECTED[affects]
  const [howZh, howEn] = DIRECTIONS[direction]
  return direction === 'neutral' ? say(howZh, howEn) : say(`对${whoZh}${howZh}`, `${howEn} for ${whoEn}`)
}
/** "不利", "worse". */
export const directionName = (direction: Meaning['direction'], say: Say): string => say(...DIRECTIONS[direction])
/** "征求意见", "consultation". */
export const stageName = (stage: Stage, say: Say): string => say(...STAGES[stage])

/** A day, or that the documents do not say: never guessed. */
export const dayOr = (day: string | null, say: Say): string => day ?? say('未写明', 'not stated')

/** "2026-06-04–06-11", "未写明–2026-06-11"; the year is said again only where it changes. */
export function daysOr(days: Days | null, say: Say): string {
  if (days === null) return dayOr(null, say)
  const { from, to } = days
  if (from === null || to === null) return `${dayOr(from, say)}–${dayOr(to, say)}`
  return `${from}–${from.slice(0, 5) === to.slice(0, 5) ? to.slice(5) : to}`
}

/** "7 日", "7 days". */
export function noticeOr(days: number | null, say: Say): string {
  return days === null ? dayOr(null, say) : say(`${days} 日`, `${days} ${Math.abs(days) === 1 ? 'day' : 'days'}`)
}

/** "1 finding", "2 findings". */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

/** "修改 4 · 新增 1"; kinds that do not occur are left out. */
export function countsLine(counts: ChangeCounts, say: Say): string {
  const parts = CHANGE_KINDS.filter(kind => counts[kind] > 0).map(kind =>
    say(`${changeName(kind, say)} ${counts[kind]}`, `${counts[kind]} ${changeName(kind, say)}`),
  )
  return parts.length === 0 ? say('没有改动', 'no changes') : parts.join(' · ')
}

/** "错误 2、警告 1". */
export function severityCounts(findings: readonly Finding[], say: Say): string {
  const parts = (['error', 'warning', 'info'] as const satisfies readonly Severity[]).flatMap(severity => {
    const n = findings.filter(f => f.severity === severity).length
    if (n === 0) return []
    return [say(`${severityName(severity, say)} ${n}`, severity === 'info' ? `${n} info` : count(n, severity))]
  })
  return parts.join(say('、', ', '))
}

/** What the changes ask of the platform and why, a line each; empty where nothing. */
export function needsLines({ needs }: VersionDiff, say: Say): readonly string[] {
  if (needs.because.length > 0) return needs.because
  const fifteen = say(
    '用户数量巨大的平台应当至少提前十五日公示（办法第十二条第二款）',
    'A platform with a huge number of users must publish the rule at least fifteen days ahead (Measures, art. 12(2))',
  )
  const transition = say(
    '影响重大的，应当设置合理的过渡期（办法第十三条）',
    'Where the impact is major, a reasonable transition is due (Measures, art. 13)',
  )
  return [...(needs.fifteenDays ? [fifteen] : []), ...(needs.transition ? [transition] : [])]
}

/** Nothing that a reader has to judge: shown as a number unless asked for. */
export const isMinor = (change: Change): boolean => change.editorial

const counted = (changes: readonly Change[]): ChangeCounts => {
  const counts = { added: 0, removed: 0, altered: 0, moved: 0, renumbered: 0, split: 0, merged: 0 }
  for (const { kind } of changes) counts[kind]++
  return counts
}

/** "实质性改动 5 处（修改 4 · 新增 1）": the kinds add up to the number. */
export function substantiveLine(changes: readonly Change[], say: Say): string {
  if (changes.length === 0) return say('条款没有差别', 'No clause differs')
  const substantive = changes.filter(change => !isMinor(change))
  const n = substantive.length
  const kinds = n === 0 ? '' : countsLine(counted(substantive), say)
  return say(
    `实质性改动 ${n} 处${kinds && `（${kinds}）`}`,
    `${count(n, 'substantive change')}${kinds && ` (${kinds})`}`,
  )
}

/** "另有编辑性改动 14 处：修改 2 · 重新编号 12"; '' where there are none. */
export function minorLine(changes: readonly Change[], say: Say): string {
  const minor = changes.filter(isMinor)
  if (minor.length === 0) return ''
  const kinds = countsLine(counted(minor), say)
  return say(`另有编辑性改动 ${minor.length} 处：${kinds}`, `Also ${count(minor.length, 'editorial change')}: ${kinds}`)
}

/** "第五条", "第五条 标题", "8.3.8 之后". */
function placeName({ clause, part }: ClauseText, say: Say): string {
  const name = clause || say('未编号的内容', 'unnumbered text')
  if (part === 'heading') return say(`${name} 标题`, `${name}, heading`)
  if (part === 'after') return say(`${name} 之后`, `after ${name}`)
  return name
}

/** The places of one side, and of a list of more than three items its first and last: "第五条（1）至第五条（6）". */
function names(texts: readonly ClauseText[], say: Say): string {
  const all = [...new Set(texts.map(t => placeName(t, say)))]
  if (all.length <= 3) return all.join(say('、', ', '))
  return say(`${all[0]} 至 ${all.at(-1)}`, `${all[0]} to ${all.at(-1)}`)
}

/** "第五条 → 第六条"; one name where both sides have the same or one side is empty. */
export function clauseName({ kind, old, new: now }: Change, say: Say): string {
  const [before, after] = [names(old, say), names(now, say)]
  if (before !== '' && after !== '') return before === after ? after : `${before} → ${after}`
  // the clause itself was there before, or still is
  const inside = (now[0] ?? old[0])?.part === 'paragraph' && (kind === 'added' || kind === 'removed')
  return inside ? say(`${after || before} 中的一段`, `a paragraph of ${after || before}`) : after || before
}

/** Edits with neighbours of one kind joined, and between two equal stretches all deleted text before all inserted. */
function joined(edits: readonly Edit[]): Edit[] {
  const out: Edit[] = []
  let equal = ''
  let gone = ''
  let come = ''
  const flush = () => {
    if (equal !== '') out.push({ kind: 'equal', text: equal })
    if (gone !== '') out.push({ kind: 'delete', text: gone })
    if (come !== '') out.push({ kind: 'insert', text: come })
    equal = ''
    gone = ''
    come = ''
  }
  for (const { kind, text } of edits) {
    if (kind === 'delete') gone += text
    else if (kind === 'insert') come += text
    else {
      if (gone !== '' || come !== '') flush()
      equal += text
    }
  }
  flush()
  return out
}

/** The edits of a change in reading order; a change without edits is its text on the side where it stands. */
export function editsOf(change: Change): Edit[] {
  if (change.edits.length > 0) return joined(change.edits)
  const whole = (texts: readonly ClauseText[]) => texts.map(t => t.text).join('\n')
  if (change.new.length === 0) return [{ kind: 'delete', text: whole(change.old) }]
  if (change.old.length === 0) return [{ kind: 'insert', text: whole(change.new) }]
  const [before, after] = [whole(change.old), whole(change.new)]
  if (before === after) return [{ kind: 'equal', text: after }]
  return [
    { kind: 'delete', text: before },
    { kind: 'insert', text: after },
  ]
}

/** Nothing but white space came or went: no words to strike out or underline. */
export const isBlank = ({ kind, text }: Piece): boolean => kind !== 'equal' && kind !== 'gap' && text.trim() === ''

export interface Piece {
  /** 'gap': equal text that need not be read. */
  readonly kind: Edit['kind'] | 'gap'
  readonly text: string
}

const PAUSE = /[，。；：！？\n]/

/** Never between the halves of a surrogate pair. */
const whole = (text: string, at: number) => (/[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at)

/** Edits with equal stretches longer than about twice `context` characters cut in the middle, if possible at a pause. */
export function redline(edits: readonly Edit[], context: number): Piece[] {
  const out: Piece[] = []
  edits.forEach((edit, i) => {
    const { kind, text } = edit
    const first = i === 0
    const last = i === edits.length - 1
    const room = context * (first || last ? 1 : 2)
    if (kind !== 'equal' || text.length <= room + context / 2) {
      out.push(edit)
      return
    }
    let head = first && !last ? 0 : whole(text, context)
    let tail = last ? text.length : whole(text, text.length - context)
    for (let at = Math.ceil(head / 2); at < head; at++) if (PAUSE.test(text.charAt(at))) head = at + 1
    for (let at = tail; at < text.length - context / 3; at++)
      if (PAUSE.test(text.charAt(at))) {
        tail = at + 1
        break
      }
    if (head > 0) out.push({ kind: 'equal', text: text.slice(0, head) })
    out.push({ kind: 'gap', text: text.slice(head, tail) })
    if (tail < text.length) out.push({ kind: 'equal', text: text.slice(tail) })
  })
  return out
}

const inside = (finding: Finding, texts: readonly ClauseText[]) =>
  texts.some(t => finding.start.offset < t.end.offset && finding.end.offset > t.start.offset)

/** The findings that lie in the changed text: on the new side those introduced and carried, on the old side those fixed. */
export function findingsIn(change: Change, { findings }: VersionDiff) {
  return {
    introduced: findings.introduced.filter(f => inside(f, change.new)),
    fixed: findings.fixed.filter(f => inside(f, change.old)),
    carried: findings.carried.filter(f => inside(f, change.new)),
  }
}
