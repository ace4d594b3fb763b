/** Drives the built language server as an editor does, and compares what it remembers with what a fresh check finds. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import {
  createProtocolConnection,
  type Diagnostic,
  type DocumentSymbol,
  type InitializeParams,
  type Location,
  type LocationLink,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node'
import { recheckerFor } from '../src/check/incremental.js'
import { check } from '../src/check/index.js'
import { suppressionFor } from '../src/lsp/insertions.js'
import { referenceAt } from '../src/lsp/references.js'
import { parse } from '../src/parse/index.js'
import { readSource } from '../src/read/index.js'
import { readMarkdown } from '../src/read/markdown.js'
import { htmlTree } from '../src/read/html.js'
import { reparserFor } from '../src/read/reparse.js'
import { loadRules } from '../src/rules/index.js'
import type { Format } from '../src/types.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'bin', 'clauselint.js')
const work = mkdtempSync(join(tmpdir(), 'clauselint 语言-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

interface Editor {
  readonly connection: ProtocolConnection
  readonly child: ChildProcess
  /** The next diagnostics of a document that `wanted` accepts, past ones included. */
  readonly published: (
    uri: string,
    wanted?: (params: PublishDiagnosticsParams) => boolean,
  ) => Promise<PublishDiagnosticsParams>
  readonly all: readonly PublishDiagnosticsParams[]
  /** The next message shown to the user that holds `words`, past ones included. */
  readonly shown: (words: string) => Promise<string>
  readonly open: (uri: string, text: string, languageId?: string) => Promise<void>
}

const editors: Editor[] = []
afterEach(() => {
  for (const { connection, child } of editors.splice(0)) {
    connection.dispose()
    child.kill()
  }
})

const FULL: InitializeParams['capabilities'] = {
  textDocument: {
    codeAction: { resolveSupport: { properties: ['edit'] } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    definition: { linkSupport: true },
  },
  window: { showDocument: { support: true } },
}

async function editor(capabilities = FULL, more: Partial<InitializeParams> = {}): Promise<Editor> {
  const child = spawn(process.execPath, [bin, 'lsp', '--stdio', `--clientProcessId=${process.pid}`], {
    cwd: work,
    env: { PATH: process.env['PATH'] ?? '', LANG: 'zh_CN.UTF-8' },
  })
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  )
  const all: PublishDiagnosticsParams[] = []
  const waiting: { wanted: (p: PublishDiagnosticsParams) => boolean; found: (p: PublishDiagnosticsParams) => void }[] =
    []
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    all.push(params)
    for (const waiter of waiting.filter(one => one.wanted(params))) {
      waiting.splice(waiting.indexOf(waiter), 1)
      waiter.found(params)
    }
  })
  const messages: string[] = []
  let onMessage = () => {}
  connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
    messages.push(message)
    onMessage()
  })
  connection.listen()
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(work).href,
    capabilities,
    initializationOptions: { debounce: 20 },
    ...more,
  })
  await connection.sendNotification('initialized', {})
  const one: Editor = {
    connection,
    child,
    all,
    shown: words =>
      new Promise(found => {
        onMessage = () => {
          const message = messages.find(text => text.includes(words))
          if (message !== undefined) found(message)
        }
        onMessage()
      }),
    published: (uri, wanted = () => true) => {
      const fits = (params: PublishDiagnosticsParams) => params.uri === uri && wanted(params)
      const past = all.findLast(fits)
      return past !== undefined ? Promise.resolve(past) : new Promise(found => waiting.push({ wanted: fits, found }))
    },
    open: (uri, text, languageId = 'markdown') =>
      connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } }),
  }
  editors.push(one)
  return one
}

const uriOf = (name: string): string => pathToFileURL(join(work, name)).href
const codes = ({ diagnostics }: { diagnostics: readonly Diagnostic[] }) => diagnostics.map(d => d.code)

const AGREEMENT = `# 云杉集市商家服务协议

第一条 本协议由云杉集市平台与商家订立。

第二条 平台有权随时单方修改本协议，修改后的内容一经发布立即生效。

第三条 商家有下列情形之一的，平台可以冻结其账户：

（一）销售假冒商品的；

（二）违反本协议第二条的。

第四条 平台收取保证金的，最终解释权归平台所有。
`

