/** Reads what a rule reaches: a rule that came or went, a case added to its list or struck out of it, heavier measures. */
import type { Span } from '../types.js'
import type { Elsewhere } from './explain-elsewhere.js'
import { type Core, cores, FRAMES, type Frame, type FrameId, MEASURES, speaksOf } from './explain-frames.js'
import { licenceChanges } from './explain-licences.js'
import { norms, quoted, TRIGGER } from './explain-norms.js'
import {
  type Affected,
  type Altered,
  affected,
  bare,
  bigrams,
  bound,
  covered,
  type Found,
  nameIn,
  opposite,
  partyIn,
  printed,
  type Reading,
  type Statement,
  segmentAt,
  stranger,
  user,
} from './explain-statements.js'

/** One version's side of a comparison, and the other's. */
interface Side {
  readonly here: readonly Statement[]
  readonly there: readonly Statement[]
  readonly own: Elsewhere
  readonly other: Elsewhere
  readonly added: boolean
}

/** The statement of the other side that corresponds, and where this one's words differ from it. */
interface Partner {
  readonly with: Statement
  readonly spans: readonly Span[]
  /** Whether the other side has nothing in the place of a span. */
  readonly empty: (span: Span) => boolean
}

/** What rules came, went, grew or shrank in a pair. `told` holds the statements that were read already. */
export function scopeChanges(reading: Reading, was: Elsewhere, is: Elsewhere, told: ReadonlySet<Statement>): Found[] {
  const { altered, old, new: fresh, oldOnly, newOnly } = reading
  const found: Found[] = []
  const stated = new Set(told)
  for (const pair of altered) {
    if (told.has(pair.old) || told.has(pair.new)) continue
    const list = listChanges(pair, was, is)
    if (list.length > 0) stated.add(pair.old).add(pair.new)
    found.push(...list)
  }
  const licences = licenceChanges(reading, found)
  found.push(...licences)
  found.push(...measureChanges(oldOnly, newOnly, stated))
  const partners = new Map<Statement, Partner>()
  for (const { old: a, new: b, hunks } of altered) {
    const short = (span: Span): boolean => span.end - span.start <= 2
    partners.set(a, { with: b, spans: hunks.map(h => h.old), empty: s => hunks.some(h => h.old === s && short(h.new)) })
    partners.set(b, { with: a, spans: hunks.map(h => h.new), empty: s => hunks.some(h => h.new === s && short(h.old)) })
  }
  const sides: readonly Side[] = [
    { here: newOnly, there: old, own: is, other: was, added: true },
    { here: oldOnly, there: fresh, own: was, other: is, added: false },
  ]
  // What a licence reaches was told already, as far as it can be told.
  for (const side of sides)
    for (const rule of ruleChanges(side, partners, stated))
      if (licences.length === 0 || !rule.zh.includes(FRAMES.licence.zh)) found.push(rule)
  return found
}

// ── rules that came or went ─────────────────────────────────────────────────────────────────────────────────────

/** The share of a rule's words that another rule of the same kind must hold to be the same rule in new words. */
const SAME_RULE = 0.4
/** The same where both stand in the same place. */
const SAME_PLACE = 0.25

/** 其他应当处理的情形 closes a list and says nothing. */
const CATCH_ALL = /^(?:其[他它]|法律)[^，]{0,28}(?:情形|条件|内容|情况|行为|信息|服务)$/

