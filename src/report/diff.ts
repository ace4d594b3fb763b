/** The reports of `diff`: JSON (schema/diff.schema.json), the terminal, and a memo in Markdown. */

import { fold } from '../text/width.js'
import type { Finding, Lang, Notice, Point } from '../types.js'
import type { Change, ChangeCounts, ClauseText, Meaning, VersionDiff } from '../versions/types.js'
import {
  changeName,
  clauseName,
  count,
  editsOf,
  effectName,
  findingsIn,
  isMinor,
  minorLine,
  needsLines,
  redline,
  severityCounts,
  substantiveLine,
} from './changes.js'
import { sortFindings } from './json.js'
import { cell, escapeMarkdown, findingMarkdown, redlineMarkdown } from './redline-markdown.js'
import {
  findingNames,
  hanging,
  leftRight,
  noticeLines,
  redlineLines,
  shortFindingLines,
  shown,
  type Terminal,
  terminal,
  type VersionPrettyOptions,
  versionFindingLines,
} from './terminal.js'
import { type Say, sayIn } from './words.js'

// ── JSON ────────────────────────────────────────────────────────────────────────────────────────────────────────

const point = ({ line, column, offset }: Point) => ({ line, column, offset })
const clauseJson = ({ clause, part, start, end, text }: ClauseText) => ({
  clause,
  part,
  start: point(start),
  end: point(end),
  text,
})
const meaningJson = ({ kind, from, to, affects, direction, summary, important }: Meaning) => ({
  kind,
  from,
  to,
  affects,
  direction,
  summary,
  important,
})

/** Counts of all kinds in the order of the contract. */
export const countsJson = ({ added, removed, altered, moved, renumbered, split, merged }: ChangeCounts) => ({
  added,
  removed,
  altered,
  moved,
  renumbered,
  split,
  merged,
})

/** Notices in the order of every report. */
export function noticesJson(notices: readonly Notice[]) {
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return [...notices]
    .sort(
      (a, b) =>
        order(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0) || order(a.code, b.code) || order(a.message, b.message),
    )
    .map(({ code, path, message, ruleId, line }) => ({ code, path, message, ruleId, line }))
}

/** The comparison as JSON, ending in a line feed. Same comparison, same bytes. `version` is the tool's. */
export function diffJson(diff: VersionDiff, version: string): string {
  const report = {
    version: 1,
    old: { path: diff.old.path, sha256: diff.old.sha256 },
    new: { path: diff.new.path, sha256: diff.new.sha256 },
    changes: diff.changes.map(change => ({
      kind: change.kind,
      old: change.old.map(clauseJson),
      new: change.new.map(clauseJson),
      matchedBy: change.matchedBy,
      similarity: change.similarity,
      editorial: change.editorial,
      edits: change.edits.map(({ kind, text }) => ({ kind, text })),
      meanings: change.meanings.map(meaningJson),
      notes: change.notes,
    })),
    findings: {
      introduced: sortFindings(diff.findings.introduced),
      fixed: sortFindings(diff.findings.fixed),
      carried: sortFindings(diff.findings.carried),
    },
    summary: countsJson(diff.summary),
    substantive: diff.substantive,
    needs: {
      fifteenDays: diff.needs.fifteenDays,
      transition: diff.needs.transition,
      because: diff.needs.because,
    },
    notices: noticesJson(diff.notices),
    tool: { name: 'clauselint', version },
  }
  return `${JSON.stringify(report, null, 2)}\n`
}

// ── terminal ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Equal text left standing on either side of an edit, in characters. */
const CONTEXT = 20
/** Findings that are gone are listed up to this number. */
const FIXED_LISTED = 20

/** "实质性改动 5 处（修改 4 · 新增 1）；另有编辑性改动 2 处：重新编号 2", "问题：新增 2、消除 1、沿用 3". */
function headlines(diff: VersionDiff, say: Say): [string, string] {
  const { introduced, fixed, carried } = diff.findings
  const minor = minorLine(diff.changes, say)
  const changes = `${substantiveLine(diff.changes, say)}${minor && say('；', '. ')}${minor}`
  const findings = say(
    `问题：新增 ${introduced.length}、消除 ${fixed.length}、沿用 ${carried.length}`,
    `findings: ${introduced.length} introduced, ${fixed.length} fixed, ${carried.length} carried over`,
  )
  return [changes, findings]
}

