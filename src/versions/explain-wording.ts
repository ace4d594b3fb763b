/** What changed wording means: modal verbs, rights and remedies, duties and powers, who bears what, conditions. */
import type { Party, Span } from '../types.js'
import {
  type Affected,
  type Altered,
  actorOf,
  affected,
  type Bigrams,
  bare,
  bigrams,
  covered,
  type Found,
  printed,
  type Says,
  type Statement,
  user,
} from './explain-statements.js'

type Modal = 'may' | 'must' | 'must-not' | 'need-not' | 'not'

const MODALS: readonly (readonly [Modal, string])[] = [
  ['must', '不得不'],
  ['must-not', '不得|不可以|不应当?|不允许|不许(?!可)|不准(?![确时])|严禁|(?<![、被或及和规所])禁止|无权|请勿|切勿'],
  ['need-not', '无需|无须|毋须|毋需|不必|不需要?|不须|无义务|没有义务'],
  [
    'must',
    '应当|应该|(?<![对适供相响反感效回呼])应(?![用对急届付得收答聘邀援变手税有该]|(?:缴纳?|退|扣|发货|结算|支付|承担|提供)[^，]{0,4}(?:金额|款项?|额|时间|数量?|费用|保证金|货款)|平台|公司|用户|消费者|商家|您|监管|主管|法律|国家|政府|[a-z])|必须|务必|(?<![必无毋])须(?![知臾])|有义务|(?<![无所必急按供刚不])需(?!求)要?',
  ],
  [
    'may',
    '有权|可以|(?<![许认不尚即方均亦还最])可(?![能靠信视疑见爱抗避撤分行观选用读控预逆转以参随]|再许可|撤销)|得以|享有',
  ],
  ['not', '(?:概|均|亦|也|恕|一律)?不(?:再|予)?(?=承担|负责|负|赔|退|支持|受理|提供|收取|保证|支付|返还|结算)'],
]
const MODAL = new RegExp(MODALS.map(([, words]) => `(${words})`).join('|'), 'g')

/** What the platform does at the users' cost, and what it owes them. */
const BURDEN =
  /扣除|扣划|扣减|扣罚|扣款|扣分|扣收|划扣|收取|加收|冻结|封禁|封停|封号|关闭|下架|限制|暂停|中止|终止|解除|删除|屏蔽|降权|清退|没收|罚款|处罚|处置|拒绝|取消|追究|追偿|要求[^，]{0,8}(?:支付|赔偿|承担|提供|提交)|暂缓|延期|不予|停止|收回|撤销|抵扣|采取[^，]{0,12}措施|单方|提高|修改|变更|调整|披露|公开其/g
const BENEFIT =
  /退还|返还|退款|退费|退回|赔偿|补偿|赔付|通知|告知|公示|公告|说明|提示|提醒|答复|回复|反馈|受理|支付|结算|打款|保护|保障|保密|征求|听取|协助|支持|解冻|恢复|承担|负责|审核|复核|提供[^，]{0,8}(?:渠道|途径|帮助|服务|证据|理由|凭证|发票)/g
const IMPORTANT =
  /费用?|佣金|保证金|押金|赔|补偿|退|罚|扣|冻结|申诉|申辩|复核|异议|个人信息|隐私|数据|账号|解除|终止|通知|公示|封|关闭|清退|下架|限制|结算|货款|提现|责任|违约|诉讼|仲裁|注销|修改|变更/

