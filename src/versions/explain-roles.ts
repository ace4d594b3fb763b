/** What a number of a rule is about (which period, fee, penalty) and who gains or loses when it grows or shrinks. */
import type { Party, Span } from '../types.js'
import { type Affected, actorOf, affected, partyIn, user } from './explain-parties.js'
import { type Statement } from './explain-statements.js'

export type Scale = 'period' | 'rate' | 'amount' | 'multiple' | 'points' | 'count'
export type Effect = { readonly who: Affected; readonly direction: 'worse' | 'better' | 'neutral' }

/** What a number is about; `up` and `down` say who is affected when it grows and when it shrinks. */
export interface Role {
  readonly id: string
  readonly zh: string
  readonly en: string
  readonly up: Effect
  readonly down: Effect
  readonly important: boolean
}

/** Part of a statement between two commas. */
export interface Part {
  readonly before: string
  readonly after: string
  readonly next: string
}

// ── periods ─────────────────────────────────────────────────────────────────────────────────────────────────────

type PeriodType = 'limit' | 'notice' | 'sanction' | 'service' | 'deemed' | 'neutral'
/** Who acts: as the sentence says (`said`), the platform or the user unless it says otherwise, always merchant or consumer. */
type By = 'said' | 'P' | 'U' | 'M' | 'C'

interface Period {
  readonly id: string
  readonly words: string
  readonly zh: string
  readonly en: string
  readonly type: PeriodType
  readonly by: By
  readonly important: boolean
}

const period = (
  id: string,
  words: string,
  zh: string,
  en: string,
  type: PeriodType,
  by: By,
  important = false,
): Period => ({
  id,
  words,
  zh,
  en,
  type,
  by,
  important,
})
const PERIODS: readonly Period[] = [
  period(
    'claim',
    '(?:申请|发起|提出|要求)(?:无理由)?(?:退款|退货|退换货?|换货|售后|维权)',
    '申请售后的期限',
    'period for claiming after-sales service',
    'service',
    'C',
    true,
  ),
  period(
    'appeal',
    '(?:提出|提交|发起|进行)?(?:申诉|申辩|异议)|(?:申请|提起|提出)(?:复核|复议|复查)',
    '申诉期限',
    'appeal period',
    'limit',
    'U',
    true,
  ),
  period('withdraw', '申请?提现|提现', '提现期限', 'withdrawal period', 'limit', 'said', true),
  period('publicity', '公示|公布|征求意见|意见征集|征集意见', '公示期限', 'publication period', 'notice', 'P', true),
  period(
    'deemed',
    '自动(?:确认|收货|完成|关闭|同意|成交|退款)|视为|视同|默认(?:同意|收货|接受)',
    '自动确认的期限',
    'period before deemed acceptance',
    'deemed',
    'said',
    true,
  ),
  // Named by its act: 发起服务申请的期限.
  period(
    'apply',
    '(?:(?:提交|提供|上传|补充)[^，]{1,8}?)?(?:发起|提出|提交)[^，、]{0,6}?申请',
    '申请期限',
    'period for applying',
    'limit',
    'said',
  ),
  period(
    'evidence',
    '举证|(?:提供|提交|上传|出具|补充|补交|补正)',
    '提交材料的期限',
    'period for submitting material',
    'limit',
    'said',
  ),
  period('rectify', '整改|改正|纠正', '整改期限', 'period for rectification', 'limit', 'U', true),
  period('pay', '补缴|补足|补齐|缴纳|交纳|缴清|缴足', '缴纳期限', 'period for payment', 'limit', 'U', true),
  period('dispatch', '发货|揽收|出库', '发货时限', 'dispatch time', 'limit', 'M', true),
  period('no-reason', '无理由', '无理由退货期', 'no-reason return period', 'service', 'C', true),
  period('refund', '退款|退费', '退款时限', 'refund time', 'limit', 'said', true),
  period('settle', '结算|账期|打款|放款|到账|入账', '结算周期', 'settlement period', 'limit', 'P', true),
  period('give-back', '退还|返还|退回|解冻', '退还期限', 'period for giving money back', 'limit', 'P', true),
  period(
    'warranty',
    '保修|质保|三包|价保|保价|售后(?:服务)?期|售后保障',
    '售后保障期',
    'after-sales period',
    'service',
    'C',
    true,
  ),
  period('return', '退货|退换|换货|寄回', '退换货期限', 'return period', 'service', 'C', true),
  period('review', '复核|复议|复查', '复核时限', 'review time', 'limit', 'P', true),
  period('check', '审核|核实|核查|审查|受理', '审核时限', 'time for checking', 'limit', 'said'),
  period('answer', '处理|答复|回复|响应|回应|解决', '处理时限', 'handling time', 'limit', 'said'),
  period('notice', '通知|告知|预告|公告|提醒', '通知期限', 'notice period', 'notice', 'said', true),
  period(
    'sanction',
    '冻结|封禁|封停|禁言|禁播|限制|屏蔽|暂停|停用|关闭|下架|降权|停播|停业|扣留|暂扣|中止|限流|不予结算|延期结算|暂缓|监管期|禁用|停售',
    '限制措施的期限',
    'length of the restriction',
    'sanction',
    'P',
    true,
  ),
  period('keep', '保存|保留|留存|存储', '保存期限', 'retention period', 'neutral', 'said'),
  period('trial', '试用', '试用期', 'trial period', 'service', 'C'),
  period('valid', '有效期?|服务期|合同期|合作期', '有效期', 'term', 'neutral', 'said'),
]
const ALL_PERIODS = new RegExp(PERIODS.map(p => `(${p.words})`).join('|'), 'g')
const BAN =
  /^(?:以?内|之内|期间)?[^，]{0,4}?(?:不得|无法|禁止|不能|不可|不予|不再)(?:再次?)?(?:重新)?(?:报名|入驻|参加|参与|开播|直播|登录|发布|提现|申请|经营|上架|使用|开店|接单)/
