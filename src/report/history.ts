/** The reports of `history`: JSON (schema/history.schema.json), the terminal, and a memo in Markdown. */

import { displayWidth, fold, padTo } from '../text/width.js'
import type { Lang } from '../types.js'
import type { History, HistoryStep, HistoryVersion, Series } from '../versions/types.js'
import { count, countsLine, dayOr, daysOr, noticeOr, severityCounts, stageName } from './changes.js'
import { countsJson, noticesJson } from './diff.js'
import { sortFindings } from './json.js'
import { cell, escapeMarkdown, findingMarkdown } from './redline-markdown.js'
import {
  hanging,
  noticeLines,
  shortFindingLines,
  shown,
  type Terminal,
  terminal,
  type VersionPrettyOptions,
  versionFindingLines,
} from './terminal.js'
import { type Say, sayIn } from './words.js'

// ── JSON ────────────────────────────────────────────────────────────────────────────────────────────────────────

const versionJson = (v: HistoryVersion) => ({
  path: v.path,
  stage: v.stage,
  seen: v.seen,
  consultation: v.consultation === null ? null : { from: v.consultation.from, to: v.consultation.to },
  published: v.published,
  publicityEnds: v.publicityEnds,
  effective: v.effective,
  noticeDays: v.noticeDays,
  sha256: v.sha256,
})

/** The timelines as JSON, ending in a line feed. Same history, same bytes. `version` is the tool's. */
export function historyJson(history: History, version: string): string {
  const report = {
    version: 1,
    series: history.series.map(({ title, versions, steps, findings }) => ({
      title,
      versions: versions.map(versionJson),
      steps: steps.map(step => ({
        from: step.from,
        to: step.to,
        summary: countsJson(step.summary),
        findings: {
          introduced: sortFindings(step.findings.introduced),
          fixed: sortFindings(step.findings.fixed),
          carried: step.findings.carried,
        },
      })),
      findings: sortFindings(findings),
    })),
    notices: noticesJson(history.notices),
    tool: { name: 'clauselint', version },
  }
  return `${JSON.stringify(report, null, 2)}\n`
}

// ── what all reports say ────────────────────────────────────────────────────────────────────────────────────────

/** "12 个系列、31 个版本；程序问题 4（错误 3、警告 1）" */
function historyHeadline({ series }: History, say: Say): string {
  const versions = series.reduce((sum, s) => sum + s.versions.length, 0)
  const findings = series.flatMap(s => s.findings)
  const tally =
    findings.length === 0 ? '' : say(`（${severityCounts(findings, say)}）`, ` (${severityCounts(findings, say)})`)
  return say(
    `规则 ${series.length} 项、版本 ${versions} 个；程序问题 ${findings.length} 项${tally}`,
    `${count(series.length, 'rule')}, ${count(versions, 'version')}; ${count(findings.length, 'procedural finding')}${tally}`,
  )
}

/** "修改 4 · 新增 1；问题：新增 2、消除 1、沿用 3" */
export function stepLine({ summary, findings }: HistoryStep, say: Say): string {
  const { introduced, fixed, carried } = findings
  return say(
    `${countsLine(summary, say)}；问题：新增 ${introduced.length}、消除 ${fixed.length}、沿用 ${carried}`,
    `${countsLine(summary, say)}; findings: ${introduced.length} introduced, ${fixed.length} fixed, ${carried} carried over`,
  )
}

/** Title of a series; a rule whose documents do not say their name has none. */
export const seriesTitle = ({ title }: Series, say: Say): string =>
  fold(title) || say('（未写明名称）', '(no name stated)')

/** The columns of a timeline: heading and what a version says there. */
export function timelineColumns(say: Say) {
  return [
    {
      title: say('阶段', 'Stage'),
      of: (v: HistoryVersion) => stageName(v.stage, say),
      stated: (v: HistoryVersion) => v.stage !== 'unknown',
    },
    {
      title: say('征求意见', 'Consultation'),
      of: (v: HistoryVersion) => daysOr(v.consultation, say),
      stated: (v: HistoryVersion) => v.consultation !== null,
    },
    {
      title: say('公布', 'Published'),
      of: (v: HistoryVersion) => dayOr(v.published, say),
      stated: (v: HistoryVersion) => v.published !== null,
    },
    {
      title: say('公示截止', 'Shown until'),
      of: (v: HistoryVersion) => dayOr(v.publicityEnds, say),
      stated: (v: HistoryVersion) => v.publicityEnds !== null,
    },
    {
      title: say('生效', 'Effective'),
      of: (v: HistoryVersion) => dayOr(v.effective, say),
      stated: (v: HistoryVersion) => v.effective !== null,
    },
    {
      title: say('提前', 'Notice'),
      of: (v: HistoryVersion) => noticeOr(v.noticeDays, say),
      stated: (v: HistoryVersion) => v.noticeDays !== null,
    },
  ]
}

/** Number of a version as it is shown: steps count from 0, readers from 1. */
export const stepName = ({ from, to }: HistoryStep): string => `${from + 1} → ${to + 1}`

/** "rules/a.md（见于 2026-06-11）" */
function sourceOf({ path, seen }: HistoryVersion, say: Say): string {
  return seen === null ? path : say(`${path}（见于 ${seen}）`, `${path} (seen ${seen})`)
}

// ── terminal ────────────────────────────────────────────────────────────────────────────────────────────────────

