/** Reads what changes for personal information: who gets it, what is promised, on whose consent, who sees it. */
import type { Elsewhere } from './explain-elsewhere.js'
import { TRIGGER } from './explain-norms.js'
import { affected, type Direction, type Found, nameIn, opposite, partyIn, user } from './explain-parties.js'
import { bare, bigrams, covered, printed, type Reading, type Statement, segmentAt } from './explain-statements.js'
import type { Span } from '../types.js'

interface Sort {
  readonly id: string
  readonly words: RegExp
  /** Whether the statement does this at a place. */
  readonly is: (statement: Statement, at: Span, segment: string) => boolean
  /** Said once it holds for the whole text. */
  readonly general?: boolean
  readonly added: Direction
  readonly gain: Found['kind']
  readonly loss: Found['kind']
  readonly zh: string
  readonly en: string
}

const DATA = '(?:个人信息|隐私|个人资料|个人数据|身份信息|账号信息|联系方式|用户信息|用户数据|相关信息|信息|数据|资料)'
const HANDLES = '(?:收集|获取|采集|读取|披露|共享|提供|出售|出租|转让|泄露|公开|存储|使用|处理)(?!的)'
const PROMISE = new RegExp(`不会[^，；]{0,30}?${HANDLES}[^，；]{0,40}${DATA}`, 'g')
/** Other people's information and the platform's own are other matters. */
const OWN = /[您你]|用户|会员|商家|个人/

/** Whose information it is: whoever the text addresses, not the service that is named beside them. */
const person = (statement: Statement): 'M' | 'C' =>
  !/[您你]|用户/.test(statement.text)
    ? user(statement)
    : partyIn(statement.side, statement.side.cast.addressee) === 'M'
      ? 'M'
      : 'C'
/** Whether the platform is who acts at a place. */
const acts = ({ unit, side }: Statement, at: number): boolean => partyIn(side, unit.actorAt(at)) === 'P'
const denies = ({ unit }: Statement, at: Span): boolean => unit.denied(at.start) || unit.denied(at.end - 1)

