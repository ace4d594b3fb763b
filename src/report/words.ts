/** The words of the user interface that several reports share, in Chinese and English. */

import { chineseNumber } from '../text/number.js'
import type { Citation, Confidence, Finding, Lang, Severity } from '../types.js'

/** Picks the wording of the chosen language: `say('错误', 'error')`. */
export type Say = (zh: string, en: string) => string

/** A picker for `lang`. */
export function sayIn(lang: Lang): Say {
  return lang === 'zh' ? zh => zh : (_zh, en) => en
}

const SEVERITY = { error: ['错误', 'error'], warning: ['警告', 'warning'], info: ['提示', 'info'] } as const
const CONFIDENCE = { high: ['高', 'high'], medium: ['中', 'medium'], low: ['低', 'low'] } as const

/** "错误", "warning". */
export function severityName(severity: Severity, say: Say): string {
  const [zh, en] = SEVERITY[severity]
  return say(zh, en)
}

/** "高", "medium". */
export function confidenceName(confidence: Confidence, say: Say): string {
  const [zh, en] = CONFIDENCE[confidence]
  return say(zh, en)
}

const CATEGORIES: Readonly<Record<string, readonly [string, string]>> = {
  disclosure: ['显著提示', 'Disclosure'],
  amendment: ['制定与修改', 'Amendment'],
  enforcement: ['执行与申诉', 'Enforcement and appeal'],
  data: ['信息、网络与数据安全', 'Information, network and data security'],
  merchants: ['平台内经营者', 'Merchants'],
  consumers: ['消费者', 'Consumers'],
  clarity: ['清晰明了', 'Clarity'],
  livestream: ['直播电商', 'Live-stream commerce'],
  quality: ['质量', 'Quality'],
}

/** The categories in the order in which they are listed; others follow by name. */
export const CATEGORY_ORDER = Object.keys(CATEGORIES)

/** "执行与申诉"; the folder name for a category of somebody's own. */
export function categoryName(category: string, say: Say): string {
  const names = CATEGORIES[category]
  return names ? say(...names) : category
}

const KINDS: Readonly<Record<string, readonly [string, string]>> = {
  'service-agreement': ['服务协议', 'service agreement'],
  'merchant-agreement': ['商家协议', 'merchant agreement'],
  membership: ['会员规则', 'membership rules'],
  'privacy-policy': ['隐私政策', 'privacy policy'],
  'fee-schedule': ['收费规则', 'fee schedule'],
  'deposit-rules': ['保证金规则', 'deposit rules'],
  'penalty-rules': ['违规处理规则', 'penalty rules'],
  'refund-rules': ['退换货规则', 'refund rules'],
  'dispute-rules': ['争议处理规则', 'dispute rules'],
  'livestream-rules': ['直播规则', 'live-stream rules'],
  other: ['其他文档', 'other'],
}

/** The kinds of document that a configuration may name. */
export const DOCUMENT_KINDS = Object.keys(KINDS)

/** "商家协议"; the kind itself where it has no name. */
export function kindName(kind: string, say: Say): string {
  const names = KINDS[kind]
  return names ? say(...names) : kind
}

/** "第十二条第一款第（五）项" or "art. 12(1)(5)", without the law. */
export function articleName(citation: Citation, say: Say): string {
  const { article, paragraph, item } = citation
  // A statute cited as a whole has no article: 全文.
  if (article === '全文') return say(article, 'as a whole')
  const numeral = typeof article === 'number' ? chineseNumber(article) : article
  return say(
    `第${numeral}条${paragraph === null ? '' : `第${chineseNumber(paragraph)}款`}${item === null ? '' : `第（${chineseNumber(item)}）项`}`,
    `art. ${article}${paragraph === null ? '' : `(${paragraph})`}${item === null ? '' : `(${item})`}`,
  )
}

/** All citations in one line, articles of one law together: 《办法》第十条、第十二条第一款；《电商法》第三十四条. */
export function citationLine(citations: readonly Citation[], say: Say): string {
  const laws = new Map<string, string[]>()
  for (const citation of citations) {
    const articles = laws.get(citation.law) ?? []
    articles.push(articleName(citation, say))
    laws.set(citation.law, articles)
  }
  const parts = [...laws].map(([law, articles]) =>
    say(`《${law}》${articles.join('、')}`, `《${law}》 ${articles.join(', ')}`),
  )
  return parts.join(say('；', '; '))
}

/** What there is to say about a finding beside its words, each with its label. */
export function findingFields(f: Finding, say: Say): readonly (readonly [label: string, text: string])[] {
  const fields = [
    [say('问题', 'Issue'), f.message],
    [say('依据', 'Law'), citationLine(f.citations, say)],
    [say('后果', 'Effect'), f.consequence],
    [say('建议', 'Fix'), f.suggestion],
  ] as const
  return fields.filter(([, text]) => text !== '')
}

/** The clause of a finding as a reader calls it. */
export const clauseTitle = (f: Finding, say: Say): string =>
  f.clause === '' ? say('未编号的内容', 'Unnumbered text') : f.clause
