/** Tells what a statement does, whatever its words: punishes, exempts, indemnifies, licenses, pays back, leaves open. */
import type { Party, Span } from '../types.js'
import { quoted, TRIGGER } from './explain-norms.js'
import { type Affected, affected, type Found, partyIn, sanctioned, user } from './explain-parties.js'
import { type Statement } from './explain-statements.js'

export type FrameId =
  | 'ban'
  | 'duty'
  | 'sanction'
  | 'exemption'
  | 'indemnity'
  | 'licence'
  | 'data'
  | 'remedy'
  | 'relief'
  | 'choice'
  | 'notice'
  | 'discretion'
  | 'nature'

/** What a kind of rule is called where it is new or gone, where its reach changed, and what more of it means. */
export interface Frame {
  readonly id: FrameId
  readonly zh: string
  readonly en: string
  /** 范围扩大, said of what. */
  readonly reach: { readonly zh: string; readonly en: string }
  readonly more: 'worse' | 'better'
  readonly gain: Found['kind']
  readonly loss: Found['kind']
  readonly important: boolean
}

const frame = (
  id: FrameId,
  zh: string,
  en: string,
  reachZh: string,
  reachEn: string,
  more: 'worse' | 'better',
  sort: 'duty' | 'right' | 'release',
  important = true,
): Frame => ({
  id,
  zh,
  en,
  reach: { zh: reachZh, en: reachEn },
  more,
  gain: sort === 'duty' ? 'duty-added' : sort === 'right' ? 'right-added' : 'duty-removed',
  loss: sort === 'duty' ? 'duty-removed' : sort === 'right' ? 'right-removed' : 'duty-added',
  important,
})

export const FRAMES: Readonly<Record<FrameId, Frame>> = {
  ban: frame('ban', '禁止性要求', 'prohibition', '禁止范围', 'Prohibition', 'worse', 'duty', false),
  duty: frame('duty', '义务', 'duty', '义务范围', 'Duty', 'worse', 'duty', false),
  sanction: frame(
    'sanction',
    '平台的处置或单方权利',
    'power of the platform',
    '处置范围',
    'Reach of the sanctions',
    'worse',
    'right',
  ),
  exemption: frame(
    'exemption',
    '平台免责',
    'disclaimer of the platform',
    '平台免责范围',
    'Disclaimer',
    'worse',
    'release',
  ),
  indemnity: frame('indemnity', '责任或赔偿', 'liability', '责任范围', 'Liability', 'worse', 'duty'),
  licence: frame(
    'licence',
    '对内容的授权',
    'licence of content',
    '对内容的授权',
    'Licence of content',
    'worse',
    'right',
  ),
  data: frame(
    'data',
    '个人信息的处理',
    'processing of personal data',
    '个人信息处理的范围',
    'Processing of personal data',
    'worse',
    'right',
  ),
  remedy: frame(
    'remedy',
    '退款或赔付的规定',
    'refund or compensation',
    '退款或赔付的范围',
    'Refund or compensation',
    'better',
    'right',
  ),
  relief: frame(
    'relief',
    '退还或恢复的规定',
    'return or restoration',
    '退还或恢复的范围',
    'Return or restoration',
    'better',
    'right',
  ),
  choice: frame(
    'choice',
    '取消或退出的权利',
    'right to cancel or leave',
    '取消或退出的权利',
    'Right to cancel or leave',
    'better',
    'right',
  ),
  notice: frame(
    'notice',
    '平台的告知义务',
    'duty of the platform to tell',
    '平台告知的范围',
    'Duty to tell',
    'better',
    'duty',
  ),
  discretion: frame(
    'discretion',
    '平台单方判断的权力',
    'discretion of the platform',
    '平台单方判断的范围',
    'Discretion',
    'worse',
    'right',
  ),
  nature: frame(
    'nature',
    '排除保护的定性',
    'exclusion from protection',
    '排除保护的范围',
    'Exclusion',
    'worse',
    'right',
  ),
}

/** A place in a unit where a statement does something to somebody. */
export interface Core extends Span {
  readonly frame: Frame
  readonly affects: Affected
}

