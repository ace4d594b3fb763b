/** The label grammar: what counts as the number of a clause ("第三条", "（一）", "1.2", "①", "a)"), and what it is worth. */

/** A way of numbering. Labels of one scheme are siblings; the order here is the natural rank, from the outside in. */
export const SCHEMES = [
  'book',
  'part',
  'chapter',
  'section',
  'article',
  'han',
  'han-paren',
  'number-dot',
  'number-comma',
  'number',
  'decimal',
  'paragraph',
  'point',
  'number-paren',
  'number-half',
  'circle',
  'circle-dark',
  'upper',
  'upper-paren',
  'roman',
  'roman-paren',
  'lower',
  'lower-paren',
  'bullet',
] as const
export type Scheme = (typeof SCHEMES)[number]

/** A label read at a place in the text. */
export interface Label {
  readonly scheme: Scheme
  /** [3] for 第三条, [12, 1] for 第十二条之一, [1, 2, 4] for 1.2.4; empty for bullets. */
  readonly values: readonly number[]
  /** As printed, without white space and trailing separator. */
  readonly text: string
  /** Offset just past the label itself. */
  readonly labelEnd: number
  /** Offset of the first character of the content, past separator and white space. */
  readonly end: number
  /** The character that separated label and content ("、", ".", " "), empty if none. */
  readonly separator: string
  /** A second reading: "i." is the ninth letter or the first Roman numeral. */
  readonly other?: { readonly scheme: Scheme; readonly values: readonly number[] }
}

/** The rank of a scheme: smaller encloses larger. */
export const rankOf = (scheme: Scheme): number => RANK[scheme]
const RANK = Object.fromEntries(SCHEMES.map((scheme, index) => [scheme, index])) as Record<Scheme, number>

const DIGITS: Readonly<Record<string, number>> = {
  〇: 0,
  零: 0,
  '○': 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  壹: 1,
  贰: 2,
  叁: 3,
}
const POWERS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 }
const UNITS: Readonly<Record<string, Scheme>> = {
  编: 'book',
  編: 'book',
  部分: 'part',
  章: 'chapter',
  节: 'section',
  節: 'section',
  条: 'article',
  條: 'article',
  款: 'paragraph',
  项: 'point',
  項: 'point',
}

/** The value of a Chinese or Arabic whole number ("十二", "一百零三", "二〇", "12", "１２"), NaN if it is none. */
export function numberValue(text: string): number {
  const compact = text.replace(/\s/g, '').normalize('NFKC')
  if (/^\d+$/.test(compact)) return Number(compact)
  let total = 0
  let digit = 0
  let positional = ''
  for (const char of compact) {
    const power = POWERS[char]
    const value = DIGITS[char]
    if (power !== undefined) {
      total += (digit || (total === 0 || power > 10 ? 1 : 0)) * power
      digit = 0
      positional = ''
    } else if (value !== undefined) {
      positional += value
      digit = value
    } else return Number.NaN
  }
  return compact === '' ? Number.NaN : total + (positional.length > 1 && total === 0 ? Number(positional) : digit)
}

const ROMAN: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10 }
function romanValue(text: string): number {
  const letters = [...text.toLowerCase()].map(letter => ROMAN[letter] ?? Number.NaN)
  let total = 0
  letters.forEach((value, index) => {
    total += value < (letters[index + 1] ?? 0) ? -value : value
  })
  return /^(x{0,3})(ix|iv|v?i{0,3})$/i.test(text) ? total : Number.NaN
}

