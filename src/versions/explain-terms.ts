/** Reads terms that no modal verb gives away: whose consent is asked, what is refused, who bears a risk, which court, what the platform must say. */
import type { Annotated } from '../annotate/index.js'
import type { Party, Span } from '../types.js'
import type { Elsewhere } from './explain-elsewhere.js'
import { modalsIn, quoted, TRIGGER } from './explain-norms.js'
import {
  type Affected,
  affected,
  type Direction,
  type Found,
  nameIn,
  opposite,
  partyIn,
  partyOf,
  user,
} from './explain-parties.js'
import {
  type Altered,
  bare,
  bigrams,
  covered,
  printed,
  type Reading,
  type Statement,
  segmentAt,
} from './explain-statements.js'

/** One term of a statement. Terms with equal `key` say the same; `added` is what it means where it is new. */
interface Term {
  readonly key: string
  /** What it is about, where that tells terms of one key apart. */
  readonly topic?: string
  /** Known for pairing, not told. */
  readonly silent?: boolean
  readonly span: Span
  readonly statement: Statement
  readonly affects: Affected
  readonly added: Direction
  readonly gain: Found['kind']
  readonly loss: Found['kind']
  readonly zh: string
  readonly en: string
}

const sameTerm = (a: Term, b: Term): boolean =>
  a.key === b.key && (a.topic === undefined || covered(a.topic, bigrams(b.topic ?? '')) >= 0.4)

/** What terms appeared and went between the two sides of a pair; `was` and `is` are the versions as a whole. */
export function termChanges(reading: Pick<Reading, 'altered' | 'old' | 'new'>, was: Elsewhere, is: Elsewhere): Found[] {
  const { altered, old, new: fresh } = reading
  const found = altered.flatMap(courtChanges)
  const partner = new Map<Statement, Statement>()
  for (const a of altered) partner.set(a.old, a.new).set(a.new, a.old)
  const look = (here: readonly Statement[], there: readonly Statement[], other: Elsewhere, added: boolean): void => {
    const only = here.filter(s => !there.some(t => t.text === s.text))
    for (const read of [refusals, burdens, consents, owed]) {
      // What hangs on another act is only judged where that act is on both sides.
      const both = read === consents || read === owed
      let known: Term[] | undefined
      for (const statement of only) {
        if (both && !partner.has(statement)) continue
        for (const term of read(statement)) {
          known ??= there.flatMap(read)
          if (known.some(k => sameTerm(term, k))) continue
          known.push(term)
          if (read === refusals && other.says(bare(statement.unit.text.slice(statement.start, term.span.start)), there))
            continue
          if (term.silent === true) continue
          const segment = segmentAt(statement, term.span.start) ?? term.span
          const words = bare(statement.unit.text.slice(segment.start, segment.end))
          // 经您授权 → 您授权我们: consent is asked in other words.
          if (read === consents && ASKED.test(partner.get(statement)?.text ?? '')) continue
          if (other.says(words, there) || (!both && other.says(bare(statement.text), there))) continue
          // A short term needs its occasion to be understood; one beside other acts stands for itself.
          const short = statement.end - statement.start <= 44
          found.push(told(term, read === owed ? term.span : both || !short ? segment : statement, added))
        }
      }
    }
  }
  look(fresh, old, was, true)
  look(old, fresh, is, false)
  return found
}

function told(term: Term, span: Span, added: boolean): Found {
  const { statement } = term
  const quote = printed(statement, span, 44)
  return {
    kind: added ? term.gain : term.loss,
    from: added ? null : quote,
    to: added ? quote : null,
    affects: term.affects,
    direction: added ? term.added : opposite(term.added),
    zh: `${added ? '新增' : '删去'}${term.zh}：“${quote}”`,
    en: `${added ? 'New' : 'Dropped'} ${term.en}: “${quote}”`,
    important: true,
    statement,
  }
}

// ── consent and approval ────────────────────────────────────────────────────────────────────────────────────────

const CONSENT = /(?:征得|取得|获得|得到|获取|经过?|征求|报请?)[^，；：]{0,12}?(?:同意|许可|授权|批准|核准|审核|审批)/g

const ASKED = /同意|许可|授权|批准|核准|审核/

