/** Word by word: what was struck out of a passage and what was put in. */
import { diffArrays } from 'diff'
import type { Edit } from './types.js'

const HAN_NUMBER = '[〇零一二两兩三四五六七八九十百千万萬亿億半]'
const UNIT =
  '[个個]?(?:工作日|自然日|交易日|日历日|小[时時]|分[钟鐘]|秒|年|月|[周週]|星期|天|日|[时時]|元|美元|角|分|倍|次|件|[笔筆]|[条條]|款|[项項]|份|人|家|[个個]|[级級]|[户戶]|%|％|‰|折|公里|千克|公斤|克|米|字|[张張]|位|GB|MB|KB)?'
/** What is read as one word: law names, defined terms, dates, quantities with their unit, references, Latin words. */
const WHOLE = new RegExp(
  [
    '《[^》\\n]{1,40}》',
    '“[^”\\n]{1,12}”',
    '[\\d０-９]{4}\\s?年\\s?[\\d０-９]{1,2}\\s?月(?:\\s?[\\d０-９]{1,2}\\s?日)?',
    '\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}',
    '[\\d０-９]{1,2}月[\\d０-９]{1,2}日',
    `第(?:${HAN_NUMBER}{1,6}|[\\d０-９]+(?:\\.\\d+)*|[（(](?:${HAN_NUMBER}{1,3}|\\d{1,2})[)）])[编編章节節条條款项項]`,
    `百分之${HAN_NUMBER}+(?:点${HAN_NUMBER}+)?`,
    `${HAN_NUMBER}+分之${HAN_NUMBER}+`,
    `(?:人民币|[¥￥$]\\s?)?[\\d０-９]+(?:,\\d{3})*(?:[.．][\\d０-９]+)*\\s?[万萬亿億]?${UNIT}`,
    `${HAN_NUMBER}+${UNIT.slice(0, -1)}`,
    '[A-Za-z][A-Za-z0-9_.@-]*[A-Za-z0-9]|[A-Za-z]',
    '\\s+',
  ].join('|'),
  'gu',
)
/** More edits than this and two texts have nothing in common worth showing; bounds the time of one pair. */
const MAX_EDITS = 600
/** No sentence is longer: lines run together, cells of a table. */
const LONG = 600
/** Likeness from which two sentences are one that was edited; below, one was struck out and the other put in. */
const SAME_SENTENCE = 0.3
/** Shorter ones are compared word by word whatever they share. */
const LINE = 20
/** How much of the shorter sentence has to be in the longer one where it grew. */
const GROWN = 0.6
/** More pairs of sentences than this between two that stayed are not compared each with each. */
const MAX_PAIRS = 2500
/** Words alone explain a change better than sentences if they leave so much less struck out and put in. */
const BETTER = 0.75

let segmenter: Intl.Segmenter | undefined

/** The words of a text, concatenating to it exactly. */
function words(text: string): string[] {
  const tokens: string[] = []
  const plain = (part: string): void => {
    if (part.length < 2) {
      if (part) tokens.push(part)
      return
    }
    segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' })
    for (const { segment } of segmenter.segment(part)) tokens.push(segment)
  }
  let at = 0
  for (const match of text.matchAll(WHOLE)) {
    plain(text.slice(at, match.index))
    tokens.push(match[0])
    at = match.index + match[0].length
  }
  plain(text.slice(at))
  return tokens
}

/**
 * The edits that turn `oldText` into `newText`: equal+delete concatenate to the old text, equal+insert to the new one.
 * Sentences are compared first, words inside those that correspond. Words that stand alone between two edits are drawn into
 * them, so that a rewritten phrase reads as one edit.
 */
export function edits(oldText: string, newText: string): Edit[] {
  if (oldText === newText) return oldText === '' ? [] : [{ kind: 'equal', text: oldText }]
  const middle = between(oldText, newText, /[。；！？\n]/, (old, fresh) =>
    compareTokens(sentences(old), sentences(fresh)).flatMap(run =>
      run.old && run.new ? compareSentences(run.old, run.new) : [run],
    ),
  )
  return slid(shifted(withoutCommonEnds(withoutIslands(middle)))).flatMap(run => {
    if (run.equal) return [{ kind: 'equal', text: run.equal } as const]
    const both: Edit[] = []
    if (run.old) both.push({ kind: 'delete', text: run.old })
    if (run.new) both.push({ kind: 'insert', text: run.new })
    return both
  })
}

