/** Compares two versions of one document: changes with their meaning, and the findings that came, went or stayed. */
import type { Annotated } from '../annotate/index.js'
import { recheckerFor } from '../check/incremental.js'
import type { CheckOptions } from '../check/index.js'
import { toSource } from '../read/source-map.js'
import { bigrams, likeness } from '../text/likeness.js'
import type { Document, Finding, Lang, Notice, Span } from '../types.js'
import { announcement } from './announce.js'
import { compare } from './diff.js'
import { explainer, needs } from './explain.js'
import { PROCEDURE } from './procedure.js'
import type { Announcement, Change, ClauseText, FindingChanges, VersionDiff } from './types.js'

/** Pure: two documents in, their differences out. */
export function compareVersions(before: Document, after: Document, options: CheckOptions): VersionDiff {
  const { lang = 'zh' } = options
  const recheck = recheckerFor(options)
  const [was, is] = [recheck(before), recheck(after)]
  const [old, now] = [was.annotated, is.annotated]
  const [oldSaid, newSaid] = [announcement(old, null), announcement(now, null)]
  const { changes, summary, pairs } = compare(old.parsed, now.parsed, {
    oldWithin: within(oldSaid),
    newWithin: within(newSaid),
    explain: explainer(old, now, lang),
    lang,
  })
  return {
    old: { path: before.path, sha256: before.sha256 },
    new: { path: after.path, sha256: after.sha256 },
    changes,
    findings: findingChanges(inBody(was.findings, before, oldSaid), inBody(is.findings, after, newSaid), changes),
    summary,
    substantive: changes.filter(c => !c.editorial).length,
    needs: needs(
      changes,
      lang,
      pairs.reduce((sum, pair) => sum + pair.new.length, 0),
      newSaid,
    ),
    notices: [
      ...frontMatterChange(before, after, lang),
      ...announcementChange([old, oldSaid], [now, newSaid], lang),
      ...is.notices,
    ],
  }
}

/** Front matter is no clause: that it changed is said, and where. */
function frontMatterChange(before: Document, after: Document, lang: Lang): Notice[] {
  const [old, now] = [before.frontMatter, after.frontMatter]
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    key => JSON.stringify(old[key]) !== JSON.stringify(now[key]),
  )
  if (keys.length === 0) return []
  const said = (value: unknown): string =>
    value === undefined
      ? lang === 'zh'
        ? '无'
        : 'none'
      : value instanceof Date
        ? value.toISOString().slice(0, 10)
        : typeof value === 'string'
          ? value
          : JSON.stringify(value)
  const list = keys.map(key => `${key} ${said(old[key])} → ${said(now[key])}`).join(lang === 'zh' ? '；' : '; ')
  const message =
    lang === 'zh'
      ? `文档开头的信息有变化，不计入条款改动：${list}。`
      : `The front matter changed, which is no change of a clause: ${list}.`
  return [{ code: 'front-matter-changed', path: after.path, message }]
}

/** How many sentences of a notice are quoted, and how much of each. */
const QUOTED = 3
const QUOTE = 40

/** What stands around the rule is not compared clause by clause: that it changed is said, with its words. */
function announcementChange(
  old: readonly [Annotated, Announcement],
  now: readonly [Annotated, Announcement],
  lang: Lang,
): Notice[] {
  const words = ([{ parsed }, said]: readonly [Annotated, Announcement]): ReadonlyMap<string, string> => {
    const { body, skip } = within(said)
    const outside = parsed.sentences.filter(
      ({ span }) =>
        span.end <= body.start || span.start >= body.end || skip.some(s => span.start < s.end && s.start < span.end),
    )
    return new Map(
      outside.map(({ span }) => {
        const text = parsed.document.text.slice(span.start, span.end).replace(/\s+/g, ' ').trim()
        return [text.replace(/[^\p{L}\p{N}]+/gu, ''), text]
      }),
    )
  }
  const [was, is] = [words(old), words(now)]
  const only = (these: ReadonlyMap<string, string>, those: ReadonlyMap<string, string>): string[] =>
    [...these].filter(([key]) => key !== '' && !those.has(key)).map(([, text]) => text)
  const [gone, come] = [only(was, is), only(is, was)]
  if (gone.length + come.length === 0) return []
  const zh = lang === 'zh'
  const quote = (text: string): string => {
    const short = text.length > QUOTE ? `${text.slice(0, QUOTE)}…` : text
    return zh ? `“${short}”` : `"${short}"`
  }
  const list = (texts: readonly string[]): string =>
    texts
      .slice(0, QUOTED)
      .map(quote)
      .join(zh ? '、' : ', ') + (texts.length > QUOTED ? (zh ? '等' : ' …') : '')
  const parts = [
    ...(gone.length > 0 ? [`${zh ? '删去' : 'removed: '}${list(gone)}`] : []),
    ...(come.length > 0 ? [`${zh ? '增加' : 'added: '}${list(come)}`] : []),
  ].join(zh ? '；' : '; ')
  const message = zh
    ? `规则正文之外的公告文字有变化，没有逐条比较：${parts}。`
    : `The announcement around the rule changed, which is not compared clause by clause: ${parts}.`
  return [{ code: 'announcement-changed', path: now[0].parsed.document.path, message }]
}

