/** The sentence splitter: cuts a stretch of text at the marks that end a Chinese (or English) sentence, not inside quotes and brackets. */
import type { Span } from '../types.js'

const BRACKETS = '“”‘’「」『』《》〈〉（）()【】[]［］〔〕{}'
/** Brackets that are mixed in practice: "（…)". */
const TWINS: Readonly<Record<string, string>> = { '(': '）', '（': ')', '[': '］', '［': ']' }
/** What a UTF-16 unit can do here, by code: most of a text is ordinary and passed over at the price of one look-up. */
const ROLES = new Uint8Array(0x10000)
const OPENS = 1
const CLOSES = 2
const STOPS = 4
const STARTS_URL = 8
const STRAIGHT = 16
const CLOSERS = new Map<string, string>()
for (let index = 0; index < BRACKETS.length; index += 2) {
  CLOSERS.set(BRACKETS.charAt(index), BRACKETS.charAt(index + 1))
  ROLES[BRACKETS.charCodeAt(index)] = OPENS
  ROLES[BRACKETS.charCodeAt(index + 1)] = CLOSES
}
for (const char of '。！？；!?;．.') ROLES[char.charCodeAt(0)] = STOPS
for (const char of 'hw') ROLES[char.charCodeAt(0)] = STARTS_URL
ROLES['"'.charCodeAt(0)] = STRAIGHT

/** A pair farther apart than this is a slip of the pen, and must not swallow the rest of the document. */
const FARTHEST_PAIR = 600

/**
 * Where each quote or bracket opened in `span` closes: opener offset → closer offset. Unpaired ones are left out;
 * straight quotes are paired in order of appearance. Linear.
 */
export function pairs(text: string, span: Span): ReadonlyMap<number, number> {
  const found = new Map<number, number>()
  const open: number[] = []
  let straight = -1
  for (let at = span.start; at < span.end; at++) {
    const role = ROLES[text.charCodeAt(at)]
    if (role === STRAIGHT) {
      if (straight >= 0 && at - straight <= 120) {
        found.set(straight, at)
        straight = -1
      } else straight = at
    } else if (role === OPENS) open.push(at)
    else if (role === CLOSES) {
      const char = text.charAt(at)
      // look past a few unclosed openers, so that one missing bracket does not undo the pairs around it
      for (let depth = open.length - 1; depth >= Math.max(0, open.length - 4); depth--) {
        const start = open[depth] ?? 0
        const opener = text.charAt(start)
        if (CLOSERS.get(opener) !== char && TWINS[opener] !== char) continue
        if (at - start <= FARTHEST_PAIR) found.set(start, at)
        open.length = depth
        break
      }
    }
  }
  return found
}

const URL = /(?:https?:\/\/|www\.)[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/y
const ENDING = /[。！？!?；;．”’」』）)】》"]/
/** What goes on after 。” as one sentence with the quotation. */
const GOES_ON = /^\s*(?:[，、；：。,;:）)]|的|等|之|是|为|及|和|或|与|字样|条款|一词)/
const ABBREVIATION = /(?:\b(?:No|Co|Ltd|Inc|Corp|Mr|Ms|Dr|vs|etc|e\.g|i\.e|Art|Sec|St|U\.S|[A-Z])|(?:^|\s)\d{1,3})$/

