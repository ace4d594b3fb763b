/** Numbering, references, terms and contradictions (办法8(1)): judged by code, because they look across a document or a set. */
import type { Annotated, Unit } from '../annotate/index.js'
import { numberValue, readLabel } from '../parse/labels.js'
import type { Rule } from '../rules/types.js'
import type { Clause, Confidence, Span } from '../types.js'
import type { Breach } from './breach.js'
import { spanOf } from './place.js'

/** Breaches of one document, by rule id. */
type Judge = (rule: Rule, annotated: Annotated) => Breach[]

const breach = (
  rule: Rule,
  unit: Unit,
  span: Span,
  fill: Readonly<Record<string, string>> = {},
  confidence: Confidence = rule.confidence,
): Breach => ({ rule, unit, span, fill, confidence })

/** The first sentence of a clause, to hang a finding about its number on. */
function firstUnit(annotated: Annotated, clause: Clause): Unit | undefined {
  return annotated.units.find(u => u.sentence.span.start >= clause.span.start && u.sentence.span.end <= clause.span.end)
}

const REFERENCE =
  /(?<law>》)?(?<own>本(?:协议|规则|规范|条款|合同|办法|细则|章程|须知|政策|公约)(?:之?中?的?)?|上述|前述|按照?|依据?|依照|根据|违反|见|遵守)?第(?<number>[〇零一二三四五六七八九十百\d]+)条/g

/** 第X条 that no clause of the document carries, in a document that numbers its articles. */
const danglingReference: Judge = (rule, annotated) => {
  const articles = new Set<number>()
  for (const clause of annotated.parsed.clauses) {
    const label = clause.label === null ? null : readLabel(clause.label, 0, true)
    if (label?.scheme === 'article') articles.add(label.values[0] ?? -1)
  }
  const tops = new Set<number>()
  for (const clause of annotated.parsed.clauses) {
    const label = clause.label === null ? null : readLabel(`${clause.label} `, 0, true)
    if (label !== null && label.values.length > 0) tops.add(label.values[0] ?? -1)
  }
  if (articles.size < 3 && tops.size < 3) return []
  const found: Breach[] = []
  for (const unit of annotated.units) {
    if (unit.flags.has('repealed')) continue
    for (const match of unit.text.matchAll(REFERENCE)) {
      const { law, own, number } = match.groups ?? {}
      if (match.index < unit.own || law !== undefined || own === undefined || number === undefined) continue
      const before = unit.text.slice(Math.max(0, match.index - 30), match.index)
      // 《民法典》第…条 and a second article of the same law are not the document's own.
      if (/[》法例定]第[^，。；]*$|》[^，。；]{0,12}$|(?:法|条例|规定|解释)$/.test(before)) continue
      if (!own.startsWith('本') && /(?:法|条例|办法|规定|解释|协议|规则|规范)[》]?[^，。；]{0,8}$/.test(before))
        continue
      const value = numberValue(number)
      if (articles.has(value) || (articles.size === 0 && tops.has(value))) continue
      if (articles.size === 0 && !own.startsWith('本')) continue
      const span = spanOf(unit, match.index + match[0].indexOf('第'), match.index + match[0].length)
      if (span !== null) found.push(breach(rule, unit, span))
    }
  }
  return found
}

/** Siblings that carry the same number, and numbers left out between siblings. */
function numbering(annotated: Annotated, visit: (clause: Clause, before: Clause, step: number) => void): void {
  const { clauses } = annotated.parsed
  for (const parent of clauses) {
    const last = new Map<string, { clause: Clause; value: number }>()
    for (const id of parent.children) {
      const clause = clauses[id]
      if (clause === undefined || clause.label === null) continue
      const label = readLabel(`${clause.label} `, 0, true)
      const value = label?.values.at(-1)
      if (label === null || value === undefined || label.other !== undefined || label.scheme === 'bullet') continue
      const key = `${label.scheme} ${label.values.slice(0, -1).join('.')}`
      const previous = last.get(key)
      if (previous !== undefined) visit(clause, previous.clause, value - previous.value)
      last.set(key, { clause, value })
    }
  }
}

const words = (annotated: Annotated, clause: Clause): string =>
  annotated.parsed.document.text.slice(clause.labelSpan.end, clause.span.end).replace(/\s/g, '')

const duplicateNumber: Judge = (rule, annotated) => {
  const found: Breach[] = []
  numbering(annotated, (clause, before, step) => {
    if (step !== 0 || words(annotated, clause) === words(annotated, before)) return
    const unit = firstUnit(annotated, clause)
    if (unit !== undefined && clause.labelSpan.end > clause.labelSpan.start)
      found.push(breach(rule, unit, clause.labelSpan))
  })
  return found
}

const brokenNumbering: Judge = (rule, annotated) => {
  const found: Breach[] = []
  numbering(annotated, (clause, before, step) => {
    if (step < 2 || step > 9) return
    const unit = firstUnit(annotated, clause)
    if (unit !== undefined && clause.labelSpan.end > clause.labelSpan.start)
      found.push(breach(rule, unit, clause.labelSpan, { before: before.label ?? '' }))
  })
  return found
}

const QUOTED = /“([一-鿿a-z0-9]{2,8})”/g
const DEFINING = /(?:是指|系指|指的?是?|简称|统称|下称|称为?|即|定义|：)[^，。；]{0,6}$/