/** Whose consent somebody else needs: 征得您的同意, 经平台同意后. */
function consents(statement: Statement): Term[] {
  const { unit, start, end, text } = statement
  const found: Term[] = []
  for (const m of text.matchAll(CONSENT)) {
    const at = start + m.index
    const span = { start: at, end: at + m[0].length }
    const before = unit.text.slice(Math.max(start, at - 6), at)
    // 不需要经…同意, 未获得授权的: no consent, or the occasion of something else.
    if (/[无不非][需须必用]?要?(?:再|另行|事先)*$|[如若]|未曾?$|已经?$/.test(before)) continue
    const segment = segmentAt(statement, at)
    if (segment === null || /^(?:如果?|若|当|一旦)/.test(unit.text.slice(segment.start, segment.end))) continue
    const giver = unit.mentions.find(x => x.start >= span.start && x.end <= span.end)
    const guardian = /监护人|家长/.test(m[0])
    if (giver === undefined || guardian || /[和与及或、/]/.test(m[0])) continue
    const who = partyOf(statement, giver)
    const asks = unit.actorAt(at) ?? unit.mentions.find(x => x.start >= span.end && x.end <= end)?.party ?? null
    if (asks === null || (partyIn(statement.side, asks) === 'P') === (who === 'P')) continue
    const giving = affected(who === 'P' ? user(statement) : who)
    const name = nameIn(statement, giving)
    found.push({
      key: `consent ${who}`,
      span,
      statement,
      affects: giving,
      added: who === 'P' ? 'worse' : 'better',
      gain: 'condition',
      loss: 'condition',
      zh: who === 'P' ? '须经平台同意的条件' : `须征得${name.zh}同意的要求`,
      en: who === 'P' ? 'approval by the platform' : `consent of ${name.en}`,
    })
  }
  return found
}

// ── refusals ────────────────────────────────────────────────────────────────────────────────────────────────────

const REFUSED = /退货|退换货?|换货|退款|退费|退还|无理由|价保|保价|售后/g
const REFUSES =
  /不(?:再|予以?)?(?:支持|接受|办理|享受|提供|受理)[^，；、不可得须应]{0,8}$|不以[^，]{1,10}方式$|(?:概|恕|一律|均|将|则|也|亦|，|^)不(?:再|予以?)?(?:进行|作)?$|不予(?:以|进行)?$/

/** What buyers may not have: 概不退款, 不支持无理由退货. */
function refusals(statement: Statement): Term[] {
  const { unit, segments } = statement
  const found: Term[] = []
  for (const segment of segments) {
    const words = unit.text.slice(segment.start, segment.end)
    if (TRIGGER.test(words)) continue
    for (const m of words.matchAll(REFUSED)) {
      const front = words.slice(0, m.index)
      const refusal = REFUSES.exec(front)
      if (refusal === null || !unit.denied(segment.start + m.index)) continue
      if (quoted(unit.text, statement.start, segment.start + m.index) || /选择|是否/.test(front)) continue
      // 不得拒绝退款, 不影响退货, 不退还: not what is meant.
      if (
        /不得|不可|不应|不会|不影响|不能|不限|不同|不符|不满|不超/.test(front) ||
        modalsIn(front).some(x => x.modal === 'must-not')
      )
        continue
      const goods = /货|无理由|价保|保价|售后/.test(m[0])
      const named = unit.mentions.some(
        x => x.party === 'C' && /消费者|买家|顾客|乘客|会员/.test(unit.text.slice(x.start, x.end)),
      )
      const affects = goods || named ? 'consumer' : affected(user(statement))
      found.push({
        key: `refusal ${goods ? 'goods' : 'money'}`,
        span: { start: segment.start + m.index, end: segment.start + m.index + m[0].length },
        statement,
        affects,
        added: 'worse',
        gain: 'right-removed',
        loss: 'right-added',
        zh: `不予${goods ? m[0].replace(/^(?:无理由)$/, '无理由退货') : '退款'}的规定`,
        en: 'refusal of a return or refund',
      })
      break
    }
  }
  return found
}

// ── who bears it ────────────────────────────────────────────────────────────────────────────────────────────────

const BURDEN = /风险|损失|费用?|运费|邮费|损耗|差价|税|成本/
const BY_AGENT = /^(?:自行|自己|独自|全额|全部|完全|单独|负责)?(?:承担|负担|自担|自负|支付|负责)/
const BY_SELF = /^[^，不]{0,3}(?:自行|自己|独自|自愿)(?:承担|负担|负责)/

