/** Runs every fixtures/cli/*.scenario against the built command line. */

import { spawn } from 'node:child_process'
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, test } from 'vitest'
import { parseScenario, type Scenario } from './scenario.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const fixtures = join(root, 'fixtures', 'cli')
const work = mkdtempSync(join(tmpdir(), 'clauselint-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const QUIET_ENV = { PATH: process.env['PATH'] ?? '', LANG: 'zh_CN.UTF-8', NODE_DISABLE_COMPILE_CACHE: '1' }

interface Result {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function start(
  command: string,
  args: readonly string[],
  folder: string,
  stdin = '',
  env: Record<string, string> = {},
): Promise<Result> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: folder, env: { ...QUIET_ENV, ...env } })
    const output = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text
      })
    child.on('error', failed)
    child.on('close', status => done({ status, ...output }))
    child.stdin.on('error', () => {}) // a command that reads no input may be gone already
    child.stdin.end(stdin)
  })
}

const bin = join(root, 'bin', 'clauselint.js')
const run = (folder: string, args: readonly string[], scenario?: Scenario) =>
  start(process.execPath, [bin, ...args], folder, scenario?.stdin, scenario?.env)

/** An empty folder with the rules of fixtures/cli/my-rules in it. */
function folderFor(name: string): string {
  const folder = join(work, name)
  cpSync(join(fixtures, 'my-rules'), join(folder, 'my-rules'), { recursive: true })
  return folder
}

describe.concurrent('scenarios', () => {
  for (const name of readdirSync(fixtures).filter(file => file.endsWith('.scenario'))) {
    const scenario = parseScenario(readFileSync(join(fixtures, name), 'utf8'))
    test(`${name.replace('.scenario', '')}: ${scenario.idea}`, async ({ expect }) => {
      const folder = folderFor(name)
      for (const [path, text] of scenario.files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), text)
      }
      const result = await run(folder, scenario.args, scenario)
      for (const { stream, how, text } of scenario.streams) {
        const output = result[stream]
        if (how === 'exactly') {
          expect(output).toBe(text)
          continue
        }
        let from = 0
        for (const line of text.split('\n').filter(part => part.trim() !== '')) {
          if (how === 'not') expect(output).not.toContain(line)
          else {
            const at = output.indexOf(line, from)
            expect(at, `“${line}” should come next in ${stream}:\n${output.slice(from)}`).toBeGreaterThanOrEqual(0)
            from = at + line.length
          }
        }
      }
      expect(result.status, result.stderr).toBe(scenario.status)
    })
  }
})

