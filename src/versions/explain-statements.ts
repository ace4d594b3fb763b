/** Cuts both sides of a pair into statements, finds which correspond, and where inside them the words differ. */
import { diffArrays } from 'diff'
import type { Annotated, Unit } from '../annotate/index.js'
import type { Lang, Party, Span } from '../types.js'
import type { Meaning, MeaningKind, Pair, Passage } from './types.js'

/** One statement: a sentence, or what stands between its semicolons. `start` and `end` are offsets in `unit.text`. */
export interface Statement {
  readonly side: Annotated
  readonly unit: Unit
  readonly start: number
  readonly end: number
  readonly text: string
  /** Parts between commas. */
  readonly segments: readonly Span[]
}

/** Where an old and a new statement differ; offsets in `unit.text` of either side, one side may be empty. */
export interface Hunk {
  readonly old: Span
  readonly new: Span
}

/** Statements that correspond, with the places where their words differ. */
export interface Altered {
  readonly old: Statement
  readonly new: Statement
  readonly hunks: readonly Hunk[]
  /** 0–1, of the words. */
  readonly similarity: number
}

export interface Reading {
  readonly old: readonly Statement[]
  readonly new: readonly Statement[]
  /** Those of `old` and `new` that the other side does not have word for word. */
  readonly oldOnly: readonly Statement[]
  readonly newOnly: readonly Statement[]
  readonly altered: readonly Altered[]
}

const ALIKE = 0.4
/** Beyond so many different tokens two statements have nothing in common that could be read. */
const MOST_EDITS = 240
const LONGEST = 1500

/** The statements of both sides of `pair` that are not the same on the other side, and those that correspond. */
export function readPair(pair: Pair, old: Annotated, fresh: Annotated): Reading {
  const before = statementsOf(old, pair.old)
  const after = statementsOf(fresh, pair.new)
  const counts = new Map<string, number>()
  for (const s of after) counts.set(bare(s.text), (counts.get(bare(s.text)) ?? 0) + 1)
  const [a, common] = without(before, counts)
  const [b] = without(after, common)
  return { old: before, new: after, oldOnly: a, newOnly: b, altered: alike(a, b) }
}

/** Statements of `list` without those counted in `counts`, and what was taken out. */
function without(
  list: readonly Statement[],
  counts: ReadonlyMap<string, number>,
): [readonly Statement[], ReadonlyMap<string, number>] {
  const left = new Map(counts)
  const taken = new Map<string, number>()
  const rest = list.filter(s => {
    const key = bare(s.text)
    const n = left.get(key) ?? 0
    if (n === 0) return true
    left.set(key, n - 1)
    taken.set(key, (taken.get(key) ?? 0) + 1)
    return false
  })
  return [rest, taken]
}

