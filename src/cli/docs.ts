/**
 * Writes rules/README.md, one page per rule from the rule files, the sample report in README.md, and the names of rules
 * in schema/config.schema.json. With `--check` nothing is written: the status is 1 if a page is missing, stale or left
 * over.
 */

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { check } from '../check/index.js'
import { isSupported, readDocument } from '../read/index.js'
import { prettyReport } from '../report/pretty.js'
import { DOCUMENT_KINDS } from '../report/words.js'
import { rulePage, rulesIndex } from '../report/rule-page.js'
import { loadRules } from '../rules/index.js'
import { displayWidth } from '../text/width.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = join(root, 'rules')
const set = loadRules()

/** The README with a current sample between its marks: the first sure error of the demo report, and the report's last lines. */
function readmeWithSample(): string {
  const demo = 'fixtures/demo'
  const names = readdirSync(join(root, demo)).filter(isSupported).sort()
  const documents = names.map(name => readDocument(readFileSync(join(root, demo, name)), `${demo}/${name}`))
  const options = { rules: set, lang: 'zh', width: 80, color: false } as const
  const lines = prettyReport(check(documents, options), options).trimEnd().split('\n')
  const error = lines.findIndex(line => line.startsWith('  错误  ') && !line.includes('可信度'))
  const document = lines.findLastIndex((line, i) => i < error && line.startsWith(demo))
  const clause = lines.findLastIndex((line, i) => i < error && line.startsWith('▌'))
  const sample = [
    ...lines.slice(document, lines.indexOf('', document) + 1),
    lines[clause],
    ...lines.slice(error, lines.indexOf('', error)),
    '…',
    ...lines.slice(-2),
  ].join('\n')
  const text = readFileSync(join(root, 'README.md'), 'utf8')
  return text.replace(/(?<=<!-- demo output -->\n```text\n)[^]*?(?=\n```\n<!-- \/demo output -->)/, () => sample)
}

interface ConfigSchema {
  readonly definitions: {
    readonly kind: { enum: readonly string[] }
    readonly setRule: { enum: readonly string[] }
    readonly rules: { properties: Readonly<Record<string, object>> }
  }
}

/** The schema of the config with the names that editors complete: rules, their options, kinds of document. */
function configSchema(file: string): string {
  const schema = JSON.parse(readFileSync(file, 'utf8')) as ConfigSchema
  const { kind, setRule, rules } = schema.definitions
  kind.enum = DOCUMENT_KINDS
  setRule.enum = set.rules.filter(rule => rule.method === 'presence').map(rule => rule.id)
  rules.properties = Object.fromEntries(
    [...set.rules]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, name, options }) => {
        const description = `${name.zh} · ${name.en}`
        if (Object.keys(options).length === 0) return [id, { $ref: '#/definitions/setting', description }]
        const values = Object.fromEntries(
          Object.entries(options).map(([option, value]) => [option, { type: 'integer', minimum: 1, default: value }]),
        )
        const severity = { $ref: '#/definitions/severity' }
        const own = {
          type: 'object',
          additionalProperties: false,
          minProperties: 1,
          properties: { severity, options: { type: 'object', additionalProperties: false, properties: values } },
        }
        return [id, { description, oneOf: [severity, own] }]
      }),
  )
  // Short lists stand on one line, as the formatter has them.
  const list = /^(.*)\[\n\s+("[^\n]*"(?:,\n\s+"[^\n]*")*)\n\s+\](,?)$/gm
  const text = JSON.stringify(schema, null, 2).replace(list, (all, before: string, items: string, after: string) => {
    const line = `${before}[${items.replace(/\n\s+/g, ' ')}]${after}`
    return displayWidth(line) <= 120 ? line : all
  })
  return `${text}\n`
}

const pages = new Map([[join(folder, 'README.md'), rulesIndex(set.rules)]])
for (const rule of set.rules) pages.set(join(folder, rule.category, `${rule.id}.md`), rulePage(rule, set.laws))
pages.set(join(root, 'README.md'), readmeWithSample())
const schemaFile = join(root, 'schema', 'config.schema.json')
pages.set(schemaFile, configSchema(schemaFile))

const leftOver = [...new Set([...pages.keys()].map(dirname))]
  .filter(dir => dir.startsWith(folder))
  .flatMap(dir => (existsSync(dir) ? readdirSync(dir).map(name => join(dir, name)) : []))
  .filter(file => file.endsWith('.md') && !pages.has(file))
const stale = [...pages].filter(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text)

if (process.argv.includes('--check')) {
  const wrong = [...stale.map(([file]) => file), ...leftOver].map(file => relative(process.cwd(), file))
  if (wrong.length > 0) {
    process.stderr.write(`out of date, run npm run docs:\n${wrong.map(file => `  ${file}\n`).join('')}`)
    process.exitCode = 1
  }
} else {
  for (const file of leftOver) rmSync(file)
  for (const [file, text] of stale) writeFileSync(file, text)
  process.stdout.write(`${stale.length} of ${pages.size} pages written, ${leftOver.length} removed\n`)
}
