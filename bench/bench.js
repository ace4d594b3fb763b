// Measures start-up and each stage on a 30 KB and a 1 MB agreement, beside remark-parse alone on the same text, and
// threads and the cache on a set of documents. Needs dist.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
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

  const documents = join(folder, 'documents')
  mkdirSync(documents)
  for (let i = 0; i < 60; i++) writeFileSync(join(documents, `${i}.md`), agreement(10_000 * (1 + (i % 6))))
  const cache = join(folder, 'cache')
  /** The faster of two runs over all documents; without `prepare` the second finds what the first left. */
  const checkAll = (args, prepare = () => {}) => {
    const times = [1, 2].map(() => {
      prepare()
      const begun = performance.now()
      spawnSync(process.execPath, [bin, 'check', documents, '--no-config', '--format', 'json', ...args])
      return performance.now() - begun
    })
    return Math.min(...times)
  }
  console.log(`\n60 documents of 10 to 60 KB, ${availableParallelism()} cores: whole processes, the faster of two`)
  const alone = checkAll(['--concurrency', '1'])
  row('one thread', alone)
  const faster = ms => `${(alone / ms).toFixed(2)} × as fast as one thread`
  for (const [name, args, prepare] of [
    ['--concurrency auto', []],
    ['cold cache, one thread', ['--concurrency', '1', '--cache-location', cache], () => rmSync(cache, { force: true })],
    ['warm cache', ['--cache-location', cache]],
  ]) {
    const ms = checkAll(args, prepare)
    row(name, ms, faster(ms))
  }

  console.log('\ngrowth: milliseconds for a text and for eight times as much')
  const units = {
    'read html': ['x.html', '<p>平台<b>应当</b>公示规则&nbsp;，商家<br>可以退出。</p>'],
    'read text': ['x.txt', '平台应当公示规则，商家\n可以退出\n。\n'],
    'read markdown': ['x.md', '平台**应当**公示规则\\. 商家** 可以**退出。\n\n'],
    'parse one long line': ['x.txt', '（一）商家（含个人应【实名 第三条，1.2 "认证；'],
  }
  for (const [name, [path, unit]] of Object.entries(units)) {
    const [small, large] = [500, 4000].map(times => {
      const bytes = new TextEncoder().encode(unit.repeat(times))
      if (!name.startsWith('parse')) return time(() => readDocument(bytes, path)).ms
      const document = readDocument(bytes, path)
      return time(() => parse(document)).ms
    })
    row(name, large, `${small.toFixed(1)} ms before, ${(large / small).toFixed(1)} × for 8 × the text`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
