/** The files a run is about: arguments and folders turned into a sorted list, and whatever is left out said aloud. */

import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, extname, join, relative, resolve } from 'node:path'
import ignore, { type Ignore } from 'ignore'
import { ToolError } from '../errors.js'
import type { Say } from '../report/words.js'
import type { Notice } from '../types.js'

export interface Inputs {
  /** Paths as they are shown, "-" for standard input. */
  readonly files: readonly string[]
  /** The folders that were looked into. */
  readonly folders: readonly string[]
  /** Named paths that can't be used, one sentence each. */
  readonly errors: readonly { readonly path: string; readonly message: string }[]
  /** Documents in a folder that no reader understands. */
  readonly notices: readonly Notice[]
}

const DOCUMENT_LIKE = new Set(
  '.doc .docx .docm .dot .wps .odt .rtf .pdf .ofd .pages .epub .ppt .pptx .xls .xlsx .et .mht .mhtml'.split(' '),
)

/** "a/b" with forward slashes and without "./", so that reports are the same on every system. */
function shown(path: string): string {
  const plain = process.platform === 'win32' ? path.replaceAll('\\', '/') : path
  return plain.replace(/^(?:\.\/+)+(?=.)/, '').replace(/(?<=.)\/+$/, '')
}

/** What the configs say of files to leave out: `of` a folder, and `for` a file. Paths of folders end in "/". */
interface IgnoreSettings {
  readonly of: (folder: string) => { readonly isIgnored: (path: string) => boolean } | null
  readonly for: (path: string) => { readonly isIgnored: (path: string) => boolean } | null
}

/** A `.gitignore` and the folder it stands in. */
interface GitIgnore {
  readonly folder: string
  readonly rules: Ignore
}

/** Of `folder` itself; an empty list where it has none. */
function gitIgnoreIn(folder: string): GitIgnore[] {
  const file = join(folder, '.gitignore')
  if (!existsSync(file)) return []
  return [{ folder: resolve(folder), rules: ignore().add(readFileSync(file, 'utf8')) }]
}

/** Of the folders above `folder`, up to the root of its repository; none outside a repository. */
function gitIgnoresAbove(folder: string): GitIgnore[] {
  const found: GitIgnore[] = []
  for (let here = resolve(folder); ; here = dirname(here)) {
    if (here !== resolve(folder)) found.unshift(...gitIgnoreIn(here))
    if (existsSync(join(here, '.git'))) return found
    if (dirname(here) === here) return []
  }
}

/** What git says of an entry, a folder's `path` ending in "/": the nearest file that speaks of it decides. */
function gitIgnored(path: string, files: readonly GitIgnore[]): boolean {
  for (const { folder, rules } of files.toReversed()) {
    const own = relative(folder, resolve(path)).replaceAll('\\', '/') + (path.endsWith('/') ? '/' : '')
    const { ignored, unignored } = rules.test(own)
    if (ignored || unignored) return ignored
  }
  return false
}

/**
 * All files named by `paths`. Folders are walked in sorted order for files that `isSupported`, without hidden entries,
 * node_modules, and what `.gitignore` or the config's `ignore` leaves out. A file named by itself is taken even if it
 * is left out there, and is left to the reader to judge.
 */