export const WITHIN = /^(?:以内|之内|内|以前|之前|前)/

/** Whose account and money a rule for merchants holds back, though it names the buyers that were harmed. */
const punished = (statement: Statement): 'M' | 'C' =>
  partyIn(statement.side, statement.side.cast.addressee) === 'M' ? 'M' : user(statement)

interface Hit {
  readonly period: Period
  readonly at: number
  readonly end: number
}

function hits(text: string): Hit[] {
  const found: Hit[] = []
  for (const m of text.matchAll(ALL_PERIODS)) {
    const n = m.findIndex((group, i) => i > 0 && group !== undefined)
    const hit = PERIODS[n - 1]
    if (hit !== undefined) found.push({ period: hit, at: m.index, end: m.index + m[0].length })
  }
  return found
}

/** What a period is about, read from the words around it; null where they do not tell. */
export function periodRole(statement: Statement, part: Part, at: Span): Role | null {
  const who = affected(punished(statement))
  if (BAN.test(part.after)) return sanctionRole(who)
  if (/^[td]\+/.test(statement.unit.text.slice(at.start, at.end))) return settled(statement)
  // 近30日, 连续3个月: over what time something is counted.
  const notice = /[一-鿿]{2}前$/.test(part.before) && hits(part.after.slice(0, 10))[0]?.period.type === 'notice'
  if (!notice && /(?:近|过去|最近|连续|每|累计|首|(?<!提)前)$/.test(part.before)) return null
  let hit: Hit | undefined
  let offset = 0
  if (WITHIN.test(part.after)) {
    // 24小时内安排上门取回，…退回途中…: the act that follows right away, not one further on.
    const ahead = part.after.replace(WITHIN, '').length <= 4 ? `${part.after}，${part.next}` : part.after
    hit = hits(ahead.slice(0, 30))[0]
    offset = at.end
    if (hit === undefined && !/^[，。]?$/.test(part.after.replace(WITHIN, ''))) return null
    if (hit?.period.type === 'sanction' || hit?.period.type === 'neutral') hit = undefined
  } else if (/提前(?:至少|不少于)?$/.test(part.before)) {
    hit = hits(part.after.slice(0, 20))[0] ?? hits(part.next.slice(0, 16))[0]
    offset = at.end
    if (hit !== undefined && hit.period.type !== 'notice') return null
  } else if (notice) {
    // 处理前三日通知商家
    hit = hits(part.after.slice(0, 10))[0]
    offset = at.end
  } else {
    const close = hits(part.after.slice(0, 8)).find(h => h.at <= 2)
    if (close !== undefined && !part.after.startsWith('后')) {
      hit = close
      offset = at.end
    }
  }
  if (hit === undefined) {
    // What stands in front must lead to the number, not to another act: 申诉期为7日, 冻结资金30日.
    const back = part.before.slice(-18)
    const last = hits(back).at(-1)
    if (last === undefined) return null
    const between = back.slice(last.end)
    if (WITHIN.test(part.after) && last.period.type !== 'limit' && last.period.type !== 'notice') return null
    if (/^(?:之日|申请|通知|要求|材料|结果|成功|完成|失败)?[^，]{0,4}(?:后|起|之日)/.test(between)) return null
    hit = last
    offset = at.start - back.length
  }
  const role = roleOfPeriod(statement, hit.period, offset + hit.at)
  if (hit.period.id !== 'apply') return role
  const act = /.*((?:发起|提出|提交)[^，、]{0,6}?申请)$/.exec(
    statement.unit.text.slice(offset + hit.at, offset + hit.end),
  )?.[1]
  return act === undefined ? role : { ...role, zh: `${act}的期限`, important: /退|售后|申诉|赔|提现/.test(act) }
}