function changeLines(change: Change, diff: VersionDiff, t: Terminal): string[] {
  const { say, chalk } = t
  const name = shown(clauseName(change, say))
  const kind = changeName(change.kind, say)
  const [path, place] = change.new[0] === undefined ? [diff.old.path, change.old[0]] : [diff.new.path, change.new[0]]
  const lines = leftRight(
    `${chalk.bold(`▌ ${name}`)}  ${chalk.cyan(kind)}`,
    `▌ ${name}  ${kind}`,
    shown(place === undefined ? path : `${path}:${place.start.line}:${place.start.column}`),
    t,
  )
  for (const meaning of change.meanings) {
    const style = { worse: chalk.red.bold, better: chalk.green.bold, neutral: chalk.dim }[meaning.direction]
    const sign = { worse: '▼', better: '▲', neutral: '•' }[meaning.direction]
    const important = meaning.important ? say('（涉及重要权益）', ' (important right)') : ''
    lines.push(...hanging(`  ${style(sign)} `, meaning.summary + important, t, `  ${sign} `))
  }
  for (const note of change.notes ?? []) lines.push(...hanging(`  ${chalk.yellow.bold('!')} `, note, t, '  ! '))
  const pieces = redline(editsOf(change), CONTEXT)
  if (pieces.some(p => p.kind === 'delete' || p.kind === 'insert'))
    lines.push(...redlineLines(pieces, `  ${chalk.dim('│')} `, '  │ ', t))
  const found = findingsIn(change, diff)
  lines.push(
    ...findingNames(
      found.introduced,
      chalk.red(`+ ${say('新增问题', 'introduces')}`),
      `+ ${say('新增问题', 'introduces')}`,
      t,
    ),
  )
  lines.push(
    ...findingNames(found.fixed, chalk.green(`✓ ${say('消除问题', 'fixes')}`), `✓ ${say('消除问题', 'fixes')}`, t),
  )
  return lines
}

function findingSections(diff: VersionDiff, t: Terminal): string[] {
  const { say, chalk } = t
  const { introduced, fixed, carried } = diff.findings
  const out: string[] = []
  if (introduced.length > 0) {
    out.push(chalk.bold(say(`新增的问题（${introduced.length}）`, `Introduced (${introduced.length})`)))
    for (const f of sortFindings(introduced)) out.push(...versionFindingLines(f, t, 2), '')
  }
  if (fixed.length > 0) {
    out.push(chalk.bold(say(`已消除的问题（${fixed.length}）`, `Fixed (${fixed.length})`)))
    const listed = sortFindings(fixed)
    for (const f of listed.slice(0, FIXED_LISTED)) out.push(...shortFindingLines(f, chalk.green('✓'), t))
    const more = listed.length - FIXED_LISTED
    if (more > 0) out.push(say(`  另有 ${more} 项。`, `  ${more} more.`))
    out.push('')
  }
  if (carried.length > 0) {
    const tally = severityCounts(carried, say)
    const line = say(
      `沿用的问题 ${carried.length} 项（${tally}），两个版本都有。`,
      `${count(carried.length, 'finding')} carried over (${tally}), in both versions.`,
    )
    out.push(...hanging('', line, t), '')
  }
  return out
}

/** The comparison for a terminal, ending in a line feed; empty where `quiet` and nothing of substance changed. */
export function diffPretty(diff: VersionDiff, options: VersionPrettyOptions): string {
  const t = terminal(options)
  const { say, chalk } = t
  const out: string[] = []
  if (!options.quiet) {
    const [before, after] = [shown(fold(diff.old.path)), shown(fold(diff.new.path))]
    out.push(`${chalk.bold.underline(before)} → ${chalk.bold.underline(after)}`)
    for (const line of headlines(diff, say)) out.push(...hanging('', line, t))
    for (const line of needsLines(diff, say)) out.push(...hanging(`${chalk.yellow.bold('!')} `, line, t, '! '))
    out.push('')
  }
  const substantive = diff.changes.filter(change => !isMinor(change))
  if (substantive.some(c => editsOf(c).some(e => e.kind !== 'equal')) && !options.quiet)
    out.push(
      `${say('图例：', 'Legend: ')}${chalk.red.strikethrough(say('[-删去-]', '[-deleted-]'))} ${chalk.green.underline(say('{+增加+}', '{+inserted+}'))}  ${say('▼ 不利  ▲ 有利', '▼ worse  ▲ better')}`,
      '',
    )
  for (const change of substantive) out.push(...changeLines(change, diff, t), '')
  out.push(...findingSections(options.quiet ? { ...diff, findings: { ...diff.findings, carried: [] } } : diff, t))
  if (!options.quiet) out.push(...noticeLines(diff.notices, t))
  while (out.at(-1) === '') out.pop()
  return out.length === 0 ? '' : `${out.join('\n')}\n`
}

