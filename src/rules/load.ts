/** Loads rule files, word lists, laws and consequences into a checked RuleSet. The only place that knows the YAML's shape. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Flag } from '../annotate/index.js'
import { ToolError } from '../errors.js'
import { nearest } from '../text/nearest.js'
import type { Citation, Party, Text } from '../types.js'
import { readCompiled } from './compiled.js'
import { compilePattern, compileTerm, type Pattern, PatternError, type Term } from './pattern.js'
import { type Place as Yaml, readYaml } from './read-yaml.js'
import type {
  Condition,
  Detection,
  Examples,
  Exception,
  Law,
  Level,
  Method,
  Place,
  Presence,
  Rule,
  RuleSet,
  Search,
} from './types.js'

/** The rules that ship with the package. */
export const builtinRules = fileURLToPath(new URL('../../rules/', import.meta.url))

const RULE_KEYS = [
  'id',
  'severity',
  'confidence',
  'since',
  'method',
  'level',
  'applies_to',
  'name',
  'message',
  'suggestion',
  'why',
  'citations',
  'consequence',
  'terms',
  'options',
  'detect',
  'unless',
  'yields_to',
  'presence',
  'examples',
]
const RULE_NEEDS = [
  'id',
  'severity',
  'confidence',
  'since',
  'name',
  'message',
  'suggestion',
  'why',
  'citations',
  'consequence',
  'examples',
]
const SEARCH_KEYS = ['match', 'all', 'within', 'actor']
const PLACES: readonly Place[] = ['sentence', 'own', 'clause', 'near', 'heading', 'document']
const FLAGS: readonly Flag[] = ['heading', 'definition', 'quoted-law', 'repealed', 'void']

type Terms = ReadonlyMap<string, Term>
interface Shared {
  readonly terms: Terms
  readonly guards: ReadonlyMap<string, Yaml>
  readonly laws: ReadonlyMap<string, Law>
  readonly consequences: ReadonlyMap<string, Text>
}

export interface LoadOptions {
  /** False reads the YAML files even where the build holds them compiled. */
  readonly compiled?: boolean
  /** Folders of further rules. */
  readonly dirs?: readonly string[]
  /** False leaves the rules that ship with the package out. */
  readonly builtin?: boolean
  /** Takes errors of single rule files, which are then left out; without it the first error is thrown. */
  readonly onError?: (error: ToolError) => void
}

/**
 * Loads the built-in rules and those of `dirs`. Throws ToolError('broken-rule') with file, line and column.
 * A folder of its own may hold `lexicon/*.yaml`; its rules may use the built-in words, laws and guards too.
 */
export function loadRules(options: LoadOptions = {}): RuleSet {
  const { dirs = [], builtin = true, compiled = true, onError } = options
  const ready = builtin && compiled ? readCompiled(builtinRules) : null
  if (ready !== null && dirs.length === 0) return ready
  // Rules of somebody else may use the built-in words and laws, whether or not the built-in rules are wanted.
  let shared: Shared = readShared(builtinRules, {
    terms: new Map(),
    guards: new Map(),
    laws: new Map(),
    consequences: new Map(),
  })
  const rules = new Map<string, Rule>(ready?.rules.map(r => [r.id, r]))
  const load = (dir: string): void => {
    for (const file of yamlFiles(dir)) {
      try {
        const rule = readRule(file, dir, shared)
        const other = rules.get(rule.id)
        if (other !== undefined) {
          throw new ToolError('broken-rule', `规则编号“${rule.id}”已在 ${other.file} 使用，请换一个。`, {
            file,
            line: 1,
          })
        }
        rules.set(rule.id, rule)
      } catch (error) {
        if (onError === undefined || !(error instanceof ToolError)) throw error
        onError(error)
      }
    }
  }
  if (builtin && ready === null) load(builtinRules)
  for (const dir of dirs) {
    if (!existsSync(dir)) throw new ToolError('broken-rule', `没有规则目录“${dir}”。`)
    shared = readShared(dir, shared)
    load(dir)
  }
  return { rules: [...rules.values()], laws: shared.laws, get: id => rules.get(id) }
}

const SHARED_FILES = new Set(['laws.yaml', 'consequences.yaml'])

/** Rule files of a folder, sorted; word lists and tables are not rules. */
function yamlFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(
      e => e.isFile() && /\.ya?ml$/.test(e.name) && basename(e.parentPath) !== 'lexicon' && !SHARED_FILES.has(e.name),
    )
    .map(e => join(e.parentPath, e.name))
    .sort()
}

