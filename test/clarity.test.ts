import { describe, expect, test } from 'vitest'
import { annotate } from '../src/annotate/index.js'
import { documentJudges } from '../src/check/clarity.js'
import { check } from '../src/check/index.js'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import { loadRules } from '../src/rules/index.js'
import type { Rule } from '../src/rules/types.js'

// Other rule files are not what is tested here.
const rules = loadRules({ onError: () => undefined })
const ruleOf = (id: string): Rule => rules.get(id) as Rule
const read = (text: string, name = 'sample.md') => annotate(parse(readDocument(new TextEncoder().encode(text), name)))
/** The words each finding of a rule points at. */
function judged(id: string, text: string, name?: string): string[] {
  const annotated = read(text, name)
  const found = documentJudges[id]?.(ruleOf(id), annotated) ?? []
  return found.map(({ span }) => annotated.parsed.document.text.slice(span.start, span.end))
}
const articles = (...words: string[]): string => words.map(w => `${w}\n\n`).join('')

describe('references', () => {
  const body = articles('第一条 总则。', '第二条 商家登记。', '第三条 商家可以申诉。')
  test.each([
    ['违反本规则第九条的，平台警告。', ['第九条']],
    ['违反本规则第三条的，平台警告。', []],
    ['按照第８条处理。', ['第８条']],
    ['按照《民法典》第五百八十五条处理。', []],
    ['依照电子商务法的有关规定和第九条处理。', []],
    ['适用青禾集市争议规则第七十五条。', []],
    ['适用平台基本规则第七十五条。', []],
  ])('%s', (sentence, expected) => {
    expect(judged('dangling-reference', `${body}第四条 ${sentence}\n`)).toEqual(expected)
  })

  test('a document without articles cannot be judged', () =>
    expect(judged('dangling-reference', '商家违反本规则第九条的，平台警告。\n')).toEqual([]))

  test('an attachment is missed only beside others', () => {
    const text = '配送费按附件三计算。\n\n附件一 范围\n\n城区以内。\n'
    expect(judged('dangling-reference', text)).toEqual(['附件三'])
    expect(judged('dangling-reference', '配送费按附件三计算。\n')).toEqual([])
  })
})

describe('numbers', () => {
  const numbered = (...labels: string[]): string => labels.map((l, i) => `${l} 商家第${i}项义务说明。\n\n`).join('')

  test.each([
    [['第一条', '第二条', '第二条', '第三条'], ['第二条'], []],
    [['第一条', '第二条', '第四条', '第五条'], [], ['第四条']],
    [['第一条', '第一条', '第二条'], [], []],
    [['第一条', '第二条', '第三条'], [], []],
    [['第一条', '第二条', '第九条'], [], []],
    [['一、', '二、', '四、'], [], ['四']],
  ])('%j', (labels, twice, jumps) => {
    const text = numbered(...labels)
    expect(judged('duplicate-number', text).map(x => x.trim())).toEqual(twice)
    expect(judged('broken-numbering', text).map(x => x.trim())).toEqual(jumps)
  })

  test('old and new wording side by side repeat their numbers', () => {
    const text = `修订前\n\n${numbered('第一条', '第二条', '第二条')}修订后\n\n${numbered('第一条', '第二条')}`
    expect(judged('duplicate-number', text)).toEqual([])
  })

  test('numbers in running text are not trusted', () =>
    expect(judged('broken-numbering', '流程：1、提交；2、审核；4、公示。\n', 'flat.txt')).toEqual([]))
})

describe('terms', () => {
  test('a quoted term used again and again without a meaning', () => {
    const text = '“异常订单”不计销量。\n\n平台取消“异常订单”。\n\n商家可对“异常订单”申诉。\n'
    expect(judged('undefined-term', text)).toEqual(['“异常订单”'])
    expect(judged('undefined-term', `“异常订单”是指重复的订单。\n\n${text}`)).toEqual([])
    expect(judged('undefined-term', text.replaceAll('异常订单', '我的订单').replaceAll('“我', '点击“我'))).toEqual([])
  })
  test('甲方 that nobody is', () => {
    expect(judged('undefined-term', '甲方应当付款。\n')).toEqual(['甲方'])
    expect(judged('undefined-term', '甲方：旅客\n\n甲方应当付款。\n')).toEqual([])
  })
})

describe('contradictions', () => {
  const conflicts = (...texts: string[]) => {
    const documents = texts.map((text, number) => readDocument(new TextEncoder().encode(text), `${number}.md`))
    const { findings } = check(documents, { rules, only: ['conflicting-terms'] })
    return findings.map(f => [f.path, f.evidence, f.message.split('，同一事项')[0]])
  }
  test('two periods for one thing', () =>
    expect(
      conflicts('# 商家协议\n\n商家可以在收到通知之日起七日内申诉。\n', '# 处理规则\n\n商家应当在3日内提出申诉。\n'),
    ).toEqual([['1.md', '3日', '这里写“3日”，0.md的同类约定写“七日”']]))
  test('seven days are seven days, however written', () =>
    expect(conflicts('# 商家协议\n\n商家可以在七日内申诉。\n', '# 处理规则\n\n商家应当在7个自然日内申诉。\n')).toEqual(
      [],
    ))
  test('two cases have two answers', () =>
    expect(
      conflicts('# 商家协议\n\n商家可以在七日内申诉。\n', '# 处理规则\n\n生鲜类目的商家应当在1日内申诉。\n'),
    ).toEqual([]))
  test('two versions of one document are no contradiction', () =>
    expect(conflicts('# 商家协议\n\n商家可以在七日内申诉。\n', '# 商家协议\n\n商家可以在三日内申诉。\n')).toEqual([]))
})

describe('long sentences', () => {
  const parts = Array.from({ length: 16 }, (_, i) => `商家在第${i}种情形下应当向平台说明原因并等待`).join('，')
  test('prose counts, lists in a sentence do not', () => {
    expect(judged('overlong-sentence', `${parts}。\n`)).toHaveLength(1)
    expect(judged('overlong-sentence', `禁售商品包括${'烟花爆竹、管制刀具、'.repeat(30)}等。\n`)).toEqual([])
    expect(judged('overlong-sentence', `${parts.replaceAll('，', '。')}。\n`)).toEqual([])
  })
})