function timelineLines(series: Series, t: Terminal): string[] {
  const { say, chalk, width } = t
  const columns = timelineColumns(say)
  const numbers = String(series.versions.length).length + 2
  const widths = columns.map(column =>
    Math.max(displayWidth(column.title), ...series.versions.map(v => displayWidth(column.of(v)))),
  )
  const needed = 2 + numbers + widths.reduce((sum, w) => sum + w + 2, -2)
  const dim = (text: string, stated: boolean) => (stated ? text : chalk.dim(text))
  if (needed > width) {
    return series.versions.flatMap((v, i) => [
      `  ${padTo(String(i + 1), numbers)}${chalk.bold(stageName(v.stage, say))}  ${chalk.dim(shown(sourceOf(v, say)))}`,
      ...hanging(
        ' '.repeat(2 + numbers),
        columns
          .slice(1)
          .map(column => `${column.title} ${column.of(v)}`)
          .join(say('，', ', ')),
        t,
      ),
    ])
  }
  const row = (number: string, cells: readonly string[], plain: readonly string[]) =>
    `  ${padTo(number, numbers)}${cells.map((text, i) => text + ' '.repeat(Math.max(0, (widths[i] ?? 0) - displayWidth(plain[i] ?? '')))).join('  ')}`.trimEnd()
  const titles = columns.map(column => column.title)
  const lines = [
    row(
      '',
      titles.map(title => chalk.dim(title)),
      titles,
    ),
  ]
  series.versions.forEach((v, i) => {
    const plain = columns.map(column => column.of(v))
    lines.push(
      row(
        String(i + 1),
        plain.map((text, c) => dim(text, columns[c]?.stated(v) ?? true)),
        plain,
      ),
    )
    lines.push(...hanging(' '.repeat(2 + numbers), sourceOf(v, say), t).map(line => chalk.dim(line)))
  })
  return lines
}

function seriesLines(series: Series, t: Terminal, quiet: boolean): string[] {
  const { say, chalk } = t
  const versions = say(`${series.versions.length} 个版本`, count(series.versions.length, 'version'))
  const out = [`${chalk.bold(`▌ ${shown(seriesTitle(series, say))}`)}  ${chalk.dim(versions)}`]
  if (!quiet) out.push(...timelineLines(series, t))
  for (const step of series.steps) {
    const plain = `  ${stepName(step)}  `
    if (!quiet) out.push(...hanging(chalk.cyan(plain), stepLine(step, say), t, plain))
    for (const f of sortFindings(step.findings.introduced)) out.push(...shortFindingLines(f, chalk.red('+'), t))
    for (const f of sortFindings(step.findings.fixed)) out.push(...shortFindingLines(f, chalk.green('✓'), t))
  }
  if (series.findings.length > 0) out.push(`  ${chalk.bold(say('程序问题', 'Procedural findings'))}`)
  for (const f of sortFindings(series.findings)) out.push(...versionFindingLines(f, t, 2))
  return out
}

/** The timelines for a terminal, ending in a line feed; with `quiet` only series with findings. */
export function historyPretty(history: History, options: VersionPrettyOptions): string {
  const t = terminal(options)
  const { say, chalk } = t
  const quiet = options.quiet ?? false
  const out: string[] = []
  if (!quiet) out.push(...hanging('', historyHeadline(history, say), t).map(line => chalk.bold(line)), '')
  for (const series of history.series) {
    const findings = series.findings.length + series.steps.reduce((sum, s) => sum + s.findings.introduced.length, 0)
    if (quiet && findings === 0) continue
    out.push(...seriesLines(series, t, quiet), '')
  }
  if (!quiet) out.push(...noticeLines(history.notices, t))
  while (out.at(-1) === '') out.pop()
  return out.length === 0 ? '' : `${out.join('\n')}\n`
}

// ── Markdown ────────────────────────────────────────────────────────────────────────────────────────────────────

/** The timelines as a memo for an e-mail or a ticket. */
export function historyMarkdown(history: History, { lang }: { readonly lang: Lang }): string {
  const say = sayIn(lang)
  const columns = timelineColumns(say)
  const out = [
    `# ${say('规则版本沿革', 'History of the rules')}`,
    '',
    `${historyHeadline(history, say)}${say('。', '.')}`,
    '',
  ]
  for (const series of history.series) {
    out.push(`## ${escapeMarkdown(seriesTitle(series, say))}`, '')
    const titles = ['#', ...columns.map(column => column.title), say('文件', 'File')]
    out.push(`| ${titles.join(' | ')} |`, `|${' --- |'.repeat(titles.length)}`)
    series.versions.forEach((v, i) => {
      const cells = [String(i + 1), ...columns.map(column => cell(column.of(v))), cell(sourceOf(v, say))]
      out.push(`| ${cells.join(' | ')} |`)
    })
    out.push('')
    for (const step of series.steps) {
      out.push(`- **${stepName(step)}**${say('：', ': ')}${stepLine(step, say)}`)
      for (const [title, findings] of [
        [say('新增', 'introduced'), step.findings.introduced],
        [say('消除', 'fixed'), step.findings.fixed],
      ] as const)
        for (const f of sortFindings(findings))
          out.push(
            `  - ${title}${say('：', ': ')}\`${f.ruleId}\` ${[f.clause, f.message].filter(Boolean).map(escapeMarkdown).join(say('，', ', '))}`,
          )
    }
    if (series.steps.length > 0) out.push('')
    if (series.findings.length > 0) {
      out.push(`### ${say('程序问题', 'Procedural findings')}`, '')
      out.push(...sortFindings(series.findings).flatMap(f => findingMarkdown(f, say)), '')
    }
  }
  if (history.notices.length > 0) {
    out.push(`## ${say('未比较或有保留', 'Not compared, or with a reservation')}`, '')
    for (const { path, message } of history.notices)
      out.push(`- ${escapeMarkdown([path, message].filter(Boolean).join(say('：', ': ')))}`)
    out.push('')
  }
  while (out.at(-1) === '') out.pop()
  return `${out.join('\n')}\n`
}