/** Position of the nth character of `words` in `text`. */
function positionOf(text: string, words: string, within = 0): { line: number; character: number } {
  const before = text.slice(0, text.indexOf(words) + within).split('\n')
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 }
}

describe('a session', () => {
  test('open, edit, hover, actions, definition, outline, close, shutdown', async () => {
    const { connection, child, published, open } = await editor()
    const uri = uriOf('商家 协议.md')
    expect(uri).toContain('%20')
    await open(uri, AGREEMENT)
    const first = await published(uri, p => p.version === 1)
    expect(codes(first)).toContain('final-interpretation')
    const found = first.diagnostics.find(d => d.code === 'final-interpretation') as Diagnostic
    expect(found.range.start.line).toBe(AGREEMENT.split('\n').findIndex(line => line.includes('最终解释权')))
    const line = AGREEMENT.split('\n')[found.range.start.line] ?? ''
    expect(line.slice(found.range.start.character, found.range.end.character)).toContain('解释权归')
    expect(found.source).toBe('clauselint')
    expect(found.codeDescription?.href).toMatch(/^file:.*\/final-interpretation\.md$/)

    const hover = (position: object) =>
      connection.sendRequest<{ contents: { value: string } } | null>('textDocument/hover', {
        textDocument: { uri },
        position,
      })
    const shown = (await hover(found.range.start))?.contents.value ?? ''
    for (const part of ['依据', '为什么', '后果', '建议', 'final-interpretation', '第']) expect(shown).toContain(part)
    expect((await hover(positionOf(AGREEMENT, '违反本协议第二条', 6)))?.contents.value).toContain('一经发布立即生效')
    expect(await hover({ line: 2, character: 1 })).toBeNull()

    const links = await connection.sendRequest<LocationLink[]>('textDocument/definition', {
      textDocument: { uri },
      position: positionOf(AGREEMENT, '违反本协议第二条', 6),
    })
    expect(links.map(l => l.targetSelectionRange.start)).toEqual([positionOf(AGREEMENT, '第二条 平台')])

    const symbols = await connection.sendRequest<DocumentSymbol[]>('textDocument/documentSymbol', {
      textDocument: { uri },
    })
    expect(symbols.map(s => s.name.slice(0, 3))).toEqual(['第一条', '第二条', '第三条', '第四条'])
    expect(symbols[2]?.children?.map(s => s.name.slice(0, 3))).toEqual(['（一）', '（二）'])

    // Taking a finding back does nothing until its reason is written, and says so.
    const actions = await connection.sendRequest<{ title: string; data?: { fix: string }; command?: object }[]>(
      'textDocument/codeAction',
      { textDocument: { uri }, range: found.range, context: { diagnostics: [found] } },
    )
    expect(actions.map(a => a.data?.fix ?? 'page')).toEqual(expect.arrayContaining(['suppress', 'suggest', 'page']))
    const suppress = await connection.sendRequest<{
      edit: { changes: Record<string, { range: object; newText: string }[]> }
    }>(
      'codeAction/resolve',
      actions.find(a => a.data?.fix === 'suppress' && a.title.includes('final-interpretation')),
    )
    const [edit] = suppress.edit.changes[uri] ?? []
    expect(edit?.newText).toBe('<!-- clauselint-disable-next-line final-interpretation --  -->\n')
    const change = (version: number, range: unknown, text: string) =>
      connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ range, text }],
      })
    await change(2, edit?.range, edit?.newText ?? '')
    const pending = await published(uri, p => p.version === 2)
    expect(codes(pending)).toEqual(expect.arrayContaining(['final-interpretation', 'suppression-malformed']))
    const at = {
      line: found.range.start.line,
      character: '<!-- clauselint-disable-next-line final-interpretation -- '.length,
    }
    await change(3, { start: at, end: at }, '法务确认，见会议纪要')
    const taken = await published(uri, p => p.version === 3)
    expect(codes(taken)).not.toContain('final-interpretation')
    expect(codes(taken)).not.toContain('suppression-malformed')

    await connection.sendNotification('textDocument/didClose', { textDocument: { uri } })
    expect((await published(uri, p => p.diagnostics.length === 0)).diagnostics).toEqual([])
    await connection.sendRequest('shutdown')
    const ended = new Promise(done => child.once('exit', done))
    await connection.sendNotification('exit')
    expect(await ended).toBe(0)
  })

  test('whole-text changes, rapid edits and CRLF', async () => {
    const { connection, published, open, all } = await editor({})
    const uri = uriOf('crlf.md')
    const text = AGREEMENT.replaceAll('\n', '\r\n')
    await open(uri, text)
    const first = await published(uri, p => p.version === 1)
    const lines = first.diagnostics.map(d => d.range.start)
    const same = check([readSource(AGREEMENT, 'a', { format: 'markdown' })], { rules })
    expect(lines).toEqual(same.findings.map(f => ({ line: f.start.line - 1, character: f.start.column - 1 })))
    const added = '第五条 本协议由平台负责解释，最终解释权归平台所有。\r\n'
    for (let n = 1; n <= added.length; n++) {
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: 1 + n },
        contentChanges: [{ text: `${text}\r\n${added.slice(0, n)}` }],
      })
    }
    const last = await published(uri, p => p.version === 1 + added.length)
    expect(codes(last).filter(c => c === 'final-interpretation')).toHaveLength(2)
    expect(all.filter(p => p.uri === uri).length).toBeLessThan(added.length / 2)
    // Without resolve support the edit comes at once; without hierarchy the outline is flat.
    const range = last.diagnostics.find(d => d.code === 'final-interpretation')?.range
    const actions = await connection.sendRequest<{ edit?: { changes: Record<string, { newText: string }[]> } }[]>(
      'textDocument/codeAction',
      { textDocument: { uri }, range, context: { diagnostics: [] } },
    )
    expect(actions.some(a => a.edit?.changes[uri]?.[0]?.newText.endsWith('-->\r\n'))).toBe(true)
    const symbols = await connection.sendRequest<{ location: Location }[]>('textDocument/documentSymbol', {
      textDocument: { uri },
    })
    expect(symbols).toHaveLength(7)
    expect(symbols.every(s => s.location.uri === uri)).toBe(true)
  })

  test('set in bold: the edit is the one of --fix', async () => {
    const { connection, published, open } = await editor({})
    const uri = uriOf('bold.md')
    const text = `# 云杉集市用户服务协议

**提示：** 请阅读。

第一条 平台对用户的损失概不负责，用户应当自行承担全部风险。

第二条 本协议的文本可以随时查阅，也可以向平台索取纸质文本。平台收到申请后在七日内寄出，邮费由平台承担。
`
    await open(uri, text)
    const { diagnostics } = await published(uri, p => p.version === 1)
    const unmarked = diagnostics.find(d => String(d.code).startsWith('unmarked-'))
    expect(unmarked).toBeDefined()
    const actions = await connection.sendRequest<
      { isPreferred?: boolean; edit?: { changes: Record<string, { newText: string }[]> } }[]
    >('textDocument/codeAction', { textDocument: { uri }, range: unmarked?.range, context: { diagnostics: [] } })
    const bold = actions.find(a => a.isPreferred)
    expect(bold?.edit?.changes[uri]?.map(e => e.newText).join('')).toMatch(/^\*\*.*\*\*$/s)
  })

  test('the config above the document, its mistakes, and its change', async () => {
    const { connection, published, open } = await editor()
    mkdirSync(join(work, 'set'), { recursive: true })
    const file = join(work, 'set', 'clauselint.yaml')
    writeFileSync(file, 'rules:\n  final-interpretation: info\n')
    const uri = uriOf('set/a.md')
    await open(uri, AGREEMENT)
    const severity = ({ diagnostics }: PublishDiagnosticsParams) =>
      diagnostics.find(d => d.code === 'final-interpretation')?.severity
    expect(severity(await published(uri, p => p.version === 1))).toBe(3)
    writeFileSync(file, 'rules:\n  final-interpretation: off\n  # changed\n')
    await connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: pathToFileURL(file).href, type: 2 }],
    })
    await published(uri, p => severity(p) === undefined)
    writeFileSync(file, 'rules:\n  final-interpretatoin: off\n')
    await connection.sendNotification('textDocument/didSave', { textDocument: { uri } })
    const broken = await published(pathToFileURL(file).href)
    expect(broken.diagnostics[0]?.range.start).toEqual({ line: 1, character: 2 })
    expect(broken.diagnostics[0]?.message).toContain('final-interpretation')
  })

  test('plain text and HTML, English, and a document that cannot be read', async () => {
    const { connection, published, open } = await editor(FULL, { locale: 'en-GB' })
    const words = AGREEMENT.replace(/^# /, '')
    const text = uriOf('a.txt')
    await open(text, words, 'plaintext')
    expect(codes(await published(text))).toContain('final-interpretation')
    const html = uriOf('a.html')
    await open(html, words.replace(/^(.+)$/gm, '<p>$1</p>'), 'html')
    const { diagnostics } = await published(html)
    expect(diagnostics.find(d => d.code === 'final-interpretation')?.message).toMatch(/^[\x20-\x7e“”《》一-鿿…]+$/)
    const deep = uriOf('deep.html')
    await open(deep, '<div>'.repeat(60_000), 'html')
    expect((await published(deep)).diagnostics.length).toBeLessThanOrEqual(1)
    // The server is still there.
    const symbols = await connection.sendRequest<DocumentSymbol[]>('textDocument/documentSymbol', {
      textDocument: { uri: html },
    })
    expect(symbols).toHaveLength(4)
  })
})

