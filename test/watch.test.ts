/** `clauselint check --watch`: what makes it check again, what does not, and how it ends. */

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { bin, clauselint, folderWith, removeFolders, shell, start, type Started, until } from './command.js'

let run: Started | undefined
afterEach(() => {
  run?.child.kill('SIGKILL')
})
afterAll(removeFolders)

const BAD = '第一条 平台有权随时单方修改本协议。\n'
const FINE = '第一条 本规则每月公布。\n'
const WAITING = '等待改动，按 Ctrl+C 结束。\n'

/** How often it has checked so far. */
const rounds = ({ output }: Started): number => output.stderr.split(WAITING).length - 1

async function watching(folder: string, args: readonly string[]): Promise<Started> {
  run = start(process.execPath, [bin, 'check', ...args, '--watch'], folder)
  const { output } = run
  await until(
    () => rounds(run as Started) === 1,
    () => `the first round: ${output.stderr}`,
  )
  return run
}

/** Does something and waits for the round that follows. Returns what that round wrote. */
async function after(watcher: Started, change: () => void): Promise<{ stdout: string; stderr: string }> {
  const before = { ...watcher.output }
  const round = rounds(watcher) + 1
  change()
  await until(
    () => rounds(watcher) >= round,
    () => `round ${round}: ${watcher.output.stderr}`,
  )
  return {
    stdout: watcher.output.stdout.slice(before.stdout.length),
    stderr: watcher.output.stderr.slice(before.stderr.length),
  }
}

describe('watch', () => {
  test('documents: changed, new, put in place of the old one, deleted, in new folders', async () => {
    const folder = folderWith({ 'docs/a.md': BAD })
    const at = (name: string): string => join(folder, 'docs', name)
    const watcher = await watching(folder, ['docs'])
    expect(watcher.output.stdout).toContain('amendment-without-notice')
    expect(watcher.output.stdout).not.toContain('\x1b[')
    const changed = await after(watcher, () => writeFileSync(at('a.md'), FINE))
    expect(changed.stderr).toBe(`clauselint: docs/a.md 有改动，重新检查。\nclauselint: ${WAITING}`)
    expect(changed.stdout).toContain('已检查 1 份文档')
    expect(changed.stdout).not.toContain('amendment-without-notice')
    const renamed = await after(watcher, () => {
      writeFileSync(at('.a.md.swp'), BAD)
      renameSync(at('.a.md.swp'), at('a.md'))
    })
    expect(renamed.stdout).toContain('amendment-without-notice')
    const again = await after(watcher, () => writeFileSync(at('a.md'), `${FINE}\n`))
    expect(again.stdout).not.toContain('amendment-without-notice')
    const added = await after(watcher, () => {
      mkdirSync(at('new'))
      writeFileSync(at('new/b.md'), BAD)
    })
    expect(added.stdout).toContain('docs/new/b.md')
    const gone = await after(watcher, () => rmSync(at('new'), { recursive: true }))
    expect(gone.stdout).not.toContain('docs/new/b.md')
  }, 60_000)

  test('the config, also a broken one, and what it extends; a rule; the baseline', async () => {
    const folder = folderWith({
      'docs/a.md': BAD,
      'base.yaml': 'rules: {}\n',
      'known.json': '{ "version": 1, "findings": [] }\n',
      'own/demo/moody-change.yaml': '',
      'own/laws.yaml': readFileSync(new URL('../fixtures/cli/my-rules/laws.yaml', import.meta.url), 'utf8'),
    })
    const rule = readFileSync(new URL('../fixtures/cli/my-rules/demo/moody-change.yaml', import.meta.url), 'utf8')
    const watcher = await watching(folder, ['docs', '--baseline', 'known.json', '--rules', 'own'])
    expect(watcher.output.stderr).toContain('moody-change.yaml')
    const file = join(folder, 'clauselint.yaml')
    const ruled = await after(watcher, () => writeFileSync(join(folder, 'own/demo/moody-change.yaml'), rule))
    expect(ruled.stderr).toContain('own/demo/moody-change.yaml 有改动')
    const broken = await after(watcher, () => writeFileSync(file, 'extends: base.yaml\nruls: {}\n'))
    expect(broken.stderr).toContain('clauselint.yaml:2:1')
    await after(watcher, () => writeFileSync(file, 'extends: base.yaml\n'))
    const base = await after(watcher, () => writeFileSync(join(folder, 'base.yaml'), 'rules: { nonsense: off }\n'))
    expect(base.stderr).toContain('nonsense')
    await after(watcher, () => writeFileSync(join(folder, 'base.yaml'), 'rules: {}\n'))
    const baseline = await after(watcher, () => writeFileSync(join(folder, 'known.json'), '{'))
    expect(baseline.stderr).toContain('known.json')
  }, 60_000)

  test('what is not looked at, and its own report, start nothing', async () => {
    const folder = folderWith({ 'docs/a.md': BAD })
    const watcher = await watching(folder, ['docs', '--format', 'markdown', '--output', 'docs/report.html'])
    writeFileSync(join(folder, 'other.md'), BAD)
    writeFileSync(join(folder, 'docs', 'notes.tmp'), 'x')
    await new Promise(done => setTimeout(done, 600))
    expect(rounds(watcher)).toBe(1)
    await after(watcher, () => writeFileSync(join(folder, 'docs', 'a.md'), FINE))
    await new Promise(done => setTimeout(done, 600))
    expect(rounds(watcher)).toBe(2)
  }, 60_000)

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    test(`${signal} ends it, also once it has written files`, async () => {
      const folder = folderWith({ 'a.md': BAD })
      const watcher = await watching(folder, ['a.md', '--output', 'report.txt'])
      watcher.child.kill(signal)
      expect((await watcher.ended).status).toBe(signal)
    })

  test('it ends with the status of the last run when nobody reads on', async () => {
    const folder = folderWith({ 'a.md': BAD })
    const line = `(for i in 1 2 3 4 5 6; do sleep 1; echo >> a.md; done) & timeout 15 $CLAUSELINT a.md --watch --quiet | head -1; echo "\${PIPESTATUS[0]}"`
    expect((await shell(folder, line)).stdout).toMatch(/\n1\n$/)
  }, 30_000)

  for (const [args, reason] of [
    [['-'], '标准输入'],
    [['a.md', '--fix'], '--fix 同用'],
    [['a.md', '--fix-dry-run'], '--fix-dry-run 同用'],
    [['a.md', '--baseline', 'b.json', '--update-baseline'], '--update-baseline 同用'],
  ] as const)
    test(`refused: ${args.join(' ')}`, async () => {
      const { status, stderr } = await clauselint(folderWith({ 'a.md': BAD }), [...args, '--watch'])
      expect(status).toBe(2)
      expect(stderr).toContain(reason)
    })
})
