/** What notices say of their own making: stage, dates, where the rule itself begins. */
import { describe, expect, test } from 'vitest'
import { annotate } from '../src/annotate/index.js'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import { announcement } from '../src/versions/announce.js'

const say = (text: string, { seen = null as string | null, path = 'a.txt' } = {}) =>
  announcement(annotate(parse(readDocument(new TextEncoder().encode(text), path, { lang: 'zh' }))), seen)

const RULE = '第一条 商家应当在48小时内发货。第二条 商家可以在七日内申诉。'

interface Case {
  readonly text: string
  readonly path?: string
  readonly seen?: string
  readonly expected: Partial<ReturnType<typeof announcement>>
}

const CASES: Readonly<Record<string, Case>> = {
  '公示期的起止、预计生效日、已征求意见的开始日': {
    text: `为了改进服务，现修订《青禾集市发货规则》。该规则已于2026年5月15日进行意见征集，现进行规则公示，公示期：2026年5月22日-2026年5月28日。规则预计于2026年5月29日生效。规则正文：${RULE}`,
    expected: {
      stage: 'publication',
      consultation: { from: '2026-05-15', to: null },
      published: '2026-05-22',
      publicityEnds: '2026-05-28',
      effective: '2026-05-29',
      ruleTitle: '青禾集市发货规则',
    },
  },
  生效日省略年份: {
    text: `现修订《发货规则》，公示期：2026年12月22日-2026年12月30日，预计于1月5日生效。规则正文：${RULE}`,
    expected: { publicityEnds: '2026-12-30', effective: '2027-01-05' },
  },
  截止日省略年份: {
    text: `现修订《发货规则》，公示期为2026年4月28日至5月5日，将于2026年5月6日正式施行。正文：${RULE}`,
    expected: { published: '2026-04-28', publicityEnds: '2026-05-05', effective: '2026-05-06' },
  },
  截止日省略年月: {
    text: `现对《发货规则》进行意见征集，意见征集期：2026年4月23日-29日。规则正文：${RULE}`,
    expected: { stage: 'consultation', consultation: { from: '2026-04-23', to: '2026-04-29' }, effective: null },
  },
  完成征求意见的日子只是截止日: {
    text: `现修订《发货规则》。该规则已于2026年7月8日完成意见征集，公示期：2026年7月9日-2026年7月15日，预计于2026年7月16日生效。规则正文：${RULE}`,
    expected: { stage: 'publication', consultation: { from: null, to: '2026-07-08' } },
  },
  已征求意见的区间: {
    text: `现修订《发货规则》。该规则已于2026年7月1日—2026年7月8日期间进行意见征集，公示期：2026年7月10日—2026年7月24日，预计于2026年7月25日生效。规则正文：${RULE}`,
    expected: { consultation: { from: '2026-07-01', to: '2026-07-08' }, publicityEnds: '2026-07-24' },
  },
  正文里旧版本的生效日不是这一版的: {
    text: `现修订《发货规则》。现就此规则进行意见征集，欢迎在意见征集期内（2026年6月1日—2026年6月7日）反馈。规则正文：${RULE}第三条 本规则于2024年1月10日首次生效，于2026年2月24日最新修订生效。`,
    expected: { stage: 'consultation', effective: null },
  },
  征求意见稿拟定的生效日: {
    text: `现修订《发货规则》。现就此规则进行意见征集，欢迎在意见征集期内（2026年6月1日—2026年6月7日）反馈。规则正文：${RULE}第三条 本规则于2024年1月10日首次生效，拟于2026年6月15日最新修订生效。`,
    expected: { stage: 'consultation', effective: '2026-06-15' },
  },
  年份写错的日期照原样给出: {
    text: `现修订《发货规则》，现进行规则公示，公示期：2026年6月5日-2025年6月11日。规则预计于2025年6月11日生效。规则正文：${RULE}`,
    expected: { published: '2026-06-05', publicityEnds: '2025-06-11', effective: '2025-06-11' },
  },
  不完整的日期是空: {
    text: `现修订《发货规则》，现进行规则公示，公示期：2026年7月16日-2026年7月22日。规则预计于2026年月23日生效。规则正文：${RULE}`,
    expected: { published: '2026-07-16', effective: null },
  },
  '于某日公示、将于某日生效的公告': {
    text: `亲爱的商家：《松针集市发货规则》将调整。该变更于2026年3月6日公示通知，将于2026年3月13日正式生效。具体调整如下：${RULE}`,
    expected: { stage: 'publication', published: '2026-03-06', effective: '2026-03-13', publicityEnds: null },
  },
  页头的三个日期: {
    text: `松针集市发货规则\n发布时间：2024-10-23\n公示时间：2026-05-21\n生效时间：2026-05-27\n\n${RULE}`,
    expected: { published: '2026-05-21', effective: '2026-05-27' },
  },
  生效日已到的是现行文本: {
    text: `---\neffective: 2026-05-20\n---\n# 发货规则\n\n${RULE}`,
    path: 'a.md',
    seen: '2026-05-26',
    expected: { stage: 'in-force', effective: '2026-05-20', published: null },
  },
  生效日未到的是公示文本: {
    text: `# 发货规则\n\n生效日期：2026年6月22日\n\n${RULE}`,
    path: 'a.md',
    seen: '2026-06-15',
    expected: { stage: 'publication' },
  },
  文件名说明阶段: { text: RULE, path: '2026-05-29-已失效.txt', expected: { stage: 'repealed', effective: null } },
  正文里谈征求意见不是征求意见稿: {
    text: `发货规则\n\n第一条 平台修订本规则，应当公开征求意见，公示期不少于七日。\n\n第二条 商家应当发货。`,
    expected: { stage: 'unknown', published: null, consultation: null, effective: null },
  },
}

