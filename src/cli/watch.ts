/** `clauselint check --watch`: checks again whenever something that the run looks at has changed, until it is stopped. */

import { existsSync, type FSWatcher, readdirSync, realpathSync, statSync, watch } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { ToolError } from '../errors.js'
import { isSupported } from '../read/index.js'
import { type Say, sayIn } from '../report/words.js'
import { type CheckOptions, runCheck } from './check.js'
import { CONFIG_FILE, configFiles, findConfigs } from './config.js'
import { collectInputs, systemMessage } from './inputs.js'
import { complain } from './output.js'

/** The state of everything a run looks at. */
interface Scene {
  /** What tells one state of a file from another, by absolute path. */
  readonly files: ReadonlyMap<string, string>
  /** Folders of those files, absolute; true where other files count too, which may be documents or rules. */
  readonly folders: ReadonlyMap<string, boolean>
}

/** How long the last change must be past, in ms: editors and scripts write in several steps. */
const PAUSE = 80

/** Refuses what would change the very files that are watched, or can't be read twice. */
function requireWatchable(named: readonly string[], options: CheckOptions, say: Say): void {
  const other =
    options.fix === 'write'
      ? '--fix'
      : options.fix === 'dry-run'
        ? '--fix-dry-run'
        : options.writeBaseline !== undefined
          ? `--${options.writeBaseline}-baseline`
          : null
  if (other !== null)
    throw new ToolError('bad-argument', say(`--watch 不能与 ${other} 同用。`, `--watch can't be used with ${other}.`))
  if (named.includes('-'))
    throw new ToolError('bad-argument', say('--watch 不能用于标准输入。', "--watch can't watch standard input."))
}

/** What a run would look at now; where a broken config hides that, what it looked at `before` too. */
function look(named: readonly string[], options: CheckOptions, before: Scene | null, say: Say): Scene {
  const folders = new Map<string, boolean>()
  const files = new Set<string>()
  const addFolder = (folder: string, isOpen: boolean): void => {
    folders.set(folder, isOpen || folders.get(folder) === true)
  }
  /** A file, its folder and, where it is a link, what it names. */
  const add = (path: string): void => {
    const file = resolve(path)
    const folder = existing(dirname(file))
    files.add(file)
    addFolder(folder, folder !== dirname(file))
    if (!existsSync(file)) return
    const real = realpathSync(file)
    files.add(real)
    addFolder(dirname(real), false)
  }
  const tops = named.length > 0 ? named : ['.']
  if (typeof options.config === 'string') for (const file of configFiles(options.config)) add(file)
  else if (options.config === undefined) {
    // A config may appear in any folder above a document.
    for (const top of tops) {
      const start = resolve(top)
      for (let folder = isFolder(start) ? start : dirname(start); ; folder = dirname(folder)) {
        for (const file of configFiles(join(folder, CONFIG_FILE))) add(file)
        if (existsSync(join(folder, '.git')) || dirname(folder) === folder) break
      }
    }
  }
  try {
    const configs = findConfigs(options.config, options.lang, () => {})
    const paths = named.length > 0 ? named : (configs.of('.')?.documents.map(({ path }) => path) ?? [])
    for (const path of paths) add(path)
    const inputs = collectInputs(paths, isSupported, say, configs)
    for (const file of inputs.files) add(file)
    for (const folder of inputs.folders) {
      addFolder(resolve(folder), true)
      add(join(folder, '.gitignore'))
      if (options.config === undefined) for (const file of configFiles(join(folder, CONFIG_FILE))) add(file)
    }
  } catch (error) {
    if (!(error instanceof ToolError)) throw error
    for (const path of [...named, ...(before?.files.keys() ?? [])]) add(path)
    for (const [folder, isOpen] of before?.folders ?? []) addFolder(folder, isOpen)
  }
  for (const top of options.rules) {
    add(top)
    for (const folder of isFolder(resolve(top)) ? [top, ...foldersIn(top)] : []) {
      addFolder(resolve(folder), true)
      for (const name of readdirSync(folder)) if (name.endsWith('.yaml')) add(join(folder, name))
    }
  }
  if (options.baseline !== undefined) add(options.baseline)
  // Reports may stand among the documents; writing them is no reason to check again.
  for (const { file } of options.outputs) if (file !== undefined) files.delete(resolve(file))
  return { files: new Map([...files].map(file => [file, stampOf(file)])), folders }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name))

/** The folder itself, or the nearest one above it that is there. */
function existing(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existing(dirname(folder))
}

