/** Numbering, references, terms and contradictions (办法8(1)): judged by code, because they look across a document or a set. */
import type { Annotated, Unit } from '../annotate/index.js'
import type { QuantityKind } from '../annotate/quantities.js'
import { numberValue, readLabel } from '../parse/labels.js'
import type { Rule } from '../rules/types.js'
import type { Clause, Confidence, DocumentSummary, Finding, Lang, Span } from '../types.js'
import type { Breach } from './breach.js'
import { fingerprintOf, spanOf, type Spot, worded } from './place.js'

/** Breaches of one document, by rule id. */
type Judge = (rule: Rule, annotated: Annotated) => Breach[]

const breach = (
  rule: Rule,
  unit: Unit,
  span: Span,
  fill: Readonly<Record<string, string>> = {},
  confidence: Confidence = rule.confidence,
): Breach => ({ rule, unit, span, fill, confidence })

/** By clause, the label that it carries. */
const labelsOf = once(({ parsed }) =>
  parsed.clauses.map(({ label }) => (label === null ? null : readLabel(`${label} `, 0, true))),
)

/** The first sentence of a clause, to hang a finding about its number on. */
function firstUnit(annotated: Annotated, clause: Clause): Unit | undefined {
  return annotated.units.find(u => u.sentence.span.start >= clause.span.start && u.sentence.span.end <= clause.span.end)
}

/** Old and new wording side by side: numbers repeat, and references may mean either text. */
const COMPARES = /(?:变更|修订|修改|调整|更新)前[\s\S]{0,4000}(?:变更|修订|修改|调整|更新)后/
const comparesVersions = once((annotated): boolean => COMPARES.test(annotated.parsed.document.text))

/** Computes something of a document once for all rules that ask for it. */
function once<T>(compute: (annotated: Annotated) => T): (annotated: Annotated) => T {
  const known = new WeakMap<Annotated, { readonly value: T }>()
  return annotated => {
    let entry = known.get(annotated)
    if (entry === undefined) {
      entry = { value: compute(annotated) }
      known.set(annotated, entry)
    }
    return entry.value
  }
}

const HAN = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九']
/** 1–99 in Chinese numerals. */
function hanNumeral(n: number): string {
  const tens = Math.floor(n / 10)
  return `${tens === 0 ? '' : `${tens === 1 ? '' : (HAN[tens] ?? '')}十`}${HAN[n % 10] ?? ''}`
}

/** Opens a line or follows a stop: where a number heads a clause and is not referred to. */
const HEADS = '(?:^|[\\s。；：】|])'
const REFERENCE =
  /(?<own>(?<![基样版文根成资脚剧])本(?:协议|规则|规范|条款|合同|办法|细则|章程|须知|政策|公约)(?:之?中?的?)?|上述|前述|按照?|依据?|依照|根据|违反|见|遵守)第(?<number>[〇零一二三四五六七八九十百\d]+(?=条)|\d{1,2}(?:\.\d{1,2})+(?=[条款项]))[条款项]/g
/** A rule named just before: the article is that rule's. */
const OF_ANOTHER =
  /(?:法|条例|办法|规定|解释|协议|规则|规范|标准|细则|通则|总则|准则|公约|指南|合同)[》”）]?[^，。；]{0,12}$/