const sanctionRole = (who: Affected): Role => ({
  id: 'sanction',
  zh: '限制措施的期限',
  en: 'length of the restriction',
  up: { who, direction: 'worse' },
  down: { who, direction: 'better' },
  important: true,
})
const settled = (statement: Statement): Role =>
  roleOfPeriod(statement, PERIODS.find(p => p.id === 'settle') as Period, -1)

function roleOfPeriod(statement: Statement, p: Period, at: number): Role {
  const { unit } = statement
  const said = at < 0 ? null : actorOf(statement, 1 + at)
  const person = user(statement)
  const by: Party | null =
    p.by === 'M' || p.by === 'C'
      ? p.by
      : p.by === 'U'
        ? said === null || said === 'P'
          ? person
          : said
        : p.by === 'P'
          ? (said ?? 'P')
          : said
  const role = (up: Effect, down: Effect): Role => ({
    id: `${p.id}:${by ?? ''}`,
    zh: p.zh,
    en: p.en,
    up,
    down,
    important: p.important,
  })
  const both = (who: Affected, up: 'worse' | 'better'): Role =>
    role({ who, direction: up }, { who, direction: up === 'worse' ? 'better' : 'worse' })
  const neutral = role({ who: affected(person), direction: 'neutral' }, { who: affected(person), direction: 'neutral' })
  switch (p.type) {
    case 'neutral':
      return neutral
    case 'sanction':
      return both(affected(punished(statement)), 'worse')
    case 'service':
      return both('consumer', 'better')
    case 'deemed':
      // 自动确认收货: the buyer gains time, the seller waits for the money.
      if (/收货|验收|签收/.test(unit.text.slice(Math.max(0, at - 4), at + 10)))
        return role({ who: 'consumer', direction: 'better' }, { who: 'consumer', direction: 'worse' })
      return /自动(?:关闭|成交|退款|完成)/.test(unit.text.slice(at, at + 4))
        ? neutral
        : both(affected(person), 'better')
    case 'notice':
      return by === null ? neutral : by === 'P' ? both(affected(person), 'better') : both(affected(by), 'worse')
    case 'limit':
      if (p.id === 'withdraw' && by !== 'P') return neutral
      if (by === 'C' && /^(?:answer|check)$/.test(p.id)) return neutral
      return by === null ? neutral : by === 'P' ? both(affected(person), 'worse') : both(affected(by), 'better')
  }
}

// ── sums, shares, points ────────────────────────────────────────────────────────────────────────────────────────

type SumType = 'penalty' | 'compensation' | 'deposit' | 'fee' | 'income'
interface Sum {
  readonly type: SumType
  readonly pattern: RegExp
  readonly en: string
}
const SUMS: readonly Sum[] = [
  { type: 'penalty', pattern: /违约金|罚款|罚金|滞纳金|扣款|扣罚/g, en: 'penalty' },
  { type: 'compensation', pattern: /赔偿金?|赔付金?|补偿金?|退一赔|假一赔/g, en: 'compensation' },
  { type: 'deposit', pattern: /[一-鿿]{0,2}保证金|押金|质保金|履约金/g, en: 'deposit' },
  {
    type: 'fee',
    pattern:
      /佣金|技术服务费|软件服务费|基础服务费|平台服务费|服务费|手续费|费率|年费|月费|管理费|推广费|使用费|扣点|抽成|抽佣|通道费|仓储费|租金|会员费/g,
    en: 'fee',
  },
  { type: 'income', pattern: /补贴|奖励金?|返佣|返利|激励|返现|返点|奖金/g, en: 'bonus' },
]
const SUM_AFTER = new RegExp(`^(?:以内)?的?(?:${SUMS.map(s => s.pattern.source).join('|')})`)
const VERBS = /(?:扣除|扣划|扣减|扣取|划扣|处罚)(?=[^，]{0,8}$)/
const SUM_EN: Readonly<Record<string, string>> = {
  违约金: 'penalty',
  罚款: 'fine',
  罚金: 'fine',
  滞纳金: 'late fee',
  佣金: 'commission',
  技术服务费: 'technical service fee',
  服务费: 'service fee',
  手续费: 'handling fee',
  费率: 'rate',
  年费: 'annual fee',
  扣款: 'deduction',
  推广费: 'promotion fee',
  会员费: 'membership fee',
  租金: 'rent',
}
const THRESHOLD_BEFORE =
  /(?<!不)(?:满|达到?|超过|超出|高于|大于|低于|不足|小于|少于|≥|≤|>|<|>=|<=|未满|不满)(?:人民币)?$/
