/** Versions out of small git repositories made on the spot. Without git on this machine the tests are skipped, aloud. */

import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { gitBlob, gitContents, gitHistory } from '../src/cli/git.js'
import { sayIn } from '../src/report/words.js'

const say = sayIn('zh')
const work = realpathSync(mkdtempSync(join(tmpdir(), 'clauselint-git-')))
afterAll(() => rmSync(work, { recursive: true, force: true }))
const hasGit = spawnSync('git', ['--version']).status === 0
if (!hasGit) process.stderr.write('test/git.test.ts: no git on this machine, nothing of it is tested\n')

const OWN: Record<string, string | undefined> = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: '起草人',
  GIT_AUTHOR_EMAIL: 'drafts@example.com',
  GIT_COMMITTER_NAME: '起草人',
  GIT_COMMITTER_EMAIL: 'drafts@example.com',
}

let made = 0
/** A new repository; `commit` writes files (null removes one), commits them on `day` and returns the commit. */
function repository(...init: string[]) {
  const folder = join(work, `repo${made++}`)
  const git = (args: readonly string[], env: Record<string, string> = {}) =>
    execFileSync('git', args, { cwd: folder, env: { ...OWN, ...env }, encoding: 'utf8', stdio: 'pipe' }).trim()
  mkdirSync(folder)
  git(['init', '--quiet', ...init])
  git(['symbolic-ref', 'HEAD', 'refs/heads/main'])
  const commit = (day: string, files: Record<string, string | null>, message = '修订') => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      if (text === null) rmSync(join(folder, path))
      else writeFileSync(join(folder, path), text)
    }
    git(['add', '--all'])
    git(['commit', '--quiet', '--allow-empty', '-m', message], {
      GIT_AUTHOR_DATE: '2020-01-01T12:00:00+0800',
      GIT_COMMITTER_DATE: `${day}T23:30:00+0800`,
    })
    return git(['rev-parse', 'HEAD'])
  }
  return { folder, git, commit }
}

/** A rule of a few clauses; `days` is what changes. */
const rule = (days: number, name = '退款规则') =>
  `# 青禾集市${name}\n\n第一条 商家应当在${days}日内办理退款。\n\n第二条 平台核实后三日内答复。\n\n第三条 本规则自公布之日起施行。\n`

/** "path day text-or-number" of every version with its text, series after series. */
async function versions(repo: string, globs: readonly string[] = [], more: { rev?: string } = {}) {
  const history = await gitHistory(repo, globs, { say, ...more })
  const lines: string[][] = history.series.map(() => [])
  for await (const { series, version, bytes } of gitContents(history, say)) {
    const text = new TextDecoder().decode(bytes)
    const removed = version.removed === null ? '' : ` −${version.removed}`
    const line = `${version.path} ${version.committed} ${/(\d+)日/.exec(text)?.[1] ?? text.trim()}${removed}`
    lines[history.series.indexOf(series)]?.push(line)
  }
  return lines
}

const refused = (folder: string, globs: readonly string[] = [], more: { rev?: string } = {}) =>
  gitHistory(folder, globs, { say, ...more }).then(
    () => 'no error',
    (error: { code: string; message: string }) => `${error.code}: ${error.message.replaceAll(work, '')}`,
  )

beforeAll(() => {
  vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null')
})

