/**
 * The built-in rules as one JSON file beside the build: parsing a hundred YAML files at every start costs more than
 * checking a draft. Written by the build, used as long as no rule file is newer.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Element, Term } from './pattern.js'
import { patternsOf } from './patterns-of.js'
import type { Law, Rule, RuleSet } from './types.js'

const file = fileURLToPath(new URL('./compiled.json', import.meta.url))
const sources = fileURLToPath(new URL('../../src/', import.meta.url))

interface Stored {
  readonly terms: readonly Term[]
  readonly laws: readonly Law[]
  readonly rules: readonly Rule[]
}

/** The compiled rule set, or null where there is none or a rule file has changed since. */
export function readCompiled(folder: string): RuleSet | null {
  if (!existsSync(file)) return null
  // An installed package holds no sources, and its rule files don't change.
  if (existsSync(sources) && newest(folder) > statSync(file).mtimeMs) return null
  const { terms, laws, rules } = JSON.parse(readFileSync(file, 'utf8')) as Stored
  for (const pattern of patternsOf(rules)) {
    for (const element of pattern.elements as Element[]) {
      if (element.type === 'words') (element as { term: Term }).term = terms[element.term as unknown as number] as Term
    }
  }
  const byId = new Map(rules.map(r => [r.id, r]))
  return { rules, laws: new Map(laws.map(l => [l.short, l])), get: id => byId.get(id) }
}

/** Writes the compiled rule set beside the build. */
export function writeCompiled(set: RuleSet): void {
  const terms: Term[] = []
  const index = new Map<string, number>()
  const numbered = (key: string, value: unknown): unknown => {
    if (key !== 'term') return value
    const term = value as Term
    const name = `${term.kind} ${term.source}`
    let at = index.get(name)
    if (at === undefined) {
      at = terms.push(term) - 1
      index.set(name, at)
    }
    return at
  }
  const rules = JSON.stringify(set.rules, numbered)
  writeFileSync(
    file,
    `{"terms":${JSON.stringify(terms)},"laws":${JSON.stringify([...set.laws.values()])},"rules":${rules}}\n`,
  )
}

/** Latest change of any file in the folder, in ms. */
function newest(folder: string): number {
  let latest = 0
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && entry.name.endsWith('.yaml'))
      latest = Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs)
  }
  return latest
}
