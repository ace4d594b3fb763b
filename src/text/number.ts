/** Numbers in Chinese numerals, for articles of laws and list counters. */

const DIGITS = '零一二三四五六七八九'

/** 0–9999 in Chinese: 12 → 十二, 496 → 四百九十六, 1005 → 一千零五; other numbers in Arabic digits. */
export function chineseNumber(n: number): string {
  if (n === 0) return '零'
  if (!Number.isInteger(n) || n < 0 || n > 9999) return String(n)
  let out = ''
  let zero = false
  for (const [unit, name] of [
    [1000, '千'],
    [100, '百'],
    [10, '十'],
    [1, ''],
  ] as const) {
    const digit = Math.floor(n / unit) % 10
    if (digit === 0) {
      zero = out !== ''
      continue
    }
    if (zero) out += '零'
    zero = false
    out += (unit === 10 && digit === 1 && out === '' ? '' : DIGITS[digit]) + name
  }
  return out
}
