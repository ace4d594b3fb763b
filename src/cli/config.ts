/** `clauselint.yaml`: found, parsed and validated; a mistake is shown as file:line:column with the nearest valid key. */

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Platform } from '../check/profile.js'
import { ToolError } from '../errors.js'
import { DOCUMENT_KINDS, type Say, sayIn } from '../report/words.js'
import { type Place, readYaml } from '../rules/read-yaml.js'
import type { RuleSet } from '../rules/types.js'
import type { Lang, Severity } from '../types.js'
import { systemMessage } from './inputs.js'
import { unknownRule } from './rule-set.js'

export const CONFIG_FILE = 'clauselint.yaml'

/** One document of the config. Its facts overrule what the document's own front matter says. */
interface ConfigDocument {
  /** Relative to the folder the tool runs in. */
  readonly path: string
  readonly facts: Readonly<Record<string, unknown>>
}

export interface Config {
  readonly file: string
  readonly platform: Platform
  readonly documents: readonly ConfigDocument[]
  readonly severities: Readonly<Record<string, Severity | 'off'>>
  /** Throws ToolError at the first rule id that `rules` does not have. */
  readonly requireKnown: (rules: RuleSet) => void
}

const FLAGS = ['minors', 'livestream', 'goods', 'whole'] as const

function platformOf(place: Place): Platform {
  const platform: Record<string, unknown> = {}
  for (const [key, value] of place.map(['name', 'operator', 'users', ...FLAGS]))
    platform[key] = FLAGS.some(flag => flag === key)
      ? value.boolean()
      : key === 'users'
        ? value.oneOf(['huge'])
        : value.string()
  return platform
}

function date(place: Place, say: Say): string {
  const value = place.string()
  const day = new Date(`${value}T00:00:00Z`)
  const real = /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(day.getTime())
  return real && day.toISOString().startsWith(value)
    ? value
    : place.fail(say(`“${value}”不是日期，应写作 2026-06-11。`, `'${value}' is no date; write it as 2026-06-11.`))
}

function documentOf(place: Place, folder: string, say: Say): ConfigDocument {
  const entries = place.map(['path', 'kind', 'audience', 'published', 'effective', 'consultation'], ['path'])
  const facts: Record<string, unknown> = {}
  let path = ''
  for (const [key, value] of entries) {
    if (key === 'path')
      path = join(
        folder,
        value.string() ||
          value.fail(say('path 不能为空，应写文件的路径。', 'path is empty; write the path of a file.')),
      )
    else if (key === 'kind') facts[key] = value.oneOf(DOCUMENT_KINDS)
    else if (key === 'audience') facts[key] = value.many().map(party => party.oneOf(['merchant', 'consumer']))
    else if (key === 'consultation')
      facts[key] = Object.fromEntries(Array.from(value.map(['from', 'to']), ([end, day]) => [end, date(day, say)]))
    else facts[key] = date(value, say)
  }
  return { path, facts }
}

/**
 * Reads a config file: `file`, or where that is undefined `clauselint.yaml` of the current folder, null if there is none.
 * Throws ToolError for a missing or invalid file.
 */
export function loadConfig(file: string | undefined, lang: Lang): Config | null {
  const say = sayIn(lang)
  const path = file ?? CONFIG_FILE
  let source: string
  try {
    source = readFileSync(path, 'utf8')
  } catch (error) {
    if (file === undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return null
    const reason = systemMessage(error, say)
    throw new ToolError(
      'bad-config',
      say(`无法读取配置文件 ${path}：${reason}`, `cannot read the config file ${path}: ${reason}`),
    )
  }
  const top = readYaml(source, path).map(['platform', 'documents', 'rules', 'plugins'])
  const plugins = top.get('plugins')
  if (plugins !== undefined && plugins.list().length > 0)
    plugins.fail(say('本版本尚不支持 plugins，请留空。', 'plugins are not supported in this version.'))
  const rules = top.get('rules')?.map() ?? new Map<string, Place>()
  const severity = (place: Place) => place.oneOf(['error', 'warning', 'info', 'off'])
  return {
    file: path,
    platform: top.has('platform') ? platformOf(top.get('platform') as Place) : {},
    documents:
      top
        .get('documents')
        ?.list()
        .map(place => documentOf(place, dirname(path), say)) ?? [],
    severities: Object.fromEntries([...rules].map(([id, place]) => [id, severity(place)])),
    requireKnown: set => {
      for (const [id, place] of rules) if (set.get(id) === undefined) place.fail(unknownRule(id, set, lang))
    },
  }
}
