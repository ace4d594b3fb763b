import { describe, expect, test } from 'vitest'
import { type Annotated, annotate } from '../src/annotate/index.js'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import { loadRules } from '../src/rules/index.js'
import { compareVersions } from '../src/versions/compare.js'
import { compare } from '../src/versions/diff.js'
import { explainer } from '../src/versions/explain.js'
import type { Meaning } from '../src/versions/types.js'

const MERCHANT = '云杉商城商家管理规则'
const USER = '云杉社区用户服务协议'
const NUMBERS = '一二三四五六七八九'

/** Meanings between two documents, given by their clauses; the first is kept in both. */
const between = (title: string, before: readonly string[], after: readonly string[]): readonly Meaning[] => {
  const kept =
    title === MERCHANT ? '商家与消费者应当诚信交易，平台维护秩序。商家、卖家须依法纳税。' : '云杉社区由甲公司运营。'
  const [old, fresh] = [before, after].map(clauses => {
    const text = [kept, ...clauses].map((words, i) => `第${NUMBERS[i]}条 ${words}\n`).join('\n')
    return annotate(parse(readDocument(new TextEncoder().encode(`# ${title}\n\n${text}`), 'rule.md')))
  }) as [Annotated, Annotated]
  const { changes } = compare(old.parsed, fresh.parsed, { explain: explainer(old, fresh, 'zh') })
  return changes.flatMap(c => c.meanings)
}
const merchants = (before: string, after: string): readonly Meaning[] => between(MERCHANT, [before], [after])
const users = (before: string, after: string): readonly Meaning[] => between(USER, [before], [after])
const effects = (list: readonly Meaning[]): string[] => list.map(m => `${m.affects} ${m.direction}`)
const said = (list: readonly Meaning[]): string => list.map(m => m.summary).join('\n')

describe('remedies', () => {
  const list = (...cases: string[]): string =>
    `商家有下列情形之一的，应当为消费者退款并赔偿订单金额的一倍：\n\n${cases.map((c, i) => `（${NUMBERS[i]}）${c}`).join('\n\n')}`
  const three = ['出售过期食品；', '伪造检验报告；', '隐瞒翻新情况。'] as const
  test('a case struck out of the list', () => {
    const found = merchants(list(...three), list(three[0], three[2]))
    expect(effects(found)).toEqual(['consumer worse'])
    expect(said(found)).toBe('退款或赔付的范围缩小，删去“伪造检验报告；”：对消费者不利'.replace('；', ''))
    expect(found[0]).toMatchObject({ kind: 'right-removed', important: true })
  })
  test('a case put into the list', () => {
    const found = merchants(list(three[0], three[2]), list(...three))
    expect(effects(found)).toEqual(['consumer better'])
  })
  test('a case that only moved in the list', () =>
    expect(merchants(list(...three), list(three[2], three[0], three[1]))).toEqual([]))
  test('an automatic return struck out', () => {
    const found = merchants(
      '商家多缴保证金的，超出部分将自动退回至商家账户。商家可在后台查看余额。',
      '商家可在后台查看余额。',
    )
    expect(effects(found)).toEqual(['merchant worse'])
  })
  test('conditions that went behind a link', () => {
    const found = merchants(
      '商家近一年成交满300笔且无违规的，保证金可减免为2000元。商家签约后生效。',
      '具体减免条件可点击链接查看。商家签约后生效。',
    )
    expect(said(found)).toMatch(/移出正文.*对商家不利/)
  })
  test('a fee left to a page', () =>
    expect(effects(merchants('平台按月收取服务费。', '平台按月收取服务费，具体金额以后台页面公布为准。'))).toEqual([
      'merchant worse',
    ]))
  test.each([
    ['a link where nothing was lost', '商家可以申请开票。', '商家可以申请开票，操作步骤可点击链接查看。'],
    ['what users grant themselves', '我们使用您的相册。', '我们使用您的相册，具体以您实际授权的范围为准。'],
  ])('nothing: %s', (_, before, after) => expect(said(merchants(before, after))).toBe(''))
})

