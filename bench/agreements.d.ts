import type { Platform } from '../src/check/index.js'
import type { Finding } from '../src/types.js'

/** What must be found: a run of words of the sentence, none for findings about a whole rule set. */
export interface Expectation {
  readonly rule: string
  readonly evidence?: string
  readonly note?: string
}

export interface File {
  readonly path: string
  readonly bytes: Uint8Array
}

export interface Agreement extends File {
  readonly expected: readonly Expectation[]
}

export interface Folder {
  readonly folder: string
  readonly documents: readonly Agreement[]
  readonly set: { readonly platform: Platform; readonly expected: readonly Expectation[] } | null
}

export interface Comparison {
  readonly hits: readonly Finding[]
  readonly met: readonly Expectation[]
  readonly misses: readonly Expectation[]
  readonly alarms: readonly Finding[]
}

export function readAgreements(): readonly Folder[]

export function compare(findings: readonly Finding[], expected: readonly Expectation[], text?: string): Comparison

export function evaluate(
  run: (files: readonly File[], platform: Platform) => readonly Finding[],
  textOf: (file: File) => string,
): Generator<Comparison & { readonly name: string }>

export function mistakes(result: Comparison): string[]

export function knownGaps(): Readonly<Record<string, readonly string[]>>
