// Measures a keystroke in a 100 KB document, from didChange to publishDiagnostics, beside a full check. Needs dist.

import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver-protocol/node'
import { check } from '../dist/check/index.js'
import { readSource } from '../dist/read/index.js'
import { loadRules } from '../dist/rules/index.js'

const bin = fileURLToPath(new URL('../bin/clauselint.js', import.meta.url))
const fixtures = fileURLToPath(new URL('../fixtures/agreements', import.meta.url))
const SIZE = 100 * 1024
const KEYSTROKES = 120
/** Keystrokes before counting starts, while the engine is still compiling. */
const WARM_UP = 20
const TYPED = '平台可以随时修改本规则，'

/** Our own agreements of one format, one after another, as many as make `SIZE` bytes. */
function documentOf(extension) {
  const names = readdirSync(fixtures, { recursive: true }).filter(name => name.endsWith(extension))
  const texts = names.sort().map(name => readFileSync(join(fixtures, name), 'utf8'))
  let text = ''
  for (let i = 0; Buffer.byteLength(text) < SIZE; i++) text += `${texts[i % texts.length]}\n\n`
  return text
}

/** Starts a server; `next(version)` waits for the diagnostics of that version. */
async function serve() {
  const child = spawn(process.execPath, [bin, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  )
  let arrived = () => {}
  connection.onNotification('textDocument/publishDiagnostics', params => arrived(params))
  connection.listen()
  const options = { processId: process.pid, rootUri: null, capabilities: {}, initializationOptions: { debounce: 0 } }
  await connection.sendRequest('initialize', options)
  await connection.sendNotification('initialized', {})
  return {
    connection,
    next: version =>
      new Promise(done => {
        arrived = params => params.version === version && done(params.diagnostics.length)
      }),
    end: async () => {
      await connection.sendRequest('shutdown')
      await connection.sendNotification('exit')
      connection.dispose()
    },
  }
}

const at = (times, share) => times[Math.min(times.length - 1, Math.floor(times.length * share))]
const sorted = times => [...times].sort((a, b) => a - b)

/**
 * Types a sentence into each of several clauses. Milliseconds of each format: `opened` the first check, `median` and
 * `p95` of a keystroke, `full` the median of reading and checking the same text from nothing.
 */
export async function lspBench() {
  const rules = loadRules()
  const rows = []
  for (const [languageId, extension] of [
    ['markdown', '.md'],
    ['html', '.html'],
    ['plaintext', '.txt'],
  ]) {
    const text = documentOf(extension)
    const uri = pathToFileURL(join(fixtures, `bench${extension}`)).href
    const { connection, next, end } = await serve()
    const begun = performance.now()
    const first = next(1)
    await connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    })
    await first
    const opened = performance.now() - begun
    const lines = text.split('\n')
    const times = []
    let place = { line: 0, character: 0 }
    for (let n = 0; n < KEYSTROKES; n++) {
      const typed = n % TYPED.length
      // A new clause for each sentence: lines that hold one, spread over the document.
      if (typed === 0) {
        const from = Math.floor(((n / TYPED.length + 1) * lines.length) / (KEYSTROKES / TYPED.length + 2))
        const line = lines.findIndex((words, i) => i >= from && /[一-鿿]{6}/.test(words))
        place = { line, character: /[一-鿿]{6}/.exec(lines[line]).index + 6 }
      }
      const start = { ...place, character: place.character + typed }
      const version = n + 2
      const answer = next(version)
      const sent = performance.now()
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ range: { start, end: start }, text: TYPED[typed] }],
      })
      await answer
      if (n >= WARM_UP) times.push(performance.now() - sent)
    }
    await end()
    const format = languageId === 'plaintext' ? 'text' : languageId
    const full = []
    for (let i = 0; i < 5; i++) {
      const started = performance.now()
      check([readSource(`${text}${' '.repeat(i)}`, 'a', { format })], { rules })
      full.push(performance.now() - started)
    }
    const keystrokes = sorted(times)
    rows.push({
      format,
      bytes: Buffer.byteLength(text),
      opened,
      median: at(keystrokes, 0.5),
      p95: at(keystrokes, 0.95),
      full: at(sorted(full), 0.5),
    })
  }
  return rows
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`Node ${process.version}, ${KEYSTROKES - WARM_UP} keystrokes; milliseconds`)
  for (const { format, bytes, opened, median, p95, full } of await lspBench()) {
    const cell = ms => ms.toFixed(1).padStart(8)
    console.log(
      `  ${format.padEnd(10)} ${bytes} bytes  open${cell(opened)}  keystroke median${cell(median)}  p95${cell(p95)}  full check${cell(full)}`,
    )
  }
}
