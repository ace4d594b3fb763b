/** Reads when a rule takes effect, where it applies, before which court one may or must go, and whether its measures are open-ended. */
import { cores } from './explain-frames.js'
import { affected, type Found, sanctioned, user } from './explain-parties.js'
import { type Altered, bare, printed, type Reading, type Statement, segmentAt } from './explain-statements.js'
import type { Span } from '../types.js'

/** What changed about effect, measures, court and threshold in the statements of a pair that correspond. */
export function effectChanges(reading: Reading): Found[] {
  return [
    ...atOnce(reading),
    ...reading.altered.flatMap(pair => [...openEnded(pair, reading), ...forum(pair), ...threshold(pair)]),
  ]
}

const AT_ONCE = /(?:公布|发布|公示|公告|上线)[^；。]{0,16}?(?:即时|即刻|立即|当即|立刻|即(?:行|可|告)?)(?:自动)?生效/

/** 一经公布即生效 that came, or went from a clause that stays. */
function atOnce({ old, new: fresh, altered }: Reading): Found[] {
  const at = (list: readonly Statement[]): Statement | undefined => list.find(s => AT_ONCE.test(s.text))
  const [a, b] = [at(old), at(fresh)]
  const statement = a ?? b
  if (statement === undefined || (a !== undefined && b !== undefined)) return []
  // Gone with its whole clause it says nothing about the rest.
  if (!altered.some(pair => pair.old === statement || pair.new === statement)) return []
  // 发布的商品即时生效: what takes effect must be a rule.
  if (!/协议|规则|规范|条款|政策|公告|通知|内容/.test(statement.text)) return []
  const m = AT_ONCE.exec(statement.text)
  const span = {
    start: statement.start + (m?.index ?? 0),
    end: statement.start + (m?.index ?? 0) + (m?.[0].length ?? 0),
  }
  const quote = printed(statement, span)
  const added = b !== undefined
  return [
    {
      kind: 'condition',
      from: added ? null : quote,
      to: added ? quote : null,
      affects: affected(user(statement)),
      direction: added ? 'worse' : 'better',
      zh: `${added ? '新增' : '删去'}公布即生效的规定（“${quote}”）`,
      en: `${added ? 'New' : 'Dropped'}: effect on publication (“${quote}”)`,
      important: true,
      statement,
    },
  ]
}

const OPEN = /包括但不限于|包含但不限于|不限于|除(?:前述|上述|以上)[^，；]{0,14}(?:措施|处理|处罚)[^，；]{0,4}外/

/** Measures that are listed become examples, or the other way round. */
function openEnded({ old, new: fresh }: Altered, { old: before, new: after }: Reading): Found[] {
  const sanctions = (s: Statement): boolean => cores(s).some(c => c.frame.id === 'sanction' && c.start >= s.start)
  if (!sanctions(old) || !sanctions(fresh)) return []
  // What is open-ended must be the measures, not the breaches.
  const open = (s: Statement): RegExpExecArray | null => {
    const m = OPEN.exec(s.text)
    const front = s.text.slice(Math.max(0, (m?.index ?? 0) - 16), m?.index ?? 0)
    return m !== null && (m[0].startsWith('除') || /措施|处[理置罚]|采取|责任/.test(front)) ? m : null
  }
  const [a, b] = [open(old), open(fresh)]
  if ((a === null) === (b === null) || (b === null ? after : before).some(s => open(s) !== null)) return []
  const added = b !== null
  const statement = added ? fresh : old
  const quote = (b ?? a)?.[0] ?? ''
  return [
    {
      kind: added ? 'right-added' : 'right-removed',
      from: added ? null : quote,
      to: added ? quote : null,
      affects: affected(sanctioned(statement)),
      direction: added ? 'worse' : 'better',
      zh: added ? `处置措施不再限于所列（增加“${quote}”）` : `处置措施改为限于所列（删去“${quote}”）`,
      en: added
        ? `Measures no longer limited to those listed (“${quote}”)`
        : `Measures limited to those listed (“${quote}” dropped)`,
      important: true,
      statement,
    },
  ]
}