describe('sanctions', () => {
  test('on a new occasion', () => {
    const found = merchants(
      '商家应当按时发货。',
      '商家应当按时发货。商家拖延整改的，平台将采取下架商品、冻结账户等措施。',
    )
    expect(effects(found)).toEqual(['merchant worse'])
    expect(found[0]).toMatchObject({ kind: 'right-added', important: true })
  })
  test('a heavier one in place of a lighter one', () => {
    const found = merchants(
      '考核不达标的，平台将采取处置措施：下架商品，次日恢复。',
      '考核不达标的，平台将采取处置措施：关闭店铺，次日恢复。',
    )
    expect(said(found)).toContain('处置措施由“下架”改为“关闭店铺”：对商家不利')
  })
  test('one more in the list', () => {
    const found = users(
      '用户违反本协议的，我们可以采取警告、禁言等措施。',
      '用户违反本协议的，我们可以采取警告、禁言、封禁账号等措施。',
    )
    expect(said(found)).toBe('处置范围扩大，增加“封禁账号”：对用户不利')
  })
  test.each([
    ['what a user may ask for', '您可以联系客服。', '您可以联系客服，您可以随时通知我们终止服务。'],
    ['what happened before', '账号恢复后可以登录。', '账号被冻结的，申请恢复后可以登录。'],
    ['who else acts', '本条自发布之日起生效。', '本条自发布之日起生效。市场监督管理部门可以依法处以罚款。'],
  ])('no sanction: %s', (_, before, after) => expect(said(users(before, after))).not.toContain('处置'))
})

describe('liability', () => {
  test('more of it', () => {
    const found = users(
      '投诉不实的，本人将承担法律责任。',
      '投诉不实的，本人将承担法律责任，并承担和赔偿云杉社区因处理相关账号而遭受的任何损失。',
    )
    expect(effects(found)).toEqual(['consumer worse'])
    expect(found[0]?.summary).toContain('责任范围扩大')
  })
  test('the platform answers for nothing', () => {
    const found = users('组织可以管理您的权限。', '组织可以管理您的权限，您应向组织了解详情，我们不就此承担任何责任。')
    expect(said(found)).toMatch(/新增平台免责：.*我们不就此承担任何责任/)
    expect(found.every(m => m.direction === 'worse')).toBe(true)
  })
  test('use that is said to be no consumption', () => {
    const found = users('您可以使用团队版。', '您可以使用团队版。您理解团队版为办公工具，并非个人消费使用性质。')
    expect(effects(found)).toEqual(['consumer worse'])
  })
  test.each([
    [
      'an exception to it',
      '我们均不对间接损失承担责任。',
      '除法律法规另有规定外，我们均不对间接损失承担责任。',
      'better',
    ],
    [
      'the exception gone',
      '除法律法规另有规定外，我们均不对间接损失承担责任。',
      '我们均不对间接损失承担责任。',
      'worse',
    ],
  ])('%s', (_, before, after, direction) => expect(effects(users(before, after))).toEqual([`consumer ${direction}`]))
})

describe('content and data', () => {
  const licence = (rights: string): string =>
    `您授予我们一项全球范围内免费的许可，用于使用您发布的作品，包括${rights}等权利。`
  test('a right put among those licensed', () => {
    const found = users(licence('复制权、翻译权'), licence('修改权、复制权、翻译权'))
    expect(said(found)).toBe('对内容的授权扩大，增加“修改权”：对用户不利')
  })
  test('and taken out', () =>
    expect(effects(users(licence('修改权、复制权、翻译权'), licence('复制权、翻译权')))).toEqual(['consumer better']))
  test('a new licence', () => {
    const found = users(
      '您发布的内容归您所有。',
      '您发布的内容归您所有。您允许我们自行或委托他人翻译、改编您发布的内容。',
    )
    expect(effects(found)).toEqual(['consumer worse'])
  })
  test('a licence instead of a transfer, for more than before', () => {
    const found = users(
      '您同意将您发布的内容的著作权独家转让给我们所有。',
      '您同意授予我们及其关联公司使用您发布的内容的著作权及其中肖像的许可。',
    )
    expect(found.map(m => m.summary)).toEqual([
      '对内容的授权缩小：由转让改为许可使用：对用户有利',
      '对内容的授权扩大：新增“及于关联公司”“及于肖像或姓名”：对用户不利',
      '对内容的授权缩小：删去“独家或排他”：对用户有利',
    ])
  })
  test('purposes of data', () => {
    const found = users(
      '为完成注册登录、订单配送，平台会在必要范围内处理您的个人信息。',
      '为完成注册登录、广告投放、订单配送，平台会在必要范围内处理您的个人信息。',
    )
    expect(said(found)).toBe('个人信息处理的范围扩大，增加“广告投放”：对用户不利')
  })
  test('what is put in stood there before', () =>
    expect(users(licence('复制权、翻译权'), licence('翻译权、复制权'))).toEqual([]))
})

