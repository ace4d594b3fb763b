/** Word by word: what was struck out of a passage and what was put in. */
import { diffArrays } from 'diff'
import type { Edit } from './types.js'

const HAN_NUMBER = '[〇零一二两兩三四五六七八九十百千万萬亿億半]'
const UNIT =
  '[个個]?(?:工作日|自然日|交易日|日历日|小[时時]|分[钟鐘]|秒|年|月|[周週]|星期|天|日|[时時]|元|美元|角|分|倍|次|件|[笔筆]|[条條]|款|[项項]|份|人|家|[个個]|[级級]|[户戶]|%|％|‰|折|公里|千克|公斤|克|米|字|[张張]|位|GB|MB|KB)?'
/** What is read as one word: law names, defined terms, dates, quantities with their unit, references, Latin words. */
const WHOLE = new RegExp(
  [
    '《[^》\\n]{1,40}》',
    '“[^”\\n]{1,12}”',
    '[\\d０-９]{4}\\s?年\\s?[\\d０-９]{1,2}\\s?月(?:\\s?[\\d０-９]{1,2}\\s?日)?',
    '\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}',
    '[\\d０-９]{1,2}月[\\d０-９]{1,2}日',
    `第(?:${HAN_NUMBER}{1,6}|[\\d０-９]+(?:\\.\\d+)*)[编編章节節条條款项項]`,
    `百分之${HAN_NUMBER}+(?:点${HAN_NUMBER}+)?`,
    `${HAN_NUMBER}+分之${HAN_NUMBER}+`,
    `(?:人民币|[¥￥$]\\s?)?[\\d０-９]+(?:,\\d{3})*(?:[.．][\\d０-９]+)*\\s?[万萬亿億]?${UNIT}`,
    `${HAN_NUMBER}+${UNIT.slice(0, -1)}`,
    '[A-Za-z][A-Za-z0-9_.@-]*[A-Za-z0-9]|[A-Za-z]',
    '\\s+',
  ].join('|'),
  'gu',
)
/** More edits than this and two texts have nothing in common worth showing; bounds the time of one pair. */
const MAX_EDITS = 600
/** Texts longer than this are compared by sentences first and by words only where sentences differ. */
const LONG = 1500

let segmenter: Intl.Segmenter | undefined

/** The words of a text, concatenating to it exactly. */
function words(text: string): string[] {
  const tokens: string[] = []
  const plain = (part: string): void => {
    if (part.length < 2) {
      if (part) tokens.push(part)
      return
    }
    segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' })
    for (const { segment } of segmenter.segment(part)) tokens.push(segment)
  }
  let at = 0
  for (const match of text.matchAll(WHOLE)) {
    plain(text.slice(at, match.index))
    tokens.push(match[0])
    at = match.index + match[0].length
  }
  plain(text.slice(at))
  return tokens
}

/**
 * The edits that turn `oldText` into `newText`: equal+delete concatenate to the old text, equal+insert to the new one.
 * Words that stand alone between two edits are drawn into them, so that a rewritten phrase reads as one edit.
 */
export function edits(oldText: string, newText: string): Edit[] {
  if (oldText === newText) return oldText === '' ? [] : [{ kind: 'equal', text: oldText }]
  const [head, tail] = commonEnds(oldText, newText)
  const [old, fresh] = [oldText, newText].map(text => text.slice(head, text.length - tail)) as [string, string]
  const middle =
    Math.max(old.length, fresh.length) > LONG
      ? compareTokens(sentences(old), sentences(fresh)).flatMap(run =>
          run.old && run.new ? compareTokens(words(run.old), words(run.new)) : [run],
        )
      : compareTokens(words(old), words(fresh))
  const ends = [oldText.slice(0, head), oldText.slice(oldText.length - tail)].map(equal => ({
    equal,
    old: '',
    new: '',
  }))
  const runs = [ends[0]!, ...middle, ends[1]!].filter(run => run.equal || run.old || run.new)
  return withoutParticles(withoutIslands(runs)).flatMap(run => {
    if (run.equal) return [{ kind: 'equal', text: run.equal } as const]
    const both: Edit[] = []
    if (run.old) both.push({ kind: 'delete', text: run.old })
    if (run.new) both.push({ kind: 'insert', text: run.new })
    return both
  })
}

