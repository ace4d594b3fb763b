/** What every HTML report has: one file, nothing fetched, all text escaped; filters, findings, help. */

import { createHash } from 'node:crypto'
import type { Finding, Lang, Notice } from '../../types.js'
import { citationLine, type Say, severityName } from '../words.js'
import { SCRIPT } from './script.js'
import { STYLE } from './style.js'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** `text` for an element or a quoted attribute. */
export function esc(text: string): string {
  return text.replace(/\p{Bidi_Control}/gu, '').replace(/[&<>"']/g, char => ENTITIES[char] ?? char)
}

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export interface Chip {
  readonly value: string
  readonly name: string
  /** Items that have it; a chip without any is left out. */
  readonly count: number
}
export interface ChipGroup {
  /** Name of the items' data attribute that holds their values. */
  readonly group: string
  readonly name: string
  readonly chips: readonly Chip[]
}

export interface Page {
  readonly lang: Lang
  /** Of the window. */
  readonly title: string
  readonly say: Say
  /** HTML above the filters. */
  readonly top: string
  readonly groups: readonly ChipGroup[]
  /** HTML: buttons beside the filters. */
  readonly buttons: string
  /** "显示 {n} / {all} 处" */
  readonly shown: string
  readonly placeholder: string
  /** HTML of the index beside the items, '' for none. */
  readonly index: string
  /** HTML of the items; each carries `data-item`. */
  readonly main: string
  /** HTML at the end. */
  readonly foot: string
  readonly keys: readonly (readonly [string, string])[]
}

/** A toggle: pressed filters, unpressed does not. */
function chipGroup({ group, name, chips }: ChipGroup): string {
  const shown = chips.filter(chip => chip.count > 0)
  if (shown.length === 0) return ''
  const buttons = shown.map(
    chip =>
      `<button type="button" class="chip" data-group="${group}" data-value="${esc(chip.value)}" aria-pressed="false">${esc(chip.name)} <b>${chip.count}</b></button>`,
  )
  return `<fieldset><legend>${esc(name)}</legend>${buttons.join('')}</fieldset>`
}

/** The whole page, ending in a line feed. */
export function page(p: Page): string {
  const { say } = p
  const policy = [
    "default-src 'none'",
    `style-src ${hash(STYLE)}`,
    `script-src ${hash(SCRIPT)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const keys = p.keys.map(([key, what]) => `<dt><kbd>${esc(key)}</kbd></dt><dd>${esc(what)}</dd>`).join('')
  return `<!doctype html>
<html lang="${p.lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="clauselint">
<link rel="icon" href="data:,">
<title>${esc(p.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#items">${say('跳到内容', 'Skip to content')}</a>
<header class="top">
${p.top}
</header>
<form class="filters" role="search" aria-label="${say('筛选', 'Filters')}"><div>
<label><input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="${esc(p.placeholder)}" aria-label="${esc(p.placeholder)}"></label>
<output id="shown" aria-live="polite" data-text="${esc(p.shown)}"></output>
${p.groups.map(chipGroup).filter(Boolean).join('\n')}
${p.buttons}
<button type="button" class="chip" id="ask" aria-label="${say('快捷键', 'Keyboard')}">?</button>
</div></form>
<div class="layout${p.index === '' ? '' : ' indexed'}">
${p.index}
<main id="items" tabindex="-1">
${p.main}
</main>
</div>
<footer class="foot">
${p.foot}
</footer>
<dialog id="help" aria-labelledby="help-title">
<h2 id="help-title">${say('快捷键', 'Keyboard')}</h2>
<dl>${keys}</dl>
<button type="button" class="chip" id="close">${say('关闭', 'Close')}</button>
</dialog>
<script>${SCRIPT}</script>
</body>
</html>
`
}

/** A severity as a tag. */
export const severityTag = (f: Finding, say: Say): string =>
  `<span class="tag ${f.severity}">${severityName(f.severity, say)}</span>`

/** One finding in full. `about` is HTML behind the rule: a link, a date. */
export function findingHtml(f: Finding, id: string, about: string, say: Say): string {
  const fields = [
    [say('原文', 'Words'), f.evidence, ' lang="zh-CN"'],
    [say('依据', 'Law'), citationLine(f.citations, say), ' lang="zh-CN"'],
    [say('后果', 'Effect'), f.consequence, ''],
    [say('建议', 'Fix'), f.suggestion, ''],
  ] as const
  const rows = fields.map(([name, text, its]) => (text === '' ? '' : `<dt>${name}</dt><dd${its}>${esc(text)}</dd>`))
  const place = `${f.path}:${f.start.line}:${f.start.column}`
  return `<div class="finding ${f.severity}" id="${id}" tabindex="-1">
<p>${severityTag(f, say)} <code>${esc(f.ruleId)}</code> ${esc(f.clause)} ${about} <span class="place">${esc(place)}</span></p>
<p>${esc(f.message)}</p>
<dl>${rows.join('')}</dl>
</div>`
}

/** What was not compared; '' where there is nothing to say. */
export function noticesHtml(notices: readonly Notice[], say: Say): string {
  if (notices.length === 0) return ''
  const items = notices.map(({ path, line, message }) => {
    const place = line === undefined ? path : `${path}:${line}`
    return `<li><span class="place">${esc(place)}</span> ${esc(message)}</li>`
  })
  return `<section><h2>${say('未比较或有保留', 'Not compared, or with a reservation')}</h2><ul>${items.join('')}</ul></section>`
}

/** One of the numbers on top. `tone` colours it. */
export const tile = (name: string, value: number, tone: 'bad' | 'good' | '' = ''): string =>
  `<div${tone !== '' && value > 0 ? ` class="${tone}"` : ''}><dt>${esc(name)}</dt><dd>${value}</dd></div>`
