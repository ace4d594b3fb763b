/**
 * The cache of `check`: what documents showed, one line for each, under a hash of all that it hangs on. Whatever is
 * wrong with the file, or with a line of it, is as if it were not there.
 */

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ToolError } from '../errors.js'
import type { Say } from '../report/words.js'
import { builtinRules } from '../rules/index.js'
import type { Done, FileOptions, Shown, Task } from './examine.js'
import { systemMessage } from './inputs.js'
import { complain, writeResult } from './output.js'

/** Hidden from the walk through folders. */
const CACHE_FILE = '.clauselint-cache'
const FIRST_LINE = 'clauselint cache 1'
const PROGRAM = fileURLToPath(new URL('../', import.meta.url))

export interface Cache {
  /** Reads what the document showed when it held `bytes` and all else was the same; null if that is not known. */
  readonly find: (task: Task, bytes: Uint8Array) => (() => Done) | null
  /** Remembers what a document showed. */
  readonly put: (task: Task, done: Done) => void
  /** Writes the file if anything in it has changed. One that can't be written is said on standard error. */
  readonly save: () => void
}

const hash = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex')

/** One hash of the contents of all files below `folders` that have one of these extensions. */
function digestOf(folders: readonly string[], extensions: readonly string[]): string {
  const sum = createHash('sha256')
  for (const folder of folders) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      const path = join(folder, name)
      if (!extensions.includes(extname(name)) || !statSync(path, { throwIfNoEntry: false })?.isFile()) continue
      sum.update(`${name}\n`).update(readFileSync(path))
    }
  }
  return sum.digest('hex')
}

/** The file that `location` names: a folder holds it under its usual name; true is the usual file. */
export function cacheFile(location: string | true): string {
  if (location === true) return CACHE_FILE
  const isFolder = /[\\/]$/.test(location) || (existsSync(location) && statSync(location).isDirectory())
  return isFolder ? join(location, CACHE_FILE) : location
}

/**
 * Opens the cache in `file`. What it remembers hangs on the contents and path of a document, its settings and facts, the
 * rules of `dirs` and those built in, the program, and the options; on the day only where the document has comments,
 * which may expire.
 */
export function openCache(file: string, options: FileOptions, dirs: readonly string[], say: Say): Cache {
  const { today, ...settings } = options
  const program = digestOf([PROGRAM, builtinRules, ...dirs], ['.js', '.json', '.yaml', '.yml'])
  const base = JSON.stringify([process.version, program, settings])
  const keyOf = ({ path, facts, terms }: Task, sha256: string): string =>
    hash(JSON.stringify([base, path, sha256, facts, terms.own, terms.ofSet, terms.huge]))

  let text: string | null = null
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    // There is none yet, or none that can be read: then it can't be written either, which is said.
  }
  const [first, ...rest] = (text ?? '').split('\n')
  const isForeign = text !== null && first !== FIRST_LINE
  // A slip of the pen must not cost a document.
  const isOurs = !isForeign || first?.startsWith('clauselint cache ') || basename(file) === CACHE_FILE
  /** By path, the lines of the file. */
  const lines = new Map(isForeign ? [] : rest.flatMap(line => (line === '' ? [] : [[pathOf(line), line] as const])))
  const touched = new Set<string>()
  let isChanged = false

  return {
    find: (task, bytes) => {
      const line = lines.get(task.path)
      if (line === undefined) return null
      const [sum, key, looked, day, , kept = ''] = line.split('\t')
      if (key !== keyOf(task, hash(bytes)) || (day !== '' && day !== today)) return null
      if ((task.terms.terms && looked !== 'set') || sum !== sumOf(line)) return null
      touched.add(task.path)
      return () => {
        const done = JSON.parse(kept) as Shown
        return task.terms.terms ? done : { ...done, examined: { ...done.examined, terms: null } }
      }
    },
    put: (task, done) => {
      if (!('examined' in done)) return
      const { document, comments } = done.examined
      const looked = task.terms.terms ? 'set' : 'alone'
      const day = comments === null ? '' : today
      const path = JSON.stringify(task.path)
      const line = ['', keyOf(task, document.sha256), looked, day, path, JSON.stringify(done)].join('\t')
      lines.set(task.path, sumOf(line) + line)
      touched.add(task.path)
      isChanged = true
    },
    save: () => {
      // What was not looked at this time stays as long as there is such a document.
      for (const path of lines.keys()) {
        if (touched.has(path) || (path !== '' && existsSync(path))) continue
        lines.delete(path)
        isChanged = true
      }
      if (!isChanged) return
      if (!isOurs) {
        complain(
          say(
            `缓存没有保存：${file} 不是本工具的缓存文件，没有改动它。`,
            `the cache was not saved: ${file} is no cache of this tool and was left alone.`,
          ),
        )
        return
      }
      try {
        mkdirSync(dirname(file), { recursive: true })
        const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line)
        writeResult(`${[FIRST_LINE, ...sorted].join('\n')}\n`, file, say, 0o600)
      } catch (error) {
        const reason = error instanceof ToolError ? error.message : systemMessage(error, say)
        complain(say(`缓存没有保存：${reason}`, `the cache was not saved: ${reason}`))
      }
    },
  }
}

/**
 * Of the rest of a line: the key, whether terms of a whole set were looked for, the day it holds on (empty: any), the
 * path, and what the document showed.
 */
const sumOf = (line: string): string => hash(line.slice(line.indexOf('\t'))).slice(0, 16)

function pathOf(line: string): string {
  try {
    return String(JSON.parse(line.split('\t')[4] ?? ''))
  } catch {
    return ''
  }
}
