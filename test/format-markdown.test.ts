/** The Markdown report, parsed back: what a renderer shows is what was found, and nothing of a document becomes markup. */

import rehypeParse from 'rehype-parse'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { describe, expect, test } from 'vitest'
import { markdownReport } from '../src/report/markdown.js'
import type { CheckResult } from '../src/types.js'
import { awkward, checked, context, resultOf } from './format-scene.js'

interface Node {
  type: string
  value?: string
  url?: string
  depth?: number
  children?: Node[]
}
const tree = (markdown: string): Node => unified().use(remarkParse).use(remarkGfm).parse(markdown) as Node
const all = (node: Node, type: string): Node[] => [
  ...(node.type === type ? [node] : []),
  ...(node.children ?? []).flatMap(child => all(child, type)),
]
/** What a reader sees of a node: HTML in it is no text. */
const seen = (node: Node): string =>
  node.type === 'html' ? '' : (node.value ?? '') + (node.children ?? []).map(seen).join('')
const reportOf = (result: CheckResult, lang: 'zh' | 'en' = 'zh') => markdownReport(result, context({ lang }))

test('a table of documents, then the findings of each', () => {
  const result = checked()
  const root = tree(reportOf(result))
  const rows = all(root, 'tableRow').map(row => (row.children ?? []).map(seen))
  const errors = String(result.findings.filter(f => f.severity === 'error').length)
  expect(rows.map(row => row.slice(0, 3))).toEqual([
    ['文件', '文档', '错误'],
    ['规则 1/公告.txt', expect.anything(), '0'],
    ['规则 1/甲平台.md', '甲平台商家服务协议', errors],
  ])
  const headings = all(root, 'heading').filter(h => h.depth === 3)
  expect(headings).toHaveLength(result.findings.length)
  const quotes = all(root, 'blockquote').map(seen)
  result.findings.forEach((f, i) => expect(quotes[i]).toBe(f.sentence))
  expect(all(root, 'link').every(({ url }) => URL.canParse(url ?? ''))).toBe(true)
})

test('the evidence is what is bold', () => {
  const bold = [...reportOf(checked()).matchAll(/^> .*?<b>(.*?)<\/b>/gm)].map(([, text]) => text)
  expect(bold).toEqual(checked().findings.map(f => f.evidence))
})

describe('words of a document', () => {
  const report = reportOf(resultOf([awkward()]))
  const root = tree(report)
  test('become no markup', () => {
    const quote = all(root, 'blockquote')
    expect(quote).toHaveLength(1)
    expect(seen(quote[0]!)).toContain('甲平台 <b>@all</b> | *可以* [收费](x) ::error::')
    expect(all(root, 'emphasis')).toEqual([])
    expect(all(quote[0]!, 'link')).toEqual([])
    const tags = all(root, 'html').map(node => node.value)
    expect(new Set(tags)).toEqual(new Set(['<b>', '</b>', '<!-- -->']))
    expect(all(root, 'tableRow').map(row => row.children?.length)).toEqual([5, 5])
  })
  test('mention nobody and link no issue', () => {
    expect(report).not.toMatch(/(?<![\p{L}\p{N}])@[\p{L}\p{N}]/u)
    expect(report).not.toMatch(/#\d/)
    expect(seen(root)).toContain('@all')
  })
  test('leave HTML parsers nothing to run', () => {
    const evil = awkward({ message: '<script>alert(1)</script><img src=x onerror=alert(1)>' })
    const html = unified().use(rehypeParse, { fragment: true })
    const texts = all(tree(reportOf(resultOf([evil]))), 'html').map(node => node.value ?? '')
    expect(JSON.stringify(html.parse(texts.join('')))).not.toContain('script')
  })
  test('an address with brackets stays one link', () =>
    expect(all(root, 'link').map(({ url }) => url)).toEqual(['https://example.cn/a%20%281%29.html']))
})

test('a path with a bar is itself, in the table and out of it', () => {
  const root = tree(reportOf(resultOf([awkward({ path: 'a|b`.md' })])))
  const paths = all(root, 'inlineCode').map(({ value }) => value)
  expect(paths).toEqual(['a|b`.md', 'a|b`.md', 'somebodys-rule', 'a|b`.md:3:2'])
})

test('what was not checked is said, and a clean run says so', () => {
  const notices = [{ code: 'emphasis-unknown', path: '公告.txt', message: '没有检查加粗。' }]
  const report = reportOf(resultOf([], { notices }))
  expect(report).toContain('未发现问题。')
  expect(report).toContain('`公告.txt` 没有检查加粗。')
})

test('English', () => expect(reportOf(checked(), 'en')).toMatch(/^# clauselint report\n[^]*\n- Fix: /))
