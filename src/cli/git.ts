/** Versions out of git, read with the system's own git: one file of one commit, or the whole history of many. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { ToolError } from '../errors.js'
import type { Say } from '../report/words.js'
import type { Notice } from '../types.js'

/** One text of a file, from the commit that brought it until the next one. */
export interface GitVersion {
  /** Name of that time, from the top of the repository, with forward slashes. */
  readonly path: string
  readonly commit: string
  /** First line of the commit's message. */
  readonly message: string
  /**
   * ISO day of the committer's date, at the committer's place: the day the text came onto this line of history. The
   * author's date is the day it was written, which may lie weeks before and run backwards from commit to commit.
   */
  readonly committed: string
  /** Object name of the content: same name, same bytes. */
  readonly blob: string
  readonly renamedFrom: string | null
  /** ISO day on which the file was taken away, null while it stands or where the next version took its place. */
  readonly removed: string | null
}

/** The versions of one file through all its renames, oldest first. */
export interface GitSeries {
  /** Its last name. */
  readonly path: string
  readonly versions: readonly GitVersion[]
}

/** Everything but the contents: some 0.5 KB a version. */
export interface GitHistory {
  readonly repo: string
  /** By path. */
  readonly series: readonly GitSeries[]
  readonly notices: readonly Notice[]
}

export interface GitContent {
  readonly series: GitSeries
  readonly version: GitVersion
  readonly bytes: Uint8Array
}

// ── running git ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Nobody's settings change a report, and no program that a repository's settings name is run. */
const SETTINGS = ['log.diffMerges=separate', 'log.follow=false', 'log.showSignature=false', 'core.fsmonitor=false']
const OWN_SETTINGS = SETTINGS.flatMap(setting => ['-c', setting])
/** Renames as git finds them by itself, whatever the settings say. */
const RENAMES = ['-M50%', '-l1000']
/** Contents asked of `git cat-file` at a time: enough to keep it busy, few enough for any pipe to hold the names. */
const AHEAD = 32

/**
 * Git's messages in English, nothing fetched (a partial clone would ask the network for what it lacks), no question
 * asked. What points git at another repository (set inside hooks) holds for the current folder only.
 */
function environment(repo: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, LC_ALL: 'C', LANGUAGE: '' }
  Object.assign(env, { GIT_ALLOW_PROTOCOL: 'none', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' })
  for (const mode of ['LITERAL', 'GLOB', 'NOGLOB', 'ICASE']) delete env[`GIT_${mode}_PATHSPECS`]
  if (resolve(repo) !== process.cwd()) {
    for (const name of ['DIR', 'COMMON_DIR', 'WORK_TREE', 'INDEX_FILE', 'OBJECT_DIRECTORY']) delete env[`GIT_${name}`]
  }
  return env
}

/** A path or pattern as git writes it. */
const slashes = (path: string) => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path)

/** The sentence for a git that failed with `output` on standard error or could not be started (`error`). */
function gitFailure(repo: string, output: string, error: unknown, say: Say): ToolError {
  if (error !== undefined) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT'
      ? new ToolError('git-missing', say('找不到 git，请先安装。', 'git is not installed or not on the path.'))
      : new ToolError('git-failed', say(`无法运行 git：${message}`, `cannot run git: ${message}`))
  }
  if (/not a git repository/i.test(output)) {
    return new ToolError('not-a-repository', say(`${repo} 不是 git 仓库。`, `${repo} is not a git repository.`))
  }
  const lines = output.split('\n').filter(line => line.trim() !== '')
  const reason = (lines.find(line => /^(?:fatal|error):/.test(line)) ?? lines.at(-1) ?? '').replace(/^\w+: /, '')
  return new ToolError('git-failed', say(`git 出错（${repo}）：${reason}`, `git failed (${repo}): ${reason}`))
}

/** Runs git to its end; a status other than 0 is left to the caller. */
function runGit(repo: string, args: readonly string[], say: Say, input = '') {
  const options = { cwd: repo, env: environment(repo), input, maxBuffer: Number.POSITIVE_INFINITY, windowsHide: true }
  const { status, stdout, stderr, error } = spawnSync('git', [...OWN_SETTINGS, ...args], options)
  // A git that ends before it has read its input (EPIPE) says why on standard error.
  if (error !== undefined && status === null) throw gitFailure(repo, '', error, say)
  return { status, stdout, stderr: stderr.toString() }
}

