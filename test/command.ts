/** Runs the built command line for the tests. */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const bin = fileURLToPath(new URL('../bin/clauselint.js', import.meta.url))

/** What the commands see of the environment. */
export const ENV = { PATH: process.env['PATH'] ?? '', LANG: 'zh_CN.UTF-8', NODE_DISABLE_COMPILE_CACHE: '1' }

export interface Ended {
  /** The exit status, or the name of the signal that ended it. */
  readonly status: number | string | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly child: ChildProcess
  /** What came out so far. */
  readonly output: { stdout: string; stderr: string }
  readonly ended: Promise<Ended>
}

/** Starts a command in `folder`; `stdin` is closed at once where it is undefined. */
export function start(command: string, args: readonly string[], folder: string, stdin?: string): Started {
  const child = spawn(command, args, { cwd: folder, env: ENV })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
    })
  child.stdin.on('error', () => {}) // it may be gone already
  child.stdin.end(stdin ?? '')
  const ended = new Promise<Ended>((done, failed) => {
    child.on('error', failed)
    child.on('close', (code, signal) => done({ status: code ?? signal, ...output }))
  })
  return { child, output, ended }
}

/** Runs clauselint to its end. */
export const clauselint = (folder: string, args: readonly string[], stdin?: string): Promise<Ended> =>
  start(process.execPath, [bin, ...args], folder, stdin).ended

/** Runs a line of shell in which $CLAUSELINT starts clauselint. */
export const shell = (folder: string, line: string, by = 'bash'): Promise<Ended> =>
  // bash takes a socket on its input for a remote login, and would read the user's own settings.
  start(
    by,
    [...(by === 'bash' ? ['--norc'] : []), '-c', line.replaceAll('$CLAUSELINT', `"${process.execPath}" "${bin}"`)],
    folder,
  ).ended

const made: string[] = []

/** A new folder with these files. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'clauselint-'))
  made.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

export function removeFolders(): void {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
}

/** Waits until `holds`, at most `ms`; the error names what was waited for. */
export async function until(holds: () => boolean, what: () => string, ms = 15_000): Promise<void> {
  const end = Date.now() + ms
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what()}`)
    await new Promise(done => setTimeout(done, 20))
  }
}
