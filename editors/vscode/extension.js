// Starts `clauselint lsp` for the documents that VS Code has open, and hands it the settings.
const { existsSync } = require('node:fs')
const { isAbsolute, join } = require('node:path')
const { commands, window, workspace } = require('vscode')
const { LanguageClient, TransportKind } = require('vscode-languageclient/node')

let client

/** The program to run: the setting, the workspace's own (if the workspace is trusted), or the one on PATH. */
function program() {
  const [folder] = workspace.workspaceFolders ?? []
  const chosen = workspace.getConfiguration('clauselint').get('path')
  if (chosen) return isAbsolute(chosen) || !folder ? chosen : join(folder.uri.fsPath, chosen)
  const local = folder && join(folder.uri.fsPath, 'node_modules', 'clauselint', 'bin', 'clauselint.js')
  return local && workspace.isTrusted && existsSync(local) ? local : 'clauselint'
}

/** A script runs in VS Code's own Node; anything else is a command of the system (a .cmd on Windows). */
function server(path) {
  const transport = TransportKind.stdio
  return /\.m?js$/.test(path)
    ? { module: path, args: ['lsp'], transport }
    : { command: path, args: ['lsp'], transport, options: { shell: process.platform === 'win32' } }
}

/** What the server takes of the settings; it asks for them again when they change. */
function settings() {
  const { lang, minConfidence, rules, config } = workspace.getConfiguration('clauselint')
  return { lang, minConfidence, rules, config }
}

async function start() {
  if (!workspace.getConfiguration('clauselint').get('enable')) return
  const path = program()
  client = new LanguageClient('clauselint', 'clauselint', server(path), {
    documentSelector: ['markdown', 'html', 'plaintext'].flatMap(language => [
      { scheme: 'file', language },
      { scheme: 'untitled', language },
    ]),
    initializationOptions: settings(),
  })
  try {
    await client.start()
  } catch (error) {
    const message = `clauselint: 无法启动 ${path}，请运行 npm install --save-dev clauselint 或设置 clauselint.path。 / cannot start it; install clauselint or set clauselint.path. (${error.message})`
    window.showErrorMessage(message)
  }
}

async function stop() {
  const running = client
  client = undefined
  await running?.stop().catch(() => {})
}

async function restart() {
  await stop()
  await start()
}

exports.activate = context => {
  context.subscriptions.push(
    commands.registerCommand('clauselint.restart', restart),
    workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('clauselint.path') || event.affectsConfiguration('clauselint.enable')) restart()
    }),
    workspace.onDidGrantWorkspaceTrust(restart),
  )
  return start()
}
exports.deactivate = stop