interface Running {
  readonly child: ChildProcess
  readonly stdout: Readable
  /** Resolves when git has ended well, throws what went wrong. */
  readonly end: () => Promise<void>
  /** Ends git, whatever it is doing. Ctrl-C reaches it by itself, and so does the end of this process (closed pipes). */
  readonly stop: () => void
}

/** Starts git in `repo`; its standard output is read at the reader's pace. */
function startGit(repo: string, args: readonly string[], say: Say): Running {
  const child = spawn('git', [...OWN_SETTINGS, ...args], {
    cwd: repo,
    env: environment(repo),
    stdio: 'pipe',
    windowsHide: true,
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < 4096) said += text
  })
  child.stdin.on('error', () => {}) // git has gone; its status says why
  const ended = new Promise<ToolError | null>(done => {
    child.on('error', error => done(gitFailure(repo, '', error, say)))
    child.on('close', status => done(status === 0 ? null : gitFailure(repo, said, undefined, say)))
  })
  return {
    child,
    stdout: child.stdout,
    end: async () => {
      const failure = await ended
      if (failure !== null) throw failure
    },
    stop: () => {
      child.stdin.destroy()
      child.stdout.destroy()
      child.kill()
    },
  }
}

// ── one file of one commit ──────────────────────────────────────────────────────────────────────────────────────

/**
 * The bytes of "REV:path", as git reads it: the path counts from the top of the repository, `REV:./path` from `cwd`,
 * `:path` is what is staged; links inside the repository are followed. Null where `spec` means no revision: a file of
 * that name exists, there is no colon, or the colon follows a Windows drive. Throws ToolError where revision, path,
 * repository or git is missing.
 */
export function gitBlob(spec: string, { cwd = '.', say }: { cwd?: string; say: Say }): Uint8Array | null {
  // A colon inside braces belongs to the revision: HEAD^{/fix: fees}:rules/fees.md
  const colon = spec.replaceAll(/\{[^}]*\}/g, braces => ' '.repeat(braces.length)).indexOf(':')
  if (colon < 0 || spec.startsWith('-') || existsSync(resolve(cwd, spec))) return null
  if (process.platform === 'win32' && /^[A-Za-z]:[\\/]/.test(spec)) return null
  const rev = spec.slice(0, colon)
  const path = slashes(spec.slice(colon + 1))
  const noFile = say(`没有文件“${spec}”，`, `there is no file '${spec}', and `)

  /** The object that `object` names: its type and bytes, null where there is none. */
  const read = (object: string): { type: string; bytes: Uint8Array } | null => {
    const batch = ['cat-file', '--batch', '--follow-symlinks']
    const zero = object.includes('\n') // git before 2.38 has no -z
    const ran = runGit(cwd, zero ? [...batch, '-z'] : batch, say, object + (zero ? '\0' : '\n'))
    if (ran.status !== 0) {
      const failure = gitFailure(cwd, ran.stderr, undefined, say)
      throw failure.code === 'not-a-repository'
        ? new ToolError(failure.code, noFile + say('当前也不在 git 仓库中。', 'this is no git repository.'))
        : failure
    }
    const head = ran.stdout.subarray(0, ran.stdout.indexOf(10)).toString()
    const [, type = '', size] = /^[0-9a-f]{40,64} (\w+) (\d+)$/.exec(head) ?? []
    if (size === undefined) return null
    const start = Buffer.byteLength(head) + 1
    return { type, bytes: new Uint8Array(ran.stdout.subarray(start, start + Number(size))) }
  }

  const found = read(`${rev}:${path}`)
  if (found?.type === 'blob') return found.bytes
  if (found !== null) {
    throw new ToolError('not-a-file', say(`${spec} 是文件夹，不是文件。`, `${spec} is a folder, not a file.`))
  }
  if (rev !== '' && runGit(cwd, ['rev-parse', '--verify', '--quiet', `${rev}^{tree}`], say).status !== 0) {
    const message = noFile + say(`git 仓库中也没有版本“${rev}”。`, `git knows no revision '${rev}'.`)
    throw new ToolError('no-such-revision', message)
  }
  const fromHere = /^\.{0,2}\//.test(path) ? null : `${rev}:./${path}`
  const hint =
    fromHere !== null && read(fromHere)?.type === 'blob'
      ? say(`；是否指“${fromHere}”？`, `; did you mean '${fromHere}'?`)
      : say('。', '.')
  const where = rev === '' ? say('暂存区', 'the index') : say(`版本“${rev}”`, `revision '${rev}'`)
  throw new ToolError('no-such-path', say(`${where}中没有“${path}”${hint}`, `${where} holds no '${path}'${hint}`))
}