const HAN = '[〇零一二两三四五六七八九十百千]'
const UNIT = new RegExp(
  `第\\s{0,3}((?:${HAN}|[\\d０-９])(?:\\s{0,2}(?:${HAN}|[\\d０-９])){0,8})\\s{0,3}(编|編|部分|章|节|節|条|條|款|项|項)(?:之(${HAN}{1,3}))?`,
  'y',
)
const COUNTED = new RegExp(`^${HAN}{1,2}[、级類类线档等]`)
const HAN_LABEL = new RegExp(`(${HAN}{1,4})\\s{0,2}([、．.,，:：])`, 'y')
const HAN_BARE = new RegExp(`(${HAN}{1,3})[ \\u3000\\t]+`, 'y')
const HAN_PAREN = new RegExp(`[（(]\\s{0,2}(${HAN}{1,4})\\s{0,2}[)）]`, 'y')
const HAN_HALF = new RegExp(`(${HAN}{1,3})[)）]`, 'y')
const DECIMAL = /(\d{1,2}(?:\n?[.．]\n?\d{1,2}){1,5})(?![\d０-９])/y
const NUMBER = /(\d{1,2})(\s{0,2}[、．)）]|\s{0,2}\.(?!\d)|[：:](?!\d))/y
const NUMBER_BARE = /(\d{1,2})[ \u3000\t]+/y
const NUMBER_PAREN = /[（(]\s{0,2}(\d{1,2})\s{0,2}[)）]/y
const LETTER = /([A-Za-z])([.．、)）])/y
const LETTER_PAREN = /[（(]\s{0,2}([A-Za-z])\s{0,2}[)）]/y
const ROMAN_LABEL = /([ivx]{2,5}|[IVX]{2,5})([.．、)）])/y
const ROMAN_PAREN = /[（(]\s{0,2}([ivx]{2,5}|[IVX]{2,5})\s{0,2}[)）]/y
const SEPARATOR = /\s*[、．.,，:：)）]?\s*/y
const BULLET = /[•·●■◆▪▶►○◇□\-–—*➢✓★※]\s+|[•·●■◆▪➢]/y

const exec = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** Blocks of single characters that are numbers by themselves. */
const ENCLOSED: readonly (readonly [first: number, last: number, base: number, scheme: Scheme])[] = [
  [0x2460, 0x2473, 1, 'circle'],
  [0x3251, 0x325f, 21, 'circle'],
  [0x2474, 0x2487, 1, 'number-paren'],
  [0x2488, 0x249b, 1, 'number-dot'],
  [0x2776, 0x277f, 1, 'circle-dark'],
  [0x24eb, 0x24f4, 11, 'circle-dark'],
  [0x3220, 0x3229, 1, 'han-paren'],
  [0x2160, 0x216b, 1, 'roman'],
  [0x2170, 0x217b, 1, 'roman'],
  [0x249c, 0x24b5, 1, 'lower-paren'],
]

/**
 * Reads the label that starts at `at`, if one does. `loose` also admits numbers that only a heading or a running sequence makes credible:
 * "1 总则", "一 总则". Quantities and dates ("1.5%", "3.5元", "2024年", "一、二级类目") are no labels.
 */
