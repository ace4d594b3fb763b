/** What users of linters have asked for again and again, each shown once on the built command line. */

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, test, vi } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'clauselint-asked-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))
vi.setConfig({ testTimeout: 60_000, maxConcurrency: 2 })

let folders = 0
/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(work, String(++folders))
  mkdirSync(folder)
  for (const [path, content] of Object.entries(files)) put(folder, path, content)
  return folder
}
function put(folder: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}

interface Result {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}
/** Runs clauselint in `folder`; the config of an outer folder never counts. */
function run(folder: string, args: string, env: Readonly<Record<string, string>> = {}): Promise<Result> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'clauselint.js'), ...args.split(' ')], {
      cwd: folder,
      env: { PATH: process.env['PATH'], LANG: 'zh_CN.UTF-8', ...env },
    })
    const output = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text
      })
    child.on('error', failed)
    child.on('close', status => done({ status, ...output }))
  })
}

interface Found {
  readonly ruleId: string
  readonly path: string
  readonly clause: string
  readonly evidence: string
  readonly start: { readonly line: number; readonly column: number }
}
interface Report {
  readonly status: number | null
  readonly findings: readonly Found[]
  readonly notices: readonly { readonly code: string; readonly path: string; readonly message: string }[]
}
async function check(folder: string, args: string): Promise<Report> {
  const { status, stdout } = await run(folder, `check ${args} --format json`)
  return { status, ...JSON.parse(stdout) }
}
const ids = (report: Report) => report.findings.map(f => f.ruleId)

const CHANGE = '平台有权随时单方修改本协议。'
const NO_BLAME = '平台对一切损失概不负责。'
const HARMLESS = '商家依法经营。'
const ONLY = '--no-config --only amendment-without-notice'

const rule = (match: string, examples: string) => `id: moody
severity: error
confidence: high
since: 0.1.0
name: { zh: 凭心情改规则, en: Whim }
message: { zh: '“{evidence}”允许凭心情改规则。', en: "'{evidence}' allows a whim." }
suggestion: { zh: 提前公示。, en: Publish ahead. }
why: { zh: 修改要先公示。, en: Changes need publication. }
citations: [{ law: 办法, article: 12, paragraph: 1 }]
consequence: { zh: 责令改正。, en: Order to correct. }
detect: [{ match: '${match}' }]
examples:
  fail: ${examples}
  pass: []
  todo: []
`
const EXAMPLES = '[{ text: 平台可以凭心情修改规则。, evidence: 凭心情 }]'