// ── the history of many files ───────────────────────────────────────────────────────────────────────────────────

/** One file that one commit touched. */
interface Entry {
  readonly commit: string
  readonly committed: string
  readonly message: string
  /** A, M, D, R or T, as in git's raw format. */
  readonly status: string
  readonly blob: string
  /** A plain file, neither link nor submodule. */
  readonly plain: boolean
  readonly path: string
  readonly renamedFrom: string | null
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })
const GB18030 = new TextDecoder('gb18030')

/** A name as a person reads it: git keeps bytes, and old commits from Chinese Windows hold GBK. */
function decodeName(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes)
  } catch {
    return GB18030.decode(bytes)
  }
}

/** What stands between NUL bytes. */
async function* fields(stream: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
      yield bytes.subarray(start, end)
      start = end + 1
    }
    rest = bytes.subarray(start)
  }
}

/**
 * Runs `git log` over the main line, oldest commit first, and yields what each commit changed. Of a merge only the
 * first parent counts: the main line is what was in force, and every version then has one predecessor; with side
 * branches mixed in by date, drafts would seem to replace each other back and forth. `args` choose commits and paths;
 * `input` goes to standard input.
 */
async function* readLog(repo: string, args: readonly string[], say: Say, input = ''): AsyncGenerator<Entry> {
  const shape = ['--first-parent', '-m', '--raw', '-z', '--no-abbrev', ...RENAMES, '--encoding=UTF-8']
  const git = startGit(repo, ['log', ...shape, '--format=%H %cs %s', ...args], say)
  git.child.stdin?.end(input)
  try {
    let about = { commit: '', committed: '', message: '' }
    const tokens = fields(git.stdout)
    const name = async () => decodeName((await tokens.next()).value ?? new Uint8Array())
    for await (const token of tokens) {
      const line = token.toString().trimStart() // a line feed stands between a commit and its first file
      if (!line.startsWith(':')) {
        const [commit = '', committed = ''] = line.split(' ', 2)
        about = { commit, committed, message: line.slice(commit.length + committed.length + 2) }
        continue
      }
      const [, mode = '', , blob = '', score = ''] = line.split(' ')
      const status = score.slice(0, 1)
      const renamedFrom = status === 'R' ? await name() : null
      yield { ...about, status, blob, plain: mode.startsWith('100'), path: await name(), renamedFrom }
    }
    await git.end()
  } finally {
    git.stop()
  }
}

/** Folders of `paths` as patterns for the files right in them. */
function folderPatterns(paths: Iterable<string>): Set<string> {
  const folders = [...paths].map(path => path.slice(0, path.lastIndexOf('/') + 1))
  return new Set(folders.map(folder => `:(top,glob)${folder.replaceAll(/[*?[\\]/g, '\\$&')}*`))
}

/**
 * The log of `commit` for `patterns`, what their files were called before they were moved there, and which names match
 * `patterns` themselves. Limited to patterns, git shows a file that was moved in as a new one: so the same commits are
 * asked again without that limit, and the folders the files came from are added, until there are no more.
 */