/** Rights and remedies, by what they let somebody do. */
const RIGHTS: readonly (readonly [string, string, string])[] = [
  ['申诉|申辩', '申诉', 'to appeal'],
  ['复核|复议|复查', '申请复核', 'to a review'],
  ['异议', '提出异议', 'to object'],
  ['无理由退货|退货|退换货?|换货', '退换货', 'to return goods'],
  ['退款|退费', '退款', 'to a refund'],
  [
    '解除(?=[^，]{0,6}(?:协议|合同|合作|服务))|终止(?=[^，]{0,6}(?:协议|合同|合作|服务))',
    '解除合同',
    'to end the contract',
  ],
  ['赔偿|补偿|索赔|赔付', '获得赔偿', 'to compensation'],
  ['退还|返还', '要求退还', 'to have money returned'],
  ['注销', '注销账号', 'to close the account'],
  ['退出|退订', '退出', 'to leave'],
  ['投诉|举报', '投诉', 'to complain'],
  ['起诉|诉讼|仲裁', '提起诉讼或仲裁', 'to go to court or arbitration'],
  ['查询|查阅', '查询', 'to inspect'],
  ['更正', '更正', 'to correction'],
  ['复制|导出|转移(?=[^，]{0,4}信息)', '复制', 'to a copy'],
  ['删除(?=[^，]{0,6}信息)', '删除个人信息', 'to erasure'],
  ['撤回(?=[^，]{0,4}(?:同意|授权))', '撤回同意', 'to withdraw consent'],
  ['价保|保价', '价格保护', 'to price protection'],
  ['(?:开具?|索取|索要|申请)[^，]{0,6}发票', '索取发票', 'to an invoice'],
]
/** Groups of `RIGHTS` that only a buyer has: returns, refunds, price protection. */
const GOODS: ReadonlySet<number> = new Set([3, 4, 17])
/** Groups that are rights where they concern data. */
const DATA: ReadonlySet<number> = new Set([12, 13, 14])
const RIGHT = new RegExp(RIGHTS.map(([words]) => `(${words})`).join('|'), 'g')

/** A segment that tells when something applies, not what anybody may or must do. */
const TRIGGER =
  /(?:的|时|后|前|之日|期间|情况下|情形下|为由|等理由|情形之一)$|^(?:如果?|若|因|未|一旦|当|对于?|除非|凡|在)/

interface Norm extends Span {
  readonly statement: Statement
  readonly modal: Modal
  /** Offset of the modal verb and of what follows it. */
  readonly at: number
  readonly after: number
  readonly actor: Party | null
  /** Words behind the modal verb, to the end of the segment. */
  readonly act: string
}

const modalsIn = (text: string): { modal: Modal; at: number; end: number }[] =>
  [...text.matchAll(MODAL)].map(m => {
    const n = m.findIndex((group, i) => i > 0 && group !== undefined)
    return { modal: (MODALS[n - 1] as readonly [Modal, string])[0], at: m.index, end: m.index + m[0].length }
  })

/** The first modal verb of each segment that `of` lets through, with who is meant. */
function norms(statement: Statement, of: (words: string) => boolean = () => true): Norm[] {
  const { unit, segments } = statement
  const found: Norm[] = []
  for (const segment of segments) {
    const words = unit.text.slice(segment.start, segment.end)
    if (!of(words) || TRIGGER.test(words) || /[<>]/.test(words)) continue
    const first = modalsIn(words)[0]
    if (first === undefined) continue
    // Columns of a table run together: 品牌 型号 禁止发布类目.
    if ((printed(statement, segment, 400).match(/[一-鿿] +(?=[一-鿿\d])/g)?.length ?? 0) >= 3) continue
    const at = segment.start + first.at
    if (quoted(unit.text, segment.start, at) || attributive(statement, segment, at, words.slice(first.end))) continue
    found.push({
      ...segment,
      statement,
      modal: first.modal,
      at,
      after: segment.start + first.end,
      actor: actorOf(statement, at),
      act: words.slice(first.end),
    })
  }
  return found
}

/** “禁止未成年人购买”: words that are to be shown bind nobody. */
const quoted = (text: string, from: number, at: number): boolean =>
  /[“「《][^”」》]*$/.test(text.slice(Math.max(0, from - 40), at))

/** 用于退店阶段商家应承担的款项: the modal verb describes a noun. */
function attributive({ unit }: Statement, segment: Span, at: number, act: string): boolean {
  const subject = unit.mentions.findLast(m => m.end <= at && m.start >= segment.start)
  const front = unit.text.slice(segment.start, subject?.start ?? at)
  return /^[^，]{1,14}的[^，]{1,14}$/.test(act) && front.length > 4 && !/[在于对按后前时内起据照]/.test(front)
}