/** How much both texts have in common at their start and at their end, up to a stop: words are only sought between. */
function commonEnds(old: string, fresh: string): [head: number, tail: number] {
  const limit = Math.min(old.length, fresh.length)
  let head = 0
  while (head < limit && old.charCodeAt(head) === fresh.charCodeAt(head)) head++
  while (head > 0 && !/[，。；：]/.test(old.charAt(head - 1))) head--
  const room = limit - head
  let tail = 0
  while (tail < room && old.charCodeAt(old.length - 1 - tail) === fresh.charCodeAt(fresh.length - 1 - tail)) tail++
  while (tail > 0 && !/[，。；：]/.test(old.charAt(old.length - tail))) tail--
  return [head, tail]
}

/** The sentences, cells and lines of a long text, concatenating to it exactly. */
const sentences = (text: string): string[] => text.match(/[^。；！？\s%]*[。；！？\s%]+|[^。；！？\s%]+/g) ?? []

function compareTokens(old: string[], fresh: string[]): Run[] {
  const parts = diffArrays(old, fresh, { maxEditLength: MAX_EDITS }) ?? [
    { value: old, removed: true, added: false },
    { value: fresh, removed: false, added: true },
  ]
  const runs: Run[] = []
  for (const { value, added, removed } of parts) {
    const text = value.join('')
    const last = runs.at(-1)
    if (!added && !removed) runs.push({ equal: text, old: '', new: '' })
    else if (last && last.equal === '') {
      if (removed) last.old += text
      else last.new += text
    } else runs.push({ equal: '', old: removed ? text : '', new: added ? text : '' })
  }
  return runs
}

/** Text that stayed, or (with `equal` empty) what was struck out and put in at one place. */
interface Run {
  equal: string
  old: string
  new: string
}

const wordCount = (text: string): number => text.replace(/[\s\p{P}]/gu, '').length

/** Whether so few words stayed between two edits that reading across them is easier. */
function isIsland(before: Run, { equal }: Run, after: Run): boolean {
  const size = wordCount(equal)
  if (/[。；！？;]/.test(equal) && size > 0) return false
  const around = Math.min(
    Math.max(wordCount(before.old), wordCount(before.new)),
    Math.max(wordCount(after.old), wordCount(after.new)),
  )
  const replaced = (run: Run): boolean => run.old !== '' && run.new !== ''
  if (size === 0) return replaced(before) && replaced(after)
  if (size === 1) return around > 1
  return size <= 4 && around >= size * 2 && (replaced(before) || replaced(after))
}

/** Joins neighbours of one kind, as the two steps over long texts leave them. */
function joined(runs: readonly Run[]): Run[] {
  const out: Run[] = []
  for (const run of runs) {
    const last = out.at(-1)
    if (last && (last.equal === '') === (run.equal === '')) {
      last.equal += run.equal
      last.old += run.old
      last.new += run.new
    } else out.push({ ...run })
  }
  return out
}

function withoutIslands(runs: readonly Run[]): Run[] {
  let current = joined(runs)
  for (let changed = true; changed; ) {
    changed = false
    const next: Run[] = []
    for (let i = 0; i < current.length; i++) {
      const run = current[i] as Run
      const before = next.at(-1)
      const after = current[i + 1]
      if (run.equal && before && !before.equal && after && !after.equal && isIsland(before, run, after)) {
        before.old += run.equal + after.old
        before.new += run.equal + after.new
        changed = true
        i++
      } else next.push({ ...run })
    }
    current = next
  }
  return current
}

const PARTICLE = /[在的了和与及或并将向对由按以于]/

/** Hands a particle that both sides of a replacement end in back to the text that stayed: 应当在 → 可以在. */
function withoutParticles(runs: readonly Run[]): Run[] {
  return joined(
    runs.flatMap(run => {
      const last = run.old.at(-1) ?? ''
      if (run.equal || run.old.length < 2 || run.new.length < 2 || last !== run.new.at(-1) || !PARTICLE.test(last))
        return [run]
      return [
        { equal: '', old: run.old.slice(0, -1), new: run.new.slice(0, -1) },
        { equal: last, old: '', new: '' },
      ]
    }),
  )
}