describe.concurrent('silence means checked', () => {
  test('a rule that never matches fails its own examples', async ({ expect }) => {
    const folder = folderWith({ 'own/demo/moody.yaml': rule('(凭兴致)', EXAMPLES) })
    const { status, stdout } = await run(folder, 'test-rules own')
    expect(stdout).toContain('没有发现：“平台可以凭心情修改规则。”')
    expect(status).toBe(1)
    put(folder, 'own/demo/moody.yaml', rule('(凭心情)', EXAMPLES))
    expect((await run(folder, 'test-rules own')).status).toBe(0)
  })
  test('a pattern that cannot match beside Chinese is refused where it stands', async ({ expect }) => {
    const folder = folderWith({ 'own/demo/moody.yaml': rule('(\\b凭心情\\b)', EXAMPLES), 'a.md': CHANGE })
    const { status, stderr } = await run(folder, 'check a.md --rules own --no-config')
    expect(stderr).toMatch(/moody\.yaml:11:\d+: .*单词边界，永远不会匹配/)
    expect(status).toBe(2)
  })
  test('an unknown rule in a config, a comment or an option is an error, not ignored', async ({ expect }) => {
    const folder = folderWith({
      'a.md': `第一条 ${HARMLESS}\n`,
      'b.md': `<!-- clauselint-disable-next-line amendment-notice -- 已改 -->\n第一条 ${HARMLESS}\n`,
      'own.yaml': 'rules: { amendment-with-notice: error }\n',
    })
    const config = await run(folder, 'check a.md --config own.yaml')
    expect(config).toMatchObject({ status: 2, stderr: expect.stringContaining('own.yaml:1:10') })
    const comment = await run(folder, 'check b.md --no-config')
    expect(comment).toMatchObject({ status: 2, stderr: expect.stringContaining('b.md:1') })
    const option = await run(folder, 'check a.md --no-config --only amendment-with-notice')
    expect(option).toMatchObject({ status: 2, stderr: expect.stringContaining('amendment-without-notice') })
  })
  test('what was not examined is said: other formats, files without text, files that cannot be read', async ({
    expect,
  }) => {
    const folder = folderWith({
      'rules/a.md': HARMLESS,
      'rules/b.pdf': '%PDF-1.7',
      'rules/c.html': '<html><body><img src="rules.png"></body></html>',
      'rules/d.txt': new Uint8Array([0, 1, 2, 255, 254, 0, 0]),
      'none/e.css': '',
    })
    const { status, notices } = await check(folder, 'rules --no-config')
    expect(notices).toContainEqual(expect.objectContaining({ path: 'rules/b.pdf', code: 'unsupported-format' }))
    expect(notices.find(n => n.path === 'rules/c.html')?.message).toContain('没有可检查的文字')
    expect(notices).toContainEqual(expect.objectContaining({ path: 'rules/d.txt', code: 'unreadable-input' }))
    expect(status).toBe(2)
    expect((await run(folder, 'check none --no-config')).status).toBe(2)
  })
  test('an HTML document is examined as its Markdown twin is', async ({ expect }) => {
    const folder = folderWith({
      'a.md': `# 协议\n\n第一条 ${CHANGE}\n\n第二条 ${NO_BLAME}\n`,
      'a.html': `<h1>协议</h1><p>第一条 ${CHANGE}</p><p>第二条 ${NO_BLAME}</p>`,
    })
    const { findings } = await check(folder, 'a.md a.html --no-config')
    const of = (path: string) => findings.filter(f => f.path === path).map(f => [f.ruleId, f.clause, f.evidence])
    expect(of('a.html').length).toBeGreaterThanOrEqual(3)
    expect(of('a.html')).toEqual(of('a.md'))
  })
})

describe.concurrent('old problems and taken-back ones', () => {
  test('with a baseline only new problems are reported', async ({ expect }) => {
    const folder = folderWith({ 'a.md': `第一条 ${CHANGE}\n` })
    const known = `--baseline known.json ${ONLY}`
    expect((await run(folder, `check a.md ${known} --update-baseline`)).status).toBe(0)
    put(folder, 'a.md', `第一条 ${HARMLESS}\n\n第二条 ${CHANGE}\n`)
    expect(await check(folder, `a.md ${known}`)).toMatchObject({ status: 0, findings: [] })
    put(folder, 'a.md', `第一条 ${CHANGE}\n\n第二条 平台可以随时调整收费规则，无需公示。\n`)
    const more = await check(folder, `a.md ${known}`)
    expect(more.status).toBe(1)
    expect(more.findings.map(f => f.clause)).toEqual(['第二条'])
  })
  test('SARIF lists no finding that a comment or the baseline takes back, unless it is asked to', async ({
    expect,
  }) => {
    const reason = '<!-- clauselint-disable-next-clause amendment-without-notice -- 随下一版修改 -->'
    const folder = folderWith({
      'a.md': `第一条 ${CHANGE}\n\n${reason}\n第二条 平台可以随时调整收费规则，无需公示。\n`,
    })
    const known = `--baseline known.json ${ONLY}`
    await run(folder, `check a.md ${known} --update-baseline`)
    const results = async (more: string) =>
      JSON.parse((await run(folder, `check a.md ${known} --format sarif${more}`)).stdout).runs[0].results
    expect(await results('')).toEqual([])
    const all: { suppressions: { kind: string; justification?: string }[] }[] =
      await results(' --sarif-include-suppressed')
    expect(all.map(r => r.suppressions[0]?.kind).sort()).toEqual(['external', 'inSource'])
    expect(JSON.stringify(all)).toContain('随下一版修改')
  })
  test('comments work in Markdown and in HTML; unused and malformed ones are reported', async ({ expect }) => {
    const comment = '<!-- clauselint-disable-next-clause amendment-without-notice -- 随下一版修改 -->'
    const folder = folderWith({
      'a.md': `${comment}\n第一条 ${CHANGE}\n`,
      'b.html': `<body>${comment}\n<p>第一条 ${CHANGE}</p></body>`,
      'c.md': `${comment}\n第一条 ${HARMLESS}\n\n<!-- clauselint-disable-next-claus price-parity -- 写错 -->\n第二条 ${HARMLESS}\n`,
    })
    const { findings, notices } = await check(folder, `a.md b.html c.md ${ONLY}`)
    expect(findings).toEqual([])
    expect(
      notices
        .filter(n => n.path === 'c.md')
        .map(n => n.code)
        .sort(),
    ).toEqual(['suppression-malformed', 'suppression-unused'])
  })
  test('a comment needs a reason, and an audit ignores all comments', async ({ expect }) => {
    const comment = (reason: string) => `<!-- clauselint-disable-next-clause amendment-without-notice${reason} -->`
    const folder = folderWith({
      'a.md': `${comment('')}\n第一条 ${CHANGE}\n`,
      'b.md': `${comment(' -- 已报备')}\n第一条 ${CHANGE}\n`,
    })
    const { findings, notices } = await check(folder, `a.md b.md ${ONLY}`)
    expect(findings.map(f => f.path)).toEqual(['a.md'])
    expect(notices.find(n => n.code === 'suppression-malformed')?.message).toContain('没有写理由')
    expect(ids(await check(folder, `b.md ${ONLY} --no-inline-suppressions`))).toEqual(['amendment-without-notice'])
  })
})

