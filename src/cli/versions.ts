/** `clauselint diff` and `clauselint history`: reads the versions, compares them, prints the report. */

import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ToolError } from '../errors.js'
import { type Say, sayIn } from '../report/words.js'
import type { Document, Finding, Lang, Notice, Severity } from '../types.js'
import type { History, Series } from '../versions/types.js'
import { settingsUnder, standardInput } from './check.js'
import { type Configs, findConfigs } from './config.js'
import { type ReadFile, readFileOr, withFacts } from './examine.js'
import { collectInputs } from './inputs.js'
import { outputWidth, wantsColor } from './locale.js'
import { complain, type Progress, progressLine, writeResult } from './output.js'
import { requireRule, ruleSet } from './rule-set.js'
import { toolVersion } from './version.js'

export interface VersionOptions {
  readonly format: 'pretty' | 'json' | 'markdown' | 'html'
  readonly output?: string
  readonly config?: string | false
  readonly rules: readonly string[]
  readonly only: readonly string[]
  readonly skip: readonly string[]
  readonly failOn: 'introduced' | Severity | 'never'
  readonly lang: Lang
  readonly quiet: boolean
  readonly color: string
  readonly stdinFilename: string
  readonly inlineSuppressions: boolean
  readonly today?: string
}

export interface HistoryOptions extends VersionOptions {
  /** Read the history of a git repository instead of files. */
  readonly git: boolean
  readonly rev?: string
  /** Git's own globs, from the repository's folder; only with `git`. */
  readonly paths: readonly string[]
}

const RANK = { info: 0, warning: 1, error: 2 } as const

function status(findings: readonly Finding[], failOn: VersionOptions['failOn']): number {
  if (failOn === 'never') return 0
  const least = failOn === 'introduced' ? 0 : RANK[failOn]
  return findings.some(f => RANK[f.severity as Severity] >= least) ? 1 : 0
}

interface Setup {
  readonly say: Say
  readonly configs: Configs
  /** `document` is a file that stands for the run: its config says what is known of the platform. */
  readonly checkFor: (document: string) => import('../check/index.js').CheckOptions
}

async function setUp(options: VersionOptions): Promise<Setup> {
  const { lang, only, skip, inlineSuppressions, today } = options
  const configs = findConfigs(options.config, lang)
  const rules = await ruleSet(options.rules, lang)
  for (const id of [...only, ...skip]) requireRule(id, rules, lang)
  const settings = settingsUnder(only)
  return {
    say: sayIn(lang),
    configs,
    checkFor: document => {
      const config = configs.for(document)
      config?.requireKnown(rules)
      return {
        rules,
        lang,
        skip,
        settingsFor: path => settings(config, path),
        inlineSuppressions,
        ...(today !== undefined && { today }),
        ...(only.length > 0 && { only }),
        ...(config !== null && { platform: config.platform }),
      }
    },
  }
}

/** One side of a comparison: a file, "-" for standard input, or "REV:path" from git. */
async function side(named: string, options: VersionOptions, { say, configs }: Setup): Promise<Document> {
  const { gitBlob } = await import('./git.js')
  const fromGit = named === '-' ? null : gitBlob(named, { say })
  const path = named === '-' ? options.stdinFilename : named
  const bytes = async () => fromGit ?? (named === '-' ? await standardInput(say) : readFileSync(named))
  const read = readFileOr(path, await attempt(bytes, named, say), options.lang)
  if ('message' in read) throw new ToolError('unreadable-input', `${path}${say('：', ': ')}${read.message}`)
  return withFacts(read.document, configs.for(path)?.factsFor(path) ?? {})
}

async function attempt<T>(work: () => Promise<T>, path: string, say: Say): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ToolError) throw error
    const { systemMessage } = await import('./inputs.js')
    throw new ToolError('unreadable-input', `${path}${say('：', ': ')}${systemMessage(error, say)}`)
  }
}

