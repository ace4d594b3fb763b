import { describe, expect, test } from 'vitest'
import { annotate } from '../src/annotate/index.js'
import { emphasisOf, judgeEmphasis } from '../src/check/emphasis.js'
import { benchFor } from '../src/check/judge.js'
import { vocabularyOf } from '../src/check/vocabulary.js'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import { loadRules } from '../src/rules/index.js'
import type { Rule } from '../src/rules/types.js'

// Other rule files are not what is tested here.
const rules = loadRules({ onError: () => undefined })
const vocabulary = vocabularyOf(rules)
const fee = rules.get('unmarked-fee') as Rule
const PLAIN = '商家应当如实登记资料，妥善保管账号，及时查看平台的消息，并与买家友好协商，共同维护良好的秩序。'
function judged(text: string, name = 'sample.md') {
  const court = benchFor(annotate(parse(readDocument(new TextEncoder().encode(text), name))), vocabulary)
  return judgeEmphasis(fee, court, emphasisOf(court.annotated))
}

describe('emphasis', () => {
  test.each([
    ['plain', '平台按成交额收取技术服务费3%。', 1],
    ['bold', '**平台按成交额收取技术服务费3%。**', 0],
    ['the material words in bold', '平台按成交额**收取技术服务费3%**。', 0],
    ['underlined', '<u>平台按成交额收取技术服务费3%。</u>', 0],
    ['only one word in bold', '平台按**成交额**收取技术服务费3%。', 1],
    ['a bold heading does not emphasise its body', '## **收费**\n\n平台按成交额收取技术服务费3%。', 1],
  ])('%s', (_, text, count) => expect(judged(`${text}\n\n${PLAIN}\n`)).toHaveLength(count))

  test('plain text is unknown, not absent', () =>
    expect(judged('平台按成交额收取技术服务费3%。\n', 'sample.txt')).toEqual([]))

  test('where everything is bold nothing stands out, told once', () => {
    const found = judged('**平台按成交额收取技术服务费3%。**\n\n**商家缴纳保证金5000元。**\n\n好。\n')
    expect(found).toHaveLength(1)
    expect(found[0]?.message?.zh).toContain('60%')
  })

  test('one finding a table', () => {
    const rows = ['| 项目 | 标准 |', '|---|---|', '| 技术服务费 | 技术服务费为3% |', '| 年费 | 年费为600元 |']
    expect(judged(`${rows.join('\n')}\n\n${PLAIN}\n`)).toHaveLength(1)
  })

  test('a promise of bold type that is not kept is said', () => {
    const [finding] = judged(`重要条款已加粗提示。\n\n平台按成交额收取技术服务费3%。\n\n${PLAIN}\n`)
    expect(finding?.message?.zh).toContain('没有任何突出显示')
  })
})
