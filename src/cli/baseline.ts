/**
 * The baseline: findings that are known and not to be reported again, in a JSON file of one line each. They are known
 * by the words of their clause, so they survive renumbering and moves; a clause that has changed is judged anew, save
 * for its sentences that are still the same.
 */

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { ToolError } from '../errors.js'
import type { Say } from '../report/words.js'
import { readYaml } from '../rules/read-yaml.js'
import type { Finding } from '../types.js'
import { systemMessage } from './inputs.js'

/** One line of the file. */
interface Entry {
  /** From the folder of the baseline. */
  readonly path: string
  readonly ruleId: string
  /** Of the clause; findings of one rule in one clause share it. */
  readonly fingerprint: string
  /** Hash of the words of the sentence, without references to other clauses. */
  readonly sentence: string
  /** For readers only, as is the evidence. */
  readonly clause: string
  readonly evidence: string
  /** How many there are of it in that document; one if absent. */
  readonly count?: number
}

export interface Baseline {
  /** As it was named. */
  readonly file: string
  readonly entries: readonly Entry[]
}

/** What a run has looked at; an entry about anything else is neither found nor obsolete. */
export interface Scope {
  /** Whether the document at `path` was checked. */
  readonly checked: (path: string) => boolean
  /** Whether the rule judged that document. */
  readonly ran: (ruleId: string, path: string) => boolean
  /** Whether the rule may find more where all documents are looked at: what it does not find now is not obsolete. */
  readonly partly: (ruleId: string) => boolean
  /** Whether the rule speaks of the whole set, wherever its finding stands. */
  readonly ofSet: (ruleId: string) => boolean
}

/** What became of the entries and the findings of a run. */
export interface Matched {
  readonly known: ReadonlySet<Finding>
  /** How often each entry was found again; entries that the run did not look at are missing. */
  readonly found: ReadonlyMap<Entry, number>
  /** Findings in the baseline that are no longer there. */
  readonly obsolete: number
}

const KEYS = ['path', 'ruleId', 'fingerprint', 'sentence', 'clause', 'evidence', 'count']
const NEEDED = ['path', 'ruleId', 'fingerprint', 'sentence']

/** Reads a baseline. Throws ToolError for one that is missing or broken: it is never taken for an empty one. */
export function readBaseline(file: string, say: Say): Baseline {
  let source: string
  try {
    // Some editors put a BOM there, which JSON does not allow.
    source = readFileSync(file, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const reason = systemMessage(error, say)
    throw new ToolError(
      'bad-baseline',
      say(
        `无法读取基线文件 ${file}：${reason}${isMissing ? '首次使用请加 --update-baseline 生成。' : ''}`,
        `cannot read the baseline ${file}: ${reason}${isMissing ? ' --update-baseline makes a new one.' : ''}`,
      ),
    )
  }
  try {
    const entries = entriesOf(JSON.parse(source))
    if (entries !== null) return { file, entries }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return fail(source, file, say)
}

function entriesOf(value: unknown): readonly Entry[] | null {
  const { version, findings } = (value ?? {}) as { version?: unknown; findings?: unknown }
  if (version !== 1 || !Array.isArray(findings)) return null
  const isEntry = (entry: Record<string, unknown>): boolean =>
    entry !== null &&
    typeof entry === 'object' &&
    NEEDED.every(key => typeof entry[key] === 'string') &&
    Object.keys(entry).every(key => KEYS.includes(key)) &&
    (entry['count'] === undefined || (Number.isInteger(entry['count']) && Number(entry['count']) > 0))
  return findings.every(isEntry) ? (findings as Entry[]) : null
}

const TOKEN =
  /[[\]{},:]|"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null/iuy

/** Where a text stops being JSON, which `JSON.parse` tells in words only; null if it is JSON throughout. */
export function endOfJson(text: string): number | null {
  /** What closes the lists and objects that are open, and what may come next. */
  const open: string[] = []
  let next: 'value' | 'first' | 'key' | 'colon' | 'more' = 'value'
  for (let at = 0; ; ) {
    while (' \t\r\n'.includes(text[at] ?? '-')) at++
    if (next === 'more' && open.length === 0) return at === text.length ? null : at
    TOKEN.lastIndex = at
    const token = TOKEN.exec(text)?.[0] ?? ''
    const isMap = open.at(-1) === '}'
    if (token === '') return at
    if (token === open.at(-1) && (next === 'more' || next === 'first')) {
      open.pop()
      next = 'more'
    } else if (next === 'more') {
      if (token !== ',') return at
      next = isMap ? 'key' : 'value'
    } else if (next === 'colon') {
      if (token !== ':') return at
      next = 'value'
    } else if (next === 'key' || (next === 'first' && isMap)) {
      if (!token.startsWith('"')) return at
      next = 'colon'
    } else if (token === '{' || token === '[') {
      open.push(token === '{' ? '}' : ']')
      next = 'first'
    } else if (/^[\]},:]$/.test(token)) return at
    else next = 'more'
    at += token.length
  }
}

