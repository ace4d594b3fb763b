/** The JSON report of `check`: a published contract (schema/check.schema.json). */

import type { CheckResult, Citation, Finding, Notice, Point } from '../types.js'

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Findings by path, then place, then rule: the order of every report. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      order(a.path, b.path) ||
      a.start.offset - b.start.offset ||
      order(a.ruleId, b.ruleId) ||
      a.end.offset - b.end.offset,
  )
}

/** Notices by path, line, code and words. */
export function sortNotices(notices: readonly Notice[]): Notice[] {
  return [...notices].sort(
    (a, b) =>
      order(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0) || order(a.code, b.code) || order(a.message, b.message),
  )
}

const point = ({ line, column, offset }: Point) => ({ line, column, offset })
const citation = ({ law, article, paragraph, item, url }: Citation) => ({ law, article, paragraph, item, url })

/** One finding with exactly the fields of the contract, in its order. */
export function findingJson(f: Finding) {
  return {
    ruleId: f.ruleId,
    severity: f.severity,
    confidence: f.confidence,
    path: f.path,
    clause: f.clause,
    start: point(f.start),
    end: point(f.end),
    sentence: f.sentence,
    evidence: f.evidence,
    message: f.message,
    suggestion: f.suggestion,
    citations: f.citations.map(citation),
    consequence: f.consequence,
    fingerprint: f.fingerprint,
  }
}

/** The whole report, ending in a line feed. Same result, same bytes. `version` is the tool's. */
export function jsonReport(result: CheckResult, version: string): string {
  const { error, warning, info, documents } = result.summary
  const report = {
    version: 1,
    tool: { name: 'clauselint', version },
    documents: [...result.documents]
      .sort((a, b) => order(a.path, b.path))
      .map(({ path, format, sha256, title, kind, clauses }) => ({ path, format, sha256, title, kind, clauses })),
    findings: sortFindings(result.findings).map(findingJson),
    notices: sortNotices(result.notices).map(({ code, path, message, ruleId, line }) => ({
      code,
      path,
      message,
      ruleId,
      line,
    })),
    summary: { error, warning, info, documents },
  }
  return `${JSON.stringify(report, null, 2)}\n`
}