/** What of a document is compared: the rule itself, without the notice around it and the wording it replaces. */
export function within(said: Announcement): { readonly body: Span; readonly skip: readonly Span[] } {
  return { body: said.body, skip: [...said.notice, ...said.oldWording] }
}

/** Findings about the rule itself, without those about its notice and about how it was made. */
export function inBody(findings: readonly Finding[], document: Document, { body }: Announcement): readonly Finding[] {
  const from = body.start === 0 ? 0 : toSource(document, body).start
  return findings.filter(f => f.start.offset >= from && !PROCEDURE.has(f.ruleId))
}

/**
 * Pairs findings by fingerprint; what is left by rule and words, for an altered clause takes another fingerprint while
 * its breach may stay what it was; what is left then by rule and place: two sides of one change, with evidence that has
 * words in common. Each finding is paired once. Carried findings are given where they stand now.
 */
export function findingChanges(
  old: readonly Finding[],
  now: readonly Finding[],
  changes: readonly Change[] = [],
): FindingChanges {
  const carried = new Set<Finding>()
  const open = new Set(old)
  const pair = (finding: Finding, twin: Finding | undefined): void => {
    if (twin === undefined) return
    carried.add(finding)
    open.delete(twin)
  }
  const pairBy = (key: (f: Finding) => string): void => {
    const was = new Map<string, Finding[]>()
    for (const finding of open) was.set(key(finding), [...(was.get(key(finding)) ?? []), finding])
    for (const finding of now) if (!carried.has(finding)) pair(finding, was.get(key(finding))?.shift())
  }
  pairBy(f => `${f.ruleId} ${f.fingerprint}`)
  pairBy(f => `${f.ruleId} ${f.evidence} ${f.sentence}`)
  const pairFirst = (alike: (f: Finding, was: Finding) => boolean): void => {
    for (const finding of now)
      if (!carried.has(finding))
        pair(
          finding,
          [...open].find(f => f.ruleId === finding.ruleId && alike(finding, f)),
        )
  }
  pairFirst((f, was) => likeness(pairsOf(f.sentence), pairsOf(was.sentence)) >= SAME_SENTENCE)
  pairFirst((f, was) => {
    const same = changes.some(c => isIn(was, c.old) && isIn(f, c.new))
    return same && overlap(pairsOf(f.evidence), pairsOf(was.evidence)) >= SAME_EVIDENCE
  })
  return {
    introduced: now.filter(f => !carried.has(f)),
    fixed: old.filter(f => open.has(f)),
    carried: now.filter(f => carried.has(f)),
  }
}

/** Common share of two sentences' character pairs from which one is an edit of the other. */
const SAME_SENTENCE = 0.5
/** How much of the shorter evidence is in the longer one where an altered clause still breaks the same rule in the same way. */
const SAME_EVIDENCE = 0.3

const pairsOf = (sentence: string) => bigrams(sentence.replace(/[^\p{L}\p{N}]+/gu, ''))

const overlap = (a: ReadonlySet<string>, b: ReadonlySet<string>): number =>
  [...a].filter(pair => b.has(pair)).length / Math.max(1, Math.min(a.size, b.size))

const isIn = ({ start, end }: Finding, texts: readonly ClauseText[]): boolean =>
  texts.some(t => start.offset < t.end.offset && end.offset > t.start.offset)