describe('what a rule reaches', () => {
  test.each([
    [
      'an object of a prohibition',
      '您不得利用账号或本服务传播谣言。',
      '您不得利用账号、群组或本服务传播谣言。',
      'worse',
    ],
    ['the same taken out', '您不得利用账号、群组或本服务传播谣言。', '您不得利用账号或本服务传播谣言。', 'better'],
    [
      'what it refers to',
      '您不得教唆他人从事本条禁止的行为。',
      '您不得教唆他人从事本协议、平台规则禁止的行为。',
      'worse',
    ],
  ])('%s', (_, before, after, direction) => {
    const found = users(before, after)
    expect(effects(found)).toEqual([`consumer ${direction}`])
    expect(said(found)).toContain('禁止范围')
  })
  test.each([
    ['an exception from a prohibition', '您不得传播广告，节日问候除外。', '您不得传播广告，节日问候、公益通知除外。'],
    ['another way to do what is owed', '您应在监护人陪同下使用。', '您应在父母或监护人陪同下使用。'],
    ['what does not happen', '我们不可能保证信息安全。', '我们不可能保证信息、数据安全。'],
  ])('nothing: %s', (_, before, after) => expect(said(users(before, after))).not.toContain('范围'))
})

describe('look-alikes', () => {
  const nothing: readonly (readonly [string, string, string, string])[] = [
    [
      'what force majeure causes',
      USER,
      '本服务需要网络。',
      '本服务需要网络，我们不控制因不可抗力造成的暂停、终止服务。',
    ],
    ['the end of a list', USER, '您不得传播广告。', '您不得传播广告。法律、行政法规禁止的其他内容。'],
    ['what cannot be undone', USER, '您可以注销账号。', '您可以注销账号，注销是不可逆的操作。'],
    [
      'what is only shared where needed',
      USER,
      '我们重视隐私。',
      '我们重视隐私。我们仅会为必要的目的共享您的个人信息。',
    ],
    ['reading this agreement', USER, '您可以注册。', '您可以注册，请您遵守本协议的约定。'],
  ]
  test.each(nothing)('nothing: %s', (_, title, before, after) =>
    expect(said(between(title, [before], [after]))).toBe(''),
  )
  test('a rule for merchants that names buyers binds merchants', () => {
    const found = merchants('商品应当标价。', '商品应当标价。禁止以抽奖、会员等方式诱导消费者充值。')
    expect(effects(found)).toEqual(['merchant worse'])
  })
  test('a platform that is bound with others binds nobody else', () =>
    expect(said(users('合作方可以协助。', '合作方可以协助，我们及关联方无权将您的信息用于其他用途。'))).not.toContain(
      '不利',
    ))
})

