/**
 * Folds the ways of writing that must not change a verdict: white space between Chinese characters, full/half width,
 * traditional characters, quote styles, variant characters. Every character keeps its way back to the document.
 */
import { Converter } from 'opencc-js/t2cn'
import type { Document, Span } from '../types.js'

/** Normalised text and, for each of its characters, the offset in `Document.text` it came from. */
export interface Normalised {
  readonly text: string
  readonly map: readonly number[]
}

const PUNCTUATION: Readonly<Record<string, string>> = {
  ',': '，',
  ';': '；',
  ':': '：',
  '(': '（',
  ')': '）',
  '?': '？',
  '!': '！',
  '［': '（',
  '］': '）',
  '[': '（',
  ']': '）',
  '「': '“',
  '」': '”',
  '『': '“',
  '』': '”',
  '"': '“',
  '＂': '“',
  '﹐': '，',
  '︰': '：',
  '﹔': '；',
  '｡': '。',
  '､': '、',
  帐: '账',
  妳: '你',
  佔: '占',
}
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff\ue000-\uf8ff\ufffd]/
const HAN_DIGIT = '〇零一二三四五六七八九十百千万两'

let converter: ((text: string) => string) | undefined
const simplify = (char: string): string => {
  const convert = converter ?? Converter({ from: 't', to: 'cn' })
  converter = convert
  return convert(char)
}

/** Folded code of each UTF-16 unit, filled as characters are met: 0 not yet known, DROP and SPACE are no characters. */
const folded = new Uint16Array(0x10000)
const DROP = 1
const SPACE = 2

/** One character, folded; always one UTF-16 unit for one, so that places are kept. */
function fold(code: number): number {
  const char = String.fromCharCode(code)
  if (/\s/.test(char)) return SPACE
  if (code < 0x20 || INVISIBLE.test(char)) return DROP
  let out = PUNCTUATION[char] ?? char
  if (code >= 0xff01 && code <= 0xff5e && !'，；：（）？！'.includes(out))
    out = String.fromCharCode(out.charCodeAt(0) - (out === char ? 0xfee0 : 0))
  if (out >= 'A' && out <= 'Z') out = out.toLowerCase()
  if (code >= 0x4e00 && code <= 0x9fff) {
    const simple = simplify(out)
    if (simple.length === 1) out = PUNCTUATION[simple] ?? simple
  }
  return out.charCodeAt(0)
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
const isWord = (code: number): boolean => isDigit(code) || (code >= 0x61 && code <= 0x7a) || code === 0x25
const COMMA = 0x2c
const COLON = 0x3a
const QUOTE = 0x22
const OPEN = '“'.charCodeAt(0)
const CLOSE = '”'.charCodeAt(0)
const OTHER = ['其', '它', '他'].map(c => c.charCodeAt(0)) as [number, number, number]

/** Where the characters of one call are put together; a character never becomes more than one. */
let buffer = new Uint16Array(4096)

/** Normalises `text` between `span.start` and `span.end`. A comma or colon between digits (1,000 · 12:00) keeps its half width. */
export function normalise(text: string, span: Span): Normalised {
  const map: number[] = []
  return { text: folding(text, span, map), map }
}

/** The folded characters; where each came from is added to `map`, if there is one. */
function folding(text: string, span: Span, map: number[] | null): string {
  if (buffer.length < span.end - span.start) buffer = new Uint16Array(2 * (span.end - span.start))
  const codes = buffer
  let length = 0
  let space = false
  let quoted = false
  let before = 0
  for (let i = span.start; i < span.end; i++) {
    const raw = text.charCodeAt(i)
    let code = folded[raw] as number
    if (code === 0) {
      code = fold(raw)
      folded[raw] = code
    }
    if (code === SPACE) {
      space = true
      continue
    }
    if (code === DROP) continue
    if ((raw === COMMA || raw === COLON) && isDigit(before) && isDigit(text.charCodeAt(i + 1))) code = raw
    else if (raw === QUOTE) code = quoted ? CLOSE : OPEN
    else if (raw === OTHER[1] && before === OTHER[0]) code = OTHER[2]
    if (code === OPEN) quoted = true
    else if (code === CLOSE) quoted = false
    // White space parts Latin words and numbers; inside Chinese text it means nothing.
    if (space && isWord(before) && isWord(code)) {
      map?.push(i - 1)
      codes[length++] = 0x20
    }
    space = false
    map?.push(i)
    codes[length++] = code
    before = code
  }
  let out = ''
  for (let i = 0; i < length; i += 4096) {
    const part = codes.subarray(i, Math.min(length, i + 4096))
    // Spreading would walk through the array by its iterator.
    out += String.fromCharCode.apply(null, part as unknown as number[])
  }
  return out
}

const openings = new WeakMap<Document, string>()

/** The first 200 000 characters of a document, normalised; made once for all who read them whole. */
export function openingWords(document: Document): string {
  let words = openings.get(document)
  if (words === undefined) {
    words = folding(document.text, { start: 0, end: Math.min(document.text.length, 200_000) }, null)
    openings.set(document, words)
  }
  return words
}

/** The value of a number written in Arabic or Chinese numerals ("15", "十五", "两", "1,000", "半"), or null. */
export function numeral(text: string): number | null {
  const plain = text.replaceAll(',', '')
  if (/^\d+(?:\.\d+)?$/.test(plain)) return Number(plain)
  if (plain === '半') return 0.5
  if (plain === '' || [...plain].some(c => !HAN_DIGIT.includes(c))) return null
  // 七八天 is about seven, not seventy-eight.
  if (/^[一二两三四五六七八九]{2}$/.test(plain)) return numeral(plain.charAt(0))
  if (!/[十百千万]/.test(plain))
    return Number([...plain].map(c => (c === '两' ? 2 : Math.max(0, '〇一二三四五六七八九'.indexOf(c)))).join(''))
  const unit: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000, 万: 10000 }
  let total = 0
  let section = 0
  let digit = 0
  for (const char of plain) {
    const value = unit[char]
    if (value === undefined) {
      digit = char === '两' ? 2 : Math.max(0, '〇一二三四五六七八九'.indexOf(char))
    } else if (value === 10000) {
      total += (section + digit) * value
      section = digit = 0
    } else {
      section += (digit === 0 ? 1 : digit) * value
      digit = 0
    }
  }
  return total + section + digit
}