describe('announcements', () => {
  for (const [name, { text, path, seen, expected }] of Object.entries(CASES))
    test(`${name}`, () => {
      expect(say(text, { ...(path !== undefined && { path }), ...(seen !== undefined && { seen }) })).toMatchObject(
        expected,
      )
    })

  test('the rule itself starts behind the notice', () => {
    const text = `现修订《发货规则》，现进行规则公示，公示期：2026年5月22日-2026年5月28日。核心变化：发货时限缩短。规则正文：${RULE}`
    const { body } = say(text)
    expect(text.slice(body.start, body.end)).toBe(RULE)
  })

  test('a list of changes at the head of the body belongs to the notice', () => {
    const text = `现修订《发货规则》，公示期：2026年5月22日-2026年5月28日。规则正文： 核心变更点： 1. 发货时限缩短； 具体变更明细（仅展示变更部分）： (标绿为新增）${RULE}`
    expect(text.slice(say(text).body.start)).toBe(RULE)
  })

  test('a notice without a marker ends where the first clause begins', () => {
    const text = `各位商家：\n\n现对《发货规则》公开征求意见，意见征集期：2026年4月1日至2026年4月10日。\n\n${RULE}`
    const { body, stage } = say(text)
    expect(stage).toBe('consultation')
    expect(text.slice(body.start).trim()).toBe(RULE)
  })

  test('a title above the notice is the rule’s, the notice below it is not', () => {
    const text = `# 发货规则\n\n公示期：2026年6月20日-2026年6月27日，预计于6月28日生效。\n\n${RULE}`
    const { body, notice, effective } = say(text, { path: 'a.md' })
    expect(effective).toBe('2026-06-28')
    const parsed = `发货规则\n公示期：2026年6月20日-2026年6月27日，预计于6月28日生效。\n${RULE}`
    expect(parsed.slice(body.start)).toContain('发货规则')
    expect(notice.map(span => parsed.slice(span.start, span.end).trim())).toEqual([
      '公示期：2026年6月20日-2026年6月27日，预计于6月28日生效。',
    ])
  })

  test('old wording stands apart, also where a table was flattened into text', () => {
    const old = '第二条 商家逾期发货的，每笔订单扣除违约金五十元，上限二百元。'
    const fresh = '第二条 商家逾期发货的，每笔订单扣除违约金八十元，上限三百元。'
    const text = `现调整《发货规则》，于2026年3月6日公示，将于2026年3月13日生效。\n变更前变更后\n${old}\n${fresh}\n`
    const { oldWording } = say(text)
    const gone = oldWording.map(span => text.slice(span.start, span.end)).join('')
    expect(gone).toContain('五十元')
    expect(gone).not.toContain('八十元')
  })
})
