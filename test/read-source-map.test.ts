import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineIndex, readDocument, toSource } from '../src/read/index.js'
import type { Document, Span } from '../src/types.js'

const folder = new URL('../fixtures/read/', import.meta.url)
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', nbsp: '', quot: '"' }
/** What is left of a stretch of source once markup, escapes and white space are gone. */
function bare(source: string, format: string): string {
  let text = source
  if (format !== 'text') text = text.replace(/<!--[\s\S]*?-->|<(del|s)>[\s\S]*?<\/\1>|<\/?[a-z][^>]*>/gi, '')
  if (format === 'markdown') {
    text = text.replace(/\n[ \t>]*/g, '\n').replace(/(?<!\\)\*\*|(?<!\\)[|`]|\\(?=[!-/:-@[-`{-~])/g, '')
  }
  if (format !== 'text') text = text.replace(/&(amp|lt|gt|nbsp|quot);/g, (_, name: string) => ENTITIES[name] ?? '')
  return text.replace(/[\s\u200b]+/g, '')
}

function checkInvariants(document: Document): void {
  let text = 0
  let source = 0
  for (const segment of document.segments) {
    expect(segment.text.start).toBeGreaterThanOrEqual(text)
    expect(segment.text.end).toBeGreaterThan(segment.text.start)
    expect(segment.source.start).toBeGreaterThanOrEqual(source)
    expect(segment.source.end).toBeGreaterThanOrEqual(segment.source.start)
    expect(segment.source.end).toBeLessThanOrEqual(document.source.length)
    if (segment.verbatim) {
      expect(document.text.slice(segment.text.start, segment.text.end)).toBe(
        document.source.slice(segment.source.start, segment.source.end),
      )
    }
    // Nothing but separators may lie outside the segments.
    expect(document.text.slice(text, segment.text.start).trim()).toBe('')
    text = segment.text.end
    source = segment.source.start
  }
  expect(document.text.slice(text).trim()).toBe('')
  let end = 0
  for (const { span, cells } of document.blocks) {
    expect(span.start).toBeGreaterThanOrEqual(end)
    expect(span.end).toBeGreaterThan(span.start)
    const content = document.text.slice(span.start, span.end)
    expect(content).toBe(content.trim())
    end = span.end
    let inside = span.start
    for (const cell of cells ?? []) {
      expect(cell.span.start).toBeGreaterThanOrEqual(inside)
      expect(cell.span.end).toBeGreaterThanOrEqual(cell.span.start)
      inside = cell.span.end
    }
    expect(inside).toBeLessThanOrEqual(span.end)
  }
  expect(end).toBeLessThanOrEqual(document.text.length)
  for (const { span } of document.marks) {
    expect(document.blocks.some(block => block.span.start <= span.start && span.end <= block.span.end)).toBe(true)
  }
}

function checkWayBack(document: Document, span: Span): void {
  const { start, end } = toSource(document, span)
  const expected = document.text.slice(span.start, span.end).replace(/\s+/g, '')
  expect(bare(document.source.slice(start, end), document.format)).toBe(bare(expected, 'text'))
}

describe('fixtures', () => {
  it.each(readdirSync(folder))('%s: every block leads back to its source', name => {
    const document = readDocument(readFileSync(new URL(name, folder)), name)
    checkInvariants(document)
    if (name === 'escaped.html') return
    for (const { span } of document.blocks) checkWayBack(document, span)
  })

  it('escaped.html: leads back through both layers', () => {
    const document = readDocument(readFileSync(new URL('escaped.html', folder)), 'escaped.html')
    const at = document.text.indexOf('保证金')
    const { start, end } = toSource(document, { start: at, end: at + 3 })
    expect(document.source.slice(start, end)).toBe('保证金')
    const name = document.text.indexOf('由丁香市集发')
    const across = toSource(document, { start: name, end: name + 6 })
    expect(document.source.slice(across.start, across.end)).toBe('由&lt;strong&gt;丁香市集&lt;/strong&gt;发')
  })
})

