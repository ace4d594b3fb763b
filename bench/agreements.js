// Reads fixtures/agreements with what must be found there, and compares findings with it.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse as parseYaml } from 'yaml'

const root = fileURLToPath(new URL('../fixtures/agreements', import.meta.url))
const EXPECTED = '.expected.yaml'
const SET = `set${EXPECTED}`

const squeeze = text => text.replace(/\s+/g, '')

/**
 * Every folder of agreements: its documents with their expectations, and what its documents show together (null where
 * the folder is no rule set).
 */
export function readAgreements() {
  const folders = readdirSync(root, { withFileTypes: true }).filter(entry => entry.isDirectory())
  return folders.map(({ name: folder }) => {
    const names = readdirSync(join(root, folder)).sort()
    const yaml = name => parseYaml(readFileSync(join(root, folder, name), 'utf8'))
    const documents = names
      .filter(name => !name.endsWith(EXPECTED))
      .map(name => ({
        path: `${folder}/${name}`,
        bytes: new Uint8Array(readFileSync(join(root, folder, name))),
        expected: yaml(`${name.replace(/\.[^.]*$/, '')}${EXPECTED}`).findings,
      }))
    const set = names.includes(SET) ? yaml(SET) : null
    return { folder, documents, set: set === null ? null : { platform: set.platform ?? {}, expected: set.findings } }
  })
}

/** What a run did wrong, one line each: "missed rule: evidence", "false rule: sentence". */
export function mistakes({ misses, alarms }) {
  return [
    ...misses.map(({ rule, evidence, note }) => `missed ${rule}: ${evidence ?? note ?? ''}`),
    ...alarms.map(({ ruleId, sentence }) => `false ${ruleId}: ${squeeze(sentence)}`),
  ]
}

/**
 * Mistakes that are known and not yet mended, by document (fixtures/agreements/known-gaps.yaml). A mistake that is not
 * listed fails the run, and so does a listed one that no longer happens.
 */
export function knownGaps() {
  const file = join(root, 'known-gaps.yaml')
  return existsSync(file) ? (parseYaml(readFileSync(file, 'utf8')) ?? {}) : {}
}

/** Whether the evidence and the sentence share characters of `text`; all without white space. */
function overlap(text, evidence, sentence) {
  const start = text.indexOf(evidence)
  for (let at = text.indexOf(sentence); at >= 0; at = text.indexOf(sentence, at + 1)) {
    if (at < start + evidence.length && start < at + sentence.length) return true
  }
  return false
}

/**
 * Pairs findings with expectations. An expectation with evidence is met by each finding of its rule in a sentence that
 * the evidence touches; one without is met by one finding of its rule. `text` is the canonical text of the document.
 * Returns the findings that were expected (`hits`), those that were not (`alarms`), the expectations that are met
 * (`met`) and those that no finding meets (`misses`). Throws when the document doesn't hold an expectation's evidence exactly once.
 */
export function compare(findings, expected, text = '') {
  const whole = squeeze(text)
  const hits = new Set()
  const met = []
  const misses = []
  for (const expectation of expected) {
    const { rule, evidence } = expectation
    const words = evidence === undefined ? null : squeeze(evidence)
    if (words !== null && whole.split(words).length !== 2) throw new Error(`not once in the document: ${evidence}`)
    const same = findings.filter(f => f.ruleId === rule)
    const found =
      words === null
        ? same.filter(f => !hits.has(f)).slice(0, 1)
        : same.filter(f => overlap(whole, words, squeeze(f.sentence)))
    if (found.length === 0) misses.push(expectation)
    else met.push(expectation)
    for (const finding of found) hits.add(finding)
  }
  return { hits: [...hits], met, misses, alarms: findings.filter(f => !hits.has(f)) }
}

/**
 * Runs every document by itself and every set as a whole. `run(files, platform)` checks files of `{ path, bytes }`
 * together and returns the findings; `textOf(file)` is the canonical text of one. Of a set only those findings count
 * that its documents don't show by themselves. Yields `{ name, hits, met, misses, alarms }`.
 */
export function* evaluate(run, textOf) {
  const key = f => [f.path, f.ruleId, f.start.offset, f.evidence].join('\n')
  for (const { folder, documents, set } of readAgreements()) {
    const alone = new Set()
    for (const document of documents) {
      const findings = run([document], {})
      for (const finding of findings) alone.add(key(finding))
      yield { name: document.path, ...compare(findings, document.expected, textOf(document)) }
    }
    if (set === null) continue
    const together = run(documents, set.platform).filter(f => !alone.has(key(f)))
    yield { name: `${folder} (set)`, ...compare(together, set.expected) }
  }
}
