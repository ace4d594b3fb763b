/** `clauselint lsp`: the language server on standard input and output. Diagnostics as one types, hovers, actions, outline, definitions. */
import {
  type CodeAction,
  CodeActionContext,
  CodeActionKind,
  type CodeActionParams,
  type Connection,
  createConnection,
  type Diagnostic,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type DocumentSymbol,
  type DocumentSymbolParams,
  ErrorCodes,
  type ExecuteCommandParams,
  type Hover,
  type InitializeParams,
  type InitializeResult,
  type LocationLink,
  MarkupKind,
  MessageType,
  Position,
  ProposedFeatures,
  Range,
  ResponseError,
  ShowMessageNotification,
  StreamMessageReader,
  StreamMessageWriter,
  SymbolKind,
  TextDocumentIdentifier,
  type TextDocumentPositionParams,
  TextDocuments,
  TextDocumentSyncKind,
  type TextEdit,
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { toolVersion } from '../cli/version.js'
import { sayIn } from '../report/words.js'
import { toSource } from '../read/index.js'
import type { Clause, Confidence, Finding, Lang, Parsed, Span } from '../types.js'
import { type Insertion, suggestionFor, suppressionFor } from './insertions.js'
import { clausePlace, clauseText, clauseTitle, leadIn, referenceAt } from './references.js'
import { diagnosticOf, escape, findingHover, noticeDiagnostic, rulePageUri } from './texts.js'
import { pathOf, type Settings, type State, uriOf, type Workspace, workspaceWith } from './workspace.js'

/** Milliseconds after an edit until the document is checked; edits that come in the meantime are checked together. */
const DEBOUNCE = 120
const OPEN_PAGE = 'clauselint.openRulePage'
/** Findings whose edits are made at once for clients that don't resolve actions. */
const AT_ONCE = 5

type Fix = 'bold' | 'suppress' | 'suggest'
interface ActionData {
  readonly uri: string
  readonly fingerprint: string
  readonly fix: Fix
}

/** Serves until the editor ends the session, which ends the process. */
export function runLsp(lang: Lang): Promise<never> {
  serve(
    createConnection(
      ProposedFeatures.all,
      new StreamMessageReader(process.stdin),
      new StreamMessageWriter(process.stdout),
    ),
    lang,
  )
  // An editor that is gone says nothing more; what it said before is still heard, and what it does not hear is no error.
  process.stdin.once('end', () => {
    process.on('unhandledRejection', () => process.exit(1))
    setTimeout(() => process.exit(1), 300)
  })
  return new Promise(() => {})
}

/** Answers one editor over `connection`; `fallback` is the language where the editor names none. */
function serve(connection: Connection, fallback: Lang): void {
  const documents = new TextDocuments(TextDocument)
  let root: string | null = null
  /** The editor's own language. */
  let own = fallback
  let settings: Settings = { lang: fallback, minConfidence: 'low', rules: [], config: null }
  let debounce = DEBOUNCE
  let workspace: Workspace = workspaceWith(settings, root)
  const can = {
    configuration: false,
    register: false,
    watch: false,
    resolve: false,
    nested: false,
    links: false,
    show: false,
  }
  const timers = new Map<string, NodeJS.Timeout>()
  /** Configs with a mistake that the editor shows, and mistakes that were said aloud. */
  let broken = new Set<string>()
  const said = new Set<string>()
  const say = (zh: string, en: string): string => sayIn(settings.lang)(zh, en)

  // Not `window.showWarningMessage`, a request: editors ask the user to answer it.
  const warn = (message: string): void =>
    attempt(() => connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message }))

  /** Takes what the editor says of `clauselint.*`; what it leaves out stays as it is. */
  const configure = (values: unknown): void => {
    const { lang, minConfidence, rules, config, debounce: wait } = (values ?? {}) as Record<string, unknown>
    settings = {
      lang: lang === 'zh' || lang === 'en' ? lang : lang === 'auto' ? own : settings.lang,
      minConfidence: ['low', 'medium', 'high'].includes(minConfidence as string)
        ? (minConfidence as Confidence)
        : settings.minConfidence,
      rules: areFolders(rules) ? rules : settings.rules,
      config: typeof config === 'string' ? config || null : settings.config,
    }
    if (typeof wait === 'number' && wait >= 0) debounce = wait
    const wrong = [
      lang !== undefined && lang !== 'zh' && lang !== 'en' && lang !== 'auto' && 'lang: zh | en | auto',
      minConfidence !== undefined && settings.minConfidence !== minConfidence && 'minConfidence: low | medium | high',
      rules !== undefined && !areFolders(rules) && 'rules: [folder, …]',
      config !== undefined && config !== null && typeof config !== 'string' && 'config: file',
      wait !== undefined && debounce !== wait && 'debounce: milliseconds ≥ 0',
    ].filter(words => words !== false)
    for (const words of wrong)
      warn(
        say(
          `clauselint 的设置有误，未采用。应为 ${words}`,
          `a clauselint setting is wrong and was not used; expected ${words}`,
        ),
      )
  }
  const pull = async (): Promise<void> => {
    if (can.configuration) configure(await connection.workspace.getConfiguration('clauselint'))
  }
  /** Forgets everything read under the settings before, and checks what is open. */
  const restart = (): void => {
    workspace = workspaceWith(settings, root)
    said.clear()
    for (const { uri } of documents.all()) schedule(uri, 0)
    attempt(async () => {
      await workspace.prepare()
      publishErrors()
    })
  }

  const schedule = (uri: string, wait: number): void => {
    if (timers.has(uri)) return
    const timer = setTimeout(() => {
      timers.delete(uri)
      attempt(() => publish(uri))
    }, wait)
    timers.set(uri, timer)
  }
  const stateOf = async ({ uri }: TextDocumentIdentifier): Promise<{ text: TextDocument; state: State } | null> => {
    const text = documents.get(uri)
    return text === undefined ? null : { text, state: await workspace.stateOf(text) }
  }
  const rangeOf = (text: TextDocument, { start, end }: Span): Range => ({
    start: text.positionAt(start),
    end: text.positionAt(end),
  })
  const findingRange = (text: TextDocument, { start, end }: Finding): Range =>
    rangeOf(text, { start: start.offset, end: end.offset })

  const publish = async (uri: string): Promise<void> => {
    const text = documents.get(uri)
    if (text === undefined) return
    const { version } = text
    const rules = await workspace.rules()
    const { checked, problem } = await workspace.stateOf(text)
    // Closed, or edited again, in the meantime.
    if (documents.get(uri)?.version !== version) return
    const diagnostics: Diagnostic[] = []
    for (const finding of checked?.findings ?? []) {
      const diagnostic = diagnosticOf(finding, findingRange(text, finding), rules)
      const lead = leadIn(checked?.parsed as Parsed, finding)
      if (lead !== null) {
        const message = say('这一项的总述', 'the words that lead in to this item')
        diagnostic.relatedInformation = [{ location: { uri, range: rangeOf(text, lead) }, message }]
      }
      diagnostics.push(diagnostic)
    }
    for (const notice of checked?.notices ?? []) {
      if (notice.line === undefined) continue
      const line = notice.line - 1
      diagnostics.push(noticeDiagnostic(notice, wholeLine(line)))
    }
    if (problem !== null) {
      connection.console.error(problem)
      const message = say(`没有检查这份文档：${problem}`, `this document was not checked: ${problem}`)
      diagnostics.push(noticeDiagnostic({ code: 'not-checked', path: uri, message }, wholeLine(0)))
    }
    connection.sendDiagnostics({ uri, version, diagnostics })
    publishErrors()
  }

  /** Mistakes in `clauselint.yaml` are shown where they are; those without a place are said. */
  const publishErrors = (): void => {
    const byFile = new Map<string, Diagnostic[]>()
    for (const { file, line, column, message, code } of workspace.errors()) {
      if (!said.has(message)) {
        said.add(message)
        warn(`clauselint: ${message}`)
      }
      if (file === null) continue
      const start = { line: (line ?? 1) - 1, character: (column ?? 1) - 1 }
      const words = message.replace(/^.*?:\d+:\d+: /, '')
      const range = { start, end: { line: start.line, character: 1000 } }
      const list = byFile.get(uriOf(file)) ?? []
      byFile.set(uriOf(file), [...list, { range, severity: 1, source: 'clauselint', code, message: words }])
    }
    for (const uri of broken) if (!byFile.has(uri)) connection.sendDiagnostics({ uri, diagnostics: [] })
    for (const [uri, diagnostics] of byFile) connection.sendDiagnostics({ uri, diagnostics })
    broken = new Set(byFile.keys())
  }

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const { workspace: ws, textDocument, window } = params.capabilities
    can.configuration = ws?.configuration === true
    can.register = ws?.didChangeConfiguration?.dynamicRegistration === true
    can.watch = ws?.didChangeWatchedFiles?.dynamicRegistration === true
    can.resolve = textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true
    can.nested = textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true
    can.links = textDocument?.definition?.linkSupport === true
    can.show = window?.showDocument?.support === true
    const folder = params.workspaceFolders?.[0]?.uri ?? params.rootUri
    root = folder === null || folder === undefined ? null : pathOf(folder)
    own = /^en\b/i.test(params.locale ?? '') ? 'en' : /^zh\b/i.test(params.locale ?? '') ? 'zh' : fallback
    configure({ lang: own })
    configure(params.initializationOptions)
    workspace = workspaceWith(settings, root)
    return {
      serverInfo: { name: 'clauselint', version: toolVersion() },
      capabilities: {
        positionEncoding: 'utf-16',
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        hoverProvider: true,
        definitionProvider: true,
        documentSymbolProvider: true,
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix], resolveProvider: true },
        executeCommandProvider: { commands: [OPEN_PAGE] },
      },
    }
  })
  /** Nothing that fails on the way may end the session: what can't be done is logged. */
  const attempt = (work: () => Promise<void>): void => {
    work().catch((error: unknown) => connection.console.error(String((error as Error)?.stack ?? error)))
  }
  connection.onInitialized(() =>
    attempt(async () => {
      const { client } = connection
      if (can.register) await client.register(DidChangeConfigurationNotification.type, { section: 'clauselint' })
      // A config may extend others of any name.
      const watchers = [{ globPattern: '**/*.{yaml,yml}' }]
      if (can.watch) await client.register(DidChangeWatchedFilesNotification.type, { watchers })
      await pull()
      restart()
    }),
  )
  connection.onDidChangeConfiguration(({ settings: sent }) =>
    attempt(async () => {
      configure((sent as { clauselint?: unknown } | null)?.clauselint)
      await pull()
      restart()
    }),
  )
  connection.onDidChangeWatchedFiles(restart)

  documents.onDidOpen(({ document }) => schedule(document.uri, 0))
  documents.onDidChangeContent(({ document }) => schedule(document.uri, debounce))
  documents.onDidSave(({ document }) => {
    // For editors that watch no files.
    if (workspace.isStale(document.uri)) restart()
  })
  documents.onDidClose(({ document: { uri } }) => {
    clearTimeout(timers.get(uri))
    timers.delete(uri)
    workspace.forget(uri)
    connection.sendDiagnostics({ uri, diagnostics: [] })
  })

  const hover = async ({ textDocument, position }: TextDocumentPositionParams): Promise<Hover | null> => {
    const now = await stateOf(textDocument)
    if (now === null || now.state.checked === null) return null
    const { text, state } = now
    const { parsed, findings } = state.checked as NonNullable<State['checked']>
    const offset = text.offsetAt(position)
    const here = findings.filter(f => f.start.offset <= offset && offset < f.end.offset)
    const reference = referenceAt(parsed, offset)
    const parts: string[] = []
    const rules = await workspace.rules()
    for (const finding of here) parts.push(findingHover(finding, rules, settings.lang, sayIn(settings.lang)))
    for (const clause of reference?.clauses ?? [])
      parts.push(`**${escape(clauseTitle(parsed, clause))}**\n\n${escape(clauseText(parsed, clause))}`)
    const [first] = here
    if (parts.length === 0) return null
    const range =
      first !== undefined
        ? findingRange(text, first)
        : rangeOf(text, toSource(parsed.document, (reference as { span: Span }).span))
    return { contents: { kind: MarkupKind.Markdown, value: parts.join('\n\n---\n\n') }, range }
  }

  const definition = async ({ textDocument, position }: TextDocumentPositionParams) => {
    const now = await stateOf(textDocument)
    if (now === null || now.state.checked === null) return null
    const { text, state } = now
    const { parsed } = state.checked as NonNullable<State['checked']>
    const reference = referenceAt(parsed, text.offsetAt(position))
    if (reference === null) return null
    const links = reference.clauses.map((clause): LocationLink => {
      const { whole, name } = clausePlace(parsed, clause)
      return {
        originSelectionRange: rangeOf(text, toSource(parsed.document, reference.span)),
        targetUri: text.uri,
        targetRange: rangeOf(text, whole),
        targetSelectionRange: rangeOf(text, name),
      }
    })
    return can.links ? links : links.map(link => ({ uri: link.targetUri, range: link.targetSelectionRange }))
  }

  const outline = async ({ textDocument }: DocumentSymbolParams) => {
    const now = await stateOf(textDocument)
    if (now === null || now.state.checked === null) return []
    const { text, state } = now
    const { parsed } = state.checked as NonNullable<State['checked']>
    const symbolOf = (clause: Clause): DocumentSymbol => {
      const { whole, name } = clausePlace(parsed, clause)
      return {
        name: clauseTitle(parsed, clause),
        kind: clause.children.length > 0 ? SymbolKind.Namespace : SymbolKind.String,
        range: rangeOf(text, whole),
        selectionRange: rangeOf(text, name),
        children: clause.children.flatMap(id => parsed.clauses[id] ?? []).map(symbolOf),
      }
    }
    const top = (parsed.clauses[0]?.children ?? []).flatMap(id => parsed.clauses[id] ?? []).map(symbolOf)
    if (can.nested) return top
    const flat = (symbols: readonly DocumentSymbol[]): DocumentSymbol[] =>
      symbols.flatMap(symbol => [symbol, ...flat(symbol.children ?? [])])
    return flat(top).map(({ name, kind, range }) => ({ name, kind, location: { uri: text.uri, range } }))
  }

  const codeActions = async ({ textDocument, range, context }: CodeActionParams): Promise<CodeAction[]> => {
    const now = await stateOf(textDocument)
    if (now === null || now.state.checked === null) return []
    if (context.only !== undefined && !context.only.some(kind => CodeActionKind.QuickFix.startsWith(kind))) return []
    const { text, state } = now
    const { parsed, findings } = state.checked as NonNullable<State['checked']>
    const from = text.offsetAt(range.start)
    const to = text.offsetAt(range.end)
    // A cursor may stand at either end of a finding.
    const touches = (start: number, end: number): boolean =>
      from === to ? start <= from && from <= end : start < to && from < end
    const rules = await workspace.rules()
    const { format } = parsed.document
    const rows = parsed.document.blocks.filter(b => b.kind === 'row').map(b => toSource(parsed.document, b.span))
    const inTable = ({ start }: Finding): boolean => rows.some(r => r.start <= start.offset && start.offset < r.end)
    const actions: CodeAction[] = []
    const touched = findings.filter(({ start, end }) => touches(start.offset, end.offset))
    // A client that can't ask later gets each edit made now: a selection of the whole document must not hold up the rest.
    for (const finding of can.resolve ? touched : touched.slice(0, AT_ONCE)) {
      const rule = rules.get(finding.ruleId)
      const diagnostics = [diagnosticOf(finding, findingRange(text, finding), rules)]
      const offer = (title: string, fix: Fix, isPreferred = false): void => {
        const data: ActionData = { uri: text.uri, fingerprint: finding.fingerprint, fix }
        actions.push({ title, kind: CodeActionKind.QuickFix, diagnostics, data, ...(isPreferred && { isPreferred }) })
      }
      if (rule?.method === 'emphasis' && parsed.document.emphasis === 'known')
        offer(say('将这句话加粗', 'set the sentence in bold'), 'bold', true)
      if (format === 'markdown' || format === 'html') {
        if (finding.suggestion !== '') offer(say('把修改建议写成注释', 'insert the suggestion as a comment'), 'suggest')
        offer(
          inTable(finding)
            ? say(
                `在整个表格压下 ${finding.ruleId}（须写明理由）`,
                `take ${finding.ruleId} back in the whole table (write the reason)`,
              )
            : say(`压下此条 ${finding.ruleId}（须写明理由）`, `take ${finding.ruleId} back here (write the reason)`),
          'suppress',
        )
      }
      const page = rule === undefined || !can.show ? null : rulePageUri(rule)
      if (page !== null) {
        const title = say(`打开规则说明 ${finding.ruleId}`, `open the page of ${finding.ruleId}`)
        actions.push({
          title,
          kind: CodeActionKind.QuickFix,
          diagnostics,
          command: { title, command: OPEN_PAGE, arguments: [page] },
        })
      }
    }
    if (can.resolve) return actions
    const resolved = await Promise.all(actions.map(action => (action.data === undefined ? action : withEdit(action))))
    return resolved.filter(action => action.edit !== undefined || action.command !== undefined)
  }

  /** The action with its edit; without one where it can't be made safely. */
  const withEdit = async (action: CodeAction): Promise<CodeAction> => {
    const { uri, fingerprint, fix } = action.data as ActionData
    const now = await stateOf({ uri })
    const finding = now?.state.checked?.findings.find(f => f.fingerprint === fingerprint)
    if (now === null || now.state.checked === null || finding === undefined) return action
    const { text, state } = now
    const { parsed } = state.checked as NonNullable<State['checked']>
    const edits = await editsFor(fix, parsed, finding)
    if (edits === null || edits.length === 0) return action
    const changes: TextEdit[] = edits.map(({ span, text: newText }) => ({ range: rangeOf(text, span), newText }))
    return { ...action, edit: { changes: { [uri]: changes } } }
  }
  const editsFor = async (
    fix: Fix,
    parsed: Parsed,
    finding: Finding,
  ): Promise<readonly { span: Span; text: string }[] | null> => {
    const rules = await workspace.rules()
    if (fix === 'bold') return (await import('../fix/index.js')).edits(parsed, [finding], rules)
    const insertions =
      fix === 'suppress'
        ? suppressionFor(parsed, finding, rules)
        : suggestionFor(parsed, finding, say('建议：', 'Suggestion: '))
    return insertions?.map(({ offset, text }: Insertion) => ({ span: { start: offset, end: offset }, text })) ?? null
  }

  const openPage = async ({ arguments: [uri] = [] }: ExecuteCommandParams): Promise<null> => {
    await connection.window.showDocument({ uri: uri as string, takeFocus: true })
    return null
  }

  /** What answers a request, once its parameters are what they have to be: else the editor is told that they are not. */
  const asked =
    <P, R>(fits: (params: P) => boolean, answer: (params: P) => R) =>
    (params: P): R => {
      let does = false
      try {
        does = fits(params)
      } catch {
        // What the library asks of values fails on null.
      }
      if (does) return answer(params)
      throw new ResponseError(
        ErrorCodes.InvalidParams,
        say('请求的参数不符合协议。', 'the parameters of the request do not follow the protocol.'),
      )
    }
  const isPlace = ({ textDocument, position }: TextDocumentPositionParams): boolean =>
    TextDocumentIdentifier.is(textDocument) && Position.is(position)
  connection.onHover(asked(isPlace, hover))
  connection.onDefinition(asked(isPlace, definition))
  connection.onDocumentSymbol(asked(({ textDocument }) => TextDocumentIdentifier.is(textDocument), outline))
  connection.onCodeAction(
    asked(
      ({ textDocument, range, context }) =>
        TextDocumentIdentifier.is(textDocument) && Range.is(range) && CodeActionContext.is(context),
      codeActions,
    ),
  )
  connection.onCodeActionResolve(
    asked(
      action => typeof action.title === 'string' && (action.data === undefined || isActionData(action.data)),
      action => (action.data === undefined ? action : withEdit(action)),
    ),
  )
  connection.onExecuteCommand(
    asked(({ command, arguments: args }) => command === OPEN_PAGE && typeof args?.[0] === 'string', openPage),
  )

  documents.listen(connection)
  connection.listen()
}

const areFolders = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(folder => typeof folder === 'string')

const isActionData = (value: Partial<ActionData> | null): boolean =>
  typeof value?.uri === 'string' &&
  typeof value.fingerprint === 'string' &&
  (value.fix === 'bold' || value.fix === 'suppress' || value.fix === 'suggest')

const wholeLine = (line: number): Range => {
  const start: Position = { line, character: 0 }
  return { start, end: { line: line + 1, character: 0 } }
}