const SAYS_NOTHING =
  /(?:否则|因此|由此|因而|以此|从而)|(?:所?(?:产生|带来|造成|引起|引发|导致|发生|涉及))的?|应当?|须|需|均|全部|一律|一切|任何|相关|所有|有关|法律|[该此其的及和与等者或]|您?理解|并?同意|损失|责任|后果|费用/g

/** Risks and costs with who bears them: 死亡风险由消费者承担. */
function burdens(statement: Statement): Term[] {
  const { unit, segments } = statement
  const found: Term[] = []
  for (const [i, segment] of segments.entries()) {
    const words = unit.text.slice(segment.start, segment.end)
    const previous = segments[i - 1]
    if (TRIGGER.test(words) || /不由|无需|无须|免|不承担|有权|可以?要求|或/.test(words)) continue
    for (const m of unit.mentions) {
      if (m.start < segment.start || m.end > segment.end) continue
      const rest = unit.text.slice(m.end, segment.end)
      const agent = unit.text.slice(m.start - 1, m.start) === '由' && BY_AGENT.test(rest)
      if (!agent && !(m.role === 'subject' && BY_SELF.test(rest))) continue
      const who = partyOf(statement, m)
      const own = unit.text.slice(segment.start, m.start - (agent ? 1 : 0))
      // 检测所产生的费用，均由商家承担
      const bound = /^(?:应当?|须|需|均|全部|一律|将|则|也|都)*$/.test(own) && agent && previous !== undefined
      const front = bound ? unit.text.slice(previous.start, previous.end) : own
      // 死亡风险由消费者承担; 由您承担所需费用, 您自行承担流量费.
      const about = agent && BURDEN.test(front) ? front : rest.replace(agent ? BY_AGENT : BY_SELF, '').slice(0, 16)
      if (!BURDEN.test(about)) continue
      const topic = bare(about).replace(SAYS_NOTHING, '')
      // 由此产生的损失由…: nothing tells of what.
      if (topic.length < 2 || /责任|后果/.test(topic)) continue
      const affects = affected(who === 'P' ? user(statement) : who)
      const name = nameIn(statement, affected(who))
      found.push({
        // Who else bears it now is told as a change of party.
        key: 'burden',
        // Who gains where the platform pays is only known where somebody is named.
        silent: who === 'P' && !unit.mentions.some(x => x.party !== 'P'),
        topic,
        span: m,
        statement,
        affects,
        added: who === 'P' ? 'better' : 'worse',
        gain: 'duty-added',
        loss: 'duty-removed',
        zh: `由${name.zh}承担的风险或费用`,
        en: `risk or cost borne by ${name.en}`,
      })
      break
    }
  }
  return found
}

// ── what the platform must say or hear ──────────────────────────────────────────────────────────────────────────

const OWED: readonly (readonly [RegExp, string, string])[] = [
  [
    /(?:说明|告知|阐明|列明|载明|写明|提供)[^，；]{0,8}(?:理由|原因|依据)|(?:理由|原因|依据)(?:告知|通知|说明)/,
    '说明理由的义务',
    'duty of the platform to give reasons',
  ],
  [
    /(?:听取|征求|听取并[^，；]{0,3})[^，；]{0,10}(?:意见|陈述|申辩)/,
    '听取意见的义务',
    'duty of the platform to hear the other side',
  ],
]

/** 平台处置商家的，应当说明理由: its own act in front tells who is meant. */
const byPlatform = ({ unit, start }: Statement, at: number): boolean =>
  unit.actorAt(at + 1) === 'P' ||
  (/(?:平台|我们|公司)(?:作出|采取|处[置罚理])[^。；]{0,30}，[^，]{0,8}$/.test(unit.text.slice(start, at)) &&
    !unit.mentions.some(m => m.role === 'subject' && m.party !== 'P' && m.start >= start && m.end <= at))