/** Whether the mark at `at` ends a sentence, given that it stands outside quotes and brackets. */
function ends(text: string, at: number, end: number): boolean {
  const char = text.charAt(at)
  if (char === '。' || char === '；' || char === '！' || char === '？') return true
  const next = at + 1 < end ? text.charAt(at + 1) : ''
  if (char === '．') return next === '' || /\s/.test(next)
  const wide = next === '' || /[\s\u3400-\u9fff\uff00-\uffef“”「（《【！？]/.test(next)
  if (char === ';' || char === '!' || char === '?') return wide
  if (char !== '.') return false
  if (next !== '' && !/\s/.test(next)) return false
  const rest = text.slice(at + 1, Math.min(end, at + 12)).trimStart()
  const before = text.slice(Math.max(0, at - 6), at)
  if (/[\u3400-\u9fff）”]$/.test(before)) return true
  return (
    (rest === '' || /^[A-Z“"「\u3400-\u9fff]/.test(rest)) && /[A-Za-z\d)"”]$/.test(before) && !ABBREVIATION.test(before)
  )
}

const trim = (text: string, start: number, end: number): Span => {
  while (start < end && /\s/.test(text.charAt(start))) start++
  while (end > start && /\s/.test(text.charAt(end - 1))) end--
  return { start, end }
}

/** A run of text this long without a full stop is taken for flattened lines, and cut where the white space was. */
const LONG_RUN = 240

/**
 * Cuts `span` into sentences: 。！？；and their half-width forms, English full stops; not inside “…”, 《…》 or （…）
 * (unless the bracket holds several sentences), URLs, numbers. White space at the ends is left out. Linear.
 */
export function splitSentences(text: string, span: Span): Span[] {
  const closing = pairs(text, span)
  const found: Span[] = []
  let from = span.start
  const cut = (to: number): void => {
    const next = trim(text, from, to)
    from = to
    if (next.end <= next.start) return
    const words = text.slice(next.start, next.end)
    const last = found.at(-1)
    // a lone conjunction or stray mark is no sentence of its own
    if (last && next.end - next.start <= 2 && /^(?:[\p{P}\p{S}]+|[或和且及]|或者|以及|并且)$/u.test(words))
      found[found.length - 1] = { start: last.start, end: next.end }
    else found.push(next)
  }
  for (let at = span.start; at < span.end; at++) {
    const role = ROLES[text.charCodeAt(at)]
    if (role === 0 || role === CLOSES) continue
    if (role === STARTS_URL) {
      URL.lastIndex = at
      const url = URL.exec(text)
      if (url) {
        at += url[0].replace(/[.,;:!?)]+$/, '').length - 1
      }
      continue
    }
    const close = closing.get(at)
    if (close !== undefined && close < span.end) {
      if (/[（(]/.test(text.charAt(at)) && isPassage(text, at + 1, close)) continue
      const inner = text.charAt(close - 1)
      at = close
      if (
        /[”」』"]/.test(text.charAt(close)) &&
        /[。！？!?]/.test(inner) &&
        !GOES_ON.test(text.slice(close + 1, close + 8))
      )
        cut(close + 1)
      continue
    }
    if (role !== STOPS || !ends(text, at, span.end)) continue
    let past = at + 1
    while (past < span.end && ENDING.test(text.charAt(past)) && !closing.has(past)) past++
    cut(past)
    at = past - 1
  }
  cut(span.end)
  const long = ({ start, end }: Span): boolean => end - start > LONG_RUN
  return found.some(long) ? found.flatMap(sentence => (long(sentence) ? unflatten(text, sentence) : [sentence])) : found
}

const isPassage = (text: string, start: number, end: number): boolean =>
  end - start > 40 && (text.slice(start, end).match(/[。！？]/g)?.length ?? 0) >= 2

/** Cuts a run-on of flattened lines ("一级类目 保证金 珠宝 20000 …") at its white space into pieces of readable length. */
function unflatten(text: string, span: Span): Span[] {
  const gaps = [
    ...text
      .slice(span.start, span.end)
      .matchAll(/(?<=[\u3400-\u9fff）】》”：:\d%])[ \t\u3000]+(?=[\u3400-\u9fff（【《“\d])/g),
  ]
  const length = span.end - span.start
  if (gaps.length < 4 || length / gaps.length > 60) return [span]
  const pieces: Span[] = []
  let from = span.start
  for (const gap of gaps) {
    const at = span.start + (gap.index ?? 0)
    if (at - from < 30) continue
    pieces.push(trim(text, from, at))
    from = at
  }
  pieces.push(trim(text, from, span.end))
  return pieces.filter(piece => piece.end > piece.start)
}