function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false })
  // The time of a folder tells of its files, which are looked at themselves.
  return stat === undefined ? '' : stat.isDirectory() ? 'folder' : `${stat.mtimeMs} ${stat.size} ${stat.ino}`
}

/** The files that differ between two states, in order. */
function changesBetween(before: Scene, now: Scene): string[] {
  const all = new Set([...before.files.keys(), ...now.files.keys()])
  return [...all].filter(file => (before.files.get(file) ?? '') !== (now.files.get(file) ?? '')).sort()
}

/** Watches folders rather than files: editors put a new file in the place of the old one. */
function folderWatch(onEvent: () => void, say: Say): (scene: Scene) => boolean {
  const watchers = new Map<string, FSWatcher>()
  let seen: Scene
  const hear = (folder: string, name: string | null): void => {
    if (name === null || seen.folders.get(folder) !== false || seen.files.has(join(folder, name))) onEvent()
  }
  return scene => {
    seen = scene
    // A folder that was deleted and made again is another one.
    const wanted = new Map<string, string>()
    for (const folder of scene.folders.keys()) {
      const stat = statSync(folder, { throwIfNoEntry: false })
      if (stat !== undefined) wanted.set(`${folder} ${stat.ino}`, folder)
    }
    for (const [key, watcher] of watchers) {
      if (wanted.has(key)) continue
      watcher.close()
      watchers.delete(key)
    }
    let isNew = false
    for (const [key, folder] of wanted) {
      if (watchers.has(key)) continue
      try {
        watchers.set(key, watch(folder, (_, name) => hear(folder, name)).on('error', onEvent))
        isNew = true
      } catch (error) {
        // Gone again already: the folder above it tells.
        if (!existsSync(folder)) continue
        const reason = systemMessage(error, say)
        throw new ToolError('unwatchable', say(`无法监视 ${folder}：${reason}`, `cannot watch ${folder}: ${reason}`))
      }
    }
    return isNew
  }
}

/**
 * Runs `check` now and after every change. Mistakes in documents, configs and rules are told and waited out. A signal
 * ends it (Ctrl+C: status 130, as other watching tools); where nobody reads on, it returns the status of the last run.
 * Throws ToolError for options that don't go with watching.
 */
export async function watchCheck(named: readonly string[], options: CheckOptions): Promise<number> {
  const say = sayIn(options.lang)
  requireWatchable(named, options, say)
  let heard = 0
  let wake = (): void => {}
  const watchFolders = folderWatch(() => {
    heard++
    wake()
  }, say)
  /** The state now, with all its folders watched: what appears in a new one before it is watched is not missed. */
  const scene = (last: Scene | null): Scene => {
    let seen = look(named, options, last, say)
    while (watchFolders(seen)) seen = look(named, options, last, say)
    return seen
  }
  let isRead = true
  process.stdout.on('error', () => {
    isRead = false
    wake()
  })
  const settled = async (): Promise<void> => {
    if (heard === 0 && isRead)
      await new Promise<void>(done => {
        wake = done
      })
    while (heard > 0) {
      heard = 0
      await new Promise(done => setTimeout(done, PAUSE))
    }
  }
  const isOnScreen = process.stdout.isTTY && options.outputs.some(({ file }) => file === undefined)
  let changed: readonly string[] = []
  let before: Scene | null = null
  try {
    for (;;) {
      // Taken before the run: a change during the run is seen after it.
      const now: Scene = scene(before)
      if (isOnScreen) process.stdout.write('\x1b[2J\x1b[3J\x1b[H')
      if (changed.length > 0 && !options.quiet) {
        const first = relative(process.cwd(), changed[0] ?? '').replaceAll('\\', '/')
        complain(
          changed.length === 1
            ? say(`${first} 有改动，重新检查。`, `${first} has changed, checking again.`)
            : say(
                `${first} 等 ${changed.length} 个文件有改动，重新检查。`,
                `${first} and ${changed.length - 1} more have changed, checking again.`,
              ),
        )
      }
      let status = 2
      try {
        status = await runCheck(named, options)
      } catch (error) {
        if (!(error instanceof ToolError)) throw error
        complain(error.message)
      }
      if (!options.quiet) complain(say('等待改动，按 Ctrl+C 结束。', 'waiting for changes, Ctrl+C ends.'))
      do {
        await settled()
        if (!isRead) return status
        changed = changesBetween(now, scene(now))
      } while (changed.length === 0)
      before = now
    }
  } finally {
    // What is still watched would keep the process alive.
    watchFolders({ files: new Map(), folders: new Map() })
  }
}
