/** Runs the examples of rule files: fails hit their evidence, passes are silent, every exception is leaned on by an example. */
import { readDocument } from '../read/index.js'
import type { Rule } from '../rules/types.js'
import type { Document } from '../types.js'
import { check } from './index.js'

/** One example's outcome; `problem` says what went wrong, null when all is well. */
export interface ExampleResult {
  readonly ruleId: string
  readonly kind: 'fail' | 'pass' | 'todo' | 'unless'
  readonly index: number
  readonly ok: boolean
  readonly problem: string | null
}

/** A profile under which every rule may speak. */
const EVERYTHING = { whole: true, users: 'huge', minors: true, livestream: true, goods: true }
const squeeze = (text: string): string => text.replace(/[\s*_`|#>]/g, '')

/** An example is a small Markdown document; lines "=== name ===" part it into several. */
function documentsOf(text: string): Document[] {
  const parts = text.split(/^=== (.+) ===\n/m)
  const encode = (words: string, name: string): Document => readDocument(new TextEncoder().encode(words), name)
  if (parts.length === 1) return [encode(text, 'example.md')]
  return parts.slice(1).flatMap((name, i, all) => (i % 2 === 0 ? [encode(all[i + 1] ?? '', name)] : []))
}

/** Evidence of each finding of `rule` in an example; `without` leaves out one exception. */
function evidences(rule: Rule, documents: readonly Document[], without: number | null = null): string[] {
  const judged = without === null ? rule : { ...rule, unless: rule.unless.filter((_, i) => i !== without) }
  const rules = { rules: [judged], laws: new Map(), get: () => judged }
  return check(documents, { rules, platform: EVERYTHING }).findings.map(f => f.evidence)
}

/** Runs the examples of all rules. */
export function testRules(rules: readonly Rule[]): ExampleResult[] {
  const results: ExampleResult[] = []
  for (const rule of rules) {
    const add = (kind: ExampleResult['kind'], index: number, problem: string | null): void => {
      results.push({ ruleId: rule.id, kind, index, ok: problem === null, problem })
    }
    rule.examples.fail.forEach(({ text, evidence }, i) => {
      const found = evidences(rule, documentsOf(text))
      const hit = found.some(e => squeeze(e).includes(squeeze(evidence)) || squeeze(evidence).includes(squeeze(e)))
      add(
        'fail',
        i,
        found.length === 0
          ? `没有发现：“${text}”`
          : hit
            ? null
            : `依据应为“${evidence}”，发现的是“${found.join('”、“')}”`,
      )
    })
    // A rule that nothing shows to fire may never fire.
    if (rule.examples.fail.length === 0) add('fail', 0, '没有 fail 示例：无法证明规则能命中')
    const leaning = new Set<number>()
    rule.examples.pass.forEach(({ text, exercises }, i) => {
      const documents = documentsOf(text)
      const found = evidences(rule, documents)
      add('pass', i, found.length === 0 ? null : `不应发现却发现了“${found.join('”、“')}”：“${text}”`)
      if (exercises === null) return
      leaning.add(exercises)
      if (rule.unless[exercises] === undefined) add('unless', exercises, `pass[${i}] 所说的例外 ${exercises} 不存在`)
      else if (evidences(rule, documents, exercises).length === 0)
        add('unless', exercises, `去掉例外 ${exercises} 后，pass[${i}] 仍无发现，它没有用到这个例外`)
    })
    rule.unless.forEach((_, i) => {
      if (!leaning.has(i)) add('unless', i, `例外 ${i} 没有任何 pass 示例用到它`)
    })
    rule.examples.todo.forEach(({ text, should }, i) => {
      const works = evidences(rule, documentsOf(text)).length > 0 === (should === 'fail')
      add('todo', i, works ? `已经能正确判断，请移到 ${should}：“${text}”` : null)
    })
  }
  return results
}