const worse = (direction: 'worse' | 'better'): 'worse' | 'better' => (direction === 'worse' ? 'better' : 'worse')
/** The first of `words` in `text` that is an act, not the occasion of one: 在处罚前告知 speaks of telling. */
function firstAct(words: RegExp, text: string): number {
  for (const m of text.matchAll(words))
    if (
      !/^(?:措施|决定)?(?:前|后|时|期间|的|原因|依据|理由|结果|记录|情况|通知)/.test(text.slice(m.index + m[0].length))
    )
      return m.index
  return Number.POSITIVE_INFINITY
}
const earliest = (text: string): 'burden' | 'benefit' | null => {
  const burden = firstAct(BURDEN, text)
  const benefit = firstAct(BENEFIT, text)
  return burden === benefit ? null : burden < benefit ? 'burden' : 'benefit'
}

// ── modal verbs ─────────────────────────────────────────────────────────────────────────────────────────────────

const MODAL_EN: Readonly<Record<Modal, string>> = {
  may: 'may',
  must: 'must',
  'must-not': 'must not',
  'need-not': 'need not',
  not: 'does not',
}
const AUTHORITIES = /有关部门|监管|主管|司法|执法|公安|法院|行政机关/

/** A modal verb that became another one, with the same act behind it. */
function modalChanges({ old, new: fresh, hunks }: Altered): Found[] {
  const found: Found[] = []
  for (const hunk of hunks) {
    const [a, b] = [
      old.unit.text.slice(hunk.old.start, hunk.old.end),
      fresh.unit.text.slice(hunk.new.start, hunk.new.end),
    ]
    if (a.length > 8 || b.length > 8) continue
    // A modal verb may need the words behind it to be known as one: 不 before 承担.
    const one = modalsIn(a + old.unit.text.slice(hunk.old.end, hunk.old.end + 2)).filter(m => m.at < a.length)
    const two = modalsIn(b + fresh.unit.text.slice(hunk.new.end, hunk.new.end + 2)).filter(m => m.at < b.length)
    if (one.length > 1 || two.length > 1) continue
    const [from, to] = [one[0], two[0]]
    if (from === undefined && to === undefined) continue
    const rest = (text: string, m: typeof from): string =>
      m === undefined ? text : (text.slice(0, m.at) + text.slice(m.end)).replace(/[，也均亦还则都并一律另行]/g, '')
    if (rest(a, from).length > 3 || rest(b, to).length > 3) continue
    if (from?.modal === to?.modal) continue
    const act = untilComma(fresh, hunk.new.end)
    if (act.length < 2) continue
    // 可在七日内申诉 → 应在七日内申诉: a remedy is no duty, however it is put.
    if (/^(?:may|must)(?:may|must)$/.test(`${from?.modal}${to?.modal}`) && /申诉|申辩|复核|异议|举证/.test(act))
      continue
    const place = (m: typeof from, base: number): number => base + (m?.at ?? 0)
    const was = actorOf(old, place(from, hunk.old.start))
    const is = actorOf(fresh, place(to, hunk.new.start))
    if (was !== is || (is === null && (from === undefined || to === undefined))) continue
    // Without a verb that was modal before, 应当 only makes explicit what the sentence meant; a prohibition does not.
    const weak = (m: typeof from, other: typeof from): boolean =>
      other === undefined && (m?.modal === 'must' || m?.modal === 'may')
    if (weak(from, to) || weak(to, from)) continue
    // An item of a list whose lead-in forbids already: 不得有下列行为：…
    if (old.unit.own > 0 && from === undefined && /不得|禁止|不应/.test(old.unit.text.slice(0, old.unit.own))) continue
    // 同意不展示 → 不得展示: it was denied before, in other words.
    if ((from === undefined && /[不无未勿]/.test(a)) || (to === undefined && /[不无未勿]/.test(b))) continue
    // 未经允许不得 …, 如需: what stands in a condition obliges nobody.
    const segment = segmentAt(fresh, hunk.new.start)
    if (segment === null || TRIGGER.test(fresh.unit.text.slice(segment.start, segment.end))) continue
    if (/禁/.test(`${a}${b}`) && hunk.new.start - segment.start > 8) continue
    if (quoted(fresh.unit.text, segment.start, hunk.new.start) || quoted(old.unit.text, old.start, hunk.old.start))
      continue
    const effect = modalEffect(from?.modal ?? null, to?.modal ?? null, is, act, fresh)
    const quote = printed(fresh, segment, 36)
    const words = (statement: Statement, m: typeof from, base: number): string | null =>
      m === undefined ? null : printed(statement, { start: base + m.at, end: base + m.end })
    const [fromWord, toWord] = [words(old, from, hunk.old.start), words(fresh, to, hunk.new.start)]
    found.push({
      kind: 'modality',
      from: fromWord,
      to: toWord,
      ...effect,
      zh:
        fromWord === null
          ? `新增“${toWord}”（${quote}）`
          : toWord === null
            ? `删去“${fromWord}”（${quote}）`
            : `由“${fromWord}”改为“${toWord}”（${quote}）`,
      en:
        from === undefined
          ? `“${MODAL_EN[to?.modal ?? 'may']}” inserted (${quote})`
          : to === undefined
            ? `“${MODAL_EN[from.modal]}” dropped (${quote})`
            : `“${MODAL_EN[from.modal]}” became “${MODAL_EN[to.modal]}” (${quote})`,
      important: IMPORTANT.test(act) || (is === 'P' && earliest(act) !== null),
    })
  }
  return found
}

