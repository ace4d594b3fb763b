/** The label grammar, form by form. */
import { describe, expect, it, test } from 'vitest'
import { bulletLength, numberValue, readLabel, type Scheme } from '../src/parse/labels.js'

describe('labels', () => {
  test.each<[string, Scheme, number[], string, string]>([
    ['第一编 总则', 'book', [1], '第一编', '总则'],
    ['第二章 细则', 'chapter', [2], '第二章', '细则'],
    ['第3节 例外', 'section', [3], '第3节', '例外'],
    ['第十二条 违约', 'article', [12], '第十二条', '违约'],
    ['第 一 条 范围', 'article', [1], '第一条', '范围'],
    ['第一百零三条【解释】', 'article', [103], '第一百零三条', '【解释】'],
    ['第十二条之一 注销', 'article', [12, 1], '第十二条之一', '注销'],
    ['第三條 協議', 'article', [3], '第三條', '協議'],
    ['第二款 从略', 'paragraph', [2], '第二款', '从略'],
    ['第四项：从略', 'point', [4], '第四项', '从略'],
    ['一、总则', 'han', [1], '一', '总则'],
    ['二. 细则', 'han', [2], '二', '细则'],
    ['十一、其他', 'han', [11], '十一', '其他'],
    ['（一）甲', 'han-paren', [1], '（一）', '甲'],
    ['(十二) 甲', 'han-paren', [12], '(十二)', '甲'],
    ['(\n三\n)\n甲', 'han-paren', [3], '(三)', '甲'],
    ['㈡甲', 'han-paren', [2], '㈡', '甲'],
    ['1. 甲', 'number-dot', [1], '1', '甲'],
    ['2．甲', 'number-dot', [2], '2', '甲'],
    ['3、甲', 'number-comma', [3], '3', '甲'],
    ['4) 甲', 'number-half', [4], '4)', '甲'],
    ['(5) 甲', 'number-paren', [5], '(5)', '甲'],
    ['（16）甲', 'number-paren', [16], '（16）', '甲'],
    ['⑵甲', 'number-paren', [2], '⑵', '甲'],
    ['1.1 甲', 'decimal', [1, 1], '1.1', '甲'],
    ['1.1甲', 'decimal', [1, 1], '1.1', '甲'],
    ['1.2.3、甲', 'decimal', [1, 2, 3], '1.2.3', '甲'],
    ['10.2.3.4. 甲', 'decimal', [10, 2, 3, 4], '10.2.3.4', '甲'],
    ['①甲', 'circle', [1], '①', '甲'],
    ['⑳ 甲', 'circle', [20], '⑳', '甲'],
    ['❷甲', 'circle-dark', [2], '❷', '甲'],
    ['b) 甲', 'lower', [2], 'b)', '甲'],
    ['c. 甲', 'lower', [3], 'c', '甲'],
    ['A、甲', 'upper', [1], 'A', '甲'],
    ['(a) 甲', 'lower-paren', [1], '(a)', '甲'],
    ['ii. 甲', 'roman', [2], 'ii', '甲'],
    ['IV. 甲', 'roman', [4], 'IV', '甲'],
    ['Ⅲ、甲', 'roman', [3], 'Ⅲ', '甲'],
  ])('%j', (text, scheme, values, printed, rest) => {
    const label = readLabel(text, 0)
    expect(label).toMatchObject({ scheme, values, text: printed })
    expect(text.slice(label?.end)).toBe(rest)
  })

  test.each([
    '2024年修订',
    '2024.1.1起',
    '1.5%',
    '3.5元',
    '10%',
    '7日内',
    '1000元',
    '24小时',
    '192.168.0.1',
    '1.0版。',
    '1.5倍……'.replace('倍', '万元'),
    '0.6%',
    '1.2.3.400',
    '一、二级类目',
    '一、二、三类商品',
    '1、2项',
    'e.g. 甲',
    'www.example.com',
    '第一时间',
    '第三方',
    '一定',
    '（试行）',
    '（2024）',
    '12:00',
    '100. 甲',
    'A.com',
    '3C认证',
  ])('%j is no label', text => expect(readLabel(text, 0)).toBeNull())

  it('offers both readings of a single Roman letter', () => {
    expect(readLabel('i. 甲', 0)).toMatchObject({
      scheme: 'lower',
      values: [9],
      other: { scheme: 'roman', values: [1] },
    })
    expect(readLabel('b. 甲', 0)?.other).toBeUndefined()
  })
  it('reads bare numbers only when asked to', () => {
    expect(readLabel('1 总则', 0)).toBeNull()
    expect(readLabel('1 总则', 0, true)).toMatchObject({ scheme: 'number', values: [1] })
    expect(readLabel('三 总则', 0, true)).toMatchObject({ scheme: 'han', values: [3] })
    expect(readLabel('7 日内', 0, true)).toBeNull()
  })
  test.each([
    ['〇', 0],
    ['十', 10],
    ['十二', 12],
    ['二十', 20],
    ['一百', 100],
    ['一百零三', 103],
    ['一百一十', 110],
    ['二〇', 20],
    ['１２', 12],
    ['两', 2],
  ])('%s is %i', (text, value) => {
    expect(numberValue(text)).toBe(value)
  })
  it('knows no number in other words', () => expect(numberValue('甲')).toBeNaN())
  it('measures bullets', () => {
    expect(bulletLength('• 甲', 0)).toBe(2)
    expect(bulletLength('■甲', 0)).toBe(1)
    expect(bulletLength('- 甲', 0)).toBe(2)
    expect(bulletLength('-5度', 0)).toBe(0)
  })
})