/** Compares what two texts do not have in common at their start and at their end, up to a stop. */
function between(
  old: string,
  fresh: string,
  stop: RegExp,
  compareRest: (old: string, fresh: string) => readonly Run[],
): Run[] {
  const limit = Math.min(old.length, fresh.length)
  let head = 0
  while (head < limit && old.charCodeAt(head) === fresh.charCodeAt(head)) head++
  while (head > 0 && !stop.test(old.charAt(head - 1))) head--
  const room = limit - head
  let tail = 0
  while (tail < room && old.charCodeAt(old.length - 1 - tail) === fresh.charCodeAt(fresh.length - 1 - tail)) tail++
  while (tail > 0 && !stop.test(old.charAt(old.length - tail))) tail--
  const equal = (text: string): Run => ({ equal: text, old: '', new: '' })
  return [
    equal(old.slice(0, head)),
    ...compareRest(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail)),
    equal(old.slice(old.length - tail)),
  ].filter(run => run.equal || run.old || run.new)
}

const compareWords = (old: string, fresh: string): Run[] =>
  between(old, fresh, /[，。；：]/, (x, y) => grown(x, y) ?? compareTokens(words(x), words(y)))

const BREAK = /[\s，。；：、！？,;:!?]/
/** Parts of a number or of a Latin word: no edit begins or ends between two of them. */
const INSIDE = /[\d０-９A-Za-z〇零一二两三四五六七八九十百千万亿%％.]/

/**
 * How well a stretch of a text reads as one edit: a point for each end at a mark or space, another where its marks make it
 * a whole ("甲，" behind a mark, "，甲" before one). Null where it cuts a number or a word of Latin letters.
 */
function cut(text: string, from: number, to: number): number | null {
  const [before, first, last, after] = [from - 1, from, to - 1, to].map(at => text.charAt(at)) as [
    string,
    string,
    string,
    string,
  ]
  for (const [x, y] of [
    [before, first],
    [last, after],
  ] as const)
    if (INSIDE.test(x) && INSIDE.test(y)) return null
  // the comma of 1,000
  if (/\d/.test(before) && /\d/.test(after) && to - from === 1) return null
  const opens = before === '' || BREAK.test(before)
  const closes = after === '' || BREAK.test(after)
  const whole = (opens && BREAK.test(last)) || (closes && BREAK.test(first))
  return Number(opens || BREAK.test(first)) + Number(closes || BREAK.test(last)) + Number(whole)
}

/** The one edit by which a text grew or shrank, if it begins or ends at a mark and cuts no word: 头{+、录音+}等, whatever the words 头等 are. */
function grown(old: string, fresh: string): Run[] | null {
  const [short, long] = old.length < fresh.length ? [old, fresh] : [fresh, old]
  if (short === '' || short.length === long.length) return null
  const extra = long.length - short.length
  let head = 0
  while (head < short.length && short.charCodeAt(head) === long.charCodeAt(head)) head++
  let from = short.length
  while (from > 0 && short.charCodeAt(from - 1) === long.charCodeAt(from - 1 + extra)) from--
  if (from > head) return null
  const ends = new Set<number>([0])
  let end = 0
  for (const word of words(long)) ends.add((end += word.length))
  let best: { at: number; score: number } | null = null
  for (let at = from; at <= head; at++) {
    const marks = !/[\p{L}\p{N}]/u.test(long.slice(at, at + extra))
    const score = cut(long, at, at + extra)
    if (score === null || (!marks && (score < 1 || !ends.has(at) || !ends.has(at + extra)))) continue
    if (!best || score >= best.score) best = { at, score }
  }
  if (!best) return null
  const part = long.slice(best.at, best.at + extra)
  return [
    { equal: short.slice(0, best.at), old: '', new: '' },
    { equal: '', old: long === old ? part : '', new: long === old ? '' : part },
    { equal: short.slice(best.at), old: '', new: '' },
  ].filter(run => run.equal || run.old || run.new)
}