/** Measures against whoever broke a rule, mildest first. */
export const MEASURES: readonly (readonly [number, RegExp])[] = [
  [1, /警告|提醒|公示警告|限期整改/g],
  [
    2,
    /取消[^，、；（）“”]{0,4}(?:“[^”]{1,10}”)?[^，、；（）“”]{0,4}(?:标识|透出|展示|奖励|优惠|活动|资格)|降权|限流|扣(?:除)?[^，、；]{0,4}分(?!之)|删除(?:商品|链接|内容|评论|评价)|屏蔽(?:商品|内容)|下架|监管商品/g,
  ],
  [
    3,
    /取消[^，、；（）]{0,8}(?:服务|权限|权益)|限制[^，、；（）]{0,6}(?:发布|发品|成交|登录|权限|功能|使用|提现|交易|开播|展示|报名|参与|参加)|禁言|暂停[^，、；（）]{0,6}(?:服务|使用|结算|提现|权限|功能)|中止|置休|停业|屏蔽(?:店铺|门店)|监管(?:账户|店铺|门店)|扣(?:除|划|罚|减)[^，、；（）]{0,10}(?:违约金|保证金|货款|余额|款项)|支付[^，、；（）]{0,10}违约金|罚款|延期结算/g,
  ],
  [
    4,
    /冻结|查封|没收|清退|封禁|封停|封号|关闭[^，、；（）]{0,6}(?:店铺|门店|账号|账户|权限)|终止(?:合作|协议|合同|服务|提供)|解除(?:合作|协议|合同)|永久(?:关闭|封[禁停号]?|冻结|限制|禁[用言止]?|清退)|注销[^，、；（）]{0,4}(?:账号|账户)|收回[^，、；（）]{0,4}(?:账号|账户)/g,
  ],
]
const MEASURE = new RegExp(
  `${MEASURES.filter(([level]) => level > 1)
    .map(([, words]) => words.source)
    .join(
      '|',
    )}|(?:给予|予以|进行|采取|作出)[^，；]{0,20}(?:处罚|处置|处分|处理措施|管控|管控措施|限制措施|处理决定)|追究[^，；]{0,10}责任|断开链接`,
  'g',
)

/** Says that somebody does not answer for something. */
const EXEMPT =
  /不(?:会|再|应)?(?:就|对|因|为|向|以)[^，；]{0,60}?(?:承担|负)[^，；]{0,16}(?:责任|义务|损失|赔偿)|不(?:予|再|会)?(?:承担|负)[^，；]{0,16}(?:责任|义务|损失|赔偿|后果)|不(?:予)?负责|免责|免除[^，；]{0,8}责任|免于承担|不(?:作|做|提供|构成)[^，；]{0,16}(?:保证|担保|承诺)|(?:不能|无法|不)(?:完全)?保证/g
const BEARS =
  /(?:赔偿|承担|补偿)[^，；]{0,40}?(?:损失|费用|责任|后果|索赔|风险)|自(?:行承担|担|负(?!责))|(?:损失|责任|后果|费用|风险)[^，；]{0,10}由[^，；]{0,12}(?:承担|负责)/g
const USES =
  /(?:使用|复制|修改|改编|汇编|翻译|传播|出版|发行|演绎|展示|再许可|转授权|分许可|商业化|开发|衍生作品|编辑)/g
const WORKS = /内容|作品|评论|评价|素材|图片|视频|照片|著作|肖像|资料|商标/
const LICENSES = /授予|授权(?!范围)|许可|(?<!法律|法规|法律法规)允许|同意|有权|可(?:以)?(?:自行|委托|再许可)|享有/g
const PROCESSES =
  /(?:收集|获取|采集|共享|披露|转让|读取|调用|(?:向|给)[^，；]{1,20}提供|使用|处理)[^，；。]{0,40}?(?:信息|数据|权限|列表|身份证|人脸|指纹|照片)/g
const PAYS = /(?:退款|退还|返还|退回|退一赔|赔偿|赔付|补偿|换货|补发|免费维修)/g
const RETURNS = /自动(?:退回|退还|返还|退款|解冻|恢复|解除|到账)/g
const LEAVES = /取消(?!订单)|拒绝(?!履行|支付|退)|关闭|退出|撤回|解绑|选择不|停止接收|退订/g
const TELLS = /通知|告知|公示|公告|说明(?:理由|原因|依据)/g
const JUDGES =
  /综合(?:评估|判断|考量|认定)|(?:独立|自行|自主|单方面?|酌情)(?:判断|决定|认定|调整|变更)|动态(?:管理|调整)|视(?:情况|情节)[^，；]{0,8}(?:决定|调整)|最终(?:解释|决定)权/g