/** Says where a baseline is broken. JSON is YAML, whose reader knows places of values. */
function fail(source: string, file: string, say: Say): never {
  const broken = (reason: string, place: { line?: number; column?: number } = {}): never => {
    const message = say(
      `基线文件有误：${reason}请修正，或删除后用 --update-baseline 重新生成。`,
      `broken baseline: ${reason} Correct it, or delete it and make a new one with --update-baseline.`,
    )
    throw new ToolError('bad-baseline', message, { file, ...place })
  }
  const end = endOfJson(source)
  if (end !== null) {
    const before = source.slice(0, end).split('\n')
    const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
    return broken(
      end === source.length
        ? say('文件不完整，不是合法的 JSON。', 'it breaks off and is no valid JSON.')
        : say(
            '从这里起不是合法的 JSON（常见的有合并冲突、多余的逗号）。',
            'no valid JSON from here on (a merge conflict or a comma too many, perhaps).',
          ),
      place,
    )
  }
  try {
    const top = readYaml(source, file, say).map(['version', 'findings'], ['version', 'findings'])
    const version = top.get('version')
    if (version?.number() !== 1)
      version?.fail(say('只认识第 1 版的基线。', 'this release knows version 1 of baselines only.'))
    for (const finding of top.get('findings')?.list() ?? []) {
      const entries = finding.map(KEYS, NEEDED)
      for (const [key, value] of entries) if (key !== 'count') value.string()
      entries.get('count')?.count()
    }
  } catch (error) {
    if (!(error instanceof ToolError)) throw error
    const { line, column } = error
    // A key that stands twice is JSON, but no YAML.
    const reason = error.message.replace(/^.*?:\d+:\d+: /, '').replace('YAML', 'JSON')
    return broken(reason, line === null ? {} : { line, column: column ?? 1 })
  }
  return broken(say('内容不是基线。', 'it is no baseline.'))
}

/** Numbers of the document's own clauses, which change when it is renumbered; those of laws stay. */
const REFERENCE = /(?<!》)第[〇零一二三四五六七八九十百千\d]+(?=[编章节条款项])|\([〇零一二三四五六七八九十\d]{1,4}\)/g

/** What identifies a finding, or an entry that stands for it. */
type Key = Pick<Entry, 'path' | 'ruleId' | 'fingerprint' | 'sentence'>

/** Paths in the baseline count from its folder, so that it does not matter where the tool is run. */
function shownFrom(file: string, path: string): string {
  return relative(dirname(resolve(file)), resolve(path)).replaceAll('\\', '/')
}

function keyOf(finding: Finding, file: string): Key {
  const words = finding.sentence.normalize('NFKC').replace(/\s+/g, '').replace(REFERENCE, '')
  return {
    path: shownFrom(file, finding.path),
    ruleId: finding.ruleId,
    // Those of one clause are told apart by counting: "-2" would move up when the first one is mended.
    fingerprint: finding.fingerprint.replace(/-\d+$/, ''),
    sentence: createHash('sha256').update(words).digest('hex').slice(0, 12),
  }
}

/**
 * Finds the entries of a baseline again, each as often as it counts: what is more is new. First where they were; then
 * in a clause that moved to another document; then the same sentence in a clause that has changed around it.
 */