function readShared(dir: string, base: Shared): Shared {
  const lexicon = join(dir, 'lexicon')
  let terms: Terms = base.terms
  const guards = new Map(base.guards)
  const files = existsSync(lexicon)
    ? readdirSync(lexicon)
        .filter(n => n.endsWith('.yaml'))
        .sort()
    : []
  const lists = new Map<string, Yaml>()
  for (const name of files) {
    const file = join(lexicon, name)
    const top = readYaml(readFileSync(file, 'utf8'), file)
    if (name === 'guards.yaml') for (const [key, value] of top.map()) guards.set(key, value)
    else {
      for (const [key, value] of top.map()) {
        if (lists.has(key) || terms.has(key)) value.fail(`词表“${key}”定义了两次。`)
        lists.set(key, value)
      }
    }
  }
  terms = readTerms(lists, terms)
  const laws = new Map(base.laws)
  const lawFile = join(dir, 'laws.yaml')
  if (existsSync(lawFile)) {
    for (const [short, value] of readYaml(readFileSync(lawFile, 'utf8'), lawFile).map())
      laws.set(short, readLaw(short, value))
  }
  const consequences = new Map(base.consequences)
  const consequenceFile = join(dir, 'consequences.yaml')
  if (existsSync(consequenceFile)) {
    for (const [key, value] of readYaml(readFileSync(consequenceFile, 'utf8'), consequenceFile).map())
      consequences.set(key, value.text())
  }
  return { terms, guards, laws, consequences }
}

/** Word lists; a word may name another list as `<other>`. */
function readTerms(lists: ReadonlyMap<string, Yaml>, known: Terms): Terms {
  const done = new Map(known)
  const open = new Set<string>()
  const build = (name: string, from: Yaml): Term => {
    const ready = done.get(name)
    if (ready !== undefined) return ready
    const value = lists.get(name)
    if (value === undefined) return from.fail(unknownTerm(name, [...lists.keys(), ...done.keys()]))
    if (open.has(name)) return from.fail(`词表“${name}”绕回了自己。`)
    open.add(name)
    const entries = value.isMap() ? value.map(['kind', 'words'], ['words']) : null
    const kind = entries?.get('kind')?.oneOf(['verb', 'noun'] as const) ?? 'verb'
    const words = (entries?.get('words') ?? value).list()
    if (words.length === 0) value.fail(`词表“${name}”是空的，永远不会匹配。`)
    const sources = words.map(w => {
      const raw = w.string()
      return raw.replace(
        /<([a-z][a-z0-9-]*)>/g,
        (_, other: string) => `(?:${build(other, w).source.replaceAll('[^\\n。；，]', '.')})`,
      )
    })
    let term: Term
    try {
      term = compileTerm(name, kind, sources)
    } catch (error) {
      if (error instanceof PatternError) return value.fail(error.message)
      throw error
    }
    open.delete(name)
    done.set(name, term)
    return term
  }
  for (const [name, value] of lists) build(name, value)
  return done
}

const unknownTerm = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known)
  return `没有词表“${name}”${near === undefined ? '' : `，是不是“${near}”`}。`
}

function readLaw(short: string, value: Yaml): Law {
  const e = value.map(['title', 'issuer', 'number', 'from', 'until', 'url', 'note'], ['title', 'issuer', 'from'])
  const optional = (key: string): string | null => e.get(key)?.string() ?? null
  return {
    short,
    title: get(e, 'title').string(),
    issuer: get(e, 'issuer').string(),
    number: optional('number'),
    from: get(e, 'from').string(),
    until: optional('until'),
    url: optional('url'),
  }
}

const get = (entries: ReadonlyMap<string, Yaml>, key: string): Yaml => entries.get(key) as Yaml