/** Compares two stretches that share no whole sentence: word by word inside those that correspond, unless words alone say it shorter. */
function compareSentences(old: string, fresh: string): Run[] {
  const [xs, ys] = [sentences(old), sentences(fresh)]
  const plain = compareWords(old, fresh)
  if (xs.length === 1 && ys.length === 1 && Math.min(old.length, fresh.length) >= LINE)
    return alike(pairsOf(old), pairsOf(fresh)) > 0 ? plain : [{ equal: '', old, new: fresh }]
  if ((xs.length < 2 && ys.length < 2) || xs.length * ys.length > MAX_PAIRS) return plain
  const paired: Run[] = []
  let [x, y] = [0, 0]
  const rest = (toX: number, toY: number): void => {
    const [gone, come] = [xs.slice(x, toX).join(''), ys.slice(y, toY).join('')]
    if (gone || come) paired.push({ equal: '', old: gone, new: come })
    ;[x, y] = [toX, toY]
  }
  for (const [i, j] of corresponding(xs, ys)) {
    rest(i, j)
    paired.push(...compareWords(xs[i]!, ys[j]!))
    ;[x, y] = [i + 1, j + 1]
  }
  rest(xs.length, ys.length)
  return touched(withoutIslands(plain)) < touched(withoutIslands(paired)) * BETTER ? plain : paired
}

const touched = (runs: readonly Run[]): number => runs.reduce((sum, run) => sum + run.old.length + run.new.length, 0)

/** The sentences that correspond, in order, so that they have as much as possible in common. */
function corresponding(xs: readonly string[], ys: readonly string[]): [number, number][] {
  const [left, right] = [xs, ys].map(list => list.map(pairsOf)) as [Map<string, number>[], Map<string, number>[]]
  const width = ys.length + 1
  const best = new Float64Array((xs.length + 1) * width)
  const common = new Float64Array(xs.length * ys.length)
  for (let i = xs.length - 1; i >= 0; i--)
    for (let j = ys.length - 1; j >= 0; j--) {
      const shared = alike(left[i]!, right[j]!)
      common[i * ys.length + j] = shared
      const paired = shared > 0 ? shared + best[(i + 1) * width + j + 1]! : 0
      best[i * width + j] = Math.max(paired, best[(i + 1) * width + j]!, best[i * width + j + 1]!)
    }
  const found: [number, number][] = []
  for (let [i, j] = [0, 0]; i < xs.length && j < ys.length; ) {
    const shared = common[i * ys.length + j]!
    if (shared > 0 && best[i * width + j] === shared + best[(i + 1) * width + j + 1]!) found.push([i++, j++])
    else if (best[i * width + j] === best[(i + 1) * width + j]) i++
    else j++
  }
  return found
}

function pairsOf(text: string): Map<string, number> {
  const key = text.replace(/[\s\p{P}]/gu, '')
  const counts = new Map<string, number>()
  for (let k = 0; k + 1 < key.length; k++) counts.set(key.slice(k, k + 2), (counts.get(key.slice(k, k + 2)) ?? 0) + 1)
  return counts
}

/** How many pairs of characters two sentences share; 0 where they are not one sentence edited. */
function alike(x: ReadonlyMap<string, number>, y: ReadonlyMap<string, number>): number {
  const size = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, n) => sum + n, 0)
  const [a, b] = [size(x), size(y)]
  let shared = 0
  for (const [pair, n] of x) shared += Math.min(n, y.get(pair) ?? 0)
  const same = 2 * shared >= (a + b) * SAME_SENTENCE || (Math.min(a, b) >= 6 && shared >= Math.min(a, b) * GROWN)
  return same ? shared : 0
}

/** The sentences of a text, concatenating to it exactly; where none ends for long, its cells. */
const sentences = (text: string): string[] =>
  (text.match(/[^。；！？\n]*[。；！？\n]+\s*|[^。；！？\n]+/g) ?? []).flatMap(part =>
    part.length > LONG ? (part.match(/[^\s%]*[\s%]+|[^\s%]+/g) ?? []) : [part],
  )

