/** The documents that an editor has open, with what their last check found, and the settings that hold for each. */
import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import { type Checked, recheckerFor } from '../check/incremental.js'
import { CONFIG_FILE, type Config, type Configs, findConfigs } from '../cli/config.js'
import { ruleSet } from '../cli/rule-set.js'
import { ToolError } from '../errors.js'
import { isSupported, readSource } from '../read/index.js'
import { reparserFor } from '../read/reparse.js'
import type { RuleSet } from '../rules/types.js'
import type { Confidence, Document, Format, Lang } from '../types.js'

/** What the user set in the editor, beside `clauselint.yaml`. */
export interface Settings {
  readonly lang: Lang
  readonly minConfidence: Confidence
  /** Further folders of rules, relative to the workspace. */
  readonly rules: readonly string[]
  /** A config for all documents in place of the nearest `clauselint.yaml`. */
  readonly config: string | null
}

/** A document's state: `checked` belongs to `version` of the editor's text. */
export interface State {
  readonly version: number
  readonly checked: Checked | null
  /** Why there is nothing to show, null where there is. */
  readonly problem: string | null
}

export interface Workspace {
  readonly rules: () => Promise<RuleSet>
  /** The state of a document as it is now: checked again if its text has changed. */
  readonly stateOf: (text: TextDocument) => Promise<State>
  readonly forget: (uri: string) => void
  /** Whether the config of a document has changed on disk since it was read. */
  readonly isStale: (uri: string) => boolean
  /** Reads what the settings name, so that its mistakes are known before a document is open. */
  readonly prepare: () => Promise<void>
  /** Mistakes in configs and rule folders met so far. */
  readonly errors: () => readonly ToolError[]
}

const FORMATS: Readonly<Record<string, Format>> = { markdown: 'markdown', html: 'html', plaintext: 'text' }
const EXTENSIONS: readonly (readonly [RegExp, Format])[] = [
  [/\.(?:md|markdown)$/i, 'markdown'],
  [/\.x?html?$/i, 'html'],
]

/** The file of a document; its URI where it is in no file. */
export function pathOf(uri: string): string {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : uri
  } catch {
    return uri
  }
}

function formatOf(text: TextDocument, path: string): Format | null {
  const known = FORMATS[text.languageId]
  if (known !== undefined) return known
  return isSupported(path) ? (EXTENSIONS.find(([pattern]) => pattern.test(path))?.[1] ?? 'text') : null
}

/** The documents of a session under one set of settings; made anew when they change. `root` is the workspace's folder. */
export function workspaceWith(settings: Settings, root: string | null): Workspace {
  const { lang } = settings
  const inRoot = (path: string): string => (root === null ? resolve(path) : resolve(root, path))
  const errors = new Map<string, ToolError>()
  let rules: Promise<RuleSet> | undefined
  const loaded = (): Promise<RuleSet> => {
    rules ??= ruleSet(settings.rules.map(inRoot), lang).catch((error: unknown) => {
      if (!(error instanceof ToolError)) throw error
      errors.set(error.message, error)
      return ruleSet([], lang)
    })
    return rules
  }
  const stamps = new Map<string, string>()
  let configs: Configs | undefined
  const allConfigs = (): Configs => {
    configs ??= findConfigs(settings.config === null ? undefined : inRoot(settings.config), lang, (message, file) =>
      errors.set(message, new ToolError('misnamed-config', message, { file, line: 1 })),
    )
    return configs
  }
  /** A broken config is reported, and the document checked without it. */
  const configOf = (path: string, set: RuleSet): Config | null => {
    if (!path.startsWith('/') && !/^[a-z]:[\\/]|^\\\\/i.test(path)) return null
    try {
      const config = allConfigs().for(path)
      config?.requireKnown(set)
      return config
    } catch (error) {
      if (!(error instanceof ToolError)) throw error
      errors.set(error.message, error)
      return null
    }
  }

  interface Open {
    readonly tree: ReturnType<typeof reparserFor>
    readonly config: Config | null
    readonly check: (document: Document) => Checked
    state: State | null
  }
  const open = new Map<string, Open>()
  const opened = (uri: string, set: RuleSet, format: Format | null): Open => {
    let entry = open.get(uri)
    if (entry === undefined) {
      const path = pathOf(uri)
      const config = configOf(path, set)
      const check = recheckerFor({
        rules: set,
        lang,
        minConfidence: settings.minConfidence,
        ...(config !== null && { platform: config.platform, settingsFor: config.settingsFor }),
      })
      stamps.set(uri, stampOf(path))
      entry = { tree: reparserFor(format ?? 'text'), config, check, state: null }
      open.set(uri, entry)
    }
    return entry
  }

  return {
    rules: loaded,
    prepare: async () => {
      const set = await loaded()
      // Any path will do: a config that is named holds for all.
      if (settings.config !== null) configOf(inRoot(settings.config), set)
    },
    errors: () => [...errors.values()],
    isStale: uri => stamps.has(uri) && stamps.get(uri) !== stampOf(pathOf(uri)),
    forget: uri => {
      open.delete(uri)
      stamps.delete(uri)
    },
    stateOf: async text => {
      const set = await loaded()
      const path = pathOf(text.uri)
      const format = formatOf(text, path)
      const entry = opened(text.uri, set, format)
      const { version } = text
      if (entry.state?.version === version) return entry.state
      let checked: Checked | null = null
      let problem: string | null = null
      if (format !== null && entry.config?.isIgnored(path) !== true) {
        try {
          const read = readSource(text.getText(), path, { format, lang, tree: entry.tree })
          const facts = entry.config?.factsFor(path) ?? {}
          checked = entry.check({ ...read, frontMatter: { ...read.frontMatter, ...facts } })
        } catch (error) {
          // Whatever is wrong with one document must not end the session.
          problem =
            (error as { texts?: Record<Lang, string> }).texts?.[lang] ?? String((error as Error)?.stack ?? error)
          open.delete(text.uri)
          return { version, checked, problem }
        }
      }
      entry.state = { version, checked, problem }
      return entry.state
    },
  }
}

/** Tells one state of the config files above a document from another. */
function stampOf(path: string): string {
  const stamps: string[] = []
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const stat = statSync(join(folder, CONFIG_FILE), { throwIfNoEntry: false })
    if (stat !== undefined) stamps.push(`${folder} ${stat.mtimeMs} ${stat.size}`)
    if (dirname(folder) === folder) return stamps.join()
  }
}

/** The URI of a file that an error names. */
export const uriOf = (file: string): string => pathToFileURL(resolve(file)).href
