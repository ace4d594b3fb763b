/** The comparison of two versions as one HTML page. */

import type { Finding, Lang, Severity } from '../../types.js'
import type { Change, Meaning, VersionDiff } from '../../versions/types.js'
import {
  CHANGE_KINDS,
  changeName,
  clauseName,
  count,
  directionName,
  editsOf,
  findingsIn,
  isBlank,
  isMinor,
  meaningName,
  minorLine,
  needsLines,
  redline,
  substantiveLine,
} from '../changes.js'
import { sortFindings } from '../json.js'
import { type Say, sayIn, severityName } from '../words.js'
import { type ChipGroup, esc, findingHtml, noticesHtml, page, severityTag, tile } from './page.js'

/** Equal text left standing on either side of an edit, in characters; the rest unfolds. */
const CONTEXT = 80
/** Characters of a change shown in the index, where it has the room. */
const INDEX_WORDS = 24
const DIRECTIONS = ['worse', 'better', 'neutral'] as const
const SEVERITIES = ['error', 'warning', 'info'] as const
const SIGNS = { worse: '▼', better: '▲', neutral: '•' } as const

type FindingIds = ReadonlyMap<Finding, string>

function redlineHtml(change: Change, say: Say): string {
  const pieces = redline(editsOf(change), CONTEXT).map(piece => {
    const { kind, text } = piece
    if (isBlank(piece)) return kind === 'delete' ? '' : esc(text)
    if (kind === 'delete') return `<del>${esc(text)}</del>`
    if (kind === 'insert') return `<ins>${esc(text)}</ins>`
    if (kind === 'equal') return esc(text)
    const label = say(`…… ${text.length} 字未变 ……`, `… ${text.length} characters unchanged …`)
    return `<button type="button" class="gap" aria-expanded="false">${label}</button><span class="rest" hidden>${esc(text)}</span>`
  })
  return `<div class="redline" lang="zh-CN">${pieces.join('')}</div>`
}

const noteHtml = (note: string): string =>
  `<li class="neutral"><span class="sign" aria-hidden="true">!</span>${esc(note)}</li>`

function meaningHtml(m: Meaning, say: Say): string {
  const important = m.important ? ` <span class="tag important">${say('涉及重要权益', 'important right')}</span>` : ''
  return `<li class="${m.direction}"><span class="sign" aria-hidden="true">${SIGNS[m.direction]}</span>${esc(m.summary)} <span class="tag">${esc(meaningName(m.kind, say))}</span>${important}</li>`
}

/** What the filters ask of one change. */
interface Item {
  readonly change: Change
  readonly id: string
  readonly directions: readonly string[]
  readonly severities: readonly Severity[]
  readonly found: ReturnType<typeof findingsIn>
}

function itemOf(change: Change, index: number, diff: VersionDiff): Item {
  const found = findingsIn(change, diff)
  const directions = new Set(change.meanings.map(m => m.direction))
  const severities = new Set([...found.introduced, ...found.fixed, ...found.carried].map(f => f.severity))
  return {
    change,
    id: `c${index + 1}`,
    directions: DIRECTIONS.filter(d => directions.has(d)),
    severities: SEVERITIES.filter(s => severities.has(s)),
    found,
  }
}

/** "新，第 14 行"; the files are named on top of the page. */
function placeOf({ old, new: now }: Change, say: Say): string {
  const [zh, en, first] = now[0] === undefined ? ['旧', 'old', old[0]] : ['新', 'new', now[0]]
  return first === undefined ? '' : say(`${zh}，第 ${first.start.line} 行`, `${en}, line ${first.start.line}`)
}

/** The first words of a change, for the index. */
function opening({ old, new: now }: Change): string {
  return Array.from((now[0] ?? old[0])?.text.trimStart() ?? '')
    .slice(0, INDEX_WORDS)
    .join('')
}

/** A path with its folders in the background. */
function pathHtml(path: string): string {
  const name = path.lastIndexOf('/') + 1
  return `<bdi><span class="folder">${esc(path.slice(0, name))}</span>${esc(path.slice(name))}</bdi>`
}

