/** The dates of a series drawn to scale: one row per version, nothing drawn that the documents do not say. */

import type { Series } from '../../versions/types.js'
import { daysOr, stageName } from '../changes.js'
import type { Say } from '../words.js'
import { esc } from './page.js'

const ROW = 30
/** Left and right edge of the scale, in percent of the width. */
const LEFT = 5
const RIGHT = 97
const DAY = 86_400_000

const dayNumber = (iso: string) => Date.parse(`${iso}T00:00:00Z`) / DAY

/** Days at which the scale is labelled: weeks, or firsts of months and years, six or so. */
function ticks(from: number, to: number): { readonly day: number; readonly label: string }[] {
  const iso = (day: number) => new Date(day * DAY).toISOString()
  const out: { day: number; label: string }[] = []
  const week = [1, 2, 4].find(n => (to - from) / (7 * n) <= 7)
  if (week !== undefined) {
    // Day 4 of the epoch was a Monday.
    for (let day = Math.ceil((from - 4) / 7) * 7 + 4; day <= to; day += 7 * week)
      out.push({ day, label: iso(day).slice(out.length === 0 ? 0 : 5, 10) })
    return out
  }
  const step = [1, 2, 3, 6, 12, 24, 60].find(n => (to - from) / 30.4 / n <= 7) ?? 120
  for (let month = new Date(from * DAY).getUTCFullYear() * 12; ; month += step) {
    const day = Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY
    if (day > to) return out
    if (day >= from) out.push({ day, label: iso(day).slice(0, step < 12 ? 7 : 4) })
  }
}

/** The drawing with its key; '' where no version states a day. The table beside it says the same in words. */
export function timelineSvg({ versions, findings }: Series, say: Say): string {
  const days = versions
    .flatMap(v => [v.consultation?.from, v.consultation?.to, v.published, v.publicityEnds, v.effective, v.seen])
    .filter(day => typeof day === 'string')
    .map(dayNumber)
    .filter(Number.isFinite)
  if (days.length === 0) return ''
  const margin = Math.max(3, (Math.max(...days) - Math.min(...days)) * 0.03)
  const from = Math.min(...days) - margin
  const to = Math.max(...days) + margin
  const x = (day: string | number) => {
    const n = typeof day === 'number' ? day : dayNumber(day)
    return `${(LEFT + ((n - from) / (to - from)) * (RIGHT - LEFT)).toFixed(2)}%`
  }
  const height = versions.length * ROW + 26
  const parts = ticks(from, to).flatMap(({ day, label }) => [
    `<line class="grid" x1="${x(day)}" x2="${x(day)}" y1="0" y2="${height - 22}"/>`,
    `<text x="${x(day)}" y="${height - 6}" text-anchor="middle">${label}</text>`,
  ])
  versions.forEach((v, i) => {
    const y = i * ROW + ROW / 2
    const bar = (kind: string, a: string, b: string, width: number, title: string) =>
      `<line class="${kind}" x1="${x(a)}" x2="${x(b)}" y1="${y}" y2="${y}" stroke-width="${width}" stroke-linecap="round"><title>${esc(title)}</title></line>`
    const own = findings.filter(f => f.path === v.path)
    const worst = own.some(f => f.severity === 'error') ? 'error' : own.length > 0 ? 'warning' : ''
    parts.push(
      `<text x="0" y="${y + 4}"${worst === '' ? '' : ` class="${worst}"`}>${i + 1}${worst === '' ? '' : ' !'}<title>${esc(stageName(v.stage, say))}</title></text>`,
    )
    if (v.published !== null && v.effective !== null)
      parts.push(bar('notice', v.published, v.effective, 2, say('公布至生效', 'published to effective')))
    const ends = v.consultation
    const consulted = ends?.from ?? ends?.to ?? null
    if (ends !== null && consulted !== null) {
      const name = `${say('征求意见', 'consultation')} ${daysOr(ends, say)}`
      parts.push(bar('consultation', consulted, ends.to ?? consulted, 10, name))
    }
    const shown = v.published ?? v.publicityEnds
    if (shown !== null) {
      const name = `${say('公示', 'publication')} ${v.published ?? '…'}–${v.publicityEnds ?? '…'}`
      parts.push(bar('publicity', shown, v.publicityEnds ?? shown, 10, name))
    }
    if (v.effective !== null)
      parts.push(
        `<text class="effective" x="${x(v.effective)}" y="${y + 5}" text-anchor="middle" font-size="15">◆<title>${say('生效', 'effective')} ${esc(v.effective)}</title></text>`,
      )
    if (v.seen !== null)
      parts.push(
        `<circle class="seen" cx="${x(v.seen)}" cy="${y}" r="7"><title>${say('见于', 'seen')} ${esc(v.seen)}</title></circle>`,
      )
  })
  const key = [
    ['consultation', '▬', say('征求意见', 'consultation')],
    ['publicity', '▬', say('公示', 'publication')],
    ['effective', '◆', say('生效', 'effective')],
    ['seen', '○', say('文本见于该日', 'text seen that day')],
  ].map(([kind, sign, name]) => `<li><i class="${kind}">${sign}</i>${name}</li>`)
  return `<svg class="timeline" role="img" aria-label="${say('时间轴，内容见下表', 'Timeline; the table below says the same')}" height="${height}">${parts.join('')}</svg>
<ul class="key" aria-hidden="true">${key.join('')}</ul>`
}