async function logWithOldNames(repo: string, commit: string, patterns: ReadonlySet<string>, say: Say) {
  const all = new Set(patterns)
  const wanted = new Set<string>()
  for (;;) {
    const entries: Entry[] = []
    const added = new Map<string, Set<string>>()
    for await (const entry of readLog(repo, ['--reverse', commit, '--', ...all], say)) {
      entries.push(entry)
      if (all.size === patterns.size) wanted.add(entry.path)
      if (entry.status === 'A') added.set(entry.commit, (added.get(entry.commit) ?? new Set()).add(entry.path))
    }
    if (added.size === 0) return { entries, wanted }
    const from = new Set<string>()
    const hashes = `${[...added.keys()].join('\n')}\n`
    const unlimited = ['--no-walk=unsorted', '--diff-filter=R', '--stdin']
    for await (const { commit: hash, path, renamedFrom } of readLog(repo, unlimited, say, hashes)) {
      if (renamedFrom !== null && added.get(hash)?.has(path)) from.add(renamedFrom)
    }
    const before = all.size
    for (const pattern of folderPatterns(from)) all.add(pattern)
    if (all.size === before) return { entries, wanted }
  }
}

/** Entries, oldest first, strung together by name and rename. */
function toSeries(entries: readonly Entry[]): { series: GitVersion[][]; links: Set<string> } {
  const series = new Set<GitVersion[]>()
  const byPath = new Map<string, GitVersion[]>()
  const links = new Set<string>()
  for (const { status, plain, path, renamedFrom, ...about } of entries) {
    const versions = byPath.get(renamedFrom ?? path) ?? []
    const last = versions.at(-1)
    if (!plain) {
      if (status !== 'D') links.add(path)
      // A link or submodule in its place removes a file too.
      if (last?.removed === null) versions[versions.length - 1] = { ...last, removed: about.committed }
      continue
    }
    if (renamedFrom !== null) byPath.delete(renamedFrom)
    byPath.set(path, versions)
    series.add(versions)
    const { commit, committed, message, blob } = about
    // The same text again (a changed file mode) is no new version; the same text put back after its removal is one.
    if (last?.path === path && last.blob === blob && last.removed === null) continue
    versions.push({ path, commit, committed, message, blob, renamedFrom, removed: null })
  }
  return { series: [...series], links }
}