/** Words without punctuation: a comma more or less is no other statement. */
export const bare = (text: string): string => text.replace(/[，。、；：“”（）《》！？·\s【】*#|]/g, '')

function statementsOf(side: Annotated, passages: readonly Passage[]): Statement[] {
  const { units } = side
  const found: Statement[] = []
  let last = -1
  for (const { span } of passages) {
    let low = 0
    let high = units.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((units[middle] as Unit).sentence.span.end <= span.start) low = middle + 1
      else high = middle
    }
    for (let i = low; i < units.length && (units[i] as Unit).sentence.span.start < span.end; i++) {
      if (i <= last) continue
      last = i
      found.push(...split(side, units[i] as Unit))
    }
  }
  return found
}

/** Stories about 商家A and 商品B make no rules. */
const EXAMPLE =
  /举例|例如[：，]|^例[：\d一二三]|示例[：]|案例|(?:商家|商品|订单|卖家|买家|达人|消费者|用户)[a-z甲乙](?![一-鿿]?方|[a-z])/

/** Whether the characters are a table captured as running text: columns and rows are lost, and with them the sense. */
function flattened({ parsed }: Annotated, unit: Unit, start: number, end: number): boolean {
  if (end - start < 40) return false
  const map = unit.map()
  const [first, last] = [map[start] ?? -1, map[end - 1] ?? -1]
  if (first < 0 || last < 0) return false
  const gaps =
    parsed.document.text
      .slice(first, last)
      .match(/[一-鿿）”》%】][ \t\u3000]+(?=\S)|[^\s][ \t\u3000]+(?=[一-鿿（“《【])/g)?.length ?? 0
  return gaps >= 4 && gaps >= (end - start) / 30
}

/** 商家应当按《甲办法》的规定召回: a rule that names a law does not quote it. */
const OBEYS = /(?:商家|卖家|平台|我们|您|你|用户)[^。；]{0,60}(?:按照?|依照|依据|根据|遵守)《/

/** The statements of one unit; none where it makes no rules. */
export function split(side: Annotated, unit: Unit): Statement[] {
  if (
    unit.flags.has('repealed') ||
    unit.flags.has('heading') ||
    (unit.flags.has('quoted-law') && !OBEYS.test(unit.text)) ||
    EXAMPLE.test(unit.text)
  )
    return []
  const found: Statement[] = []
  let start = unit.own
  for (let i = unit.own; i <= unit.text.length; i++) {
    if (i < unit.text.length && !'；。！？'.includes(unit.text.charAt(i))) continue
    const text = unit.text.slice(start, i)
    if (text !== '' && !flattened(side, unit, start, i))
      found.push({ side, unit, start, end: i, text, segments: segmentsOf(unit.text, start, i) })
    start = i + 1
  }
  return found
}

function segmentsOf(text: string, from: number, to: number): Span[] {
  const found: Span[] = []
  let start = from
  for (let i = from; i <= to; i++) {
    if (i < to && text.charAt(i) !== '，' && text.charAt(i) !== '：') continue
    if (i > start) found.push({ start, end: i })
    start = i + 1
  }
  return found
}

/** Pairs of neighbouring characters of a text, for telling how much two texts have in common. */
export type Bigrams = ReadonlySet<number>

/** Both characters in one small integer: sets of strings would cost ten times as much. */
const bigram = (text: string, i: number): number => (text.charCodeAt(i) << 16) | text.charCodeAt(i + 1)

export function bigrams(text: string): Bigrams {
  const set = new Set<number>()
  for (let i = 0; i + 1 < text.length; i++) set.add(bigram(text, i))
  return set
}

/** The share of `text`'s character pairs that `others` holds; 0–1. */
export function covered(text: string, others: Bigrams): number {
  if (text.length < 2) return 1
  let both = 0
  for (let i = 0; i + 1 < text.length; i++) if (others.has(bigram(text, i))) both++
  return both / (text.length - 1)
}

/** Best matches first; long lists look near their own place only. */
function alike(old: readonly Statement[], fresh: readonly Statement[]): Altered[] {
  const sets = fresh.map(s => bigrams(bare(s.text)))
  const reach = old.length * fresh.length > 900 ? 6 : Number.POSITIVE_INFINITY
  const candidates: { i: number; k: number; similarity: number }[] = []
  for (const [i, a] of old.entries()) {
    const own = bigrams(bare(a.text))
    for (const [k, b] of sets.entries()) {
      if (Math.abs(i - k) > reach || own.size + b.size === 0) continue
      let both = 0
      for (const pair of own) if (b.has(pair)) both++
      const similarity = (2 * both) / (own.size + b.size)
      if (similarity >= (old.length === 1 && fresh.length === 1 ? 0.25 : ALIKE)) candidates.push({ i, k, similarity })
    }
  }
  candidates.sort((a, b) => b.similarity - a.similarity || Math.abs(a.i - a.k) - Math.abs(b.i - b.k))
  const usedOld = new Set<number>()
  const usedNew = new Set<number>()
  const found: (Altered & { at: number })[] = []
  for (const { i, k, similarity } of candidates) {
    if (usedOld.has(i) || usedNew.has(k)) continue
    usedOld.add(i)
    usedNew.add(k)
    const [a, b] = [old[i] as Statement, fresh[k] as Statement]
    found.push({ old: a, new: b, hunks: hunksOf(a, b), similarity, at: k })
  }
  return found.sort((a, b) => a.at - b.at)
}

/** What is one word: numbers with their units, who is who, modal verbs. */
const WORD =
  /不得不|不得|不可以|不应当?|不允许|不许|不准(?!确)|严禁|禁止|无权|请勿|切勿|无需|无须|毋须|毋需|不必|不需要?|不须|应当|应该|必须|务必|有义务|需要|有权|可以|得以|[0-9][0-9,.]*[%‰]?|[a-z]+/y

interface Token {
  readonly text: string
  readonly start: number
  readonly end: number
}

function tokens({ unit, start, end }: Statement): Token[] {
  const whole = new Map<number, number>()
  for (const q of unit.quantities) if (q.start >= start && q.end <= end) whole.set(q.start, q.end)
  for (const m of unit.mentions) if (m.start >= start && m.end <= end && !whole.has(m.start)) whole.set(m.start, m.end)
  const found: Token[] = []
  let at = start
  while (at < end) {
    let stop = whole.get(at)
    if (stop === undefined) {
      WORD.lastIndex = at
      stop = WORD.test(unit.text) ? Math.min(WORD.lastIndex, end) : at + 1
    }
    found.push({ text: unit.text.slice(at, stop), start: at, end: stop })
    at = stop
  }
  return found
}

function hunksOf(old: Statement, fresh: Statement): Hunk[] {
  if (old.text.length > LONGEST || fresh.text.length > LONGEST) return []
  const a = tokens(old)
  const b = tokens(fresh)
  const parts = diffArrays(
    a.map(t => t.text),
    b.map(t => t.text),
    { maxEditLength: MOST_EDITS },
  )
  if (parts === undefined) return []
  const found: Hunk[] = []
  let i = 0
  let k = 0
  let open: { i: number; k: number } | null = null
  const close = (): void => {
    if (open === null) return
    const from = (list: readonly Token[], n: number, end: number): number => list[n]?.start ?? end
    found.push({
      old: { start: from(a, open.i, old.end), end: i > open.i ? (a[i - 1] as Token).end : from(a, open.i, old.end) },
      new: {
        start: from(b, open.k, fresh.end),
        end: k > open.k ? (b[k - 1] as Token).end : from(b, open.k, fresh.end),
      },
    })
    open = null
  }
  for (const part of parts) {
    if (part.added || part.removed) {
      open ??= { i, k }
      if (part.removed) i += part.count
      else k += part.count
    } else {
      // A lone character that both sides happen to share does not end a change.
      if (open === null || part.count > 1 || (part.value[0] ?? '').length > 1) close()
      i += part.count
      k += part.count
    }
  }
  close()
  return found
}

// ── words for people ────────────────────────────────────────────────────────────────────────────────────────────

export type Affected = Meaning['affects']
export type Direction = Meaning['direction']
export const opposite = (direction: Direction): Direction =>
  direction === 'worse' ? 'better' : direction === 'better' ? 'worse' : 'neutral'
export const affected = (party: Party): Affected =>
  party === 'P' ? 'platform' : party === 'M' ? 'merchant' : 'consumer'

const NAMES: Readonly<Record<Lang, Readonly<Record<Affected, string>>>> = {
  zh: { merchant: '商家', consumer: '消费者', platform: '平台' },
  en: { merchant: 'merchants', consumer: 'consumers', platform: 'the platform' },
}
/** What a reading finds, in both languages; `meaning` puts it into words. */
export interface Found {
  readonly kind: MeaningKind
  readonly from: string | null
  readonly to: string | null
  readonly affects: Affected
  readonly direction: Direction
  readonly zh: string
  readonly en: string
  readonly important: boolean
  /** Where it was read: tells what the party is called there. */
  readonly statement: Statement
}

/** One line: what changed, and for whom it is worse or better. */
export function meaning(found: Found, lang: Lang): Meaning {
  const { kind, from, to, affects, direction, important } = found
  const who = nameIn(found.statement, affects)[lang]
  const tail =
    direction === 'neutral'
      ? ''
      : lang === 'zh'
        ? `：对${who}${direction === 'worse' ? '不利' : '有利'}`
        : `: ${direction} for ${who}`
  return { kind, from, to, affects, direction, summary: `${found[lang]}${tail}`, important }
}

/** Partners who earn on the platform and are not called merchants; by how English calls them. */
const PARTNERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:骑手|配送员|跑腿员)$/, 'riders'],
  [/^(?:网约车司机|司机|车主)$/, 'drivers'],
  [/^(?:达人|主播|创作者|卖手)$/, 'creators'],
  [/^(?:团长|带货者|推广者|推广方|推客)$/, 'promoters'],
  [
    /^(?:服务商|服务提供者|供应商|供货商|供货方|供方|代理商|经销商|分销商|加盟商|开发者|开发商|广告主|房东|讲师)$/,
    'partners',
  ],
]
const partner = (name: string): { readonly zh: string; readonly en: string } | null => {
  const en = PARTNERS.find(([pattern]) => pattern.test(name))?.[1]
  return en === undefined ? null : { zh: name, en }
}

