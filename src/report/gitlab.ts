/** The report as GitLab takes it for Code Quality: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */

import { createHash } from 'node:crypto'
import type { CheckResult, Finding } from '../types.js'
import type { ReportContext } from './formats.js'
import { sortFindings } from './json.js'
import { citationLine, sayIn } from './words.js'

/** GitLab has five levels: a finding that is certain to be a breach is critical, 'blocker' is left to others. */
function levelOf({ severity, confidence }: Finding): 'info' | 'minor' | 'major' | 'critical' {
  if (severity === 'error') return confidence === 'high' ? 'critical' : 'major'
  return severity === 'warning' ? 'minor' : 'info'
}

/**
 * Fingerprints are of path, rule and words of the clause, so that lines inserted above change none; the second finding
 * that agrees in all of them gets one of its own.
 */
export function gitlabReport(result: CheckResult, { lang, inRepository }: ReportContext): string {
  const say = sayIn(lang)
  const seen = new Map<string, number>()
  const report = sortFindings(result.findings).map(f => {
    const path = inRepository(f.path)
    const key = `${path}\n${f.ruleId}\n${f.fingerprint}`
    const ordinal = (seen.get(key) ?? 0) + 1
    seen.set(key, ordinal)
    const law = citationLine(f.citations, say)
    return {
      description: `${f.clause}${f.clause === '' ? '' : say('：', ': ')}${f.message}${law === '' ? '' : say(`（${law}）`, ` (${law})`)}`,
      check_name: f.ruleId,
      fingerprint: createHash('sha256').update(`${key}\n${ordinal}`).digest('hex').slice(0, 32),
      severity: levelOf(f),
      location: { path, lines: { begin: f.start.line, end: f.end.line } },
    }
  })
  return `${JSON.stringify(report, null, 2)}\n`
}
