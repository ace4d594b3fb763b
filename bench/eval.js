// Precision, recall and F1 on fixtures/agreements, each miss and false alarm with its place; status 1 for any mistake
// that known-gaps.yaml doesn't list, or lists in vain. Needs dist.

import { check } from '../dist/check/index.js'
import { readDocument } from '../dist/read/index.js'
import { loadRules } from '../dist/rules/index.js'
import { evaluate, knownGaps, mistakes } from './agreements.js'

const rules = loadRules()
const read = file => readDocument(file.bytes, file.path)
const run = (files, platform) => check(files.map(read), { rules, platform }).findings

const counts = new Map()
function count(rule, what) {
  const row = counts.get(rule) ?? { expected: 0, found: 0, right: 0, missed: 0 }
  row[what]++
  counts.set(rule, row)
}
const ratio = (part, all) => (all === 0 ? 1 : part / all)

/** Of `found` findings `right` were expected; of `expected` expectations `missed` were not met. */
function figures({ expected, found, right, missed }) {
  const precision = ratio(right, found)
  const recall = ratio(expected - missed, expected)
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) }
}
const three = value => value.toFixed(3).padStart(6)

const known = knownGaps()
const unlisted = []
const mended = []
for (const result of evaluate(run, file => read(file).text)) {
  const { name, hits, met, misses, alarms } = result
  const wrong = mistakes(result)
  const listed = known[name] ?? []
  unlisted.push(...wrong.filter(mistake => !listed.includes(mistake)).map(mistake => `${name}: ${mistake}`))
  mended.push(...listed.filter(mistake => !wrong.includes(mistake)).map(mistake => `${name}: ${mistake}`))
  console.log(`${name}: ${hits.length} right, ${misses.length} missed, ${alarms.length} false`)
  for (const { ruleId } of [...hits, ...alarms]) count(ruleId, 'found')
  for (const { ruleId } of hits) count(ruleId, 'right')
  for (const { rule } of [...met, ...misses]) count(rule, 'expected')
  for (const { rule, evidence, note } of misses) {
    count(rule, 'missed')
    console.log(`  missed ${rule}: ${evidence ?? note ?? ''}`)
  }
  for (const { ruleId, clause, start, sentence } of alarms) {
    console.log(`  false  ${ruleId} ${clause} ${start.line}:${start.column}: ${sentence.replace(/\s+/g, ' ')}`)
  }
}

console.log(`\n${'rule'.padEnd(36)} expected found precision recall     F1`)
const total = { expected: 0, found: 0, right: 0, missed: 0 }
const line = (name, row) => {
  const { precision, recall, f1 } = figures(row)
  const numbers = `${String(row.expected).padStart(8)} ${String(row.found).padStart(5)}`
  console.log(`${name.padEnd(36)} ${numbers}    ${three(precision)} ${three(recall)} ${three(f1)}`)
}
for (const [rule, row] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
  line(rule, row)
  for (const what of Object.keys(total)) total[what] += row[what]
}
line(`all (${counts.size} rules)`, total)

if (unlisted.length > 0 || mended.length > 0) {
  for (const mistake of unlisted) console.log(`not in known-gaps.yaml: ${mistake}`)
  for (const mistake of mended) console.log(`mended, remove it from known-gaps.yaml: ${mistake}`)
  process.exitCode = 1
}
