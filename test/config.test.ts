/** Configs: where they are found, how they merge, what is refused, and that the published schemas say the same. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { annotate } from '../src/annotate/index.js'
import { check } from '../src/check/index.js'
import { type Config, findConfigs } from '../src/cli/config.js'
import { collectInputs } from '../src/cli/inputs.js'
import { parse } from '../src/parse/index.js'
import { isSupported, readDocument } from '../src/read/index.js'
import { sayIn } from '../src/report/words.js'
import { builtinRules, loadRules } from '../src/rules/index.js'

const rules = loadRules()
const root = fileURLToPath(new URL('..', import.meta.url))
const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true })
addFormats.default(ajv)
const schema = (name: string): object => JSON.parse(readFileSync(join(root, 'schema', name), 'utf8')) as object
const problems = (validate: ValidateFunction, value: unknown): string[] =>
  validate(value) ? [] : (validate.errors ?? []).map(e => `${e.instancePath} ${e.message}`)

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'clauselint-config-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** Writes files below the folder of the test. */
function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
}

/** The config for a document of that folder, its rules known. */
function configFor(path: string, lang: 'zh' | 'en' = 'zh'): Config | null {
  const config = findConfigs(undefined, lang).for(join(dir, path))
  config?.requireKnown(rules)
  return config
}