/** What a party is called where a statement speaks of it: 骑手 are merchants by type, and no reader would call them so. */
export function nameIn({ unit, start, end, side }: Statement, who: Affected): Readonly<Record<Lang, string>> {
  const plain = { zh: NAMES.zh[who], en: NAMES.en[who] }
  if (who === 'consumer' && !buys(side)) return { zh: '用户', en: 'users' }
  if (who !== 'merchant') return plain
  const all = unit.mentions.filter(
    m => m.party === 'M' && !/[“《][^”》]{0,12}$/.test(unit.text.slice(Math.max(0, m.start - 14), m.start)),
  )
  const own = all.filter(m => m.start >= start && m.end <= end)
  const list = own.length > 0 ? own : all
  const named = list.find(m => m.role === 'subject') ?? list[0]
  if (named !== undefined) {
    const words = unit.text.slice(named.start, named.end)
    if (partner(words) !== null) return partner(words) ?? plain
    if (MERCHANT.test(words)) return plain
    if (/^(?:用户|会员)$/.test(words)) return { zh: words, en: words === '用户' ? 'users' : 'members' }
  }
  // 您 of an agreement with riders.
  const title = side.parsed.title ?? ''
  const earner =
    /骑手|配送员|网约车司机|司机|车主|达人|主播|创作者|团长|推广者|服务商|供应商|开发者|广告主|房东|讲师/.exec(title)
  return earner === null || /商家|商户|卖家|店铺/.test(title) ? plain : (partner(earner[0]) ?? plain)
}