function changeHtml(item: Item, number: number, ids: FindingIds, say: Say): string {
  const { change, id, found } = item
  const place = placeOf(change, say)
  const whole = change.old.length === 0 || change.new.length === 0
  const tags = [
    `<span class="tag">${changeName(change.kind, say)}</span>`,
    ...item.directions
      .filter(d => d !== 'neutral')
      .map(d => `<span class="tag ${d}">${directionName(d as Meaning['direction'], say)}</span>`),
    ...(change.editorial ? [`<span class="tag">${say('仅文字性调整', 'editorial')}</span>`] : []),
  ]
  const line = (f: Finding, kind: string, tag: string) =>
    `<li><span class="tag ${kind}">${tag}</span> ${severityTag(f, say)} <a href="#${ids.get(f) ?? ''}"><code>${esc(f.ruleId)}</code></a> ${esc(f.message)}</li>`
  const said = [...change.meanings.map(m => meaningHtml(m, say)), ...(change.notes ?? []).map(noteHtml)]
  const lines = [
    ...found.introduced.map(f => line(f, 'error', say('新增', 'introduced'))),
    ...found.fixed.map(f => line(f, 'fixed', say('消除', 'fixed'))),
    ...found.carried.map(f => line(f, '', say('沿用', 'carried over'))),
  ]
  return `<article class="change${isMinor(change) ? ' minor' : ''}${whole ? ' whole' : ''}" id="${id}" tabindex="-1" aria-labelledby="${id}-name" data-item data-kind="${change.kind}" data-direction="${item.directions.join(' ')}" data-severity="${item.severities.join(' ')}"${isMinor(change) ? ' data-minor' : ''}>
<header><h3 id="${id}-name"><a href="#${id}">${number}</a><span lang="zh-CN">${esc(clauseName(change, say))}</span></h3>${tags.join('')}<span class="place">${esc(place)}</span></header>
${said.length === 0 ? '' : `<ul class="meanings">${said.join('')}</ul>\n`}${redlineHtml(change, say)}
${lines.length === 0 ? '' : `<ul class="found">${lines.join('')}</ul>\n`}</article>`
}

function groups(items: readonly Item[], say: Say): ChipGroup[] {
  const tally = (test: (item: Item) => boolean) => items.filter(test).length
  return [
    {
      group: 'kind',
      name: say('改动', 'Change'),
      chips: CHANGE_KINDS.map(kind => ({
        value: kind,
        name: changeName(kind, say),
        count: tally(item => item.change.kind === kind),
      })),
    },
    {
      group: 'direction',
      name: say('影响', 'Effect'),
      chips: DIRECTIONS.map(direction => ({
        value: direction,
        name: directionName(direction, say),
        count: tally(item => item.directions.includes(direction)),
      })),
    },
    {
      group: 'severity',
      name: say('问题', 'Findings'),
      chips: SEVERITIES.map(severity => ({
        value: severity,
        name: severityName(severity, say),
        count: tally(item => item.severities.includes(severity)),
      })),
    },
  ]
}

function findingsHtml(diff: VersionDiff, items: readonly Item[], ids: FindingIds, say: Say): string {
  const changeOf = new Map<Finding, string>()
  for (const { id, found } of items)
    for (const f of [...found.introduced, ...found.fixed, ...found.carried]) if (!changeOf.has(f)) changeOf.set(f, id)
  const group = (name: string, findings: readonly Finding[], open: boolean) => {
    if (findings.length === 0) return ''
    const list = sortFindings(findings).map(f => {
      const id = changeOf.get(f)
      const link =
        id === undefined ? '' : `<a href="#${id}">${say(`见改动 ${id.slice(1)}`, `change ${id.slice(1)}`)}</a>`
      return findingHtml(f, ids.get(f) ?? '', link, say)
    })
    return `<details class="group"${open ? ' open' : ''}><summary>${name}${say(`（${findings.length}）`, ` (${findings.length})`)}</summary>${list.join('')}</details>`
  }
  const { introduced, fixed, carried } = diff.findings
  if (introduced.length + fixed.length + carried.length === 0) return ''
  return `<section id="findings"><h2>${say('合规问题', 'Findings')}</h2>
${group(say('新增', 'Introduced'), introduced, true)}
${group(say('已消除', 'Fixed'), fixed, false)}
${group(say('沿用', 'Carried over'), carried, false)}
</section>`
}