describe.skipIf(!hasGit)('history out of git', () => {
  test('every version of every file, oldest first, on the day it was committed', async () => {
    const { folder, commit } = repository()
    commit('2026-01-05', { 'rules/b.md': rule(15, '保证金规则'), 'rules/a.md': rule(15), 'other.md': '别处' })
    commit('2026-02-05', { 'rules/a.md': rule(7) }, '缩短退款期')
    commit('2026-03-05', { 'other.md': '别处二' })
    const last = commit('2026-04-05', { 'rules/a.md': rule(15) }, '恢复')
    expect(await versions(folder, ['rules/**'])).toEqual([
      ['rules/a.md 2026-01-05 15', 'rules/a.md 2026-02-05 7', 'rules/a.md 2026-04-05 15'],
      ['rules/b.md 2026-01-05 15'],
    ])
    const { series, notices } = await gitHistory(folder, ['rules/a.md'], { say })
    expect(series).toHaveLength(1)
    expect(series[0]?.versions[2]).toMatchObject({ commit: last, message: '恢复', renamedFrom: null, removed: null })
    expect(notices).toEqual([])
  })

  test('globs are git’s: * stays in its folder, a folder is all that is in it, none is everything', async () => {
    const { folder, commit } = repository()
    commit('2026-01-05', { 'a.md': '甲', 'x/a.md': '乙', 'x/y/a.md': '丙', 'x/b.txt': '丁' })
    const paths = async (...globs: string[]) => (await gitHistory(folder, globs, { say })).series.map(s => s.path)
    expect(await paths('*.md')).toEqual(['a.md'])
    expect(await paths('x')).toEqual(['x/a.md', 'x/b.txt', 'x/y/a.md'])
    expect(await paths('**/a.md')).toEqual(['a.md', 'x/a.md', 'x/y/a.md'])
    expect(await paths('a.md', 'x/*.txt')).toEqual(['a.md', 'x/b.txt'])
    expect(await paths()).toHaveLength(4)
    const markdown = await gitHistory(folder, ['x'], { say, accepts: path => path.endsWith('.md') })
    expect(markdown.series.map(s => s.path)).toEqual(['x/a.md', 'x/y/a.md'])
    // From a folder inside the repository globs count from there, names from the top.
    expect((await gitHistory(join(folder, 'x'), ['*.md'], { say })).series.map(s => s.path)).toEqual(['x/a.md'])
  })

  test('a renamed file goes on, also from outside the glob, and its old name starts afresh', async () => {
    const { folder, git, commit } = repository()
    git(['config', 'diff.renames', 'false'])
    commit('2026-01-05', { 'docs/old/退款.md': rule(15), 'docs/old/note.md': '备忘' })
    commit('2026-01-20', { 'docs/old/退款.md': rule(12) })
    mkdirSync(join(folder, 'docs/[new]'))
    git(['mv', 'docs/old/退款.md', 'docs/[new]/退款.md'])
    commit('2026-02-05', {})
    mkdirSync(join(folder, 'rules'))
    git(['mv', 'docs/[new]/退款.md', 'rules/退款规则.md'])
    commit('2026-03-05', { 'rules/退款规则.md': rule(7) })
    commit('2026-04-05', { 'docs/old/退款.md': '另一份文档' })
    expect(await versions(folder, ['rules/**'])).toEqual([
      [
        'docs/old/退款.md 2026-01-05 15',
        'docs/old/退款.md 2026-01-20 12',
        'docs/[new]/退款.md 2026-02-05 12',
        'rules/退款规则.md 2026-03-05 7',
      ],
    ])
    const { series } = await gitHistory(folder, ['rules/**'], { say })
    expect(series[0]?.versions.map(v => v.renamedFrom)).toEqual([null, null, 'docs/old/退款.md', 'docs/[new]/退款.md'])
    expect(await versions(folder, ['docs/old/退款.md'])).toEqual([
      [
        'docs/old/退款.md 2026-01-05 15',
        'docs/old/退款.md 2026-01-20 12 −2026-02-05',
        'docs/old/退款.md 2026-04-05 另一份文档',
      ],
    ])
  })

  test('a removed file ends, and goes on where it is put back', async () => {
    const { folder, commit } = repository()
    commit('2026-01-05', { 'a.md': rule(15), 'b.md': '留存' })
    commit('2026-02-05', { 'a.md': null })
    commit('2026-03-05', { 'a.md': rule(15) })
    commit('2026-04-05', { 'a.md': null })
    expect(await versions(folder, ['a.md'])).toEqual([
      ['a.md 2026-01-05 15 −2026-02-05', 'a.md 2026-03-05 15 −2026-04-05'],
    ])
  })

  test('a changed file mode is no version', async () => {
    const { folder, git, commit } = repository()
    commit('2026-01-05', { 'a.md': rule(15) })
    git(['update-index', '--chmod=+x', 'a.md'])
    git(['commit', '--quiet', '-m', '可执行'])
    expect(await versions(folder, ['a.md'])).toEqual([['a.md 2026-01-05 15']])
  })

  test('a merge is one step of the main line; a branch can be asked for by name', async () => {
    const { folder, git, commit } = repository()
    commit('2026-01-05', { 'a.md': rule(15), 'b.md': '甲' })
    git(['checkout', '--quiet', '-b', 'draft'])
    commit('2026-02-01', { 'a.md': rule(10) })
    commit('2026-02-02', { 'a.md': rule(9) })
    git(['checkout', '--quiet', 'main'])
    commit('2026-02-03', { 'b.md': '乙' })
    git(['merge', '--quiet', '--no-ff', '-m', '合并草案', 'draft'], { GIT_COMMITTER_DATE: '2026-03-01T08:00:00+0800' })
    git(['config', 'log.diffMerges', 'off'])
    expect(await versions(folder)).toEqual([
      ['a.md 2026-01-05 15', 'a.md 2026-03-01 9'],
      ['b.md 2026-01-05 甲', 'b.md 2026-02-03 乙'],
    ])
    expect(await versions(folder, ['a.md'], { rev: 'draft' })).toEqual([
      ['a.md 2026-01-05 15', 'a.md 2026-02-01 10', 'a.md 2026-02-02 9'],
    ])
  })

  test('bare repositories, and a git that a hook has pointed elsewhere', async () => {
    const { folder, commit } = repository()
    const other = repository()
    commit('2026-01-05', { 'rules/a.md': rule(15) })
    other.commit('2026-01-06', { 'rules/z.md': '别的仓库' })
    const bare = `${folder}.git`
    execFileSync('git', ['clone', '--quiet', '--bare', folder, bare], { env: OWN })
    vi.stubEnv('GIT_DIR', join(other.folder, '.git'))
    vi.stubEnv('GIT_LITERAL_PATHSPECS', '1')
    try {
      expect(await versions(bare, ['rules/**'])).toEqual([['rules/a.md 2026-01-05 15']])
    } finally {
      vi.stubEnv('GIT_DIR', undefined)
      vi.stubEnv('GIT_LITERAL_PATHSPECS', undefined)
    }
  })

  test.skipIf(process.platform === 'win32')('hostile names: line feed, quotes, dash, colon, star, GBK', async () => {
    const { folder, git, commit } = repository()
    const names = ['-x.md', ':100644 a.md', 'a\nb.md', '"q".md', '*.md', '规 则\t.md', "'.md", 'commit x.md']
    commit('2026-01-05', Object.fromEntries(names.map((name, i) => [`r/${name}`, `内容${i}`])), ':000 -- "标题"')
    commit('2026-02-05', Object.fromEntries(names.map((name, i) => [`r/${name}`, `内容${i}改`])))
    const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: folder, input: '旧系统' })
      .toString()
      .trim()
    const gbk = Buffer.concat([
      Buffer.from(`100644 ${blob}\tr/`),
      Buffer.from([0xb9, 0xe6, 0xd4, 0xf2]),
      Buffer.from('.md\0'),
    ])
    execFileSync('git', ['update-index', '-z', '--index-info'], { cwd: folder, input: gbk })
    git(['commit', '--quiet', '-m', 'GBK'], { GIT_COMMITTER_DATE: '2026-03-05T08:00:00+0800' })
    const expected = names.map((name, i) => [`r/${name} 2026-01-05 内容${i}`, `r/${name} 2026-02-05 内容${i}改`])
    expected.push(['r/规则.md 2026-03-05 旧系统'])
    expect((await versions(folder, ['r/*'])).sort()).toEqual(expected.sort())
    expect(await versions(folder, ['r/\\*.md'])).toEqual([expected.find(lines => lines[0]?.startsWith('r/*.md'))])
  })

  test('links and submodules are left out and said', async () => {
    const { folder, git, commit } = repository()
    const inner = repository()
    inner.commit('2026-01-01', { 'a.md': '内' })
    commit('2026-01-05', { 'a.md': rule(15), 'c.md': rule(15) })
    rmSync(join(folder, 'c.md'))
    symlinkSync('a.md', join(folder, 'c.md'))
    symlinkSync('a.md', join(folder, 'b.md'))
    git(['update-index', '--add', '--cacheinfo', `160000,${inner.git(['rev-parse', 'HEAD'])},sub`])
    mkdirSync(join(folder, 'sub'))
    commit('2026-02-05', {})
    expect(await versions(folder)).toEqual([['a.md 2026-01-05 15'], ['c.md 2026-01-05 15 −2026-02-05']])
    const { notices } = await gitHistory(folder, [], { say })
    expect(notices.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'skipped-link b.md',
      'skipped-link c.md',
      'skipped-link sub',
    ])
  })

  test('a shallow clone is said to be one', async () => {
    const { folder, commit } = repository()
    commit('2026-01-05', { 'a.md': rule(15) })
    commit('2026-02-05', { 'a.md': rule(7) })
    const shallow = `${folder}-shallow`
    execFileSync('git', ['clone', '--quiet', '--depth=1', pathToFileURL(folder).href, shallow], { env: OWN })
    expect(await versions(shallow)).toEqual([['a.md 2026-02-05 7']])
    const { notices } = await gitHistory(shallow, [], { say })
    expect(notices.map(n => n.code)).toEqual(['shallow-history'])
  })

  test('what is missing is an error of one sentence', async () => {
    const { folder, commit } = repository()
    expect(await refused(folder)).toBe(`empty-repository: ${folder.replace(work, '')} 还没有任何提交。`)
    commit('2026-01-05', { 'a.md': rule(15) })
    const name = folder.replace(work, '')
    expect(await refused(folder, ['a.md', '规则/**'])).toBe(`no-match: ${name} 的历史中没有匹配“规则/**”的文件。`)
    expect(await refused(folder, [], { rev: 'v9' })).toBe(`no-such-revision: ${name} 没有版本“v9”。`)
    expect(await refused(folder, [], { rev: '--all' })).toBe(`no-such-revision: ${name} 没有版本“--all”。`)
    expect(await refused(join(work, 'nowhere'))).toBe('not-a-repository: 没有文件夹 /nowhere。')
    mkdirSync(join(work, 'plain'))
    expect(await refused(join(work, 'plain'))).toBe('not-a-repository: /plain 不是 git 仓库。')
    expect(await refused(folder, ['../x'])).toContain('git-failed: git 出错')
    const none = gitHistory(folder, ['*.md'], { say, accepts: () => false })
    await expect(none).rejects.toMatchObject({ code: 'no-match' })
    vi.stubEnv('PATH', join(work, 'plain'))
    try {
      expect(await refused(folder)).toBe('git-missing: 找不到 git，请先安装。')
    } finally {
      vi.stubEnv('PATH', OWN['PATH'])
    }
  })

  test.skipIf(process.platform === 'win32')('no program that a repository names is run', async () => {
    const { folder, git, commit } = repository()
    const ran = join(folder, 'ran')
    const program = join(folder, 'program.sh')
    writeFileSync(program, `#!/bin/sh\ntouch '${ran}'\n`, { mode: 0o755 })
    writeFileSync(join(folder, '.gitattributes'), '*.md diff=own\n')
    commit('2026-01-05', { 'a.md': rule(15) })
    const unsigned = git(['cat-file', 'commit', 'HEAD'])
    const signed = unsigned.replace('\n\n', '\ngpgsig -----BEGIN PGP SIGNATURE-----\n -----END PGP SIGNATURE-----\n\n')
    const input = { cwd: folder, env: OWN, input: `${signed}\n`, encoding: 'utf8' } as const
    git(['reset', '--quiet', execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], input).trim()])
    for (const key of ['gpg.program', 'diff.external', 'diff.own.textconv', 'diff.own.command', 'core.fsmonitor'])
      git(['config', key, program])
    git(['config', 'log.showSignature', 'true'])
    rmSync(ran, { force: true })
    expect(await versions(folder, ['*.md'])).toEqual([['a.md 2026-01-05 15']])
    expect(gitBlob('HEAD:a.md', { cwd: folder, say })).not.toBeNull()
    expect(existsSync(ran)).toBe(false)
    git(['log', '-1']) // which does run it
    expect(existsSync(ran)).toBe(true)
  })

  test('thousands of versions and thousands of files, each in its place', async () => {
    const { folder } = repository('--bare')
    const commits = Array.from({ length: 3000 }, (_, i) => {
      const text = `第一条 商家应当在${i}日内办理退款。`
      const file = `M 100644 inline 规则/第${i % 7}号.md\ndata ${Buffer.byteLength(text)}\n${text}\n`
      return `commit refs/heads/main\ncommitter a <a@example.com> ${1_700_000_000 + i} +0800\ndata 0\n${file}`
    })
    const names = Array.from({ length: 3000 }, (_, i) => `附件/${String(i).padStart(4, '0')}.md`)
    const files = names.map(name => `M 100644 inline ${name}\ndata 6\n附件\n`)
    commits.push(`commit refs/heads/main\ncommitter a <a@example.com> 1800000000 +0800\ndata 0\n${files.join('')}`)
    execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, env: OWN, input: commits.join('') })
    expect((await gitHistory(folder, ['附件'], { say })).series.map(({ path }) => path)).toEqual(names)
    const found = await versions(folder, ['规则/*'])
    expect(found.map(lines => lines.map(line => Number(line.split(' ')[2])))).toEqual(
      Array.from({ length: 7 }, (_, n) => Array.from({ length: 3000 }, (_v, i) => i).filter(i => i % 7 === n)),
    )
  })

  test('a content that is gone from the repository is named', async () => {
    const { folder, git, commit } = repository()
    commit('2026-01-05', { 'a.md': rule(15) })
    const history = await gitHistory(folder, [], { say })
    const blob = git(['rev-parse', 'HEAD:a.md'])
    const away = `${folder}-damaged`
    cpSync(folder, away, { recursive: true })
    rmSync(join(away, '.git', 'objects', blob.slice(0, 2), blob.slice(2)), { force: true })
    const read = async () => {
      for await (const _ of gitContents({ ...history, repo: away }, say));
    }
    await expect(read()).rejects.toMatchObject({ code: 'missing-object' })
  })

  test('leaving early ends git, and large contents arrive whole', async () => {
    const { folder, commit } = repository()
    const large = Array.from({ length: 20_000 }, (_, i) => `第${i}条 商家应当如实填写资料。\n`).join('')
    for (let i = 0; i < 8; i++) commit('2026-01-05', { 'a.md': `${large}${i}日\n`, 'b.md': '' })
    const history = await gitHistory(folder, [], { say })
    expect(history.series.map(s => s.versions.length)).toEqual([8, 1])
    let seen = 0
    for await (const { bytes } of gitContents(history, say)) {
      expect(new TextDecoder().decode(bytes)).toBe(`${large}${seen}日\n`)
      if (process.platform === 'linux') expect(childrenOf(process.pid)).toContain('git')
      if (++seen === 3) break
    }
    if (process.platform === 'linux') {
      await vi.waitFor(() => expect(childrenOf(process.pid)).not.toContain('git'), { timeout: 5000 })
    }
    expect(seen).toBe(3)
    const last = (await versions(folder, ['b.md']))[0]
    expect(last).toEqual(['b.md 2026-01-05 '])
  })
})