/** Terms used in quotes again and again but never said what they mean; 甲方/乙方 that nobody is. */
const undefinedTerm: Judge = (rule, annotated) => {
  const first = new Map<string, { unit: Unit; at: number; count: number }>()
  const defined = new Set<string>()
  const whole = annotated.units.map(u => u.text.slice(u.own)).join('\n')
  for (const unit of annotated.units) {
    for (const match of unit.text.matchAll(QUOTED)) {
      if (match.index < unit.own) continue
      const term = match[1] ?? ''
      const after = unit.text.slice(match.index + match[0].length, match.index + match[0].length + 6)
      if (
        DEFINING.test(unit.text.slice(Math.max(0, match.index - 10), match.index)) ||
        /^(?:是?指|系|：|即|，?指|）)/.test(after)
      )
        defined.add(term)
      const seen = first.get(term)
      if (seen === undefined) first.set(term, { unit, at: match.index, count: 1 })
      else first.set(term, { ...seen, count: seen.count + 1 })
    }
  }
  const found: Breach[] = []
  for (const [term, { unit, at, count }] of first) {
    if (
      count < (rule.options.uses ?? 3) ||
      defined.has(term) ||
      annotated.cast.names.has(term) ||
      !/(?:方|者|人|期|日|金|费|额|分|商品|服务|行为|订单|情形)$/.test(term)
    )
      continue
    // A term that is also used bare is plain language.
    if (whole.split(term).length - 1 > count) continue
    const span = spanOf(unit, at, at + term.length + 2)
    if (span !== null) found.push(breach(rule, unit, span))
  }
  if (
    /甲方|乙方/.test(whole) &&
    !/(?:甲方|乙方)[）：（]|[：（](?:甲方|乙方)|(?:简称|称为?|下称|作为|系|为|是|即)[“]?(?:甲方|乙方)|(?:甲方|乙方)[”]?(?:是|为|指|即|系)/.test(
      whole,
    )
  ) {
    const unit = annotated.units.find(u => /甲方|乙方/.test(u.text.slice(u.own)))
    const at = unit === undefined ? -1 : unit.text.slice(unit.own).search(/甲方|乙方/) + unit.own
    const span = unit === undefined ? null : spanOf(unit, at, at + 2)
    if (unit !== undefined && span !== null) found.push(breach(rule, unit, span))
  }
  return found
}

const overlongSentence: Judge = (rule, annotated) => {
  const limit = rule.options.characters ?? 250
  return annotated.units.flatMap(unit => {
    const { kind, cells } = unit.sentence
    const size = unit.text.length - unit.own
    // Text captured without line breaks holds flattened tables and menus: too long to be one sentence anybody wrote.
    if (kind === 'heading' || cells !== undefined || size <= limit || size > limit * 6) return []
    return (unit.text.slice(unit.own).match(/[，、：]/g) ?? []).length < 3
      ? []
      : [breach(rule, unit, unit.sentence.span, { characters: String(size) })]
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

const MATTERS = [
  '申诉',
  '公示',
  '退款',
  '退货',
  '结算',
  '提现',
  '保证金',
  '佣金',
  '技术服务费',
  '年费',
  '会员费',
  '续费',
  '发货',
  '违约金',
  '注销',
  '举证',
  '征求意见',
  '解冻',
  '赔付',
  '发票',
  '开票',
]
/** A statement that binds somebody to a period, rate or amount. */
interface Statement {
  readonly document: number
  readonly unit: Unit
  readonly at: number
  readonly end: number
  readonly kind: string
  readonly value: number
  readonly skeleton: ReadonlySet<string>
}

/** The same matter with two different periods, rates or amounts in one set: sentences alike but for the number. */
export function judgeConflicts(
  rule: Rule,
  set: readonly Annotated[],
): { readonly document: number; readonly breach: Breach }[] {
  const buckets = new Map<string, Statement[]>()
  set.forEach((annotated, document) => {
    for (const unit of annotated.units) {
      const own = unit.text.slice(unit.own)
      const quantities = unit.quantities.filter(
        q => q.start >= unit.own && ['duration', 'rate', 'amount'].includes(q.kind),
      )
      const [q] = quantities
      if (
        q === undefined ||
        quantities.length !== 1 ||
        own.length > 90 ||
        unit.sentence.cells !== undefined ||
        unit.flags.has('repealed')
      )
        continue
      const matter = MATTERS.find(m => own.includes(m))
      if (matter === undefined) continue
      const rest = (own.slice(0, q.start - unit.own) + own.slice(q.end - unit.own)).replace(/[^一-鿿]/g, '')
      const skeleton = new Set<string>()
      for (let i = 0; i + 1 < rest.length; i++) skeleton.add(rest.slice(i, i + 2))
      const key = `${matter} ${q.kind}`
      const bucket = buckets.get(key) ?? []
      bucket.push({ document, unit, at: q.start, end: q.end, kind: q.kind, value: q.value, skeleton })
      buckets.set(key, bucket)
    }
  })
  const found: { document: number; breach: Breach }[] = []
  for (const bucket of buckets.values()) {
    // A set with hundreds of statements on one matter is a tariff; comparing all of them would be quadratic.
    for (const [i, b] of bucket.slice(0, 200).entries()) {
      const a = bucket
        .slice(0, i)
        .find(
          x =>
            x.value !== b.value &&
            (x.document !== b.document || x.unit.scope !== b.unit.scope) &&
            alike(x.skeleton, b.skeleton) >= 0.72,
        )
      if (a === undefined) continue
      const span = spanOf(b.unit, b.at, b.end)
      if (span === null) continue
      const other = set[a.document]
      const place = other === undefined ? '' : `${other.parsed.document.path.split('/').at(-1) ?? ''}`
      found.push({
        document: b.document,
        breach: breach(rule, b.unit, span, { other: a.unit.text.slice(a.at, a.end), place }, 'medium'),
      })
    }
  }
  return found
}

/** Jaccard similarity of two sets of character pairs. */
function alike(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let both = 0
  for (const x of a) if (b.has(x)) both++
  return both / (a.size + b.size - both || 1)
}
