/** Reads which rules came or went, grew or shrank, by what they do to whom. */
import type { Span } from '../types.js'
import type { Elsewhere } from './explain-elsewhere.js'
import { type Core, cores, FRAMES, type FrameId, speaksOf } from './explain-frames.js'
import { delegated, otherWay } from './explain-kept.js'
import { licenceChanges } from './explain-licences.js'
import { banned, listChanges, reach } from './explain-lists.js'
import { measureChanges } from './explain-measures.js'
import { norms, quoted, TRIGGER } from './explain-norms.js'
import { type Found, nameIn, opposite, stranger } from './explain-parties.js'
import { bare, bigrams, covered, printed, type Reading, type Statement, segmentAt } from './explain-statements.js'

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
  found.push(...measureChanges(oldOnly, newOnly, reading, stated))
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
    for (const change of ruleChanges(side, partners, stated))
      if (licences.length === 0 || !change.zh.includes(FRAMES.licence.zh)) found.push(change)
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
      if (seen.has(id) || (id === 'ban' && seen.has('duty'))) continue
      // In a statement that both sides have, only what stands in new words is new.
      const part = partner?.spans.find(s => core.start >= s.start - 2 && core.start < s.end && s.end - s.start >= 6)
      if (partner !== undefined && part === undefined) continue
      if (partner !== undefined && cores(partner.with).some(c => c.frame.id === id)) {
        const text = part === undefined ? '' : bare(statement.unit.text.slice(part.start, part.end))
        if (
          part !== undefined &&
          text.length >= 12 &&
          !(id === 'exemption' && /法律|法规/.test(text)) &&
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
      if (!added && /^(?:choice|relief|remedy)$/.test(id)) {
        const way = otherWay(
          words,
          there.filter(s => !own.has(s)),
        )
        if (way !== null && id === 'choice') wider.push(anotherWay(core, statement, segment, way))
        if (way !== null || delegated(statement, segment, other.unlike(own))) continue
      }
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

/** What users may still do, in another way: 卸载即可退出 → 如希望退出，请联系我们. */
function anotherWay(
  { affects, frame }: Core,
  old: Statement,
  span: Span,
  way: { statement: Statement; span: Span },
): Found {
  const [from, to] = [printed(old, span), printed(way.statement, way.span)]
  return {
    kind: 'condition',
    from,
    to,
    affects,
    direction: 'neutral',
    zh: `取消或退出的方式由“${from}”改为“${to}”`,
    en: `Way to cancel or leave changed from “${from}” to “${to}”`,
    important: frame.important,
    statement: way.statement,
  }
}

/** The first prohibition that a statement itself lays on merchant or consumer. */
function banCore(statement: Statement): Core | null {
  const { unit, start, end } = statement
  const zone = unit.prohibitions.find(p => p.start >= start && p.start < end && p.end - p.start >= 4)
  if (zone === undefined || unit.flags.has('definition') || unit.flags.has('void')) return null
  const segment = segmentAt(statement, zone.start)
  if (segment === null || TRIGGER.test(unit.text.slice(segment.start, segment.end))) return null
  if (/^(?:如果?|若)?(?:任何)?(?:第三方|他人)/.test(statement.text)) return null
  // 作出禁止注册的处理, 禁止演绎协议: a prohibition opens its part of the sentence, or follows whom it binds.
  const by = unit.mentions.findLast(m => m.end <= zone.start && m.start >= segment.start)
  const front = unit.text.slice(by?.end ?? segment.start, zone.start)
  // 禁止转载：… names a sort of licence, or heads a list.
  if (/^[^，；：]{1,14}：/.test(unit.text.slice(zone.start, zone.start + 16)) && /许可|协议/.test(statement.text))
    return null
  if (front.endsWith('禁止') && /^[^，]{1,6}的[^，]{2,}/.test(unit.text.slice(zone.start, segment.end))) return null
  if (front.endsWith('禁止') && (front.length > 10 || /[“”、]|作出|采取|给予/.test(front))) return null
  // Columns of a table run together.
  if ((printed(statement, segment, 400).match(/[一-鿿] +(?=[一-鿿\d])/g)?.length ?? 0) >= 3) return null
  if (quoted(unit.text, start, zone.start) || stranger(statement, zone.start)) return null
  return banned(statement, zone.start)
}

/** Whether a rule of the same kind, in words that this version lacks, says about the same on the other side. */
function rewritten(
  statement: Statement,
  part: string,
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
    return covered(few, many) >= (near.has(s) ? SAME_PLACE : SAME_RULE) || covered(part, others) >= SAME_RULE
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
  if (unit.own === 0 || start !== unit.own || statement.text.length > 80 || /理解|同意|是指/.test(statement.text))
    return null
  const lead = unit.text.slice(0, unit.own)
  // A list that is new as a whole is told as the rule that it is.
  if (bare(lead).length < 6 || !other.says(bare(lead), [])) return null
  const ban = banned(statement, start + 1)
  if (ban !== null && unit.prohibitions.some(p => p.start <= unit.own)) return { ...ban, start, end: start }
  const inLead = cores(statement).filter(
    c =>
      c.end <= unit.own &&
      !/^(?:duty|choice|notice|discretion|nature)$/.test(c.frame.id) &&
      (c.frame.id !== 'licence' || /授权|许可|授予/.test(lead)),
  )
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