const buying = new WeakMap<Annotated, boolean>()
/** Whether a text speaks of those who buy; else whoever uses the service is a 用户, as a firm may be. */
function buys(side: Annotated): boolean {
  const { text } = side.parsed.document
  const count = (words: RegExp): number => text.match(words)?.length ?? 0
  const known =
    buying.get(side) ??
    (count(/消费者|买家|顾客|乘客/g) * 4 >= count(/用户|会员/g) && !/用户/.test(side.parsed.title ?? ''))
  buying.set(side, known)
  return known
}

const TRADE = /商家|商户|卖家|店铺|入驻|货款|经营者|佣金|带货|供应商|服务商|开发者|主播|达人|骑手|司机/g
const trades = new WeakMap<Annotated, boolean>()

/** In a text that hardly speaks of trade, whoever is addressed is no merchant. */
export function partyIn(side: Annotated, party: Party | null): Party | null {
  if (party !== 'M') return party
  let trade = trades.get(side)
  if (trade === undefined) {
    const { text } = side.parsed.document
    const heads = side.parsed.title ?? ''
    const words = text.slice(0, 40_000).match(TRADE)?.length ?? 0
    trade = heads.search(TRADE) >= 0 || words >= 3 + Math.min(text.length, 40_000) / 3000
    trades.set(side, trade)
  }
  return trade ? 'M' : 'C'
}