/** What the platform owes beside the measure itself; not where it only may. */
function owed(statement: Statement): Term[] {
  const { unit, segments } = statement
  const found: Term[] = []
  for (const segment of segments) {
    const words = unit.text.slice(segment.start, segment.end)
    for (const [pattern, zh, en] of OWED) {
      const m = pattern.exec(words)
      if (m === null || TRIGGER.test(words)) continue
      const at = segment.start + m.index
      const modal = modalsIn(words.slice(0, m.index)).at(-1)
      if (unit.denied(at) || (modal !== undefined && modal.modal !== 'must') || !byPlatform(statement, at)) continue
      const affects = affected(user(statement))
      found.push({
        key: `owed ${zh}`,
        span: { start: at, end: at + m[0].length },
        statement,
        affects,
        added: 'better',
        gain: 'duty-added',
        loss: 'duty-removed',
        zh: `平台${zh}`,
        en,
      })
    }
  }
  return found
}

// ── courts ──────────────────────────────────────────────────────────────────────────────────────────────────────

const SEAT =
  /([^，；：。、由向在至（）]{1,16}?)(?:所在地|住所地|注册地|经营地|营业地|居住地)|合同(?:签订|签署|履行)地|(?:[一-鿿]{2,4}(?:省|市))?[一-鿿]{2,4}[市区县](?=[^，；]{0,4}(?:人民)?法院)|[^，；：。、向由在至到交请（）]{2,10}(?:仲裁委员会|仲裁院|仲裁中心)/
const COURT = /(?:法院|仲裁)/

/** The one place whose court decides, as the statement says it, with whose place it is. */
function seat(statement: Statement): { span: Span; words: string; of: Party | null; any: boolean } | null {
  const { unit, start, text } = statement
  if (!COURT.test(text) || !/管辖|起诉|诉讼|仲裁|裁决/.test(text)) return null
  const all = [...text.matchAll(new RegExp(SEAT, 'g'))].filter(m =>
    COURT.test(text.slice(m.index, m.index + m[0].length + 24)),
  )
  const [m] = all
  if (m === undefined || all.length > 1) return null
  const span = { start: start + m.index, end: start + m.index + m[0].length }
  const owner = unit.mentions.findLast(x => x.start >= span.start && x.end <= span.end)
  const by = owner === undefined ? null : partyOf(statement, owner)
  return {
    span,
    words: printed(statement, span).replace(/^.*(?:提请|提交|起诉|应由)/, ''),
    of: by,
    any: /被告|原告|任何一方|任一方/.test(m[0]),
  }
}

/** Where the platform's company has its seat, by its name: 上海某某科技有限公司. */
const atHome = (side: Annotated, words: string): boolean =>
  new RegExp(`${words.slice(0, 2)}(?:市|省)?[一-鿿]{2,16}(?:有限公司|集团)`).test(side.parsed.document.text)

/** Another place of jurisdiction: nearer to the platform is farther from everybody else. */
function courtChanges({ old, new: fresh }: Altered): Found[] {
  const [a, b] = [seat(old), seat(fresh)]
  const place = (words: string): string =>
    bare(words).replace(/(?:(?:所在|住所|注册|经营|营业|居住)地|(?:国际)?仲裁(?:委员会|院|中心))$/, '')
  if (a === null || b === null || place(a.words) === place(b.words)) return []
  if (a.of !== null && a.of === b.of) return []
  if (covered(place(a.words), bigrams(place(b.words))) >= 0.6) return []
  const between = a.of !== null && b.of !== null && a.of !== 'P' && b.of !== 'P'
  const affects = between
    ? 'consumer'
    : affected(a.of === 'M' || a.of === 'C' ? a.of : b.of === 'M' || b.of === 'C' ? b.of : user(fresh))
  const bodies = /仲裁/.test(a.words + b.words)
  const rank = ({ of, words }: typeof a, { side }: Statement): number =>
    of === 'P' || (bodies && of === null && atHome(side, words)) ? 0 : of === null ? 1 : 2
  const gain = between ? (b.of === 'C' ? 1 : -1) : rank(b, fresh) - rank(a, old)
  const direction: Direction = gain === 0 ? 'neutral' : gain > 0 ? 'better' : 'worse'
  return [
    {
      kind: 'condition',
      from: a.words,
      to: b.words,
      affects,
      direction,
      zh: `争议管辖由“${a.words}”改为“${b.words}”`,
      en: `Place of jurisdiction changed from “${a.words}” to “${b.words}”`,
      important: true,
      statement: fresh,
    },
  ]
}
