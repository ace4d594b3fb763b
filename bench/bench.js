// Measures start-up and each stage on a 30 KB and a 1 MB agreement, beside remark-parse alone on the same text. Needs dist.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { check } from '../dist/check/index.js'
import { parse } from '../dist/parse/index.js'
import { readDocument } from '../dist/read/index.js'
import { jsonReport } from '../dist/report/json.js'
import { prettyReport } from '../dist/report/pretty.js'
import { loadRules } from '../dist/rules/index.js'
import { agreement } from './document.js'

const bin = fileURLToPath(new URL('../bin/clauselint.js', import.meta.url))
const RUNS = 5

/** Median milliseconds of `RUNS` runs, the first one not counted; and what the last run returned. */
function time(work) {
  const times = []
  let value = work()
  for (let i = 0; i < RUNS; i++) {
    const begun = performance.now()
    value = work()
    times.push(performance.now() - begun)
  }
  return { ms: times.sort((a, b) => a - b)[Math.floor(RUNS / 2)], value }
}

const row = (name, ms, note = '') => console.log(`  ${name.padEnd(34)} ${ms.toFixed(1).padStart(8)} ms  ${note}`)
const node = (...args) => time(() => spawnSync(process.execPath, args)).ms

const folder = mkdtempSync(join(tmpdir(), 'clauselint-bench-'))
try {
  console.log(`Node ${process.version}, median of ${RUNS}`)
  console.log('\nstart-up (processes)')
  const floor = node('-e', '0')
  row('node -e 0', floor)
  row('clauselint --version', node(bin, '--version'))
  const loading = time(() => loadRules())
  row('load the rules (warm)', loading.ms, `${loading.value.rules.length} rules`)
  const rules = loading.value

  for (const [name, size] of [
    ['30 KB', 30 * 1024],
    ['1 MB', 1024 * 1024],
  ]) {
    const text = agreement(size)
    const bytes = new TextEncoder().encode(text)
    const speed = ms => `${(bytes.length / 1048.576 / ms).toFixed(2)} MB/s`
    const file = join(folder, 'agreement.md')
    writeFileSync(file, bytes)

    const peer = time(() => unified().use(remarkParse).parse(text)).ms
    const reading = time(() => readDocument(bytes, 'agreement.md'))
    const parsing = time(() => parse(reading.value))
    const checking = time(() => check([reading.value], { rules }))
    const result = checking.value
    const ownCheck = Math.max(0, checking.ms - parsing.ms)
    const json = time(() => jsonReport(result, '0.0.0')).ms
    const pretty = time(() => prettyReport(result, { rules, lang: 'zh', width: 80, color: false })).ms
    const total = node(bin, 'check', file, '--no-config', '--format', 'json')
    const ratio = ms => `${(ms / peer).toFixed(2)} × remark-parse`

    console.log(
      `\n${name}: ${bytes.length} bytes, ${parsing.value.clauses.length - 1} clauses, ${result.findings.length} findings`,
    )
    row('remark-parse alone', peer, speed(peer))
    row('read', reading.ms, `${speed(reading.ms)}, ${ratio(reading.ms)}`)
    row('parse', parsing.ms, `${speed(parsing.ms)}, ${ratio(parsing.ms)}`)
    row('annotate and check', ownCheck, `${speed(ownCheck)}, ${ratio(ownCheck)}`)
    row('report json', json)
    row('report pretty', pretty)
    const after = ((ownCheck + json) / reading.ms) * 100
    row('rules and JSON report', ownCheck + json, `${after.toFixed(0)} % of read`)
    row('whole process', total, `${speed(total)}, node itself ${floor.toFixed(0)} ms`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