describe('what the editor gets wrong', () => {
  const at = { line: 0, character: 0 }
  const range = { start: at, end: at }
  const textDocument = { uri: uriOf('wrong.md') }
  test.each<[string, unknown]>([
    ['textDocument/hover', {}],
    ['textDocument/hover', { textDocument, position: { line: 'first', character: 0 } }],
    ['textDocument/hover', { textDocument: { uri: 7 }, position: at }],
    ['textDocument/definition', { textDocument }],
    ['textDocument/documentSymbol', { textDocument: null }],
    ['textDocument/codeAction', { textDocument, range, context: null }],
    ['textDocument/codeAction', { textDocument, range: at, context: { diagnostics: [] } }],
    ['codeAction/resolve', { kind: 'quickfix' }],
    ['codeAction/resolve', { title: '加粗', data: { uri: 7 } }],
    ['workspace/executeCommand', { arguments: [] }],
    ['workspace/executeCommand', { command: 'clauselint.openRulePage', arguments: [7] }],
    ['workspace/executeCommand', { command: 'clauselint.noSuchCommand' }],
  ])('%s %j is answered with InvalidParams', async (method, params) => {
    const { connection, published, open } = await editor()
    await open(textDocument.uri, AGREEMENT)
    await expect(connection.sendRequest(method, params)).rejects.toMatchObject({ code: -32602 })
    expect(codes(await published(textDocument.uri))).toContain('final-interpretation')
  })

  test('notifications that make no sense do not end the session', async () => {
    const { connection, published, open } = await editor()
    for (const name of ['didOpen', 'didChange', 'didSave', 'didClose'])
      await connection.sendNotification(`textDocument/${name}`, { textDocument: null })
    await connection.sendNotification('workspace/didChangeConfiguration', { settings: 3 })
    await open(textDocument.uri, AGREEMENT)
    expect(codes(await published(textDocument.uri))).toContain('final-interpretation')
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['a folder of rules that is not there', { rules: ['no-such-rules'] }, 'no-such-rules'],
    ['a folder without rules', { rules: ['no-rules'] }, '没有规则文件'],
    ['a config that is not there', { config: 'no-such-config.yaml' }, 'no-such-config.yaml'],
    ['rules that are no folders', { rules: [3] }, 'rules: ['],
  ])('%s is shown before any document is open, and again after a change', async (_, options, words) => {
    mkdirSync(join(work, 'no-rules'), { recursive: true })
    const { connection, shown } = await editor(FULL, { initializationOptions: options })
    expect(await shown(words)).toContain('clauselint')
    const later = await editor()
    await later.connection.sendNotification('workspace/didChangeConfiguration', { settings: { clauselint: options } })
    expect(await later.shown(words)).toContain('clauselint')
    expect(await connection.sendRequest('textDocument/documentSymbol', { textDocument })).toEqual([])
  })

  test('a config by another name is shown, at that file', async () => {
    const { published, open, shown } = await editor()
    mkdirSync(join(work, 'other-name'), { recursive: true })
    const file = join(work, 'other-name', 'clauselint.yml')
    writeFileSync(file, 'rules: { final-interpretation: off }\n')
    await open(uriOf('other-name/a.md'), AGREEMENT)
    expect(await shown('clauselint.yml')).toContain('clauselint.yaml')
    expect((await published(pathToFileURL(file).href)).diagnostics[0]?.code).toBe('misnamed-config')
  })
})

