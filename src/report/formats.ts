/** The outputs of `check` by name. Each writer is loaded when it is asked for. */

import type { Rule, RuleSet } from '../rules/types.js'
import type { CheckResult, Finding, Lang } from '../types.js'

/** What a writer may need beside the result. */
export interface ReportContext {
  /** For the names of rules and laws. */
  readonly rules: RuleSet
  /** The rules that ran. */
  readonly ran: readonly Rule[]
  readonly lang: Lang
  readonly tool: { readonly version: string; readonly homepage?: string }
  /** Columns to write for, where the format has any. */
  readonly width: number
  readonly color: boolean
  /** Findings only, where the format can do without the rest. */
  readonly quiet: boolean
  /** A path as systems for continuous integration know it: from the repository's root, absolute outside of it. */
  readonly inRepository: (path: string) => string
  /** The finding's place in the source, markup included; undefined where the source is no text or not at hand. */
  readonly sourceAt: (finding: Finding) => string | undefined
  /** SARIF lists what was suppressed too. */
  readonly includeSuppressed: boolean
}

/** The whole report as text; ends in a line feed unless empty. Same result and context, same text. */
export type Writer = (result: CheckResult, context: ReportContext) => string

/** Formats that need the whole result. */
export const WRITERS = {
  pretty: async () => (await import('./pretty.js')).prettyReport,
  json: async () => {
    const { jsonReport } = await import('./json.js')
    return (result, { tool }) => jsonReport(result, tool.version)
  },
  sarif: async () => (await import('./sarif.js')).sarifReport,
  junit: async () => (await import('./junit.js')).junitReport,
  github: async () => (await import('./github.js')).githubReport,
  gitlab: async () => (await import('./gitlab.js')).gitlabReport,
  markdown: async () => (await import('./markdown.js')).markdownReport,
} as const satisfies Readonly<Record<string, () => Promise<Writer>>>

/** `ndjson` is written while the check runs (src/report/ndjson.ts), all others after it. */
export type FormatName = keyof typeof WRITERS | 'ndjson'
export const FORMATS: readonly FormatName[] = [
  'pretty',
  'json',
  'ndjson',
  'sarif',
  'junit',
  'github',
  'gitlab',
  'markdown',
]
