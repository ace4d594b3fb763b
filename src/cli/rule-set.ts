/** The rule set of a run, and rule ids as the user writes them. */

import { statSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { ToolError } from '../errors.js'
import { sayIn } from '../report/words.js'
import type { Rule, RuleSet } from '../rules/types.js'
import { nearest } from '../text/nearest.js'
import type { Lang } from '../types.js'
import { systemMessage } from './inputs.js'

/** The error for a folder in which no rule file stands. */
export function withoutRules(dir: string, lang: Lang): ToolError {
  const message = sayIn(lang)(
    `${dir} 中没有规则文件（类别/规则名.yaml）。`,
    `no rule file in ${dir} (category/rule-id.yaml).`,
  )
  return new ToolError('no-input', message)
}

/** Whether a rule of somebody's own comes from a file in `dir`. */
export function isIn(dir: string, rule: Rule): boolean {
  return resolve(rule.file).startsWith(resolve(dir) + sep)
}

/** The built-in rules and those of `dirs`. Throws ToolError for a folder without rules and for a broken rule file. */
export async function ruleSet(dirs: readonly string[], lang: Lang): Promise<RuleSet> {
  const say = sayIn(lang)
  for (const dir of dirs) {
    let isFolder: boolean
    try {
      isFolder = statSync(dir).isDirectory()
    } catch (error) {
      const reason = systemMessage(error, say)
      throw new ToolError(
        'bad-argument',
        say(`无法读取规则文件夹 ${dir}：${reason}`, `cannot read the rule folder ${dir}: ${reason}`),
      )
    }
    if (!isFolder)
      throw new ToolError(
        'bad-argument',
        say(`${dir} 不是文件夹。规则须放在文件夹里。`, `${dir} is not a folder; rules live in a folder.`),
      )
  }
  const { loadRules } = await import('../rules/index.js')
  const set = loadRules({ dirs })
  for (const dir of dirs) {
    if (!set.rules.some(rule => isIn(dir, rule))) throw withoutRules(dir, lang)
  }
  return set
}

/** The sentence for an id that is no rule, naming the nearest one. */
export function unknownRule(id: string, rules: RuleSet, lang: Lang): string {
  const near = nearest(
    id,
    rules.rules.map(rule => rule.id),
  )
  return sayIn(lang)(
    `没有规则“${id}”${near ? `，是否指“${near}”？` : '，可用 clauselint rules 查看全部规则。'}`,
    `there is no rule '${id}'${near ? `; did you mean '${near}'?` : '; clauselint rules lists them all.'}`,
  )
}

/** The rule of that id; throws ToolError, naming the nearest, if there is none. */
export function requireRule(id: string, rules: RuleSet, lang: Lang): Rule {
  const rule = rules.get(id)
  if (rule === undefined) throw new ToolError('unknown-rule', unknownRule(id, rules, lang))
  return rule
}
