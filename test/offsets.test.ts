/** Every finding's place in the source is the place of its evidence. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { check } from '../src/check/index.js'
import { readDocument } from '../src/read/index.js'
import { loadRules } from '../src/rules/index.js'

const rules = loadRules()
const folders = ['fixtures/demo', 'fixtures/agreements', 'fixtures/read']
const files = folders
  .flatMap(folder => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)))
  .filter(name => /\.(md|html|txt)$/.test(name))

/** Source text without markup: tags, entities, Markdown marks, white space. */
const bare = (source: string): string =>
  source
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;|&#160;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/&quot;/g, '"')
    .replace(/[*_`|\\\s\u200b]/g, '')

describe('source.slice(start, end), markup removed, is the evidence', () => {
  test.each(files)('%s', file => {
    const document = readDocument(readFileSync(file), file)
    const lines = document.source.split('\n')
    for (const f of check([document], { rules }).findings) {
      expect(bare(document.source.slice(f.start.offset, f.end.offset))).toBe(bare(f.evidence))
      expect(f.evidence).not.toBe('')
      // A wrong number stands in front of its sentence.
      if (!/number/.test(f.ruleId)) expect(f.sentence.replace(/\s/g, '')).toContain(f.evidence.replace(/\s/g, ''))
      // Lines end at "\n" in the fixtures, so line and column can be checked by hand.
      if (!document.source.includes('\r')) {
        const before = lines.slice(0, f.start.line - 1).join('\n').length + (f.start.line > 1 ? 1 : 0)
        expect(before + f.start.column - 1).toBe(f.start.offset)
      }
    }
  })
  test('there is something to check', () => expect(files.length).toBeGreaterThan(20))
})

test.each([
  ['因企业未告知成员造成的损失，我们不就此承担任何责任。', '不就此承担'],
  ['平台的系统故障造成数据丢失的，平台概不负责。', '概不负责'],
])('evidence holds the word that denies: %s', (text, denial) => {
  const document = readDocument(Buffer.from(`# 用户协议\n\n${text}`), 'a.md')
  const found = check([document], { rules, only: ['blanket-disclaimer'] }).findings
  expect(found.map(f => f.evidence.includes(denial))).toEqual([true])
})
