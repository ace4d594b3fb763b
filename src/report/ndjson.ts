/** The report as JSON lines, written while the check runs: every line says its `type`. */

import type { DocumentSummary, Finding, Notice, Severity } from '../types.js'
import { findingJson, sortFindings, sortNotices } from './json.js'

const line = (type: string, fields: object): string => `${JSON.stringify({ type, ...fields })}\n`

/** The first line: what wrote the rest. `version` is the tool's. */
export function ndjsonStart(version: string): string {
  return line('run', { version: 1, tool: { name: 'clauselint', version } })
}

/** One document's lines: the document, then its findings by place and rule, with the fields of the JSON report. */
export function ndjsonDocument(document: DocumentSummary, findings: readonly Finding[]): string {
  const { path, format, sha256, title, kind, clauses } = document
  return line('document', { path, format, sha256, title, kind, clauses }) + ndjsonFindings(findings)
}

const ndjsonFindings = (findings: readonly Finding[]): string =>
  sortFindings(findings)
    .map(f => line('finding', findingJson(f)))
    .join('')

/** The last lines: findings about the documents together, notices, and the summary, without which a run was cut short. */
export function ndjsonEnd(
  findings: readonly Finding[],
  notices: readonly Notice[],
  summary: Readonly<Record<Severity | 'documents', number>>,
): string {
  const { error, warning, info, documents } = summary
  return (
    ndjsonFindings(findings) +
    sortNotices(notices)
      .map(({ code, path, message, ruleId, line: at }) => line('notice', { code, path, message, ruleId, line: at }))
      .join('') +
    line('summary', { error, warning, info, documents })
  )
}