function compareTokens(old: string[], fresh: string[]): Run[] {
  const parts = diffArrays(old, fresh, { maxEditLength: MAX_EDITS }) ?? [
    { value: old, removed: true, added: false },
    { value: fresh, removed: false, added: true },
  ]
  const runs: Run[] = []
  for (const { value, added, removed } of parts) {
    const text = value.join('')
    const last = runs.at(-1)
    if (!added && !removed) runs.push({ equal: text, old: '', new: '' })
    else if (last && last.equal === '') {
      if (removed) last.old += text
      else last.new += text
    } else runs.push({ equal: '', old: removed ? text : '', new: added ? text : '' })
  }
  return runs
}

/** Text that stayed, or (with `equal` empty) what was struck out and put in at one place. */
interface Run {
  equal: string
  old: string
  new: string
}

/** As long as a name may be. */
const NAME = 6
/** A number against a number: to be seen by itself. */
const isValue = (run: Run): boolean => [run.old, run.new].every(text => VALUE.test(text))
const VALUE = /^[^\p{L}]*[\d〇一二三四五六七八九十百千万]+[\p{L}%％]{0,4}$/u
const wordCount = (text: string): number => text.replace(/[\s\p{P}]/gu, '').length

/** Whether so few words stayed between two edits that reading across them is easier. */
function isIsland(before: Run, { equal }: Run, after: Run): boolean {
  const size = wordCount(equal)
  if (/[。；！？;]/.test(equal) && size > 0) return false
  const around = Math.min(
    Math.max(wordCount(before.old), wordCount(before.new)),
    Math.max(wordCount(after.old), wordCount(after.new)),
  )
  const replaced = (run: Run): boolean => run.old !== '' && run.new !== ''
  if (size === 0) return replaced(before) && replaced(after)
  if (size === 1) return around > 1
  // a name between two rewritten phrases is no sign that anything stayed
  const both = wordCount(before.old + before.new + after.old + after.new)
  if (size <= NAME && around >= 4 && both >= size * 8 && replaced(before) && replaced(after))
    return !isValue(before) && !isValue(after)
  return size <= 4 && around >= size * 2 && (replaced(before) || replaced(after))
}

/** Joins neighbours of one kind, as the two steps over long texts leave them. */
function joined(runs: readonly Run[]): Run[] {
  const out: Run[] = []
  for (const run of runs) {
    const last = out.at(-1)
    if (last && (last.equal === '') === (run.equal === '')) {
      last.equal += run.equal
      last.old += run.old
      last.new += run.new
    } else out.push({ ...run })
  }
  return out
}

function withoutIslands(runs: readonly Run[]): Run[] {
  let current = joined(runs)
  for (let changed = true; changed; ) {
    changed = false
    const next: Run[] = []
    for (let i = 0; i < current.length; i++) {
      const run = current[i] as Run
      const before = next.at(-1)
      const after = current[i + 1]
      if (run.equal && before && !before.equal && after && !after.equal && isIsland(before, run, after)) {
        before.old += run.equal + after.old
        before.new += run.equal + after.new
        changed = true
        i++
      } else next.push({ ...run })
    }
    current = next
  }
  return current
}

const PARTICLE = /[在的了和与及或并将向对由按以于]/

