import { describe, expect, test } from 'vitest'
import { testRules } from '../src/check/test-rules.js'
import { builtinRules, loadRules } from '../src/rules/index.js'

const { rules, laws } = loadRules()

describe('every rule file', () => {
  test('ids are unique and the set is not empty', () => {
    expect(rules.length).toBeGreaterThan(20)
    expect(new Set(rules.map(r => r.id)).size).toBe(rules.length)
  })

  describe.each(rules.map(rule => [rule.id, rule] as const))('%s', (_, rule) => {
    test('its examples hold, and each exception is leaned on by one', () => {
      expect(
        testRules([rule])
          .filter(r => !r.ok)
          .map(r => `${r.kind}[${r.index}] ${r.problem}`),
      ).toEqual([])
    })

    test('has at least four failing and four passing examples of its own', () => {
      expect(rule.examples.fail.length).toBeGreaterThanOrEqual(4)
      expect(rule.examples.pass.length).toBeGreaterThanOrEqual(4)
      const texts = [...rule.examples.fail, ...rule.examples.pass].map(e => e.text)
      expect(new Set(texts).size).toBe(texts.length)
    })

    test('cites laws that are listed, the first one in force', () => {
      expect(rule.citations.length).toBeGreaterThan(0)
      for (const { law } of rule.citations) expect([...laws.keys()]).toContain(law)
      expect(laws.get(rule.citations[0]?.law ?? '')?.until ?? null).toBeNull()
    })

    test('speaks Chinese and English', () => {
      for (const text of [rule.name, rule.message, rule.suggestion, rule.why, rule.consequence]) {
        expect(text.zh).toMatch(/[一-鿿]/)
        expect(text.en).toMatch(/[a-z]{3}/)
      }
    })
  })
})

test('the built-in rules are found from source and from the build', () => expect(builtinRules).toMatch(/rules\/$/))