/** How strictly a modal verb binds whoever it is said of, from free to forbidden or bound. */
function modalEffect(
  from: Modal | null,
  to: Modal | null,
  actor: Party | null,
  act: string,
  statement: Statement,
): { affects: Affected; direction: Found['direction'] } {
  const person = affected(user(statement))
  if (actor === null) return { affects: person, direction: 'neutral' }
  const forbids = (m: Modal | null): boolean => m === 'must-not'
  if (actor !== 'P') {
    const who = affected(actor)
    const binds = (m: Modal | null): boolean => m === 'must' || m === 'must-not'
    if (to === 'not' || from === 'not' || binds(from) === binds(to)) return { affects: who, direction: 'neutral' }
    return { affects: who, direction: binds(to) ? 'worse' : 'better' }
  }
  const value = earliest(act)
  if (AUTHORITIES.test(act)) return { affects: 'platform', direction: 'neutral' }
  const denied = (m: Modal | null): boolean => m === 'not' || m === 'need-not' || m === 'must-not'
  if (value === 'burden') {
    if (forbids(from) && !denied(to)) return { affects: person, direction: 'worse' }
    if (denied(to) && !denied(from)) return { affects: person, direction: 'better' }
    if (denied(from) && !denied(to)) return { affects: person, direction: 'worse' }
    return { affects: person, direction: 'neutral' }
  }
  if (value === 'benefit') {
    const rank = (m: Modal | null): number =>
      m === 'must' ? 3 : m === null ? 2 : m === 'may' ? 1 : m === 'must-not' ? 0 : 0
    const change = rank(to) - rank(from)
    return { affects: person, direction: change === 0 ? 'neutral' : change > 0 ? 'better' : 'worse' }
  }
  // A duty of the platform that became a choice takes certainty from its users, whatever it is.
  if (from === 'must' && (to === 'may' || to === 'need-not')) return { affects: person, direction: 'worse' }
  if ((from === 'may' || from === 'need-not') && to === 'must') return { affects: person, direction: 'better' }
  if (forbids(from) && !denied(to)) return { affects: person, direction: 'worse' }
  if (forbids(to) && !denied(from)) return { affects: person, direction: 'better' }
  return { affects: person, direction: 'neutral' }
}

const segmentAt = ({ segments }: Statement, at: number): Span | null =>
  segments.find(s => s.start <= at && at <= s.end) ?? null
const untilComma = ({ unit, end }: Statement, at: number): string => {
  let to = at
  while (to < end && unit.text.charAt(to) !== '，') to++
  return unit.text.slice(at, to)
}