/** Hands back to the text that stayed what both sides of a replacement begin or end with: whole words, or a particle (应当在 → 可以在). */
function withoutCommonEnds(runs: readonly Run[]): Run[] {
  return joined(
    runs.flatMap(run => {
      if (run.equal || run.old === '' || run.new === '') return [run]
      const whole = grown(run.old, run.new)
      if (whole) return whole
      if (run.old.length < 2 || run.new.length < 2) return [run]
      const [xs, ys] = [words(run.old), words(run.new)]
      const most = Math.min(xs.length, ys.length) - 1
      let [head, tail] = [0, 0]
      while (head < most && xs[head] === ys[head]) head++
      while (tail < most - head && xs.at(-1 - tail) === ys.at(-1 - tail)) tail++
      const text = (from: number, to?: number): string => xs.slice(from, to).join('')
      const [first, last] = [text(0, head), text(xs.length - tail)]
      const before = wordCount(first) > 1 ? first : ''
      let after = wordCount(last) !== 1 ? last : ''
      const [x, y] = [run.old.at(-1) ?? '', run.new.at(-1) ?? '']
      if (after === '' && x === y && PARTICLE.test(x)) after = x
      return [
        { equal: before, old: '', new: '' },
        {
          equal: '',
          old: run.old.slice(before.length, run.old.length - after.length),
          new: run.new.slice(before.length, run.new.length - after.length),
        },
        { equal: after, old: '', new: '' },
      ].filter(part => part.equal || part.old || part.new)
    }),
  )
}

/**
 * Says what came or went where a reader would: {+限制+}权利{+条款、权利+}许可 is {+限制权利条款、+}权利许可, and a new sentence ends
 * in its own stop, not in the one of the sentence before it.
 */
function shifted(runs: readonly Run[]): Run[] {
  const out: Run[] = []
  for (const run of joined(runs)) {
    const [before, middle] = [out.at(-2), out.at(-1)]
    for (const side of ['old', 'new'] as const) {
      const other = side === 'old' ? 'new' : 'old'
      if (!before || !middle?.equal || run[other] || before[other] || !before[side]) continue
      if (middle.equal.length > NAME || !run[side].endsWith(middle.equal)) continue
      before[side] += middle.equal + run[side].slice(0, -middle.equal.length)
      run[side] = ''
    }
    if (run.equal || run.old || run.new) out.push({ ...run })
  }
  for (let i = 0; i + 1 < out.length; i++) {
    const [run, next] = [out[i]!, out[i + 1]!]
    const [gone, come] = [run.old, run.new]
    const stop = (gone || come).charAt(0)
    if (run.equal || (gone && come) || !/[。；！？]/.test(stop) || !next.equal.startsWith(stop)) continue
    if (gone) run.old = gone.slice(1) + stop
    else run.new = come.slice(1) + stop
    next.equal = next.equal.slice(1)
    out.splice(i++, 0, { equal: stop, old: '', new: '' })
  }
  return joined(out.filter(run => run.equal || run.old || run.new))
}

/** How far an edit is shifted along the text at most. */
const SLIDE = 60

/** Shifts what came or went between repeated words so that it begins and ends at marks: 情节 [-程度 情节 -]程度, not inside a word. */
function slid(runs: readonly Run[]): Run[] {
  const out = runs.map(run => ({ ...run }))
  for (let i = 0; i < out.length; i++) {
    const [before, run, after] = [out[i - 1], out[i]!, out[i + 1]]
    if (run.equal || (run.old && run.new) || (before && !before.equal) || (after && !after.equal)) continue
    const side = run.old ? 'old' : 'new'
    const [head, part, tail] = [before?.equal.slice(-SLIDE) ?? '', run[side], after?.equal.slice(0, SLIDE) ?? '']
    const text = head + part + tail
    const score = (by: number): number | null => cut(text, head.length + by, head.length + by + part.length)
    let best = { by: 0, score: score(0) ?? 0 }
    const look = (by: number): void => {
      const found = score(by)
      if (found !== null && found > 1 && found > best.score) best = { by, score: found }
    }
    const same = (x: number, y: number): boolean => text.charCodeAt(x) === text.charCodeAt(y)
    // some of what stayed is left on either side
    for (let by = -1; -by < head.length && same(head.length + by, head.length + by + part.length); by--) look(by)
    for (let by = 1; by < tail.length && same(head.length + by - 1, head.length + by - 1 + part.length); by++) look(by)
    if (best.by === 0) continue
    const from = head.length + best.by
    if (before) before.equal = before.equal.slice(0, before.equal.length - head.length) + text.slice(0, from)
    run[side] = text.slice(from, from + part.length)
    if (after) after.equal = text.slice(from + part.length) + after.equal.slice(tail.length)
  }
  return joined(out)
}
