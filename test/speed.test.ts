/** Threads, shards and the cache: they change how long a check takes, and never what it says. */

import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { FORMATS } from '../src/report/formats.js'
import { bin, clauselint, type Ended, folderWith, removeFolders, shell, start } from './command.js'

afterAll(removeFolders)
vi.setConfig({ testTimeout: 60_000 })

const root = fileURLToPath(new URL('..', import.meta.url))
const noPosix = process.platform === 'win32'
const CHANGE = '平台有权随时单方修改本协议。'
const NO_BLAME = '平台对一切损失概不负责。'
const HARMLESS = '商家依法经营。'
const UNSEEN = '本节的季度从一月一日算起。'

interface Report {
  readonly findings: readonly { ruleId: string; severity: string; path: string; evidence: string }[]
  readonly notices: readonly { code: string; path: string; message: string }[]
}
const report = ({ stdout }: Ended): Report => JSON.parse(stdout)
const checked = async (folder: string, args: string): Promise<Report> =>
  report(await clauselint(folder, ['check', ...args.split(' '), '--format', 'json']))

/** The documents of the fixtures, and some that can't be read, are empty or take themselves back. */
function documents(): string {
  const folder = folderWith({
    'docs/a-first.md': `# 云渡协议\n\n第一条 ${CHANGE}\n\n第二条 商家可以在收到处罚通知之日起七日内申诉。\n`,
    'docs/b.md': `<!-- clauselint-disable-next-clause -- 随下一版修改 -->\n第一条 ${NO_BLAME}\n`,
    'docs/c.md': `<!-- clauselint-disable-next-clause amendment-without-notice -- 已改 -->\n第一条 ${HARMLESS}\n`,
    'docs/d.html': '',
    'docs/y.pdf': '%PDF-1.7',
    'docs/z-last.md': `# 处罚规则\n\n第一条 商家应当在3日内提出申诉。\n\n第二条 ${NO_BLAME}\n${`\n${UNSEEN}\n`.repeat(400)}`,
  })
  writeFileSync(join(folder, 'docs', 'm.txt'), Uint8Array.from([0, 1, 2, 255, 254, 0, 0]))
  cpSync(join(root, 'fixtures', 'agreements', 'others'), join(folder, 'docs', 'others'), { recursive: true })
  return folder
}

/** Makes the program do something more whenever a document is read, in each of its threads. */
const hooked = (folder: string, onRead: string, args: readonly string[]): Promise<Ended> => {
  const hook = `
    import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    import { isMainThread } from 'node:worker_threads'
    const read = fs.readFileSync
    fs.readFileSync = (path, ...rest) => {
      if (/\\.(md|html|txt)$/.test(path)) { ${onRead} }
      return read(path, ...rest)
    }
    syncBuiltinESMExports()`
  writeFileSync(join(folder, 'hook.mjs'), hook)
  return start(process.execPath, ['--import', './hook.mjs', bin, 'check', ...args], folder).ended
}

