/** Closed pipes, signals, full disks, folders that can't be written, standard input: always the right status, no rest. */

import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { FORMATS } from '../src/report/formats.js'
import { bin, clauselint, folderWith, removeFolders, shell, start, until } from './command.js'

afterAll(removeFolders)

const BAD = '第一条 平台有权随时单方修改本协议。\n'
const NOTHING = '{ "version": 1, "findings": [] }'

/** Whether this system lacks what a test needs, which is said aloud. */
function lacks(what: string, holds: boolean): boolean {
  if (!holds) process.stderr.write(`SKIPPED, this system has no ${what}\n`)
  return !holds
}
const noPosix = lacks('POSIX shell and signals', process.platform !== 'win32')
const noFull = lacks('/dev/full', existsSync('/dev/full'))
const noScript = lacks('/usr/bin/script to make a terminal', existsSync('/usr/bin/script'))

describe('outputs', () => {
  const folder = folderWith({ 'a.md': BAD.repeat(400) })

  for (const format of FORMATS) {
    test.skipIf(noPosix)(
      `a pipe that is closed early: ${format}`,
      async () => {
        const line = `$CLAUSELINT a.md --format ${format} | head -c 1; echo " \${PIPESTATUS[0]}"`
        const { stdout, stderr } = await shell(folder, line)
        expect({ status: stdout.slice(1), stderr }).toEqual({ status: ' 1\n', stderr: '' })
      },
      30_000,
    )
    test.skipIf(noFull)(
      `a full device: ${format}`,
      async () => {
        const piped = await shell(folder, `$CLAUSELINT a.md --format ${format} > /dev/full`)
        expect(piped).toMatchObject({ status: 2, stderr: 'clauselint: 无法写入标准输出：磁盘空间不足。\n' })
        const named = await clauselint(folder, ['a.md', '--format', format, '--output', '/dev/full'])
        expect(named).toMatchObject({ status: 2, stderr: 'clauselint: 无法写入 /dev/full：磁盘空间不足。\n' })
      },
      30_000,
    )
  }

  // Reports that are written at once, and the one that grows.
  for (const format of ['json', 'ndjson'])
    test(`places that can't be written: ${format}`, async () => {
      for (const [place, reason] of [
        ['missing/report', '没有这个文件或文件夹。'],
        ['a.md/report', '路径的一部分不是文件夹。'],
        ['.', '这是文件夹，不是文件。'],
      ]) {
        const { status, stderr } = await clauselint(folder, ['a.md', '--format', format, '--output', place ?? ''])
        expect({ status, stderr }).toEqual({ status: 2, stderr: `clauselint: 无法写入 ${place}：${reason}\n` })
      }
      expect(readdirSync(folder)).toEqual(['a.md'])
    }, 30_000)

  test.skipIf(noFull)('help and lists on a full device', async () => {
    for (const args of ['--help', 'rules', 'explain deemed-consent', 'completion bash'])
      expect({ args, ...(await shell(folder, `$CLAUSELINT ${args} > /dev/full`)) }).toMatchObject({ args, status: 2 })
  })

  test.skipIf(noPosix)('a baseline that can’t be written', async () => {
    const { status, stderr } = await clauselint(folder, ['a.md', '--baseline', 'no/b.json', '--update-baseline'])
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'clauselint: 无法写入 no/b.json：没有这个文件或文件夹。\n',
    })
  })
})

describe('signals', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test.skipIf(noPosix)(
      `${signal} in a long run leaves no half of a report`,
      async () => {
        const text = BAD.repeat(3000)
        const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`docs/${i}.md`, `${text}${i}\n`]))
        const folder = folderWith({ ...files, 'known.json': NOTHING })
        const args = [
          bin,
          'docs',
          '--format',
          'ndjson',
          '--output',
          'report.ndjson',
          '--format',
          'json',
          '--output',
          'r.json',
        ]
        const { child, ended, output } = start(process.execPath, args, folder)
        const isBegun = (): boolean => readdirSync(folder).some(name => name.startsWith('.clauselint-'))
        await until(
          () => isBegun() || child.exitCode !== null,
          () => `the report: ${output.stderr}`,
        )
        expect(isBegun()).toBe(true)
        child.kill(signal)
        expect((await ended).status).toBe(signal)
        expect(readdirSync(folder).sort()).toEqual(['docs', 'known.json'])
        // As a shell sees it.
        const line = `$CLAUSELINT docs > /dev/null & sleep 1; kill -s ${signal.slice(3)} $!; wait $!; echo $?`
        expect((await shell(folder, `set -m; ${line}`)).stdout).toBe(`${signal === 'SIGINT' ? 130 : 143}\n`)
      },
      60_000,
    )
  }
})

describe('standard input', () => {
  const folder = folderWith({})
  for (const format of FORMATS)
    test(`named and checked, or empty: ${format}`, async () => {
      const args = ['check', '-', '--stdin-filename', 'dir/draft.html', '--format', format]
      const bad = await clauselint(folder, args, `<p>${BAD}</p>`)
      expect({ status: bad.status, stderr: bad.stderr }).toEqual({ status: 1, stderr: '' })
      expect(bad.stdout).toContain('draft.html')
      const empty = await clauselint(folder, args, '')
      expect({ status: empty.status, stderr: empty.stderr }).toEqual({ status: 0, stderr: '' })
      // SARIF lists the rules that ran.
      if (format !== 'sarif') expect(empty.stdout).not.toContain('amendment-without-notice')
      if (format === 'pretty') expect(empty.stdout).toContain('文件中没有可检查的文字')
    })

  test.skipIf(noScript)('a terminal is told what to do, a pipe is not', async () => {
    writeFileSync(join(folder, 'in.txt'), BAD)
    const terminal = await shell(folder, `script -qec '$CLAUSELINT - --lang en --color never' /dev/null < in.txt`)
    expect(terminal.stdout).toContain('clauselint: type or paste the document here and end it with Ctrl+D')
    expect(terminal.stdout).toContain('amendment-without-notice')
    expect((await shell(folder, '$CLAUSELINT - < in.txt')).stderr).toBe('')
  })
})
