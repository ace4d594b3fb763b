/**
 * `clauselint.yaml`: found upward from a document, merged with what it extends, validated. A mistake is shown as
 * file:line:column with the nearest valid key.
 */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import ignore, { type Ignore } from 'ignore'
import type { RuleSettings } from '../check/index.js'
import type { Platform } from '../check/profile.js'
import { ToolError } from '../errors.js'
import { DOCUMENT_KINDS, type Say, sayIn } from '../report/words.js'
import { type Place, readYaml } from '../rules/read-yaml.js'
import type { RuleSet } from '../rules/types.js'
import { isDay } from '../text/day.js'
import { nearest } from '../text/nearest.js'
import type { Lang, Severity } from '../types.js'
import { systemMessage } from './inputs.js'
import { complain } from './output.js'
import { unknownRule } from './rule-set.js'

export const CONFIG_FILE = 'clauselint.yaml'

/** Names of other tools' configs that somebody may have given ours. */
const MISNAMED = [
  'clauselint.yml',
  ...['.yaml', '.yml', 'rc', 'rc.yaml', 'rc.yml', 'rc.json'].map(end => `.clauselint${end}`),
]

/** What a config states about a document, under the names of front matter. */
type Facts = Readonly<Record<string, unknown>>

/** One document of the config. */
interface ConfigDocument {
  /** Relative to the folder the tool runs in. */
  readonly path: string
  readonly facts: Facts
}

/** One line of `rules:`. */
interface RuleEntry {
  readonly id: string
  /** Of its key. */
  readonly place: Place
  readonly severity: Severity | 'off' | undefined
  readonly options: ReadonlyMap<string, { readonly place: Place; readonly value: number }>
  /** Holds for some documents only. */
  readonly override: boolean
}

/** What one line of a config says of a rule. */
export interface RuleSetting {
  /** "file:line". */
  readonly place: string
  readonly severity: Severity | 'off' | undefined
  readonly options: Readonly<Record<string, number>>
  /** Patterns of the files it holds for; null for all. */
  readonly files: readonly string[] | null
}

interface Override {
  readonly files: Ignore
  readonly patterns: readonly string[]
  readonly rules: readonly RuleEntry[]
  readonly facts: Facts
}

/** What one file says, and the files it extends before it: of two entries about one thing the later one wins. */
interface Layer {
  readonly platform: Platform
  readonly documents: readonly ConfigDocument[]
  readonly rules: readonly RuleEntry[]
  readonly overrides: readonly Override[]
  readonly ignore: readonly string[]
}

export interface Config {
  /** As it is shown. */
  readonly file: string
  readonly platform: Platform
  readonly documents: readonly ConfigDocument[]
  /** How rules are set for the document at `path`; without a path, for documents that no override is about. */
  readonly settingsFor: (path?: string) => RuleSettings
  /** What is said of a rule, the later over the earlier. */
  readonly linesFor: (id: string) => readonly RuleSetting[]
  /** Facts about the document at `path`; they overrule its own front matter. */
  readonly factsFor: (path: string) => Facts
  /** Whether `ignore:` leaves `path` out; a folder's ends in "/". */
  readonly isIgnored: (path: string) => boolean
  /** Throws ToolError at the first rule id or option that `rules` does not have. */
  readonly requireKnown: (rules: RuleSet) => void
}

/** The configs of a run: each document has the nearest one above it, unless one was named for all. */
export interface Configs {
  /** The config of documents in `folder`; null if there is none. Throws ToolError for an invalid one. */
  readonly of: (folder: string) => Config | null
  /** The config of the document at `path`. */
  readonly for: (path: string) => Config | null
}

/**
 * Prepares the look-up of configs. `named` is the file of `--config`, which then holds for every document; false reads
 * none; undefined looks for `clauselint.yaml` in the document's folder and upward, as far as the root of the
 * repository (the folder with `.git`) or of the file system. The nearest one counts alone; it may extend others.
 * `onMisnamed` is told, in a sentence, of files met on the way that are configs by all but their name.
 */
