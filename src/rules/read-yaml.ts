/** Reads YAML into values that remember their place, and reports mistakes as file:line:column with the nearest valid key. */
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { ToolError } from '../errors.js'
import { nearest } from '../text/nearest.js'
import type { Text } from '../types.js'

/** A YAML value with its place. All `as…` methods throw ToolError('broken-rule') when the value is of another kind. */
export interface Place {
  fail(message: string): never
  /** Entries of a map; keys outside `allowed` are errors, and `required` ones must be there. */
  map(allowed?: readonly string[], required?: readonly string[]): ReadonlyMap<string, Place>
  list(): readonly Place[]
  /** A list, or one value as a list of one. */
  many(): readonly Place[]
  string(): string
  number(): number
  /** A whole number from 1 on. */
  count(): number
  boolean(): boolean
  oneOf<T extends string>(values: readonly T[]): T
  /** `{ zh: …, en: … }`. */
  text(): Text
  isMap(): boolean
  /** Whether nothing is written there, or the word null. */
  isNull(): boolean
  /** "file:line", to name the place in messages. */
  shown(): string
  /** The place of a map's key, for mistakes in the key itself. */
  key(name: string): Place
}

/** Picks the wording of a message. */
type Say = (zh: string, en: string) => string

/** Parses one YAML file. `file` is shown in errors, which are Chinese unless `say` picks English. */
export function readYaml(source: string, file: string, say: Say = zh => zh): Place {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false })
  const error = document.errors[0]
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    const message = say(`不是合法的 YAML：${error.message}`, `no valid YAML: ${error.message}`)
    throw new ToolError('broken-rule', message, { file, line, column: col })
  }
  return place(document.contents as Node | null, { lines, file, say }, 0)
}

interface Source {
  readonly lines: LineCounter
  readonly file: string
  readonly say: Say
}

function place(node: Node | null, source: Source, offset: number): Place {
  const { lines, file, say } = source
  const at = node?.range?.[0] ?? offset
  const child = (value: unknown): Place => place(isNode(value) ? value : null, source, at)
  const didYouMean = (near: string | undefined): string =>
    near === undefined ? '' : say(`，是不是“${near}”`, `; did you mean '${near}'`)
  const fail = (message: string): never => {
    const { line, col } = lines.linePos(at)
    throw new ToolError('broken-rule', message, { file, line, column: col })
  }
  const self: Place = {
    fail,
    isMap: () => isMap(node),
    isNull: () => node === null || (isScalar(node) && node.value === null),
    shown: () => `${file}:${lines.linePos(at).line}`,
    key(name) {
      const pair = isMap(node) ? node.items.find(item => isScalar(item.key) && String(item.key.value) === name) : null
      return child(pair?.key)
    },
    map(allowed, required = []) {
      if (!isMap(node)) return fail(say('这里应当是一组“键: 值”。', 'this must be a map of "key: value".'))
      const entries = new Map<string, Place>()
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : ''
        if (allowed !== undefined && !allowed.includes(key)) {
          const near = nearest(key, allowed)
          child(pair.key).fail(
            say(
              `没有“${key}”这个键${didYouMean(near)}；这里可用：${allowed.join('、')}。`,
              `there is no key '${key}'${didYouMean(near)}; known here: ${allowed.join(', ')}.`,
            ),
          )
        }
        entries.set(key, place(isNode(pair.value) ? pair.value : null, source, (pair.key as Node).range?.[0] ?? at))
      }
      for (const key of required) if (!entries.has(key)) fail(say(`缺少“${key}”。`, `'${key}' is missing.`))
      return entries
    },
    list() {
      if (!isSeq(node))
        return fail(say('这里应当是列表（每行以“- ”开头）。', "this must be a list (lines that start with '- ')."))
      return node.items.map(child)
    },
    many: () => (isSeq(node) ? self.list() : [self]),
    string() {
      if (!isScalar(node) || typeof node.value === 'object')
        return fail(say('这里应当是一段文字。', 'this must be text.'))
      return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
    },
    number() {
      if (!isScalar(node) || typeof node.value !== 'number')
        return fail(say('这里应当是一个数。', 'this must be a number.'))
      return node.value
    },
    count() {
      const value = isScalar(node) ? node.value : null
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
        return fail(say('这里应当是正整数，如 1、2、3。', 'this must be a whole number from 1 on.'))
      return value
    },
    boolean() {
      if (!isScalar(node) || typeof node.value !== 'boolean')
        return fail(say('这里应当是 true 或 false。', 'this must be true or false.'))
      return node.value
    },
    oneOf(values) {
      const value = self.string()
      const known = values.find(v => v === value)
      if (known !== undefined) return known
      const near = nearest(value, values)
      return fail(
        say(
          `“${value}”不是可用的值${didYouMean(near)}；可用：${values.join('、')}。`,
          `'${value}' is no value here${didYouMean(near)}; choose one of: ${values.join(', ')}.`,
        ),
      )
    },
    text() {
      const entries = self.map(['zh', 'en'], ['zh', 'en'])
      return { zh: (entries.get('zh') as Place).string().trim(), en: (entries.get('en') as Place).string().trim() }
    },
  }
  return self
}