/** Names of the processes that `pid` has started and that still run. Linux only. */
function childrenOf(pid: number): string[] {
  const processes = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  return processes.flatMap(name => {
    let stat = ''
    try {
      stat = readFileSync(`/proc/${name}/stat`, 'utf8')
    } catch {} // it has ended meanwhile
    const [, command = '', state = '', parent = ''] = /^\d+ \((.*)\) (\w) (\d+)/.exec(stat) ?? []
    return Number(parent) === pid && state !== 'Z' ? [command] : []
  })
}

describe.skipIf(!hasGit)('REV:path', () => {
  const text = (bytes: Uint8Array | null) => (bytes === null ? null : new TextDecoder().decode(bytes))
  const repo = hasGit ? repository() : { folder: work, git: () => '', commit: () => '' }
  const { folder, commit, git } = repo
  const blob = (spec: string, cwd = folder) => text(gitBlob(spec, { cwd, say }))
  const message = (spec: string, cwd = folder): string => {
    try {
      return `no error: ${blob(spec, cwd)}`
    } catch (error) {
      return (error as Error).message
    }
  }
  beforeAll(() => {
    if (!hasGit) return
    commit('2026-01-05', { 'rules/退款.md': '旧', 'a.md': '甲' })
    symlinkSync('退款.md', join(folder, 'rules', 'link.md'))
    commit('2026-02-05', { 'rules/退款.md': '新', 'HEAD:kept.md': '文件' }, 'fix: 退款')
    writeFileSync(join(folder, 'a.md'), '已暂存')
    git(['add', 'a.md'])
    writeFileSync(join(folder, 'a.md'), '未暂存')
  })
  afterEach(() => vi.stubEnv('PATH', OWN['PATH']))

  test('reads the file of a commit, of the index, through a link, from here with ./', () => {
    expect(blob('HEAD~1:rules/退款.md')).toBe('旧')
    expect(blob('HEAD:rules/退款.md')).toBe('新')
    expect(blob('main:./退款.md', join(folder, 'rules'))).toBe('新')
    expect(blob('HEAD:rules/link.md')).toBe('新')
    expect(blob(':a.md')).toBe('已暂存')
    expect(blob('HEAD^{/fix: }:a.md')).toBe('甲')
  })

  test('is nothing of the kind where a file has that name, or without a colon', () => {
    expect(blob('HEAD:kept.md')).toBeNull()
    expect(blob('rules/退款.md')).toBeNull()
    expect(blob('--help:x')).toBeNull()
    expect(blob('HEAD:HEAD:kept.md')).toBe('文件')
  })

  test('what is missing is an error of one sentence', () => {
    expect(message('HEAD~9:a.md')).toBe('没有文件“HEAD~9:a.md”，git 仓库中也没有版本“HEAD~9”。')
    expect(message('https://example.com/a.md')).toContain('没有版本“https”')
    expect(message('HEAD:b.md')).toBe('版本“HEAD”中没有“b.md”。')
    expect(message('HEAD^{/fix: }:b.md')).toBe('版本“HEAD^{/fix: }”中没有“b.md”。')
    expect(message('HEAD:b\nb.md')).toBe('版本“HEAD”中没有“b\nb.md”。')
    expect(message('HEAD:退款.md', join(folder, 'rules'))).toBe('版本“HEAD”中没有“退款.md”；是否指“HEAD:./退款.md”？')
    expect(message(':b.md')).toBe('暂存区中没有“b.md”。')
    expect(message('HEAD:rules')).toBe('HEAD:rules 是文件夹，不是文件。')
    expect(message('HEAD:a.md', work)).toBe('没有文件“HEAD:a.md”，当前也不在 git 仓库中。')
    vi.stubEnv('PATH', join(work, 'none'))
    expect(message('HEAD:a.md')).toBe('找不到 git，请先安装。')
  })
})