export function findConfigs(
  named: string | false | undefined,
  lang: Lang,
  onMisnamed: (message: string, file: string) => void = complain,
): Configs {
  if (named !== undefined) {
    const config = named === false ? null : loadConfig(named, lang)
    return { of: () => config, for: () => config }
  }
  const known = new Map<string, Config | null>()
  const of = (folder: string): Config | null => {
    const here = resolve(folder)
    let config = known.get(here)
    if (config === undefined) {
      const file = join(here, CONFIG_FILE)
      const shown = (path: string): string => relative(process.cwd(), path).replaceAll('\\', '/')
      const say = sayIn(lang)
      const extended = existsSync(file) ? configFiles(file) : []
      for (const other of MISNAMED.map(name => join(here, name))) {
        if (!existsSync(other) || extended.includes(other)) continue
        const message = say(
          `没有读取 ${shown(other)}：配置文件必须叫 ${CONFIG_FILE}，请改名。`,
          `${shown(other)} was not read: a config must be called ${CONFIG_FILE}; rename it.`,
        )
        onMisnamed(message, other)
      }
      if (existsSync(file)) config = loadConfig(shown(file), lang)
      else if (existsSync(join(here, '.git')) || dirname(here) === here) config = null
      else config = of(dirname(here))
      known.set(here, config)
    }
    return config
  }
  return { of, for: path => of(dirname(path)) }
}

const FLAGS = ['minors', 'livestream', 'goods', 'whole'] as const

function platformOf(place: Place): Platform {
  const platform: Record<string, unknown> = {}
  for (const [key, value] of place.map(['name', 'operator', 'users', ...FLAGS]))
    platform[key] = FLAGS.some(flag => flag === key)
      ? value.boolean()
      : key === 'users'
        ? value.oneOf(['huge'])
        : value.string()
  return platform
}

function date(place: Place, say: Say): string {
  const value = place.string()
  return isDay(value)
    ? value
    : place.fail(say(`“${value}”不是日期，应写作 2026-06-11。`, `'${value}' is no date; write it as 2026-06-11.`))
}

const FACTS = ['kind', 'audience', 'published', 'effective', 'consultation']

function factsOf(entries: ReadonlyMap<string, Place>, say: Say): Facts {
  const facts: Record<string, unknown> = {}
  for (const [key, value] of entries) {
    if (!FACTS.includes(key)) continue
    if (key === 'kind') facts[key] = value.oneOf(DOCUMENT_KINDS)
    else if (key === 'audience') facts[key] = value.many().map(party => party.oneOf(['merchant', 'consumer']))
    else if (key === 'consultation')
      facts[key] = Object.fromEntries(Array.from(value.map(['from', 'to']), ([end, day]) => [end, date(day, say)]))
    else facts[key] = date(value, say)
  }
  return facts
}