/** What users promise, or are told to do or to leave. */
const PROMISES =
  /(?:保证|承诺|确保)(?!金)|请(?:您|你)?(?:务必|注意|严格)?[^，；]{0,8}(?:勿|不要|遵守|配合|确保|保证)(?!金)/g
const EXCLUDES =
  /(?:并非|不属于|不是|不构成|不视为|不具有?|不成立)[^，；]{0,14}(?:消费者|个人消费|生活消费|消费(?:使用|目的|性质|行为|关系)|劳动|雇佣|劳务关系)/g

const AUTHORITY = /监督|监管|部门|机关|主管|司法|执法|公安|法院|行政机关|政府|有关部门/
const PRIVACY = /privacy|隐私/

interface Read {
  readonly id: FrameId
  readonly words: RegExp
  /** Whom it affects at an offset, null where it does not do what the frame says. */
  readonly of: (statement: Statement, at: Span, front: string) => Affected | null
}

const byPlatform = ({ unit, side }: Statement, at: number): boolean => partyIn(side, unit.actorAt(at)) === 'P'
const byUser = ({ unit, side }: Statement, at: number): Party | null => {
  const actor = partyIn(side, unit.actorAt(at))
  return actor === 'M' || actor === 'C' ? actor : null
}

const forbidden = ({ unit }: Statement, at: number): boolean =>
  unit.prohibitions.some(p => p.start <= at && p.end >= at)
/** Whether the platform is named as who acts, in the statement itself or in front of its list. */
const namesPlatform = ({ unit }: Statement, at: number): boolean =>
  unit.mentions.some(m => m.party === 'P' && m.role === 'subject' && m.end <= at)
/** 您可以随时通知公司取消服务: what a user may ask for is no act of the platform. */
const mayAsk = ({ unit, start }: Statement, at: number): boolean =>
  /(?:您|你|用户|会员|商家|卖家|消费者|买家)[^，；。]{0,6}(?:可以?|有权|随时|如需)[^，；。]{0,24}$/.test(
    unit.text.slice(start, at),
  )

