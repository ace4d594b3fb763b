/** Builds dist before the tests when a source is newer than it, so that the command-line tests run what is in src. */

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

function newest(folder: string): number {
  if (!existsSync(folder)) return 0
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return Math.max(0, ...files.map(file => statSync(join(file.parentPath, file.name)).mtimeMs))
}

/** Compiles src to dist if stale. Type errors are printed but stop nothing here: `npm run types` is their place. */
export function setup(): void {
  const built = newest(join(root, 'dist'))
  if (newest(join(root, 'src')) < built && newest(join(root, 'rules')) < built) return
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', root], { encoding: 'utf8' })
  if (status !== 0) process.stderr.write(`dist was built with type errors:\n${stdout}`)
  const rules = spawnSync(process.execPath, [join(root, 'dist', 'rules', 'compile.js')], { encoding: 'utf8' })
  if (rules.status !== 0) process.stderr.write(rules.stderr)
}