/** What Git reads in a pattern: `\x`, `[…]` that ends, anything else but braces, which it takes literally. */
const PATTERN = /^(?!#)(?:\\.|\[(?:[!^](?:\\.|[^\\])|\\.|[^\\!^])(?:\\.|[^\]\\])*\]|[^\\[{}])+$/su

/** A pattern as in `.gitignore`. One that can't match what it seems to mean is a mistake. */
function pattern(place: Place, say: Say): string {
  const text = filled(place, say)
  if (PATTERN.test(text)) return text
  const name = say(`“${text}”`, `'${text}'`)
  if (/[{}]/.test(text))
    place.fail(
      say(
        `${name}不能匹配：这里的写法同 .gitignore，没有 {甲,乙}，请分成几条；花括号本身写作 \\{ \\}。`,
        `${name} can't match: patterns are those of .gitignore, which know no {a,b}; write one for each, or \\{ and \\} for the braces themselves.`,
      ),
    )
  if (text.startsWith('#'))
    place.fail(
      say(
        `${name}是注释，不匹配任何文件；以 # 开头的文件名写作 \\#。`,
        `${name} is a comment and matches nothing; write \\# for a name that begins with #.`,
      ),
    )
  if (text.includes('['))
    place.fail(
      say(
        `${name}的方括号没有配对，应写作 [a-z]；方括号本身写作 \\[。`,
        `${name} has an unclosed bracket; write [a-z], or \\[ for the bracket itself.`,
      ),
    )
  return place.fail(
    say(
      `${name}末尾的反斜杠后面缺少字符，请删去。`,
      `${name} ends in a backslash with nothing after it; take it away.`,
    ),
  )
}

/** A text that is not empty. */
function filled(place: Place, say: Say): string {
  return place.string().trim() || place.fail(say('这里不能为空。', 'this must not be empty.'))
}

function documentOf(place: Place, folder: string, say: Say): ConfigDocument {
  const entries = place.map(['path', ...FACTS], ['path'])
  const path = entries.get('path') as Place
  const shown =
    path.string() || path.fail(say('path 不能为空，应写文件的路径。', 'path is empty; write the path of a file.'))
  return { path: join(folder, shown), facts: factsOf(entries, say) }
}

const SEVERITIES = ['error', 'warning', 'info', 'off'] as const

function rulesOf(place: Place | undefined, override: boolean, say: Say): RuleEntry[] {
  return Array.from(place?.map() ?? [], ([id, value]) => {
    const key = place?.key(id) as Place
    if (!value.isMap()) return { id, place: key, severity: value.oneOf(SEVERITIES), options: new Map(), override }
    const entries = value.map(['severity', 'options'])
    if (entries.size === 0) value.fail(say('这里要写 severity 或 options。', 'write severity or options here.'))
    const given = entries.get('options')
    const options = new Map(
      Array.from(given?.map() ?? [], ([name, at]) => [name, { place: (given as Place).key(name), value: at.count() }]),
    )
    return { id, place: key, severity: entries.get('severity')?.oneOf(SEVERITIES), options, override }
  })
}

function overrideOf(place: Place, say: Say): Override {
  const entries = place.map(['files', 'rules', ...FACTS], ['files'])
  const patterns = (entries.get('files') as Place).many().map(each => pattern(each, say))
  if (patterns.length === 0) place.fail(say('files 里没有文件。', 'files names no file.'))
  return {
    files: ignore().add(patterns),
    patterns,
    rules: rulesOf(entries.get('rules'), true, say),
    facts: factsOf(entries, say),
  }
}

/** Reads a config file. Throws ToolError for a missing or invalid file. */
function loadConfig(file: string, lang: Lang): Config {
  const say = sayIn(lang)
  const { platform, documents, rules, overrides, ignore: ignored } = readLayer(file, [], lang)
  const folder = resolve(dirname(file))
  const inside = (path: string): string | null => {
    const from = relative(folder, resolve(path)).replaceAll('\\', '/')
    if (from === '' || from === '..' || from.startsWith('../') || isAbsolute(from)) return null
    return path.endsWith('/') ? `${from}/` : from
  }
  const leftOut = ignore().add([...ignored])
  const overridesOf = (path: string): Override[] => {
    const from = inside(path)
    return from === null ? [] : overrides.filter(({ files }) => files.ignores(from))
  }
  const made = new Map<string, RuleSettings>()
  return {
    file,
    platform,
    documents,
    settingsFor: path => {
      const own = path === undefined ? [] : overridesOf(path)
      const key = own.map(override => overrides.indexOf(override)).join()
      let settings = made.get(key)
      if (settings === undefined) {
        settings = settingsOf([...rules, ...own.flatMap(override => override.rules)])
        made.set(key, settings)
      }
      return settings
    },
    linesFor: id => {
      const all = [{ rules, patterns: null }, ...overrides]
      return all.flatMap(({ rules: entries, patterns }) =>
        entries
          .filter(entry => entry.id === id)
          .map(({ place, severity, options }) => {
            const chosen = Object.fromEntries(Array.from(options, ([name, { value }]) => [name, value]))
            return { place: place.shown(), severity, options: chosen, files: patterns }
          }),
      )
    },
    factsFor: path => {
      const listed = documents.filter(document => resolve(document.path) === resolve(path))
      return Object.assign({}, ...overridesOf(path).map(o => o.facts), ...listed.map(document => document.facts))
    },
    isIgnored: path => {
      const from = inside(path)
      return from !== null && leftOut.ignores(from)
    },
    requireKnown: set => {
      for (const entry of [...rules, ...overrides.flatMap(override => override.rules)])
        requireKnown(entry, set, lang, say)
    },
  }
}

/** Severities and options by rule, the later entry over the earlier one. */
function settingsOf(entries: readonly RuleEntry[]): RuleSettings {
  const severities: Record<string, Severity | 'off'> = {}
  const options: Record<string, Record<string, number>> = {}
  for (const { id, severity, options: own } of entries) {
    if (severity !== undefined) severities[id] = severity
    if (own.size > 0)
      options[id] = { ...options[id], ...Object.fromEntries(Array.from(own, ([name, { value }]) => [name, value])) }
  }
  return { severities, options }
}

function requireKnown({ id, place, options, override }: RuleEntry, set: RuleSet, lang: Lang, say: Say): void {
  const rule = set.get(id)
  if (rule === undefined) return place.fail(unknownRule(id, set, lang))
  if (override && rule.method === 'presence')
    place.fail(
      say(
        `“${id}”检查的是整套规则，不能只为部分文件设置，请写在 rules 里。`,
        `'${id}' judges the whole set and can't be set for some files; write it under rules.`,
      ),
    )
  const known = Object.keys(rule.options)
  for (const [name, { place: key }] of options) {
    if (known.includes(name)) continue
    const near = nearest(name, known)
    key.fail(
      known.length === 0
        ? say(`规则“${id}”没有可设的选项。`, `the rule '${id}' has no options.`)
        : say(
            `规则“${id}”没有选项“${name}”${near ? `，是否指“${near}”` : ''}；可用：${known.join('、')}。`,
            `the rule '${id}' has no option '${name}'${near ? `; did you mean '${near}'` : ''}; known: ${known.join(', ')}.`,
          ),
    )
  }
}

/** A config file and those it extends, as far as they can be told: even a broken one may name some. */
export function configFiles(file: string, above: readonly string[] = []): readonly string[] {
  if (above.includes(file) || !existsSync(file)) return [file]
  try {
    const bases = readYaml(readFileSync(file, 'utf8'), file).map().get('extends')?.many() ?? []
    return [
      file,
      ...bases.flatMap(base => configFiles(resolve(dirname(resolve(file)), base.string()), [...above, file])),
    ]
  } catch {
    return [file]
  }
}

/** Reads one file and, before it, those it extends. `above` are the files that led here. */
function readLayer(file: string, above: readonly string[], lang: Lang): Layer {
  const say = sayIn(lang)
  let source: string
  try {
    source = readFileSync(file, 'utf8')
  } catch (error) {
    const reason = systemMessage(error, say)
    throw new ToolError(
      'bad-config',
      say(`无法读取配置文件 ${file}：${reason}`, `cannot read the config file ${file}: ${reason}`),
    )
  }
  const all = readYaml(source, file, say)
  // Nothing but comments says nothing, which is no mistake.
  const top = all.isNull()
    ? new Map<string, Place>()
    : all.map(['$schema', 'extends', 'platform', 'documents', 'rules', 'overrides', 'ignore', 'plugins'])
  const plugins = top.get('plugins')
  if (plugins !== undefined && plugins.list().length > 0)
    plugins.fail(say('本版本尚不支持 plugins，请留空。', 'plugins are not supported in this version.'))

  const here = [...above, resolve(file)]
  const bases = (top.get('extends')?.many() ?? []).map(place => {
    const name = filled(place, say)
    const base = isAbsolute(name) ? name : join(dirname(file), name)
    if (here.includes(resolve(base))) {
      const circle = [...here.slice(here.indexOf(resolve(base))), resolve(base)]
      const shown = circle.map(path => relative(process.cwd(), path).replaceAll('\\', '/')).join(' → ')
      place.fail(say(`extends 绕成一圈：${shown}。`, `extends goes in a circle: ${shown}.`))
    }
    if (!existsSync(base)) place.fail(say(`没有 ${base} 这个配置文件。`, `there is no config file ${base}.`))
    return readLayer(base, here, lang)
  })
  const list = (key: string): readonly Place[] => top.get(key)?.list() ?? []
  const platform = top.get('platform')
  return {
    platform: Object.assign({}, ...bases.map(base => base.platform), platform ? platformOf(platform) : {}),
    documents: [
      ...bases.flatMap(base => base.documents),
      ...list('documents').map(place => documentOf(place, dirname(file), say)),
    ],
    rules: [...bases.flatMap(base => base.rules), ...rulesOf(top.get('rules'), false, say)],
    overrides: [...bases.flatMap(base => base.overrides), ...list('overrides').map(place => overrideOf(place, say))],
    ignore: [...bases.flatMap(base => base.ignore), ...list('ignore').map(place => pattern(place, say))],
  }
}
