/** `clauselint check`: reads the inputs, checks them together, prints the report and returns the exit status. */

import { appendFileSync, existsSync, readFileSync, realpathSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { CONFLICT_RULE, quoteKey } from '../check/examine.js'
import { ToolError } from '../errors.js'
import { isSupported } from '../read/index.js'
import { type FormatName, type ReportContext, WRITERS } from '../report/formats.js'
import { type Say, sayIn } from '../report/words.js'
import { type Checking, checking, countFindings, type RuleSettings } from '../check/index.js'
import { localDay } from '../text/day.js'
import type {
  CheckResult,
  Confidence,
  Document,
  DocumentSummary,
  Finding,
  Lang,
  Notice,
  Severity,
  SuppressedFinding,
} from '../types.js'
import {
  type Baseline,
  baselineText,
  knownTo,
  matchBaseline,
  prunedBaseline,
  readBaseline,
  type Scope,
  updatedBaseline,
} from './baseline.js'
import { CONFIG_FILE, type Config, type Configs, findConfigs } from './config.js'
import { cacheFile, openCache } from './cache.js'
import { fileExaminer, readFileOr, type Shown, withFacts } from './examine.js'
import { collectInputs, type Inputs, type Shard, shardOf, systemMessage } from './inputs.js'
import { outputWidth, wantsColor } from './locale.js'
import { complain, openResult, progressLine, type ResultStream, writeResult } from './output.js'
import { examineAll, type Input } from './pool.js'
import { requireRule, ruleSet } from './rule-set.js'
import { slowNotice, tooBig, withinSize } from './sizes.js'
import { tool } from './version.js'

/** One report: its format, and its file; none is standard output, for one report at most. */
export interface Output {
  readonly format: FormatName
  readonly file?: string
}

export interface CheckOptions {
  readonly outputs: readonly Output[]
  /** SARIF lists what was suppressed too. */
  readonly sarifIncludeSuppressed: boolean
  /** A file name; false for none; undefined for the one nearest above each document. */
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
  /** Sets in bold what the emphasis rules find; 'dry-run' prints the changes on standard output and writes no document. */
  readonly fix?: 'write' | 'dry-run'
  readonly stdinFilename: string
  /** Larger documents are not checked, which is an error; in bytes. */
  readonly maxSize?: number
  /** Threads to use; as many as are worth while when absent. */
  readonly concurrency?: number
  readonly shard?: Shard
  /** The file or folder of the cache, true for the usual one; none when absent. */
  readonly cache?: string | true
  readonly baseline?: string
  /** What to do with the baseline file beside reading it. */
  readonly writeBaseline?: 'update' | 'prune'
  readonly inlineSuppressions: boolean
  /** The day on which comments in documents expire; the local date when absent. */
  readonly today?: string
}

const RANK = { info: 0, warning: 1, error: 2 } as const
const SEVERITIES = ['info', 'warning', 'error'] as const

export async function standardInput(say: Say): Promise<Uint8Array> {
  if (process.stdin.isTTY) {
    const end = process.platform === 'win32' ? 'Ctrl+Z' : 'Ctrl+D'
    complain(
      say(
        `请在此输入或粘贴文档，另起一行按 ${end} 结束。`,
        `type or paste the document here and end it with ${end} on a line of its own.`,
      ),
    )
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

async function outlines(documents: readonly Document[]): Promise<string> {
  const { outline, parse } = await import('../parse/index.js')
  return documents.map(document => `${document.path}\n${outline(parse(document)).trimEnd()}\n`).join('\n')
}

/** Reads every input it can, one after another; what it can't is told to `fail`. */
async function* readEach(
  inputs: Inputs,
  options: CheckOptions,
  configs: Configs,
  stdin: () => Promise<Input>,
  onTurn: (number: number) => void,
  fail: (path: string, message: string) => void,
): AsyncGenerator<Document> {
  const { lang } = options
  for (const [i, file] of inputs.files.entries()) {
    // Signals are heard between two documents.
    await new Promise(setImmediate)
    onTurn(i)
    const path = file === '-' ? options.stdinFilename : file
    const input = file === '-' ? await stdin() : () => readFileSync(file)
    const read = 'message' in input ? input : readFileOr(path, input, lang)
    if ('document' in read) yield withFacts(read.document, configs.for(path)?.factsFor(path) ?? {})
    else fail(path, read.message)
  }
}

const unreadable = (notices: readonly Notice[]) => notices.some(n => n.code === 'unreadable-input')

/** The file that a path leads to; the path itself where there is none yet. */
const realPath = (path: string): string => (existsSync(path) ? realpathSync(path) : resolve(path))

/** Paths as a repository knows them: from its root, which GitHub and GitLab tell, or else from the current folder. */
function inRepository(env: NodeJS.ProcessEnv): (path: string) => string {
  const here = process.cwd()
  const below = (root: string, path: string) => {
    const way = relative(root, path)
    return way !== '' && way.split(/[\\/]/)[0] !== '..' && !isAbsolute(way) ? way.replaceAll('\\', '/') : null
  }
  const told = env['GITHUB_WORKSPACE'] ?? env['CI_PROJECT_DIR']
  const root = told !== undefined && (told === here || below(told, here) !== null) ? told : here
  return path => below(root, resolve(path)) ?? resolve(path).replaceAll('\\', '/')
}

/** Where GitHub Actions takes the summary of a step from. */
function appendStepSummary(text: string, env: NodeJS.ProcessEnv, say: Say): void {
  const file = env['GITHUB_STEP_SUMMARY']
  if (file === undefined || file === '') return
  try {
    appendFileSync(file, text)
  } catch (error) {
    const reason = systemMessage(error, say)
    complain(say(`无法写入 GITHUB_STEP_SUMMARY：${reason}`, `cannot write GITHUB_STEP_SUMMARY: ${reason}`))
  }
}

/** Writes the reports in the order in which they were asked for. One that can't be written keeps no other from it. */
async function writeReports(
  outputs: readonly Output[],
  result: CheckResult,
  context: Omit<ReportContext, 'width' | 'color'>,
  color: string,
): Promise<void> {
  const say = sayIn(context.lang)
  let failure: unknown
  for (const { format, file } of outputs) {
    if (format === 'ndjson') continue
    const toTerminal = file === undefined
    const isTty = toTerminal && process.stdout.isTTY === true
    const full: ReportContext = {
      ...context,
      color: wantsColor(color, isTty, toTerminal ? process.env : {}),
      width: toTerminal ? outputWidth(process.stdout) : 100,
    }
    const write = await WRITERS[format]()
    try {
      writeResult(write(result, full), file, say)
      if (format === 'github') {
        const { githubSummary } = await import('../report/github.js')
        appendStepSummary(githubSummary(result, full), process.env, say)
      }
    } catch (error) {
      failure ??= error
    }
  }
  if (failure !== undefined) throw failure
}

/** The settings of each config for each document. A rule asked for by name runs although the config has it off. */
export function settingsUnder(only: readonly string[]): (config: Config | null, path?: string) => RuleSettings {
  const none: RuleSettings = { severities: {}, options: {} }
  const lifted = new Map<RuleSettings, RuleSettings>()
  return (config, path) => {
    const own = config?.settingsFor(path) ?? none
    let settings = lifted.get(own)
    if (settings === undefined) {
      const chosen = Object.entries(own.severities).filter(([id, value]) => value !== 'off' || !only.includes(id))
      settings = { ...own, severities: Object.fromEntries(chosen) }
      lifted.set(own, settings)
    }
    return settings
  }
}

/** The baseline of the run; null if none was asked for. Throws ToolError for one that can't be used. */
function baselineOf({ baseline: file, writeBaseline, minConfidence }: CheckOptions, say: Say): Baseline | null {
  if (writeBaseline !== undefined && (file === undefined || minConfidence !== undefined)) {
    const option = `--${writeBaseline}-baseline`
    throw new ToolError(
      'bad-argument',
      file === undefined
        ? say(`${option} 要与 --baseline 文件 一起使用。`, `${option} needs --baseline FILE.`)
        : say(
            `${option} 不能与 --min-confidence 同用：没有报告的问题会从基线中丢失。`,
            `${option} can't be used with --min-confidence: the baseline would lose what is not reported.`,
          ),
    )
  }
  if (file === undefined) return null
  return writeBaseline === 'update' && !existsSync(file) ? { file, entries: [] } : readBaseline(file, say)
}

/** What the run looked at, for the baseline. */
function scopeOf(
  documents: readonly DocumentSummary[],
  runFor: (path: string) => Checking,
  notices: readonly Notice[],
): Scope {
  const runs = new Map(documents.map(({ path }) => [resolve(path), runFor(path)]))
  const methods = new Map(
    [...new Set(runs.values())].map(run => [run, new Map(run.rules.map(rule => [rule.id, rule.method]))]),
  )
  const isPartial = notices.some(n => n.code === 'rule-set-not-judged')
  const isShard = notices.some(n => n.code === 'shard')
  return {
    checked: path => runs.has(path),
    ran: (id, path) => {
      const run = runs.get(path)
      const method = run === undefined ? undefined : methods.get(run)?.get(id)
      return method !== undefined && !(isPartial && method === 'presence')
    },
    partly: id => isShard && id === CONFLICT_RULE,
    ofSet: id => [...methods.values()].some(rules => rules.get(id) === 'presence'),
  }
}

/** Finds what the baseline knows, writes it anew where that was asked for, and says so. */
function applyBaseline(
  baseline: Baseline,
  findings: readonly Finding[],
  scope: Scope,
  { writeBaseline, minConfidence }: CheckOptions,
  say: Say,
): { readonly known: ReadonlySet<Finding>; readonly notice: Notice } {
  const { file } = baseline
  const matched = matchBaseline(baseline, findings, scope)
  const { known } = matched
  // Entries of findings that are not reported can't be told from obsolete ones.
  const obsolete = minConfidence === undefined ? matched.obsolete : 0
  if (writeBaseline === 'update') {
    writeResult(baselineText(updatedBaseline(baseline, findings, matched)), file, say)
    const added = findings.length - known.size
    const message = say(
      `基线已更新：新增 ${added} 条，去掉 ${obsolete} 条；本次的 ${findings.length} 条问题都在其中，不再报告。`,
      `baseline updated: ${added} added, ${obsolete} removed; it holds all findings of this run (${findings.length}), which are not reported.`,
    )
    return { known: new Set(findings), notice: { code: 'baseline', path: file, message } }
  }
  if (writeBaseline === 'prune' && obsolete > 0) writeResult(baselineText(prunedBaseline(baseline, matched)), file, say)
  const rest =
    obsolete === 0
      ? ''
      : writeBaseline === 'prune'
        ? say(`不再出现的 ${obsolete} 条已从中去掉。`, ` No longer found and removed from it: ${obsolete}.`)
        : say(
            `另有 ${obsolete} 条不再出现，可用 --prune-baseline 去掉。`,
            ` No longer found: ${obsolete}; --prune-baseline removes them.`,
          )
  const message = say(
    `基线中已有、不再报告的问题 ${known.size} 条。`,
    `findings known from the baseline, not reported: ${known.size}.`,
  )
  return { known, notice: { code: 'baseline', path: file, message: message + rest } }
}

/**
 * Runs the command. Returns 0 (nothing at or above `failOn`), 1 (findings) or 2 (an input could not be read; the
 * others are still reported). Throws ToolError where nothing can be checked at all.
 */
export async function runCheck(named: readonly string[], options: CheckOptions): Promise<number> {
  const { lang } = options
  const say = sayIn(lang)
  let configs = findConfigs(options.config, lang)
  // A config that lists the documents of a run holds for all of them, wherever they stand.
  const config = named.length > 0 ? null : configs.of('.')
  if (config !== null) configs = { of: () => config, for: () => config }
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

  if (options.fix === 'write' && paths.includes('-')) {
    const message = say(
      '--fix 不能修改标准输入；用 --fix-dry-run 可以看到改动。',
      '--fix cannot change standard input; --fix-dry-run shows the changes.',
    )
    throw new ToolError('bad-argument', message)
  }

  const progress = progressLine()
  const all = collectInputs(paths, isSupported, say, configs)
  const shard = options.shard === undefined || options.shard.count === 1 ? undefined : options.shard
  const announce = (path: string, message: string) => {
    progress.clear()
    complain(`${path}${say('：', ': ')}${message}`)
  }
  const part = shard === undefined ? all : shardOf(all, shard, say)
  const inputs = withinSize(part, options.maxSize, say, announce)
  const notices: Notice[] = [...inputs.notices]
  const fail = (path: string, message: string) => {
    announce(path, message)
    notices.push({ code: 'unreadable-input', path, message })
  }
  const stdin = async (): Promise<Input> => {
    const bytes = await standardInput(say)
    const message = tooBig(bytes.length, options.maxSize, say)
    if (message !== null) return { message }
    const notice = slowNotice(bytes.length, say)
    if (notice !== null) announce(options.stdinFilename, notice)
    return bytes
  }
  const onTurn = (number: number) => {
    const turn = `${number + 1}/${inputs.files.length} ${inputs.files[number]}`
    progress.update(say(`正在检查 ${turn}`, `checking ${turn}`))
  }
  const failEarly = () => {
    for (const { path, message } of inputs.errors) fail(path, message)
  }
  const read = () => readEach(inputs, options, configs, stdin, onTurn, fail)
  // The patch of a dry run takes the place of reports on standard output.
  const outputs = options.outputs.filter(({ file }) => options.fix !== 'dry-run' || file !== undefined)
  if (options.outline) {
    failEarly()
    const documents: Document[] = []
    for await (const document of read()) documents.push(document)
    progress.clear()
    writeResult(await outlines(documents), options.outputs[0]?.file, say)
    return unreadable(notices) ? 2 : 0
  }

  const checkedFiles = new Set(all.files.filter(path => path !== '-').map(path => realPath(path)))
  const cacheAt = options.cache === undefined || options.fix !== undefined ? undefined : cacheFile(options.cache)
  const written = options.outputs.map(({ file }) => ['--output', file] as const)
  for (const [option, file] of [...written, ['--cache-location', cacheAt] as const]) {
    if (file === undefined || !checkedFiles.has(realPath(file))) continue
    const message = say(
      `${option} 不能写到被检查的文档上：${file}。`,
      `${option} would overwrite the document that is checked: ${file}.`,
    )
    throw new ToolError('bad-argument', message)
  }
  const configFile = typeof options.config === 'string' ? options.config : undefined
  for (const [option, file] of [...written, ['--baseline', options.baseline], ['--config', configFile]] as const) {
    if (file === undefined || cacheAt === undefined || realPath(file) !== realPath(cacheAt)) continue
    const message = say(
      `--cache-location 与 ${option} 是同一个文件：${file}；缓存要另用一个文件。`,
      `--cache-location and ${option} are the same file, ${file}; the cache needs one of its own.`,
    )
    throw new ToolError('bad-argument', message)
  }
  const rules = await ruleSet(options.rules, lang)
  for (const id of [...options.only, ...options.skip]) requireRule(id, rules, lang)
  const shownPaths = inputs.files.map(file => (file === '-' ? options.stdinFilename : file))
  const used = new Set(shownPaths.map(path => configs.for(path)))
  for (const each of used) each?.requireKnown(rules)
  const baseline = baselineOf(options, say)

  const examining = {
    lang,
    skip: options.skip,
    ...(options.only.length > 0 && { only: options.only }),
    today: options.today ?? localDay(new Date()),
    inlineSuppressions: options.inlineSuppressions,
  }
  const settings = {
    ...examining,
    rules,
    ...(options.minConfidence !== undefined && { minConfidence: options.minConfidence }),
    ...(shard !== undefined && { shard: `${shard.index}/${shard.count}` }),
  }
  const settingsFor = settingsUnder(options.only)
  // Documents under one config are one rule set.
  const runs = new Map<Config | null, Checking>()
  const runFor = (path: string): Checking => {
    const own = configs.for(path)
    let run = runs.get(own)
    if (run === undefined) {
      const set = (document?: string) => settingsFor(own, document)
      const expected = shownPaths.filter(other => configs.for(other) === own).length
      run = checking({ ...settings, settingsFor: set, expected, ...(own !== null && { platform: own.platform }) })
      runs.set(own, run)
    }
    return run
  }
  const fixSettings = { ...settings, settingsFor: (path = '') => settingsFor(configs.for(path), path) }
  const isKnown = baseline === null ? () => false : knownTo(baseline)
  const isNew = (finding: Finding) => !isKnown(finding)
  const fixer =
    options.fix === undefined
      ? null
      : (await import('./fix.js')).fixerFor(fixSettings, isNew, options.fix === 'dry-run')
  const { failOn } = options
  const failing = (counts: Record<Severity, number>) =>
    failOn !== 'never' && SEVERITIES.some(severity => counts[severity] > 0 && RANK[severity] >= RANK[failOn])

  // Lines are written as each document is done; what only they need is not kept.
  const streamed = outputs.filter(({ format }) => format === 'ndjson')
  // What a baseline hides is known when all documents are.
  const kept = outputs.length > streamed.length || baseline !== null
  const lines = streamed.length > 0 ? await import('../report/ndjson.js') : null
  const streams: ResultStream[] = []
  const writeLines = async (text: string) => {
    const open = []
    for (const stream of streams) open.push(await stream.write(text))
    return open.some(Boolean)
  }

  const counts = { error: 0, warning: 0, info: 0, documents: 0 }
  const tally = (findings: readonly Finding[]) => {
    for (const [severity, n] of Object.entries(countFindings(findings))) counts[severity as Severity] += n
  }
  const documents: DocumentSummary[] = []
  let findings: Finding[] = []
  const suppressed: SuppressedFinding[] = []
  let takenBack = 0
  const wantsQuotes = outputs.some(({ format }) => format === 'sarif')
  const quotes = new Map<string, Readonly<Record<string, string>>>()
  const cache = cacheAt === undefined ? null : openCache(cacheAt, examining, options.rules, say)
  const termsFor = (path: string) => ({
    ...runFor(path).termsFor(path),
    quotes: wantsQuotes || cache !== null,
  })
  const begin = async () => {
    if (lines === null || streams.length > 0) return
    for (const { file } of streamed) streams.push(openResult(file, say))
    await writeLines(lines.ndjsonStart(tool().version))
  }
  /** What the documents show, in their order, those fixed as they are then. */
  async function* examined(): AsyncGenerator<Shown> {
    if (fixer !== null) {
      const examine = fileExaminer({ ...examining, rules })
      for await (const input of read()) {
        const { document, notices: fixNotices } = fixer.fix(input)
        notices.push(...fixNotices)
        if (options.fix === 'dry-run')
          for (const { path, message } of fixNotices) complain(`${path}${say('：', ': ')}${message}`)
        yield examine.document(document, termsFor(document.path))
      }
      return
    }
    const tasks = shownPaths.map((path, i) => {
      const file = inputs.files[i] === '-' ? null : path
      return { path, file, facts: configs.for(path)?.factsFor(path) ?? {}, terms: termsFor(path) }
    })
    const threads = options.concurrency
    const results = examineAll(tasks, { rules, options: examining, dirs: options.rules, threads, cache, stdin, onTurn })
    for await (const [{ path }, done] of results) {
      if ('message' in done) fail(path, done.message)
      else yield done
    }
  }
  try {
    failEarly()
    for await (const done of examined()) {
      await begin()
      const result = runFor(done.examined.document.path).accept(done.examined)
      counts.documents++
      tally(result.findings)
      takenBack += result.suppressed.length
      notices.push(...done.notices, ...result.notices)
      if (wantsQuotes) quotes.set(result.document.path, done.examined.quotes ?? {})
      if (kept) {
        documents.push(result.document)
        findings.push(...result.findings)
        suppressed.push(...result.suppressed)
      }
      if (lines === null || baseline !== null) continue
      const isRead = await writeLines(lines.ndjsonDocument(result.document, result.findings))
      // Nobody reads on, and the rest could not change the status.
      if (isRead || kept || fixer !== null || (failOn !== 'never' && !failing(counts))) continue
      cache?.save()
      return failing(counts) ? 1 : 0
    }
    progress.clear()
    // Even then a report is written: one of an earlier run must not stand for this one.
    const nothingRead = counts.documents === 0 && unreadable(notices)
    if (nothingRead && (baseline !== null || outputs.every(({ file }) => file === undefined))) return 2
    if (options.fix === 'write') fixer?.write()
    else if (fixer !== null) writeResult(fixer.patch(), undefined, say)
    const sets = [...runs.values()].map(run => run.finish())
    let ofSets = sets.flatMap(set => set.findings)
    tally(ofSets)
    const ofSetsTakenBack = sets.flatMap(set => set.suppressed)
    suppressed.push(...ofSetsTakenBack)
    takenBack += ofSetsTakenBack.length
    notices.push(...sets.flatMap(set => set.notices))
    findings.push(...ofSets)
    if (takenBack > 0) {
      const message = say(
        `文档中的注释压下了 ${takenBack} 条问题。`,
        `findings taken back by comments in the documents: ${takenBack}.`,
      )
      notices.push({ code: 'suppressed-inline', path: '', message })
    }
    if (baseline !== null) {
      const { known, notice } = applyBaseline(baseline, findings, scopeOf(documents, runFor, notices), options, say)
      notices.push(notice)
      for (const finding of findings)
        if (known.has(finding)) suppressed.push({ finding, kind: 'baseline', reason: null })
      findings = findings.filter(f => !known.has(f))
      ofSets = ofSets.filter(f => !known.has(f))
      Object.assign(counts, countFindings(findings))
      if (lines !== null) {
        await begin()
        for (const document of documents) {
          const own = findings.filter(f => f.path === document.path && !ofSets.includes(f))
          await writeLines(lines.ndjsonDocument(document, own))
        }
      }
    }
    await begin()
    if (lines !== null) await writeLines(lines.ndjsonEnd(ofSets, notices, counts))
    for (const stream of streams.splice(0)) stream.finish()
  } finally {
    progress.clear()
    for (const stream of streams) stream.abandon()
  }

  cache?.save()

  const result = { documents, findings, notices, ...(suppressed.length > 0 && { suppressed }), summary: counts }
  const context = {
    rules,
    ran: [...new Map([...runs.values()].flatMap(run => run.rules).map(rule => [rule.id, rule])).values()],
    lang,
    tool: tool(),
    quiet: options.quiet,
    inRepository: inRepository(process.env),
    sourceAt: (finding: Finding) => {
      const own = quotes.get(finding.path)
      return own === undefined ? undefined : (own[quoteKey(finding)] ?? finding.evidence)
    },
    includeSuppressed: options.sarifIncludeSuppressed,
  }
  await writeReports(outputs, result, context, options.color)
  // What a comment was meant to take back is not known: the same mistake as in a config.
  const unknown = notices.filter(n => n.code === 'suppression-unknown-rule')
  for (const { path, line, message } of unknown) complain(`${path}:${line}${say('：', ': ')}${message}`)
  if (unreadable(notices) || unknown.length > 0) return 2
  return failing(counts) ? 1 : 0
}