describe.concurrent('places', () => {
  test('SARIF is there, describes every rule that ran, and its columns are right on Chinese text', async ({
    expect,
  }) => {
    const source = `第一条 甲平台😀“乐淘”：${CHANGE}\n`
    const folder = folderWith({ '规则/a.md': source })
    const { stdout } = await run(folder, 'check 规则 --no-config --format sarif')
    const [sarif] = JSON.parse(stdout).runs
    expect(sarif.columnKind).toBe('utf16CodeUnits')
    expect(sarif.tool.driver.rules.length).toBeGreaterThan(90)
    const result = sarif.results.find((r: { ruleId: string }) => r.ruleId === 'amendment-without-notice')
    expect(sarif.tool.driver.rules[result.ruleIndex].id).toBe('amendment-without-notice')
    const { region, artifactLocation } = result.locations[0].physicalLocation
    expect(decodeURI(artifactLocation.uri)).toBe('规则/a.md')
    expect(source.slice(region.startColumn - 1, region.endColumn - 1)).toBe('单方修改本协议')
    expect(region.startLine).toBe(1)
  })
  test('a line inserted above leaves the fingerprints of GitLab alone', async ({ expect }) => {
    const folder = folderWith({ 'a.md': `第一条 ${CHANGE}\n\n第二条 ${CHANGE}\n` })
    const issues = async (): Promise<{ fingerprint: string; location: { lines: { begin: number } } }[]> =>
      JSON.parse((await run(folder, `check a.md ${ONLY} --format gitlab`)).stdout)
    const before = await issues()
    put(folder, 'a.md', `本协议由双方订立。\n\n第一条 ${CHANGE}\n\n第二条 ${CHANGE}\n`)
    const after = await issues()
    expect(after.map(i => i.fingerprint)).toEqual(before.map(i => i.fingerprint))
    expect(after.map(i => i.location.lines.begin)).toEqual(before.map(i => i.location.lines.begin + 2))
    expect(new Set(before.map(i => i.fingerprint)).size).toBe(2)
  })
  test('lines and columns are right after front matter, in tables and in <pre>', async ({ expect }) => {
    const change = '单方修改本协议'
    const files = {
      'a.md': `---\ntitle: ${CHANGE}\n---\n\n第一条 **甲方**${CHANGE}\n\n| 项目 | 说明 |\n|---|---|\n| 修改 | 😀${CHANGE} |\n`,
      'b.html': `<body><pre>\n第一条 &amp; ${CHANGE}\n</pre>\n<table><tr><td>😀${CHANGE}</td></tr></table></body>`,
    }
    const { findings } = await check(folderWith(files), `a.md b.html ${ONLY}`)
    const lines = findings.map(f =>
      (files[f.path as keyof typeof files].split('\n')[f.start.line - 1] ?? '').slice(f.start.column - 1),
    )
    expect(findings.map(f => `${f.path}:${f.start.line}`)).toEqual(['a.md:5', 'a.md:9', 'b.html:2', 'b.html:4'])
    for (const line of lines) expect(line.startsWith(change)).toBe(true)
    expect(new Set(findings.map(f => `${f.path}:${f.start.line}:${f.start.column}`)).size).toBe(4)
  })
  test('bold beside Chinese punctuation is bold', async ({ expect }) => {
    const clause = '平台对系统维护造成的损失不承担责任。'
    const folder = folderWith({
      'a.md': `第一条 **${clause}**用户可以查询记录。\n\n第二条 说明：**“维护”除外，${clause}**其余从略。\n\n第三条 ${clause}\n`,
    })
    const { findings } = await check(folder, 'a.md --no-config --only unmarked-liability-limit')
    expect(findings.map(f => f.clause)).toEqual(['第三条'])
  })
  test('the frame of a finding fits the columns of a terminal although Chinese takes two', async ({ expect }) => {
    const folder = folderWith({ 'a.md': `第一条 ${'商家应当按照约定交付商品，'.repeat(8)}${CHANGE}\n` })
    const { stdout } = await run(folder, `check a.md ${ONLY}`, { COLUMNS: '80' })
    expect(stdout).toContain('【单方修改本协议】')
    const width = (line: string) => [...line].reduce((sum, c) => sum + (/[⺀-￦—…“”·]/.test(c) ? 2 : 1), 0)
    expect(Math.max(...stdout.split('\n').map(width))).toBe(80)
  })
})