const THRESHOLD_AFTER = /^(?:及?以[上下内]|\(含\)|（含）|（不含）)*(?:的|时|者|后|部分)/

function findSum(text: string, last: boolean): { sum: Sum; word: string; at: number; end: number } | null {
  let best: { sum: Sum; word: string; at: number; end: number } | null = null
  for (const sum of SUMS) {
    for (const m of text.matchAll(sum.pattern)) {
      const end = m.index + m[0].length
      if (best === null || (last ? end > best.end : m.index < best.at)) best = { sum, word: m[0], at: m.index, end }
    }
  }
  return best
}

const COMMISSION = /^(?:佣金|扣点|抽成|抽佣)/

/** The same for amounts, rates, multiples, points and counts. */
export function sumRole(statement: Statement, part: Part, at: Span, scale: Scale): Role | null {
  const person = affected(user(statement))
  const neutral: Effect = { who: person, direction: 'neutral' }
  const worse: Effect = { who: person, direction: 'worse' }
  const better: Effect = { who: person, direction: 'better' }
  const { text } = statement.unit
  const front = part.before.slice(-28)
  // 逾期未支付违约金500元的: what stands right before the number names it, whatever hangs on it.
  const adjacent = (findSum(front, true)?.end ?? 0) >= front.length - 1 && front !== ''
  const threshold =
    THRESHOLD_BEFORE.test(part.before) || (!adjacent && THRESHOLD_AFTER.test(part.after) && part.next !== '')
  if (scale === 'points') {
    if (
      /(?:累计|达到?|满|≥|超过)[^，]{0,8}$/.test(part.before) &&
      /扣分|违规|记分|计分|[扣记]满/.test(`${part.before}${statement.text}`)
    )
      return {
        id: 'points-line',
        zh: '触发处理的累计扣分',
        en: 'points that trigger measures',
        up: better,
        down: worse,
        important: true,
      }
    if (/(?:扣|扣除|记|计|扣减)[^，0-9]{0,6}$/.test(part.before) && !/加|奖/.test(part.before.slice(-6)))
      return { id: 'points', zh: '每次扣分', en: 'points deducted', up: worse, down: better, important: true }
    return null
  }
  if (scale === 'count') {
    if (
      /(?:最多|仅限?|只能|不超过|可|享有?|限|每(?:年|月|日|天|周|季度|笔|单|次)?)[^，]{0,8}$/.test(part.before) ||
      /^[^，]{0,4}(?:机会|免费)/.test(part.after)
    ) {
      const right = /申诉|复核|退款|退货|免费|修改|提现|更换|变更|申请/.exec(
        `${part.after.slice(0, 10)}${part.before.slice(-12)}`,
      )
      if (right !== null && !/违规|违约|处罚/.test(part.before))
        return {
          id: `count:${right[0]}`,
          zh: `可${right[0].replace('免费', '免费使用')}的次数`,
          en: 'number of times allowed',
          up: better,
          down: worse,
          important: /申诉|复核|退/.test(right[0]),
        }
    }
    if (
      /(?:累计|达到?|满|超过|出现|发生|连续|≥|违规|违约|违反[^，]{1,12}|投诉)[^，]{0,8}$/.test(part.before) &&
      /扣|冻结|关闭|清退|终止|限制|封|下架|解除|罚|停/.test(text.slice(at.end, statement.end))
    )
      return {
        id: 'count-line',
        zh: '触发处理的次数',
        en: 'number of times that triggers measures',
        up: better,
        down: worse,
        important: true,
      }
    return null
  }
  if (threshold) return null
  const noun = SUM_AFTER.exec(part.after)
  const back = front
  const hit =
    noun !== null
      ? findSum(part.after.slice(0, noun[0].length), false)
      : (findSum(back, true) ?? findSum(part.after.slice(0, 12), false))
  const verb = VERBS.exec(back)
  const local = `${part.before}${part.after}`
  const cap = /上限|最高|至多|不超过|封顶/.test(part.before)
    ? 'cap'
    : /下限|最低|起/.test(part.before.slice(-6))
      ? 'floor'
      : ''
  const named = (sum: Sum | null, word: string, up: Effect, down: Effect, important = true): Role => ({
    id: `${sum?.type ?? 'penalty'}:${sum?.type === 'deposit' ? 'deposit' : word}:${up.direction}`,
    zh: `${sum?.type === 'deposit' ? '保证金' : word}${cap === 'cap' ? '上限' : cap === 'floor' ? '下限' : scale === 'rate' && /[金费]$/.test(word) ? '比例' : ''}`,
    en: `${SUM_EN[word] ?? sum?.en ?? 'deduction'}${cap === '' ? (scale === 'rate' && word !== '费率' ? ' rate' : '') : ` ${cap}`}`,
    up,
    down,
    important,
  })
  if (hit === null) return verb === null ? null : named(null, '扣款', worse, better)
  if (verb !== null && noun === null && verb.index > back.length - 14 && hit.sum.type === 'deposit')
    return named(null, '扣款', worse, better)
  const place = noun !== null || findSum(back, true) === null ? at.end + hit.at : at.start - back.length + hit.at
  const said = actorOf(statement, 1 + place)
  const pays = said === 'P' && /支付|承担|赔|补|垫付/.test(local) && !/扣|收取|有权/.test(local)
  switch (hit.sum.type) {
    case 'penalty': {
      const who = affected(punished(statement))
      return pays
        ? named(hit.sum, hit.word, better, worse)
        : named(hit.sum, hit.word, { who, direction: 'worse' }, { who, direction: 'better' })
    }
    case 'deposit':
      return named(hit.sum, hit.word, worse, better)
    case 'fee': {
      if (
        /达人|主播|推客|团长|推广者|创作者|机构/.test(statement.text) ||
        pays ||
        /减免|优惠|返还|退还|补贴/.test(local)
      )
        return named(hit.sum, hit.word, neutral, neutral)
      // A share of what is sold is paid by who sells it, named or not.
      if (COMMISSION.test(hit.word) && said !== 'C' && !statement.unit.mentions.some(m => m.party !== 'P'))
        return named(
          hit.sum,
          hit.word,
          { who: 'merchant', direction: 'worse' },
          { who: 'merchant', direction: 'better' },
        )
      return said === 'C'
        ? named(hit.sum, hit.word, { who: 'consumer', direction: 'worse' }, { who: 'consumer', direction: 'better' })
        : named(hit.sum, hit.word, worse, better)
    }
    case 'compensation': {
      const word = hit.word.startsWith('赔付') ? '赔付' : hit.word.startsWith('补偿') ? '补偿' : '赔偿'
      const consumer: Effect = { who: 'consumer', direction: 'worse' }
      const owes = said === 'C' && /(?:消费者|买家|用户|您)[^，]{0,8}(?:应|须|需|承担|负责)/.test(statement.text)
      const toMerchant = /(?:商家|卖家|商户|店铺)[^，；]{0,8}(?:获得|得到|取得|主张|要求|请求)[^，；]{0,10}[赔补]/.test(
        statement.text,
      )
      if (toMerchant)
        return named(hit.sum, word, { who: 'merchant', direction: 'better' }, { who: 'merchant', direction: 'worse' })
      const fromMerchant =
        said === 'M' ||
        (said === 'C' && !owes && /商家|卖家|商户|店铺/.test(statement.text)) ||
        (/扣|划/.test(local) && person === 'merchant')
      if (fromMerchant && !/向?商家/.test(text.slice(place, place + 6)))
        return named(
          hit.sum,
          word,
          { who: 'merchant', direction: 'worse' },
          /消费者|买家|用户|顾客/.test(statement.text) ? consumer : { who: 'merchant', direction: 'better' },
        )
      if (said === 'P') return named(hit.sum, word, better, worse)
      if (owes) return named(hit.sum, word, consumer, { who: 'consumer', direction: 'better' })
      return named(hit.sum, word, neutral, neutral)
    }
    case 'income':
      return said === 'P' || said === null
        ? named(hit.sum, hit.word, better, worse, false)
        : named(hit.sum, hit.word, neutral, neutral, false)
  }
}