/** Who is called by these names is a merchant, whatever the document is about. */
const MERCHANT = /^(?:平台内经营者|平台商家|平台卖家|(?:平台内|入驻)?(?:商家|商户|卖家|店铺|店主|经营者))$/

/** Whether a name is a noun for somebody who trades or earns on the platform. */
const earns = (name: string): boolean => MERCHANT.test(name) || partner(name) !== null
/** 合作伙伴, 机构: who is called so may be anybody, unless the document is about trade. */
const vague = (side: Annotated, name: string): boolean =>
  !earns(name) && !/^(?:您|你|阁下|用户|会员|平台用户|平台会员)$/.test(name) && !side.cast.names.has(name)

const telling = new WeakMap<Annotated, boolean>()
const tells = (side: Annotated): boolean => {
  const known =
    telling.get(side) ?? (side.parsed.document.text.match(/商家|商户|卖家|服务商|供应商/g)?.length ?? 0) >= 3
  telling.set(side, known)
  return known
}

/** Whoever is neither merchant nor consumer nor the platform, where a sentence may have its subject. */
const OTHERS =
  /(?:^|[，。；：])(?:如果?|若|但是?|且|同时|此时)?(?:该|其他|任何|上述|前述|每个)*(?:第三方|他人|他们|对方|其他人|其他用户|任何人|监护人|举报人|权利人|投诉人|银行|法院|机关|部门|单位|个人|组织|支付机构|物流|快递公司|律师|父母|家长|双方|各方|当事人|申请人|(?:被)?投诉方|任何一方|任一方|一方)/
/** What makes the name before it part of a noun: 用户到手价, 会员/提货券. */
const NOUN =
  /^(?:\/|(?:到手|支付|实付|购买|下单)?(?:价|金额|数|量|率|标题|主图|名称|昵称|头像|资质|证照|主体|类目|体验|页面|链接|身份|费用|货款|卡|券))/

/**
 * Who acts at an offset of the unit's text. Null where the statement and its lead-in name nobody before it, where it
 * may be somebody else, and where two parties are named before and neither in the same part of the sentence.
 */
export function actorOf({ unit, start, side }: Statement, at: number): Party | null {
  const { text } = unit
  if (OTHERS.test(text.slice(start, at))) return null
  const before = unit.mentions.filter(m => m.start < at && m.role !== 'attribute')
  const last = before.at(-1)
  if (last === undefined || NOUN.test(text.slice(last.end, last.end + 8))) return null
  // 使用甲市场平台: two names in a row are one, and play one part.
  const near = before.at(-2)
  if (near !== undefined && near.end === last.start && near.role === 'object') return null
  // 公司及其关联方、合作伙伴: who is named together acts together, and is no one party.
  if (
    near !== undefined &&
    (near.party !== last.party || text.slice(near.start, near.end) !== text.slice(last.start, last.end)) &&
    /^[^，。；]{0,6}[、和或与及][^，。；]{0,3}$/.test(text.slice(near.end, last.start))
  )
    return null
  const segment =
    Math.max(text.lastIndexOf('，', at - 1), text.lastIndexOf('；', at - 1), text.lastIndexOf('：', at - 1)) + 1
  const named = before.filter(m => m.start >= start)
  if (last.start < segment) {
    if (named.some(m => m.party !== last.party)) return null
    // Only what opens its part of the sentence governs the parts behind it.
    if (
      last.start >= start &&
      !/(?:^|[，。；：])[^，。；：]{0,6}$/.test(text.slice(Math.max(0, last.start - 8), last.start))
    )
      return null
  }
  const subject = before.findLast(m => m.role === 'subject') ?? last
  const words = text.slice(subject.start, subject.end)
  const acting = unit.actorAt(at)
  if (acting === 'M' && earns(words)) return 'M'
  const party = partyIn(side, acting)
  if (acting === 'M' && party === 'C' && vague(side, words)) return null
  // Where a text tells merchants from users, 用户 are those who buy.
  return party === 'M' && /^(?:用户|会员)$/.test(words) && tells(side) ? 'C' : party
}

