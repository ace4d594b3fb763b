/** Reads which cases and objects were put into the list of a rule, or struck out of it. */
import type { Span } from '../types.js'
import type { Elsewhere } from './explain-elsewhere.js'
import { type Core, cores, FRAMES, type Frame, MEASURES } from './explain-frames.js'
import { norms } from './explain-norms.js'
import { type Affected, affected, bound, type Found, opposite, partyIn } from './explain-parties.js'
import { type Altered, bare, printed, type Statement, segmentAt } from './explain-statements.js'

const JOIN = /^(?:[、/]|或者?|以及|和|及|与|并)|(?:[、/]|或者?|以及|和|及|与)$/
const JOINED_BEFORE = /(?:[、/（]|或|和|及|与|包括|不限于|如|的|：)$/
const JOINED_AFTER = /^(?:[、/）]|或|和|及|与|以及|等)/
/** Words that may come and go without a change of what is meant. */
const NOTHING =
  /^(?:等|其他|其它|相关|有关|任何|所有|各类|上述|前述|以上|包括|但不限于|不限于|行为|情形|情况|方式|内容|信息|服务|平台|我们|您|你|用户|的)+$/

/** Measures of the platform, beside which somebody's liability may stand in the same sentence. */
const OWN_ACT = /有权|报告|采取|处罚|措施/

/** What a rule refers to, narrow first. */
const SCOPES = [
  /本[条款项节]/,
  /本章/,
  /本(?:规则|协议|规范|细则|办法)/,
  /(?:平台|其他|各项|相关)[^，；]{0,6}规则|法律法规|违法/,
]
/** 1 where what is referred to became wider, -1 where narrower, 0 where it did not change. */
function scopeWords(gone: string, come: string): -1 | 0 | 1 {
  const level = (text: string): number => SCOPES.findLastIndex(words => words.test(text))
  const [a, b] = [level(gone), level(come)]
  if (a < 0 || b < 0 || a === b || gone.length > 24 || come.length > 24 || /[，；]/.test(gone + come)) return 0
  return b > a ? 1 : -1
}

/** Objects or cases put into the list of a rule that stays, or struck out of it. */
export function listChanges(pair: Altered, was: Elsewhere, is: Elsewhere): Found[] {
  const grown = new Map<string, { frame: Frame; affects: Affected; spans: Span[] }>()
  const shrunk: typeof grown = new Map()
  for (const hunk of pair.hunks) {
    const [gone, come] = [
      pair.old.unit.text.slice(hunk.old.start, hunk.old.end),
      pair.new.unit.text.slice(hunk.new.start, hunk.new.end),
    ]
    const lead = pair.new.unit.text.slice(hunk.new.start - 1, hunk.new.start)
    const scope = scopeWords(lead + gone, lead + come)
    if (scope !== 0) {
      const core = ruling(pair.new, hunk.new)
      if (core !== null && /^(?:ban|duty|sanction|indemnity)$/.test(core.frame.id)) {
        const side = scope > 0 ? grown : shrunk
        side.set(`${core.frame.id}${core.affects}`, { ...core, spans: [scope > 0 ? hunk.new : hunk.old] })
      }
      continue
    }
    const added = bare(gone).replace(/^[或和及与]+$/, '').length <= (bare(come).length > 0 ? 0 : -1)
    const removed = bare(come).replace(/^[或和及与等]+$/, '') === '' && bare(gone) !== ''
    if (added === removed) continue
    const [statement, span, other] = added ? [pair.new, hunk.new, pair.old] : [pair.old, hunk.old, pair.new]
    if (!listed(statement, span) || bare(other.text).includes(bare(added ? come : gone).replace(JOIN, ''))) continue
    // What left a list for a rule that is new stands there.
    const words = bare(added ? come : gone)
      .replace(JOIN, '')
      .replace(JOIN, '')
    if ((added ? was.ownWords(is) : is.ownWords(was)).includes(words)) continue
    const core = ruling(statement, span)
    const twin = ruling(other, added ? hunk.old : hunk.new)
    if (core === null || twin?.frame.id !== core.frame.id) continue
    if (/^(?:notice|choice|discretion|nature)$/.test(core.frame.id)) continue
    // Which measures came and went is weighed together where they did both.
    if (core.frame.id === 'sanction' && pair.hunks.length > 1 && isMeasure(words)) continue
    // 您可以选择用甲、乙登录: what users choose themselves takes nothing from them.
    if (
      core.frame.id === 'data' &&
      /[您你][^，]{0,4}(?:可以?|选择)/.test(
        statement.unit.text.slice(segmentAt(statement, span.start)?.start ?? 0, span.start),
      )
    )
      continue
    // 平台有权采取措施并报告、配合调查: what the platform does itself is nobody else's liability.
    const part = segmentAt(statement, span.start)
    if (core.frame.id === 'indemnity' && part !== null && OWN_ACT.test(statement.unit.text.slice(part.start, part.end)))
      continue
    const list = added ? grown : shrunk
    const key = `${core.frame.id}${core.affects}`
    const entry = list.get(key) ?? { frame: core.frame, affects: core.affects, spans: [] }
    entry.spans.push(span)
    list.set(key, entry)
  }
  const found: Found[] = []
  for (const [key, { frame, affects, spans }] of grown)
    if (!shrunk.has(key)) found.push(reach(frame, affects, pair.new, spans, true, 1))
  for (const [key, { frame, affects, spans }] of shrunk)
    if (!grown.has(key)) found.push(reach(frame, affects, pair.old, spans, false, 1))
  return found
}

const isMeasure = (words: string): boolean => MEASURES.some(([, pattern]) => words.search(pattern) >= 0)

