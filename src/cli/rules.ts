/** `clauselint rules`, `explain` and `test-rules`: what the rules are, and whether they do what their examples say. */

import { existsSync, realpathSync } from 'node:fs'
import { basename, join, resolve, sep } from 'node:path'
import { Chalk } from 'chalk'
import { byCategory, explainRule } from '../report/rule-page.js'
import { articleName, categoryName, type Say, sayIn, severityName } from '../report/words.js'
import type { Rule } from '../rules/types.js'
import { displayWidth, padTo } from '../text/width.js'
import type { Lang, Severity } from '../types.js'
import { type Config, findConfigs } from './config.js'
import { outputWidth, wantsColor } from './locale.js'
import { writeResult } from './output.js'
import { isIn, requireRule, ruleSet, withoutRules } from './rule-set.js'
import { toolVersion } from './version.js'

interface Common {
  readonly lang: Lang
  readonly color: string
  readonly rules: readonly string[]
  readonly output?: string
}

function chalkFor(options: Common): InstanceType<typeof Chalk> {
  const toTerminal = options.output === undefined
  return new Chalk({
    level: wantsColor(options.color, toTerminal && process.stdout.isTTY === true, toTerminal ? process.env : {})
      ? 1
      : 0,
  })
}

/** Lists the rules, as a table or as JSON. Returns the exit status. */
export async function runRules(options: Common & { readonly format: 'pretty' | 'json' }): Promise<number> {
  const say = sayIn(options.lang)
  const set = await ruleSet(options.rules, options.lang)
  const groups = byCategory(set.rules)
  if (options.format === 'json') {
    const rules = groups.flatMap(([, own]) =>
      own.map(
        ({ id, category, severity, confidence, since, name, message, suggestion, why, citations, consequence }) => ({
          id,
          category,
          severity,
          confidence,
          since,
          name,
          message,
          suggestion,
          why,
          citations,
          consequence,
        }),
      ),
    )
    const report = { version: 1, tool: { name: 'clauselint', version: toolVersion() }, rules }
    writeResult(`${JSON.stringify(report, null, 2)}\n`, options.output, say)
    return 0
  }
  const chalk = chalkFor(options)
  const rows = groups.map(([category, own]) => ({
    category,
    cells: own.map(rule => {
      const first = rule.citations[0]
      return [
        rule.id,
        severityName(rule.severity, say),
        rule.name[options.lang],
        first ? `${first.law}${say('', ' ')}${articleName(first, say)}` : '',
      ]
    }),
  }))
  const all = rows.flatMap(group => group.cells)
  const widest = (i: number) => Math.max(0, ...all.map(cells => displayWidth(cells[i] ?? '')))
  const [idWidth, severityWidth, nameWidth] = [widest(0), widest(1), widest(2)]
  const out: string[] = []
  for (const { category, cells } of rows) {
    out.push(chalk.bold(`${categoryName(category, say)}  ${category}/`))
    for (const [id = '', severity = '', name = '', article = ''] of cells)
      out.push(
        `  ${chalk.cyan(padTo(id, idWidth))}  ${padTo(severity, severityWidth)}  ${padTo(name, nameWidth)}  ${chalk.dim(article)}`.trimEnd(),
      )
    out.push('')
  }
  out.push(
    say(
      `共 ${all.length} 条规则；clauselint explain 规则名 查看详情。`,
      `${all.length} rules; clauselint explain ID tells more.`,
    ),
  )
  writeResult(`${out.join('\n')}\n`, options.output, say)
  return 0
}

