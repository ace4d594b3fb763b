/** How big a document may be: what is too big to be checked is said, and what will take long. */

import { statSync } from 'node:fs'
import type { Say } from '../report/words.js'
import type { Inputs } from './inputs.js'

const MEGABYTE = 1024 * 1024
const MAX_SIZE = 10 * MEGABYTE
/** From this size on a check is announced: it may take minutes. */
const SLOW_SIZE = MEGABYTE

/** "12.3 MB"; small sizes as KB or bytes. */
function shownSize(bytes: number): string {
  const [unit, name] = bytes >= MEGABYTE ? [MEGABYTE, 'MB'] : bytes >= 1024 ? [1024, 'KB'] : [1, 'B']
  return `${Number((bytes / unit).toFixed(1))} ${name}`
}

/** In bytes; 0 for what reading will say more about, and for standard input. */
function sizeOf(file: string): number {
  try {
    return file === '-' ? 0 : statSync(file).size
  } catch {
    return 0
  }
}

/** Why a document of so many bytes is not checked, one sentence; null if it is. `most` in bytes, 10 MB when absent. */
export function tooBig(bytes: number, most: number = MAX_SIZE, say: Say): string | null {
  if (bytes <= most) return null
  const [own, limit] = [shownSize(bytes), shownSize(most)]
  return say(
    `文件有 ${own}，超过 ${limit}，没有检查；可用 --max-size 提高上限。`,
    `not checked: the file has ${own}, more than ${limit}; --max-size raises the limit.`,
  )
}

/** What to say before a document of so many bytes is checked; null if it won't take long. */
export function slowNotice(bytes: number, say: Say): string | null {
  if (bytes <= SLOW_SIZE) return null
  const own = shownSize(bytes)
  return say(`文件有 ${own}，检查可能要几分钟。`, `the file has ${own}; checking it may take minutes.`)
}

/** The files that are small enough, the others among the errors; `slow` is told of those that will take long. */
export function withinSize(
  inputs: Inputs,
  most: number | undefined,
  say: Say,
  slow: (path: string, message: string) => void,
): Inputs {
  const errors = [...inputs.errors]
  const files = inputs.files.filter(path => {
    const size = sizeOf(path)
    const message = tooBig(size, most, say)
    const notice = message === null ? slowNotice(size, say) : null
    if (notice !== null) slow(path, notice)
    if (message !== null) errors.push({ path, message })
    return message === null
  })
  return { ...inputs, files, errors }
}