/** Whether what was put in or struck out is one of several that stand side by side. */
function listed({ unit, start, end }: Statement, span: Span): boolean {
  const text = unit.text.slice(span.start, span.end)
  const words = text.replace(JOIN, '').replace(JOIN, '')
  if (
    bare(words).length < 2 ||
    NOTHING.test(bare(words)) ||
    /(?:其[他它]|任何)$/.test(words) ||
    /[，；：]/.test(words) ||
    words.length > 40
  )
    return false
  if (words.endsWith('的') && !unit.text.slice(start, span.start).endsWith('的') && /^[与和及]/.test(text)) return false
  if (/除|例外|不含|不包括|不得|可以|应当|有权|未经|同意|[0-9]/.test(words)) return false
  const [before, after] = [unit.text.slice(start, span.start), unit.text.slice(span.end, end)]
  return JOIN.test(text) || (JOINED_BEFORE.test(before) && JOINED_AFTER.test(after))
}

/** The rule whose reach depends on the words at a place; null where an exception or several rules may be meant. */
function ruling(statement: Statement, span: Span): Core | null {
  const { unit } = statement
  const segment = segmentAt(statement, span.start)
  if (segment === null) return null
  const words = unit.text.slice(segment.start, segment.end)
  if (/^除|除外|外$|例外|不适用|不包括|^但/.test(words)) return null
  const ban = banned(statement, span.start)
  if (ban !== null) return ban
  // 满足甲和乙的: what must come together makes a case narrower.
  const must = norms(statement).find(
    n => n.modal === 'must' && n.actor !== null && n.after <= span.start && span.start <= n.end,
  )
  const all = cores(statement)
  const near = all.filter(c => c.start >= segment.start && c.end <= segment.end)
  // Behind a rule only what it includes still belongs to it.
  const reaches = (c: Core): boolean =>
    c.start >= span.start || /包括|如|例如|（|：/.test(unit.text.slice(c.end, span.start))
  const list = near.length > 0 ? near : all.filter(reaches)
  const [first] = list
  if (first === undefined) {
    if (must === undefined) return null
    const actor = partyIn(statement.side, must.actor)
    // 甲或者乙: another way to do what is owed makes the duty lighter, not wider.
    const either = /或/.test(unit.text.slice(span.start - 2, span.end + 2))
    return actor === 'P' || actor === null || either ? null : { frame: FRAMES.duty, affects: affected(actor), ...span }
  }
  if (new Set(list.map(c => `${c.frame.id}${c.affects}`)).size > 1) {
    const behind = list.findLast(c => c.start <= span.start)
    return behind !== undefined && new Set(list.map(c => c.frame.more)).size === 1 ? behind : null
  }
  return first
}

/** The prohibition on merchant or consumer that reaches an offset. */
export function banned(statement: Statement, at: number): Core | null {
  const { unit } = statement
  const zone = unit.prohibitions.find(p => p.start <= at && p.end >= at)
  if (zone === undefined) return null
  const party = zone.party === null ? null : partyIn(statement.side, zone.party)
  if (party === 'P') return null
  const front = unit.text.slice(Math.max(0, zone.start - 4), zone.start)
  // 不会, 不能: what does not happen is not forbidden.
  if (!/不得|禁止|严禁|不可|不准|请勿|切勿|不应|无权|不允许|不许/.test(front)) return null
  if (/^(?:能|逆|避免|抗)/.test(unit.text.slice(zone.start, zone.start + 2)) && front.endsWith('不可')) return null
  // 公司及其关联方无权…: the platform is among those who are bound.
  const subject = unit.text.slice(Math.max(0, segmentAt(statement, zone.start)?.start ?? 0), zone.start)
  const platform = unit.mentions.some(
    m => m.party === 'P' && m.role === 'subject' && m.end <= zone.start && m.end > zone.start - subject.length,
  )
  if (party === null && platform) return null
  // 法律禁止的其他内容: what others forbid.
  if (unit.text.startsWith('的', zone.start) || /^其[他它]/.test(statement.text)) return null
  return {
    frame: FRAMES.ban,
    affects: affected(party === 'M' ? 'M' : bound(statement, zone.start)),
    start: at,
    end: at,
  }
}

/** 划扣违约金及损失: what is taken, not what is done. */
const TAKES = /(划扣|扣划|扣除|扣减|抵扣|扣收)[^，；。、]{0,12}(?:、[^，；。]{0,12})?$/

/** What it means that a rule reaches more, or less. */
export function reach(
  frame: Frame,
  affects: Affected,
  statement: Statement,
  spans: readonly Span[],
  added: boolean,
  count: number,
): Found {
  const quote = spans
    .map(s =>
      printed(statement, s, 40)
        .replace(/^[、，；/]|^(?:或者?|以及|和|及)|[、，；/]$|(?:或者?|以及|和|及|等)$/g, '')
        .replace(/^“([^”]*)”(?:等)?$/, '$1'),
    )
    .slice(0, 4)
    .join('”“')
  const more = count > 1 ? `等${count}项` : ''
  const taken =
    frame.id === 'sanction' && spans.length > 0 ? TAKES.exec(statement.unit.text.slice(0, spans[0]?.start)) : null
  return {
    kind: added ? frame.gain : frame.loss,
    from: added ? null : quote,
    to: added ? quote : null,
    affects,
    direction: added ? frame.more : opposite(frame.more),
    zh:
      taken === null
        ? `${frame.reach.zh}${added ? '扩大，增加' : '缩小，删去'}“${quote}”${more}`
        : `可${taken[1]}的款项${added ? '增加' : '删去'}“${quote}”${more}`,
    en: `${frame.reach.en} ${added ? 'widened by' : 'narrowed by'} “${quote}”${count > 1 ? ` and ${count - 1} more` : ''}`,
    important: frame.important,
    statement,
  }
}