// ── who bears what ──────────────────────────────────────────────────────────────────────────────────────────────

const BEARS = /^[^，]{0,10}?(?:承担|负担|自担|支付|缴纳|赔偿|赔付|负责|垫付|补足|举证)/
/** Names that tell merchant from consumer whatever the document. */
const CLEAR = /商家|商户|卖家|经营者|店铺|主播|达人|骑手|司机|服务商|消费者|买家|顾客|乘客|平台|我们|我司|公司|网站/

/** A cost or a duty that moved from one party to another. */
function partyChanges({ old, new: fresh, hunks }: Altered): Found[] {
  const found: Found[] = []
  for (const hunk of hunks) {
    const inside = (s: Statement, span: Span): Statement['unit']['mentions'] =>
      s.unit.mentions.filter(m => m.start >= span.start && m.end <= span.end)
    const [a, ...moreA] = inside(old, hunk.old)
    const [b, ...moreB] = inside(fresh, hunk.new)
    if (a === undefined || b === undefined || moreA.length + moreB.length > 0 || a.party === b.party) continue
    if (hunk.old.end - hunk.old.start - (a.end - a.start) > 3 || hunk.new.end - hunk.new.start - (b.end - b.start) > 3)
      continue
    if (a.role !== 'subject' || b.role !== 'subject') continue
    const [from, to] = [old.unit.text.slice(a.start, a.end), fresh.unit.text.slice(b.start, b.end)]
    if (!CLEAR.test(from) || !CLEAR.test(to)) continue
    const act = fresh.unit.text.slice(b.end, fresh.end)
    const bears = BEARS.exec(act)
    if (bears === null || /不|无需|无须|免|可以|有权|要求/.test(bears[0])) continue
    const segment = segmentAt(fresh, b.start)
    if (segment === null || TRIGGER.test(fresh.unit.text.slice(segment.start, segment.end))) continue
    const who = affected(b.party === 'P' ? a.party : b.party)
    found.push({
      kind: 'party',
      from,
      to,
      affects: who,
      direction: b.party === 'P' ? 'better' : 'worse',
      zh: `由“${from}”承担改为由“${to}”承担（${printed(fresh, segment, 36)}）`,
      en: `Borne by “${to}” instead of “${from}” (${printed(fresh, segment, 36)})`,
      important: true,
    })
  }
  return found
}

// ── conditions ──────────────────────────────────────────────────────────────────────────────────────────────────

const CONDITION =
  /除外$|^但[^，]*(?:除外|不适用|仅|限于|不包括|例外)|除非|^除[^，]{0,16}(?:规定|约定|情形|情况|同意|允许|说明|原因)[^，]{0,4}外$|以[^，]{1,20}为(?:前提|条件)|仅限|^仅(?:适用|支持|在|对|可)|前提下|前提是|为前提|不适用|不包括|(?:不受[^，]{0,10}限制)/

