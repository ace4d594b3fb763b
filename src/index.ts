/**
 * The library: read documents, load rules, check.
 *
 * ```js
 * import { check } from 'clauselint'
 * const { findings } = check('第一条 平台有权随时单方修改本协议。')
 * ```
 */

import { check as checkDocuments } from './check/index.js'
import { readDocument } from './read/index.js'
import type { Platform } from './check/profile.js'
import { loadRules } from './rules/index.js'
import type { RuleSet } from './rules/types.js'
import type { CheckResult, Confidence, Document, Lang, Severity } from './types.js'

export { ToolError } from './errors.js'
export { outline, parse } from './parse/index.js'
export { isSupported, ReadError, readDocument } from './read/index.js'
export { jsonReport } from './report/json.js'
export { type PrettyOptions, prettyReport } from './report/pretty.js'
export { diffJson } from './report/diff.js'
export { loadRules } from './rules/index.js'
export type { Law, Rule, RuleSet } from './rules/types.js'
export type { Platform } from './check/profile.js'
export { compareVersions } from './versions/compare.js'
export type { Change, Meaning, VersionDiff } from './versions/types.js'
export type * from './types.js'

/** A file in memory. The extension of `path` decides the format; `path` is shown in findings. */
export interface InputFile {
  readonly path: string
  readonly bytes: Uint8Array
}

export interface CheckOptions {
  /** The rules to check by; the built-in ones when absent. */
  readonly rules?: RuleSet
  /** Rule ids to run; all when absent. */
  readonly only?: readonly string[]
  /** Rule ids to leave out. */
  readonly skip?: readonly string[]
  /** Severity by rule id; 'off' leaves a rule out. */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>
  /** Language of messages; 'zh' when absent. */
  readonly lang?: Lang
  /** Leave out findings below this confidence. */
  readonly minConfidence?: Confidence
  /** What is known of the platform; switches rules that hold only for some. */
  readonly platform?: Platform
  /** False: clauselint-disable comments in the documents take no findings back. */
  readonly inlineSuppressions?: boolean
  /** The day on which such comments expire or don't, as 2026-11-21; the local date when absent. */
  readonly today?: string
  /** The name of a single text or of single bytes; 'input.md' when absent, so the input is read as Markdown. */
  readonly path?: string
}

let builtIn: RuleSet | undefined

/**
 * Checks one text, the bytes of one file, or several files or documents together (rules about a whole rule set look
 * across them). Reads no files but the rules. Throws ReadError for bytes that are no readable document, ToolError for
 * a broken rule.
 */
export function check(
  input: string | Uint8Array | readonly (InputFile | Document)[],
  options: CheckOptions = {},
): CheckResult {
  const { path = 'input.md', rules = (builtIn ??= loadRules()), ...rest } = options
  const read = (bytes: Uint8Array, name: string) => readDocument(bytes, name, { lang: rest.lang ?? 'zh' })
  const documents =
    typeof input === 'string'
      ? [read(new TextEncoder().encode(input), path)]
      : input instanceof Uint8Array
        ? [read(input, path)]
        : input.map(file => ('bytes' in file ? read(file.bytes, file.path) : file))
  return checkDocuments(documents, { ...rest, rules })
}
