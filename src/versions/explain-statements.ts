/** Cuts both sides of a pair into statements, finds which correspond, and where inside them the words differ. */
import { diffArrays } from 'diff'
import type { Annotated, Unit } from '../annotate/index.js'
import type { Span } from '../types.js'
import type { Pair, Passage } from './types.js'

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

// ── places and words ──────────────────────────────────────────────────────────────────────────────────────────────

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