const READS: readonly Read[] = [
  {
    id: 'sanction',
    words: MEASURE,
    of: (s, at, front) => {
      const { text } = s.unit
      if (PRIVACY.test(s.side.kind) || AUTHORITY.test(front.slice(-14))) return null
      if (mayAsk(s, at.start) || forbidden(s, at.start)) return null
      const rest = text.slice(at.end, at.end + 6)
      // 被冻结的, 终止服务后: what happened, not what will.
      if (/^[^，；、]{0,4}(?:的[，；]|后|前|期间|时，|之日)|^[^，；]{0,6}(?:情形|情况)/.test(rest)) return null
      if (/要求[您你][^。]{0,60}$|介入|协调|(?:协助|帮助)[^，]{0,6}$|(?:造成|导致|不可抗力)[^，]{0,12}$/.test(front))
        return null
      const passive = /(?:将|会|可能)被[^，；]{0,20}$/.test(front)
      const follows =
        /(?:的|者|等情形|时|次)，(?:将|则|即|应|须|可|视情[^，]{0,8}|情节[^，]{0,10})?[^，；您你]{0,8}$/.test(front)
      const platform =
        namesPlatform(s, at.start) &&
        byPlatform(s, at.start) &&
        /有权|可|将|会|应|须|立即|采取|予以/.test(front.slice(-60))
      return platform || passive || (follows && byUser(s, at.start) !== 'C' && !/可以?|有权|申请/.test(front.slice(-8)))
        ? affected(sanctioned(s))
        : null
    },
  },
  {
    id: 'exemption',
    words: EXEMPT,
    of: (s, at) => {
      // 约定不能保证…: a promise is only refused by whom it was asked of.
      const promise = /保证|担保|承诺/.test(s.unit.text.slice(at.start, at.end))
      if (
        promise &&
        !s.unit.mentions.some(
          m =>
            m.party === 'P' &&
            m.end <= at.start &&
            m.end > at.start - 24 &&
            !s.unit.text.slice(m.end, at.start).includes('，'),
        )
      )
        return null
      return byPlatform(s, at.start) ? affected(user(s)) : null
    },
  },
  {
    id: 'indemnity',
    words: BEARS,
    of: (s, at, front) => {
      const words = s.unit.text.slice(at.start, at.end)
      if (s.unit.denied(at.start) || s.unit.denied(at.end - 2) || front.endsWith('不')) return null
      if (/双方|各方|彼此|用于|担保/.test(front.slice(-20))) return null
      const named = s.unit.mentions.find(
        m => m.start >= at.start && m.end <= at.end && words.charAt(m.start - at.start - 1) === '由',
      )
      if (named !== undefined) return named.party === 'P' ? null : affected(partyIn(s.side, named.party) ?? 'C')
      if (/(?:有权|可|权)[^，]{0,4}要求[^，]{0,14}$/.test(front) && !/您|你|用户|商家|卖家/.test(front.slice(-14)))
        return null
      const self = /本人(?:将|应|需|愿)?[^，；]{0,20}$|本人[^。；]{0,60}$/.test(front)
      const who = byUser(s, at.start)
      return who !== null ? affected(who) : self ? affected(user(s)) : null
    },
  },
  {
    id: 'licence',
    words: USES,
    of: (s, at, front) => {
      if (PRIVACY.test(s.side.kind) || s.unit.denied(at.start)) return null
      if (forbidden(s, at.start) || mayAsk(s, at.start) || /违法|不良|违规/.test(s.unit.text)) return null
      const passes = /再许可|转授权|分许可/.test(s.unit.text.slice(at.start, at.end))
      if (/^本(?:协议|规则)(?:用于|旨在)/.test(s.text)) return null
      if ((!WORKS.test(s.text) && !passes) || /个人信息/.test(s.text)) return null
      for (const grant of [...front.matchAll(LICENSES)].toReversed()) {
        if (grant.index < front.length - 120) break
        const from = at.start - front.length + grant.index
        if (/^(?:有权|可|享有)/.test(grant[0])) return byPlatform(s, at.start) ? affected(user(s)) : null
        if (/他人|第三方可/.test(front.slice(grant.index)) && !/委托|许可第三方|供他人/.test(front.slice(grant.index)))
          continue
        const giver = byUser(s, from)
        const taker = s.unit.mentions.some(m => m.party === 'P' && m.start >= from && m.end <= at.end)
        if (giver !== null && taker && !/[未不]$|未经$/.test(front.slice(0, grant.index))) return affected(giver)
      }
      return null
    },
  },
  {
    id: 'data',
    words: PROCESSES,
    of: (s, at, front) =>
      namesPlatform(s, at.start) &&
      !/(?:按照?|根据|依照)[^，；]{0,14}(?:规则|约定|政策|说明)[^，；]{0,8}$/.test(front) &&
      byPlatform(s, at.start) &&
      !s.unit.denied(at.start) &&
      /个人信息|您的|你的|用户/.test(s.text) &&
      !/信息内容|著作|作品/.test(s.text) &&
      !/[仅只](?:会|限|为|出于|在|基于)|不会|必要的/.test(
        s.unit.text.slice(Math.max(s.start, at.start - 12), at.end),
      ) &&
      !forbidden(s, at.start) &&
      !/(?:收集|使用)者|算法|模型|向[您你]|(?:使用|处理|获取)[^，；]{0,16}(?:服务|功能)|匿名|去标识|保护|规则|范围内?容/.test(
        s.unit.text.slice(at.start, at.end),
      )
        ? affected(user(s))
        : null,
  },
  {
    id: 'relief',
    words: RETURNS,
    of: (s, at, front) => (s.unit.denied(at.start) || /[如若]/.test(front.slice(-10)) ? null : affected(user(s))),
  },
  {
    id: 'remedy',
    words: PAYS,
    of: (s, at, front) => {
      if (s.unit.denied(at.start)) return null
      const modal = /(?:应当?|须|需|将|会|必须|先行)[^，；]{0,24}$/.exec(front)
      if (modal === null || /要求|申请|主张|有权|扣|追缴/.test(modal[0])) return null
      if (/扣[除划减][^，；]{0,8}$/.test(front) || /^[^，；]{0,4}(?:追缴|罚款)/.test(s.unit.text.slice(at.end)))
        return null
      const after = s.unit.text.slice(at.end, at.end + 8)
      if (/^(?:的|请求|申请|要求|流程|规则|期|通知|渠道|责任|时|后|材料|金额)/.test(after)) return null
      const object = `${modal[0]}${after}`
      if (/平台|公司|我们|天猫/.test(object)) return null
      // 使用保证金赔付给消费者: whoever is paid gains, not whom the platform speaks to.
      const near = s.unit.text.slice(Math.max(0, at.start - 24), at.end + 8)
      if (byPlatform(s, at.start))
        return /[给向为予](?:消费者|买家|顾客)/.test(near)
          ? 'consumer'
          : /服务费|佣金|保证金/.test(near) && /商家|卖家/.test(s.side.parsed.document.text)
            ? 'merchant'
            : affected(user(s))
      const to = /消费者|买家|用户|顾客|会员/.test(object)
      return byUser(s, at.start) === 'M' && to ? 'consumer' : null
    },
  },
  {
    id: 'choice',
    words: LEAVES,
    of: (s, at, front) => {
      const may = /(?:可以?|有权|随时)[^，；]{0,30}$/.exec(front)
      const who = mayAsk(s, at.start) ? (user(s) === 'M' ? 'M' : 'C') : byUser(s, at.start)
      return may !== null &&
        who !== null &&
        !s.unit.denied(at.start) &&
        !/^(?:的|后|时|，?(?:否则|但))/.test(s.unit.text.slice(at.end, at.end + 4))
        ? affected(who)
        : null
    },
  },
  {
    id: 'notice',
    words: TELLS,
    of: (s, at, front) => {
      const modal = /(?:会|将|应当?|须|必须)[^，；]{0,40}$/.exec(front)
      return modal !== null &&
        !/可能/.test(front.slice(-44)) &&
        namesPlatform(s, at.start) &&
        byPlatform(s, at.start) &&
        !s.unit.denied(at.start) &&
        !/(?:接到|收到|依据|根据|按照)[^，]{0,8}$|的$/.test(front) &&
        !/^(?:后|前|的|之日|中|函|内容|为准|书|于)/.test(s.unit.text.slice(at.end, at.end + 3))
        ? affected(user(s))
        : null
    },
  },
  {
    id: 'discretion',
    words: JUDGES,
    of: (s, at) => (byPlatform(s, at.start) && !s.unit.denied(at.start) ? affected(user(s)) : null),
  },
  {
    id: 'duty',
    words: PROMISES,
    of: (s, at, front) => {
      const who = byUser(s, at.start)
      const named = s.unit.mentions.findLast(m => m.role === 'subject' && m.end <= at.start + 2)
      const near = named !== undefined && at.start - named.end <= 8
      if (/遵守本?(?:协议|规则|规范|《)/.test(s.unit.text.slice(at.start, at.end + 12))) return null
      return who !== null &&
        (near || s.unit.text.startsWith('请', at.start)) &&
        !s.unit.denied(at.start) &&
        !/[如若]/.test(front.slice(-8))
        ? affected(who)
        : null
    },
  },
  { id: 'nature', words: EXCLUDES, of: s => affected(user(s)) },
]

