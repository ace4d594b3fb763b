/** Reports of a comparison: the JSON contract, the terminal with and without colour, the Markdown memo. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { describe, expect, test } from 'vitest'
import { editsOf, redline } from '../src/report/changes.js'
import { diffJson, diffMarkdown, diffPretty } from '../src/report/diff.js'
import { diffHtml } from '../src/report/html/diff.js'
import { escapeMarkdown, redlineMarkdown } from '../src/report/redline-markdown.js'
import { displayWidth } from '../src/text/width.js'
import type { Edit } from '../src/versions/types.js'
import { altered, clause, finding, sampleDiff } from './version-samples.js'

const schema = JSON.parse(readFileSync(fileURLToPath(new URL('../schema/diff.schema.json', import.meta.url)), 'utf8'))
const valid = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema)

const plain = { lang: 'zh', width: 80, color: false } as const
/** Escape sequences taken away. */
// oxlint-disable-next-line no-control-regex
const uncoloured = (text: string) => text.replace(/\u001b\[[\d;]*m/g, '')

describe('JSON', () => {
  test('satisfies its schema and keeps the order of the contract', () => {
    const report = JSON.parse(diffJson(sampleDiff(), '0.2.0'))
    expect(valid(report) || valid.errors).toBe(true)
    expect(Object.keys(report).slice(0, 6)).toEqual(['version', 'old', 'new', 'changes', 'findings', 'summary'])
    expect(Object.keys(report.changes[0])).toEqual([
      'kind',
      'old',
      'new',
      'matchedBy',
      'similarity',
      'editorial',
      'edits',
      'meanings',
    ])
    expect(report.tool).toEqual({ name: 'clauselint', version: '0.2.0' })
  })

  test('the schema refuses a field that is not in it and a kind that does not exist', () => {
    const report = JSON.parse(diffJson(sampleDiff(), '0.2.0'))
    expect(valid({ ...report, extra: 1 })).toBe(false)
    expect(valid({ ...report, changes: [{ ...report.changes[0], kind: 'renamed' }] })).toBe(false)
  })

  test('carries what the value says: meanings, needs, findings in order of place', () => {
    const early = finding({ ruleId: 'b-rule', start: { line: 1, column: 1, offset: 3 } })
    const late = finding({ ruleId: 'a-rule', start: { line: 9, column: 1, offset: 300 } })
    const base = sampleDiff()
    const diff = { ...base, findings: { ...base.findings, introduced: [late, early] } }
    const report = JSON.parse(diffJson(diff, '0.2.0'))
    expect(report.findings.introduced.map((f: { ruleId: string }) => f.ruleId)).toEqual(['b-rule', 'a-rule'])
    expect(report.changes[0].meanings[0]).toMatchObject({
      kind: 'amount',
      from: '500元',
      to: '2000元',
      important: true,
    })
    expect(report.needs.fifteenDays).toBe(true)
    expect(diffJson(diff, '0.2.0')).toBe(diffJson(diff, '0.2.0'))
  })
})

describe('redline', () => {
  const pieceText = fc.string({
    unit: fc.constantFrom('商', '家', '，', '。', '5', '元', ' ', '𠮷', '“'),
    maxLength: 90,
  })
  const anyEdits = fc.array(
    fc.record({ kind: fc.constantFrom('equal' as const, 'delete' as const, 'insert' as const), text: pieceText }),
    { maxLength: 8 },
  )
  const side = (edits: readonly { kind: string; text: string }[], gone: string) =>
    edits
      .filter(edit => edit.kind !== gone)
      .map(edit => edit.text)
      .join('')

  test('joining and cutting loses no character of either side', () => {
    fc.assert(
      fc.property(anyEdits, fc.integer({ min: 4, max: 30 }), (edits, context) => {
        fc.pre(edits.length > 0)
        const pieces = redline(editsOf({ ...altered, edits }), context)
        expect(side(pieces, 'insert')).toBe(side(edits, 'insert'))
        expect(side(pieces, 'delete')).toBe(side(edits, 'delete'))
        // Lone surrogates do not survive encoding.
        expect(pieces.every(({ text }) => Buffer.from(text).toString() === text)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('a long unchanged stretch is cut between two edits and keeps its ends', () => {
    const long = '甲'.repeat(200)
    const edits: Edit[] = [
      { kind: 'delete', text: '七日' },
      { kind: 'equal', text: long },
      { kind: 'insert', text: '三日' },
    ]
    expect(redline(edits, 20).map(p => [p.kind, p.text.length])).toEqual([
      ['delete', 2],
      ['equal', 20],
      ['gap', 160],
      ['equal', 20],
      ['insert', 2],
    ])
  })

  test('a change without edits shows the text of the side where it stands', () => {
    const change = { ...altered, edits: [], old: [], new: [clause('第九条', '平台应当通知商家。', 0)] }
    expect(editsOf(change)).toEqual([{ kind: 'insert', text: '平台应当通知商家。' }])
  })
})

describe('terminal', () => {
  test('says counts, needs, meaning, redline with signs, findings; minor changes in one line', () => {
    const text = diffPretty(sampleDiff(), plain)
    expect(text).toContain('实质性改动 3 处（修改 1 · 新增 1 · 删除 1）；另有编辑性改动 2 处：重新编号 2')
    expect(text).toContain('新增 1、消除 1、沿用 1')
    expect(text).toContain('十五日公示')
    expect(text).toContain('▼ 违约金上限由500元提高到2000元')
    expect(text.replaceAll('\n  │ ', '')).toContain('扣除不超过[-500-]{+2000+}元')
    expect(text).not.toContain('第11条')
    expect(text).toContain('已消除的问题（1）')
    expect(text).not.toContain('妥善保管账号')
  })

  test('meaning stands before the redline of its change', () => {
    const text = diffPretty(sampleDiff(), plain)
    expect(text.indexOf('违约金上限由500元')).toBeLessThan(text.indexOf('[-500-]'))
  })

  test.each([40, 60, 80, 120])('no line is wider than %i columns, coloured or not', width => {
    for (const lang of ['zh', 'en'] as const)
      for (const color of [true, false]) {
        const lines = uncoloured(diffPretty(sampleDiff(), { lang, width, color })).split('\n')
        // Paths and rule names are never torn.
        const wide = lines.filter(line => displayWidth(line) > width && !/rules\/|^Legend|^图例/.test(line))
        expect(wide).toEqual([])
      }
  })

  test('colour adds nothing but colour', () => {
    const text = diffPretty(sampleDiff(), { ...plain, color: true })
    expect(text).toContain('\u001b[')
    // Findings quote their sentence, and mark the words in it, as `check` does: in brackets where there is no colour.
    const changes = (report: string) => report.slice(0, report.indexOf('新增的问题'))
    expect(changes(uncoloured(text))).toBe(changes(diffPretty(sampleDiff(), plain)))
  })

  test('a sign is never parted from the words it encloses', () => {
    for (let width = 30; width < 90; width++) {
      const lines = diffPretty(sampleDiff(), { ...plain, width }).split('\n')
      for (const line of lines.filter(l => l.includes('│'))) {
        expect(line).not.toMatch(/(?:\[-|\{\+)$/)
        expect(line).not.toMatch(/│ (?:-\]|\+\})/)
      }
    }
  })

  test('no word that came or went is left out, however long the clause', () => {
    const same = '商家应当按照平台要求提交经营数据，'
    const [gone, come] = ['平台在三日内答复。'.repeat(30), '平台逾期不答复的，视为同意。'.repeat(30)]
    const change = {
      ...altered,
      edits: [
        { kind: 'equal', text: same.repeat(40) },
        { kind: 'delete', text: gone },
        { kind: 'insert', text: come },
        { kind: 'equal', text: same.repeat(40) },
        { kind: 'insert', text: '但书。' },
      ] as const,
    }
    const text = diffPretty(sampleDiff({ changes: [change] }), plain).replaceAll('\n  │ ', '')
    expect(text).toContain(`[-${gone}-]{+${come}+}`)
    expect(text).toContain('{+但书。+}')
    expect(text).not.toContain(same.repeat(4))
    expect(text).toContain('……')
  })

  test('a line break that came or went is not shown as words', () => {
    const edits: Edit[] = [
      { kind: 'equal', text: '权利义务的协议。' },
      { kind: 'delete', text: '\n' },
      { kind: 'equal', text: '甲方' },
      { kind: 'insert', text: '\n' },
      { kind: 'equal', text: '与' },
      { kind: 'insert', text: '全部' },
    ]
    const changes = [{ ...altered, edits }]
    const text = diffPretty(sampleDiff({ changes }), plain)
    expect(text).toContain('权利义务的协议。 甲方 与{+全部+}')
    expect(diffMarkdown(sampleDiff({ changes }), { lang: 'zh' })).toContain('协议。 甲方 与**全部**')
  })

  test.each([
    ['heading', '第九条 标题  新增', '第九条, heading  added'],
    ['after', '第九条 之后  新增', 'after 第九条  added'],
    ['paragraph', '第九条 中的一段  新增', 'a paragraph of 第九条  added'],
  ] as const)('part of a clause: %s', (part, zh, en) => {
    const text = clause('第九条', '平台应当通知商家。', 900)
    const added = { ...altered, kind: 'added' as const, old: [], new: [{ ...text, part }], edits: [], meanings: [] }
    const diff = sampleDiff({ changes: [added] })
    expect(diffPretty(diff, plain)).toContain(zh)
    expect(diffPretty(diff, { ...plain, lang: 'en' })).toContain(en)
    expect(JSON.parse(diffJson(diff, '0.2.0')).changes[0].new[0].part).toBe(part)
    expect(valid(JSON.parse(diffJson(diff, '0.2.0'))) || valid.errors).toBe(true)
  })

  test('a note stands in every format', () => {
    const note = '第9.4条仍引用第8.1条，但原第8.1条现为第9.1条'
    const diff = sampleDiff({ changes: [{ ...altered, kind: 'renumbered', notes: [note], edits: [], meanings: [] }] })
    expect(diffPretty(diff, plain)).toContain(`! ${note}`)
    expect(diffMarkdown(diff, { lang: 'zh' })).toContain(note)
    expect(diffHtml(diff, { lang: 'zh' })).toContain(note)
    const report = JSON.parse(diffJson(diff, '0.2.0'))
    expect(report.changes[0].notes).toEqual([note])
    expect(valid(report) || valid.errors).toBe(true)
  })

  test('quiet says only what changed and what is wrong, and nothing where nothing did', () => {
    const text = diffPretty(sampleDiff(), { ...plain, quiet: true })
    expect(text).toContain('▌ 第五条（二） → 第六条（二）')
    expect(text).not.toContain('实质性改动')
    expect(text).not.toContain('沿用')
    const nothing = { introduced: [], fixed: [], carried: [finding()] }
    expect(diffPretty(sampleDiff({ changes: [], findings: nothing }), { ...plain, quiet: true })).toBe('')
  })

  test('no difference is said', () => {
    const none = { introduced: [], fixed: [], carried: [] }
    const text = diffPretty(sampleDiff({ changes: [], findings: none, substantive: 0 }), plain)
    expect(text).toContain('条款没有差别')
    expect(diffPretty(sampleDiff({ changes: [], findings: none }), { ...plain, lang: 'en' })).toContain(
      'No clause differs',
    )
  })

  test('a document cannot steer the terminal', () => {
    const evil = '\u001b]0;owned\u0007\u001b[2J平台可以\u009b31m扣款'
    const change = { ...altered, old: [], new: [clause(evil, evil, 0)], edits: [] }
    const introduced = [
      finding({ clause: evil, path: evil, sentence: evil, evidence: '扣款', message: evil, suggestion: evil }),
    ]
    const text = diffPretty(
      sampleDiff({
        changes: [change],
        findings: { introduced, fixed: introduced, carried: [] },
        new: { path: evil, sha256: '' },
      }),
      plain,
    )
    expect(text).not.toMatch(/[^\P{Cc}\n]/u)
    expect(text).toContain('扣款')
  })

  test('a notice is shown', () => {
    const notices = [{ code: 'assumed-encoding', path: 'rules/a.md', message: '按 GB18030 读取。' }]
    expect(diffPretty(sampleDiff({ notices }), plain)).toContain('rules/a.md：按 GB18030 读取。')
  })
})

interface Node {
  readonly type: string
  readonly value?: string
  readonly children?: readonly Node[]
}
const markdown = unified().use(remarkParse).use(remarkGfm)
const textOf = (node: Node): string => node.value ?? (node.children ?? []).map(textOf).join('')
const all = (node: Node, type: string): Node[] => [
  ...(node.type === type ? [node] : []),
  ...(node.children ?? []).flatMap(child => all(child, type)),
]
/** As a reader sees it: hair spaces and runs of white space do not count. */
const seen = (text: string) => text.replace(/\s+/gu, '')

describe('Markdown', () => {
  test('has headline, table, redline, findings and the compared files', () => {
    const text = diffMarkdown(sampleDiff(), { lang: 'zh' })
    const tree = markdown.parse(text) as Node
    expect(all(tree, 'heading').map(textOf)).toEqual(
      expect.arrayContaining(['修改一览', '修改对照', '合规问题', '所比较的版本']),
    )
    expect(all(tree, 'tableRow')).toHaveLength(4)
    expect(all(tree, 'delete').map(textOf)).toContain('500')
    expect(all(tree, 'strong').map(textOf)).toContain('2000')
    expect(text).toContain('~~500~~**2000**元')
    expect(text).toContain('实质性改动 3 处（修改 1 · 新增 1 · 删除 1）；另有编辑性改动 2 处：重新编号 2；')
  })

  test('any edit reads back as exactly what was deleted and inserted', () => {
    const words = fc.string({
      unit: fc.constantFrom(
        '商',
        '家',
        '，',
        '“',
        '”',
        '*',
        '_',
        '~',
        '`',
        '<',
        '|',
        '#',
        '1',
        '.',
        '-',
        ' ',
        '\\',
        '&',
        '[',
        ']',
        '(',
        '>',
        '$',
      ),
      minLength: 1,
      maxLength: 8,
    })
    const kinds = fc.constantFrom('equal' as const, 'delete' as const, 'insert' as const)
    fc.assert(
      fc.property(fc.array(fc.record({ kind: kinds, text: words }), { minLength: 1, maxLength: 6 }), edits => {
        const pieces = editsOf({ ...altered, edits })
        const tree = markdown.parse(`> ${redlineMarkdown(pieces)}\n`) as Node
        const expected = (kind: string) => pieces.filter(p => p.kind === kind).map(p => seen(p.text))
        const found = (type: string) => all(tree, type).map(node => seen(textOf(node)))
        expect(found('delete')).toEqual(expected('delete').filter(Boolean))
        expect(found('strong')).toEqual(expected('insert').filter(Boolean))
        expect(seen(textOf(tree))).toBe(seen(pieces.map(p => p.text).join('')))
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    '<script>alert(1)</script>',
    '*号* 与 _下划线_',
    '1. 第一项',
    '- 项目',
    '# 标题',
    '标题 ##',
    '> 引文',
    '=====',
    '客服@example.com 与 Q&A',
    '| 甲 | 乙 |',
    '[链接](https://example.com)',
    'https://example.com/**甲**',
    '甲 & 乙 &amp; &#35;',
    '```js',
  ])('hostile or unlucky text stays text: %s', text => {
    const tree = markdown.parse(escapeMarkdown(text)) as Node
    expect(textOf(tree)).toBe(text)
    expect(all(tree, 'paragraph')).toHaveLength(1)
    // A bare address may become a link; nothing else may, and it may not swallow what stands behind it.
    expect(all(tree, 'link').filter(link => !/^https:\S+$/.test(textOf(link)))).toEqual([])
    for (const type of ['html', 'blockquote', 'emphasis', 'strong', 'list', 'heading', 'table', 'code', 'inlineCode'])
      expect(all(tree, type)).toEqual([])
  })

  test('speaks English', () => {
    const text = diffMarkdown(sampleDiff(), { lang: 'en' })
    expect(text).toContain('# Changes to the rules')
    expect(text).toContain(
      '3 substantive changes (1 altered · 1 added · 1 removed). Also 2 editorial changes: 2 renumbered',
    )
  })
})
