/** Hand-written pairs of versions: which clauses correspond, and what the comparison makes of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import type { Format, Parsed } from '../src/types.js'
import { compare } from '../src/versions/diff.js'
import type { Comparison } from '../src/versions/diff.js'
import type { Passage } from '../src/versions/types.js'

/** One pair. Clauses are named as reports name them; rows and unnumbered paragraphs by their first words. */
interface Case {
  readonly name: string
  readonly old: string
  readonly new: string
  readonly oldFormat?: Format
  readonly newFormat?: Format
  /** Clauses that correspond under another name; all that are named nowhere correspond to the one of the same name. */
  readonly links?: Readonly<Record<string, string | readonly string[]>>
  readonly added?: readonly string[]
  readonly removed?: readonly string[]
  /** Changes by kind; kinds not named must not occur. */
  readonly counts: Readonly<Record<string, number>>
  /** How many of the changes are editorial, renumbered ones not counted; 0 when absent. */
  readonly editorial?: number
  /** For altered clauses of the new version: the only words struck out, and those put in. */
  readonly edits?: Readonly<Record<string, readonly [string, string]>>
}

const folder = new URL('../fixtures/diff/', import.meta.url)
const cases = readdirSync(folder)
  .filter(name => name.endsWith('.yaml'))
  .flatMap(file =>
    (parseYaml(readFileSync(new URL(file, folder), 'utf8')) as Case[]).map(c => ({
      ...c,
      title: `${file}: ${c.name}`,
    })),
  )

const load = (text: string, format: Format = 'markdown'): Parsed =>
  parse(readDocument(new TextEncoder().encode(text), 'rules', { format }))

function run(c: Case): Comparison {
  return compare(load(c.old, c.oldFormat), load(c.new, c.newFormat))
}

const namer = (names: readonly string[]) => (p: Passage & { readonly kind?: string }) =>
  names.find(name => name !== p.clause && !/^\d/.test(name) && p.text.startsWith(name)) ??
  (p.clause === '' || p.kind === 'row' ? p.text : p.clause)

/** Expected and found correspondences as "old → new". */
function links(c: Case, { pairs }: Comparison): { wanted: Set<string>; found: Set<string> } {
  const stated = Object.entries(c.links ?? {})
  const oldName = namer([...stated.map(([from]) => from), ...(c.removed ?? [])])
  const newName = namer([...stated.flatMap(([, to]) => to), ...(c.added ?? [])])
  const wanted = new Set<string>()
  for (const pair of pairs)
    for (const p of pair.old) {
      const name = oldName(p)
      if (c.removed?.includes(name)) continue
      for (const to of [c.links?.[name] ?? name].flat()) wanted.add(`${name} → ${to}`)
    }
  const found = new Set(
    pairs.flatMap(pair => pair.old.flatMap(p => pair.new.map(q => `${oldName(p)} → ${newName(q)}`))),
  )
  return { wanted, found }
}

describe('hand-written pairs of versions', () => {
  it.each(cases)('$title', c => {
    const result = run(c)
    const { wanted, found } = links(c, result)
    const counts = Object.fromEntries(Object.entries(result.summary).filter(([, count]) => count > 0))
    expect({
      counts,
      missed: [...wanted].filter(link => !found.has(link)),
      wrong: [...found].filter(link => !wanted.has(link)),
      editorial: result.changes.filter(change => change.editorial && change.kind !== 'renumbered').length,
    }).toEqual({ counts: c.counts, missed: [], wrong: [], editorial: c.editorial ?? 0 })
    for (const [clause, [struck, put]] of Object.entries(c.edits ?? {})) {
      const change = result.changes.find(({ kind, new: [text] }) => kind === 'altered' && text?.clause === clause)
      const edits = change?.edits.filter(edit => edit.kind !== 'equal').map(edit => edit.text)
      expect({ clause, edits }).toEqual({ clause, edits: [struck, put] })
    }
  })

  it('finds at least 97 % of the correspondences, and as few false ones', () => {
    let [wantedTotal, foundTotal, right] = [0, 0, 0]
    for (const c of cases) {
      const { wanted, found } = links(c, run(c))
      wantedTotal += wanted.size
      foundTotal += found.size
      right += [...found].filter(link => wanted.has(link)).length
    }
    expect(cases.length).toBeGreaterThanOrEqual(40)
    expect((2 * right) / (wantedTotal + foundTotal)).toBeGreaterThanOrEqual(0.97)
  })
})