function readRule(file: string, dir: string, shared: Shared): Rule {
  const shown = relative(process.cwd(), file).startsWith('..') ? file : relative(process.cwd(), file)
  const top = readYaml(readFileSync(file, 'utf8'), shown)
  const e = top.map(RULE_KEYS, RULE_NEEDS)
  const id = get(e, 'id').string()
  if (id !== basename(file).replace(/\.ya?ml$/, '')) get(e, 'id').fail(`编号“${id}”应当与文件名相同。`)
  const locals = e.get('terms')?.map() ?? new Map<string, Yaml>()
  for (const [name, value] of locals)
    if (shared.terms.has(name)) value.fail(`词表“${name}”在 lexicon 里已有，请换个名字或直接用它。`)
  const terms = locals.size === 0 ? shared.terms : readTerms(locals, shared.terms)
  const method = e.get('method')?.oneOf(['words', 'emphasis', 'presence', 'code'] as const) ?? 'words'
  const level = e.get('level')?.oneOf(['text', 'document', 'set'] as const) ?? LEVELS[method]
  const detect = (e.get('detect')?.list() ?? []).map(d => readDetection(d, terms, shared))
  if ((method === 'words' || method === 'emphasis') && detect.length === 0)
    top.fail('缺少“detect”：没有检测就永远不会匹配。')
  const presence = e.get('presence')
  if (method === 'presence' && presence === undefined) top.fail('缺少“presence”：要写明规则集里应当有什么。')
  const category = dirname(relative(dir, file)).split(sep)[0] ?? ''
  return {
    id,
    category: category === '.' ? 'custom' : category,
    file: shown,
    method,
    level,
    severity: get(e, 'severity').oneOf(['error', 'warning', 'info'] as const),
    confidence: get(e, 'confidence').oneOf(['high', 'medium', 'low'] as const),
    since: get(e, 'since').string(),
    appliesTo: (e.get('applies_to')?.many() ?? []).map(v => v.string()).filter(v => v !== 'any'),
    name: get(e, 'name').text(),
    message: get(e, 'message').text(),
    suggestion: get(e, 'suggestion').text(),
    why: get(e, 'why').text(),
    citations: get(e, 'citations')
      .list()
      .map(c => readCitation(c, shared.laws)),
    consequence: readConsequence(get(e, 'consequence'), shared.consequences),
    detect,
    unless: (e.get('unless')?.list() ?? []).map(u => readException(u, terms, shared)),
    yieldsTo: (e.get('yields_to')?.list() ?? []).map(v => v.string()),
    presence: presence === undefined ? null : readPresence(presence, terms),
    examples: readExamples(get(e, 'examples')),
    options: Object.fromEntries([...(e.get('options')?.map() ?? [])].map(([k, v]) => [k, v.count()])),
  }
}

const LEVELS: Readonly<Record<Method, Level>> = {
  words: 'text',
  emphasis: 'document',
  presence: 'set',
  code: 'document',
}

function readPresence(value: Yaml, terms: Terms): Presence {
  const e = value.map(['profile', 'when', 'satisfied'], ['satisfied'])
  const search = (key: string): Search | null => {
    const at = e.get(key)
    return at === undefined
      ? null
      : (readSearch(at.map(['match', 'all', 'within']), terms, at) ?? at.fail('要有“match”或“all”。'))
  }
  return {
    profile: e.get('profile')?.oneOf(['minors', 'livestream', 'goods', 'huge'] as const) ?? null,
    when: search('when'),
    satisfied: search('satisfied') as Search,
  }
}

function readConsequence(value: Yaml, known: ReadonlyMap<string, Text>): Text {
  if (value.isMap()) return value.text()
  const parts = value.many().map(v => {
    const key = v.string()
    const text = known.get(key)
    if (text !== undefined) return text
    const near = nearest(key, known.keys())
    return v.fail(`consequences.yaml 里没有“${key}”${near === undefined ? '' : `，是不是“${near}”`}。`)
  })
  return { zh: parts.map(p => p.zh).join(''), en: parts.map(p => p.en).join(' ') }
}

function readCitation(value: Yaml, laws: ReadonlyMap<string, Law>): Citation {
  const e = value.map(['law', 'article', 'paragraph', 'item'], ['law', 'article'])
  const short = get(e, 'law').string()
  const law = laws.get(short)
  if (law === undefined) {
    const near = nearest(short, laws.keys())
    return get(e, 'law').fail(`laws.yaml 里没有“${short}”${near === undefined ? '' : `，是不是“${near}”`}。`)
  }
  const article = get(e, 'article').string()
  return {
    law: short,
    article: /^\d+$/.test(article) ? Number(article) : article,
    paragraph: e.get('paragraph')?.number() ?? null,
    item: e.get('item')?.number() ?? null,
    url: law.url,
  }
}

const ACTORS: Readonly<Record<string, readonly Party[]>> = {
  P: ['P'],
  M: ['M'],
  C: ['C'],
  U: ['M', 'C'],
  any: ['P', 'M', 'C'],
}

function readActor(value: Yaml | undefined): { actor: readonly Party[] | null; strict: boolean } {
  if (value === undefined) return { actor: null, strict: false }
  const name = value.oneOf(['P', 'M', 'C', 'U', 'P!', 'M!', 'C!', 'U!'] as const)
  return { actor: ACTORS[name.replace('!', '')] ?? null, strict: name.endsWith('!') }
}