export function collectInputs(
  paths: readonly string[],
  isSupported: (path: string) => boolean,
  say: Say,
  configs: IgnoreSettings,
): Inputs {
  const files: string[] = []
  const folders: string[] = []
  const errors: { path: string; message: string }[] = []
  const notices: Notice[] = []
  const seen = new Set<string>()
  const add = (path: string) => {
    const absolute = path === '-' ? '-' : resolve(path)
    if (seen.has(absolute)) return
    seen.add(absolute)
    files.push(path)
  }

  /** Adds what is in a folder; `above` are the folders being walked, so that a link back up ends there. */
  const walk = (folder: string, above: readonly string[], outer: readonly GitIgnore[], skipped: string[]): number => {
    const real = realpathSync(folder)
    if (above.includes(real)) return 0
    folders.push(folder)
    let found = 0
    const git = [...outer, ...gitIgnoreIn(folder)]
    const config = configs.of(folder)
    const isLeftOut = (path: string): boolean => config?.isIgnored(path) === true || gitIgnored(path, git)
    for (const name of readdirSync(folder).sort()) {
      if (name.startsWith('.') || name === 'node_modules') continue
      const path = folder === '.' ? name : folder === '/' ? `/${name}` : `${folder}/${name}`
      const extension = extname(name).toLowerCase()
      try {
        if (statSync(path).isDirectory()) {
          if (isLeftOut(`${path}/`)) skipped.push(`${path}/`)
          else found += walk(path, [...above, real], git, skipped)
        } else if (isLeftOut(path)) {
          if (isSupported(path)) skipped.push(path)
        } else if (isSupported(path)) {
          add(path)
          found++
        } else if (DOCUMENT_LIKE.has(extension)) {
          const message = say(
            `不支持 ${extension} 格式，未检查。`,
            `not checked: ${extension} files are not supported.`,
          )
          notices.push({ code: 'unsupported-format', path, message })
        }
      } catch (error) {
        if (error instanceof ToolError) throw error
        // A dead link matters only where a document should be.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !isSupported(path)) continue
        errors.push({ path, message: systemMessage(error, say) })
      }
    }
    return found
  }

  for (const path of paths.map(shown)) {
    if (path === '-') {
      add('-')
      continue
    }
    try {
      if (!statSync(path).isDirectory()) {
        add(path)
        if (configs.for(path)?.isIgnored(path)) {
          const message = say(
            '配置的 ignore 排除了这个文件；因为是直接指定的，仍然检查。',
            'the config ignores this file; it was named, so it is checked all the same.',
          )
          notices.push({ code: 'ignored-but-named', path, message })
        }
        continue
      }
      const skipped: string[] = []
      const found = walk(path, [], gitIgnoresAbove(path), skipped)
      if (skipped.length > 0) {
        const shownSome = skipped.slice(0, 3).join(say('、', ', ')) + (skipped.length > 3 ? say(' 等', ', …') : '')
        const message = say(
          `按 .gitignore 或配置的 ignore 未检查 ${skipped.length} 项：${shownSome}。`,
          `left out by .gitignore or the config's ignore, not checked (${skipped.length}): ${shownSome}.`,
        )
        notices.push({ code: 'ignored-files', path, message })
      }
      if (found === 0)
        errors.push({ path, message: say('文件夹中没有可检查的文档。', 'no document to check in this folder.') })
    } catch (error) {
      // A broken config says more than that its folder can't be read.
      if (error instanceof ToolError) throw error
      errors.push({ path, message: systemMessage(error, say) })
    }
  }
  return { files, folders, errors, notices }
}

/** One part of the files: `--shard 2/4` is index 2 of count 4. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** The inputs of one shard: of the files in sorted order every `count`-th. The order of the run stays as it was. */
export function shardOf(inputs: Inputs, { index, count }: Shard, say: Say): Inputs {
  const own = new Set([...inputs.files].sort().filter((_, position) => position % count === index - 1))
  const [part, all] = [own.size, inputs.files.length]
  const message = say(
    `只检查第 ${index}/${count} 片：全部 ${all} 份文档中的 ${part} 份。`,
    `shard ${index}/${count} only: ${part} of ${all} documents were checked.`,
  )
  const notice = { code: 'shard', path: '', message }
  return { ...inputs, files: inputs.files.filter(file => own.has(file)), notices: [...inputs.notices, notice] }
}

/** What the operating system said, as a sentence. */
export function systemMessage(error: unknown, say: Say): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return say('没有这个文件或文件夹。', 'no such file or folder.')
  if (code === 'EACCES' || code === 'EPERM') return say('没有读写权限。', 'permission denied.')
  if (code === 'EISDIR') return say('这是文件夹，不是文件。', 'this is a folder, not a file.')
  if (code === 'ENOTDIR') return say('路径的一部分不是文件夹。', 'part of the path is not a folder.')
  if (code === 'ELOOP') return say('符号链接形成循环。', 'too many symbolic links.')
  if (code === 'ENOSPC') return say('磁盘空间不足。', 'no space left on the disk.')
  return code === undefined
    ? String((error as Error).message ?? error)
    : say(`读写失败（${code}）。`, `reading or writing failed (${code}).`)
}
