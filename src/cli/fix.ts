/** `clauselint check --fix`: fixes documents in memory one after another, then writes all of them, or none. */

import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import { type CheckOptions, checking } from '../check/index.js'
import { ToolError } from '../errors.js'
import { applyToBytes } from '../fix/bytes.js'
import { applyEdits, edits, isFixable } from '../fix/index.js'
import { parse } from '../parse/index.js'
import { readDocument } from '../read/index.js'
import { type Say, sayIn } from '../report/words.js'
import type { Document, Finding, Notice } from '../types.js'
import { systemMessage } from './inputs.js'
import { guardPart } from './output.js'

interface Fixed {
  /** The document as it reads after the fixes. */
  readonly document: Document
  /** What was fixed, how often by which rule, and what could not be. */
  readonly notices: readonly Notice[]
}

interface Fixer {
  readonly fix: (document: Document) => Fixed
  /** All changes as one unified diff, whose lines end as they do in the files. */
  readonly patch: () => string
  /** Writes the changed files. Throws ToolError, and leaves every file as it was, where one of them can't be written. */
  readonly write: () => void
}

interface Change {
  readonly path: string
  /** Null where the file no longer holds what was checked. */
  readonly before: Uint8Array | null
  readonly after: Uint8Array
  readonly patch: string
}

/** One turn fixes all that it finds; another one is needed only where the first could not do it all. */
const TURNS = 4

/**
 * A fixer of documents that are checked with `options`. `isReported` leaves out findings that the report will not show;
 * what is not reported is not fixed. In a dry run the notices speak of what would be done.
 */
export function fixerFor(
  options: CheckOptions,
  isReported: (finding: Finding) => boolean = () => true,
  isDry = false,
): Fixer {
  const { rules, lang = 'zh' } = options
  const say = sayIn(lang)
  const ids = rules.rules.filter(r => r.method === 'emphasis').map(r => r.id)
  const only = options.only?.filter(id => ids.includes(id)) ?? ids
  const first = checking({ ...options, only })
  const every = checking({ ...options, only, everyUnmarked: true })
  /** The report names one sentence of a clause or table; all of them are to be fixed. */
  const findingsIn = (document: Document): readonly Finding[] => {
    const reported = new Set(first.add(document).findings.filter(isReported).map(clauseOf))
    return reported.size === 0 ? [] : every.add(document).findings.filter(f => reported.has(clauseOf(f)))
  }
  const changes: Change[] = []

  return {
    fix: document => {
      const note = (code: string, message: string): Notice => ({ code, path: document.path, message })
      if (!isFixable(document)) {
        const message = say(
          '没有修改：这种文件不能由本工具加粗。',
          'not changed: this tool sets no bold in such a file.',
        )
        return { document, notices: [note('not-fixable', message)] }
      }
      const found = findingsIn(document)
      const before = bytesOf(document)
      let bytes: Uint8Array = before ?? new Uint8Array()
      let now = document
      let left = found
      for (let turn = 0; turn < TURNS && left.length > 0; turn++) {
        const made = edits(parse(now), left, rules)
        if (made.length === 0) break
        const source = applyEdits(now.source, made)
        const after = before === null ? Buffer.from(`\ufeff${source}`) : applyToBytes(bytes, document.encoding, made)
        const next = readDocument(after, document.path, { lang, format: document.format })
        // An encoding in which bytes can't be put between any two characters.
        if (next.source !== source || next.text !== now.text) break
        bytes = after
        now = { ...next, frontMatter: document.frontMatter }
        left = findingsIn(now)
      }
      const notices: Notice[] = []
      if (now !== document) {
        changes.push({ path: document.path, before, after: bytes, patch: patchOf(document, now.source, before) })
        const done = found.length - left.length
        const byRule = tally(found, left)
        notices.push(
          isDry
            ? note(
                'would-fix',
                say(
                  `将加粗 ${done} 处（没有写入）：${byRule}。`,
                  `would be set in bold: ${done} (${byRule}); nothing was written.`,
                ),
              )
            : note('fixed', say(`已加粗 ${done} 处：${byRule}。`, `set in bold: ${done} (${byRule}).`)),
        )
      }
      if (left.length > 0) {
        const rest = tally(left, [])
        const message = say(
          `有 ${left.length} 处无法自动加粗，请手工处理：${rest}（标记放不进去，或者多数文字都加粗，加粗就不显著了）。`,
          `left for you to change: ${left.length} (${rest}); no mark fits in, or so much is bold that bold shows nothing.`,
        )
        notices.push(note('not-fixed', message))
      }
      return { document: now, notices }
    },
    patch: () => changes.map(({ patch }) => patch).join(''),
    write: () => writeAll(changes, say),
  }
}

