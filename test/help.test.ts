/** Help: its examples run, its columns stand in line. Completion: what the shells offer. */

import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { ruleIds } from '../src/cli/completion.js'
import { loadRules } from '../src/rules/index.js'
import { displayWidth } from '../src/text/width.js'
import { bin, clauselint, folderWith, removeFolders, shell } from './command.js'

afterAll(removeFolders)

const COMMANDS = ['check', 'diff', 'history', 'rules', 'explain', 'test-rules', 'init', 'completion', 'lsp']
const BAD = '第一条 平台有权随时单方修改本协议。\n'

/** A folder in which the examples of the help find what they name, and clauselint itself under its name. */
function workplace(): string {
  const versions = Object.fromEntries(
    ['old.md', 'new.md', 'old.html', 'new.html', 'archive/2026-05-22-公示.txt', 'rules/a.md'].map(name => [name, BAD]),
  )
  const folder = folderWith({ 'agreements/a.md': BAD, 'draft.md': BAD, 'draft.html': `<p>${BAD}</p>`, ...versions })
  const me = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'a' }
  const env = { ...process.env, ...me, GIT_COMMITTER_EMAIL: 'a@example.com', GIT_CONFIG_GLOBAL: '/dev/null' }
  for (const args of [
    ['init', '-q'],
    ['add', 'rules'],
    ['commit', '-qm', '1'],
    ['commit', '-qm', '2', '--allow-empty'],
  ])
    spawnSync('git', args, { cwd: folder, env })
  cpSync(fileURLToPath(new URL('../fixtures/cli/my-rules', import.meta.url)), join(folder, 'my-rules'), {
    recursive: true,
  })
  mkdirSync(join(folder, '.config/fish/completions'), { recursive: true })
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin', 'clauselint'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`)
  chmodSync(join(folder, 'bin', 'clauselint'), 0o755)
  return folder
}

