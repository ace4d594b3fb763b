/** What changed numbers mean: which of both sides belong together, and whether there is more or less of it. */
import { numeral } from '../annotate/normalise.js'
import type { Span } from '../types.js'
import type { Elsewhere } from './explain-elsewhere.js'
import { type Effect, type Part, periodRole, type Role, type Scale, sumRole, WITHIN } from './explain-roles.js'
import { affected, type Found, stranger, user } from './explain-parties.js'
import { type Altered, bare, printed, type Reading, type Statement } from './explain-statements.js'

interface Measure extends Span {
  readonly scale: Scale
  readonly value: number
  /** Working days and the like. */
  readonly working: boolean
  readonly zh: string
  readonly en: string
  readonly role: Role | null
}

const NUMBER = '(?:\\d+(?:\\.\\d+)?|[一二三四五六七八九十百两]+)'
const POINTS = new RegExp(
  `(?<!\\d)(${NUMBER})分(?![钟之类别期店享销成级为析发部支公布配散项歧红])|(?<![第每再首\\d])(${NUMBER})次(?!性|[日月年级品要序生数])`,
  'g',
)
const SHARES = new RegExp(`([千万])分之(${NUMBER})`, 'g')
const RANGE = /(?:\d+(?:\.\d+)?|[一二三四五六七八九十]+)(?:个?工作日|[天日]|个月|小时|%|元)?(?:-|~|—|至|到|～)$/

/** The numbers of a statement, with what each is about. */
function measures(statement: Statement): Measure[] {
  const { unit, start, end } = statement
  const { text } = unit
  const found: Measure[] = []
  const add = (scale: Scale, at: Span, value: number): void => {
    const range = RANGE.exec(text.slice(Math.max(start, at.start - 8), at.start))
    const span = { start: at.start - (range?.[0].length ?? 0), end: at.end }
    const words = text.slice(at.start, at.end)
    const part = partAround(statement, at)
    found.push({
      ...span,
      scale,
      value,
      working: /工作|交易|营业/.test(words),
      zh: printed(statement, span),
      en: `${range?.[0].replace(/至|到/, '-') ?? ''}${english(scale, words)}`,
      role: scale === 'period' ? periodRole(statement, part, at) : sumRole(statement, part, at, scale),
    })
  }
  for (const q of unit.quantities) {
    if (q.start < start || q.end > end || q.kind === 'date' || q.kind === 'count') continue
    const words = text.slice(q.start, q.end)
    const before = text.slice(Math.max(start, q.start - 3), q.start)
    if (q.kind === 'duration') {
      // Years, months and days of the calendar, ordinals and opening hours are no periods.
      if (/^(?:(?:19|20)\d\d|2\d)年|^[\d一二三四五六七八九十]+月$/.test(words)) continue
      if (/[月年】第×x*【]$|(?:周|星期|礼拜)$|[-./]$/.test(before) && !RANGE.test(before)) continue
      // 一年一次, 同一天, 每一天 count nothing that could be long or short.
      if (/[同每某当]$/.test(before)) continue
    }
    const scale: Scale = q.kind === 'duration' ? 'period' : q.kind
    add(scale, q, q.value)
  }
  for (const m of statement.text.matchAll(POINTS)) {
    const at = start + m.index
    const value = numeral(m[1] ?? m[2] ?? '')
    if (value !== null) add(m[1] === undefined ? 'count' : 'points', { start: at, end: at + m[0].length }, value)
  }
  for (const m of statement.text.matchAll(SHARES)) {
    const value = numeral(m[2] ?? '')
    const at = start + m.index
    if (value !== null) add('rate', { start: at, end: at + m[0].length }, value / (m[1] === '千' ? 1000 : 10_000))
  }
  for (const m of statement.text.matchAll(/(?<![a-z])[td]\+(\d{1,3})(?!\d)/g)) {
    const at = start + m.index
    add('period', { start: at, end: at + m[0].length }, Number(m[1]))
  }
  return found.sort((a, b) => a.start - b.start)
}

const UNITS: Readonly<Record<string, string>> = {
  秒: 'second',
  分钟: 'minute',
  小时: 'hour',
  钟头: 'hour',
  日: 'day',
  天: 'day',
  昼夜: 'day',
  晚: 'night',
  周: 'week',
  星期: 'week',
  礼拜: 'week',
  旬: 'ten-day period',
  月: 'month',
  季度: 'quarter',
  年: 'year',
}

const FIGURES = new RegExp(NUMBER.replace('\\d+', '[\\d,]+'))

