/** The detection language of rule files: `<term>`, `(words)`, `@P`, `#dur<7` in a row, with gaps between. Compiled here, run in src/check. */
import type { QuantityKind } from '../annotate/quantities.js'
import type { Party } from '../types.js'
import { closing, spellOut } from './words.js'

/** A word list: one regular expression over normalised text. Verbs are asked whether they are denied, nouns are not. */
export interface Term {
  readonly name: string
  readonly kind: 'verb' | 'noun'
  readonly source: string
  /** The plain words of `source`, found for all rules in one pass over the text. */
  readonly literals: readonly string[]
  /** What of `source` is more than plain words, as a regular expression; null for nothing. */
  readonly rest: string | null
}

/** `affirmed`: not under a negator; `denied`: under one; `either`: not asked. */
export type Polarity = 'affirmed' | 'denied' | 'either'

export type Relation = '<' | '<=' | '>' | '>=' | '='

export type Element =
  | { readonly type: 'words'; readonly term: Term; readonly polarity: Polarity }
  | { readonly type: 'party'; readonly parties: readonly Party[] }
  | {
      readonly type: 'quantity'
      readonly kinds: readonly QuantityKind[]
      readonly relation: Relation | null
      readonly limit: number
    }

/** Elements in order; `gaps[i]` is what may stand between element i and i + 1. */
export interface Pattern {
  readonly source: string
  readonly elements: readonly Element[]
  readonly gaps: readonly { readonly max: number; readonly within: boolean }[]
}

/** A mistake in a pattern: what is wrong, what would be right. The loader adds file and line. */
export class PatternError extends Error {}

const GAPS: Readonly<Record<string, { max: number; within: boolean }>> = {
  '+': { max: 0, within: false },
  '': { max: 6, within: false },
  '..': { max: 16, within: false },
  '...': { max: 40, within: false },
  '....': { max: 300, within: false },
  '~': { max: 30, within: true },
}
const QUANTITY: Readonly<Record<string, readonly QuantityKind[]>> = {
  dur: ['duration'],
  amt: ['amount'],
  rate: ['rate'],
  mult: ['multiple'],
  qty: ['amount', 'rate', 'multiple'],
  date: ['date'],
}
const PARTIES: Readonly<Record<string, readonly Party[]>> = {
  P: ['P'],
  M: ['M'],
  C: ['C'],
  U: ['M', 'C'],
  any: ['P', 'M', 'C'],
}