/** One self-contained page, ending in a line feed. */
export function diffHtml(diff: VersionDiff, { lang }: { readonly lang: Lang }): string {
  const say = sayIn(lang)
  const items = diff.changes.map((change, i) => itemOf(change, i, diff))
  const { introduced, fixed, carried } = diff.findings
  const ids: FindingIds = new Map(
    [...sortFindings(introduced), ...sortFindings(fixed), ...sortFindings(carried)].map((f, i) => [f, `f${i + 1}`]),
  )
  const worse = items.filter(item => item.directions.includes('worse')).length
  const needs = needsLines(diff, say)
  const minor = items.filter(item => isMinor(item.change)).length
  const note = minorLine(diff.changes, say)
  const top = `<p class="brand">clauselint · ${say('规则修改对照', 'Changes to the rules')}</p>
<h1>${pathHtml(diff.old.path)} <span class="arrow">→</span> ${pathHtml(diff.new.path)}</h1>
<dl class="tiles">${[
    tile(say('实质性改动', 'Substantive changes'), diff.substantive),
    tile(say('含不利影响', 'With a worse effect'), worse, 'bad'),
    tile(say('新增问题', 'Findings introduced'), introduced.length, 'bad'),
    tile(say('消除问题', 'Findings fixed'), fixed.length, 'good'),
    tile(say('沿用问题', 'Carried over'), carried.length),
  ].join('')}</dl>
<p class="soft also">${substantiveLine(diff.changes, say)}${note === '' ? '' : `${say('；', '. ')}${note}`}${say('。', '.')}</p>
${needs.length === 0 ? '' : `<section class="needs" role="note"><h2>${say('这次修改还要求', 'These changes also ask for')}</h2><ul>${needs.map(line => `<li>${esc(line)}</li>`).join('')}</ul></section>`}`
  const buttons = [
    minor === 0
      ? ''
      : `<button type="button" class="chip" id="minor" aria-pressed="false">${say('含文字性调整', 'Editorial too')} <b>${minor}</b></button>`,
    `<button type="button" class="chip" id="side" aria-pressed="false" data-before="${say('旧', 'Old')}" data-after="${say('新', 'New')}" data-none="${say('（无）', '(nothing)')}">${say('并排对照', 'Side by side')}</button>`,
  ].join('\n')
  const links = items.map(({ id, change, directions }, i) => {
    const sign = directions.includes('worse') ? '▼' : directions.includes('better') ? '▲' : ''
    const tone = sign === '▼' ? 'worse' : sign === '▲' ? 'better' : 'neutral'
    return `<li><a href="#${id}"><span class="n">${i + 1}</span><span class="what" lang="zh-CN">${esc(clauseName(change, say))} <span class="soft">${esc(opening(change))}</span></span><span class="${tone}"><span class="sign dot">${sign}</span></span></a></li>`
  })
  const main = `<h2 class="unseen">${say('改动', 'Changes')}</h2>
${items.map((item, i) => changeHtml(item, i + 1, ids, say)).join('\n')}
<p class="empty" id="empty" hidden>${diff.changes.length === 0 ? say('条款没有差别。', 'No clause differs.') : say('没有符合筛选条件的改动。', 'No change fits the filters.')}</p>
${findingsHtml(diff, items, ids, say)}
${noticesHtml(diff.notices, say)}`
  return page({
    lang,
    say,
    title: `${say('规则修改对照', 'Changes to the rules')}${say('：', ': ')}${diff.new.path}`,
    top,
    groups: groups(items, say),
    buttons,
    shown: say('显示 {n} / {all} 处', '{n} of {all} shown'),
    placeholder: say('搜索条款、文字、问题（/）', 'Search text, findings (/)'),
    index:
      items.length < 2
        ? ''
        : `<nav class="index" aria-label="${say('改动目录', 'Index of changes')}"><ol>${links.join('')}</ol></nav>`,
    main,
    foot: `<p>${say('旧', 'Old')}${say('：', ': ')}<bdi>${esc(diff.old.path)}</bdi> <span class="place">sha256 ${esc(diff.old.sha256)}</span></p>
<p>${say('新', 'New')}${say('：', ': ')}<bdi>${esc(diff.new.path)}</bdi> <span class="place">sha256 ${esc(diff.new.sha256)}</span></p>
<p>${say(`共 ${diff.changes.length} 处改动。本页不访问网络。`, `${count(diff.changes.length, 'change')} in all. This page does not use the network.`)}</p>`,
    keys: [
      ['j', say('下一处改动', 'next change')],
      ['k', say('上一处改动', 'previous change')],
      ['s', say('并排 / 合并显示', 'side by side or inline')],
      ['/', say('搜索', 'search')],
      ['Esc', say('清除搜索', 'clear the search')],
      ['?', say('本说明', 'this help')],
    ],
  })
}