/** How a rule is set by the config, and by which of its lines: one sentence each, the one in force first. */
function settingsOf(rule: Rule, config: Config | null, say: Say): string[] {
  const lines = config?.linesFor(rule.id) ?? []
  const level = (severity: Severity | 'off') =>
    severity === 'off' ? say('关闭', 'off') : say(`启用，${severityName(severity, say)}`, `on, ${severity}`)
  const from = (place: string) => say(`（${place}）`, ` (${place})`)
  const byDefault = say('（默认）', ' (default)')
  const forAll = lines.filter(({ files }) => files === null)
  const severities = forAll.filter(({ severity }) => severity !== undefined)
  const own = severities.at(-1)
  const out: string[] = []
  if (config === null)
    out.push(
      say(
        `${level(rule.severity)}（默认，没有用到配置文件）。`,
        `${level(rule.severity)} (default; no config file is used).`,
      ),
    )
  else if (own?.severity === undefined)
    out.push(
      say(
        `${level(rule.severity)}（默认，${config.file} 没有设它的级别）。`,
        `${level(rule.severity)} (default; ${config.file} does not set it).`,
      ),
    )
  else
    out.push(
      say(
        `${level(own.severity)}（${own.place}；默认是${severityName(rule.severity, say)}）。`,
        `${level(own.severity)} (${own.place}; default: ${rule.severity}).`,
      ),
    )
  for (const { severity, place } of severities.slice(0, -1))
    out.push(
      say(
        `${place} 设为“${level(severity as Severity)}”，已被后面的设置取代。`,
        `${place} sets it to '${level(severity as Severity)}'; a later line overrules that.`,
      ),
    )
  for (const [name, value] of Object.entries(rule.options)) {
    const last = forAll.findLast(({ options }) => options[name] !== undefined)
    out.push(
      last === undefined
        ? say(`${name} = ${value}${byDefault}。`, `${name} = ${value}${byDefault}.`)
        : say(
            `${name} = ${last.options[name]}（${last.place}；默认 ${value}）。`,
            `${name} = ${last.options[name]} (${last.place}; default: ${value}).`,
          ),
    )
  }
  for (const { files, severity, options, place } of lines.filter(line => line.files !== null)) {
    const parts = Object.entries(options).map(([name, value]) => `${name} = ${value}`)
    const what = [...(severity === undefined ? [] : [level(severity)]), ...parts].join(say('，', ', '))
    out.push(say(`${files?.join('、')}：${what}${from(place)}。`, `${files?.join(', ')}: ${what}${from(place)}.`))
  }
  if (rule.method === 'presence' && config?.platform.whole !== true)
    out.push(
      config?.platform.whole === false
        ? say(
            `不判断：${config.file} 写明 whole: false，而它判断的是整套规则。`,
            `not judged: ${config.file} says whole: false, and it judges a whole rule set.`,
          )
        : say(
            '只在检查整套规则时判断（有协议在内的三份以上文档，或配置写明 platform: { whole: true }）。',
            'judged only for a whole rule set (three documents or more, an agreement among them, or platform: { whole: true }).',
          ),
    )
  const flag = rule.presence?.profile
  if (flag !== undefined && flag !== null && flag !== 'goods') {
    const line = flag === 'huge' ? 'users: huge' : `${flag}: true`
    const isSet = flag === 'huge' ? config?.platform.users === 'huge' : config?.platform[flag] === true
    if (!isSet)
      out.push(
        say(
          `不判断：只适用于配置写明 platform: { ${line} } 的平台。`,
          `not judged: it is for platforms whose config says platform: { ${line} }.`,
        ),
      )
  }
  return out
}

/**
 * Explains one rule, and how it is set in the current folder. Returns the exit status; throws ToolError for an unknown
 * id and a broken config.
 */
export async function runExplain(id: string, options: Common & { readonly config?: string | false }): Promise<number> {
  const say = sayIn(options.lang)
  const set = await ruleSet(options.rules, options.lang)
  const rule = requireRule(id, set, options.lang)
  const config = findConfigs(options.config, options.lang).of('.')
  config?.requireKnown(set)
  const width = options.output === undefined ? outputWidth(process.stdout) : 100
  const settings = settingsOf(rule, config, say)
  writeResult(explainRule(rule, set.laws, options.lang, width, chalkFor(options), settings), options.output, say)
  return 0
}

/** The rules in `dir`, which may be the built-in folder or a part of it. */
async function rulesOf(dir: string, lang: Lang): Promise<readonly Rule[]> {
  const { builtinRules } = await import('../rules/index.js')
  const folder = (existsSync(dir) ? realpathSync(dir) : resolve(dir)) + sep
  if (!folder.startsWith(builtinRules)) {
    const set = await ruleSet([dir], lang)
    return set.rules.filter(rule => isIn(dir, rule))
  }
  // Compiled rules remember their file as it was named when they were compiled.
  const set = await ruleSet([], lang)
  return set.rules.filter(rule => join(builtinRules, rule.category, `${rule.id}.yaml`).startsWith(folder))
}

/** Runs the examples in the rule files of `dir`. Returns 0 if all hold, 1 if one does not. */
export async function runTestRules(dir: string, options: Common): Promise<number> {
  const { lang } = options
  const say = sayIn(lang)
  const own = await rulesOf(dir, lang)
  if (own.length === 0) throw withoutRules(dir, lang)
  const { testRules } = await import('../check/test-rules.js')
  const results = testRules(own)
  const chalk = chalkFor(options)
  const failed = results.filter(result => !result.ok)
  const out = failed.map(({ ruleId, kind, index, problem }) => {
    const file = own.find(rule => rule.id === ruleId)?.file
    return `${chalk.red(say('不符', 'FAIL'))}  ${ruleId}  examples.${kind}[${index}]${file ? `  ${chalk.dim(basename(file))}` : ''}\n      ${problem ?? ''}`
  })
  out.push(
    failed.length === 0
      ? chalk.green(
          say(
            `${own.length} 条规则的 ${results.length} 个示例全部符合。`,
            `all ${results.length} examples of ${own.length} rules hold.`,
          ),
        )
      : say(
          `${results.length} 个示例中 ${failed.length} 个不符。`,
          `${failed.length} of ${results.length} examples do not hold.`,
        ),
  )
  writeResult(`${out.join('\n')}\n`, options.output, say)
  return failed.length === 0 ? 0 : 1
}