const rules = loadRules()

describe('what is remembered changes nothing', () => {
  const folder = join(root, 'fixtures', 'agreements')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
    /\.(?:md|html|txt)$/.test(name),
  )
  const formatOf = (name: string): Format =>
    name.endsWith('.md') ? 'markdown' : name.endsWith('.txt') ? 'text' : 'html'
  /** Pieces that bear on other parts of a document than their own. */
  const PIECES = [
    '\n\n',
    '\n',
    '```\n',
    '~~~',
    '- ',
    '1. ',
    '  ',
    '> ',
    '<!-- ',
    ' -->',
    '<pre>\n',
    '[甲]: /a\n\n',
    '[^1]: 注\n',
    '---\n',
    '| 项目 | 费率 |\n| --- | --- |\n| 服务费 | 5% |\n',
    '**',
    '# 直播管理规范\n\n',
    '1. 下列情形之一的：\n',
    '```\n',
    '<table>',
    '“合作方”是指入驻本平台的商家。',
    '第九条 ',
    '（一）',
    '本平台（以下简称“云杉”）',
    '云杉有权',
    '由被告住所地法院管辖。',
    '变更前：',
    '不得',
    '平台',
    '，',
    '。',
    '：',
    '最终解释权归平台所有。',
    '\r\n',
    '<del>',
    '</del>',
    '<!-- clauselint-disable-next-line final-interpretation -- 试 -->\n',
  ]
  const random = (seed: number) => {
    let state = seed
    return (below: number): number => {
      state = (state * 1103515245 + 12345) % 2147483648
      return Math.floor((state / 2147483648) * below)
    }
  }
  const edited = (text: string, next: (below: number) => number): string => {
    const at = next(text.length + 1)
    // Now and then a passage of the text itself is pasted, or a whole passage taken out.
    const from = next(text.length + 1)
    const piece = next(8) === 0 ? text.slice(from, from + 300) : (PIECES[next(PIECES.length)] ?? '')
    const size = [0, 0, 1, 5, 60, 400][next(6)] ?? 0
    return next(3) === 0 ? text.slice(0, at) + text.slice(at + size) : text.slice(0, at) + piece + text.slice(at + size)
  }

  test.each(files)('random edits of %s', name => {
    const format = formatOf(name)
    const next = random(name.length * 7919)
    const recheck = recheckerFor({ rules, today: '2026-06-01' })
    const tree = reparserFor(format)
    let text = readFileSync(join(folder, name), 'utf8')
    for (let i = 0; i < 10; i++) {
      const known = recheck(readSource(text, name, { format, tree })).findings
      const fresh = check([readSource(text, name, { format })], {
        rules,
        today: '2026-06-01',
        platform: { whole: false },
      })
      expect(known).toEqual(fresh.findings)
      text = edited(text, next)
    }
  })

  test('Markdown is read the same whatever was read before', () => {
    const next = random(4)
    const sources = files.filter(name => name.endsWith('.md')).map(name => readFileSync(join(folder, name), 'utf8'))
    for (const source of sources) {
      const tree = reparserFor('markdown')
      let text = `---\ntitle: 试\n\n---\n${source.slice(0, 900)}`
      for (let i = 0; i < 40; i++) {
        const remembered = readMarkdown(text, tree(text))
        expect(remembered).toEqual(readMarkdown(text))
        text = edited(text, next)
      }
    }
  })

  test('HTML is read the same whatever was read before', () => {
    const next = random(5)
    const words = ['平', '台 ', '，', ' ', '\n', 'a', '甲乙', '', '\u00a0']
    const marks = ['<', '&', 'amp;', '<p>', '</p>', '<td>', '</table>', '<table>', '-', '/', '\r', '<b>', '<!--', '-->']
    const sources = files.filter(name => name.endsWith('.html')).map(name => readFileSync(join(folder, name), 'utf8'))
    sources.push(
      '<!doctype html><html><head> <title>甲 乙</title> </head>\n 文字 <body>甲 乙</body>\n 尾 </html> 后 话\n',
      '<table> 表 外 <colgroup> 甲 乙 <col></colgroup><tr><td>格 一<select><option>甲 乙</select><p>未 闭 <b>粗 <p>又 一',
      '甲 < 乙 与 &amp; 丙\r\n丁<script>if (a < b) 1</script><noscript>无 脚本</noscript><template>模 板</template> 末 尾',
      '<frameset> 甲 乙 <frame></frameset> 丙 丁',
    )
    let kept = 0
    for (const source of sources) {
      const tree = reparserFor('html')
      let text = source.slice(0, 1500)
      let last: unknown = null
      for (let i = 0; i < 60; i++) {
        const known = tree(text)
        if (known === last) kept++
        last = known
        expect(offsetsIn(known)).toEqual(offsetsIn(htmlTree(text)))
        const at = next(text.length + 1)
        const piece = next(4) > 0 ? words[next(words.length)] : marks[next(marks.length)]
        text = text.slice(0, at) + piece + text.slice(at + (next(2) === 0 ? 0 : next(4)))
      }
    }
    expect(kept).toBeGreaterThan(50)
  })
  /** A tree without the lines and columns of its positions. */
  const offsetsIn = (tree: unknown): unknown =>
    JSON.parse(JSON.stringify(tree, (key, value) => (key === 'line' || key === 'column' ? undefined : value)))
})

