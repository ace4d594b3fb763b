/** References to clauses of the same document: which of them follow a renumbering, and which it left behind. */
import { clauseName } from '../parse/index.js'
import { numberValue, readLabel } from '../parse/labels.js'
import type { Clause, Lang, Parsed } from '../types.js'
import { type PlacedPassage, passageKey } from './passages.js'
import type { Pair, Passage } from './types.js'

const NUMBER = '[〇零一二两三四五六七八九十百\\d]'
const REFERENCE = new RegExp(
  `第\\s?(?:[（(]${NUMBER}{1,3}[)）]|${NUMBER}{1,5}(?:\\.\\d{1,2})*)\\s?(?:部分|[编章节条款项])(?:之[一二三四五六七八九十])?|[（(]${NUMBER}{1,3}[)）]|(?<![\\d.])\\d{1,2}(?:\\.\\d{1,2}){1,5}(?![\\d.]|\\s?(?:[%％‰元倍折分万亿米克]|个))`,
  'g',
)

/** What is known of the references in a pair of passages. */
export interface References {
  /** Whether its words differ only in references, and every one of them still points at the same clause. */
  readonly follow: (pair: Pair) => boolean
  /** A line for every reference that stayed as it was though its clause has another number now, and another clause has its number. */
  readonly leftBehind: (pair: Pair, lang: Lang) => string[]
}

/** Reads the references of two versions by what their clauses became. */
export function references(old: Parsed, fresh: Parsed, pairs: readonly Pair[]): References {
  const votes = new Map<string, { from: number; to: number; weight: number }>()
  const vote = (from: number, to: number, weight: number): void => {
    const known = votes.get(`${from} ${to}`)
    if (known) known.weight += weight
    else votes.set(`${from} ${to}`, { from, to, weight })
  }
  for (const pair of pairs) {
    const [p, q] = [pair.old[0], pair.new[0]] as (PlacedPassage | undefined)[]
    if (!p || !q) continue
    vote(p.clauseId, q.clauseId, p.key.length + q.key.length)
    if (p.parent >= 0 && q.parent >= 0) vote(p.parent, q.parent, 1)
  }
  const became = new Map<number, number>()
  const was = new Map<number, number>()
  for (const { from, to } of [...votes.values()].sort(
    (x, y) => y.weight - x.weight || x.from - y.from || x.to - y.to,
  )) {
    if (!became.has(from)) became.set(from, to)
    if (!was.has(to)) was.set(to, from)
  }
  const resolveOld = resolver(old.clauses)
  const resolveNew = resolver(fresh.clauses)
  const follow = (pair: Pair): boolean => {
    const [before, after] = [textOf(pair.old), textOf(pair.new)]
    if (before.length > 20_000) return false
    if (passageKey(before.replace(REFERENCE, '第')) !== passageKey(after.replace(REFERENCE, '第'))) return false
    const from = resolveOld(before, pair.old[0]!.clauseId)
    const to = resolveNew(after, pair.new[0]!.clauseId)
    return (
      from.length === to.length &&
      from.every(
        (x, k) =>
          x.text.normalize('NFKC') === to[k]!.text.normalize('NFKC') ||
          (x.clause !== null && to[k]!.clause !== null && became.get(x.clause) === to[k]!.clause),
      )
    )
  }
  const leftBehind = (pair: Pair, lang: Lang): string[] => {
    const [before, after] = [textOf(pair.old), textOf(pair.new)]
    const [p, q] = [pair.old[0], pair.new[0]]
    if (!p || !q || before.length > 20_000 || !OWN.test(after)) return []
    const there = ownReferences(after, resolveNew(after, q.clauseId))
    const lines = new Set<string>()
    for (const [text, from] of ownReferences(before, resolveOld(before, p.clauseId))) {
      const to = there.get(text)
      const now = from === null ? undefined : became.get(from)
      if (from !== null && now === undefined) {
        // Its clause is gone, yet the number stands.
        const stands = to !== undefined || after.normalize('NFKC').replace(/\s/g, '').includes(text)
        if (stands) lines.add(goneLine(q.clause, clauseName(old, from), typeof to === 'number', lang))
        continue
      }
      if (from === null || now === undefined || to === undefined || to === null || to === now || was.get(now) !== from)
        continue
      const [at, name, renamed] = [q.clause, clauseName(old, from), clauseName(fresh, now)]
      if (name === renamed || renamed === '') continue
      lines.add(
        lang === 'zh'
          ? `${said(at) || '此处'}仍引用${said(name)}，但原${said(name)}现为${said(renamed)}`
          : `${at || 'This text'} still refers to ${name}, but the old ${name} is now ${renamed}`,
      )
    }
    return [...lines]
  }
  return { follow, leftBehind }
}

