/** `clauselint check`: reads the inputs, checks them together, prints the report and returns the exit status. */

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ToolError } from '../errors.js'
import { sayIn } from '../report/words.js'
import type { Confidence, Document, Lang, Notice, Severity } from '../types.js'
import { CONFIG_FILE, type Config, loadConfig } from './config.js'
import { collectInputs, systemMessage } from './inputs.js'
import { outputWidth, wantsColor } from './locale.js'
import { complain, type Progress, progressLine, writeResult } from './output.js'
import { requireRule, ruleSet } from './rule-set.js'
import { toolVersion } from './version.js'

export interface CheckOptions {
  readonly format: 'pretty' | 'json'
  readonly output?: string
  /** A file name; false for none; undefined for the one in the current folder. */
  readonly config?: string | false
  readonly rules: readonly string[]
  readonly only: readonly string[]
  readonly skip: readonly string[]
  readonly failOn: Severity | 'never'
  readonly minConfidence?: Confidence
  readonly lang: Lang
  readonly quiet: boolean
  readonly color: string
  readonly outline: boolean
  readonly stdinFilename: string
}

const RANK = { info: 0, warning: 1, error: 2 } as const

export async function standardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

/** The document with the facts that the config states about it put over its own front matter. */
export function withFacts(document: Document, config: Config | null): Document {
  const entry = config?.documents.find(d => resolve(d.path) === resolve(document.path))
  return entry === undefined ? document : { ...document, frontMatter: { ...document.frontMatter, ...entry.facts } }
}

/** A document, or one sentence that says why there is none. */
export type ReadFile = { readonly document: Document } | { readonly message: string }

/** Reads the bytes of one file; `path` decides the format and stands in findings. */
export async function readFileOr(path: string, bytes: Uint8Array | (() => Uint8Array), lang: Lang): Promise<ReadFile> {
  const { readDocument, ReadError } = await import('../read/index.js')
  const say = sayIn(lang)
  try {
    return { document: readDocument(typeof bytes === 'function' ? bytes() : bytes, path, { lang }) }
  } catch (error) {
    if (error instanceof ReadError) return { message: error.texts[lang].replace(`${path}${say('：', ': ')}`, '') }
    if (typeof (error as NodeJS.ErrnoException).syscall === 'string') return { message: systemMessage(error, say) }
    throw error
  }
}

async function outlines(documents: readonly Document[]): Promise<string> {
  const { outline, parse } = await import('../parse/index.js')
  return documents.map(document => `${document.path}\n${outline(parse(document)).trimEnd()}\n`).join('\n')
}

interface Read {
  readonly documents: readonly Document[]
  readonly notices: readonly Notice[]
  readonly failed: boolean
}

/** Reads every input it can; what it can't is said on standard error and kept as a notice. */
async function readAll(
  paths: readonly string[],
  options: CheckOptions,
  config: Config | null,
  progress: Progress,
): Promise<Read> {
  const { isSupported } = await import('../read/index.js')
  const { lang } = options
  const say = sayIn(lang)
  const inputs = collectInputs(paths, isSupported, say)
  const notices = [...inputs.notices]
  const documents: Document[] = []
  const fail = (path: string, message: string) => {
    progress.clear()
    complain(`${path}${say('：', ': ')}${message}`)
    notices.push({ code: 'unreadable-input', path, message })
  }
  for (const { path, message } of inputs.errors) fail(path, message)
  for (const [i, file] of inputs.files.entries()) {
    progress.update(
      say(`正在读取 ${i + 1}/${inputs.files.length} ${file}`, `reading ${i + 1}/${inputs.files.length} ${file}`),
    )
    const path = file === '-' ? options.stdinFilename : file
    const bytes = file === '-' ? await standardInput() : () => readFileSync(file)
    const read = await readFileOr(path, bytes, lang)
    if ('document' in read) documents.push(withFacts(read.document, config))
    else fail(path, read.message)
  }
  return { documents, notices, failed: notices.some(n => n.code === 'unreadable-input') }
}

/**
 * Runs the command. Returns 0 (nothing at or above `failOn`), 1 (findings) or 2 (an input could not be read; the
 * others are still reported). Throws ToolError where nothing can be checked at all.
 */
export async function runCheck(named: readonly string[], options: CheckOptions): Promise<number> {
  const { lang } = options
  const say = sayIn(lang)
  const config = options.config === false ? null : loadConfig(options.config, lang)
  const paths = named.length > 0 ? named : (config?.documents.map(d => d.path) ?? [])
  if (paths.length === 0) {
    const nothing =
      config === null
        ? say(
            `没有要检查的文件：请给出文件或文件夹，或在当前文件夹放一个 ${CONFIG_FILE}。`,
            `nothing to check: name files or folders, or put a ${CONFIG_FILE} in the current folder.`,
          )
        : say(
            `没有要检查的文件：${config.file} 没有列出 documents。`,
            `nothing to check: ${config.file} lists no documents.`,
          )
    throw new ToolError('no-input', nothing)
  }

  const progress = progressLine()
  const readInputs = () => readAll(paths, options, config, progress)
  if (options.outline) {
    const { documents, failed } = await readInputs()
    progress.clear()
    writeResult(await outlines(documents), options.output, say)
    return failed ? 2 : 0
  }

  const rules = await ruleSet(options.rules, lang)
  for (const id of [...options.only, ...options.skip]) requireRule(id, rules, lang)
  config?.requireKnown(rules)
  // A rule asked for by name runs although the config has it off.
  const severities = Object.fromEntries(
    Object.entries(config?.severities ?? {}).filter(
      ([id, severity]) => severity !== 'off' || !options.only.includes(id),
    ),
  )

  const { documents, notices, failed } = await readInputs()
  if (documents.length === 0) {
    progress.clear()
    return 2
  }
  progress.update(say(`正在检查 ${documents.length} 份文档…`, `checking ${documents.length} documents…`))
  const { check } = await import('../check/index.js')
  const checked = check(documents, {
    rules,
    lang,
    skip: options.skip,
    severities,
    ...(options.only.length > 0 && { only: options.only }),
    ...(options.minConfidence !== undefined && { minConfidence: options.minConfidence }),
    ...(config !== null && { platform: config.platform }),
  })
  progress.clear()
  const result = { ...checked, notices: [...notices, ...checked.notices] }

  if (options.format === 'json') {
    const { jsonReport } = await import('../report/json.js')
    writeResult(jsonReport(result, toolVersion()), options.output, say)
  } else {
    const { prettyReport } = await import('../report/pretty.js')
    const toTerminal = options.output === undefined
    const color = wantsColor(options.color, toTerminal && process.stdout.isTTY === true, toTerminal ? process.env : {})
    const width = toTerminal ? outputWidth(process.stdout) : 100
    writeResult(prettyReport(result, { rules, lang, width, color, quiet: options.quiet }), options.output, say)
  }

  if (failed) return 2
  const { failOn } = options
  if (failOn === 'never') return 0
  return result.findings.some(f => RANK[f.severity] >= RANK[failOn]) ? 1 : 0
}