export function readLabel(text: string, at: number, loose = false): Label | null {
  const code = text.charCodeAt(at)
  const make = (scheme: Scheme, values: readonly number[], labelEnd: number, other?: Label['other']): Label | null => {
    if (values.some(value => Number.isNaN(value))) return null
    const gap = exec(SEPARATOR, text, labelEnd)
    const separator = gap?.[0] ?? ''
    const printed = text.slice(at, labelEnd).replace(/\s/g, '')
    return {
      scheme,
      values,
      text: printed,
      labelEnd,
      end: labelEnd + separator.length,
      separator: separator.trim() || separator.slice(0, 1),
      ...(other ? { other } : {}),
    }
  }
  if (code >= 0x2160 && code <= 0x325f)
    for (const [first, last, base, scheme] of ENCLOSED)
      if (code >= first && code <= last) return make(scheme, [code - first + base], at + 1)

  if (code === 0x7b2c) {
    const unit = exec(UNIT, text, at)
    if (!unit) return null
    const values = [numberValue(unit[1] ?? '')]
    if (unit[3]) values.push(numberValue(unit[3]))
    return make(UNITS[unit[2] ?? ''] ?? 'article', values, at + unit[0].length)
  }
  if (code === 0x28 || code === 0xff08) {
    const han = exec(HAN_PAREN, text, at)
    if (han) return make('han-paren', [numberValue(han[1] ?? '')], at + han[0].length)
    const number = exec(NUMBER_PAREN, text, at)
    if (number) return make('number-paren', [Number(number[1])], at + number[0].length)
    const roman = exec(ROMAN_PAREN, text, at)
    if (roman) return make('roman-paren', [romanValue(roman[1] ?? '')], at + roman[0].length)
    const letter = exec(LETTER_PAREN, text, at)
    return letter ? letterLabel(letter[1] ?? '', at + letter[0].length, true, make) : null
  }
  if (code >= 0x30 && code <= 0x39) {
    const decimal = exec(DECIMAL, text, at)
    if (decimal) {
      const end = at + decimal[0].length
      const values = (decimal[1] ?? '').split(/\s*[.．]\s*/).map(Number)
      if (
        values[0] === 0 ||
        /^\s?(?:[%％‰+~～—–\-/×*]|万?元|[万亿]|美元|公里|[a-zA-Z]?[bB]\b|版[^权本]|[.．]\d)/.test(
          text.slice(end, end + 3),
        )
      )
        return null
      return make('decimal', values, end)
    }
    const number = exec(NUMBER, text, at)
    if (number) {
      const mark = (number[2] ?? '').trim()
      const end = at + (number[1] ?? '').length
      const past = at + number[0].length
      const value = Number(number[1])
      if (value === 0 || /[\d０-９]/.test(text.charAt(past))) return null
      if (mark === ')' || mark === '）') return make('number-half', [value], past)
      if (/[：:]/.test(mark) && !loose) return null
      return make(mark === '、' ? 'number-comma' : 'number-dot', [value], end)
    }
    const bare = loose ? exec(NUMBER_BARE, text, at) : null
    if (
      bare &&
      Number(bare[1]) > 0 &&
      /^[^\d%％]/.test(text.slice(at + bare[0].length)) &&
      !/^[年月日天个小元分]/.test(text.slice(at + bare[0].length))
    )
      return make('number', [Number(bare[1])], at + (bare[1] ?? '').length)
    return null
  }
  if ((code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)) {
    const roman = exec(ROMAN_LABEL, text, at)
    if (roman)
      return make('roman', [romanValue(roman[1] ?? '')], at + roman[0].length - (/[)）]$/.test(roman[0]) ? 0 : 1))
    const letter = exec(LETTER, text, at)
    if (!letter || (/[.．]/.test(letter[2] ?? '') && /[A-Za-z\d]/.test(text.charAt(at + 2)))) return null
    return letterLabel(letter[1] ?? '', at + (/[)）]/.test(letter[2] ?? '') ? 2 : 1), false, make)
  }
  const han = exec(HAN_LABEL, text, at)
  if (han) {
    const rest = text.slice(at + han[0].length, at + han[0].length + 3)
    // 一、二级类目 / 一、二、三类 count things; only 、 and ． are used for labels in running text
    if (COUNTED.test(rest) || (/[,，:：]/.test(han[2] ?? '') && !loose)) return null
    return make('han', [numberValue(han[1] ?? '')], at + (han[1] ?? '').length)
  }
  const half = exec(HAN_HALF, text, at)
  if (half) return make('han-paren', [numberValue(half[1] ?? '')], at + half[0].length)
  const bare = loose ? exec(HAN_BARE, text, at) : null
  return bare ? make('han', [numberValue(bare[1] ?? '')], at + (bare[1] ?? '').length) : null
}

function letterLabel(
  letter: string,
  labelEnd: number,
  paren: boolean,
  make: (scheme: Scheme, values: readonly number[], labelEnd: number, other?: Label['other']) => Label | null,
): Label | null {
  const upper = letter <= 'Z'
  const scheme: Scheme = upper ? (paren ? 'upper-paren' : 'upper') : paren ? 'lower-paren' : 'lower'
  const roman = romanValue(letter)
  const other = Number.isNaN(roman)
    ? undefined
    : { scheme: (paren ? 'roman-paren' : 'roman') as Scheme, values: [roman] }
  return make(scheme, [letter.toLowerCase().charCodeAt(0) - 96], labelEnd, other)
}

/** Length of the bullet (with its white space) at `at`, 0 if there is none. */
export function bulletLength(text: string, at: number): number {
  return exec(BULLET, text, at)?.[0].length ?? 0
}