/** The command lines under 示例 or Examples, without what is said of them. */
const examplesIn = (help: string): string[] =>
  (help.split(/^(?:示例：|Examples:)\n/m)[1] ?? '')
    .split('\n')
    .filter(line => line.trim() !== '' && !line.startsWith('  #'))
    .map(line => line.replace(/ +# .*$/, '').trim())

describe('help', () => {
  for (const command of COMMANDS)
    test(`${command}: examples that run, the same in both languages; no line too wide`, async () => {
      const zh = await clauselint('.', [command, '--help'])
      const en = await clauselint('.', [command, '--help', '--lang', 'en'])
      const examples = examplesIn(zh.stdout)
      expect(examples.length).toBeGreaterThanOrEqual(2)
      expect(examples.length).toBeLessThanOrEqual(5)
      expect(examplesIn(en.stdout)).toEqual(examples)
      expect(en.stdout).not.toMatch(/\p{Script=Han}/u)
      for (const help of [zh, en]) {
        const lines = help.stdout.split('\n')
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80)
        // Options, and what is said of them, each in a column of their own.
        const columns = lines.flatMap(line => /^ {2}-\S.*?\S {2,}(?=\S)/.exec(line)?.[0] ?? []).map(displayWidth)
        expect(columns.length).toBeGreaterThan(0)
        expect(new Set(columns).size).toBe(1)
      }
      for (const example of examples) {
        const folder = workplace()
        // What never ends by itself has a few seconds; 124 is its end.
        const ends = !example.includes('--watch')
        const runs = example.includes('completion zsh') ? 'clauselint completion zsh' : example // not for bash to read
        const line = ends ? runs : `timeout 3 ${runs}`
        const { status, stderr } = await shell(folder, `export PATH="$PWD/bin:$PATH" HOME="$PWD"; ${line}`)
        expect({ example, ok: ends ? status === 0 || status === 1 : status === 124, stderr }).toMatchObject({
          example,
          ok: true,
        })
        if (ends) expect({ example, stderr }).toEqual({ example, stderr: '' })
      }
    }, 60_000)
})

/** Whether this system has a shell; where it has not, that is said. */
function has(name: string): boolean {
  const found = spawnSync(name, ['-c', 'true']).status === 0
  if (!found) process.stderr.write(`SKIPPED, not installed: completion in ${name}\n`)
  return found
}

describe('completion', () => {
  const folder = workplace()
  rmSync(join(folder, 'rules'), { recursive: true }) // shells offer a folder once that is named as a command
  const path = 'export PATH="$PWD/bin:$PATH"'

  test('the ids are those of the rules', () => {
    expect(ruleIds()).toEqual(
      loadRules()
        .rules.map(rule => rule.id)
        .sort(),
    )
  })

  const bash = has('bash')
  for (const [typed, offered, not] of [
    [['ch'], ['check'], ['rules']],
    [['d'], ['draft.md', 'draft.html'], ['check']],
    [[''], [...COMMANDS, 'agreements'], ['--format']],
    [['check', '--fo'], ['--format'], ['--fix']],
    [['--wa'], ['--watch'], []],
    [['check', '--format', ''], ['pretty', 'json', 'ndjson', 'sarif', 'markdown'], ['draft.md']],
    [['check', '--format', '=', 's'], ['sarif'], ['json']],
    [['check', '--format', '='], ['sarif', 'json'], []],
    [['rules', '--format', ''], ['pretty', 'json'], ['sarif']],
    [['a.md', '--fail-on', 'w'], ['warning'], ['error']],
    [['check', '--only', 'deemed'], ['deemed-consent'], ['remote-jurisdiction']],
    [['check', '--skip', 'deemed-consent,remote'], ['deemed-consent,remote-jurisdiction'], []],
    [['explain', 'remote'], ['remote-jurisdiction'], ['deemed-consent']],
    [['check', '--rules', 'm'], ['my-rules'], []],
    [['test-rules', ''], ['agreements', 'my-rules'], ['draft.md']],
    [['completion', ''], ['bash', 'zsh', 'fish'], ['rules']],
    [['rules', '--'], ['--lang', '--help'], ['--only']],
  ] as const)
    test.skipIf(!bash)(`bash: clauselint ${typed.join(' ')}⇥`, async () => {
      const words = ['clauselint', ...typed].map(word => `'${word}'`).join(' ')
      const { stdout, stderr } = await shell(
        folder,
        `${path}; source <(clauselint completion bash); COMP_WORDS=(${words}); COMP_CWORD=${typed.length}; _clauselint; printf '%s\\n' "\${COMPREPLY[@]}"`,
      )
      expect(stderr).toBe('')
      const lines = stdout.trim().split('\n')
      for (const word of offered) expect(lines).toContain(word)
      for (const word of not) expect(lines).not.toContain(word)
      expect(new Set(lines).size).toBe(lines.length)
    })

  const fish = has('fish')
  for (const [typed, offered] of [
    ['ch', 'check'],
    ['check --format s', 'sarif'],
    ['draft.md --fail-on=w', '--fail-on=warning'],
    ['explain deem', 'deemed-consent'],
    ['check --only deemed-consent,remote', 'deemed-consent,remote-jurisdiction'],
  ] as const)
    test.skipIf(!fish)(`fish: clauselint ${typed}⇥`, async () => {
      const line = `set -p PATH $PWD/bin; clauselint completion fish | source; complete -C 'clauselint ${typed}'`
      expect((await shell(folder, line, 'fish')).stdout.split(/[\t\n]/)).toContain(offered)
    })

  test.skipIf(!has('zsh'))('zsh: the script is well-formed', async () => {
    const { status, stderr } = await shell(folder, `${path}; clauselint completion zsh > c.zsh; zsh -n c.zsh`)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })

  test('an unknown shell is refused', async () => {
    expect(await clauselint(folder, ['completion', 'tcsh'])).toMatchObject({ status: 2, stdout: '' })
  })
})