/** Exceptions and conditions that one side has and the other lacks. */
function conditionChanges(altered: Altered, sets: Sets): Found[] {
  const found: Found[] = []
  for (const added of [true, false]) {
    const here = added ? altered.new : altered.old
    const there = added ? altered.old : altered.new
    const others = added ? sets.old : sets.new
    for (const segment of here.segments) {
      const words = here.unit.text.slice(segment.start, segment.end)
      if (!CONDITION.test(words) || words.length < 4 || covered(bare(words), others) >= 0.5) continue
      // The condition must stand in one that the other side simply lacks.
      const hunk = altered.hunks.find(h => {
        const span = added ? h.new : h.old
        return span.start <= segment.start + 1 && span.end >= segment.end - 1
      })
      const gap = hunk === undefined ? null : added ? hunk.old : hunk.new
      if (gap === null || gap.end - gap.start > 4) continue
      // 但你可以关闭: a rule of its own.
      if (modalsIn(words).some(m => m.modal !== 'not')) continue
      const main = there.segments.length > 0 ? norms(there)[0] : undefined
      const person = user(there)
      let effect: { affects: Affected; direction: Found['direction'] } = {
        affects: affected(person),
        direction: 'neutral',
      }
      const legal = /法律|法规|另有|另行/.test(words)
      if (main !== undefined && !legal) {
        const gives =
          (main.actor !== 'P' && main.actor !== null && main.modal === 'may') ||
          (main.actor === 'P' && main.modal === 'must' && earliest(main.act) === 'benefit')
        const takes =
          (main.actor === 'P' && main.modal === 'may' && earliest(main.act) === 'burden') ||
          (main.actor !== 'P' && main.actor !== null && (main.modal === 'must' || main.modal === 'must-not'))
        const who = main.actor === null || main.actor === 'P' ? affected(person) : affected(main.actor)
        if (gives !== takes) effect = { affects: who, direction: gives === added ? 'worse' : 'better' }
      }
      const quote = printed(here, segment)
      found.push({
        kind: 'condition',
        from: added ? null : quote,
        to: added ? quote : null,
        ...effect,
        zh: `${added ? '新增' : '删去'}条件或例外“${quote}”`,
        en: `${added ? 'New' : 'Dropped'} condition or exception “${quote}”`,
        important: effect.direction !== 'neutral' && main !== undefined && IMPORTANT.test(main.act),
      })
    }
  }
  return found
}

// ── rights, duties, powers ──────────────────────────────────────────────────────────────────────────────────────

interface Sets {
  readonly old: Bigrams
  readonly new: Bigrams
}

interface Right {
  readonly group: number
  readonly holder: 'M' | 'C'
  readonly segment: Span
  readonly statement: Statement
}

/** Rights that a statement gives to merchant or consumer, and all remedies it speaks of without denying them. */
function rightsOf(statement: Statement): { given: Right[]; spoken: number[] } {
  const given: Right[] = []
  const spoken: number[] = []
  const { unit, segments } = statement
  for (const segment of segments) {
    const words = unit.text.slice(segment.start, segment.end)
    let modals: ReturnType<typeof modalsIn> | undefined
    for (const m of words.matchAll(RIGHT)) {
      const group = m.findIndex((g, i) => i > 0 && g !== undefined) - 1
      const at = segment.start + m.index
      if (unit.denied(at)) continue
      spoken.push(group)
      if (DATA.has(group) && !/信息|数据|资料|记录|隐私|账单|订单|明细/.test(words)) continue
      // 举报材料, 退款的商品: named, not given.
      if (
        /^(?:人|材料|证明|的|书|信息|内容|方|记录|资料|详情|处理|审核|反馈|热线|电话|邮箱|登录|中|成功|失败|规则|期|金额|结果)/.test(
          words.slice(m.index + m[0].length),
        )
      )
        continue
      if (TRIGGER.test(words) || unit.flags.has('definition') || unit.flags.has('void')) continue
      modals ??= modalsIn(words)
      const modal = modals.findLast(x => x.at < m.index)
      const front = words.slice(0, m.index)
      const supports =
        /(?:支持|享有|享受)[^，、]{0,8}$|提供[^，、]{0,4}$/.test(front) && !/[不无如若]|请|提供的/.test(front)
      if (modal?.modal !== 'may' && !supports) continue
      // 有权要求商家退款 is a right; 有权删除, 拒绝退款 is not the users'.
      if (/拒绝|取消|限制|暂停|无权|关闭|处理|裁定/.test(words.slice(modal?.end ?? 0, m.index))) continue
      const may = modal?.modal === 'may'
      const said = may ? actorOf(statement, segment.start + modal.at) : null
      // 商家可选择支持无理由退货: whether to give, not to have.
      if (said === 'M' && /支持|提供/.test(front)) continue
      // Who supports or offers something is not who has it.
      const holder = may && said !== 'P' ? said : supports ? (GOODS.has(group) ? 'C' : user(statement)) : null
      if (holder === null) continue
      if (!supports && /^(?:渠道|中心|页面|入口|流程|状态|单|时效|工具)/.test(words.slice(m.index + m[0].length)))
        continue
      if (supports && said === null && holder === 'M' && actorOf(statement, at) === 'M') continue
      given.push({
        group,
        holder,
        segment,
        statement,
      })
    }
  }
  return { given, spoken }
}