describe('references', () => {
  const parsed = parse(
    readSource(`${AGREEMENT}\n第五条 依照《电子商务法》第二条，参照第三条第（二）项、第3.2款办理。\n`, 'a.md', {
      format: 'markdown',
    }),
  )
  const named = (words: string, within: number) =>
    referenceAt(parsed, parsed.document.source.indexOf(words) + within)?.clauses.map(c => c.path.join(''))
  test('an article, an item of it', () => {
    expect(named('本协议第二条', 4)).toEqual(['第二条'])
    expect(named('参照第三条第（二）项', 3)).toEqual(['第三条（二）'])
  })
  test('not the article of a law, nor one that is not there', () => {
    expect(named('法》第二条', 3)).toBeUndefined()
    expect(named('第3.2款', 2)).toBeUndefined()
  })
})

describe('a comment that takes a finding back', () => {
  const inserted = (source: string, format: Format, id: string): string | null => {
    const document = readSource(source, 'a', { format })
    const finding = check([document], { rules }).findings.find(f => f.ruleId === id)
    if (finding === undefined) throw new Error(`no ${id}`)
    const parts = suppressionFor(parse(document), finding, rules)
    if (parts === null) return null
    let done = 0
    let out = ''
    for (const { offset, text } of parts) {
      out += source.slice(done, offset) + text
      done = offset
    }
    return out + source.slice(done)
  }
  test('above its line, its clause, or around its table', () => {
    const line = '第一条 最终解释权归平台所有。\n'
    expect(inserted(line, 'markdown', 'final-interpretation')).toMatch(
      /^<!-- clauselint-disable-next-line .* -->\n第一条/,
    )
    const wrapped = '第一条 平台可以调整规则，\n但本规则的最终解释权归平台所有。\n'
    expect(inserted(wrapped, 'markdown', 'final-interpretation')).toMatch(
      /^<!-- clauselint-disable-next-clause .* -->\n第一条/,
    )
    const table = '说明\n\n| 项目 | 内容 |\n| --- | --- |\n| 解释 | 最终解释权归平台所有。 |\n\n完\n'
    expect(inserted(table, 'markdown', 'final-interpretation')).toMatch(
      /说明\n\n<!-- clauselint-disable .* -->\n\|[^]*\|\n\n<!-- clauselint-enable .* -->\n\n?完/,
    )
  })
  test('plain text has no comments', () =>
    expect(inserted('第一条 最终解释权归平台所有。\n', 'text', 'final-interpretation')).toBeNull())
})
