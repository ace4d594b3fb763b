/** Who is who in a statement: who acts, who is bound or meant, and what they are called; findings put into words. */
import type { Annotated, Unit } from '../annotate/index.js'
import type { Lang, Party } from '../types.js'
import type { Statement } from './explain-statements.js'
import type { Meaning, MeaningKind } from './types.js'

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

// ── who it is ───────────────────────────────────────────────────────────────────────────────────────────────────

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

const addressing = new WeakMap<Annotated, boolean>()
/** Whether a text speaks of merchants more than of users, and does not address users as 您. */
function trading(side: Annotated): boolean {
  const { text } = side.parsed.document
  const count = (words: RegExp): number => text.match(words)?.length ?? 0
  const known = addressing.get(side) ?? count(/商家|商户|卖家/g) > count(/您|你|用户/g)
  addressing.set(side, known)
  return known
}

/** Whom a rule binds that names nobody: in a text about trade those who trade, though it speaks of buyers. */
export function bound(statement: Statement, before?: number): 'M' | 'C' {
  const { unit, side, start, end } = statement
  const subject = unit.mentions.find(
    m =>
      m.party !== 'P' &&
      m.role === 'subject' &&
      m.start >= start &&
      m.end <= (before ?? end) &&
      !NOUN.test(unit.text.slice(m.end, m.end + 8)),
  )
  if (subject === undefined && tells(side) && (side.cast.addressee === 'M' || trading(side))) return 'M'
  return user(statement)
}

/** Whom a measure against breaches is meant for: 商家行为引发消费者投诉的 names the buyers as those who complain. */
export function sanctioned(statement: Statement): 'M' | 'C' {
  const { unit, start, end, side } = statement
  const named = unit.mentions.filter(m => m.start >= start && m.end <= end && m.party !== 'P')
  if (named.some(m => earns(unit.text.slice(m.start, m.end)))) return 'M'
  // Nobody else has a shop or a deposit, or is made to leave the platform.
  if (named.length === 0 && /清退|整改|店铺|货款|保证金/.test(statement.text) && partyIn(side, 'M') === 'M') return 'M'
  // Who complains, or is misled, is not who is punished.
  const rest = named.filter(
    m => !/^(?:大量)?(?:投诉|举报|误解|混淆|权益|体验|利益|合法)/.test(unit.text.slice(m.end, m.end + 6)),
  )
  if (rest.length === 0 && (tells(side) || trading(side)) && (side.cast.addressee === 'M' || trading(side))) return 'M'
  return user(statement)
}