const MUST = /(?:应当?|须|必须|只能)(?=[^，；]{0,4}(?:向|提交|提请))/
const MAY = /(?:双方|各方|任何一方|任一方)?均?(?:可以?|有权)(?=[^，；]{0,4}(?:向|提交|提请))/
const COURT = /法院|仲裁/

/** 应向甲法院起诉 → 可向甲法院起诉. */
function forum({ old, new: fresh }: Altered): Found[] {
  if (!COURT.test(old.text) || !COURT.test(fresh.text)) return []
  const said = (s: Statement): { must: string | undefined; may: string | undefined } => {
    const part = s.segments.map(x => s.unit.text.slice(x.start, x.end)).find(words => COURT.test(words)) ?? ''
    return { must: MUST.exec(part)?.[0], may: MAY.exec(part)?.[0] }
  }
  const [a, b] = [said(old), said(fresh)]
  const from = a.must !== undefined && a.may === undefined ? a.must : a.may
  const to = b.must !== undefined && b.may === undefined ? b.must : b.may
  if (from === undefined || to === undefined || (a.may === undefined) === (b.may === undefined)) return []
  return [
    {
      kind: 'modality',
      from,
      to,
      affects: affected(user(fresh)),
      direction: 'neutral',
      zh: `争议管辖由“${from}”改为“${to}”`,
      en: `Jurisdiction: “${from}” became “${to}”`,
      important: true,
      statement: fresh,
    },
  ]
}

const LESS = /不超过|不满|不足|少于|小于|低于|未满|以[内下]|[之]?内/
const MORE = /超过|大于|高于|多于|不少于|不低于|已?满|以上|逾/

/** Whether a case begins or ends at the number at a place: 48小时内, 大于48小时. */
function side({ unit }: Statement, { start, end }: Span): { more: boolean; span: Span } | null {
  const before = new RegExp(`(?:${LESS.source}|${MORE.source})$`).exec(unit.text.slice(Math.max(0, start - 4), start))
  const after = new RegExp(`^(?:${LESS.source}|${MORE.source})`).exec(unit.text.slice(end, end + 3))
  const words = before?.[0] ?? after?.[0]
  if (words === undefined) return null
  const more = new RegExp(`^(?:${LESS.source})$`).test(words) ? false : MORE.test(words)
  return { more, span: { start: start - (before?.[0].length ?? 0), end: end + (after?.[0].length ?? 0) } }
}

/** A case that is now what it was not: 48小时内 → 大于48小时. */
function threshold({ old, new: fresh }: Altered): Found[] {
  for (const a of old.unit.quantities) {
    if (a.start < old.start || a.end > old.end) continue
    const words = old.unit.text.slice(a.start, a.end)
    const twins = fresh.unit.quantities.filter(
      q => q.start >= fresh.start && q.end <= fresh.end && fresh.unit.text.slice(q.start, q.end) === words,
    )
    const [b] = twins
    if (b === undefined || twins.length > 1 || old.text.split(words).length > 2) continue
    const [from, to] = [side(old, a), side(fresh, b)]
    if (from === null || to === null || from.more === to.more) continue
    // The words in front must be about the same.
    const front = (s: Statement, at: number): string =>
      bare(s.unit.text.slice(segmentAt(s, at)?.start ?? s.start, at))
        .replace(/[在为是]$/, '')
        .slice(-4)
    if (front(old, from.span.start) !== front(fresh, to.span.start)) continue
    const [was, is] = [printed(old, from.span), printed(fresh, to.span)]
    return [
      {
        kind: 'condition',
        from: was,
        to: is,
        affects: affected(user(fresh)),
        direction: 'neutral',
        zh: `适用条件由“${was}”改为“${is}”`,
        en: `Applies to “${is}” instead of “${was}”`,
        important: true,
        statement: fresh,
      },
    ]
  }
  return []
}