/** Runs `diff`. Returns 0, or 1 where the new version introduces findings at or above `failOn`. Throws ToolError. */
export async function runDiff(old: string, now: string, options: VersionOptions): Promise<number> {
  const set = await setUp(options)
  if (old === '-' && now === '-')
    throw new ToolError(
      'bad-argument',
      set.say('标准输入只能是其中一个版本。', 'standard input can be one version only.'),
    )
  const [before, after] = [await side(old, options, set), await side(now, options, set)]
  const { compareVersions } = await import('../versions/compare.js')
  const diff = compareVersions(before, after, set.checkFor(after.path))
  const text = async (): Promise<string> => {
    const { lang } = options
    if (options.format === 'html') return (await import('../report/html/diff.js')).diffHtml(diff, { lang })
    const report = await import('../report/diff.js')
    if (options.format === 'json') return report.diffJson(diff, toolVersion())
    if (options.format === 'markdown') return report.diffMarkdown(diff, { lang })
    return report.diffPretty(diff, terminalOptions(options))
  }
  writeResult(await text(), options.output, set.say)
  return status(diff.findings.introduced, options.failOn)
}

function terminalOptions({ lang, output, color, quiet }: VersionOptions) {
  const toTerminal = output === undefined
  return {
    lang,
    quiet,
    color: wantsColor(color, toTerminal && process.stdout.isTTY === true, toTerminal ? process.env : {}),
    width: toTerminal ? outputWidth(process.stdout) : 100,
  }
}

/**
 * Runs `history`. Returns 0, or 1 where procedure failed or the newest version of a series brought findings at or above
 * `failOn`, or 2 where a version could not be read (the others are still reported). Throws ToolError.
 */
export async function runHistory(path: string, options: HistoryOptions): Promise<number> {
  const isConfig = statSync(path, { throwIfNoEntry: false })?.isFile() === true && /\.ya?ml$/.test(path)
  const set = await setUp(isConfig ? { ...options, config: path } : options)
  const listed = isConfig ? (set.configs.of('.')?.documents.map(d => d.path) ?? []) : [path]
  const progress = progressLine()
  const { history, failed } = options.git
    ? await gitHistory(path, options, set, progress)
    : await fileHistory(listed, options, set, progress)
  progress.clear()
  const text = async (): Promise<string> => {
    const { lang } = options
    if (options.format === 'html') return (await import('../report/html/history.js')).historyHtml(history, { lang })
    const report = await import('../report/history.js')
    if (options.format === 'json') return report.historyJson(history, toolVersion())
    if (options.format === 'markdown') return report.historyMarkdown(history, { lang })
    return report.historyPretty(history, terminalOptions(options))
  }
  writeResult(await text(), options.output, set.say)
  if (failed) return 2
  const newest = history.series.flatMap(s => [...s.findings, ...(s.steps.at(-1)?.findings.introduced ?? [])])
  return status(newest, options.failOn)
}

interface Followed {
  readonly history: History
  readonly failed: boolean
}

const title = (path: string): string => path.split('/').at(-1) ?? path

