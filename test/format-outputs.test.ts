/** Which report goes where: --format and --output in pairs, what CI systems say of themselves, suppressed findings. */

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test, vi } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'clauselint-outputs-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

// Each test starts the command line, some several times.
vi.setConfig({ testTimeout: 60_000 })

let folders = 0
function scene(): string {
  const folder = join(work, String(++folders))
  mkdirSync(join(folder, 'rules', '规则'), { recursive: true })
  writeFileSync(join(folder, 'rules', '规则', 'a.md'), '第一条 乐淘集市可以凭心情修改本规则。\n')
  return folder
}
function run(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const own = ['--rules', join(root, 'fixtures/cli/my-rules'), '--only', 'moody-change', '--no-config']
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bin', 'clauselint.js'), 'check', '规则', ...args, ...own],
    { cwd: join(folder, 'rules'), encoding: 'utf8', env: { PATH: process.env['PATH'], LANG: 'zh_CN.UTF-8', ...env } },
  )
  return { status, stdout, stderr }
}
const at = (folder: string, name: string) => readFileSync(join(folder, 'rules', name), 'utf8')

describe('pairs', () => {
  test('each --output belongs to the --format before it', () => {
    const folder = scene()
    const files = ['--format', 'sarif', '--output', 'a.sarif', '--format', 'junit', '--output', 'a.xml']
    const { status, stdout } = run(folder, [...files, '--format', 'gitlab'])
    expect(status).toBe(1)
    expect(JSON.parse(at(folder, 'a.sarif')).version).toBe('2.1.0')
    expect(at(folder, 'a.xml')).toMatch(/^<\?xml/)
    expect(JSON.parse(stdout)).toHaveLength(1)
    expect(readdirSync(join(folder, 'rules')).sort()).toEqual(['a.sarif', 'a.xml', '规则'])
  })
  test('an --output before any --format belongs to the first', () => {
    const folder = scene()
    const { stdout } = run(folder, ['--output', 'a.json', '--format', 'json', '--format', 'markdown'])
    expect(JSON.parse(at(folder, 'a.json')).summary.error).toBe(1)
    expect(stdout).toMatch(/^# clauselint 检查结果/)
  })
  test('an --output alone takes the usual report', () => {
    const folder = scene()
    expect(run(folder, ['--output', 'a.txt']).stdout).toBe('')
    expect(at(folder, 'a.txt')).toContain('错误 1')
  })
  test('lines written to a file are all there, and nothing else', () => {
    const folder = scene()
    expect(run(folder, ['--format', 'ndjson', '--output', 'a.ndjson']).stdout).toBe('')
    expect(at(folder, 'a.ndjson')).toMatch(/^\{"type":"run"[^]*"type":"summary"[^\n]*\n$/)
    expect(readdirSync(join(folder, 'rules')).sort()).toEqual(['a.ndjson', '规则'])
  })
  test.each([
    ['two reports on standard output', ['--format', 'json', '--format', 'pretty'], '标准输出'],
    [
      'two reports in one file',
      ['--format', 'json', '--output', 'a', '--format', 'sarif', '--output', './a'],
      '同一个文件',
    ],
    ['an --output too many', ['--format', 'json', '--output', 'a', '--output', 'b'], '--output b'],
    ['two without a format', ['--output', 'a', '--output', 'b'], '--output b'],
    ['an unknown format among known ones', ['--format', 'sarif', '--output', 'a', '--format', 'pdf'], 'pdf'],
  ])('refused: %s', (_, args, said) => {
    const folder = scene()
    const { status, stdout, stderr } = run(folder, args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(said)
    expect(readdirSync(join(folder, 'rules'))).toEqual(['规则'])
  })
  test('a file that cannot be written keeps no other report back', () => {
    const folder = scene()
    const { status, stdout, stderr } = run(folder, [
      '--format',
      'sarif',
      '--output',
      'no/a.sarif',
      '--format',
      'pretty',
    ])
    expect(status).toBe(2)
    expect(stdout).toContain('错误 1')
    expect(stderr).toContain('no/a.sarif')
  })
})

describe('inside a CI job', () => {
  test('paths are from the root of the repository, where the job says what it is', () => {
    const folder = scene()
    const file = (env: Record<string, string>) =>
      JSON.parse(run(folder, ['--format', 'gitlab'], env).stdout)[0].location.path
    expect(file({ CI_PROJECT_DIR: folder })).toBe('rules/规则/a.md')
    expect(file({})).toBe('规则/a.md')
    expect(file({ CI_PROJECT_DIR: '/nowhere' })).toBe('规则/a.md')
    const { stdout } = run(folder, ['--format', 'github'], { GITHUB_WORKSPACE: folder })
    expect(stdout).toMatch(/^::error file=rules\/规则\/a\.md,line=1,col=/)
  })
  test('the summary of a GitHub step is added to what is there', () => {
    const folder = scene()
    const summary = join(folder, 'summary.md')
    writeFileSync(summary, '# 前一步\n')
    run(folder, ['--format', 'github'], { GITHUB_STEP_SUMMARY: summary })
    expect(readFileSync(summary, 'utf8')).toMatch(/^# 前一步\n# clauselint 检查结果\n[^]*凭心情修改/)
  })
  test('no other format writes there', () => {
    const folder = scene()
    run(folder, ['--format', 'sarif'], { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') })
    expect(existsSync(join(folder, 'summary.md'))).toBe(false)
  })
})

test('what a comment takes back is in SARIF only when asked for', () => {
  const folder = scene()
  const comment = '<!-- clauselint-disable-next-line moody-change -- 法务已确认 -->\n'
  writeFileSync(join(folder, 'rules', '规则', 'a.md'), `${comment}\n第一条 乐淘集市可以凭心情修改本规则。\n`)
  const results = (...args: string[]) => JSON.parse(run(folder, ['--format', 'sarif', ...args]).stdout).runs[0].results
  expect(results()).toEqual([])
  expect(results('--sarif-include-suppressed')).toMatchObject([
    { ruleId: 'moody-change', suppressions: [{ kind: 'inSource', justification: '法务已确认' }] },
  ])
})
