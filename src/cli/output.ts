/** Where results and messages go: standard output or a file, and standard error for everything else. */

import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ToolError } from '../errors.js'
import type { Say } from '../report/words.js'
import { systemMessage } from './inputs.js'

/**
 * Writes a result to `file`, or to standard output where that is undefined. A file is written beside its place and
 * renamed, so that a reader never sees half a report; what is no plain file (/dev/null, a pipe, a link) is written to
 * as it is. Throws ToolError if it can't be written.
 */
export function writeResult(text: string, file: string | undefined, say: Say): void {
  if (file === undefined) {
    process.stdout.write(text)
    return
  }
  const part = join(dirname(file), `.clauselint-${process.pid}.tmp`)
  try {
    const there = lstatSync(file, { throwIfNoEntry: false })
    if (there !== undefined && !there.isFile()) writeFileSync(file, text)
    else {
      writeFileSync(part, text)
      renameSync(part, file)
    }
  } catch (error) {
    rmSync(part, { force: true })
    const reason = systemMessage(error, say)
    throw new ToolError('unwritable-output', say(`无法写入 ${file}：${reason}`, `cannot write ${file}: ${reason}`))
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

/** A closed pipe (`clauselint … | head`) ends the output without a word; any other failure to write is status 2. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return
      process.exitCode = 2
      if (stream === process.stdout) complain(error.message)
    })
  }
}
