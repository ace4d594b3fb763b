/** The files a run is about: arguments and folders turned into a sorted list, and whatever is left out said aloud. */

import { readdirSync, realpathSync, statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { Say } from '../report/words.js'
import type { Notice } from '../types.js'

export interface Inputs {
  /** Paths as they are shown, "-" for standard input. */
  readonly files: readonly string[]
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

/**
 * All files named by `paths`. Folders are walked in sorted order for files that `isSupported`, without hidden entries and
 * node_modules; a file named by itself is left to the reader to judge.
 */
export function collectInputs(paths: readonly string[], isSupported: (path: string) => boolean, say: Say): Inputs {
  const files: string[] = []
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
  const walk = (folder: string, above: readonly string[]): number => {
    const real = realpathSync(folder)
    if (above.includes(real)) return 0
    let found = 0
    for (const name of readdirSync(folder).sort()) {
      if (name.startsWith('.') || name === 'node_modules') continue
      const path = folder === '.' ? name : folder === '/' ? `/${name}` : `${folder}/${name}`
      const extension = extname(name).toLowerCase()
      try {
        if (statSync(path).isDirectory()) found += walk(path, [...above, real])
        else if (isSupported(path)) {
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
      if (!statSync(path).isDirectory()) add(path)
      else if (walk(path, []) === 0) {
        errors.push({ path, message: say('文件夹中没有可检查的文档。', 'no document to check in this folder.') })
      }
    } catch (error) {
      errors.push({ path, message: systemMessage(error, say) })
    }
  }
  return { files, errors, notices }
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
