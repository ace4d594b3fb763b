/** The timelines of rules as one HTML page: an index of collapsible series. */

import type { Finding, Lang } from '../../types.js'
import type { History, HistoryStep, Series, Stage } from '../../versions/types.js'
import { count, countsLine, dayOr, stageName } from '../changes.js'
import { seriesTitle, stepName, timelineColumns } from '../history.js'
import { sortFindings } from '../json.js'
import { type Say, sayIn, severityName } from '../words.js'
import { type ChipGroup, esc, findingHtml, noticesHtml, page, severityTag, tile } from './page.js'
import { timelineSvg } from './timeline.js'

/** Up to so many series start unfolded. */
const OPEN = 3
const SEVERITIES = ['error', 'warning', 'info'] as const
const STAGES: readonly Stage[] = ['consultation', 'publication', 'in-force', 'repealed', 'unknown']

function versionsTable({ versions }: Series, say: Say): string {
  const columns = timelineColumns(say)
  const heads = ['#', ...columns.map(column => column.title), say('文件', 'File')]
  const rows = versions.map((v, i) => {
    const cells = columns.map(column =>
      column.stated(v) ? `<td>${esc(column.of(v))}</td>` : `<td><i class="unstated">${esc(column.of(v))}</i></td>`,
    )
    const seen =
      v.seen === null ? '' : ` <span class="soft">${say(`见于 ${esc(v.seen)}`, `seen ${esc(v.seen)}`)}</span>`
    return `<tr><th scope="row">${i + 1}</th>${cells.join('')}<td><bdi>${esc(v.path)}</bdi>${seen}</td></tr>`
  })
  return `<div class="scroll" role="region" tabindex="0" aria-label="${say('版本', 'Versions')}"><table><thead><tr>${heads.map(head => `<th scope="col">${esc(head)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

function stepHtml(step: HistoryStep, say: Say): string {
  const line = (f: Finding, kind: string, tag: string) =>
    `<li><span class="tag ${kind}">${tag}</span> ${severityTag(f, say)} <code>${esc(f.ruleId)}</code> ${esc(f.clause)} ${esc(f.message)}</li>`
  const { introduced, fixed, carried } = step.findings
  const lines = [
    ...sortFindings(introduced).map(f => line(f, 'error', say('新增', 'introduced'))),
    ...sortFindings(fixed).map(f => line(f, 'fixed', say('消除', 'fixed'))),
  ]
  const kept =
    carried === 0
      ? ''
      : ` <span class="soft">${say(`沿用问题 ${carried} 项`, `${count(carried, 'finding')} carried over`)}</span>`
  return `<li><span class="n">${stepName(step)}</span>${esc(countsLine(step.summary, say))}${kept}${lines.length === 0 ? '' : `<ul class="found">${lines.join('')}</ul>`}</li>`
}

const findingsOf = (series: Series) => [...series.findings, ...series.steps.flatMap(step => step.findings.introduced)]

function seriesHtml(series: Series, index: number, open: boolean, say: Say): string {
  const { versions, steps } = series
  const findings = findingsOf(series)
  const id = `s${index + 1}`
  const tags = SEVERITIES.flatMap(severity => {
    const n = findings.filter(f => f.severity === severity).length
    return n === 0 ? [] : [`<span class="tag ${severity}">${severityName(severity, say)} ${n}</span>`]
  })
  const stages = [...new Set(versions.map(v => v.stage))].join(' ')
  const severities = SEVERITIES.filter(s => findings.some(f => f.severity === s)).join(' ')
  const effective = dayOr(versions.at(-1)?.effective ?? null, say)
  const procedural = sortFindings(series.findings).map((f, i) => findingHtml(f, `${id}-f${i + 1}`, '', say))
  return `<details class="series" id="${id}" data-item data-stage="${stages}" data-severity="${severities}"${open ? ' open' : ''}>
<summary><h2 lang="zh-CN">${esc(seriesTitle(series, say))}</h2><span class="tag">${say(`${versions.length} 个版本`, count(versions.length, 'version'))}</span>${tags.join('')}<span class="when soft">${say(`最新版生效 ${effective}`, `latest effective ${effective}`)}</span></summary>
<div>
${timelineSvg(series, say)}
${versionsTable(series, say)}
${steps.length === 0 ? '' : `<ol class="steps">${steps.map(step => stepHtml(step, say)).join('')}</ol>`}
${procedural.length === 0 ? '' : `<h3>${say('程序问题', 'Procedural findings')}</h3>${procedural.join('')}`}
</div>
</details>`
}

function groups({ series }: History, say: Say): ChipGroup[] {
  return [
    {
      group: 'severity',
      name: say('问题', 'Findings'),
      chips: SEVERITIES.map(severity => ({
        value: severity,
        name: severityName(severity, say),
        count: series.filter(s => findingsOf(s).some(f => f.severity === severity)).length,
      })),
    },
    {
      group: 'stage',
      name: say('阶段', 'Stage'),
      chips: STAGES.map(stage => ({
        value: stage,
        name: stageName(stage, say),
        count: series.filter(s => s.versions.some(v => v.stage === stage)).length,
      })),
    },
  ]
}

/** One self-contained page, ending in a line feed. */
export function historyHtml(history: History, { lang }: { readonly lang: Lang }): string {
  const say = sayIn(lang)
  const { series } = history
  const findings = series.flatMap(s => s.findings)
  const steps = series.flatMap(s => s.steps)
  const sum = (of: (step: HistoryStep) => number) => steps.reduce((total, step) => total + of(step), 0)
  const open = series.length <= OPEN
  const heading = say('规则版本沿革', 'History of the rules')
  const only = series.length === 1 && series[0] ? seriesTitle(series[0], say) : null
  return page({
    lang,
    say,
    title: only === null ? heading : `${only} · ${heading}`,
    top: `<p class="brand">clauselint${only === null ? '' : ` · ${heading}`}</p>
<h1>${esc(only ?? heading)}</h1>
<dl class="tiles">${[
      tile(say('规则', 'Rules'), series.length),
      tile(
        say('版本', 'Versions'),
        series.reduce((total, s) => total + s.versions.length, 0),
      ),
      tile(say('程序问题', 'Procedural findings'), findings.length, 'bad'),
      tile(
        say('修订新增问题', 'Introduced by changes'),
        sum(step => step.findings.introduced.length),
        'bad',
      ),
      tile(
        say('修订消除问题', 'Fixed by changes'),
        sum(step => step.findings.fixed.length),
        'good',
      ),
    ].join('')}</dl>`,
    groups: groups(history, say),
    buttons: `<button type="button" class="chip" id="unfold" aria-pressed="${open}">${say('全部展开', 'Unfold all')}</button>`,
    shown: say('显示 {n} / {all} 项', '{n} of {all} shown'),
    placeholder: say('搜索规则、日期、问题（/）', 'Search rules, dates (/)'),
    index: '',
    main: `${series.map((s, i) => seriesHtml(s, i, open, say)).join('\n')}
<p class="empty" id="empty" hidden>${say('没有符合筛选条件的规则。', 'No rule fits the filters.')}</p>
${noticesHtml(history.notices, say)}`,
    foot: `<p>${say('日期以各版本自身写明的为准；未写明的不推测。本页不访问网络。', 'Dates are those that the versions state; what is not stated is not guessed. This page does not use the network.')}</p>`,
    keys: [
      ['j', say('下一项规则', 'next rule')],
      ['k', say('上一项规则', 'previous rule')],
      ['Enter', say('展开 / 收起', 'unfold or fold')],
      ['/', say('搜索', 'search')],
      ['Esc', say('清除搜索', 'clear the search')],
      ['?', say('本说明', 'this help')],
    ],
  })
}