/** Who a name stands for, in its document. */
export function partyOf({ unit, side }: Statement, { party, start, end }: Unit['mentions'][number]): Party {
  return party === 'M' && earns(unit.text.slice(start, end)) ? 'M' : (partyIn(side, party) ?? party)
}

/** Whether what stands at an offset is said of somebody who is neither merchant nor consumer nor the platform. */
export function stranger({ unit, start }: Statement, at: number): boolean {
  const front = unit.text.slice(start, at)
  const other = OTHERS.exec(front)
  if (other === null) return false
  const behind = start + other.index + other[0].length
  return !unit.mentions.some(m => m.role === 'subject' && m.start >= behind && m.end <= at)
}

/** Whom a statement is about beside the platform: who is named in it, in its unit, or whom the document addresses. */
export function user(statement: Statement): 'M' | 'C' {
  const { unit, start, end, side } = statement
  const named = (from: number, to: number): 'M' | 'C' | null => {
    const name = (m: (typeof unit.mentions)[number]): string => unit.text.slice(m.start, m.end)
    const all = unit.mentions.filter(
      m =>
        m.start >= from &&
        m.end <= to &&
        m.party !== 'P' &&
        !(m.party === 'M' && partyIn(side, 'M') === 'C' && vague(side, name(m))),
    )
    const subject = all.find(m => m.role === 'subject') ?? all[0]
    if (subject === undefined) return null
    // Who is called a merchant is one, whatever the document is about.
    if (earns(name(subject))) return 'M'
    return partyIn(side, subject.party) === 'M' ? 'M' : 'C'
  }
  const inherited = unit.inherited === 'P' ? null : unit.inherited
  const found = named(start, end) ?? named(0, unit.text.length)
  return found ?? (partyIn(side, inherited ?? side.cast.addressee) === 'M' ? 'M' : 'C')
}

/** Whom a rule binds that names nobody: in a text about trade those who trade, though it speaks of buyers. */
export function bound(statement: Statement): 'M' | 'C' {
  const { unit, side, start, end } = statement
  const subject = unit.mentions.find(
    m =>
      m.party !== 'P' &&
      m.role === 'subject' &&
      m.start >= start &&
      m.end <= end &&
      !NOUN.test(unit.text.slice(m.end, m.end + 8)),
  )
  if (subject === undefined && side.cast.addressee === 'M' && tells(side)) return 'M'
  return user(statement)
}

/** The part between commas that holds an offset. */
export const segmentAt = ({ segments }: Statement, at: number): Span | null =>
  segments.find(s => s.start <= at && at <= s.end) ?? null

/** A stretch of a unit as the document prints it, on one line, at most `most` characters. */
export function printed(statement: Statement, { start, end }: Span, most = 40): string {
  const { unit, side } = statement
  const map = unit.map()
  const first = map[start] ?? -1
  const last = map[end - 1] ?? -1
  const raw =
    first >= 0 && last >= first ? side.parsed.document.text.slice(first, last + 1) : unit.text.slice(start, end)
  const line = raw
    .replace(/\s*\n\s*/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}