/** What both sides of a pair say in other words than numbers. `oldSays`, `newSays`: whether a whole version says something. */
export function wordingChanges(
  altered: readonly Altered[],
  old: readonly Statement[],
  fresh: readonly Statement[],
  oldSays: Says,
  newSays: Says,
): Found[] {
  const sets: Sets = {
    old: bigrams(bare(old.map(s => s.text).join('。'))),
    new: bigrams(bare(fresh.map(s => s.text).join('。'))),
  }
  const rights = rightChanges(old, fresh, oldSays, newSays)
  const told = new Set(rights.map(r => r.statement))
  const found = rights.map(r => r.found)
  const stated = new Set<Statement>()
  for (const pair of altered) {
    const own = [...modalChanges(pair), ...partyChanges(pair)]
    if (own.length > 0) stated.add(pair.old).add(pair.new)
    // 支持 → 不支持 was told as a right already.
    if (!(told.has(pair.old) || told.has(pair.new))) found.push(...own)
    found.push(...conditionChanges(pair, sets))
  }
  const skip = (s: Statement): boolean => told.has(s) || stated.has(s)
  found.push(
    ...normChanges(
      fresh.filter(s => !skip(s)),
      sets.old,
      oldSays,
      old,
      true,
    ),
  )
  found.push(
    ...normChanges(
      old.filter(s => !skip(s)),
      sets.new,
      newSays,
      fresh,
      false,
    ),
  )
  return found
}

function rightChanges(
  old: readonly Statement[],
  fresh: readonly Statement[],
  oldSays: Says,
  newSays: Says,
): { found: Found; statement: Statement }[] {
  const a = old.map(rightsOf)
  const b = fresh.map(rightsOf)
  const result: { found: Found; statement: Statement }[] = []
  const seen = new Set<string>()
  const compare = (here: typeof a, there: typeof a, says: Says, others: readonly Statement[], added: boolean): void => {
    const spoken = new Set(there.flatMap(r => r.spoken))
    for (const right of here.flatMap(r => r.given)) {
      const { group, holder, segment, statement } = right
      const key = `${added}${group}${holder}`
      const place = `${added}${statement.unit.index} ${segment.start}`
      if (
        spoken.has(group) ||
        seen.has(key) ||
        seen.has(place) ||
        says(bare(statement.unit.text.slice(segment.start, segment.end)), others)
      )
        continue
      seen.add(key).add(place)
      const [, zh, en] = RIGHTS[group] as readonly [string, string, string]
      const quote = printed(statement, segment)
      const who = affected(holder)
      result.push({
        statement,
        found: {
          kind: added ? 'right-added' : 'right-removed',
          from: added ? null : quote,
          to: added ? quote : null,
          affects: who,
          direction: added ? 'better' : 'worse',
          zh: `${added ? '新增' : '本条删去'}${zh}的权利（${quote}）`,
          en: `${added ? 'New right' : 'This clause drops the right'} ${en} (${quote})`,
          important: true,
        },
      })
    }
  }
  compare(a, b, newSays, fresh, false)
  compare(b, a, oldSays, old, true)
  return result
}

/** What sort of rule a statement makes, for those that are on one side only. */
type Sort = 'duty' | 'ban' | 'power' | 'platform-duty' | 'disclaimer'

const SORTS: Readonly<Record<Sort, { readonly zh: string; readonly en: string; readonly worse: boolean }>> = {
  duty: { zh: '义务', en: 'duty', worse: true },
  ban: { zh: '禁止性要求', en: 'prohibition', worse: true },
  power: { zh: '平台的处置或单方权利', en: 'power of the platform', worse: true },
  'platform-duty': { zh: '平台义务', en: 'duty of the platform', worse: false },
  disclaimer: { zh: '平台免责', en: 'disclaimer of the platform', worse: true },
}

