/** JSON lines: the contract of each line, and that they come while the check is running. */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { checking } from '../src/check/index.js'
import { readDocument } from '../src/read/index.js'
import { loadRules } from '../src/rules/index.js'
import type { Document } from '../src/types.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'bin', 'clauselint.js')
const schema = JSON.parse(readFileSync(join(root, 'schema', 'check.schema.json'), 'utf8'))
const work = mkdtempSync(join(tmpdir(), 'clauselint-ndjson-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const BREACH = '第一条 乐淘集市可以凭心情修改本规则。\n'
const own = ['--rules', join(root, 'fixtures/cli/my-rules'), '--only', 'moody-change', '--no-config']

// The tests start the command line, which a busy machine keeps waiting.
vi.setConfig({ testTimeout: 60_000 })

function folderWith(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(work, name)
  mkdirSync(folder)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  return folder
}
const start = (folder: string, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [bin, 'check', ...args, '--format', 'ndjson', ...own], { cwd: folder })

/** Output as it comes. */
function listen(child: ChildProcess) {
  const heard = { stdout: '', stderr: '' }
  child.stdout?.on('data', chunk => (heard.stdout += chunk))
  child.stderr?.on('data', chunk => (heard.stderr += chunk))
  const ended = new Promise<number | null>(done => child.on('close', done))
  return { heard, ended }
}
const linesOf = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))

describe('the lines of a run', () => {
  test('are documents with their findings, then notices, then the summary', async () => {
    const folder = folderWith('run', { 'b.md': BREACH, 'a.txt': '第一条 商家依法经营。\n' })
    const child = start(folder, ['.', 'missing.md'])
    const { heard, ended } = listen(child)
    expect(await ended).toBe(2)
    const lines = linesOf(heard.stdout)
    expect(lines.map(line => [line.type, line.path])).toEqual([
      ['run', undefined],
      ['document', 'a.txt'],
      ['document', 'b.md'],
      ['finding', 'b.md'],
      ['notice', 'missing.md'],
      ['summary', undefined],
    ])
    expect(lines.at(-1)).toEqual({ type: 'summary', error: 1, warning: 0, info: 0, documents: 2 })
  })
  test('hold what the JSON report holds', async () => {
    const folder = folderWith('same', { 'a.md': BREACH, 'b.md': `${BREACH}\n第二条 乐淘集市可以凭心情修改价格。\n` })
    const child = start(folder, ['.', '--format', 'json', '--output', 'a.json'])
    const { heard, ended } = listen(child)
    expect(await ended).toBe(1)
    const report = JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8'))
    const lines = linesOf(heard.stdout)
    const of = (type: string) => lines.filter(line => line.type === type).map(line => ({ ...line, type: undefined }))
    // An undefined field is no field to toEqual.
    expect(of('finding')).toEqual(report.findings)
    expect(of('document')).toEqual(report.documents)
    expect(of('run')).toEqual([{ version: report.version, tool: report.tool }])
    const ajv = new Ajv2020({ strict: false })
    const isFinding = ajv.compile({ $ref: '#/$defs/finding', $defs: schema.$defs })
    for (const finding of report.findings) {
      isFinding(finding)
      expect(isFinding.errors ?? []).toEqual([])
    }
  })
})

test('a document is reported before the next one is read', async () => {
  const folder = folderWith('stream', { 'a.md': BREACH })
  const child = start(folder, ['a.md', '-'])
  const { heard, ended } = listen(child)
  // Standard input is still open: the check can't have read it.
  await expect.poll(() => heard.stdout, { timeout: 50_000 }).toContain('"type":"finding"')
  expect(heard.stdout).not.toContain('"type":"summary"')
  child.stdin?.end(BREACH)
  expect(await ended).toBe(1)
  expect(linesOf(heard.stdout).at(-1)).toMatchObject({ type: 'summary', error: 2, documents: 2 })
})

test('a reader that goes away ends the run, without a word, as soon as the status is known', async () => {
  const files = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`${100 + i}.md`, BREACH]))
  // Whoever reads on to the end meets a file that is no text: status 2.
  const folder = folderWith('pipe', { ...files, 'z.md': Uint8Array.from([0, 1, 2, 255, 254, 0]) })
  const command = `"${process.execPath}" "${bin}" . --format ndjson ${own.join(' ')} | head -n 1; exit \${PIPESTATUS[0]}`
  const child = spawn('bash', ['-c', command], { cwd: folder })
  const { heard, ended } = listen(child)
  expect({ status: await ended, ...heard }).toEqual({
    status: 1,
    stdout: expect.stringMatching(/^\{"type":"run"[^\n]*\n$/),
    stderr: '',
  })
})

test('documents are let go once they are checked', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const run = checking({ rules: loadRules() })
  const held: WeakRef<Document>[] = []
  for (let i = 0; i < 60; i++) {
    const text = `# 甲平台商家服务协议（${i}）\n\n第一条 商家应当在收到通知之日起${i + 3}日内申诉。\n\n第二条 甲平台依法经营。\n`
    const document = readDocument(new TextEncoder().encode(text), `${i}.md`)
    held.push(new WeakRef(document))
    run.add(document)
    await new Promise(setImmediate)
  }
  collect()
  // A rule about the whole set holds the document that it would point at: here the first one, and the last to be seen.
  expect(held.filter(ref => ref.deref() !== undefined).length).toBeLessThan(5)
  const { findings } = run.finish()
  expect(findings.filter(f => f.ruleId === 'conflicting-terms').length).toBeGreaterThan(50)
})
