/** Ways of writing that must not change a verdict: every example of every rule, transformed, is judged as before. */
import fc from 'fast-check'
import { Converter } from 'opencc-js/cn2t'
import { describe, expect, test } from 'vitest'
import { check } from '../src/check/index.js'
import { readDocument } from '../src/read/index.js'
import { loadRules } from '../src/rules/index.js'

const rules = loadRules()
const examples = rules.rules
  .filter(r => r.method === 'words')
  .flatMap(r => [...r.examples.fail, ...r.examples.pass].map(e => ({ rule: r.id, text: e.text })))
  .filter(e => !e.text.includes('==='))

const found = (text: string, rule: string, name = 'sample.md'): number =>
  check([readDocument(new TextEncoder().encode(text), name)], { rules, only: [rule] }).findings.length

const HAN = /[一-鿿]/
/** Puts `what` between Chinese characters where `where` says so. */
const between = (text: string, what: string, where: (i: number) => boolean): string =>
  [...text].map((c, i, all) => (HAN.test(c) && HAN.test(all[i + 1] ?? '') && where(i) ? c + what : c)).join('')

const traditional = Converter({ from: 'cn', to: 't' })
const wide = (text: string): string =>
  text.replace(/(?<![#|\-\n\d.])\d(?![.)、\d])/g, d => String.fromCharCode(d.charCodeAt(0) + 0xfee0))
const narrow = (text: string): string => text.replace(/[，；]/g, c => (c === '，' ? ',' : ';'))

describe('the verdict stays the same', () => {
  const changed = (transform: (text: string) => string): string[] =>
    examples
      .filter(e => found(e.text, e.rule) !== found(transform(e.text), e.rule))
      .map(e => `${e.rule}: ${transform(e.text)}`)

  test('in traditional characters', () => expect(changed(traditional)).toEqual([]))
  test('with full-width digits', () => expect(changed(wide)).toEqual([]))
  test('with half-width commas and semicolons', () => expect(changed(narrow)).toEqual([]))
  test('with spaces between Chinese characters', () => {
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.integer({ min: 2, max: 7 }), (e, step) => {
        // After a list number a space would make it a label.
        const spaced = e.text
          .split('\n')
          .map(line =>
            /^\s*[#|>\-\d（(①-⓿一二三四五六七八九十]/.test(line) ? line : between(line, ' ', i => i % step === 0),
          )
          .join('\n')
        expect(`${found(spaced, e.rule)} ${spaced}`).toBe(`${found(e.text, e.rule)} ${spaced}`)
      }),
      { numRuns: 300, seed: 7 },
    )
  })
  test('with line breaks inside sentences', () => {
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.integer({ min: 5, max: 11 }), (e, step) => {
        const broken = e.text
          .split('\n')
          .map(line =>
            /^\s*[#|>\-\d（(①-⓿*一二三四五六七八九十第]/.test(line) ? line : between(line, '\n', i => i % step === 4),
          )
          .join('\n')
        expect(`${found(broken, e.rule)} ${broken}`).toBe(`${found(e.text, e.rule)} ${broken}`)
      }),
      { numRuns: 200, seed: 7 },
    )
  })
})
