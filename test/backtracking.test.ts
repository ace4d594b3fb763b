/** No expression in a rule file may take more than linear time, whatever text it meets. */
import { check } from 'recheck'
import { expect, test } from 'vitest'
import { loadRules } from '../src/rules/index.js'
import { patternsOf } from '../src/rules/patterns-of.js'
import { alternatives } from '../src/rules/words.js'

/** Runs of Chinese characters stand for themselves whatever they are: 退款.{0,4}商家 and 关店.{0,4}买家 are one shape. */
const shape = (source: string): string => {
  let next = 0
  return source.replace(/\[[^\]]*\]|[一-鿿]+/g, part =>
    part.startsWith('[') ? part : '甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥'.charAt(next++ % 22),
  )
}

test('recheck finds no vulnerable expression', { timeout: 600_000 }, async () => {
  const shapes = new Map<string, string>()
  for (const { elements } of patternsOf(loadRules().rules)) {
    for (const element of elements) {
      if (element.type !== 'words' || element.term.rest === null) continue
      for (const alternative of alternatives(element.term.rest)) shapes.set(shape(alternative), alternative)
    }
  }
  expect(shapes.size).toBeGreaterThan(20)
  const wrong: string[] = []
  for (const [expression, example] of shapes) {
    // The automaton decides; recheck's fuzzer only guesses, and takes bounded repeats for endless ones.
    const result = await check(expression, '', { checker: 'automaton', timeout: 20_000 })
    if (result.status !== 'safe') wrong.push(`${result.status}: ${example}`)
  }
  expect(wrong).toEqual([])
})
