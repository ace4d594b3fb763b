/** Display width, line breaking, folding, and the nearest word. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearest } from '../src/text/nearest.js'
import { displayWidth, fold, padTo, wrap } from '../src/text/width.js'

const lines = (text: string, width: number) => wrap(text, width).map(({ start, end }) => text.slice(start, end))

describe('width', () => {
  test('Chinese characters take two columns, combining marks none', () => {
    expect(displayWidth('平台a（乙）')).toBe(11)
    expect(displayWidth('e\u0301')).toBe(1)
    expect(padTo('平台', 6)).toBe('平台  ')
  })
})

describe('wrap', () => {
  test('closing punctuation stays with the character before it', () => {
    expect(lines('一二三四，五六', 8)).toEqual(['一二三', '四，五六'])
  })

  test('an opening bracket goes to the next line with its word', () => {
    expect(lines('一二三（四五六）', 8)).toEqual(['一二三', '（四五', '六）'])
  })

  test('a word of narrow characters stays whole, unless it is wider than the line', () => {
    expect(lines('接口 clauselint 命令', 12)).toEqual(['接口', 'clauselint', '命令'])
    expect(lines('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
  })

  test('white space at a break belongs to no line', () => {
    expect(lines('the terms of use', 9)).toEqual(['the terms', 'of use'])
  })

  const chars = fc
    .array(fc.constantFrom(...'平台规则，。；（）“”《》… ab1/'), { maxLength: 80 })
    .map(all => all.join(''))

  test('nothing is lost and no line is too wide', () => {
    fc.assert(
      fc.property(chars, fc.integer({ min: 24, max: 60 }), (text, width) => {
        const spans = wrap(text, width)
        expect(
          spans
            .map(({ start, end }) => text.slice(start, end))
            .join('')
            .replaceAll(' ', ''),
        ).toBe(text.replaceAll(' ', ''))
        for (const { start, end } of spans) expect(displayWidth(text.slice(start, end))).toBeLessThanOrEqual(width)
      }),
    )
  })
})

describe('fold', () => {
  test('a line break between Chinese characters is nothing, between words a space', () => {
    expect(fold(' 平台\n规则\u00a0 a\nb\u200b ')).toBe('平台规则 a b')
  })
})

describe('nearest', () => {
  test('the word with the fewest edits, none if all are far', () => {
    expect(nearest('deemed-consnet', ['deemed-consent', 'short-notice'])).toBe('deemed-consent')
    expect(nearest('zebra', ['deemed-consent', 'short-notice'])).toBeUndefined()
  })
})
