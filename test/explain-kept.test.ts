import { describe, expect, test } from 'vitest'
import { type Annotated, annotate } from '../src/annotate/index.js'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import { compare } from '../src/versions/diff.js'
import { explainer, needs } from '../src/versions/explain.js'
import type { Change, Meaning } from '../src/versions/types.js'

const read = (title: string, text: string): Annotated =>
  annotate(parse(readDocument(new TextEncoder().encode(`# ${title}\n\n${text}\n`), 'rule.md')))
const changes = (title: string, before: string, after: string): readonly Change[] => {
  const [old, fresh] = [read(title, before), read(title, after)]
  return compare(old.parsed, fresh.parsed, { explain: explainer(old, fresh, 'zh') }).changes
}
const meanings = (title: string, before: string, after: string): readonly Meaning[] =>
  changes(title, before, after).flatMap(c => c.meanings)
const said = (list: readonly Meaning[]): string => list.map(m => m.summary).join('\n')
const numbered = (...clauses: string[]): string => clauses.map((c, i) => `第${'一二三四五六'[i]}条 ${c}`).join('\n\n')
const users = (before: string, after: string): readonly Meaning[] =>
  meanings(
    '云杉社区用户服务协议',
    numbered('云杉社区由甲公司运营。', before),
    numbered('云杉社区由甲公司运营。', after),
  )

describe('rights that stay in other words', () => {
  test('another way to leave', () => {
    const found = users(
      '为了改进推荐，我们会分析您的浏览记录。您可以在设置中关闭推荐分析。',
      '为了改进推荐，我们会分析您的浏览记录。如您希望退出该项分析，可以通过客服邮箱与我们联系。',
    )
    expect(said(found)).not.toContain('删去')
    expect(found.map(m => m.direction)).toEqual(['neutral'])
    expect(said(found)).toContain(
      '方式由“您可以在设置中关闭推荐分析”改为“如您希望退出该项分析，可以通过客服邮箱与我们联系”',
    )
  })
  test('the way out is dropped', () =>
    expect(
      said(
        users(
          '为了改进推荐，我们会分析您的浏览记录。您可以在设置中关闭推荐分析。',
          '为了改进推荐，我们会分析您的浏览记录。分析结果保存六个月。',
        ),
      ),
    ).toContain('删去用户取消或退出的权利'))
  const closing = '您应妥善保管账号。您可以申请注销账号。'
  test.each([
    ['another name', '您应妥善保管账号。如您需要销户，可以联系客服办理。'],
    ['another document', '您应妥善保管账号。关于账号登录和停用的说明详见《云杉账号须知》。'],
  ])('closing the account: %s', (_, after) => expect(said(users(closing, after))).not.toContain('删去'))
  test.each([
    ['gone', '您应妥善保管账号。'],
    ['refused', '您应妥善保管账号。如您需要销户，我们不提供该项支持。'],
    ['a document about something else', '您应妥善保管账号。关于积分兑换的说明详见《云杉积分须知》。'],
  ])('closing the account, dropped: %s', (_, after) =>
    expect(said(users(closing, after))).toContain('删去注销账号的权利'),
  )
  test('what a name stands for is no right', () =>
    expect(
      meanings(
        '甲市场商家规范',
        numbered('商家、卖家应诚信经营，商家接受监督。', '放心退，指消费者签收后可申请退货的服务。'),
        numbered('商家、卖家应诚信经营，商家接受监督。', '发货由物流完成。'),
      ).filter(m => m.kind === 'right-removed'),
    ).toEqual([]))
})

describe('a text that prints a part of its clauses', () => {
  const whole = numbered(
    '商家、卖家应当诚信经营，商家接受监督。',
    '商家可以在7日内提出申诉。',
    '消费者可以申请退货，商家应当支持。',
  )
  const part = '商家可以在3日内提出申诉。'
  test.each([
    ['by its words', `本次公示规则正文（调整部分）：\n\n第一条 ${part}`],
    ['by its numbers', `第二条 ${part}`],
  ])('drops nothing: %s', (_, after) => {
    const found = meanings('甲市场商家规范', whole, after)
    expect(said(found)).not.toContain('删去')
    expect(said(found)).toContain('由7日缩短为3日')
  })
  test('nor is new what it did not print', () =>
    expect(said(meanings('甲市场商家规范', `第二条 ${part}`, whole))).not.toContain('新增'))
  test('a whole text drops what it lacks', () =>
    expect(said(meanings('甲市场商家规范', whole, numbered('商家、卖家应当诚信经营。', part)))).toContain('删去'))
})

describe('who is punished', () => {
  const rule = (list: string): string =>
    numbered(
      '商家、创作者、卖家应当诚信经营，消费者可以投诉商家。',
      `因商家或创作者违规引发大量消费者投诉的，平台有权采取处置措施，包括但不限于：${list}。`,
    )
  test('heavier measures beside a lighter one that went', () => {
    const found = meanings(
      '甲市场商家处置细则',
      rule('限制发品、限制成交、冻结货款'),
      rule('限制发品、没收保证金、永久封号、冻结货款'),
    )
    expect(found.map(m => `${m.affects} ${m.direction}`)).toEqual(['merchant worse'])
    expect(said(found)).toMatch(/没收/)
  })
  test('a buyer who breaks a rule', () => {
    const text = (list: string): string =>
      numbered('商家、卖家应当诚信经营。', `消费者恶意下单的，平台有权采取以下措施：${list}。`)
    const found = meanings('甲市场商家规则', text('限制下单'), text('限制下单、冻结账号'))
    expect(found.map(m => m.affects)).not.toContain('merchant')
  })
  test('help with closing an account is no measure', () =>
    expect(
      said(users('您应妥善保管账号。', '您应妥善保管账号。您也可以申请销户，公司会在核验后协助您注销账号。')),
    ).not.toContain('处置'))
  test('commission that nobody is named to pay', () => {
    const found = meanings('甲市场规则', '一、平台收取佣金5%。', '一、平台收取佣金9%。')
    expect(found.map(m => `${m.affects} ${m.direction}`)).toEqual(['merchant worse'])
  })
  test('a fee that buyers pay', () => {
    const found = meanings('甲市场规则', '一、消费者支付会员费50元。', '一、消费者支付会员费90元。')
    expect(found.map(m => m.affects)).toEqual(['consumer'])
  })
})

describe('transition', () => {
  const asks = (before: string, after: string): boolean =>
    needs(
      changes(
        '甲市场商家规则',
        numbered('商家、卖家应当诚信经营。', before),
        numbered('商家、卖家应当诚信经营。', after),
      ),
      'zh',
    ).transition
  test('a new duty alone asks for none', () =>
    expect(asks('商家可以使用客服工具。', '商家可以使用客服工具。商家应当每日备份聊天数据。')).toBe(false))
  test('a shorter time to appeal does', () =>
    expect(asks('商家可以在15日内提出申诉。', '商家可以在3日内提出申诉。')).toBe(true))
})