describe.concurrent('judgement', () => {
  test('words are read in their context: negation, duty, quotation of the law', async ({ expect }) => {
    const folder = folderWith({
      'safe.md':
        '第一条 平台不得随时单方修改本协议。\n\n第二条 平台不会主张对一切损失概不负责。\n\n第三条 依照规定，平台不得要求商家“全网最低价”。\n\n第四条 未经公示，平台无权修改本协议。\n',
      'unsafe.md': `第一条 ${CHANGE}\n\n第二条 ${NO_BLAME}\n\n第三条 商家应当保证全网最低价。\n`,
    })
    expect(ids(await check(folder, 'safe.md --no-config'))).toEqual([])
    const found = ids(await check(folder, 'unsafe.md --no-config'))
    expect(found).toEqual(expect.arrayContaining(['amendment-without-notice', 'blanket-disclaimer', 'price-parity']))
  })
  test('GB18030 files are read, declared or not, and broken bytes are an error', async ({ expect }) => {
    // “第一条 平台有权随时单方修改本协议。” in GB18030.
    const bytes = Buffer.from('b5dad2bbccf520c6bdcca8d3d0c8a8cbe6cab1b5a5b7bdd0deb8c4b1bed0add2e9a1a3', 'hex')
    const folder = folderWith({
      'a.txt': bytes,
      'b.html': Buffer.concat([Buffer.from('<meta charset="gb2312"><p>'), bytes, Buffer.from('</p>')]),
      'c.txt': Buffer.concat([bytes, Buffer.from([0x81, 0xff, 0xff, 0x20])]),
    })
    const { findings, notices, status } = await check(folder, `a.txt b.html c.txt ${ONLY}`)
    expect(findings.map(f => [f.path, f.evidence])).toEqual([
      ['a.txt', '单方修改本协议'],
      ['b.html', '单方修改本协议'],
    ])
    expect(notices.filter(n => n.code === 'unreadable-input').map(n => n.path)).toEqual(['c.txt'])
    expect(status).toBe(2)
  })
  test('a rule is explained on the command line from what its page is made of; one rule can run alone', async ({
    expect,
  }) => {
    const folder = folderWith({ 'a.md': `第一条 ${CHANGE}\n\n第二条 ${NO_BLAME}\n` })
    const flat = (text: string) => text.replace(/[\s*`#_\\|-]/g, '')
    const page = flat(readFileSync(join(root, 'rules/amendment/deemed-consent.md'), 'utf8'))
    const { stdout } = await run(folder, 'explain deemed-consent')
    const why = /为什么\n([^]*?)\n\n/.exec(stdout)?.[1] ?? ''
    expect(why.length).toBeGreaterThan(40)
    expect(page).toContain(flat(why))
    expect(new Set(ids(await check(folder, 'a.md --no-config --only blanket-disclaimer')))).toEqual(
      new Set(['blanket-disclaimer']),
    )
  })
  test('explain shows how a rule is set here, and by which line', async ({ expect }) => {
    const folder = folderWith({ 'clauselint.yaml': 'rules:\n  deemed-consent: info\n' })
    const { stdout } = await run(folder, 'explain deemed-consent')
    expect(stdout).toMatch(/当前设置[^]*clauselint\.yaml:2/)
  })
  test('a document too big to be checked in good time is said, not left to hang', async ({ expect }) => {
    const folder = folderWith({ 'big.md': `第一条 ${CHANGE.repeat(40)}\n`, 'small.md': `第一条 ${CHANGE}\n` })
    const { stderr, stdout, status } = await run(
      folder,
      'check big.md small.md --max-size 1K --no-config --format json',
    )
    expect(stderr).toMatch(/big\.md：文件有 [\d.]+ KB，超过 1 KB，没有检查/)
    expect(JSON.parse(stdout).documents.map((d: { path: string }) => d.path)).toEqual(['small.md'])
    expect(status).toBe(2)
  })
  test('--fix keeps to the config and leaves front matter alone', async ({ expect }) => {
    const head = '---\ntitle: 平台对损失不承担责任\n---\n\n'
    const rest = '\n第二条 商家依法经营，按照约定交付商品，并保存交易记录。\n'
    const body = `第一条 平台对系统维护造成的损失不承担责任。\n${rest}`
    const folder = folderWith({
      'on/a.md': head + body,
      'off/a.md': head + body,
      'off/clauselint.yaml': 'rules: { unmarked-liability-limit: off }\n',
    })
    await run(folder, 'check on off --fix')
    const text = (path: string) => readFileSync(join(folder, path), 'utf8')
    expect(text('on/a.md')).toBe(`${head}第一条 **平台对系统维护造成的损失不承担责任。**\n${rest}`)
    expect(text('off/a.md')).toBe(head + body)
  })
})

describe.concurrent('many documents', () => {
  test('all cores can be used, and the output is the same; unchanged documents are not checked again', async ({
    expect,
  }) => {
    const files = Array.from({ length: 6 }, (_, i) => [`${i}.md`, `第一条 ${i % 2 === 0 ? CHANGE : NO_BLAME}\n`])
    const folder = folderWith(Object.fromEntries(files))
    const alone = await run(folder, 'check . --no-config --concurrency 1')
    expect(alone.status).toBe(1)
    expect(await run(folder, 'check . --no-config --concurrency 3')).toEqual(alone)
    expect(await run(folder, 'check . --no-config --cache')).toEqual(alone)
    const cache = () => readFileSync(join(folder, '.clauselint-cache'), 'utf8').split('\n')
    const before = cache()
    put(folder, '3.md', `第一条 ${CHANGE}\n`)
    const { findings } = await check(folder, '. --no-config --cache')
    expect(findings.filter(f => f.path === '3.md').map(f => f.ruleId)).toContain('amendment-without-notice')
    // Of all the lines only that of the document has changed.
    expect(cache().filter(line => !before.includes(line)).length).toBe(1)
    expect(cache().length).toBe(before.length)
  })
  test('documents can be dealt out to parallel jobs', async ({ expect }) => {
    const folder = folderWith({ 'a.md': `第一条 ${CHANGE}\n`, 'b.md': `第一条 ${NO_BLAME}\n`, 'c.md': HARMLESS })
    const args = '. --no-config --only amendment-without-notice,blanket-disclaimer'
    const whole = await check(folder, args)
    const parts = [await check(folder, `${args} --shard 1/2`), await check(folder, `${args} --shard 2/2`)]
    expect(whole.findings.length).toBeGreaterThan(1)
    expect(parts.flatMap(part => part.findings.map(f => `${f.path} ${f.ruleId}`)).sort()).toEqual(
      whole.findings.map(f => `${f.path} ${f.ruleId}`).sort(),
    )
    for (const { notices } of parts) expect(notices.map(n => n.code)).toContain('shard')
  })
})