/** Rule and clause of a finding: its fingerprint without the number that tells sentences of one clause apart. */
const clauseOf = ({ fingerprint }: Finding): string => fingerprint.replace(/-\d+$/, '')

/** "unmarked-fee 3, unmarked-penalty 1": how many more `found` has than `left`. */
function tally(found: readonly Finding[], left: readonly Finding[]): string {
  const counts = new Map<string, number>()
  for (const { ruleId } of found) counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1)
  for (const { ruleId } of left) counts.set(ruleId, (counts.get(ruleId) ?? 0) - 1)
  return [...counts]
    .filter(([, n]) => n > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, n]) => `${id} ${n}`)
    .join(', ')
}

/** The bytes that `document` was read from; null if the file no longer holds them, or it was standard input. */
function bytesOf({ path, sha256 }: Document): Uint8Array | null {
  try {
    const bytes = fs.readFileSync(path)
    return createHash('sha256').update(bytes).digest('hex') === sha256 ? bytes : null
  } catch {
    return null
  }
}

function patchOf({ path, source }: Document, after: string, bytes: Uint8Array | null): string {
  // The decoded text has lost its BOM, without which the first line would not match.
  const bom = bytes?.[0] === 0xef && bytes[1] === 0xbb ? '\ufeff' : ''
  const [a, b] = isAbsolute(path) ? [path, path] : [`a/${path}`, `b/${path}`]
  return createTwoFilesPatch(a, b, bom + source, bom + after, undefined, undefined, {
    headerOptions: FILE_HEADERS_ONLY,
  })
}

/** Writes beside each file first and renames when all are there. Links are followed, permissions kept. */
function writeAll(changes: readonly Change[], say: Say): void {
  const parts: { readonly part: string; readonly real: string; readonly path: string; readonly before: Buffer }[] = []
  let at = ''
  let renamed = 0
  try {
    for (const [i, { path, before, after }] of changes.entries()) {
      at = path
      const real = fs.realpathSync(path)
      if (parts.some(other => other.real === real)) continue
      const { mode, uid, gid } = fs.statSync(real)
      // Renaming asks for the folder's permission only; the file's own is meant.
      if ((mode & 0o222) === 0) throw new Error(say('文件是只读的。', 'the file is read-only.'))
      fs.accessSync(real, fs.constants.W_OK)
      const there = fs.readFileSync(real)
      if (before === null || !there.equals(before))
        throw new Error(say('检查期间文件有改动。', 'it changed during the check.'))
      const part = join(dirname(real), `.clauselint-${process.pid}-${i}.tmp`)
      parts.push({ part, real, path, before: there })
      guardPart(part)
      fs.writeFileSync(part, after, { flag: 'wx' })
      fs.chmodSync(part, mode & 0o7777)
      const now = fs.statSync(part)
      if (now.uid !== uid || now.gid !== gid) fs.chownSync(part, uid, gid)
    }
    for (const { part, real, path } of parts) {
      at = path
      fs.renameSync(part, real)
      renamed++
    }
  } catch (error) {
    for (const { part } of parts) fs.rmSync(part, { force: true })
    for (const { real, before } of parts.slice(0, renamed)) fs.writeFileSync(real, before)
    const reason = systemMessage(error, say)
    throw new ToolError(
      'unwritable-document',
      say(`无法写入 ${at}：${reason}没有修改任何文件。`, `cannot write ${at}: ${reason} No file was changed.`),
    )
  }
}