describe('threads', () => {
  const folder = documents()
  const others = FORMATS.filter(format => format !== 'pretty')
  const run = (threads: number, into: string): Promise<Ended> =>
    clauselint(folder, [
      'check',
      'docs',
      `--concurrency=${threads}`,
      '--format=pretty',
      ...others.flatMap(format => ['--format', format, '--output', `${into}-${format}`]),
    ])

  test('any number of them writes the same bytes in every format', async () => {
    const alone = await run(1, 'one')
    expect(alone.status).toBe(2)
    expect(alone.stdout).toContain('conflicting-terms')
    expect(alone.stderr).toContain('docs/m.txt：')
    for (const threads of [2, 4]) {
      expect(await run(threads, `n${threads}`)).toEqual(alone)
      for (const format of others)
        expect(readFileSync(join(folder, `n${threads}-${format}`), 'utf8')).toBe(
          readFileSync(join(folder, `one-${format}`), 'utf8'),
        )
    }
    expect(readFileSync(join(folder, 'one-sarif'), 'utf8')).toContain('"snippet"')
  })

  test('other threads take the biggest first, and lines come in the order of the files', async () => {
    // The main thread waits for the other one, which then has the choice.
    const read = `
      fs.appendFileSync('log', (isMainThread ? 'main ' : 'worker ') + path + '\\n')
      for (const end = Date.now() + 20000; isMainThread && Date.now() < end; )
        if (fs.existsSync('log') && String(read('log')).includes('worker')) break`
    const args = (threads: string) => ['docs', '--format', 'ndjson', '--concurrency', threads]
    const two = await hooked(folder, read, args('2'))
    expect(two).toEqual(await clauselint(folder, ['check', ...args('1')]))
    const paths = two.stdout.split('\n').flatMap(line => /^\{"type":"document","path":"([^"]+)"/.exec(line)?.[1] ?? [])
    expect(paths.length).toBeGreaterThan(8)
    expect(paths).toEqual([...paths].sort())
    const taken = readFileSync(join(folder, 'log'), 'utf8').trimEnd().split('\n')
    const size = (line: string | undefined): number => statSync(join(folder, line?.split(' ')[1] ?? '')).size
    expect(size(taken.find(line => line.startsWith('worker')))).toBe(Math.max(...taken.map(size)))
    expect(taken.length).toBe(paths.length + 1)
  })

  test('there are several, and one document never pays for another thread', async () => {
    const files = Object.fromEntries(Array.from({ length: 4 }, (_, i) => [`${i}.md`, `第一条 ${CHANGE}\n`]))
    const own = folderWith(files)
    // The first to come waits for the other one.
    const meet = `
      const me = isMainThread ? 'main' : 'worker'
      fs.writeFileSync(me, '')
      for (const end = Date.now() + 20000; !fs.existsSync(isMainThread ? 'worker' : 'main') && Date.now() < end; ) {}`
    const { stdout } = await hooked(own, meet, ['.', '--format', 'json', '--concurrency', '2', '--no-config'])
    expect(JSON.parse(stdout).summary.documents).toBe(4)
    expect(readdirSync(own)).toEqual(expect.arrayContaining(['main', 'worker']))
    const alone = folderWith({ 'a.md': `第一条 ${CHANGE}\n` })
    const note = 'fs.writeFileSync(isMainThread ? "main" : "worker", "")'
    for (const threads of ['auto', '4']) await hooked(alone, note, ['a.md', '--concurrency', threads, '--no-config'])
    expect(readdirSync(alone).sort()).toEqual(['a.md', 'hook.mjs', 'main'])
  })

  test('an error is the same in any thread, and what a dead thread leaves is done', async () => {
    const files = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${i}.md`, `第一条 ${CHANGE}\n`]))
    const broken = 'if (path.endsWith("3.md")) throw new TypeError("the disk is on fire")'
    const errors: Ended[] = []
    for (const threads of ['1', '2'])
      errors.push(await hooked(folderWith(files), broken, ['.', '--concurrency', threads, '--no-config']))
    const sentence = ({ status, stdout, stderr }: Ended) => ({ status, stdout, said: stderr.split('\n')[0] })
    const said = 'clauselint: 程序内部错误，未能完成检查：TypeError: the disk is on fire'
    for (const ended of errors) expect(sentence(ended)).toEqual({ status: 2, stdout: '', said })
    const dying = 'if (!isMainThread) process.exit(7)'
    const args = ['.', '--format', 'json', '--no-config']
    const left = await hooked(folderWith(files), dying, [...args, '--concurrency', '3'])
    expect(left).toEqual(await clauselint(folderWith(files), ['check', ...args]))
  })

  test.skipIf(noPosix)('a reader that goes away stops all of them', async () => {
    const text = `第一条 ${CHANGE}\n`.repeat(300)
    const many = folderWith(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${100 + i}.md`, text])))
    // Whoever reads on to the end meets a file that is no text: status 2.
    writeFileSync(join(many, 'z.md'), Uint8Array.from([0, 1, 2, 255, 254, 0]))
    const line =
      '$CLAUSELINT . --format ndjson --no-config --concurrency 2 | head -n 2 > /dev/null; echo "${PIPESTATUS[0]}"'
    expect(await shell(many, line)).toEqual({ status: 0, stdout: '1\n', stderr: '' })
  })
})