const SORTS: readonly Sort[] = [
  {
    id: 'promise',
    words: PROMISE,
    is: (s, at) => acts(s, at.start) && OWN.test(s.text) && !/除非|可能|无法|不能/.test(s.text),
    added: 'better',
    gain: 'duty-added',
    loss: 'duty-removed',
    zh: '平台不收集或不对外提供个人信息的承诺',
    en: 'promise not to collect or disclose personal data',
  },
  {
    id: 'security',
    general: true,
    words: new RegExp(
      `(?:采取|采用|运用|使用|通过)[^，；]{0,30}(?:技术|措施|程序|手段)[^，；]{0,20}(?:保护|保障|防止)[^，；]{0,30}${DATA}`,
      'g',
    ),
    is: (s, at) => acts(s, at.start) && OWN.test(s.text) && !denies(s, at),
    added: 'better',
    gain: 'duty-added',
    loss: 'duty-removed',
    zh: '平台保护个人信息的义务',
    en: 'duty of the platform to protect personal data',
  },
  {
    id: 'provide',
    words: new RegExp(
      `[将把][^，；]{0,80}?${DATA}[^，；]{0,30}?(?:提供|共享|披露|转让|传输|同步)(?:给|至|到|予)(?![您你我本])[^，；]{2,}|(?:第三方|提供方|合作方|合作伙伴)[^，；]{0,20}?(?:可以?|可能会?|有权|将会?|会)[^，；]{0,12}?(?:收集|获取|获得|存储|访问)(?!的)[^，；]{0,30}${DATA}`,
      'g',
    ),
    is: (s, at, segment) =>
      OWN.test(s.text) &&
      !denies(s, at) &&
      !/[您你][^，]{0,6}(?:可以?|有权|应|须|不)|匿名|去标识|不会|不得|发表的/.test(segment),
    added: 'worse',
    gain: 'right-added',
    loss: 'right-removed',
    zh: '向他人提供个人信息',
    en: 'provision of personal data to others',
  },
  {
    id: 'display',
    words:
      /(?:头像|昵称|个人主页|个人资料|个人信息)[^；。]{0,60}?向[^，；]{0,20}(?:其他用户|他人|第三方|公众)[^，；]{0,6}(?:展示|显示|公开)/g,
    is: (s, at, segment) => !denies(s, at) && !/[您你][^，]{0,6}(?:可以?|有权|选择)/.test(segment),
    added: 'worse',
    gain: 'right-added',
    loss: 'right-removed',
    zh: '个人信息对他人的展示',
    en: 'display of personal data to others',
  },
  {
    id: 'sync',
    words: /(?:授权|同意)[^；。]{0,80}?(?:自动)?同步(?:至|到|给|展示)[^，；]{2,}/g,
    is: (s, at) => !denies(s, at) && /内容|作品|信息|头像|昵称/.test(s.text) && OWN.test(s.text),
    added: 'worse',
    gain: 'right-added',
    loss: 'right-removed',
    zh: '对内容或资料同步至其他平台的授权',
    en: 'licence to copy content or data to other services',
  },
  {
    id: 'identity',
    general: true,
    words:
      /(?:须|需要?|应当?|必须)[^，；]{0,10}(?:填写|提供|提交|完成|进行|通过|使用)[^，；]{0,12}(?:真实[^，；]{0,6}(?:身份|姓名)|实名)/g,
    is: (s, at) => !acts(s, at.start) && !denies(s, at) && OWN.test(s.text),
    added: 'worse',
    gain: 'duty-added',
    loss: 'duty-removed',
    zh: '实名或提供真实身份的要求',
    en: 'demand for a real name or identity',
  },
  {
    id: 'guardian',
    general: true,
    words: /(?:征得|取得|获得|得到|经)[^，；]{0,10}(?:监护人|家长|父母)[^，；]{0,8}(?:同意|许可|授权)/g,
    is: (s, at) =>
      !denies(s, at) && !/未(?:经|取得|获得|征得|得到)/.test(s.unit.text.slice(Math.max(0, at.start - 2), at.end)),
    added: 'neutral',
    gain: 'condition',
    loss: 'condition',
    zh: '未成年人须经监护人同意的条件',
    en: "condition of a guardian's consent",
  },
]

/** The share of a statement's words that one in another place must hold to be the same in new words. */
const SAME = 0.4

/** What the pair changes about personal information; statements that were read are put into `told`. */
export function personalChanges(reading: Reading, was: Elsewhere, is: Elsewhere, told: Set<Statement>): Found[] {
  const { old, new: fresh, oldOnly, newOnly } = reading
  const found = [...consentChanges(reading, told), ...gatedPromises(reading, told)]
  const look = (
    here: readonly Statement[],
    there: readonly Statement[],
    own: Elsewhere,
    other: Elsewhere,
    added: boolean,
  ): void => {
    for (const sort of SORTS) {
      if (sort.general === true && other.words().search(sort.words) >= 0) continue
      const hits = here.filter(s => !told.has(s) && !other.has(s)).flatMap(s => hitsOf(s, sort).slice(0, 1))
      const first = hits.find(({ statement, segment }) => {
        const words = bare(statement.unit.text.slice(segment.start, segment.end))
        const same = (s: Statement): boolean =>
          hitsOf(s, sort).length > 0 && covered(words, bigrams(bare(s.text))) >= SAME
        return (
          !there.some(s => hitsOf(s, sort).length > 0) &&
          !other.unlike(own).some(same) &&
          !other.says(words, []) &&
          !other.says(bare(statement.text), [])
        )
      })
      if (first === undefined) continue
      const { statement, segment } = first
      told.add(statement)
      const quote = printed(statement, segment, 60)
      found.push({
        kind: added ? sort.gain : sort.loss,
        from: added ? null : quote,
        to: added ? quote : null,
        affects: affected(person(statement)),
        direction: added ? sort.added : opposite(sort.added),
        zh: `${added ? '新增' : '删去'}${sort.zh}：“${quote}”`,
        en: `${added ? 'New' : 'Dropped'} ${sort.en}: “${quote}”`,
        important: true,
        statement,
      })
    }
  }
  look(newOnly, old, is, was, true)
  look(oldOnly, fresh, was, is, false)
  return found
}

