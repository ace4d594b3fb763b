/** Errors that mean "the tool could not do its job": one sentence, with file and place where there is one. */

/** Thrown for broken rule files, configuration and input. `message` names what is wrong and what would be right. */
export class ToolError extends Error {
  readonly code: string
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null

  constructor(code: string, message: string, place: { file?: string; line?: number; column?: number } = {}) {
    const { file, line, column } = place
    super(file === undefined ? message : `${file}${line === undefined ? '' : `:${line}:${column ?? 1}`}: ${message}`)
    this.name = 'ToolError'
    this.code = code
    this.file = file ?? null
    this.line = line ?? null
    this.column = column ?? null
  }
}