describe('shards', () => {
  const folder = documents()

  test('each document is in one of them, and together they find what each document shows by itself', async () => {
    const whole = await checked(folder, 'docs')
    const parts: Report[] = []
    for (const part of ['1/2', '2/2']) parts.push(await checked(folder, `docs --shard ${part}`))
    const paths = parts.map(part => new Set(part.findings.map(f => f.path)))
    expect(paths.every(own => own.size > 0)).toBe(true)
    expect(new Set(paths.flatMap(own => [...own])).size).toBe(paths.reduce((sum, own) => sum + own.size, 0))
    const sets = readdirSync(join(root, 'rules'), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.yaml'))
      .filter(name => readFileSync(join(root, 'rules', name), 'utf8').includes('\nmethod: presence\n'))
      .map(name => basename(name, '.yaml'))
    expect(sets.length).toBeGreaterThan(20)
    const ofSet = (ruleId: string): boolean => sets.includes(ruleId) || ruleId === 'conflicting-terms'
    const lines = (all: readonly Report[]) =>
      all
        .flatMap(({ findings }) => findings)
        .filter(f => !ofSet(f.ruleId))
        .map(f => JSON.stringify(f))
        .sort()
    expect(lines(parts)).toEqual(lines([whole]))
    // What only all documents show is said not to be judged.
    expect(whole.findings.some(f => f.ruleId === 'conflicting-terms')).toBe(true)
    for (const [i, { notices }] of parts.entries()) {
      expect(notices.find(n => n.code === 'rule-set-not-judged')?.message).toContain(`这是第 ${i + 1}/2 片`)
      expect(notices.find(n => n.code === 'shard')?.message).toContain(`只检查第 ${i + 1}/2 片：全部`)
    }
  })

  test('the baseline keeps what stands in other shards', async () => {
    const own = folderWith({
      'a.md': `# 商家协议\n\n第一条 ${CHANGE}\n\n第二条 商家可以在收到处罚通知之日起七日内申诉。\n`,
      'b.md': `# 处罚规则\n\n第一条 ${NO_BLAME}\n\n第二条 商家应当在3日内提出申诉。\n`,
    })
    await clauselint(own, ['.', '--baseline', 'known.json', '--update-baseline'])
    const before = readFileSync(join(own, 'known.json'), 'utf8')
    expect(before).toContain('conflicting-terms')
    for (const part of ['1/2', '2/2']) {
      const { status } = await clauselint(own, ['.', '--baseline', 'known.json', '--prune-baseline', '--shard', part])
      expect(status).toBe(0)
    }
    expect(readFileSync(join(own, 'known.json'), 'utf8')).toBe(before)
  })

  test('a shard without documents is no error; wrong numbers are', async () => {
    const own = folderWith({ 'a.md': `第一条 ${CHANGE}\n` })
    const empty = await clauselint(own, ['a.md', '--shard', '2/2', '--format', 'json'])
    expect(empty).toMatchObject({ status: 0, stderr: '' })
    expect(report(empty).notices.map(n => n.code)).toEqual(['shard'])
    for (const wrong of ['0/3', '4/3', 'x'])
      expect(await clauselint(own, ['a.md', '--shard', wrong])).toEqual({
        status: 2,
        stdout: '',
        stderr: `clauselint: --shard 的“${wrong}”不对，应写“第几片/共几片”，如 2/4。\n`,
      })
    for (const wrong of ['0', '1.5', 'x'])
      expect(await clauselint(own, ['a.md', `--concurrency=${wrong}`])).toMatchObject({
        status: 2,
        stderr: `clauselint: --concurrency 的“${wrong}”不对，应写 auto 或正整数（1–9999）。\n`,
      })
  })
})

describe('the cache', () => {
  const FILE = '.clauselint-cache'
  /** Changes a word in what the cache remembers, so that a report shows where it comes from. */
  function mark(folder: string): void {
    const path = join(folder, FILE)
    const [first, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
    const marked = lines.map(line => {
      const rest = line.slice(line.indexOf('\t')).replaceAll(/"evidence":"/g, '"evidence":"记得')
      return createHash('sha256').update(rest).digest('hex').slice(0, 16) + rest
    })
    writeFileSync(path, `${[first, ...marked].join('\n')}\n`)
  }
  /** The documents whose findings come from the cache. */
  const remembered = ({ findings }: Report): string[] => [
    ...new Set(findings.filter(f => f.evidence.startsWith('记得')).map(f => f.path)),
  ]
  const COMMENT = '<!-- clauselint-disable-next-clause until=2026-12-31 -- 随下一版修改 -->\n'
  const three = () =>
    folderWith({ 'a.md': `第一条 ${CHANGE}\n`, 'b.md': `第一条 ${NO_BLAME}\n`, 'c.md': `第一条 ${CHANGE}\n` })

  test('cold, warm or none: the same bytes in every format', async () => {
    const folder = documents()
    const formats = FORMATS.flatMap(format => ['--format', format, '--output', `out-${format}`])
    const outputs = async (...args: string[]) => {
      const ended = await clauselint(folder, ['check', 'docs', ...formats, ...args])
      return [ended, ...FORMATS.map(format => readFileSync(join(folder, `out-${format}`), 'utf8'))]
    }
    const same = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')
    const none = await outputs()
    expect((await outputs('--cache', '--concurrency', '2')).map(same)).toEqual(none.map(same))
    expect((await outputs('--cache')).map(same)).toEqual(none.map(same))
    const file = join(folder, FILE)
    if (!noPosix) expect(statSync(file).mode & 0o777).toBe(0o600)
    // Nothing that was not found is in it.
    expect(readFileSync(file, 'utf8').includes(UNSEEN)).toBe(false)
  })

  test('only what has changed is checked again: documents, rules, config, day', async () => {
    const folder = three()
    const again = async (args: string): Promise<string[]> => {
      mark(folder)
      return remembered(await checked(folder, `a.md b.md c.md --cache ${args}`))
    }
    await checked(folder, 'a.md b.md c.md --cache')
    expect(await again('')).toEqual(['a.md', 'b.md', 'c.md'])
    writeFileSync(join(folder, 'b.md'), `第一条 ${HARMLESS}\n\n第二条 ${NO_BLAME}\n`)
    expect(await again('--today 2027-01-01')).toEqual(['a.md', 'c.md'])
    // A config that says nothing about it leaves a document alone.
    const override = '{ files: [c.md], rules: { amendment-without-notice: warning } }'
    writeFileSync(join(folder, 'clauselint.yaml'), `overrides: [${override}]\n`)
    expect(await again('')).toEqual(['a.md', 'b.md'])
    expect((await checked(folder, 'c.md --cache')).findings[0]?.severity).toBe('warning')
    writeFileSync(join(folder, 'clauselint.yaml'), 'rules: { amendment-without-notice: off }\n')
    expect(await again('')).toEqual([])

    cpSync(join(root, 'fixtures', 'cli', 'my-rules'), join(folder, 'own'), { recursive: true })
    expect(await again('--rules own')).toEqual([])
    expect(await again('--rules own')).toEqual(['b.md'])
    const [rule = ''] = readdirSync(join(folder, 'own'), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('moody-change.yaml'))
      .map(name => join(folder, 'own', name))
    writeFileSync(rule, readFileSync(rule, 'utf8').replace("'(凭心情)", "'(凭心情|凭兴致)"))
    expect(await again('--rules own')).toEqual([])
  })

  test('what a comment takes back hangs on the day', async () => {
    const folder = folderWith({ 'a.md': `${COMMENT}第一条 ${CHANGE}\n` })
    const on = (day: string) => checked(folder, `a.md --no-config --cache --today ${day}`)
    expect((await on('2026-12-31')).findings).toEqual([])
    mark(folder)
    const after = await on('2027-01-01')
    expect(after.findings.map(f => f.ruleId)).toContain('amendment-without-notice')
    expect(remembered(after)).toEqual([])
    expect(after.notices.map(n => n.code)).toContain('suppression-expired')
  })

  test('a broken line, a broken file and other versions are as none, and mended', async () => {
    const folder = three()
    const path = join(folder, FILE)
    const run = () => clauselint(folder, ['a.md', 'b.md', 'c.md', '--cache', '--no-config'])
    const none = await run()
    const good = readFileSync(path)
    for (const bad of [
      Buffer.from(good.toString().replaceAll('"severity":"error"', '"severity":"wrong"')),
      Buffer.from(good.toString().replace('cache 1', 'cache 0')),
      Buffer.from('第一行\u0000\n\t\t\t\t\t\n'),
    ]) {
      writeFileSync(path, bad)
      expect(await run()).toEqual(none)
      expect(readFileSync(path).equals(good)).toBe(true)
    }
  })

  test('one that can’t be written is said once; no document and no other file is overwritten', async () => {
    const folder = three()
    const plain = await clauselint(folder, ['a.md', '--no-config'])
    const at = (place: string) => clauselint(folder, ['a.md', '--no-config', '--cache-location', place])
    const nowhere = await at('b.md/cache')
    expect(nowhere).toEqual({ ...plain, stderr: expect.stringMatching(/^clauselint: 缓存没有保存：[^\n]+\n$/) })
    const other = await at('b.md')
    expect(other).toEqual({ ...plain, stderr: expect.stringContaining('b.md 不是本工具的缓存文件') })
    expect(await at('a.md')).toMatchObject({ status: 2, stderr: expect.stringContaining('被检查的文档') })
    writeFileSync(join(folder, 'empty.txt'), '')
    expect((await at('empty.txt')).stderr).toContain('empty.txt 不是本工具的缓存文件')
    rmSync(join(folder, 'empty.txt'))
    const baseline = ['--baseline', 'known.json', '--update-baseline', '--cache-location', './known.json']
    expect(await clauselint(folder, ['a.md', '--no-config', ...baseline])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--cache-location 与 --baseline 是同一个文件'),
    })
    expect(existsSync(join(folder, 'known.json'))).toBe(false)
    expect(readFileSync(join(folder, 'b.md'), 'utf8')).toBe(`第一条 ${NO_BLAME}\n`)
    expect(await at('new/folder/')).toEqual(plain)
    expect(existsSync(join(folder, 'new', 'folder', FILE))).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['a.md', 'b.md', 'c.md', 'new'])
  })

  test('documents of other runs are remembered until they are gone', async () => {
    const folder = three()
    await checked(folder, 'a.md b.md --cache')
    await checked(folder, 'c.md --cache')
    mark(folder)
    expect(remembered(await checked(folder, 'a.md b.md --cache'))).toEqual(['a.md', 'b.md'])
    expect(remembered(await checked(folder, 'c.md --cache'))).toEqual(['c.md'])
    // Alone they were not looked through for what a whole set must hold.
    expect(remembered(await checked(folder, 'a.md b.md c.md --cache'))).toEqual([])
    const gone = folderWith({ 'a.md': HARMLESS })
    cpSync(join(folder, FILE), join(gone, FILE))
    await checked(gone, 'a.md --cache')
    expect(readFileSync(join(gone, FILE), 'utf8')).not.toContain('b.md')
  })
})