describe.concurrent('what a scenario file cannot say', () => {
  const clause = '第一条 乐淘集市可以凭心情修改本规则。\n'
  const own = ['--rules', 'my-rules', '--only', 'moody-change,secret-list', '--no-config']

  test('the same input gives the same bytes, whatever the order of the arguments', async ({ expect }) => {
    const folder = folderFor('deterministic')
    for (const name of ['b.md', 'a.md']) writeFileSync(join(folder, name), clause)
    const first = await run(folder, ['check', 'a.md', 'b.md', '--format', 'json', ...own])
    const second = await run(folder, ['check', 'b.md', './a.md', 'a.md', '--format', 'json', ...own])
    expect(JSON.parse(first.stdout).findings).toHaveLength(2)
    expect(second.stdout).toBe(first.stdout)
  })

  test('--output leaves nothing but the report in the folder', async ({ expect }) => {
    const folder = folderFor('output')
    writeFileSync(join(folder, 'a.md'), clause)
    const { stdout, status } = await run(folder, ['a.md', '--format', 'json', '--output', 'report.json', ...own])
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 })
    expect(readdirSync(folder).sort()).toEqual(['a.md', 'my-rules', 'report.json'])
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).summary.error).toBe(1)
  })

  test('--output writes to what a link names and keeps the link', async ({ expect }) => {
    const folder = folderFor('link')
    writeFileSync(join(folder, 'a.md'), clause)
    writeFileSync(join(folder, 'real.json'), 'old')
    symlinkSync('real.json', join(folder, 'report.json'))
    await run(folder, ['a.md', '--format', 'json', '--output', 'report.json', ...own])
    expect(lstatSync(join(folder, 'report.json')).isSymbolicLink()).toBe(true)
    expect(JSON.parse(readFileSync(join(folder, 'real.json'), 'utf8')).summary.error).toBe(1)
  })

  test('a renumbered document has nothing new with its baseline, in every format; a new clause has', async ({
    expect,
  }) => {
    const folder = folderFor('baseline')
    const before = '第一条 商家依法经营。\n\n第二条 乐淘集市可以凭心情修改本规则。\n'
    const after = `第一条 本规则每月公布。\n\n${before.replace('第二条', '第三条').replace('第一条', '第二条')}`
    const known = ['--baseline', 'known.json']
    const one = ['--rules', 'my-rules', '--only', 'moody-change', '--no-config']
    writeFileSync(join(folder, 'a.md'), before)
    const made = await run(folder, ['a.md', ...known, '--update-baseline', ...one])
    expect({ status: made.status, stderr: made.stderr }).toEqual({ status: 0, stderr: '' })
    expect(made.stdout).toContain('基线已更新：新增 1 条，去掉 0 条')
    const baseline = readFileSync(join(folder, 'known.json'), 'utf8')
    expect(readdirSync(folder).sort()).toEqual(['a.md', 'known.json', 'my-rules'])

    writeFileSync(join(folder, 'a.md'), after)
    const pretty = await run(folder, ['a.md', ...known, ...one])
    expect(pretty.status).toBe(0)
    expect(pretty.stdout).toContain('基线中已有、不再报告的问题 1 条。')
    const json = await run(folder, ['a.md', ...known, ...one, '--format', 'json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ findings: [], summary: { error: 0 } })
    const lines = await run(folder, ['a.md', ...known, ...one, '--format', 'ndjson'])
    expect(lines.status).toBe(0)
    expect(lines.stdout).not.toContain('"moody-change"')

    writeFileSync(join(folder, 'a.md'), `${after}\n第四条 乐淘集市可以凭心情改动收费。\n`)
    const more = await run(folder, ['a.md', ...known, '--prune-baseline', ...one, '--format', 'json'])
    expect(more.status).toBe(1)
    expect(JSON.parse(more.stdout).findings.map((f: { clause: string }) => f.clause)).toEqual(['第四条'])
    expect(readFileSync(join(folder, 'known.json'), 'utf8')).toBe(baseline)

    writeFileSync(join(folder, 'a.md'), '第一条 商家依法经营。\n')
    const fixed = await run(folder, ['a.md', ...known, ...one])
    expect(fixed.stdout).toContain('另有 1 条不再出现')
    await run(folder, ['a.md', ...known, '--prune-baseline', ...one])
    expect(JSON.parse(readFileSync(join(folder, 'known.json'), 'utf8'))).toEqual({ version: 1, findings: [] })
  }, 60_000)

  test('examples of the built-in rules run from any folder', async ({ expect }) => {
    const { stdout, stderr } = await run(folderFor('elsewhere'), ['test-rules', join(root, 'rules', 'amendment')])
    expect(stderr).toBe('')
    expect(stdout).toMatch(/\d+ (?:条规则的 \d+ 个示例全部符合|个示例中 \d+ 个不符)。\n$/)
  })

  test('a large document is announced, before the wait', async ({ expect }) => {
    const folder = folderFor('large')
    writeFileSync(
      join(folder, 'a.html'),
      `<p>第一条 商家应当依法经营。</p><p title="${'a'.repeat(1.3 * 2 ** 20)}">完</p>`,
    )
    const { stderr, status } = await run(folder, ['a.html', '--only', 'deemed-consent', '--quiet'])
    expect({ stderr, status }).toEqual({ stderr: 'clauselint: a.html：文件有 1.3 MB，检查可能要几分钟。\n', status: 0 })
  })

  test('GB18030 files are read', async ({ expect }) => {
    const folder = folderFor('gbk')
    // “平台设有秘密名单。” in GBK.
    const bytes = 'c6bdcca8c9e8d3d0c3d8c3dcc3fbb5a5a1a3'
    writeFileSync(join(folder, 'a.txt'), Buffer.from(bytes, 'hex'))
    const { stdout } = await run(folder, ['a.txt', '--format', 'json', ...own])
    expect(JSON.parse(stdout).findings.map((f: { evidence: string }) => f.evidence)).toEqual(['秘密名单'])
  })

  test('a reader that closes the pipe early ends the run without a word', async ({ expect }) => {
    const folder = folderFor('pipe')
    writeFileSync(join(folder, 'a.md'), clause.repeat(3000))
    const command = `"${process.execPath}" "${bin}" a.md --format json ${own.join(' ')} | head -c 20`
    const { stdout, stderr } = await start('sh', ['-c', command], folder)
    expect(stdout).toBe('{\n  "version": 1,\n  ')
    expect(stderr).toBe('')
  })

  test('the rule in the README does what its examples say', async ({ expect }) => {
    const folder = folderFor('readme')
    const rule = /```yaml\n(id: .*?)```/s.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? ''
    const id = /^id: (.+)$/m.exec(rule)?.[1]
    mkdirSync(join(folder, 'own', 'custom'), { recursive: true })
    writeFileSync(join(folder, 'own', 'custom', `${id}.yaml`), rule)
    const { stdout, stderr, status } = await run(folder, ['test-rules', 'own'])
    expect({ stdout, stderr, status }).toEqual({ stdout: '1 条规则的 2 个示例全部符合。\n', stderr: '', status: 0 })
  })
})
