/** Reads and examines one file after another: what the threads of a check share. */

import { readFileSync } from 'node:fs'
import { benchOf } from '../check/index.js'
import { type Examined, examiner, type ExamineOptions, type Terms } from '../check/examine.js'
import { readDocument, ReadError } from '../read/index.js'
import type { RuleSet } from '../rules/types.js'
import { sayIn } from '../report/words.js'
import type { Document, Lang, Notice } from '../types.js'
import { systemMessage } from './inputs.js'

/** A document, or one sentence that says why there is none. */
export type ReadFile = { readonly document: Document } | { readonly message: string }

/** One file to examine. Plain data, as what became of it. */
export interface Task {
  /** As it is shown; decides the format. */
  readonly path: string
  /** Null for standard input. */
  readonly file: string | null
  /** Put over the document's own front matter. */
  readonly facts: Readonly<Record<string, unknown>>
  readonly terms: Terms
}

/** The options of a run that decide what its documents show, beside the rules. */
export type FileOptions = Omit<ExamineOptions, 'rules'> & { readonly lang: Lang }

/** What a document shows, with the notices of its reader. */
export interface Shown {
  readonly examined: Examined
  readonly notices: readonly Notice[]
}

/** What became of a file: what it shows, or one sentence that says why it can't be read. */
export type Done = Shown | { readonly message: string }

/** Takes a task, if no other thread has it. */
export const take = (taken: Int32Array, number: number): boolean => Atomics.compareExchange(taken, number, 0, 1) === 0

/** Reads the bytes of one file; `path` decides the format and stands in findings. */
export function readFileOr(path: string, bytes: Uint8Array | (() => Uint8Array), lang: Lang): ReadFile {
  const say = sayIn(lang)
  try {
    return { document: readDocument(typeof bytes === 'function' ? bytes() : bytes, path, { lang }) }
  } catch (error) {
    if (error instanceof ReadError) return { message: error.texts[lang].replace(`${path}${say('：', ': ')}`, '') }
    if (typeof (error as NodeJS.ErrnoException).syscall === 'string') return { message: systemMessage(error, say) }
    throw error
  }
}

/** The document with facts stated elsewhere put over its own front matter. */
export function withFacts(document: Document, facts: Task['facts']): Document {
  return Object.keys(facts).length === 0
    ? document
    : { ...document, frontMatter: { ...document.frontMatter, ...facts } }
}

/** Examines files by the rules of `options`; `bytes` are those of standard input. */
export function fileExaminer(options: FileOptions & { readonly rules: RuleSet }): {
  readonly file: (task: Task, bytes?: Uint8Array) => Done
  readonly document: (document: Document, terms: Terms) => Shown
} {
  const examine = examiner(options)
  const examined = (document: Document, terms: Terms): Shown => ({
    examined: examine(benchOf(document, options.rules), terms),
    notices: document.notices,
  })
  return {
    document: examined,
    file: ({ path, file, facts, terms }, bytes) => {
      const read = readFileOr(path, bytes ?? (() => readFileSync(file ?? path)), options.lang)
      return 'document' in read ? examined(withFacts(read.document, facts), terms) : read
    },
  }
}
