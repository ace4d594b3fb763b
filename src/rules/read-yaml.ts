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
  boolean(): boolean
  oneOf<T extends string>(values: readonly T[]): T
  /** `{ zh: …, en: … }`. */
  text(): Text
  isMap(): boolean
}

/** Parses one YAML file. `file` is shown in errors. */
export function readYaml(source: string, file: string): Place {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false })
  const error = document.errors[0]
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    throw new ToolError('broken-rule', `不是合法的 YAML：${error.message}`, { file, line, column: col })
  }
  return place(document.contents as Node | null, lines, file, 0)
}

function place(node: Node | null, lines: LineCounter, file: string, offset: number): Place {
  const at = node?.range?.[0] ?? offset
  const child = (value: unknown): Place => place(isNode(value) ? value : null, lines, file, at)
  const fail = (message: string): never => {
    const { line, col } = lines.linePos(at)
    throw new ToolError('broken-rule', message, { file, line, column: col })
  }
  const self: Place = {
    fail,
    isMap: () => isMap(node),
    map(allowed, required = []) {
      if (!isMap(node)) return fail('这里应当是一组“键: 值”。')
      const entries = new Map<string, Place>()
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : ''
        if (allowed !== undefined && !allowed.includes(key)) {
          const near = nearest(key, allowed)
          child(pair.key).fail(
            `没有“${key}”这个键${near === undefined ? '' : `，是不是“${near}”`}；这里可用：${allowed.join('、')}。`,
          )
        }
        entries.set(
          key,
          place(isNode(pair.value) ? pair.value : null, lines, file, (pair.key as Node).range?.[0] ?? at),
        )
      }
      for (const key of required) if (!entries.has(key)) fail(`缺少“${key}”。`)
      return entries
    },
    list() {
      if (!isSeq(node)) return fail('这里应当是列表（每行以“- ”开头）。')
      return node.items.map(child)
    },
    many: () => (isSeq(node) ? self.list() : [self]),
    string() {
      if (!isScalar(node) || typeof node.value === 'object') return fail('这里应当是一段文字。')
      return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
    },
    number() {
      if (!isScalar(node) || typeof node.value !== 'number') return fail('这里应当是一个数。')
      return node.value
    },
    boolean() {
      if (!isScalar(node) || typeof node.value !== 'boolean') return fail('这里应当是 true 或 false。')
      return node.value
    },
    oneOf(values) {
      const value = self.string()
      const known = values.find(v => v === value)
      if (known !== undefined) return known
      const near = nearest(value, values)
      return fail(
        `“${value}”不是可用的值${near === undefined ? '' : `，是不是“${near}”`}；可用：${values.join('、')}。`,
      )
    },
    text() {
      const entries = self.map(['zh', 'en'], ['zh', 'en'])
      return { zh: (entries.get('zh') as Place).string().trim(), en: (entries.get('en') as Place).string().trim() }
    },
  }
  return self
}
