/** Reads a *.scenario file: files, command, standard input, and what must come out of it. */

export interface Scenario {
  /** What it shows: the comment lines at the top. */
  readonly idea: string
  readonly files: ReadonlyMap<string, string>
  readonly env: Readonly<Record<string, string>>
  readonly args: readonly string[]
  readonly stdin: string
  readonly status: number
  /** Whole expected output, or the lines that must occur in this order; 'not' lines must not occur anywhere. */
  readonly streams: readonly {
    readonly stream: 'stdout' | 'stderr'
    readonly how: 'exactly' | 'has' | 'not'
    readonly text: string
  }[]
}

const words = (line: string) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(match => match[1] ?? match[2] ?? '')

/**
 * Sections start with `=== name ===`: `file PATH`, `env` (NAME=value lines), `command` (one line starting with
 * clauselint), `stdin`, `status`, `stdout`/`stderr` (lines that must occur, in order), `stdout exactly`, `stdout not`.
 */
export function parseScenario(source: string): Scenario {
  const [head = '', ...rest] = source.split(/^=== (.+) ===\n/m)
  const files = new Map<string, string>()
  const env: Record<string, string> = {}
  const streams: Scenario['streams'][number][] = []
  let args: string[] = []
  let stdin = ''
  let status = Number.NaN
  for (let i = 0; i < rest.length; i += 2) {
    const [name = '', detail = ''] = (rest[i] ?? '').split(' ')
    const body = rest[i + 1] ?? ''
    if (name === 'file') files.set(detail, body.replace(/\n\n$/, '\n'))
    else if (name === 'env')
      for (const line of body.trim().split('\n')) env[line.split('=')[0] ?? ''] = line.slice(line.indexOf('=') + 1)
    else if (name === 'command') args = words(body.trim()).slice(1)
    else if (name === 'stdin') stdin = body
    else if (name === 'status') status = Number(body.trim())
    else if (name === 'stdout' || name === 'stderr') {
      const how = detail === '' ? 'has' : detail
      if (how !== 'has' && how !== 'exactly' && how !== 'not') throw new Error(`unknown section ${rest[i]}`)
      streams.push({ stream: name, how, text: body })
    } else throw new Error(`unknown section ${rest[i]}`)
  }
  if (Number.isNaN(status)) throw new Error('a scenario needs a status')
  return { idea: head.replace(/^# ?/gm, '').trim(), files, env, args, stdin, status, streams }
}