// ── Markdown ────────────────────────────────────────────────────────────────────────────────────────────────────

function findingList(title: string, findings: readonly Finding[], say: Say): string[] {
  if (findings.length === 0) return []
  return [`### ${title}`, '', ...sortFindings(findings).flatMap(f => findingMarkdown(f, say)), '']
}

/** The comparison as a memo for an e-mail or a ticket. */
export function diffMarkdown(diff: VersionDiff, { lang }: { readonly lang: Lang }): string {
  const say = sayIn(lang)
  const { introduced, fixed, carried } = diff.findings
  const substantive = diff.changes.filter(change => !isMinor(change))
  const out = [
    `# ${say('规则修改对照', 'Changes to the rules')}${say('：', ': ')}${escapeMarkdown(diff.old.path)} → ${escapeMarkdown(diff.new.path)}`,
    '',
    `${headlines(diff, say).join(say('；', '; '))}${say('。', '.')}`,
    '',
  ]
  const needs = needsLines(diff, say)
  if (needs.length > 0) {
    out.push(`## ${say('公示与过渡', 'Publication and transition')}`, '')
    for (const line of needs) out.push(`- ${escapeMarkdown(line)}`)
    out.push('')
  }
  if (substantive.length > 0) {
    out.push(
      `## ${say('修改一览', 'Overview')}`,
      '',
      say('| 序号 | 条款 | 改动 | 含义 | 影响 |', '| No. | Clause | Change | Meaning | Effect |'),
      '| --- | --- | --- | --- | --- |',
    )
    substantive.forEach((change, i) => {
      const meanings = [...change.meanings.map(m => m.summary), ...(change.notes ?? [])].map(cell).join('<br>')
      const effects = [...new Set(change.meanings.map(m => effectName(m, say)))].join('<br>')
      out.push(
        `| ${i + 1} | ${cell(clauseName(change, say))} | ${changeName(change.kind, say)} | ${meanings || '—'} | ${effects || '—'} |`,
      )
    })
    out.push('', `## ${say('修改对照', 'Redline')}`, '')
    substantive.forEach((change, i) => {
      out.push(`### ${i + 1}. ${escapeMarkdown(clauseName(change, say))} · ${changeName(change.kind, say)}`, '')
      for (const meaning of change.meanings) out.push(`- ${escapeMarkdown(meaning.summary)}`)
      for (const note of change.notes ?? []) out.push(`- ${escapeMarkdown(note)}`)
      if (change.meanings.length + (change.notes?.length ?? 0) > 0) out.push('')
      out.push(`> ${redlineMarkdown(redline(editsOf(change), CONTEXT * 3))}`, '')
    })
  }
  if (introduced.length + fixed.length + carried.length > 0) {
    out.push(`## ${say('合规问题', 'Findings')}`, '')
    out.push(...findingList(say(`新增（${introduced.length}）`, `Introduced (${introduced.length})`), introduced, say))
    out.push(...findingList(say(`已消除（${fixed.length}）`, `Fixed (${fixed.length})`), fixed, say))
    out.push(...findingList(say(`沿用（${carried.length}）`, `Carried over (${carried.length})`), carried, say))
  }
  if (diff.notices.length > 0) {
    out.push(`## ${say('未比较或有保留', 'Not compared, or with a reservation')}`, '')
    for (const { path, message } of diff.notices)
      out.push(`- ${escapeMarkdown([path, message].filter(Boolean).join(say('：', ': ')))}`)
    out.push('')
  }
  out.push(
    `## ${say('所比较的版本', 'Versions compared')}`,
    '',
    `- ${say('旧', 'old')}${say('：', ': ')}${escapeMarkdown(diff.old.path)}${say('，', ', ')}sha256 ${diff.old.sha256}`,
    `- ${say('新', 'new')}${say('：', ': ')}${escapeMarkdown(diff.new.path)}${say('，', ', ')}sha256 ${diff.new.sha256}`,
  )
  return `${out.join('\n')}\n`
}