/** Whether a text has words of a frame, whatever they do there. */
export const speaksOf = (id: FrameId, text: string): boolean =>
  READS.some(r => r.id === id && new RegExp(r.words.source).test(text))

/** What a statement and its lead-in do, in the order of the text. */
export function cores(statement: Statement): readonly Core[] {
  const known = read.get(statement)
  if (known !== undefined) return known
  const { unit, start, end } = statement
  const found: Core[] = []
  // Markup that was captured as text says nothing.
  if (!unit.flags.has('definition') && !unit.flags.has('void') && !/<\/?[a-z]+[ >]/.test(statement.text)) {
    for (const { id, words, of } of READS) {
      for (const span of unit.own > 0 && start > 0
        ? [
            { start: 0, end: unit.own },
            { start, end },
          ]
        : [{ start, end }]) {
        const text = unit.text.slice(span.start, span.end)
        for (const m of text.matchAll(words)) {
          const at = { start: span.start + m.index, end: span.start + m.index + m[0].length }
          if (occasion(text, m.index + m[0].length) || quoted(unit.text, span.start, at.start)) continue
          const affects = of(statement, at, text.slice(0, m.index))
          if (affects === null) continue
          found.push({ ...at, frame: FRAMES[id], affects })
        }
      }
    }
  }
  found.sort((a, b) => a.start - b.start)
  read.set(statement, found)
  return found
}
const read = new WeakMap<Statement, readonly Core[]>()

/** Whether the part of a sentence that holds an offset tells when something applies, not what. */
function occasion(text: string, at: number): boolean {
  const from = Math.max(text.lastIndexOf('，', at - 1), text.lastIndexOf('：', at - 1)) + 1
  const to = text.indexOf('，', at)
  const segment = text.slice(from, to < 0 ? text.length : to)
  return to >= 0 && TRIGGER.test(segment) && !/有权|将|进行|可以/.test(segment)
}