/** What is asked of everybody and costs nobody anything. */
const TRIVIAL =
  /^(?:[^，]{0,6}(?:仔细|认真|充分|完整)?(?:阅读|理解|知悉|了解|知晓|注意|确认|明白|知道)|适用|具备|是|为|属于|符合)/

/** 可介入协调并采取措施: what the platform does between others is neither gain nor loss. */
const HELP = /^[^，]{0,6}(?:介入|协调|协助|调解|提供|保护)/

function sortOf(norm: Norm): { sort: Sort; affects: Affected } | null {
  const { actor, modal, act, statement } = norm
  const person = affected(user(statement))
  if (actor === 'P') {
    if (
      (modal === 'not' || modal === 'need-not' || modal === 'must-not') &&
      /^[^，]{0,24}(?:责任|负责|赔偿|补偿|义务)/.test(act) &&
      modal !== 'must-not'
    )
      return { sort: 'disclaimer', affects: person }
    if (modal === 'may' && !HELP.test(act) && earliest(act) === 'burden') return { sort: 'power', affects: person }
    if (
      modal === 'must' &&
      statement.unit.text.charAt(norm.at) !== '需' &&
      earliest(act) === 'benefit' &&
      !AUTHORITIES.test(act)
    )
      return { sort: 'platform-duty', affects: person }
    return null
  }
  if (actor === null || TRIVIAL.test(act)) return null
  // 需要 tells as often what something takes as what somebody owes.
  if (modal === 'must' && statement.unit.text.charAt(norm.at) === '需') return null
  // 采用禁止演绎协议: a prohibition opens its part of the sentence, or follows whom it binds.
  if (/[禁]/.test(statement.unit.text.slice(norm.at, norm.after)) && norm.at - norm.start > 8) return null
  if (modal === 'must' && act.length >= 2) return { sort: 'duty', affects: affected(actor) }
  if (modal === 'must-not' && act.length >= 2) return { sort: 'ban', affects: affected(actor) }
  return null
}

function normChanges(
  statements: readonly Statement[],
  others: Bigrams,
  says: Says,
  except: readonly Statement[],
  added: boolean,
): Found[] {
  const groups = new Map<string, { sort: Sort; affects: Affected; norm: Norm; count: number }>()
  for (const statement of statements) {
    if (statement.unit.flags.has('definition') || statement.unit.flags.has('void')) continue
    for (const norm of norms(statement, words => covered(bare(words), others) < 0.5)) {
      const words = bare(statement.unit.text.slice(norm.start, norm.end))
      if (words.length < 5 || covered(bare(norm.act), others) >= 0.55) continue
      const what = sortOf(norm)
      if (what === null || says(words, except)) continue
      const key = `${what.sort}${what.affects}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { ...what, norm, count: 1 })
      else group.count++
    }
  }
  return [...groups.values()].map(({ sort, affects, norm, count }): Found => {
    const { zh, en, worse: bad } = SORTS[sort]
    const quote = printed(norm.statement, norm)
    const owner =
      sort === 'duty' || sort === 'ban'
        ? { zh: affects === 'merchant' ? '商家' : '消费者', en: affects }
        : { zh: '', en: '' }
    const direction = bad ? 'worse' : 'better'
    const duty = sort === 'power' ? 'right' : sort === 'disclaimer' ? 'undo' : 'duty'
    return {
      kind:
        duty === 'right'
          ? added
            ? 'right-added'
            : 'right-removed'
          : (duty === 'duty') === added
            ? 'duty-added'
            : 'duty-removed',
      from: added ? null : quote,
      to: added ? quote : null,
      affects,
      direction: added ? direction : worse(direction),
      zh: `${added ? '新增' : '删去'}${owner.zh}${zh}：“${quote}”${count > 1 ? `等${count}处` : ''}`,
      en: `${added ? 'New' : 'Dropped'} ${en}${owner.en === '' ? '' : ` of the ${owner.en}`}: “${quote}”${count > 1 ? ` and ${count - 1} more` : ''}`,
      important: sort === 'disclaimer' || IMPORTANT.test(norm.act),
    }
  })
}