function hitsOf(statement: Statement, sort: Sort): { readonly statement: Statement; readonly segment: Span }[] {
  const { unit, start, text } = statement
  // Markup that was captured as text says nothing.
  if (unit.flags.has('definition') || unit.flags.has('void') || /<\/?[a-z]+[ >]/.test(text)) return []
  return [...text.matchAll(sort.words)].flatMap(m => {
    const at = { start: start + m.index, end: start + m.index + m[0].length }
    const first = segmentAt(statement, at.start)
    const last = segmentAt(statement, at.end)
    if (first === null || last === null) return []
    const segment = { start: first.start, end: last.end }
    const words = unit.text.slice(segment.start, segment.end)
    return TRIGGER.test(words) || !sort.is(statement, at, words) ? [] : [{ statement, segment }]
  })
}

const SEPARATE = /(?:征得|取得|获得|经过?)[^，；]{0,12}单独(?:的)?(?:同意|授权)/
const CONSENT = /(?:征得|取得|获得|经过?)[^，；]{0,12}(?:同意|授权|许可)/

/** 征得您的同意 → 征得您的单独同意. */
function consentChanges({ altered, old, new: fresh }: Reading, told: Set<Statement>): Found[] {
  return altered.flatMap(pair => {
    const [a, b] = [SEPARATE.test(pair.old.text), SEPARATE.test(pair.new.text)]
    const others = b ? old : fresh
    if (
      a === b ||
      !CONSENT.test(pair.old.text) ||
      !CONSENT.test(pair.new.text) ||
      others.some(s => SEPARATE.test(s.text))
    )
      return []
    told.add(pair.old).add(pair.new)
    const who = affected(person(pair.new))
    const name = nameIn(pair.new, who)
    return {
      kind: 'condition',
      from: b ? '同意' : '单独同意',
      to: b ? '单独同意' : '同意',
      affects: who,
      direction: b ? 'better' : 'worse',
      zh: b ? `须征得${name.zh}的同意改为须征得单独同意` : `须征得${name.zh}的单独同意改为须征得同意`,
      en: b ? `Consent of ${name.en} must now be separate` : `Consent of ${name.en} need no longer be separate`,
      important: true,
      statement: pair.new,
    } satisfies Found
  })
}

/** Hangs a promise on what a page happens to show. */
const GATE = /(?:未|没有)[^，；]{0,14}(?:启用|开启|开通|上线|提供)|(?:未|没有)被?(?:启用|开启)/

/** 我们不会收集支付信息 → 页面未启用支付的，我们不会收集支付信息. */
function gatedPromises({ oldOnly, newOnly }: Reading, told: Set<Statement>): Found[] {
  const promises = (list: readonly Statement[]): readonly Statement[] =>
    list.filter(s => !told.has(s) && s.text.search(PROMISE) >= 0)
  const [before, after] = [promises(oldOnly), promises(newOnly)]
  const gated = (s: Statement): boolean => GATE.test(s.text)
  const [old, now] = [before[0], after[0]]
  if (old === undefined || now === undefined || before.some(gated) === after.some(gated)) return []
  if (!before.every(gated) && !after.every(gated)) return []
  told.add(old).add(now)
  const added = gated(now)
  const statement = added ? now : old
  const gate = statement.segments.find(s => GATE.test(statement.unit.text.slice(s.start, s.end))) ?? statement
  const quote = printed(statement, gate)
  return [
    {
      kind: 'condition',
      from: added ? null : quote,
      to: added ? quote : null,
      affects: affected(person(statement)),
      direction: added ? 'worse' : 'better',
      zh: added ? `不收集个人信息的承诺改为有条件（“${quote}”）` : `不收集个人信息的承诺不再附条件（“${quote}”）`,
      en: `Promise not to collect personal data ${added ? 'made conditional' : 'no longer conditional'} (“${quote}”)`,
      important: true,
      statement,
    },
  ]
}
