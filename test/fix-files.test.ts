import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyPatch } from 'diff'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fixerFor } from '../src/cli/fix.js'
import { prettyReport } from '../src/report/pretty.js'
import { readDocument } from '../src/read/index.js'
import { loadRules } from '../src/rules/index.js'
import type { Finding } from '../src/types.js'

const rules = loadRules({ onError: () => undefined })
const FEE = '平台按成交额收取技术服务费，费率为3%。'
const PLAIN = '商家应当如实登记资料，妥善保管账号，及时查看平台的消息，并与买家友好协商，共同维护良好的秩序。'
const BEFORE = `# 青禾集市商家协议\n\n${FEE}\n\n${PLAIN}\n`
const AFTER = `# 青禾集市商家协议\n\n**${FEE}**\n\n${PLAIN}\n`

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clauselint-fix-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const put = (name: string, content: string | Uint8Array = BEFORE): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const text = (path: string): string => readFileSync(path, 'utf8')
const read = (path: string) => readDocument(readFileSync(path), path)
const fixer = (isReported?: (finding: Finding) => boolean) => fixerFor({ rules }, isReported)

/** Fixes the files at `paths` and writes them. */
function fix(...paths: string[]) {
  const run = fixer()
  const fixed = paths.map(path => run.fix(read(path)))
  run.write()
  return fixed
}

describe('writing', () => {
  test('the file is rewritten, and a second turn leaves it alone', () => {
    const path = put('a.md')
    const [first] = fix(path)
    expect(text(path)).toBe(AFTER)
    expect(first?.notices).toEqual([{ code: 'fixed', path, message: '已加粗 1 处：unmarked-fee 1。' }])
    expect(first?.document.sha256).toBe(read(path).sha256)
    const { mtimeMs } = statSync(path)
    expect(fix(path)[0]?.notices).toEqual([])
    expect(statSync(path).mtimeMs).toBe(mtimeMs)
    expect(readdirSync(folder)).toEqual(['a.md'])
  })

  test('permissions stay', () => {
    const path = put('a.md')
    chmodSync(path, 0o640)
    fix(path)
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(text(path)).toBe(AFTER)
  })

  test('a link stays a link; what it points to is written, once', () => {
    const real = put('real.md')
    symlinkSync('real.md', join(folder, 'link.md'))
    fix(join(folder, 'link.md'), real)
    expect(lstatSync(join(folder, 'link.md')).isSymbolicLink()).toBe(true)
    expect(text(real)).toBe(AFTER)
  })

  test('one read-only file keeps all of them as they were', () => {
    const [first, locked, last] = [put('a.md'), put('b.md'), put('c.md')]
    chmodSync(locked, 0o444)
    expect(() => fix(first, locked, last)).toThrow(`无法写入 ${locked}：文件是只读的。没有修改任何文件。`)
    for (const path of [first, locked, last]) expect(text(path)).toBe(BEFORE)
    expect(readdirSync(folder)).toEqual(['a.md', 'b.md', 'c.md'])
  })

  test('a file that has changed since it was read is not overwritten', () => {
    const path = put('a.md')
    const run = fixer()
    run.fix(read(path))
    writeFileSync(path, `${BEFORE}\n新增一段。\n`)
    expect(() => run.write()).toThrow('检查期间文件有改动')
    expect(text(path)).toBe(`${BEFORE}\n新增一段。\n`)
  })
})

describe('what is fixed', () => {
  test('nothing in plain text, which is said', () => {
    const path = put('a.txt')
    const [fixed] = fix(path)
    expect(fixed?.notices.map(n => n.code)).toEqual(['not-fixable'])
    expect(text(path)).toBe(BEFORE)
  })

  test('what can’t be marked is left to the author, which is said', () => {
    const path = put(
      'a.html',
      `<textarea>${FEE}</textarea><p>${FEE.replace('3', '2')}</p>${`<p>${PLAIN}</p>`.repeat(5)}`,
    )
    const [fixed] = fix(path)
    expect(fixed?.notices.map(n => n.code)).toEqual(['fixed', 'not-fixed'])
    expect(text(path)).toContain(`<textarea>${FEE}</textarea><p><strong>${FEE.replace('3', '2')}</strong></p>`)
  })

  test('nothing where most of the text is or would be bold', () => {
    const path = put('a.md', `${FEE}\n\n**${PLAIN}**\n`)
    expect(fix(path)[0]?.notices.map(n => n.code)).toEqual([])
    const all = put('b.md', `${FEE}\n\n好。\n`)
    expect(fix(all)[0]?.notices.map(n => n.code)).toEqual(['not-fixed'])
    expect(text(all)).toBe(`${FEE}\n\n好。\n`)
  })

  test('only what is reported', () => {
    const run = fixer(() => false)
    expect(run.fix(read(put('a.md'))).notices).toEqual([])
    expect(run.patch()).toBe('')
  })

  test('a dry run speaks of what would be done', () => {
    const said = (lang: 'zh' | 'en') =>
      fixerFor({ rules, lang }, undefined, true)
        .fix(read(put('a.md')))
        .notices.map(({ code, message }) => `${code}: ${message}`)
    expect(said('zh')).toEqual(['would-fix: 将加粗 1 处（没有写入）：unmarked-fee 1。'])
    const notices = [{ code: 'would-fix', path: 'a.md', message: '将加粗 1 处。' }]
    const result = { documents: [], findings: [], notices, summary: { error: 0, warning: 0, info: 0, documents: 1 } }
    const report = prettyReport(result, { rules, lang: 'zh', width: 80, color: false, quiet: false })
    expect(report).toMatch(/可以修改：\n.*将加粗 1 处/)
    expect(said('en')).toEqual(['would-fix: would be set in bold: 1 (unmarked-fee 1); nothing was written.'])
    expect(text(join(folder, 'a.md'))).toBe(BEFORE)
  })

  test('facts put over the front matter stay', () => {
    const document = read(put('a.md'))
    expect(fixer().fix({ ...document, frontMatter: { title: '甲' } }).document.frontMatter).toEqual({ title: '甲' })
  })
})

describe('the patch', () => {
  test.each([
    ['lines that end in \\n', BEFORE],
    ['lines that end in \\r\\n', BEFORE.replaceAll('\n', '\r\n')],
    ['a BOM', `\ufeff${BEFORE}`],
    ['no line end at the end', BEFORE.trimEnd()],
  ])('makes the same file as --fix: %s', (_, before) => {
    const path = put('a.md', before)
    const run = fixer()
    run.fix(read(path))
    const patched = applyPatch(before, run.patch(), { autoConvertLineEndings: false })
    expect(text(path)).toBe(before)
    run.write()
    expect(text(path)).toBe(patched)
    expect(text(path)).toBe(before.replace(FEE, all => `**${all}**`))
  })

  test('names files the way git does', () => {
    const run = fixer()
    run.fix(readDocument(Buffer.from(BEFORE), 'docs/a.md'))
    expect(run.patch().split('\n').slice(0, 2)).toEqual(['--- a/docs/a.md', '+++ b/docs/a.md'])
  })
})