/** What is said of a config with that text; null if nothing. */
function mistake(text: string, lang: 'zh' | 'en' = 'zh'): string | null {
  write({ 'clauselint.yaml': text })
  try {
    configFor('a.md', lang)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

describe('where a config is found', () => {
  test('the nearest one above the document counts alone; the search ends at the root of the repository', () => {
    write({
      'clauselint.yaml': 'rules: { deemed-consent: off }',
      'shop/clauselint.yaml': 'rules: { deemed-consent: info }',
      'shop/rules/a.md': '',
      'other/b.md': '',
      'repo/.git/HEAD': '',
      'repo/rules/c.md': '',
    })
    const configs = findConfigs(undefined, 'zh')
    const severities = (path: string) => configs.for(join(dir, path))?.settingsFor().severities
    expect(severities('shop/rules/a.md')).toEqual({ 'deemed-consent': 'info' })
    expect(severities('other/b.md')).toEqual({ 'deemed-consent': 'off' })
    expect(severities('repo/rules/c.md')).toBeUndefined()
  })

  test('one that is named holds for all, and none may be wanted', () => {
    write({ 'clauselint.yaml': 'rules: { deemed-consent: off }', 'my.yaml': 'rules: { deemed-consent: info }' })
    const named = findConfigs(join(dir, 'my.yaml'), 'zh')
    expect(named.for(join(dir, 'a.md'))?.settingsFor().severities).toEqual({ 'deemed-consent': 'info' })
    expect(findConfigs(false, 'zh').for(join(dir, 'a.md'))).toBeNull()
  })
})

describe('a config by another name', () => {
  const said = (lang: 'zh' | 'en', config?: string | false): string[] => {
    const messages: string[] = []
    const configs = findConfigs(config, lang, message => messages.push(message))
    for (const path of ['a.md', 'b.md', 'rules/c.md']) configs.for(join(dir, path))
    return messages
  }
  test.each([
    'clauselint.yml',
    '.clauselint.yaml',
    '.clauselint.yml',
    '.clauselintrc',
    '.clauselintrc.yml',
    '.clauselintrc.json',
  ])('%s is not read, which is said once', name => {
    write({ [name]: 'rules: { deemed-consent: off }', 'rules/c.md': '' })
    expect(findConfigs(undefined, 'zh', () => {}).for(join(dir, 'a.md'))).toBeNull()
    expect(said('zh')).toEqual([expect.stringMatching(/没有读取 .*：配置文件必须叫 clauselint\.yaml，请改名。$/)])
    expect(said('en')[0]).toContain(`${name} was not read: a config must be called clauselint.yaml; rename it.`)
    expect(said('zh', false)).toEqual([])
  })
  test('beside a config it is said too, unless that one extends it', () => {
    write({ 'clauselint.yml': '', 'clauselint.yaml': 'platform: { name: 甲平台 }' })
    expect(said('zh')).toHaveLength(1)
    write({ 'clauselint.yaml': 'extends: clauselint.yml' })
    expect(said('zh')).toEqual([])
  })
})

describe('how configs merge', () => {
  test('the later one wins, rule by rule and option by option; paths count from the file that has them', () => {
    write({
      'base/clauselint.yaml': `platform: { name: 乐淘集市, minors: true }
documents: [{ path: common.md, kind: service-agreement }]
rules:
  overlong-sentence: { severity: info, options: { characters: 300, core: 90 } }
  deemed-consent: warning
ignore: [drafts/]`,
      'more.yaml': 'rules: { deemed-consent: off, remote-jurisdiction: info }',
      'clauselint.yaml': `extends: [base/clauselint.yaml, ./more.yaml]
platform: { minors: false }
rules:
  overlong-sentence: { options: { characters: 180 } }
  remote-jurisdiction: error`,
    })
    const config = configFor('a.md')
    expect(config?.platform).toEqual({ name: '乐淘集市', minors: false })
    expect(config?.documents.map(d => join(process.cwd(), d.path))).toEqual([join(dir, 'base/common.md')])
    expect(config?.settingsFor()).toEqual({
      severities: { 'overlong-sentence': 'info', 'deemed-consent': 'off', 'remote-jurisdiction': 'error' },
      options: { 'overlong-sentence': { characters: 180, core: 90 } },
    })
    // Patterns of a shared base are meant for the folder of the config that extends it.
    expect(config?.isIgnored(join(dir, 'drafts/'))).toBe(true)
    expect(config?.isIgnored(join(dir, 'base/drafts.md'))).toBe(false)
  })

  test('overrides: by pattern, the later one wins; facts of `documents` win over theirs', () => {
    write({
      'clauselint.yaml': `documents: [{ path: rules/shop.md, kind: merchant-agreement }]
rules: { deemed-consent: off }
overrides:
  - { files: rules/**, kind: penalty-rules, audience: merchant, rules: { deemed-consent: error } }
  - { files: ["*.html", "!old.html"], rules: { deemed-consent: info } }`,
    })
    const config = configFor('a.md')
    const at = (path: string) => config?.settingsFor(join(dir, path)).severities['deemed-consent']
    expect([at('a.md'), at('rules/a.md'), at('rules/a.html'), at('rules/old.html')]).toEqual([
      'off',
      'error',
      'info',
      'error',
    ])
    expect(config?.settingsFor(join(dir, 'rules/a.md'))).toBe(config?.settingsFor(join(dir, 'rules/b.md')))
    expect(config?.factsFor(join(dir, 'rules/shop.md'))).toEqual({ kind: 'merchant-agreement', audience: ['merchant'] })
    expect(config?.factsFor(join(dir, 'shop.md'))).toEqual({})
  })

  test.each([
    ['itself', { 'clauselint.yaml': 'extends: ./clauselint.yaml' }, /clauselint\.yaml:1:10: extends 绕成一圈：/],
    [
      'one that leads back',
      { 'clauselint.yaml': 'extends: [a/b.yaml]', 'a/b.yaml': '# x\nextends: ../clauselint.yaml' },
      /b\.yaml:2:10: extends 绕成一圈：.*clauselint\.yaml → .*b\.yaml → .*clauselint\.yaml。/,
    ],
    ['one that is missing', { 'clauselint.yaml': 'extends: [nowhere.yaml]' }, /:1:11: 没有 .*nowhere\.yaml/],
    ['one with a mistake', { 'clauselint.yaml': 'extends: b.yaml', 'b.yaml': 'rule: {}' }, /b\.yaml:1:1: .*“rules”/],
  ])('extends %s', (_, files, message) => {
    write(files)
    expect(() => configFor('a.md')).toThrow(message)
  })
})

describe('what a config changes in a check', () => {
  const checked = (text: string, path = 'a.md') => {
    const config = configFor(path)
    const read = readDocument(new TextEncoder().encode(text), join(dir, path))
    const document = { ...read, frontMatter: { ...read.frontMatter, ...config?.factsFor(join(dir, path)) } }
    return check([document], { rules, ...(config && { settingsFor: config.settingsFor }) })
  }
  const long = `第一条 商家应当${'如实登记经营信息并在信息变化后及时更新，'.repeat(6)}并配合平台核验。`
  const ids = (result: ReturnType<typeof check>) => result.findings.map(f => f.ruleId)

  test('the options of a rule', () => {
    expect(ids(checked(long))).not.toContain('overlong-sentence')
    write({ 'clauselint.yaml': 'rules: { overlong-sentence: { options: { characters: 60, core: 30, parts: 2 } } }' })
    expect(ids(checked(long))).toContain('overlong-sentence')
  })

  test('a rule that an override turns on', () => {
    write({
      'clauselint.yaml':
        'rules: { deemed-consent: off }\noverrides: [{ files: b.md, rules: { deemed-consent: info } }]',
    })
    const text = '第一条 继续使用即视为同意修改后的规则。'
    expect(ids(checked(text))).not.toContain('deemed-consent')
    expect(checked(text, 'b.md').findings.find(f => f.ruleId === 'deemed-consent')?.severity).toBe('info')
  })

  test.each([
    ['consumer', 'C'],
    ['merchant', 'M'],
    ['[merchant, consumer]', 'M'],
  ])('whom the document addresses: %s', (audience, party) => {
    write({ 'clauselint.yaml': `overrides: [{ files: a.md, audience: ${audience} }]` })
    const document = readDocument(new TextEncoder().encode('# 入驻说明\n\n第一条 您应当如实登记。'), 'a.md')
    const facts = configFor('a.md')?.factsFor(join(dir, 'a.md'))
    expect(annotate(parse({ ...document, frontMatter: { ...facts } })).cast.addressee).toBe(party)
  })
})

describe('files that are left out of a folder', () => {
  const taken = (...paths: string[]) =>
    collectInputs(
      paths.map(path => join(dir, path)),
      isSupported,
      sayIn('zh'),
      findConfigs(undefined, 'zh'),
    )
  const names = (files: readonly string[]) => files.map(file => file.slice(dir.length + 1))

  test('.gitignore from the root of the repository down, the nearest one deciding; `ignore` of the config', () => {
    write({
      '.git/HEAD': '',
      '.gitignore': 'out/\n*.draft.md\n',
      'clauselint.yaml': 'ignore: [archive/, "rules/old-*.md"]',
      'rules/.gitignore': '!keep.draft.md\n',
      'rules/a.md': '',
      'rules/a.draft.md': '',
      'rules/keep.draft.md': '',
      'rules/old-a.md': '',
      'rules/archive/b.md': '',
      'rules/out/c.md': '',
      'rules/out.md': '',
    })
    const { files, notices, errors } = taken('rules')
    expect(names(files)).toEqual(['rules/a.md', 'rules/keep.draft.md', 'rules/out.md'])
    expect(errors).toEqual([])
    expect(notices.map(n => n.code)).toEqual(['ignored-files'])
    expect(notices[0]?.message).toMatch(/4 项/)
  })

  test('a file that is named is checked all the same, and that is said', () => {
    write({ 'clauselint.yaml': 'ignore: [old.md]', 'old.md': '' })
    const { files, notices } = taken('old.md')
    expect(names(files)).toEqual(['old.md'])
    expect(notices.map(n => n.code)).toEqual(['ignored-but-named'])
  })

  test('a folder of which nothing is left is an error', () => {
    write({ 'clauselint.yaml': 'ignore: ["*.md"]', 'old.md': '' })
    expect(taken('.').errors).toHaveLength(1)
  })
})

const CONFIG = ajv.compile(schema('config.schema.json'))

describe('the schema of the config says what the tool says', () => {
  test.each([
    ['rule: {}', /:1:1: 没有“rule”.*“rules”/],
    ['rules: { deemed-consnt: off }', /:1:10: .*“deemed-consent”/],
    ['rules: { deemed-consent: of }', /:1:26: .*“off”/],
    ['rules: { deemed-consent: { severty: off } }', /没有“severty”.*“severity”/],
    ['rules: { deemed-consent: {} }', /severity 或 options/],
    ['rules: { overlong-sentence: { options: { charactrs: 9 } } }', /:1:42: .*没有选项“charactrs”.*“characters”/],
    ['rules: { overlong-sentence: { options: { characters: many } } }', /应当是正整数/],
    ['rules: { deemed-consent: { options: { x: 1 } } }', /没有可设的选项/],
    ['platform: { users: many }', /“many”不是可用的值/],
    ['platform: { minors: maybe }', /true 或 false/],
    ['documents: [{ kind: other }]', /缺少“path”/],
    ['documents: [{ path: a.md, kind: agreement }]', /不是可用的值/],
    ['documents: [{ path: a.md, published: 2026-2-30 }]', /不是日期/],
    ['documents: [{ path: a.md, consultation: { form: 2026-01-01 } }]', /没有“form”.*“from”/],
    ['documents: [{ path: a.md, audience: merchants }]', /“merchant”/],
    ['overrides: [{ rules: { deemed-consent: off } }]', /缺少“files”/],
    ['overrides: [{ files: [] }]', /没有文件/],
    ['overrides: [{ files: "" }]', /不能为空/],
    ['overrides: { files: a.md }', /应当是列表/],
    [`overrides: [{ files: a.md, rules: { ${rules.rules.find(r => r.method === 'presence')?.id}: off } }]`, /整套规则/],
    ['ignore: drafts', /应当是列表/],
    ['ignore: [" "]', /不能为空/],
    ['extends: [""]', /不能为空/],
    ['rules: { overlong-sentence: { options: { characters: -3 } } }', /:1:54: .*正整数/],
    ['rules: { overlong-sentence: { options: { characters: 0 } } }', /:1:54: .*正整数/],
    ['rules: { overlong-sentence: { options: { parts: 0.5 } } }', /正整数/],
    ['rules: { overlong-sentence: { options: { parts: .inf } } }', /正整数/],
    ['overrides: [{ files: "*.{md,html}" }]', /:1:22: “\*\.\{md,html\}”不能匹配.*分成几条/],
    ['overrides: [{ files: ["a.md", "rules/{a"] }]', /:1:31: .*不能匹配/],
    ['overrides: [{ files: "rules/[ab" }]', /方括号没有配对/],
    ['overrides: [{ files: "[!]" }]', /方括号没有配对/],
    ['ignore: ["[]"]', /方括号没有配对/],
    ['ignore: ["drafts\\\\"]', /反斜杠/],
    ['ignore: ["#1.md"]', /是注释/],
    ['ignore: [drafts/, ""]', /:1:19: .*不能为空/],
    ['plugins: [x]', /尚不支持/],
    ['[]', /键: 值/],
  ])('refused: %s', (text, message) => {
    expect(mistake(text)).toMatch(message)
    expect(problems(CONFIG, parseYaml(text))).not.toEqual([])
  })

  test.each([
    '# yaml-language-server: $schema=x\nrules: { overlong-sentence: off, deemed-consent: { severity: info } }',
    'platform: { name: 甲平台, operator: 甲网络科技有限公司, users: huge, minors: true, livestream: false, whole: true }',
    'documents: [{ path: a.md, kind: other, audience: [merchant, consumer], published: 2026-06-11, effective: 2026-06-24, consultation: { from: 2026-06-04, to: 2026-06-11 } }]',
    'rules: { overlong-sentence: { severity: info, options: { characters: 300 } } }\noverrides:\n  - { files: ["*.html"], kind: other, rules: { deemed-consent: off } }\nignore: [old/]\nplugins: []',
    'ignore: ["[a-z]*.md", "[]a].md", "[!a].md", "\\\\{a\\\\}.md", "\\\\[a.md", "规则（草案）.md", "!keep.md", "a]b"]',
    '',
    '# later\n\n',
    '---\n# later\n',
  ])('accepted: %s', text => {
    expect(mistake(text)).toBeNull()
    expect(problems(CONFIG, parseYaml(text))).toEqual([])
  })

  test('in English', () => {
    expect(mistake('rule: {}', 'en')).toMatch(/:1:1: there is no key 'rule'; did you mean 'rules'/)
    expect(mistake('rules: { deemed-consent: of }', 'en')).toMatch(/'of' is no value here; did you mean 'off'/)
    expect(mistake('rules: {', 'en')).toMatch(/no valid YAML/)
  })

  test('configs in the README', () => {
    const samples = [
      ...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```yaml\n(# clauselint\.yaml\n.*?)```/gs),
    ]
    expect(samples.length).toBeGreaterThan(0)
    for (const [, text = ''] of samples) expect(problems(CONFIG, parseYaml(text))).toEqual([])
  })
})

describe('the schema of rule files', () => {
  const RULE = ajv.compile(schema('rule.schema.json'))
  const shared = new Set(['laws.yaml', 'consequences.yaml'])
  const files = readdirSync(builtinRules, { recursive: true, withFileTypes: true })
    .filter(e => e.isFile() && e.name.endsWith('.yaml') && !e.parentPath.endsWith('lexicon') && !shared.has(e.name))
    .map(e => join(e.parentPath, e.name))

  test('accepts every rule of ours', () => {
    expect(files.length).toBe(rules.rules.length)
    const wrong = files.flatMap(file => problems(RULE, parseYaml(readFileSync(file, 'utf8'))).map(p => `${file}: ${p}`))
    expect(wrong).toEqual([])
  })

  const SAMPLE = `id: silent-closure
severity: error
confidence: high
since: 1.0.0
name: { zh: 静默关店, en: Silent closure }
message: { zh: 不通知就关店。, en: A shop is closed unannounced. }
suggestion: { zh: 先通知。, en: Tell first. }
why: { zh: 商家应当知道。, en: Merchants should know. }
citations: [{ law: 办法, article: 19, paragraph: 1 }]
consequence: 无单独罚则
detect: [{ match: "!<notify> ... (关店|关闭店铺)", actor: P }]
unless: [{ in: clause, match: "(事后) .. <notify>", reason: { zh: 事后通知, en: Told afterwards } }]
examples:
  fail: [{ text: 平台可以不通知商家直接关店。, evidence: 通知商家直接关店 }]
  pass: [{ text: 平台可以不通知商家直接关店，但事后应当通知商家。, exercises: 0 }]
`
  /** Whether the loader takes the rule. */
  const loads = (text: string): boolean => {
    write({ 'custom/silent-closure.yaml': text })
    try {
      loadRules({ dirs: [dir], builtin: false })
      return true
    } catch {
      return false
    }
  }

  test.each([
    ['severity: error', 'severty: error'],
    ['severity: error', 'severity: eror'],
    ['confidence: high\n', ''],
    ['en: Silent closure', 'fr: Fermeture'],
    ['law: 办法, ', ''],
    ['match: "!<notify> ... (关店|关闭店铺)", ', ''],
    ['actor: P', 'all: [甲, 乙]'],
    ['actor: P', 'actor: X'],
    ['detect: [{ match: "!<notify> ... (关店|关闭店铺)", actor: P }]', 'detect: []'],
    ['detect: [{ match: "!<notify> ... (关店|关闭店铺)", actor: P }]', 'method: presence'],
    [', reason: { zh: 事后通知, en: Told afterwards }', ''],
    ['in: clause', 'in: page'],
    ['match: "(事后) .. <notify>", ', ''],
    [', evidence: 通知商家直接关店', ''],
    ['exercises: 0', 'exercises: first'],
    ['examples:', 'options: { days: many }\nexamples:'],
    ['examples:', 'options: { days: -3 }\nexamples:'],
    ['examples:', 'options: { days: 0.5 }\nexamples:'],
    ['examples:', 'terms: { shop: [] }\nexamples:'],
  ])('refuses what the tool refuses: %s → %s', (from, to) => {
    expect(loads(SAMPLE)).toBe(true)
    expect(problems(RULE, parseYaml(SAMPLE))).toEqual([])
    expect(SAMPLE).toContain(from)
    const text = SAMPLE.replace(from, to)
    expect(loads(text)).toBe(false)
    expect(problems(RULE, parseYaml(text))).not.toEqual([])
  })
})

test('the package publishes its schemas, each valid by its own meta-schema', () => {
  const { exports, files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(exports).toHaveProperty(['./schema/*.json'])
  expect(files).toContain('schema')
  for (const name of ['config.schema.json', 'rule.schema.json']) {
    expect(ajv.validateSchema(schema(name))).toBe(true)
  }
})
