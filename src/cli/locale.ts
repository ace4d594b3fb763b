/** Language, colour and width of the output, from options and environment. */

import { ToolError } from '../errors.js'
import { sayIn } from '../report/words.js'
import { isDay } from '../text/day.js'
import type { Lang } from '../types.js'

type Env = Readonly<Record<string, string | undefined>>

/** The language of the locale, Chinese where it names neither. */
function localeLang(env: Env): Lang {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  return /^en(?:[_.@-]|$)/i.test(locale) ? 'en' : 'zh'
}

/** The language asked for anywhere in `argv`, needed before the options are parsed (for help and errors). */
export function earlyLang(argv: readonly string[], env: Env): Lang {
  const at = argv.findLastIndex(arg => arg === '--lang' || arg.startsWith('--lang='))
  const value = at < 0 ? undefined : (argv[at]?.split('=')[1] ?? argv[at + 1])
  return value === 'zh' || value === 'en' ? value : localeLang(env)
}

/** Whether to colour what goes to a stream. `NO_COLOR` and `FORCE_COLOR` count, the option counts more. */
export function wantsColor(choice: string, isTerminal: boolean, env: Env): boolean {
  if (choice !== 'auto') return choice === 'always'
  if (env['NO_COLOR']) return false
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false'
  return isTerminal && env['TERM'] !== 'dumb'
}

/** Columns to write in: the terminal's, at most 100; 80 where there is no terminal. */
export function outputWidth(stream: { readonly columns?: number }): number {
  return Math.min(100, Math.max(40, stream.columns ?? 80))
}

/** `value` if it is one of `choices`; otherwise the error that lists them. */
export function oneOf<T extends string>(option: string, value: string, choices: readonly T[], lang: Lang): T {
  const found = choices.find(choice => choice === value)
  if (found !== undefined) return found
  const list = choices.join(', ')
  throw new ToolError(
    'bad-argument',
    sayIn(lang)(
      `${option} 不支持“${value}”，可用的值：${list}。`,
      `${option} does not know '${value}'; choose one of: ${list}.`,
    ),
  )
}

/** `value` if it is a day of the calendar. */
export function dayOf(option: string, value: string, lang: Lang): string {
  if (isDay(value)) return value
  throw new ToolError(
    'bad-argument',
    sayIn(lang)(
      `${option} 的“${value}”不是日期，应写作 2026-11-21。`,
      `${option}: '${value}' is no date; write it as 2026-11-21.`,
    ),
  )
}

/** Reads the size in an option: bytes, or with K, M or G behind it. Throws ToolError for anything else. */
export function sizeIn(flag: string, value: string, lang: Lang): number {
  const [, number = '', unit = ''] = /^(\d+)([kmg]?)b?$/i.exec(value.trim()) ?? []
  const size = Number(number) * 1024 ** ' kmg'.indexOf(unit.toLowerCase() || ' ')
  if (size > 0) return size
  const message = sayIn(lang)(
    `${flag} 的值“${value}”不是大小，应写作 500K、20M 或者字节数。`,
    `${flag}: '${value}' is no size; write it as 500K, 20M or a number of bytes.`,
  )
  throw new ToolError('bad-argument', message)
}
