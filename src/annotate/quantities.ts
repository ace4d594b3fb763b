/** Finds durations, amounts, rates and multiples in normalised text and gives them numbers that can be compared. */
import { numeral } from './normalise.js'

export type QuantityKind = 'duration' | 'amount' | 'rate' | 'multiple' | 'count' | 'date'

/** `value` is days for durations, yuan for amounts, 0–1 for rates, the factor for multiples; spans are of the unit's text. */
export interface Quantity {
  readonly kind: QuantityKind
  readonly start: number
  readonly end: number
  readonly value: number
}

// A number starts where its digits do: tried again from each digit, a long run would cost its square.
const NUMBER =
  '(?:(?<!\\d)\\d+(?:,\\d{3})*(?:\\.\\d+)?|(?<![〇零一二三四五六七八九十百千万两])[〇零一二三四五六七八九十百千万两]+|半)'
const DAYS: Readonly<Record<string, number>> = {
  秒: 1 / 86400,
  分钟: 1 / 1440,
  小时: 1 / 24,
  钟头: 1 / 24,
  日: 1,
  天: 1,
  昼夜: 1,
  晚: 1,
  周: 7,
  星期: 7,
  礼拜: 7,
  旬: 10,
  月: 30,
  季度: 90,
  年: 365,
}
const PATTERN = new RegExp(
  [
    '(?<date>(?:19|20)\\d{2}[年./-]【?\\d{1,2}】?[月./-]【?\\d{1,2}】?日?)',
    `(?<percent>${NUMBER})(?:%|‰)`,
    '百分之(?<hanPercent>[〇零一二三四五六七八九十百点两\\d]+)',
    `(?<multiple>${NUMBER})(?:至${NUMBER})?倍`,
    `(?:rmb|¥|￥|人民币)?(?<money>${NUMBER})(?<wan>万|千|百)?(?:余|多)?(?:美元|港元|元|块钱?)`,
    `(?<duration>${NUMBER})(?:个|整)?(?:工作|自然|交易|营业|日历|连续|完整)?(?<unit>日|天|昼夜|晚|小时|钟头|分钟|秒|周(?!岁)|星期|礼拜|旬|个?月|季度|年)(?!份|初|末|底|\\d)`,
  ].join('|'),
  'g',
)

/** Days of a duration written as number and unit. */
const days = (amount: number, unit: string): number => amount * (DAYS[unit === '个月' ? '月' : unit] ?? 1)

/** All quantities of `text`, in order. */
export function quantities(text: string): Quantity[] {
  const found: Quantity[] = []
  for (const match of text.matchAll(PATTERN)) {
    const g = match.groups ?? {}
    const start = match.index
    const end = start + match[0].length
    const add = (kind: QuantityKind, value: number | null): void => {
      if (value !== null) found.push({ kind, start, end, value })
    }
    if (g.date !== undefined) add('date', 0)
    else if (g.percent !== undefined) {
      const value = numeral(g.percent)
      add('rate', value === null ? null : value / (match[0].endsWith('‰') ? 1000 : 100))
    } else if (g.hanPercent !== undefined) {
      const value = numeral(g.hanPercent.replace(/点.*/, ''))
      add('rate', value === null ? null : value / 100)
    } else if (g.multiple !== undefined) add('multiple', numeral(g.multiple))
    else if (g.money !== undefined) {
      const value = numeral(g.money)
      add('amount', value === null ? null : value * ({ 万: 10000, 千: 1000, 百: 100 }[g.wan ?? ''] ?? 1))
    } else if (g.duration !== undefined && g.unit !== undefined) {
      const value = numeral(g.duration)
      // "3月5日" is a date, "第三日" an ordinal that still tells how long one waits.
      if (g.unit === '月' && !match[0].includes('个') && /^\d{1,2}日/.test(text.slice(end))) add('date', 0)
      else add('duration', value === null ? null : days(value, g.unit))
    }
  }
  return found
}