function readSearch(e: ReadonlyMap<string, Yaml>, terms: Terms, owner: Yaml): Search | null {
  const match = e.get('match')
  const all = e.get('all')
  if (match !== undefined && all !== undefined) owner.fail('“match”和“all”只能用一个。')
  const source = match ?? all
  if (source === undefined) return null
  const patterns = source.many().map(p => readPattern(p, terms))
  return { patterns, mode: all === undefined ? 'any' : 'all', within: e.get('within')?.number() ?? 60 }
}

function readPattern(value: Yaml, terms: Terms): Pattern {
  try {
    return compilePattern(value.string(), name => {
      const term = terms.get(name)
      if (term === undefined) throw new PatternError(unknownTerm(name, [...terms.keys()]))
      return term
    })
  } catch (error) {
    if (error instanceof PatternError) return value.fail(error.message)
    throw error
  }
}

function readDetection(value: Yaml, terms: Terms, shared: Shared): Detection {
  const e = value.map([...SEARCH_KEYS, 'confidence', 'with', 'unless'])
  const search = readSearch(e, terms, value)
  if (search === null) return value.fail('每项检测要有“match”或“all”。')
  const { actor, strict } = readActor(e.get('actor'))
  const conditions = (key: string): Condition[] => (e.get(key)?.list() ?? []).map(c => readCondition(c, terms, shared))
  return {
    ...search,
    actor,
    strictActor: strict,
    confidence: e.get('confidence')?.oneOf(['high', 'medium', 'low'] as const) ?? null,
    with: conditions('with'),
    unless: conditions('unless'),
  }
}

const CONDITION_KEYS = [...SEARCH_KEYS, 'in', 'flag', 'not', 'guard']

/** A condition, or `guard: name` for one that lexicon/guards.yaml defines; keys beside it override. */
function readCondition(value: Yaml, terms: Terms, shared: Shared, extra: readonly string[] = []): Condition {
  const own = value.map([...CONDITION_KEYS, ...extra])
  const guard = own.get('guard')
  let e: ReadonlyMap<string, Yaml> = own
  if (guard !== undefined) {
    const name = guard.string()
    const body = shared.guards.get(name)
    if (body === undefined) {
      const near = nearest(name, shared.guards.keys())
      return guard.fail(`guards.yaml 里没有“${name}”${near === undefined ? '' : `，是不是“${near}”`}。`)
    }
    e = new Map([...body.map([...CONDITION_KEYS, 'reason']), ...own])
  }
  const flag = e.get('flag')?.oneOf(FLAGS) ?? null
  const search = readSearch(e, terms, value)
  if (flag === null && search === null) return value.fail('条件要有“match”、“all”、“flag”或“guard”。')
  return {
    in: e.get('in')?.oneOf(PLACES) ?? 'sentence',
    search,
    flag,
    actor: readActor(e.get('actor')).actor,
    not: e.get('not')?.boolean() ?? false,
  }
}

function readException(value: Yaml, terms: Terms, shared: Shared): Exception {
  const e = value.map()
  const guard = e.get('guard')
  const reason =
    e.get('reason') ?? (guard === undefined ? undefined : shared.guards.get(guard.string())?.map().get('reason'))
  if (reason === undefined) return value.fail('每个例外都要写“reason”：为什么这样就不算违规。')
  return { ...readCondition(value, terms, shared, ['reason']), reason: reason.text() }
}

function readExamples(value: Yaml): Examples {
  const e = value.map(['fail', 'pass', 'todo'], ['fail', 'pass'])
  return {
    fail: get(e, 'fail')
      .list()
      .map(x => {
        const m = x.map(['text', 'evidence'], ['text', 'evidence'])
        return { text: get(m, 'text').string(), evidence: get(m, 'evidence').string() }
      }),
    pass: get(e, 'pass')
      .list()
      .map(x => {
        const m = x.map(['text', 'exercises'], ['text'])
        return { text: get(m, 'text').string(), exercises: m.get('exercises')?.number() ?? null }
      }),
    todo: (e.get('todo')?.list() ?? []).map(x => {
      const m = x.map(['text', 'should', 'note'], ['text', 'should', 'note'])
      return {
        text: get(m, 'text').string(),
        should: get(m, 'should').oneOf(['fail', 'pass'] as const),
        note: get(m, 'note').string(),
      }
    }),
  }
}
