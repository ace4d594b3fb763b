/** What the tests of output formats share: a real run over agreements of our own, and findings made to be awkward. */

import { check, checking } from '../src/check/index.js'
import { readDocument } from '../src/read/index.js'
import type { ReportContext } from '../src/report/formats.js'
import { loadRules } from '../src/rules/index.js'
import type { CheckResult, Document, Finding } from '../src/types.js'

export const rules = loadRules()

const AGREEMENT = `# 甲平台商家服务协议

## 第一条 规则的修改

（一）甲平台有权随时单方修改本协议，**无需**另行通知。商家继续经营的，视为同意修改后的协议。

（二）甲平台对一切**损失**概不负责。

## 第二条 争议

因本协议发生的争议，一律由甲平台所在地人民法院管辖。
`
const CLEAN = '# 乙平台公告\n\n本公告自公布之日起第八日施行，请阅读。\n'

export const document = (text: string, path: string): Document => readDocument(new TextEncoder().encode(text), path)

/** Two documents, one without findings, in a folder with a Chinese name. */
export const scene = [document(AGREEMENT, '规则 1/甲平台.md'), document(CLEAN, '规则 1/公告.txt')]

/** The first document with lines above that change nothing of its clauses. */
export const pushedDown = [
  document(AGREEMENT.replace('\n\n## 第一条', '\n\n欢迎。\n\n请阅读。\n\n## 第一条'), '规则 1/甲平台.md'),
]

export const checked = (documents: readonly Document[] = scene): CheckResult => check(documents, { rules })

export function context(over: Partial<ReportContext> = {}): ReportContext {
  return {
    rules,
    ran: checking({ rules }).rules,
    lang: 'zh',
    tool: { version: '1.2.3' },
    width: 80,
    color: false,
    quiet: false,
    inRepository: path => path,
    sourceAt: ({ path, start, end }) => scene.find(d => d.path === path)?.source.slice(start.offset, end.offset),
    includeSuppressed: false,
    ...over,
  }
}

/** A finding with all that could break a format: markup, separators, control characters, half an emoji. */
export const awkward = (over: Partial<Finding> = {}): Finding => ({
  ruleId: 'somebodys-rule',
  severity: 'warning',
  confidence: 'low',
  path: 'a,b:c%.md',
  clause: '第五条（二）',
  start: { line: 3, column: 2, offset: 20 },
  end: { line: 4, column: 5, offset: 60 },
  sentence: '甲平台 <b>@all</b> | *可以* [收费](x)\n::error::\u0007 & “]]>” #12 \ud83d {0}',
  evidence: '@all</b> | *可以*',
  message: '“@all</b> | *可以*” 100%，\r\n::warning::另一行 \u0000\u001b[31m {0}',
  suggestion: '##[error]改写，第一：删去；\n第二：重写。',
  citations: [{ law: '办法', article: 12, paragraph: 1, item: null, url: 'https://example.cn/a (1).html' }],
  consequence: '',
  fingerprint: 'f00d',
  ...over,
})

/** A result of these findings alone. */
export const resultOf = (findings: readonly Finding[], over: Partial<CheckResult> = {}): CheckResult => ({
  documents: [...new Set(findings.map(f => f.path))].map(path => ({
    path,
    format: 'markdown',
    sha256: 'a'.repeat(64),
    title: '甲平台 | 规则',
    kind: 'other',
    clauses: 1,
  })),
  findings,
  notices: [],
  summary: {
    error: findings.filter(f => f.severity === 'error').length,
    warning: findings.filter(f => f.severity === 'warning').length,
    info: findings.filter(f => f.severity === 'info').length,
    documents: 1,
  },
  ...over,
})