function english(scale: Scale, words: string): string {
  const digits = FIGURES.exec(words)?.[0] ?? ''
  const n = words.startsWith('半') ? 0.5 : numeral(digits)
  if (n === null) return words
  if (/^[千万]分之/.test(words))
    return `${numeral(words.slice(3))} per ${words.startsWith('千') ? 'thousand' : 'ten thousand'}`
  if (scale === 'rate') return words.startsWith('百分之') || !words.endsWith('‰') ? `${n}%` : `${n}‰`
  if (scale === 'amount')
    return `CNY ${n}${{ 万: '0,000', 千: ',000', 百: '00' }[/[万千百](?=余|多|元|块)/.exec(words)?.[0] ?? ''] ?? ''}`
  const many = (noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`
  if (scale === 'multiple') return `${n} times`
  if (scale === 'points') return many('point')
  if (scale === 'count') return many('time')
  if (/^[td]\+/.test(words)) return words.toUpperCase()
  const unit =
    /秒|分钟|小时|钟头|昼夜|[日天晚周旬月年]|星期|礼拜|季度/.exec(
      words.slice(digits.length).replace(/工作|自然|交易|营业|日历/, ''),
    )?.[0] ?? ''
  return `${n} ${/工作|交易|营业/.test(words) ? 'working ' : ''}${UNITS[unit] ?? unit}${n === 1 ? '' : 's'}`
}

const CAP =
  /^(?:但|且|单笔|每单|每笔|单次|累计|总额|上限|下限|最高|最低|最多|至多|最少|不超过|不高于|不低于|不少于|为|封顶)+$/

function partAround({ unit, start, end }: Statement, at: Span): Part {
  const { text } = unit
  let from = at.start
  while (from > start && text.charAt(from - 1) !== '，') from--
  // 赔付订单金额的10%，最高不超过100元: a bare limit is one of what stands before it.
  if (from > start && CAP.test(text.slice(from, at.start))) {
    from--
    while (from > start && text.charAt(from - 1) !== '，') from--
  }
  let to = at.end
  while (to < end && text.charAt(to) !== '，') to++
  let next = to + 1
  while (next < end && text.charAt(next) !== '，') next++
  return {
    before: text.slice(from, at.start),
    after: text.slice(at.end, to),
    next: to < end ? text.slice(to + 1, Math.min(next, end)) : '',
  }
}

// ── changes ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** What changed numbers of two corresponding statements mean. */
export function quantityChanges(
  { old, new: fresh, hunks, similarity }: Altered,
  sides: { readonly old: string; readonly new: string },
): Found[] {
  // What still stands on the other side was put beside something else, not changed.
  const stays = (a: Measure, b: Measure): boolean =>
    sides.new.includes(around(old, a)) || sides.old.includes(around(fresh, b))
  const told = (a: Measure, b: Measure): Found[] => {
    // 5000元 → 按结算额扣除，最低2000元 is neither more nor less; a nameless number of a long text may be any.
    const other = bound(old, a) !== bound(fresh, b) && !/^T/i.test(a.zh)
    const nameless = (a.role === null || a.role.id !== b.role?.id) && (old.text.length > 120 || similarity < 0.7)
    return other || nameless || stays(a, b)
      ? []
      : changed(a, b, old, share(a) && share(b) && baseOf(old, a) === baseOf(fresh, b))
  }
  const digits = /[\d一二三四五六七八九十百千万两半]/
  if (
    !hunks.some(
      h =>
        digits.test(old.unit.text.slice(h.old.start, h.old.end)) ||
        digits.test(fresh.unit.text.slice(h.new.start, h.new.end)),
    )
  )
    return []
  const before = measures(old)
  const after = measures(fresh)
  const found: Found[] = []
  const restOld: Measure[] = []
  const restNew: Measure[] = []
  for (const hunk of hunks) {
    const a = before.filter(m => m.end > hunk.old.start && m.start < hunk.old.end)
    const b = after.filter(m => m.end > hunk.new.start && m.start < hunk.new.end)
    const [first, second] = [a[0], b[0]]
    const tight = loose(a, hunk.old) <= 6 && loose(b, hunk.new) <= 6 && similarity >= 0.5
    if (a.length === 1 && b.length === 1 && first !== undefined && second !== undefined && tight) {
      found.push(...told(first, second))
      continue
    }
    if (tight && a.length === b.length && a.every((m, i) => m.scale === b[i]?.scale && m.role?.id === b[i]?.role?.id)) {
      for (const [i, m] of a.entries()) found.push(...told(m, b[i] as Measure))
      continue
    }
    if (
      tight &&
      a.length + b.length === 1 &&
      old.unit.text.slice(hunk.old.start, hunk.old.end).length +
        fresh.unit.text.slice(hunk.new.start, hunk.new.end).length <=
        16
    ) {
      const one = first === undefined ? fresh : old
      const other =
        first === undefined
          ? old.unit.text.slice(hunk.old.start, hunk.old.end)
          : fresh.unit.text.slice(hunk.new.start, hunk.new.end)
      const measure = first ?? second
      if (measure !== undefined) found.push(...limit(measure, one, other, first === undefined))
    }
    restOld.push(...a)
    restNew.push(...b)
  }
  // What was rewritten around its number: the same thing said once on each side.
  for (const m of restOld) {
    if (m.role === null) continue
    const same = (x: Measure): boolean =>
      x.role?.id === m.role?.id &&
      (x.scale === m.scale || (share(x) && share(m) && baseOf(old, m) === baseOf(fresh, x)))
    const others = after.filter(same)
    const [other] = others
    if (other === undefined || before.filter(same).length !== 1 || !others.every(x => restNew.includes(x))) continue
    if (others.length === 1) found.push(...told(m, other))
    else if (share(m) && others.every(share)) {
      // 一倍 → 100%或30%: worse or better as a whole only where none of them goes the other way.
      const values = others.map(x => x.value)
      const [least, most] = [Math.min(...values), Math.max(...values)]
      const value = most <= m.value ? least : least >= m.value ? most : null
      const zh = [...new Set(others.map(x => x.zh))].join('或')
      const en = [...new Set(others.map(x => x.en))].join(' or ')
      if (value !== null) found.push(...told(m, { ...other, value, zh, en }))
    }
  }
  return found
}

/** A number with the words beside it. */
const around = ({ unit, start, end }: Statement, { start: from, end: to }: Span): string =>
  unit.text.slice(Math.max(start, from - 8), Math.min(end, to + 4))

/** How many characters of a change are not its numbers. */
const loose = (list: readonly Measure[], { start, end }: Span): number =>
  list.reduce((n, m) => n - (Math.min(m.end, end) - Math.max(m.start, start)), end - start)

const KIND = {
  period: 'period',
  rate: 'rate',
  multiple: 'rate',
  amount: 'amount',
  points: 'amount',
  count: 'amount',
} as const
const PLAIN: Readonly<Record<Scale, readonly [string, string]>> = {
  period: ['期限', 'period'],
  rate: ['比例', 'rate'],
  multiple: ['倍数', 'multiple'],
  amount: ['金额', 'amount'],
  points: ['分值', 'points'],
  count: ['次数', 'number of times'],
}

/** Whether a number is the least, the most, or the very one. */
function bound({ unit, start }: Statement, m: Measure): string {
  const before = unit.text.slice(Math.max(start, m.start - 6), m.start)
  const after = unit.text.slice(m.end, m.end + 2)
  if (/(?:最低|不低于|不少于|至少|最少)(?:为|人民币)?$/.test(before) || /^(?:以上|起)/.test(after)) return 'least'
  return /(?:最高|不超过|不高于|至多|最多|上限)(?:为|人民币)?$/.test(before) || after === '以下' ? 'most' : ''
}

/** Shares and multiples: 一倍 is 100%. */
const share = (m: Measure): boolean => m.scale === 'rate' || m.scale === 'multiple'
/** What stands right before a share is what it is a share of. */
const baseOf = ({ unit, start }: Statement, m: Measure): string =>
  unit.text
    .slice(Math.max(start, m.start - 8), m.start)
    .replace(/(?:的|之)?(?:最高|最低|不超过|上限)?(?:为|按)?$/, '')
    .slice(-2)

/** `sameBase`: whether both are shares of the same. */
function changed(from: Measure, to: Measure, statement: Statement, sameBase: boolean): Found[] {
  if (from.scale === to.scale && from.working === to.working && from.value === to.value) return []
  const role = from.role !== null && from.role.id === to.role?.id ? from.role : null
  const order = from.scale === to.scale || sameBase ? compare(from, to) : null
  if (order === 0) return []
  const [plainZh, plainEn] = PLAIN[to.scale]
  const effect: Effect =
    role === null || order === null || stranger(statement, from.start)
      ? { who: affected(user(statement)), direction: 'neutral' }
      : order > 0
        ? role.up
        : role.down
  const verb =
    order === null
      ? ['改为', 'changed']
      : to.scale === 'period'
        ? order > 0
          ? ['延长为', 'extended']
          : ['缩短为', 'shortened']
        : order > 0
          ? ['提高到', 'raised']
          : ['降低到', 'lowered']
  const neutral = effect.direction === 'neutral' && role === null
  const en = role?.en ?? plainEn
  return [
    {
      kind: KIND[to.scale],
      from: from.zh,
      to: to.zh,
      affects: effect.who,
      direction: effect.direction,
      zh: `${role?.zh ?? plainZh}由${from.zh}${neutral ? '改为' : verb[0]}${to.zh}`,
      en: `${en.charAt(0).toUpperCase()}${en.slice(1)} ${neutral ? 'changed' : verb[1]} from ${from.en} to ${to.en}`,
      important: role?.important ?? false,
      statement,
    },
  ]
}

/** Whether `b` is longer or more than `a`: positive, negative, 0 for the same, null where that cannot be said. */
function compare(a: Measure, b: Measure): number | null {
  if (a.scale !== 'period') return b.value - a.value
  if (a.working === b.working)
    return Math.abs(a.value - b.value) <= 0.02 * Math.max(a.value, b.value) ? 0 : b.value - a.value
  // N working days last at least N days, and with the longest holidays not twice as many and a week.
  const [work, plain] = a.working ? [a.value, b.value] : [b.value, a.value]
  const order = plain <= work ? -1 : plain >= 2 * work + 8 ? 1 : null
  return order === null ? null : a.working ? order : -order
}

/** A limit of time that appeared or went: 在7日内退款 → 及时退款. */
function limit(measure: Measure, statement: Statement, other: string, added: boolean): Found[] {
  const { role, scale } = measure
  const { text } = statement.unit
  const form = WITHIN.test(text.slice(measure.end, measure.end + 3))
    ? '内'
    : /提前(?:至少)?$/.test(text.slice(Math.max(0, measure.start - 4), measure.start))
      ? '提前'
      : ''
  const vague = /^(?:及时|尽快|(?:在)?合理(?:的)?(?:期限|时间)内?|适时|尽速)$/.exec(other)
  if (scale !== 'period' || form === '' || role === null || (other.length > 2 && vague === null)) return []
  // Right away is shorter than any number of days; it is no limit that went.
  if (/立即|即时|立刻|当[日天]/.test(other)) return []
  const limits = /^(?:notice|publicity)/.test(role.id) ? 1 : -1
  // No limit is a longer one for whoever has to act, and a shorter one where notice is given.
  const effect = (added ? 1 : -1) * limits > 0 ? role.up : role.down
  const what = vague === null ? null : other.replace(/^在/, '')
  return [
    {
      kind: 'period',
      from: added ? what : measure.zh,
      to: added ? measure.zh : what,
      affects: effect.who,
      direction: effect.direction,
      zh: added
        ? `${role.zh}定为${measure.zh}${what === null ? '' : `，原为“${what}”`}`
        : `${role.zh}不再写明${measure.zh}${what === null ? '' : `，改为“${what}”`}`,
      en: added ? `${upper(role.en)} set at ${measure.en}` : `${upper(role.en)} of ${measure.en} no longer stated`,
      important: role.important,
      statement,
    },
  ]
}

/**
 * Limits of time that bind the platform and stand on one side of a pair only: 并在15日内答复 that went with its act.
 * `told` is what was found before; `says` asks the other version as a whole.
 */
export function limitChanges(
  { oldOnly, newOnly }: Reading,
  told: readonly Found[],
  oldSays: Elsewhere['says'],
  newSays: Elsewhere['says'],
): Found[] {
  if (oldOnly.length === 0 || newOnly.length === 0) return []
  const limits = (list: readonly Statement[]): { m: Measure; statement: Statement }[] =>
    list
      .filter(s => s.unit.quantities.some(q => q.kind === 'duration'))
      .flatMap(statement => measures(statement).map(m => ({ m, statement })))
      .filter(({ m }) => m.scale === 'period' && m.role !== null)
  const [before, after] = [limits(oldOnly), limits(newOnly)]
  const found: Found[] = []
  const look = (
    here: typeof before,
    there: typeof before,
    says: Elsewhere['says'],
    others: readonly Statement[],
    added: boolean,
  ): void => {
    for (const { m, statement } of here) {
      const role = m.role as Role
      const base = role.id.replace(/:.*/, '')
      if (!/^(?:answer|check|review|give-back|settle|refund|publicity|notice):P$/.test(role.id)) continue
      if (there.some(x => x.m.role?.id.startsWith(`${base}:`)) || told.some(f => f.zh.startsWith(role.zh))) continue
      const part = partAround(statement, m)
      if (says(bare(`${part.before}${m.zh}${part.after}`), others)) continue
      const [next] = limit(m, statement, '', added)
      if (next !== undefined) found.push(next)
    }
  }
  look(before, after, newSays, newOnly, false)
  look(after, before, oldSays, oldOnly, true)
  return found
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