async function fileHistory(
  paths: readonly string[],
  options: HistoryOptions,
  { say, configs, checkFor }: Setup,
  progress: Progress,
): Promise<Followed> {
  const { isSupported } = await import('../read/index.js')
  const { follow } = await import('../versions/history.js')
  const { alike, candidate, inOrder, seriesOf, sketch } = await import('../versions/series.js')
  const { announcement } = await import('../versions/announce.js')
  const { annotate } = await import('../annotate/index.js')
  const { documentDates } = await import('../annotate/dates.js')
  const { parse } = await import('../parse/index.js')
  const inputs = collectInputs(paths, isSupported, say, configs)
  const notices: Notice[] = [...inputs.notices]
  let failed = false
  const fail = (path: string, message: string): void => {
    progress.clear()
    complain(`${path}${say('：', ': ')}${message}`)
    notices.push({ code: 'unreadable-input', path, message })
    failed = true
  }
  for (const { path, message } of inputs.errors) fail(path, message)
  if (inputs.files.length === 0 && failed) return { history: { series: [], notices }, failed }

  const read = async (path: string): Promise<ReadFile> => {
    const found = readFileOr(path, () => readFileSync(path), options.lang)
    return 'document' in found
      ? { document: withFacts(found.document, configs.for(path)?.factsFor(path) ?? {}) }
      : found
  }
  const sketches = new Map<string, ReturnType<typeof sketch> | null>()
  const sketchOf = async (path: string) => {
    const found = await read(path)
    if (!('document' in found)) return null
    const annotated = annotate(parse(found.document))
    const said = announcement(annotated, null)
    return sketch(said.ruleTitle, found.document.text.slice(said.body.start, said.body.end))
  }
  // Only folders that hold differently named files need a look inside.
  const firsts = new Map<string, Set<string>>()
  const firstOf = new Map<string, string>()
  for (const path of inputs.files) {
    const { folder, stem } = candidate(path)
    const stems = firsts.get(folder) ?? new Set()
    firsts.set(folder, stems.add(stem))
    const key = `${folder}\n${stem}`
    if (!firstOf.has(key)) firstOf.set(key, path)
  }
  for (const [folder, stems] of firsts)
    if (stems.size > 1)
      for (const stem of stems) {
        const path = firstOf.get(`${folder}\n${stem}`) as string
        sketches.set(path, await sketchOf(path))
      }
  const groups = seriesOf(inputs.files, (a, b) => {
    const [x, y] = [sketches.get(a.path), sketches.get(b.path)]
    return x && y ? alike(x, y) : false
  })

  const series: Series[] = []
  let done = 0
  for (const group of groups) {
    const follower = follow(checkFor(group[0]?.path ?? ''))
    const dates = new Map<string, ReturnType<typeof documentDates> | null>()
    for (const { path } of group.length > 1 ? group : []) {
      const found = await read(path)
      dates.set(path, 'document' in found ? documentDates(parse(found.document)) : null)
    }
    const ordered = inOrder(group, file => dates.get(file) ?? null)
    for (const { path, seen } of ordered) {
      done++
      progress.update(
        say(`正在比较 ${done}/${inputs.files.length} ${path}`, `comparing ${done}/${inputs.files.length} ${path}`),
      )
      const found = await read(path)
      const said = dates.get(path)
      if (ordered.length > 1 && seen === null && !(said?.published ?? said?.effective ?? said?.consultation)) {
        const message = say(
          '文件名和正文都没有日期：排在最前，先后不作推断。',
          'neither its name nor its text gives a day: put first, its real place is unknown.',
        )
        notices.push({ code: 'undated-version', path, message })
      }
      if ('document' in found) follower.add(found.document, seen)
      else fail(path, found.message)
    }
    const [first] = group
    if (first === undefined) continue
    const result = follower.done(first.stem || title(first.folder) || title(first.path))
    if (result.series.versions.length > 0) series.push(result.series)
    notices.push(...result.notices)
  }
  return { history: { series, notices }, failed }
}

async function gitHistory(
  repo: string,
  options: HistoryOptions,
  { say, configs, checkFor }: Setup,
  progress: Progress,
): Promise<Followed> {
  const git = await import('./git.js')
  const { isSupported } = await import('../read/index.js')
  const { follow } = await import('../versions/history.js')
  const found = await git.gitHistory(repo, options.paths, {
    say,
    accepts: isSupported,
    ...(options.rev !== undefined && { rev: options.rev }),
  })
  const total = found.series.reduce((sum, s) => sum + s.versions.length, 0)
  const notices: Notice[] = [...found.notices]
  const series: Series[] = []
  let failed = false
  let done = 0
  let current: { readonly of: (typeof found.series)[number]; readonly follower: ReturnType<typeof follow> } | undefined
  const close = (): void => {
    if (current === undefined) return
    const result = current.follower.done(title(current.of.path))
    if (result.series.versions.length > 0) series.push(result.series)
    notices.push(...result.notices)
    current = undefined
  }
  for await (const { series: of, version, bytes } of git.gitContents(found, say)) {
    if (current?.of !== of) {
      close()
      current = { of, follower: follow(checkFor(join(repo, of.path))) }
    }
    const path = `${version.commit.slice(0, 12)}:${version.path}`
    progress.update(say(`正在比较 ${++done}/${total} ${path}`, `comparing ${done}/${total} ${path}`))
    const read = readFileOr(version.path, bytes, options.lang)
    if ('document' in read) {
      current.follower.add(
        {
          ...withFacts(read.document, configs.for(join(repo, version.path))?.factsFor(read.document.path) ?? {}),
          path,
        },
        version.committed,
      )
    } else {
      progress.clear()
      complain(`${path}${say('：', ': ')}${read.message}`)
      notices.push({ code: 'unreadable-input', path, message: read.message })
      failed = true
    }
  }
  close()
  return { history: { series, notices }, failed }
}
