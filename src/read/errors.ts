/** The one error the read stage throws. */
import type { Text } from '../types.js'

/**
 * `unsupported-format`: not a kind of file we read; `binary-input`: not text at all; `undecodable`: text in an unknown
 * encoding; `too-deep`: markup nested beyond what can be walked.
 */
export type ReadErrorCode = 'unsupported-format' | 'binary-input' | 'undecodable' | 'too-deep'

/** A file that can't be read. `message` is the Chinese sentence; `texts` holds it in both languages. */
export class ReadError extends Error {
  override readonly name = 'ReadError'

  constructor(
    readonly code: ReadErrorCode,
    readonly path: string,
    readonly texts: Text,
  ) {
    super(texts.zh)
  }
}
