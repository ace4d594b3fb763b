/** The report as SARIF 2.1.0, within what GitHub takes: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files */

import { Chalk } from 'chalk'
import type { Rule } from '../rules/types.js'
import type { CheckResult, Finding, Format, Notice, Severity, SuppressedFinding } from '../types.js'
import type { ReportContext } from './formats.js'
import { sortFindings, sortNotices } from './json.js'
import { explainRule, rulePage } from './rule-page.js'
import { findingFields, sayIn } from './words.js'

/** GitHub refuses a run with more results. */
const MOST_RESULTS = 25_000
/** GitHub shows no more tags of a rule. */
const MOST_TAGS = 10
/** GitHub takes no longer descriptions. */
const DESCRIPTION_LENGTH = 1024
const ROOT = '%SRCROOT%'

const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const
const PROBLEM = { error: 'error', warning: 'warning', info: 'recommendation' } as const
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }
const MIME: Readonly<Record<Format, string>> = {
  markdown: 'text/markdown',
  html: 'text/html',
  text: 'text/plain',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
}

/** Paths inside the repository are relative to its root, others are file URIs; Chinese is percent-encoded in both. */
function uriOf(path: string): { readonly uri: string; readonly uriBaseId?: string } {
  const encoded = path
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/')
  if (path.startsWith('/')) return { uri: `file://${encoded}` }
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${encoded.replace('%3A', ':')}` }
  return { uri: encoded, uriBaseId: ROOT }
}

const shortened = (text: string) =>
  text.length <= DESCRIPTION_LENGTH ? text : `${text.slice(0, DESCRIPTION_LENGTH - 1)}…`

/** Braces stand for arguments in messages unless they are doubled (SARIF 2.1.0, 3.11.5). */
const message = (text: string) => ({ text: text.replace(/[{}]/g, '$&$&') })

const pascal = (id: string) => id.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** All tags that a rule deserves; GitHub shows the first ten. */
const tagsOf = (rule: Rule) => [...new Set([rule.category, ...rule.citations.map(c => `《${c.law}》`)])]

function descriptor(id: string, rule: Rule | undefined, { rules, lang }: ReportContext) {
  // A rule of somebody else's engine: its id is all that is known.
  if (rule === undefined) return { id }
  const url = rule.citations.find(c => c.url !== null && URL.canParse(c.url))?.url
  return {
    id,
    name: pascal(id),
    shortDescription: { text: rule.name[lang] },
    fullDescription: { text: shortened(rule.why[lang] || rule.message[lang].replace(/\{\w+\}/g, '…')) },
    help: {
      text: explainRule(rule, rules.laws, lang, 100, new Chalk({ level: 0 })),
      markdown: rulePage(rule, rules.laws).replace(/^<!--.*-->\n/, ''),
    },
    ...(typeof url === 'string' && { helpUri: new URL(url).href }),
    defaultConfiguration: { level: LEVEL[rule.severity] },
    properties: {
      tags: tagsOf(rule).slice(0, MOST_TAGS),
      precision: rule.confidence,
      'problem.severity': PROBLEM[rule.severity],
    },
  }
}

/** Lines and columns are 1-based and ends exclusive, here as there. A Word file has paragraphs for lines and no text. */
function regionOf(f: Finding, format: Format | undefined, { sourceAt }: ReportContext) {
  const { start, end } = f
  if (format === 'docx') return { startLine: start.line, endLine: end.line }
  const text = sourceAt(f)
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
    charOffset: start.offset,
    charLength: end.offset - start.offset,
    ...(text !== undefined && { snippet: { text } }),
  }
}

function suppression({ kind, reason }: SuppressedFinding) {
  return {
    kind: kind === 'inline' ? 'inSource' : 'external',
    status: 'accepted',
    ...(reason !== null && { justification: reason }),
  }
}

/** What an upload keeps if there is too much: the most severe, in the order of the report. */
function mostSevere(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MOST_RESULTS) return findings
  const kept = new Set([...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]).slice(0, MOST_RESULTS))
  return findings.filter(f => kept.has(f))
}

/** What the limits of GitHub left out, as notices. */
function cuts(findings: number, rules: readonly (Rule | undefined)[], lang: ReportContext['lang']): Notice[] {
  const say = sayIn(lang)
  const notices: Notice[] = []
  const notice = (text: string) => notices.push({ code: 'sarif-limit', path: '', message: text })
  if (findings > MOST_RESULTS) {
    const over = findings - MOST_RESULTS
    notice(
      say(
        `GitHub 每次最多接受 ${MOST_RESULTS} 个结果，按严重程度略去了 ${over} 个。`,
        `GitHub takes ${MOST_RESULTS} results at most: the ${over} least severe ones were left out.`,
      ),
    )
  }
  const many = rules.filter(rule => rule !== undefined && tagsOf(rule).length > MOST_TAGS).length
  if (many > 0) {
    notice(
      say(
        `${many} 条规则的标签超过 ${MOST_TAGS} 个，其余略去。`,
        `${many} rules have more than ${MOST_TAGS} tags; the others were left out.`,
      ),
    )
  }
  return notices
}

export function sarifReport(result: CheckResult, context: ReportContext): string {
  const { rules, ran, lang, tool, inRepository } = context
  const suppressed = context.includeSuppressed ? (result.suppressed ?? []) : []
  const why = new Map(suppressed.map(each => [each.finding, each]))
  const all = sortFindings([...result.findings, ...why.keys()])
  const findings = mostSevere(all)

  const ids = [...new Set([...ran.map(r => r.id), ...all.map(f => f.ruleId)])].sort()
  const known = ids.map(id => rules.get(id))
  const ruleIndex = new Map(ids.map((id, i) => [id, i]))
  const documents = [...result.documents].sort((a, b) => (a.path < b.path ? -1 : 1))
  const artifactIndex = new Map(documents.map(({ path }, i) => [path, i]))
  const place = (path: string) => {
    const index = artifactIndex.get(path)
    return { ...uriOf(inRepository(path)), ...(index !== undefined && { index }) }
  }
  const notices = [...sortNotices(result.notices), ...cuts(all.length, known, lang)]
  const codes = [...new Set(notices.map(n => n.code))].sort()

  const run = {
    tool: {
      driver: {
        name: 'clauselint',
        version: tool.version,
        semanticVersion: tool.version,
        ...(tool.homepage !== undefined && { informationUri: tool.homepage }),
        rules: ids.map((id, i) => descriptor(id, known[i], context)),
        notifications: codes.map(id => ({ id })),
      },
    },
    invocations: [
      {
        executionSuccessful: !notices.some(n => n.code === 'unreadable-input'),
        toolExecutionNotifications: notices.map(({ code, path, message: said, ruleId, line }) => ({
          descriptor: { id: code, index: codes.indexOf(code) },
          level: code === 'unreadable-input' ? 'error' : 'warning',
          message: message(said),
          ...(path !== '' && {
            locations: [
              {
                physicalLocation: {
                  artifactLocation: place(path),
                  ...(line !== undefined && { region: { startLine: line } }),
                },
              },
            ],
          }),
          ...(ruleId !== undefined && {
            associatedRule: { id: ruleId, ...(ruleIndex.has(ruleId) && { index: ruleIndex.get(ruleId) }) },
          }),
        })),
      },
    ],
    originalUriBaseIds: {
      [ROOT]: { description: { text: 'The root of the repository, or the folder in which clauselint ran.' } },
    },
    artifacts: documents.map(({ path, format, sha256, title, kind }) => ({
      location: uriOf(inRepository(path)),
      roles: ['analysisTarget'],
      mimeType: MIME[format],
      hashes: { 'sha-256': sha256 },
      properties: { title, kind },
    })),
    columnKind: 'utf16CodeUnits',
    newlineSequences: ['\r\n', '\n', '\r'],
    language: lang === 'zh' ? 'zh-CN' : 'en-US',
    results: findings.map(f => resultOf(f)),
  }

  function resultOf(f: Finding) {
    const say = sayIn(lang)
    const format = documents[artifactIndex.get(f.path) ?? -1]?.format
    const taken = why.get(f)
    const text = findingFields(f, say).map(([label, words], i) =>
      i === 0 ? words : `${label}${say('：', ': ')}${words}`,
    )
    return {
      ruleId: f.ruleId,
      ruleIndex: ruleIndex.get(f.ruleId),
      level: LEVEL[f.severity],
      message: message(text.join('\n')),
      locations: [
        {
          physicalLocation: { artifactLocation: place(f.path), region: regionOf(f, format, context) },
          ...(f.clause !== '' && {
            logicalLocations: [{ name: f.clause, fullyQualifiedName: f.clause, kind: 'clause' }],
          }),
        },
      ],
      partialFingerprints: { 'clauseFingerprint/v1': f.fingerprint },
      // All results of a run say whether they are suppressed, or none does.
      ...(suppressed.length > 0 && { suppressions: taken === undefined ? [] : [suppression(taken)] }),
      properties: { confidence: f.confidence },
    }
  }

  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)}\n`
}
