/** Where results and messages go: standard output or a file, and standard error for everything else. */

import { closeSync, existsSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ToolError } from '../errors.js'
import type { Say } from '../report/words.js'
import { systemMessage } from './inputs.js'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const parts = new Set<string>()

function discard(part: string): void {
  // Where the folder is none, rmSync minds, for all its force.
  if (existsSync(part)) rmSync(part)
}

/** Takes half-written files away, then lets the signal do what it does where nobody listens. */
function endBy(signal: NodeJS.Signals): void {
  for (const part of parts) discard(part)
  for (const each of SIGNALS) process.off(each, endBy)
  process.kill(process.pid, signal)
}

/** Has `part`, which is about to be written, deleted where a signal ends the run before it is renamed. */
export function guardPart(part: string): void {
  parts.add(part)
  // Until something is being written, a signal ends the process at once, however busy it is; then between two documents.
  if (process.listenerCount('SIGINT', endBy) === 0) for (const signal of SIGNALS) process.on(signal, endBy)
}

/**
 * Writes a result to `file`, or to standard output where that is undefined. A file is written beside its place and
 * renamed, so that a reader never sees half a report; what is no plain file (/dev/null, a pipe, a link) is written to
 * as it is. `mode` is for a new file. Throws ToolError if it can't be written.
 */
export function writeResult(text: string, file: string | undefined, say: Say, mode = 0o666): void {
  if (file === undefined) {
    process.stdout.write(text)
    return
  }
  const part = join(dirname(file), `.clauselint-${process.pid}.tmp`)
  try {
    const there = lstatSync(file, { throwIfNoEntry: false })
    if (there !== undefined && !there.isFile()) writeFileSync(file, text)
    else {
      guardPart(part)
      writeFileSync(part, text, { mode })
      renameSync(part, file)
    }
  } catch (error) {
    discard(part)
    const reason = systemMessage(error, say)
    throw new ToolError('unwritable-output', say(`无法写入 ${file}：${reason}`, `cannot write ${file}: ${reason}`))
  }
}

/** A result that is written piece by piece. */
export interface ResultStream {
  /** False once nobody reads any more. */
  readonly write: (text: string) => Promise<boolean>
  /** Puts a file in its place; without it, no half of a report is left behind. */
  readonly finish: () => void
  readonly abandon: () => void
}

/** As `writeResult`, for a result that grows. */
export function openResult(file: string | undefined, say: Say): ResultStream {
  if (file === undefined) {
    let open = true
    return {
      write: text =>
        open
          ? new Promise(done => {
              process.stdout.write(text, error => {
                open = !error
                done(open)
              })
            })
          : Promise.resolve(false),
      finish: () => {},
      abandon: () => {},
    }
  }
  const attempt = <T>(action: () => T): T => {
    try {
      return action()
    } catch (error) {
      const reason = systemMessage(error, say)
      throw new ToolError('unwritable-output', say(`无法写入 ${file}：${reason}`, `cannot write ${file}: ${reason}`))
    }
  }
  const part = attempt(() => lstatSync(file, { throwIfNoEntry: false })?.isFile() !== false)
    ? join(dirname(file), `.clauselint-${process.pid}-${basename(file)}.tmp`)
    : file
  if (part !== file) guardPart(part)
  const handle = attempt(() => openSync(part, 'w'))
  return {
    write: async text => {
      attempt(() => writeFileSync(handle, text))
      return true
    },
    finish: () => {
      closeSync(handle)
      if (part !== file) attempt(() => renameSync(part, file))
    },
    abandon: () => {
      closeSync(handle)
      if (part !== file) discard(part)
    },
  }
}

/** One line on standard error. */
export function complain(message: string): void {
  process.stderr.write(`clauselint: ${message}\n`)
}

export interface Progress {
  /** Shows `text` in place of what was shown before. */
  readonly update: (text: string) => void
  /** Takes the line away, before anything else is printed. */
  readonly clear: () => void
}

/** A line on standard error that follows the work, shown on a terminal once the run has taken a second. */
export function progressLine(): Progress {
  const begun = performance.now()
  let shown = false
  if (!process.stderr.isTTY) return { update: () => {}, clear: () => {} }
  return {
    update: text => {
      if (performance.now() - begun < 1000) return
      process.stderr.write(`\r\x1b[K${text}`)
      shown = true
    },
    clear: () => {
      if (shown) process.stderr.write('\r\x1b[K')
      shown = false
    },
  }
}

/**
 * Watches standard output and error: a closed pipe (`clauselint … | head`) ends the output without a word, any other
 * failure is told once. What it returns tells, when all is written, whether a result was lost.
 */
export function guardStreams(say: Say): () => Promise<boolean> {
  let lost = false
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || lost) return
      lost = true
      const reason = systemMessage(error, say)
      if (stream === process.stdout)
        complain(say(`无法写入标准输出：${reason}`, `cannot write to standard output: ${reason}`))
    })
  }
  return async () => {
    await new Promise<void>(done => {
      process.stdout.write('', () => setImmediate(done))
    })
    return lost
  }
}
