import { describe, expect, test } from 'vitest'
import { type Annotated, annotate } from '../src/annotate/index.js'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import { compare } from '../src/versions/diff.js'
import { explainer } from '../src/versions/explain.js'
import type { Meaning } from '../src/versions/types.js'

const read = (title: string, text: string): Annotated =>
  annotate(
    parse(
      readDocument(
        new TextEncoder().encode(`# ${title}\n\n第一条 云杉社区由甲公司（下称“我们”）运营。\n\n第二条 ${text}\n`),
        'rule.md',
      ),
    ),
  )
const between = (title: string, before: string, after: string): readonly Meaning[] => {
  const [old, fresh] = [read(title, before), read(title, after)]
  return compare(old.parsed, fresh.parsed, { explain: explainer(old, fresh, 'zh') }).changes.flatMap(c => c.meanings)
}
const USER = '云杉社区用户服务协议'
const users = (before: string, after: string): readonly Meaning[] => between(USER, before, after)
const said = (list: readonly Meaning[]): string => list.map(m => m.summary).join('\n')

describe('personal information', () => {
  const kept = '我们重视您的隐私。'
  test.each([
    ['a promise not to disclose', '未经您许可，我们不会向任何公司披露您的个人信息。', 'better', '承诺'],
    ['protection', '我们采用加密等安全技术保护您的个人信息。', 'better', '保护个人信息的义务'],
    ['provision to others', '我们会将您的联系方式、投诉记录等信息提供给监管机关及合作门店。', 'worse', '提供个人信息'],
    ['third parties that may take data', '插件的提供方可以获取您公开发布的相关信息。', 'worse', '提供个人信息'],
    ['display to others', '您的头像、昵称等还可能向其他用户展示。', 'worse', '展示'],
    ['copies to affiliates', '您同意您发布的全部内容授权我们自动同步至我们运营的其他软件。', 'worse', '同步'],
    ['a real name', '您应当提供真实的身份信息。', 'worse', '真实的身份'],
    ['a guardian', '未满十八周岁的，应事先取得监护人的书面同意。', 'neutral', '监护人'],
  ])('%s', (_, words, direction, zh) => {
    const come = users(kept, `${kept}${words}`)
    expect(come.map(m => m.direction)).toContain(direction)
    expect(said(come)).toContain(zh)
    const gone = users(`${kept}${words}`, kept)
    expect(said(gone)).toMatch(/删去|不再/)
  })
  test.each([
    ['what users do themselves', '您可以将您的信息提供给合作门店。'],
    ['data without persons', '我们会将匿名统计数据提供给合作方。'],
    ['what is denied', '我们不会将您的信息提供给合作门店。'],
    ['what merchants hand in', '您可以选择向其他用户展示个人主页。'],
    ['an occasion', '我们将您的信息提供给合作方前，会通知您。'],
  ])('not: %s', (_, words) => {
    expect(said(users(kept, `${kept}${words}`))).not.toMatch(/新增向他人提供|展示：/)
  })
  test('the same promise in other words is no change', () =>
    expect(
      said(
        users(
          '未经您许可，我们不会向任何公司披露您的个人信息。',
          '未获您的许可，我们不会向任何公司或者个人披露您的个人信息。',
        ),
      ),
    ).not.toMatch(/新增平台不|删去平台不/))
  test('separate consent', () => {
    const [a, b] = ['征得您的同意后', '征得您的单独同意后'].map(x => `读取通讯录的，我们会在${x}进行。`) as [
      string,
      string,
    ]
    expect(said(users(a, b))).toBe('须征得用户的同意改为须征得单独同意：对用户有利')
    expect(said(users(b, a))).toBe('须征得用户的单独同意改为须征得同意：对用户不利')
  })
  test('a promise that hangs on a page', () => {
    const flat = '我们不会主动收集您的支付信息。'
    const found = users(flat, '页面未启用支付功能的，我们不会主动收集您的支付信息。')
    expect(said(found)).toContain('承诺改为有条件')
    expect(found.map(m => m.direction)).toEqual(['worse'])
    expect(said(users(flat, '我们不会收集您的支付信息。'))).not.toContain('有条件')
  })
})

describe('effect, courts, measures, thresholds', () => {
  test('effect on publication', () => {
    const text = (how: string): string => `修改后的协议${how}，您可以在网站查看。`
    expect(said(users(text('一经公布即生效'), text('将在网站公告')))).toBe(
      '删去公布即生效的规定（“公布即生效”）：对用户有利',
    )
    expect(said(users(text('公布后立即生效'), text('一经发布即时生效')))).not.toContain('生效的规定')
    expect(said(users('您发布的商品即时生效展示。', '您发布的商品稍后展示。'))).not.toContain('公布即生效')
  })
  test('a court that may be turned to', () => {
    const text = (how: string): string => `因本协议发生争议的，${how}甲公司所在地人民法院提起诉讼。`
    const found = users(text('应向'), text('双方均可向'))
    expect(found.map(m => m.direction)).toEqual(['neutral'])
    expect(said(found)).toBe('争议管辖由“应”改为“双方均可”')
    expect(said(users(text('应向'), text('应当向')))).toBe('')
  })
  test('measures that become examples', () => {
    const text = (how: string): string => `您违反本协议的，我们有权采取${how}限制登录、封禁账号等处理措施。`
    expect(said(users(text(''), text('包括但不限于')))).toBe('处置措施不再限于所列（增加“包括但不限于”）：对用户不利')
    expect(said(users(text('包括但不限于'), text('')))).toContain('对用户有利')
  })
  test('breaches that become examples are no measures', () =>
    expect(
      said(
        users('您有刷单、辱骂等行为的，我们有权封禁账号。', '您有包括但不限于刷单、辱骂等行为的，我们有权封禁账号。'),
      ),
    ).not.toContain('处置措施'))
  test('what is taken', () =>
    expect(
      said(users('您违约的，我们有权扣除违约金、运费等款项。', '您违约的，我们有权扣除违约金、损失、运费等款项。')),
    ).toContain('款项增加“损失”'))
  test('a case turned round', () => {
    const found = between(
      '甲市场商家规则',
      '商家承诺发货时间在48小时内的，按订单金额的10%赔付。',
      '商家承诺发货时间大于48小时的，按订单金额的10%赔付。',
    )
    expect(said(found)).toBe('适用条件由“48小时内”改为“大于48小时”')
    expect(found.map(m => m.direction)).toEqual(['neutral'])
  })
  test('the same case in other words', () =>
    expect(
      said(
        between(
          '甲市场商家规则',
          '商家承诺发货时间在48小时内的，按订单金额的10%赔付。',
          '商家承诺发货时间不超过48小时的，按订单金额的10%赔付。',
        ),
      ),
    ).not.toContain('适用条件'))
})
