/**
 * Writes rules/README.md and one page per rule from the rule files. With `--check` nothing is written: the status is 1
 * if a page is missing, stale or left over.
 */

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rulePage, rulesIndex } from '../report/rule-page.js'
import { loadRules } from '../rules/index.js'

const folder = fileURLToPath(new URL('../../rules/', import.meta.url))
const set = loadRules()
const pages = new Map([[join(folder, 'README.md'), rulesIndex(set.rules)]])
for (const rule of set.rules) pages.set(join(folder, rule.category, `${rule.id}.md`), rulePage(rule, set.laws))

const leftOver = [...new Set([...pages.keys()].map(dirname))]
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