/** 第X条 or 第5.3条 that no clause of the document carries, in a document that numbers its clauses that way. */
function danglingClauses(rule: Rule, annotated: Annotated): Breach[] {
  const { document, clauses } = annotated.parsed
  const articles = new Set<number>()
  const decimals = new Set<string>()
  for (const clause of clauses) {
    const label = labelsOf(annotated)[clause.id]
    if (label?.scheme === 'article') articles.add(label.values[0] ?? -1)
    if (label?.scheme === 'decimal') decimals.add(label.values.join('.'))
  }
  const heads = new Map<string, boolean>()
  // The tree may have missed a label that the text does show.
  const shown = (number: string): boolean => {
    const known = heads.get(number) ?? new RegExp(HEADS + printed(number), 'm').test(document.text)
    heads.set(number, known)
    return known
  }
  const found: Breach[] = []
  for (const unit of annotated.units) {
    if (unit.flags.has('repealed') || !unit.text.includes('第')) continue
    for (const match of unit.text.matchAll(REFERENCE)) {
      const { own = '', number = '' } = match.groups ?? {}
      if (match.index < unit.own) continue
      const before = unit.text.slice(Math.max(0, match.index - 30), match.index)
      if (!own.startsWith('本') && OF_ANOTHER.test(before)) continue
      const decimal = number.includes('.')
      const known = decimal
        ? decimals.size < 5 || decimals.has(number)
        : articles.size < 3 || articles.has(numberValue(number))
      if (known || shown(number)) continue
      const span = spanOf(unit, match.index + own.length, match.index + match[0].length)
      if (span !== null) found.push(breach(rule, unit, span))
    }
  }
  return found
}

/** A number as it stands at the head of a clause, as a regular expression. */
function printed(number: string): string {
  if (number.includes('.')) return `${number.replaceAll('.', '\\s?[.．]\\s?')}(?![\\d条款项])`
  return `第\\s{0,3}(?:${number}|${numberValue(number)}|${hanNumeral(numberValue(number))})\\s{0,3}[条條]`
}

