/** Sorts files into series: the versions and stages of one rule, by folder, name and content, oldest first. */
import type { DocumentDates } from '../annotate/dates.js'
import { dayFrom } from '../text/day.js'
import { namedStage } from './announce.js'
import type { Stage } from './types.js'

/** A file as its name and, where that is not enough, its content show it. */
export interface Candidate {
  readonly path: string
  /** ISO day from the file's name or folder, null where there is none. */
  readonly seen: string | null
  /** What is left of the name without date, stage and counter: '' for "2026-05-29-公示.txt". */
  readonly stem: string
  /** Folder without dates. */
  readonly folder: string
}

const DAY = /((?:19|20)\d{2})[-_.年]?(\d{2})[-_.月]?(\d{2})日?/
const STAGE_WORDS =
  /意见征集稿?|征求意见稿?|征集意见|公示稿?|现行|生效|已?失效|已?废止|历史版本|consultation|publication|in-force|current|repealed|expired/gi
const COUNTER = /(?:^|[-_. ])(?:v?\d{1,3}(?:\.\d+)*|副本|copy|final|终稿|定稿)$/i
const ORDER: Readonly<Record<Stage, number>> = {
  repealed: 0,
  unknown: 1,
  consultation: 2,
  publication: 3,
  'in-force': 4,
}

function dayIn(text: string): string | null {
  const m = DAY.exec(text)
  return m === null ? null : dayFrom(m[1], m[2], m[3])
}

/** Reads a path with forward slashes: "rules/2026-05-29/用户协议-公示.md". */
export function candidate(path: string): Candidate {
  const folders = path.split('/')
  const name = (folders.pop() ?? '').replace(/\.[A-Za-z]{2,5}$/, '')
  let stem = name.replace(DAY, ' ').replace(STAGE_WORDS, ' ').trim()
  stem = stem.replace(/[-_.\s]+/g, ' ').trim()
  while (COUNTER.test(stem)) stem = stem.replace(COUNTER, '').trim()
  return {
    path,
    seen: dayIn(name) ?? folders.map(dayIn).findLast(found => found !== null) ?? null,
    stem,
    folder: folders.filter(folder => dayIn(folder) === null).join('/'),
  }
}

/**
 * Files of one folder whose names differ only in date, stage and counter are one series. `sameRule` joins series of one
 * folder whose names differ; it is asked only where a folder holds more than one.
 */
export function seriesOf(
  paths: readonly string[],
  sameRule: (a: Candidate, b: Candidate) => boolean,
): readonly (readonly Candidate[])[] {
  const groups = new Map<string, Candidate[]>()
  for (const path of paths) {
    const found = candidate(path)
    const key = `${found.folder}\n${found.stem}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [found])
    else group.push(found)
  }
  const joined: Candidate[][] = []
  for (const group of groups.values()) {
    const [first] = group as [Candidate]
    const home = joined.find(other => other[0]?.folder === first.folder && sameRule(other[0], first))
    if (home === undefined) joined.push(group)
    else home.push(...group)
  }
  return joined
}

/**
 * Oldest first: by the day that a text states (published, consulted on, in force from), else the day it was seen.
 * A repealed text without a day comes before all others. Undated files stand first, in the order of their names: none of them is taken for the newest.
 */
export function inOrder(
  group: readonly Candidate[],
  datesOf: (path: string) => DocumentDates | null,
): readonly Candidate[] {
  const keyed = group.map(found => {
    const dates = datesOf(found.path)
    const stage = namedStage(found.path.split('/').at(-1) ?? '') ?? 'unknown'
    const said = dates?.published ?? dates?.consultation?.from ?? dates?.consultation?.to ?? dates?.effective
    const day =
      stage === 'repealed' ? (dates?.effective ?? '') : ((stage === 'in-force' ? dates?.effective : said) ?? found.seen)
    return { found, day: day ?? null, rank: ORDER[stage] }
  })
  const order = (a: string | null, b: string | null): number =>
    a === b ? 0 : a === null ? -1 : b === null ? 1 : a < b ? -1 : 1
  return keyed
    .sort(
      (a, b) =>
        order(a.day, b.day) ||
        a.rank - b.rank ||
        order(a.found.seen, b.found.seen) ||
        order(a.found.path, b.found.path),
    )
    .map(({ found }) => found)
}

// ── content ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** What tells whether two texts are versions of one rule: its name and a fixed-size sample of its words. */
export interface Sketch {
  readonly title: string | null
  readonly sample: ReadonlySet<number>
}

const SHINGLE = 6
const SAMPLE = 256
/** Share of common words from which two texts of the same name, or of any name, are one rule. Measured on real histories. */
const ALIKE_NAMED = 0.15
const ALIKE = 0.5

/** The smallest hashes of a text's six-character runs: the same share of them is common as of the runs themselves. */
export function sketch(title: string | null, text: string): Sketch {
  const words = text.replace(/[^\p{L}\p{N}]+/gu, '')
  const hashes = new Set<number>()
  for (let i = 0; i + SHINGLE <= words.length; i++) {
    let hash = 0x811c9dc5
    for (let k = i; k < i + SHINGLE; k++) hash = Math.imul(hash ^ words.charCodeAt(k), 0x01000193)
    hashes.add(hash >>> 0)
  }
  return { title, sample: new Set([...hashes].sort((a, b) => a - b).slice(0, SAMPLE)) }
}

export function alike(a: Sketch, b: Sketch): boolean {
  const smallest = [...new Set([...a.sample, ...b.sample])].sort((x, y) => x - y).slice(0, SAMPLE)
  const common = smallest.filter(hash => a.sample.has(hash) && b.sample.has(hash)).length
  const share = smallest.length === 0 ? 0 : common / smallest.length
  return share >= (a.title !== null && a.title === b.title ? ALIKE_NAMED : ALIKE)
}