describe('names', () => {
  test('a document to follow', () => {
    const found = users('您可以使用视频功能。', '您可以使用视频功能，需阅读并遵守《云杉视频运营规范》。')
    expect(said(found)).toBe('用户须另行遵守《云杉视频运营规范》：对用户不利')
  })
  test.each([
    ['a law', '您可以发表评论。', '您可以发表评论，应当遵守《互联网跟帖评论服务管理规定》。'],
    ['the document itself', '您可以发表评论。', '您可以发表评论，请阅读并遵守《云杉社区用户服务协议》。'],
    ['a new edition', '您应遵守《云杉视频规范》。', '您应遵守《云杉视频管理规范》。'],
  ])('no document to follow: %s', (_, before, after) => expect(said(users(before, after))).not.toContain('另行遵守'))

  test('a term renamed throughout', () => {
    const clauses = (name: string): string[] => [
      `${name}可以申请奖励。`,
      `${name}应当如实填报。`,
      `平台每月公布${name}名单。`,
    ]
    const found = between(USER, clauses('校园大使'), clauses('高校推广员'))
    expect(effects(found)).toEqual(['consumer neutral', 'consumer neutral', 'consumer neutral'])
    expect(new Set(found.map(m => m.summary))).toEqual(new Set(['“校园大使”全文改称“高校推广员”（3处），本处别无改动']))
  })
  test('a term replaced in one place only', () => {
    const found = between(
      USER,
      ['校园大使可以申请奖励。', '校园大使应当如实填报。', '平台每月公布校园大使名单。'],
      ['高校推广员可以申请奖励。', '校园大使应当如实填报。', '平台每月公布校园大使名单。'],
    )
    expect(said(found)).not.toContain('全文')
  })
})

describe('channels and places', () => {
  test('another way to complain is no new right; a first step is worse', () => {
    const found = users(
      '发现内容侵权的，请与我们取得联系（邮箱：）。',
      '发现内容侵权的，可以先尝试与作者取得联系。您可通过举报按钮进行投诉。',
    )
    expect(found.map(m => m.kind)).toEqual(['condition'])
    expect(effects(found)).toEqual(['consumer worse'])
  })
  test.each([
    ['to the seat of the operator', '广州', '杭州', 'worse'],
    ['away from it', '杭州', '广州', 'better'],
    ['between others', '广州', '武汉', 'neutral'],
  ])('arbitration moves %s', (_, from, to, direction) => {
    const text = (city: string): string =>
      `云杉社区由杭州云杉科技有限公司运营。协商不成的，双方同意将争议提交${city}仲裁委员会仲裁。`
    const found = users(text(from), text(to))
    expect(effects(found)).toEqual([`consumer ${direction}`])
    expect(found[0]).toMatchObject({ from: `${from}仲裁委员会`, to: `${to}仲裁委员会` })
  })
})

describe('who bears, owns and pays', () => {
  const told = (before: string, after: string) => {
    const text = (words: string) =>
      readDocument(
        new TextEncoder().encode(`# 甲平台商家规则\n\n第一条 商家是指开店的经营者。\n\n第二条 ${words}\n`),
        'a.md',
      )
    const { changes } = compareVersions(text(before), text(after), { rules: loadRules(), only: [] })
    return changes.flatMap(c => c.meanings).map(m => [m.affects, m.direction])
  }
  test.each([
    ['店铺的知识产权归商家所有。', '店铺的知识产权归平台所有。', [['merchant', 'worse']]],
    ['平台免收技术服务费。', '平台收取技术服务费1000元。', [['merchant', 'worse']]],
    ['商家使用平台服务应当支付年费600元。', '商家使用平台服务免收年费。', [['merchant', 'better']]],
    ['商家违规3次的，平台可以关闭店铺。', '商家违规1次的，平台可以关闭店铺。', [['merchant', 'worse']]],
    ['商家一年内扣满12分的，平台可以清退店铺。', '商家一年内扣满6分的，平台可以清退店铺。', [['merchant', 'worse']]],
    ['商家可以获得的赔偿最高5000元。', '商家可以获得的赔偿最高3000元。', [['merchant', 'worse']]],
    [
      '逾期付款的，商家按日支付万分之五的滞纳金。',
      '逾期付款的，商家按日支付千分之五的滞纳金。',
      [['merchant', 'worse']],
    ],
    ['商家并非不得退店。', '商家可以退店。', []],
    ['技术服务费由平台收取。', '技术服务费由甲平台收取。', []],
    [
      '商家违规的，平台有权保存记录并向有关部门报告，商家应独自承担由此产生的一切责任。',
      '商家违规的，平台有权保存记录并向有关部门报告、配合调查，商家应独自承担由此产生的一切责任。',
      [],
    ],
    [
      '商家应支付保证金，平台不提供保证金分期服务。',
      '商家应支付保证金，保证金分期服务以页面实际展示为准。',
      [['merchant', 'neutral']],
    ],
  ])('%s → %s', (before, after, expected) => expect(told(before, after)).toEqual(expected))
})