/** A reference to a clause that is no more; `replaced` if another one has its number now. */
function goneLine(at: string | null, name: string, replaced: boolean, lang: Lang): string {
  if (lang === 'zh')
    return `${said(at ?? '') || '此处'}仍引用${said(name)}，但原${said(name)}已删去${replaced ? `，现在的${said(name)}是另一条` : ''}`
  return `${at || 'This text'} still refers to ${name}, but the old ${name} is gone${replaced ? `, and ${name} is another clause now` : ''}`
}

/** Whether a text may refer to a clause by its number at all. */
const OWN = /第[^，。；]{1,8}[条章]|\d\.\d/
/** "8.1" as a sentence names it. */
const said = (name: string): string => (/^\d+(?:\.\d+)*$/.test(name) ? `第${name}条` : name)
/** What stands before an article of somebody else's: 《…法》, 民法典, 《…》第三条和. */
const ELSEWHERE =
  /(?:》(?:[（(][^）)]{0,60}[）)])?|[法典例]|办法|附[件录表][〇零一二两三四五六七八九十\d]{0,3}|(?<!本|本平台)(?:规定|细则|解释|通知|准则|标准))(?:[〇零一二两三四五六七八九十百\d.]+[条款项章节]|[（(].[）)]|[第和及与或至、，\s])*$/
const AFTER_NUMBER = /^\s?(?:条|款|项|节|部分|之|所|的|规定|约定|另有)/
const BEFORE_NUMBER = /(?:第|本[\u4e00-\u9fff]{1,4}|根据|按照|依据|依照|按|见|[和及与或、])\s?$/

/** The articles and decimal numbers by which a text names clauses of its own document, with the clause; null where they name several. */
function ownReferences(
  text: string,
  found: readonly { readonly text: string; readonly at: number; readonly clause: number | null }[],
): Map<string, number | null> {
  const own = new Map<string, number | null>()
  for (const { text: words, at, clause } of found) {
    const decimal = /^\d/.test(words)
    const before = text.slice(Math.max(0, at - 80), at)
    if (clause === null || ELSEWHERE.test(before)) continue
    if (!decimal && !/^第.*[条章]$/.test(words)) continue
    if (decimal && !AFTER_NUMBER.test(text.slice(at + words.length)) && !BEFORE_NUMBER.test(before)) continue
    const key = words.normalize('NFKC').replace(/\s/g, '')
    own.set(key, own.has(key) && own.get(key) !== clause ? null : clause)
  }
  return own
}

/** Finds the clauses that the references of a text point at, null for those that can't be told. */
function resolver(
  clauses: readonly Clause[],
): (text: string, home: number) => { text: string; at: number; clause: number | null }[] {
  const byLabel = new Map<string, number | null>()
  const outermost = new Map<number, number | null>()
  const valueOf = new Map<number, number>()
  for (const clause of clauses) {
    const label = clause.label === null ? null : readLabel(`${clause.label}、甲`, 0)
    if (!label) continue
    const id = `${label.scheme} ${label.values.join('.')}`
    byLabel.set(id, byLabel.has(id) ? null : clause.id)
    valueOf.set(clause.id, label.values.at(-1) ?? 0)
    if (clause.depth <= 1 && label.values.length === 1 && label.scheme !== 'chapter') {
      const value = label.values[0]!
      outermost.set(value, outermost.has(value) ? null : clause.id)
    }
  }
  const item = (home: number | null, value: number): number | null => {
    for (let at = home; at !== null && at !== undefined; at = clauses[at]?.parent ?? null) {
      const found = clauses[at]?.children.find(child => valueOf.get(child) === value)
      if (found !== undefined && at !== 0) return found
    }
    return null
  }
  return (text, home) => {
    const out: { text: string; at: number; clause: number | null }[] = []
    let last: { end: number; clause: number | null } | null = null
    for (const match of text.matchAll(REFERENCE)) {
      const words = match[0]
      const number = /\d+(?:\.\d+)+/.exec(words)?.[0]
      const value = numberValue(words.replace(/[第编章节条款项部分（）()\s]|之.$/g, ''))
      const beside = last !== null && /^[第的之、\s]?$/.test(text.slice(last.end, match.index)) ? last : null
      let clause: number | null
      if (text.charAt(match.index - 1) === '》') clause = null
      else if (number) clause = byLabel.get(`decimal ${number}`) ?? null
      else if (/[（(]|项/.test(words)) clause = item(beside ? beside.clause : home, value)
      else if (words.includes('款')) clause = null
      else {
        const scheme = words.includes('章')
          ? 'chapter'
          : words.includes('节')
            ? 'section'
            : words.includes('条')
              ? 'article'
              : 'part'
        const id = byLabel.get(`${scheme} ${value}${/之(.)/.test(words) ? `.${numberValue(words.slice(-1))}` : ''}`)
        clause = id !== undefined ? id : scheme === 'article' ? (outermost.get(value) ?? null) : null
      }
      out.push({ text: words, at: match.index, clause })
      last = { end: match.index + words.length, clause }
    }
    return out
  }
}

const textOf = (list: readonly Passage[]): string => list.map(p => p.text).join('\n')