export function matchBaseline({ file, entries }: Baseline, findings: readonly Finding[], scope: Scope): Matched {
  const folder = dirname(resolve(file))
  const isGone = (path: string): boolean => !existsSync(resolve(folder, path))
  const looked = new Map<string, boolean>()
  const lookedAt = (entry: Entry): boolean => {
    const path = resolve(folder, entry.path)
    let gone = looked.get(path)
    if (gone === undefined) {
      gone = !scope.checked(path) && isGone(path)
      looked.set(path, gone)
    }
    return gone || (scope.checked(path) && scope.ran(entry.ruleId, path))
  }
  const found = new Map<Entry, number>()
  for (const entry of entries) if (lookedAt(entry)) found.set(entry, 0)
  const known = new Set<Finding>()
  const keys = new Map(findings.map(finding => [finding, keyOf(finding, file)]))
  const passes: readonly ((key: Key) => string | null)[] = [
    key => `${key.path}\n${key.fingerprint}\n${key.sentence}`,
    key => `${key.path}\n${key.fingerprint}`,
    key => key.fingerprint,
    key => `${key.path}\n${key.ruleId}\n${key.sentence}`,
    key => (scope.ofSet(key.ruleId) ? key.ruleId : null),
  ]
  for (const pass of passes) {
    const left = new Map<string, Entry[]>()
    for (const [entry, times] of found) {
      const name = pass(entry)
      if (name === null || times >= (entry.count ?? 1)) continue
      const same = left.get(name)
      if (same === undefined) left.set(name, [entry])
      else same.push(entry)
    }
    for (const finding of findings) {
      const name = known.has(finding) ? null : pass(keys.get(finding) as Key)
      const entry = name === null ? undefined : left.get(name)?.find(e => (found.get(e) ?? 0) < (e.count ?? 1))
      if (entry === undefined) continue
      known.add(finding)
      found.set(entry, (found.get(entry) ?? 0) + 1)
    }
  }
  let obsolete = 0
  for (const [entry, times] of found) {
    if (!scope.partly(entry.ruleId)) continue
    if (times === 0) found.delete(entry)
    else found.set(entry, entry.count ?? 1)
  }
  for (const [entry, times] of found) obsolete += (entry.count ?? 1) - times
  return { known, found, obsolete }
}

/** Whether a finding by itself is known to the baseline, wherever else it may stand. */
export function knownTo({ file, entries }: Baseline): (finding: Finding) => boolean {
  const clauses = new Set(entries.map(entry => entry.fingerprint))
  const sentence = ({ path, ruleId, sentence: words }: Key): string => `${path}\n${ruleId}\n${words}`
  const sentences = new Set(entries.map(sentence))
  return finding => {
    const key = keyOf(finding, file)
    return clauses.has(key.fingerprint) || sentences.has(sentence(key))
  }
}

/** The baseline without what is no longer found. Entries about what the run did not look at stay. */
export function prunedBaseline({ file, entries }: Baseline, { found }: Matched): Baseline {
  const kept = entries.map(entry => ({ ...entry, count: found.get(entry) ?? entry.count ?? 1 }))
  return { file, entries: kept.filter(entry => entry.count > 0) }
}

/** A baseline of all `findings`. Of the old one, entries about what the run did not look at stay. */
export function updatedBaseline(old: Baseline, findings: readonly Finding[], { found }: Matched): Baseline {
  const now = new Map<string, Entry>()
  for (const finding of findings) {
    const key = keyOf(finding, old.file)
    const name = Object.values(key).join('\n')
    const words = [...finding.evidence.replace(/\s+/g, ' ')]
    const evidence = words.length > 24 ? `${words.slice(0, 24).join('')}…` : words.join('')
    const { count = 0 } = now.get(name) ?? {}
    now.set(name, { ...key, clause: finding.clause, evidence, count: count + 1 })
  }
  return { file: old.file, entries: [...old.entries.filter(entry => !found.has(entry)), ...now.values()] }
}

/** The file: sorted, one line for each entry, the same bytes for the same findings. */
export function baselineText({ entries }: Baseline): string {
  const order = (entry: Entry): string => [entry.path, entry.ruleId, entry.fingerprint, entry.sentence].join('\n')
  const lines = [...entries]
    .sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0))
    .map(({ path, ruleId, fingerprint, sentence, clause, evidence, count = 1 }) =>
      JSON.stringify({ path, ruleId, fingerprint, sentence, clause, evidence, ...(count > 1 && { count }) }),
    )
  return `{\n  "version": 1,\n  "findings": [${lines.length === 0 ? '' : `\n    ${lines.join(',\n    ')}\n  `}]\n}\n`
}