describe('any document', () => {
  const word = fc.constantFrom(
    '平台',
    '商家',
    '不得',
    '“规则”',
    '（一）',
    '5%',
    '3~5日',
    'A-1',
    '，',
    '。',
    '：',
    ' ',
    '  ',
    '\u3000',
  )
  const html = fc.array(
    fc.oneof(
      word,
      fc.constantFrom(
        '&amp;',
        '&nbsp;',
        '&lt;',
        '<b>',
        '</b>',
        '<br>',
        '<p>',
        '</p>',
        '<span style="color:red">',
        '</span>',
        '<!-- 注 -->',
        '\n',
        '\r\n',
        '<li>',
        '<ol>',
        '</ol>',
        '<h2>',
        '</h2>',
        '\u200b',
        '<div>',
        '</div>',
      ),
    ),
    { maxLength: 40 },
  )
  const markdown = fc.array(
    fc.oneof(
      word,
      fc.constantFrom(
        '**',
        '\n',
        '\n\n',
        '> ',
        '1. ',
        '- ',
        '\\*',
        '&amp;',
        '&nbsp;',
        '<br>',
        '<u>',
        '</u>',
        '`码`',
        '  \n',
        '# ',
        '\u200b',
      ),
    ),
    { maxLength: 40 },
  )
  const text = fc.array(
    fc.oneof(word, fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\t', '|', '(', ')', '2026', '年', '\u200b')),
    { maxLength: 60 },
  )

  it.each([
    ['x.html', html],
    ['x.md', markdown],
    ['x.txt', text],
  ] as const)('%s: keeps the invariants', (path, pieces) => {
    fc.assert(
      fc.property(pieces, parts => checkInvariants(readDocument(encode(parts.join('')), path))),
      { numRuns: 150 },
    )
  })

  it.each([
    ['x.html', html],
    ['x.txt', text],
  ] as const)('%s: any stretch of a block leads back to its source', (path, pieces) => {
    fc.assert(
      fc.property(pieces, fc.nat(), fc.nat(), fc.nat(), (parts, pick, from, length) => {
        const document = readDocument(encode(parts.join('')), path)
        const block = document.blocks[pick % Math.max(document.blocks.length, 1)]
        if (!block) return
        const start = block.span.start + (from % (block.span.end - block.span.start))
        checkWayBack(document, { start, end: start + 1 + (length % (block.span.end - start)) })
      }),
      { numRuns: 150 },
    )
  })

  it('x.md: any stretch of a paragraph with bold, escapes and entities leads back to its source', () => {
    const inline = fc.array(
      fc.oneof(word, fc.constantFrom('**甲**', '**“乙”**', '\\*', '\\.', '&amp;', '&lt;', '`码`、', '\n', '<u>丙</u>')),
      { minLength: 1, maxLength: 20 },
    )
    fc.assert(
      fc.property(inline, fc.nat(), fc.nat(), (parts, from, length) => {
        const document = readDocument(encode(`起${parts.join('')}终`), 'x.md')
        const start = from % document.text.length
        checkWayBack(document, { start, end: start + 1 + (length % (document.text.length - start)) })
      }),
      { numRuns: 150 },
    )
  })
})

describe('toSource', () => {
  it('leaves markup around the stretch outside and markup in it inside', () => {
    const document = readDocument(encode('**费用：**平台收取。'), 'x.md')
    const slice = (start: number, end: number): string => {
      const span = toSource(document, { start, end })
      return document.source.slice(span.start, span.end)
    }
    expect(slice(0, 3)).toBe('费用：')
    expect(slice(0, 5)).toBe('费用：**平台')
    expect(slice(3, 5)).toBe('平台')
    expect(toSource(document, { start: 3, end: 3 })).toEqual({ start: 7, end: 7 })
    expect(toSource(document, { start: 99, end: 100 })).toEqual({ start: 12, end: 12 })
    expect(toSource({ segments: [] }, { start: 0, end: 0 })).toEqual({ start: 0, end: 0 })
  })
})

describe('lineIndex', () => {
  it('counts every kind of line end once', () => {
    const at = lineIndex('ab\ncd\r\ne\rf')
    expect([0, 2, 3, 5, 7, 8, 9, 10].map(at).map(({ line, column }) => [line, column])).toEqual([
      [1, 1],
      [1, 3],
      [2, 1],
      [2, 3],
      [3, 1],
      [3, 2],
      [4, 1],
      [4, 2],
    ])
    expect(at(-5)).toEqual({ line: 1, column: 1, offset: 0 })
    expect(at(99)).toEqual({ line: 4, column: 2, offset: 10 })
  })
})