const ATTACHMENT = /附(?:件|表|录)(?<number>[一二三四五六七八九十\d]{1,3})/g
const CARRIED = /^[\s【（(*#]{0,4}附\s?(?:件|表|录)\s?(?<number>[一二三四五六七八九十\d]{1,3})/gm

/** 附件三 in a document that carries other numbered attachments, but not this one. */
function danglingAttachments(rule: Rule, annotated: Annotated): Breach[] {
  const carried = new Set<number>()
  for (const { groups } of annotated.parsed.document.text.matchAll(CARRIED)) {
    carried.add(numberValue(groups?.number ?? ''))
  }
  if (carried.size === 0) return []
  const found: Breach[] = []
  for (const unit of annotated.units) {
    if (unit.flags.has('repealed') || !unit.text.includes('附')) continue
    for (const match of unit.text.matchAll(ATTACHMENT)) {
      if (match.index <= unit.own || carried.has(numberValue(match.groups?.number ?? ''))) continue
      const before = unit.text.slice(Math.max(0, match.index - 6), match.index)
      if (/[》”]的?$|(?:办法|条例|规定|目录|标准|规则|协议)[》”（]?的?$/.test(before)) continue
      const span = spanOf(unit, match.index, match.index + match[0].length)
      if (span !== null) found.push(breach(rule, unit, span))
    }
  }
  return found
}

const danglingReference: Judge = (rule, annotated) =>
  comparesVersions(annotated) ? [] : [...danglingClauses(rule, annotated), ...danglingAttachments(rule, annotated)]

/** A numbered clause and what its number is worth on its own level. */
interface Numbered {
  readonly clause: Clause
  readonly value: number
}

/**
 * Runs of siblings numbered alike. Only numbers that open a line count (in running text they may be references or the
 * flattened cells of a table), and no letters: "(v)" is a letter or a Roman five.
 */
const runs = once((annotated): readonly (readonly Numbered[])[] => {
  const { clauses, document } = annotated.parsed
  if (comparesVersions(annotated)) return []
  const all: Numbered[][] = []
  for (const parent of clauses) {
    const open = new Map<string, Numbered[]>()
    for (const id of parent.children) {
      const clause = clauses[id]
      if (clause === undefined || clause.label === null || clause.labelSpan.end === clause.labelSpan.start) continue
      const label = labelsOf(annotated)[id]
      const value = label?.values.at(-1)
      if (label === null || label === undefined || value === undefined || label.other !== undefined) continue
      if (/bullet|upper|lower|roman/.test(label.scheme)) continue
      // 第十二条之一 stands between 第十二条 and 第十三条.
      if (label.scheme === 'article' && label.values.length > 1) continue
      const key = `${label.scheme} ${label.values.slice(0, -1).join('.')}`
      const run = open.get(key) ?? []
      run.push({ clause, value })
      open.set(key, run)
    }
    all.push(...open.values())
  }
  const opensLine = ({ clause }: Numbered): boolean =>
    /(?:^|\n)[\s*#【]*$/.test(document.text.slice(Math.max(0, clause.labelSpan.start - 12), clause.labelSpan.start))
  // One number in running text makes the whole run doubtful.
  return all.filter(run => run.length >= 3 && run.every(opensLine))
})

const words = (annotated: Annotated, clause: Clause): string =>
  annotated.parsed.document.text.slice(clause.labelSpan.end, clause.span.end).replace(/\s/g, '')

/** A number twice in a run that otherwise counts on by one: 1 2 2 3. */
const duplicateNumber: Judge = (rule, annotated) => {
  const found: Breach[] = []
  for (const run of runs(annotated)) {
    run.forEach(({ clause, value }, i) => {
      const [two, before, next] = [run[i - 2], run[i - 1], run[i + 1]]
      if (before === undefined || before.value !== value) return
      // A list that starts anew is another list: 1 1 2, 2 1 1; two ones may be two lists.
      if (value === 1 || two?.value !== value - 1 || (next !== undefined && next.value !== value + 1)) return
      if (words(annotated, clause) === words(annotated, before.clause)) return
      const unit = firstUnit(annotated, clause)
      if (unit !== undefined) found.push(breach(rule, unit, clause.labelSpan))
    })
  }
  return found
}

/** One or two numbers left out of a run that counts on before and after: 1 2 4 5. */
const brokenNumbering: Judge = (rule, annotated) => {
  const { text } = annotated.parsed.document
  const found: Breach[] = []
  for (const run of runs(annotated)) {
    run.forEach(({ clause, value }, i) => {
      const [two, before, next] = [run[i - 2], run[i - 1], run[i + 1]]
      if (before === undefined || value < before.value + 2 || value > before.value + 3) return
      if (two === undefined ? before.value !== 1 : two.value !== before.value - 1) return
      if (next !== undefined && next.value !== value + 1) return
      // The tree may have missed a label that the text does show.
      const between = text.slice(before.clause.labelSpan.end, clause.labelSpan.start)
      for (let missing = before.value + 1; missing < value; missing++) {
        const label = `${hanNumeral(missing)}[）)、.．条章节 ]|(?<!\\d)${missing}(?:[）)、.．条章节]|\\s|$)`
        if (new RegExp(label, 'm').test(between)) return
      }
      const unit = firstUnit(annotated, clause)
      if (unit !== undefined) found.push(breach(rule, unit, clause.labelSpan, { before: before.clause.label ?? '' }))
    })
  }
  return found
}

const QUOTED = /“([一-鿿a-z0-9]{2,8})”/g
const DEFINING = /(?:是指|系指|指的?是?|简称|统称|下称|称为?|即|定义|：)[^，。；]{0,6}$/
/** Names of pages and buttons are quoted too. */
const BUTTON = /(?:点击|点按|进入|选择|前往|打开|勾选|路径|通过|[->→])$/
const PAGE = /^(?:页面?|按钮|栏|菜单|入口|功能|模块|选项|标签|中|里|处|键|[->→])/
const NOUN =
  /(?:方|者|人|期|日|金|费|额|分|商品|服务|行为|订单|情形|应用|商户|作品|内容|店铺|商家|用户|会员|主播|达人|账号|骑手|司机|房源|课程|等级|事件|事项|操作|交易|范围|区域|时段|标准|项目|材料|渠道)$/
const ASSIGNED =
  /(?:甲方|乙方)[）：（]|[：（](?:甲方|乙方)|(?:简称|称为?|下称|作为|系|为|是|即)[“]?(?:甲方|乙方)|(?:甲方|乙方)[”]?(?:是|为|指|即|系)/

/** Terms used in quotes again and again but never said what they mean; 甲方/乙方 that nobody is. */
const undefinedTerm: Judge = (rule, annotated) => {
  const first = new Map<string, { unit: Unit; at: number; count: number }>()
  const known = new Set<string>()
  const whole = annotated.units.map(u => u.text.slice(u.own)).join('\n')
  for (const unit of annotated.units) {
    for (const match of unit.text.matchAll(QUOTED)) {
      if (match.index < unit.own) continue
      const term = match[1] ?? ''
      const before = unit.text.slice(Math.max(0, match.index - 10), match.index)
      const after = unit.text.slice(match.index + match[0].length, match.index + match[0].length + 6)
      if (DEFINING.test(before) || /^(?:是?指|系|：|即|，?指|）)/.test(after)) known.add(term)
      if (BUTTON.test(before) || PAGE.test(after)) known.add(term)
      const seen = first.get(term)
      if (seen === undefined) first.set(term, { unit, at: match.index, count: 1 })
      else first.set(term, { ...seen, count: seen.count + 1 })
    }
  }
  const found: Breach[] = []
  for (const [term, { unit, at, count }] of first) {
    if (count < (rule.options.uses ?? 3) || known.has(term) || annotated.cast.names.has(term) || !NOUN.test(term))
      continue
    // A term that is also used bare is plain language.
    if (whole.split(term).length - 1 > count) continue
    const span = spanOf(unit, at, at + term.length + 2)
    if (span !== null) found.push(breach(rule, unit, span))
  }
  if (/甲方|乙方/.test(whole) && !ASSIGNED.test(whole)) {
    const unit = annotated.units.find(u => /甲方|乙方/.test(u.text.slice(u.own)))
    const at = unit === undefined ? -1 : unit.text.slice(unit.own).search(/甲方|乙方/) + unit.own
    const span = unit === undefined ? null : spanOf(unit, at, at + 2)
    if (unit !== undefined && span !== null) found.push(breach(rule, unit, span))
  }
  return found
}

/** What reads fast however long: brackets, and the members of a list joined by 、. */
const ASIDES = [/（[^（）]{0,400}）/g, /《[^》]{0,60}》/g, /(?:[^，。；：、]{1,16}、)+/g]
/** Cells and menus run together, addresses, numbered items: no sentence that anybody wrote. */
const PASTED =
  /[^，、。；：（）“”《》]{70}|https?:|[a-z._/]{15}|[>＞≥≤*|].{0,80}[>＞≥≤*|]|【.{0,200}【|\d\.\d.{0,200}\d\.\d|[（\d]\d[）、]/

const overlongSentence: Judge = (rule, annotated) => {
  const limit = rule.options.characters ?? 220
  return annotated.units.flatMap(unit => {
    const { kind, cells } = unit.sentence
    const own = unit.text.slice(unit.own)
    if (kind === 'heading' || cells !== undefined || own.length <= limit) return []
    if (!/[。；！]”?$/.test(own) || PASTED.test(own)) return []
    const core = ASIDES.reduce((text, aside) => text.replace(aside, ''), own)
    const parts = (core.match(/，/g) ?? []).length
    if (core.length <= (rule.options.core ?? 150) || parts < (rule.options.parts ?? 5)) return []
    return [breach(rule, unit, unit.sentence.span, { characters: String(own.length) })]
  })
}

/** Code-judged rules of one document. */
export const documentJudges: Readonly<Record<string, Judge>> = {
  'dangling-reference': danglingReference,
  'duplicate-number': duplicateNumber,
  'broken-numbering': brokenNumbering,
  'undefined-term': undefinedTerm,
  'overlong-sentence': overlongSentence,
}

/** Questions that a set of rules answers once; § is where the number stands. */
const MATTERS: readonly (readonly [string, QuantityKind, RegExp])[] = [
  [
    'appeal',
    'duration',
    /§(?:之?内|以内)[^。；]{0,16}(?:申诉|申辩|异议|申请复核)|(?:申诉|申辩)(?:期|时限|时效|期限|有效期)[^。；，]{0,6}§/,
  ],
  [
    'answer',
    'duration',
    /(?:申诉|异议)[^。；]{0,24}§(?:之?内|以内)[^。；，]{0,10}(?:答复|回复|处理|复核|反馈|告知|结论)/,
  ],
  [
    'publication',
    'duration',
    /(?:提前|至少|不少于)§[^。；]{0,10}(?:公示|公布|公告|通知)|公示(?:期|时间)?(?:为|不少于|至少)§/,
  ],
  [
    'deposit-back',
    'duration',
    /(?:保证金|押金)[^。；]{0,40}§(?:之?内|以内|后)[^。；，]{0,10}(?:退还|返还|退回|退|解冻)|§(?:之?内|以内|后)[^。；，]{0,10}(?:退还|返还|退回|解冻)[^。；，]{0,8}(?:保证金|押金)/,
  ],
  [
    'reminder',
    'duration',
    /(?:续费|扣款|扣费)(?:日)?前§|提前§[^。；]{0,12}(?:提醒|通知)[^。；]{0,12}(?:续费|扣款|扣费)/,
  ],
  ['refund', 'duration', /(?:退款|退费)[^。；]{0,24}§(?:之?内|以内)[^。；，]{0,8}(?:到账|退回|原路|退还)/],
  [
    'payout',
    'duration',
    /(?:提现|结算款|货款)[^。；]{0,24}§(?:之?内|以内)[^。；，]{0,8}(?:到账|打款|支付|划付|付清|结算)/,
  ],
  ['closing', 'duration', /(?:注销)[^。；]{0,24}§(?:之?内|以内)[^。；，]{0,10}(?:完成|处理|注销|审核|反馈)/],
  ['returns', 'duration', /§(?:之?内|以内)?[^。；，]{0,6}无理由(?:退货|退款|退换)/],
  ['commission', 'rate', /(?:佣金|技术服务费|平台服务费|手续费|抽成)[^。；，]{0,8}(?:为|按|即|是)[^。；，]{0,10}§/],
  ['deposit', 'amount', /(?:保证金|押金)[^。；，]{0,8}(?:为|是|：)[^。；，]{0,4}§/],
  ['yearly', 'amount', /(?:年费|会员费)[^。；，]{0,8}(?:为|是|：)[^。；，]{0,4}§/],
]
/** Words that make no other case of it. */
const PLAIN =
  /商家|卖家|商户|店主|用户|会员|买家|消费者|平台|我们|本店|甲方|乙方|您|自|从|在|于|对|向|就|如|若|可以?|应当?|将|有权|须|需要?|至少|不少于|不超过|收到|接到|送达|之日|次日|当日|起|之?内|以内|后|前|通知|处罚|处理|判罚|处分|违规|决定|结果|措施|不服|有?异议|提出|发起|提交|进行|申请|申诉|申辩|复核|通过|后台|系统|渠道|入口|页面|方式|退店|退出|终止|合作|(?:没有|无|不存在)?未(?:了结|决|结清|处理|完结|完成|解决)完?毕?|没有|结清|消费|投诉|纠纷|且|时|全额|无息|退还|返还|退回|保证金|押金|规则|协议|本|修改|修订|变更|调整|公示|公布|公告|首页|显著|位置|提前|生效|实施|期限|期间|时限|时效|期|为|是|按|的|和|或|并|与|及|进行|予以|原路|到账|退款|退费|款项?|提现|货款|结算|打款|支付|工作|自然|一律|统一|均|答复|回复|反馈|告知|完成|审核|注销|账号|佣金|技术服务费|平台服务费|手续费|费率|比例|收取|成交额|实付|金额|无理由|退货|退换|商品|签收|续费|扣款|扣费|提醒|自动|年费|会员费|每年|[元，。；：、（）“”《》\s§]/g
/** Words that say which of several cases this is. */
const CASE =
  /特殊|特定|另有|除外|预售|定制|生鲜|跨境|海外|港澳|首次|再次|第.次|严重|一般|轻微|紧急|大促|活动|类目|[类级档]|试用|个人|企业|线下|节假日|例如|举例|案例|旧|原/

/** A statement that answers one of the questions, as it is compared with others. */
export interface Statement {
  readonly matter: string
  readonly shown: string
  readonly value: number
  readonly rest: string
  /** Where it stands; null where its number can't be shown. */
  readonly spot: Spot | null
}

/** How many earlier answers a statement is compared with. */
const COMPARED = 50

/**
 * The statements of one document that may contradict others. Only plain ones are compared: nothing may say that they
 * speak of a case of its own.
 */
export function statementsIn(rule: Rule, annotated: Annotated, spotOf: (breach: Breach) => Spot): Statement[] {
  if (comparesVersions(annotated)) return []
  return annotated.units.flatMap(unit => {
    const own = unit.text.slice(unit.own)
    const numbers = unit.quantities.filter(q => q.start >= unit.own && q.kind !== 'date')
    const [q] = numbers
    if (q === undefined || numbers.length !== 1 || own.length > 80 || unit.sentence.cells !== undefined) return []
    if (unit.flags.has('repealed') || CASE.test(unit.text) || CASE.test(annotated.headings[unit.index] ?? '')) return []
    const marked = `${own.slice(0, q.start - unit.own)}§${own.slice(q.end - unit.own)}`
    const matter = MATTERS.find(([, kind, pattern]) => kind === q.kind && pattern.test(marked))?.[0]
    if (matter === undefined) return []
    const span = spanOf(unit, q.start, q.end)
    return [
      {
        matter,
        shown: unit.text.slice(q.start, q.end),
        value: q.value,
        rest: marked.replace(PLAIN, ''),
        spot: span === null ? null : spotOf(breach(rule, unit, span)),
      },
    ]
  })
}

/**
 * The same question with two answers in one set: what is left of two statements without the words everybody uses must be
 * alike. The returned function takes the statements of the documents one after another and gives those in each that
 * contradict its own or, unless each stands `alone`, an earlier document's.
 */
export function conflictTally(
  rule: Rule,
  lang: Lang,
  alone: boolean,
): (document: DocumentSummary, statements: readonly Statement[]) => Finding[] {
  interface Answer extends Omit<Statement, 'spot'> {
    readonly document: number
    readonly file: string
    readonly title: string
  }
  const answers = new Map<string, readonly Answer[]>()
  let documents = 0
  return ({ path, title: declared }, statements) => {
    if (alone) answers.clear()
    const document = documents++
    const title = declared ?? ''
    const file = path.split('/').at(-1) ?? ''
    const found = new Map<string, { readonly spot: Spot; readonly other: Answer }[]>()
    for (const { spot, ...statement } of statements) {
      const { matter, value, rest } = statement
      const earlier = answers.get(matter) ?? []
      const other = earlier.find(
        x => x.value !== value && (x.document === document || x.title !== title) && alike(x.rest, rest),
      )
      if (other !== undefined && spot !== null) found.set(matter, [...(found.get(matter) ?? []), { spot, other }])
      answers.set(matter, [...earlier, { ...statement, document, file, title }].slice(-COMPARED))
    }
    const ordinals = new Map<string, number>()
    // By matter, in the order in which the set raises them.
    return [...answers.keys()]
      .flatMap(matter => found.get(matter) ?? [])
      .map(({ spot, other }) => {
        const ordinal = (ordinals.get(spot.fingerprint) ?? 0) + 1
        ordinals.set(spot.fingerprint, ordinal)
        const fingerprint = fingerprintOf(spot.fingerprint, ordinal)
        return worded(rule, { ...spot, fingerprint }, lang, { other: other.shown, place: other.file })
      })
  }
}

/** Hardly a word of either that the other has not. */
function alike(a: string, b: string): boolean {
  const only = (x: string, y: string): number => [...x].filter(char => !y.includes(char)).length
  return only(a, b) <= 2 && only(b, a) <= 2
}