/** The commit that `rev` names, and whether history behind it was cut off when it was cloned. */
function locate(repo: string, rev: string, say: Say): { commit: string; shallow: boolean } {
  if (!statSync(repo, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ToolError('not-a-repository', say(`没有文件夹 ${repo}。`, `there is no folder ${repo}.`))
  }
  const asked = runGit(repo, ['rev-parse', '--is-shallow-repository'], say)
  if (asked.status !== 0) throw gitFailure(repo, asked.stderr, undefined, say)
  const found = rev.startsWith('-') ? null : runGit(repo, ['rev-parse', '--verify', '--quiet', `${rev}^{commit}`], say)
  if (found?.status !== 0) {
    throw rev === 'HEAD'
      ? new ToolError('empty-repository', say(`${repo} 还没有任何提交。`, `${repo} has no commits yet.`))
      : new ToolError('no-such-revision', say(`${repo} 没有版本“${rev}”。`, `${repo} has no revision '${rev}'.`))
  }
  return { commit: found.stdout.toString().trim(), shallow: asked.stdout.toString().trim() === 'true' }
}

/**
 * All versions of the files of `repo` (a working repository, a folder in one, or a bare one) whose name matches one of
 * `globs`, in the history of `rev`. Globs are git's own (`rules/**`, `*.md`), counted from `repo`; a folder stands for
 * all that is in it; none at all for everything. Files are followed through renames, also into the globs from outside.
 * Links and submodules are left out with a notice, names that `accepts` refuses without one. Throws ToolError for a
 * glob that matches nothing.
 */
export async function gitHistory(
  repo: string,
  globs: readonly string[],
  { say, rev = 'HEAD', accepts = () => true }: { say: Say; rev?: string; accepts?: (path: string) => boolean },
): Promise<GitHistory> {
  const { commit, shallow } = locate(repo, rev, say)
  const asked = globs.map(glob => ({ glob, pattern: `:(glob)${slashes(glob)}` }))
  const patterns = new Set(globs.length === 0 ? [':(glob)**'] : asked.map(({ pattern }) => pattern))
  const { entries, wanted } = await logWithOldNames(repo, commit, patterns, say)
  for (const { glob, pattern } of asked) {
    const touched = runGit(repo, ['log', '--first-parent', '-1', '--format=%H', commit, '--', pattern], say)
    if (touched.status === 0 && touched.stdout.length > 0) continue
    throw new ToolError(
      'no-match',
      say(`${repo} 的历史中没有匹配“${glob}”的文件。`, `no file in the history of ${repo} matches '${glob}'.`),
    )
  }
  const { series, links } = toSeries(entries)
  const kept = series
    .filter(versions => versions.some(({ path }) => wanted.has(path)))
    .map(versions => versions.filter(({ path }) => accepts(path)))
    .filter(versions => versions.length > 0)
    .map(versions => ({ path: versions.at(-1)?.path ?? '', versions }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  if (kept.length === 0) {
    const which = globs.length === 0 ? '' : say(`匹配“${globs.join('、')}”的`, ` that matches '${globs.join("', '")}'`)
    const message = say(`${repo} 的历史中没有${which}可读文档。`, `${repo} has no readable document${which}.`)
    throw new ToolError('no-match', message)
  }
  const notices: Notice[] = []
  if (shallow) {
    const message = say(
      '浅克隆：更早的历史不在这个仓库中（git fetch --unshallow 可补全）。',
      'shallow clone: older history is not in this repository (git fetch --unshallow completes it).',
    )
    notices.push({ code: 'shallow-history', path: repo, message })
  }
  for (const path of [...links].filter(link => wanted.has(link) && accepts(link)).sort()) {
    const message = say('符号链接或子模块，未检查。', 'not checked: a symbolic link or submodule.')
    notices.push({ code: 'skipped-link', path, message })
  }
  return { repo, series: kept, notices }
}

/** Reads from `stream` what it is asked for, and no more than a chunk ahead. */
function pull(stream: Readable) {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let rest: Buffer = Buffer.alloc(0)
  const fill = async (): Promise<boolean> => {
    while (rest.length === 0) {
      const { done, value } = await chunks.next()
      if (done) return false
      rest = value
    }
    return true
  }
  /** The next `size` bytes, fewer where the stream ends. */
  const take = async (size: number): Promise<Buffer> => {
    const parts: Buffer[] = []
    for (let missing = size; missing > 0 && (await fill()); ) {
      const part = rest.subarray(0, missing)
      rest = rest.subarray(part.length)
      missing -= part.length
      parts.push(part)
    }
    return Buffer.concat(parts)
  }
  /** Up to the next line feed, which is left out. */
  const line = async (): Promise<string> => {
    let text = ''
    while (await fill()) {
      const end = rest.indexOf(10)
      text += rest.toString('latin1', 0, end < 0 ? rest.length : end)
      rest = rest.subarray(end < 0 ? rest.length : end + 1)
      if (end >= 0) break
    }
    return text
  }
  return { take, line }
}

/**
 * The contents of all versions, series after series, oldest first within each, from one `git cat-file`. Only the
 * version that is yielded is held; git waits while its reader works, and is ended when the reader leaves the loop.
 */
export async function* gitContents({ repo, series: all }: GitHistory, say: Say): AsyncGenerator<GitContent> {
  const git = startGit(repo, ['cat-file', '--batch'], say)
  const blobs = all.flatMap(({ versions }) => versions.map(({ blob }) => blob))
  let asked = 0
  let given = 0
  try {
    const { take, line } = pull(git.stdout)
    for (const series of all) {
      for (const version of series.versions) {
        if (asked === given && asked < blobs.length) {
          git.child.stdin?.write(`${blobs.slice(asked, asked + AHEAD).join('\n')}\n`)
          asked = Math.min(asked + AHEAD, blobs.length)
        }
        const head = await line()
        if (head === '') await git.end()
        const size = /^\S+ blob (\d+)$/.exec(head)?.[1]
        if (size === undefined) {
          const message = say(
            `${repo} 缺少 ${version.path} 在提交 ${version.commit.slice(0, 10)} 中的内容（部分克隆或仓库损坏）。`,
            `${repo} lacks ${version.path} of commit ${version.commit.slice(0, 10)} (a partial clone, or damaged).`,
          )
          throw new ToolError('missing-object', message)
        }
        const bytes = await take(Number(size))
        await take(1)
        given++
        yield { series, version, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) }
      }
    }
    git.child.stdin?.end()
    await git.end()
  } finally {
    git.stop()
  }
}