/** Compiles one pattern. `lookup` resolves `<name>`; it throws PatternError for an unknown one. */
export function compilePattern(source: string, lookup: (name: string) => Term): Pattern {
  const elements: Element[] = []
  const gaps: { max: number; within: boolean }[] = []
  let at = 0
  let gap: { max: number; within: boolean } | null = null
  const skip = (): void => {
    while (source.charAt(at) === ' ') at++
  }
  skip()
  while (at < source.length) {
    if (elements.length > 0) {
      const marked = /^(?:\.{2,4}|\+|~|\{(\d+)\})/.exec(source.slice(at))
      if (marked !== null) {
        gap = marked[1] === undefined ? (GAPS[marked[0]] ?? null) : { max: Number(marked[1]), within: false }
        at += marked[0].length
        skip()
      } else gap = GAPS[''] ?? null
      if (gap === null || at >= source.length)
        throw new PatternError(`模式“${source}”以间隔结尾，间隔后应当有一个词项。`)
      gaps.push(gap)
    }
    elements.push(readElement())
    skip()
  }
  if (elements.length === 0) throw new PatternError('模式是空的，至少要有一个词项，例如 "<amend> .. <rules>"。')
  return { source, elements, gaps }

  function readElement(): Element {
    let polarity: Polarity | null = null
    const mark = source.charAt(at)
    if (mark === '!' || mark === '=' || mark === '?') {
      polarity = mark === '!' ? 'denied' : mark === '=' ? 'affirmed' : 'either'
      at++
    }
    const rest = source.slice(at)
    const name = /^<([a-z][a-z0-9-]*)>/.exec(rest)
    if (name?.[1] !== undefined) {
      at += name[0].length
      const term = lookup(name[1])
      return { type: 'words', term, polarity: polarity ?? (term.kind === 'verb' ? 'affirmed' : 'either') }
    }
    if (rest.startsWith('(')) {
      const end = closing(rest, 0)
      if (end < 0) throw new PatternError(`模式“${source}”的括号没有配对。`)
      at += end + 1
      const words = rest.slice(1, end)
      return {
        type: 'words',
        term: makeTerm('', 'noun', wordSource(words)),
        polarity: polarity ?? 'either',
      }
    }
    const party = /^@(P|M|C|U|any)\b/.exec(rest)
    if (party?.[1] !== undefined) {
      at += party[0].length
      return { type: 'party', parties: PARTIES[party[1]] ?? [] }
    }
    const quantity = /^#([a-z]+)(?:(<=|>=|<|>|=)(\d+(?:\.\d+)?))?/.exec(rest)
    if (quantity?.[1] !== undefined) {
      const kinds = QUANTITY[quantity[1]]
      if (kinds === undefined)
        throw new PatternError(
          `没有数量类型“#${quantity[1]}”，可用的有 ${Object.keys(QUANTITY)
            .map(k => `#${k}`)
            .join('、')}。`,
        )
      at += quantity[0].length
      const relation = (quantity[2] ?? null) as Relation | null
      return { type: 'quantity', kinds, relation, limit: relation === null ? 0 : Number(quantity[3]) }
    }
    throw new PatternError(`模式“${source}”在“${rest.slice(0, 12)}”处读不懂，词项写作 <名称>、(词|词)、@P、#dur<7。`)
  }
}

/**
 * Words of a term as a regular expression source: `.` stays inside a sentence part; text is normalised before matching,
 * so what normalising would change could never match and is refused.
 */
export function wordSource(words: string): string {
  if (/\\b/.test(words)) throw new PatternError(`“${words}”用了 \\b：汉字旁边没有单词边界，永远不会匹配；请去掉。`)
  const literal = words
    .replace(/\\.|\{\d+(?:,\d*)?\}/g, '')
    .replace(/\(\?(?:[:=!]|<[=!])/g, '(')
    .replace(/\[[^\]]*\]/g, '')
  const never = /[A-Z,;:「」『』"\s]|[！-～]/.exec(literal.replace(/[，；：（）？！]/g, ''))
  if (never !== null)
    throw new PatternError(
      `“${words}”含有“${never[0]}”：文本匹配前已规范化（小写字母、全角标点、无空格），这个词永远不会匹配。`,
    )
  const bare = words.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '')
  const endless = /[*+]|\{\d+,\}/.exec(bare)
  if (endless !== null)
    throw new PatternError(`“${words}”里的“${endless[0]}”没有上限，匹配可能要回溯很久；请写成 {0,8} 这样有上限的重复。`)
  let out = ''
  let inClass = false
  for (let i = 0; i < words.length; i++) {
    const char = words.charAt(i)
    if (char === '\\') out += char + words.charAt(++i)
    else if (inClass) {
      out += char
      inClass = char !== ']'
    } else if (char === '[') {
      // A negated class must not reach into the next sentence either.
      const negated = words.charAt(i + 1) === '^'
      out += negated ? '[^\\n' : '['
      if (negated) i++
      inClass = true
    } else if (char === '.') out += '[^\\n。；，]'
    else if (char === '(' && words.charAt(i + 1) !== '?') out += '(?:'
    else out += char
  }
  try {
    RegExp(out)
  } catch (error) {
    throw new PatternError(`“${words}”不是合法的正则表达式：${(error as Error).message}`)
  }
  return out
}

const makeTerm = (name: string, kind: 'verb' | 'noun', source: string): Term => ({
  name,
  kind,
  source,
  ...spellOut(source),
})

/** A term from its list of words; the longest alternative is tried first. */
export function compileTerm(name: string, kind: 'verb' | 'noun', words: readonly string[]): Term {
  const sources = [...new Set(words)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).map(wordSource)
  return makeTerm(name, kind, sources.join('|'))
}