function ruleChanges(
  { here, there, own, other, added }: Side,
  partners: ReadonlyMap<Statement, Partner>,
  stated: ReadonlySet<Statement>,
): Found[] {
  const groups = new Map<string, { core: Core; statement: Statement; count: number }>()
  const wider: Found[] = []
  const all = bigrams(bare(there.map(s => s.text).join('。')))
  for (const statement of here) {
    if (stated.has(statement) || other.has(statement) || CATCH_ALL.test(statement.text)) continue
    const partner = partners.get(statement)
    const item = partner === undefined ? listItem(statement, other) : null
    const ban = partner === undefined ? banCore(statement) : null
    const doing = cores(statement).filter(c => c.start >= statement.start)
    const list = item !== null ? [item] : ban !== null ? [...doing, ban] : doing
    const seen = new Set<FrameId>()
    for (const core of list) {
      const { id } = core.frame
      if (seen.has(id)) continue
      // In a statement that both sides have, only what stands in new words is new.
      const part = partner?.spans.find(s => core.start >= s.start - 2 && core.start < s.end && s.end - s.start >= 6)
      if (partner !== undefined && part === undefined) continue
      if (partner !== undefined && cores(partner.with).some(c => c.frame.id === id)) {
        const text = part === undefined ? '' : bare(statement.unit.text.slice(part.start, part.end))
        if (
          part !== undefined &&
          text.length >= 12 &&
          core.end <= part.end + 2 &&
          partner.empty(part) &&
          covered(text, all) < 0.5
        ) {
          const quote = { start: part.start, end: Math.min(part.end, part.start + 60) }
          seen.add(id)
          wider.push(reach(core.frame, core.affects, statement, [quote], added, 1))
        }
        continue
      }
      // The other side has the words, if in a place that was not understood.
      if (partner !== undefined && speaksOf(id, partner.with.text)) continue
      const segment = item !== null ? statement : (segmentAt(statement, core.start) ?? statement)
      const words = bare(statement.unit.text.slice(segment.start, segment.end))
      if (words.length < 5 || covered(words, all) >= 0.5) continue
      if (other.says(words, []) || other.says(bare(statement.text), [])) continue
      if (id === 'ban' && norms(statement).some(n => n.modal === 'must-not' && other.binds(n, own))) continue
      if (item === null ? rewritten(statement, words, id, there, own, other) : scattered(statement, other)) continue
      seen.add(id)
      const key = `${id}${core.affects}${item === null}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { core, statement, count: 1 })
      else group.count++
    }
  }
  const rules = [...groups.entries()].map(([key, { core, statement, count }]) =>
    key.endsWith('false')
      ? reach(core.frame, core.affects, statement, [statement], added, count)
      : rule(core, statement, added, count),
  )
  return [...wider, ...rules]
}

/** The first prohibition that a statement itself lays on merchant or consumer. */
function banCore(statement: Statement): Core | null {
  const { unit, start, end } = statement
  const zone = unit.prohibitions.find(p => p.start >= start && p.start < end && p.end - p.start >= 4)
  if (zone === undefined || unit.flags.has('definition') || unit.flags.has('void')) return null
  const segment = segmentAt(statement, zone.start)
  if (segment === null || TRIGGER.test(unit.text.slice(segment.start, segment.end))) return null
  if (/^(?:如果?|若)?(?:任何)?(?:第三方|他人)/.test(statement.text)) return null
  if (quoted(unit.text, start, zone.start) || stranger(statement, zone.start)) return null
  return banned(statement, zone.start)
}

/** Whether a rule of the same kind, in words that this version lacks, says about the same on the other side. */
function rewritten(
  statement: Statement,
  rule: string,
  id: FrameId,
  there: readonly Statement[],
  own: Elsewhere,
  other: Elsewhere,
): boolean {
  const words = bare(statement.text)
  const pairs = bigrams(words)
  const near = new Set(there)
  return [...there, ...other.doing(id)].some(s => {
    if (own.has(s)) return false
    const text = bare(s.text)
    const does = id === 'ban' ? banCore(s) !== null : cores(s).some(c => c.frame.id === id && c.start >= s.start)
    if (near.has(s) && !does) return false
    const others = bigrams(text)
    const [few, many] = text.length < words.length ? [text, pairs] : [words, others]
    return covered(few, many) >= (near.has(s) ? SAME_PLACE : SAME_RULE) || covered(rule, others) >= SAME_RULE
  })
}

/** Whether most of what a list item enumerates stands in the other version, in other lists. */
function scattered({ text }: Statement, other: Elsewhere): boolean {
  const parts = text.split(/[、，；或及和的（）]/).filter(part => part.length >= 4)
  const whole = other.words()
  return parts.length >= 3 && parts.filter(part => whole.includes(bare(part))).length >= parts.length * 0.4
}

/** What the lead-in of a list does to whoever meets the case that a list item names; null for other statements. */
function listItem(statement: Statement, other: Elsewhere): Core | null {
  const { unit, start } = statement
  if (unit.own === 0 || start !== unit.own) return null
  const lead = unit.text.slice(0, unit.own)
  // A list that is new as a whole is told as the rule that it is.
  if (bare(lead).length < 6 || !other.says(bare(lead), [])) return null
  const ban = banned(statement, start + 1)
  if (ban !== null && unit.prohibitions.some(p => p.start <= unit.own)) return { ...ban, start, end: start }
  const inLead = cores(statement).filter(c => c.end <= unit.own)
  const ids = new Set(inLead.map(c => `${c.frame.more}${c.affects}`))
  const [first] = inLead
  return first === undefined || ids.size > 1 || !/[：:]$/.test(lead.trim()) ? null : { ...first, start, end: start }
}

function rule({ frame, affects, ...span }: Core, statement: Statement, added: boolean, count: number): Found {
  const segment = segmentAt(statement, span.start) ?? statement
  const before = statement.segments[statement.segments.indexOf(segment) - 1]
  // A rule is told with its occasion where that is short, and not cut off at the list it opens.
  const occasion = before !== undefined && TRIGGER.test(statement.unit.text.slice(before.start, before.end))
  const from = occasion && segment.end - before.start <= 72 ? before.start : segment.start
  const opens = statement.unit.text.charAt(segment.end) === '：'
  const whole =
    statement.end - statement.start <= 64 ? statement : { start: from, end: opens ? statement.end : segment.end }
  const quote = printed(statement, whole, 72)
  const name = /^(?:indemnity|data|choice|relief)$/.test(frame.id) ? nameIn(statement, affects) : { zh: '', en: '' }
  const more = count > 1
  return {
    kind: added ? frame.gain : frame.loss,
    from: added ? null : quote,
    to: added ? quote : null,
    affects,
    direction: added ? frame.more : opposite(frame.more),
    zh: `${added ? '新增' : '删去'}${frame.id === 'indemnity' || frame.id === 'choice' ? `${name.zh}` : ''}${frame.zh}：“${quote}”${more ? `等${count}处` : ''}`,
    en: `${added ? 'New' : 'Dropped'} ${frame.en}: “${quote}”${more ? ` and ${count - 1} more` : ''}`,
    important: frame.important,
    statement,
  }
}

// ── cases and objects added to a rule ───────────────────────────────────────────────────────────────────────────

const JOIN = /^(?:[、/]|或者?|以及|和|及|与|并)|(?:[、/]|或者?|以及|和|及|与)$/
const JOINED_BEFORE = /(?:[、/（]|或|和|及|与|包括|不限于|如|的|：)$/
const JOINED_AFTER = /^(?:[、/）]|或|和|及|与|以及|等)/
/** Words that may come and go without a change of what is meant. */
const NOTHING =
  /^(?:等|其他|其它|相关|有关|任何|所有|各类|上述|前述|以上|包括|但不限于|不限于|行为|情形|情况|方式|内容|信息|服务|平台|我们|您|你|用户|的)+$/

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
function listChanges(pair: Altered, was: Elsewhere, is: Elsewhere): Found[] {
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
    // 您可以选择用甲、乙登录: what users choose themselves takes nothing from them.
    if (
      core.frame.id === 'data' &&
      /[您你][^，]{0,4}(?:可以?|选择)/.test(
        statement.unit.text.slice(segmentAt(statement, span.start)?.start ?? 0, span.start),
      )
    )
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

/** Whether what was put in or struck out is one of several that stand side by side. */
function listed({ unit, start, end }: Statement, span: Span): boolean {
  const text = unit.text.slice(span.start, span.end)
  const words = text.replace(JOIN, '').replace(JOIN, '')
  if (bare(words).length < 2 || NOTHING.test(bare(words)) || /[，；：]/.test(words) || words.length > 40) return false
  if (/的$/.test(words) && !/的$/.test(unit.text.slice(start, span.start)) && /^[与和及]/.test(text)) return false
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
    const behind = list.filter(c => c.start <= span.start).at(-1)
    return behind !== undefined && new Set(list.map(c => c.frame.more)).size === 1 ? behind : null
  }
  return first
}

/** The prohibition on merchant or consumer that reaches an offset. */
function banned(statement: Statement, at: number): Core | null {
  const { unit } = statement
  const zone = unit.prohibitions.find(p => p.start <= at && p.end >= at)
  if (zone === undefined) return null
  const party = zone.party === null ? null : partyIn(statement.side, zone.party)
  if (party === 'P') return null
  const front = unit.text.slice(Math.max(0, zone.start - 4), zone.start)
  // 不会, 不能: what does not happen is not forbidden.
  if (!/不得|禁止|严禁|不可|不准|请勿|切勿|不应|无权|不允许|不许/.test(front)) return null
  if (/^(?:能|逆|避免|抗)/.test(unit.text.slice(zone.start, zone.start + 2)) && /不可$/.test(front)) return null
  // 公司及其关联方无权…: the platform is among those who are bound.
  const subject = unit.text.slice(Math.max(0, segmentAt(statement, zone.start)?.start ?? 0), zone.start)
  const platform = unit.mentions.some(
    m => m.party === 'P' && m.role === 'subject' && m.end <= zone.start && m.end > zone.start - subject.length,
  )
  if (party === null && platform) return null
  // 法律禁止的其他内容: what others forbid.
  if (/^的/.test(unit.text.slice(zone.start)) || /^其[他它]/.test(statement.text)) return null
  return {
    frame: FRAMES.ban,
    affects: affected(party === 'M' ? 'M' : bound(statement)),
    start: at,
    end: at,
  }
}

function reach(
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
  return {
    kind: added ? frame.gain : frame.loss,
    from: added ? null : quote,
    to: added ? quote : null,
    affects,
    direction: added ? frame.more : opposite(frame.more),
    zh: `${frame.reach.zh}${added ? '扩大，增加' : '缩小，删去'}“${quote}”${more}`,
    en: `${frame.reach.en} ${added ? 'widened by' : 'narrowed by'} “${quote}”${count > 1 ? ` and ${count - 1} more` : ''}`,
    important: frame.important,
    statement,
  }
}

// ── heavier measures ────────────────────────────────────────────────────────────────────────────────────────────

interface Measure {
  readonly level: number
  readonly words: string
  readonly statement: Statement
  readonly span: Span
}

function measuresIn(list: readonly Statement[]): Measure[] {
  return list.flatMap(statement => {
    const { unit, start, end } = statement
    const text = unit.text.slice(start, end)
    return MEASURES.flatMap(([level, words]) =>
      [...text.matchAll(words)]
        .filter(m => !unit.denied(start + m.index))
        .map(m => ({
          level,
          words: m[0],
          statement,
          span: { start: start + m.index, end: start + m.index + m[0].length },
        })),
    )
  })
}

/** Measures named on one side only, in rules on sanctions that both sides have: heavier, lighter, more or fewer. */
function measureChanges(old: readonly Statement[], fresh: readonly Statement[], stated: Set<Statement>): Found[] {
  const ruling = (list: readonly Statement[]): Statement[] =>
    list.filter(
      s =>
        !stated.has(s) &&
        (cores(s).some(c => c.frame.id === 'sanction') || /处[置罚理]措施|处罚|管控|违规处理/.test(s.text)),
    )
  const [a, b] = [measuresIn(ruling(old)), measuresIn(ruling(fresh))]
  if (a.length === 0 || b.length === 0) return []
  const only = (list: readonly Measure[], other: readonly Measure[]): Measure[] =>
    list.filter(m => !other.some(o => o.words === m.words || o.words.includes(m.words) || m.words.includes(o.words)))
  const [gone, come] = [only(a, b), only(b, a)]
  const unlike = (m: Measure, others: readonly Measure[]): boolean =>
    !others.some(o => o.level === m.level && covered(m.words, bigrams(o.words)) >= 0.34)
  const [less, more] = [gone.filter(m => unlike(m, come)), come.filter(m => unlike(m, gone))]
  const top = (list: readonly Measure[]): number => Math.max(0, ...list.map(m => m.level))
  const [before, after] = [top(less), top(more)]
  const several = Math.abs(more.length - less.length) >= 2
  if (before === after && !several) return []
  const worse = before === after ? more.length > less.length : after > before
  const list = worse ? more : less
  const [first] = list
  if (first === undefined) return []
  for (const { statement } of [...less, ...more]) stated.add(statement)
  const names = (of: readonly Measure[]): string =>
    [...new Set(of.map(m => printed(m.statement, m.span, 24)))].slice(0, 4).join('、')
  const [from, to] = [names(less), names(more)]
  return [
    {
      kind: worse ? 'right-added' : 'right-removed',
      from: from === '' ? null : from,
      to: to === '' ? null : to,
      affects: affected(user(first.statement)),
      direction: worse ? 'worse' : 'better',
      zh: from === '' ? `处置措施增加“${to}”` : to === '' ? `处置措施删去“${from}”` : `处置措施由“${from}”改为“${to}”`,
      en:
        from === ''
          ? `Measures added: “${to}”`
          : to === ''
            ? `Measures dropped: “${from}”`
            : `Measures changed from “${from}” to “${to}”`,
      important: true,
      statement: first.statement,
    },
  ]
}
