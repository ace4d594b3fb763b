/** What an editor shows of findings: diagnostics, hovers, rule pages. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DiagnosticSeverity, type Diagnostic, type Range } from 'vscode-languageserver/node'
import { articleName, confidenceName, type Say, severityName } from '../report/words.js'
import { builtinRules } from '../rules/index.js'
import type { Rule, RuleSet } from '../rules/types.js'
import type { Finding, Lang, Notice, Severity } from '../types.js'

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
}

const pages = new WeakMap<Rule, string | null>()

/** The page of a rule (for rules of one's own the rule file), as a URI; null where there is no file. */
export function rulePageUri(rule: Rule): string | null {
  let uri = pages.get(rule)
  if (uri === undefined) {
    const page = join(builtinRules, rule.category, `${rule.id}.md`)
    const file = existsSync(page) ? page : rule.file
    uri = existsSync(file) ? pathToFileURL(file).href : null
    pages.set(rule, uri)
  }
  return uri
}

/** `data` carries the fingerprint, by which actions find the finding again. */
export function diagnosticOf(finding: Finding, range: Range, rules: RuleSet): Diagnostic {
  const rule = rules.get(finding.ruleId)
  const href = rule === undefined ? null : rulePageUri(rule)
  return {
    range,
    severity: SEVERITIES[finding.severity],
    code: finding.ruleId,
    ...(href !== null && { codeDescription: { href } }),
    source: 'clauselint',
    message: finding.message,
    data: { fingerprint: finding.fingerprint },
  }
}

/** A notice about one line: mistakes in the comments that take findings back. */
export function noticeDiagnostic(notice: Notice, range: Range): Diagnostic {
  return {
    range,
    severity: DiagnosticSeverity.Warning,
    code: notice.code,
    source: 'clauselint',
    message: notice.message,
  }
}

/** The finding with its law, reason, consequence and suggestion, in Markdown. */
export function findingHover(finding: Finding, rules: RuleSet, lang: Lang, say: Say): string {
  const rule = rules.get(finding.ruleId)
  const page = rule === undefined ? null : rulePageUri(rule)
  const name = escape(rule?.name[lang] ?? finding.ruleId)
  const laws = finding.citations.map(citation => {
    const title = rules.laws.get(citation.law)?.title ?? citation.law
    const words = escape(`《${title}》${say('', ' ')}${articleName(citation, say)}`)
    return `- ${citation.url === null ? words : `[${words}](${citation.url})`}`
  })
  const facts = [
    page === null ? `\`${finding.ruleId}\`` : `[\`${finding.ruleId}\`](${page})`,
    severityName(finding.severity, say),
    say(`可信度${confidenceName(finding.confidence, say)}`, `${finding.confidence} confidence`),
    escape(finding.clause),
  ].filter(Boolean)
  const part = (title: string, text: string): string[] => (text === '' ? [] : [`**${title}** ${escape(text)}`])
  return [
    `### ${name}`,
    facts.join(' · '),
    escape(finding.message),
    ...(laws.length > 0 ? [`**${say('依据', 'Law')}**\n${laws.join('\n')}`] : []),
    ...part(say('为什么', 'Why'), rule?.why[lang] ?? ''),
    ...part(say('后果', 'Consequence'), finding.consequence),
    ...part(say('建议', 'Suggestion'), finding.suggestion),
  ].join('\n\n')
}

/** Text as it is, in Markdown. */
export const escape = (text: string): string => text.replace(/\s*\n\s*/g, ' ').replace(/[\\`*_[\]<>|~#]/g, '\\$&')
