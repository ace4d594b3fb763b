/** What HTML markup makes text look like: tags, inline styles, style sheets in the page, telling class names. */
import { type Style } from './builder.js'
import type { TreeNode } from './tree.js'

/** What an element does to its text and to the flow. */
export interface Look {
  readonly style: Style
  readonly hidden: boolean
  /** The `display` that a style sheet or attribute sets, null if none does. */
  readonly display: string | null
  readonly listStyle: string | null
  readonly preserved: boolean
}

type Declarations = Readonly<Record<string, string>>
interface Compound {
  readonly tag: string | null
  readonly id: string | null
  readonly classes: readonly string[]
}
interface Rule {
  readonly chain: readonly Compound[]
  readonly weight: number
  readonly declarations: Declarations
}
export type StyleSheet = readonly Rule[]

const NAMED_COLOURS: Readonly<Record<string, string>> = {
  black: '0,0,0',
  white: '255,255,255',
  gray: '128,128,128',
  grey: '128,128,128',
  silver: '192,192,192',
  red: '255,0,0',
  darkred: '139,0,0',
  crimson: '220,20,60',
  maroon: '128,0,0',
  tomato: '255,99,71',
  orangered: '255,69,0',
  orange: '255,165,0',
  gold: '255,215,0',
  yellow: '255,255,0',
  green: '0,128,0',
  lime: '0,255,0',
  teal: '0,128,128',
  blue: '0,0,255',
  navy: '0,0,128',
  royalblue: '65,105,225',
  purple: '128,0,128',
  fuchsia: '255,0,255',
  magenta: '255,0,255',
  pink: '255,192,203',
  brown: '165,42,42',
  cyan: '0,255,255',
  aqua: '0,255,255',
  darkorange: '255,140,0',
}
const NAMED_SIZES: Readonly<Record<string, number>> = {
  'xx-small': 9,
  'x-small': 10,
  small: 13,
  medium: 16,
  large: 18,
  'x-large': 24,
  'xx-large': 32,
}
const FONT_SIZES = [10, 13, 16, 18, 24, 32, 48]
const RELEVANT =
  /^(?:font(?:-weight|-size)?|text-decoration(?:-line)?|(?:background-)?color|background|display|visibility|list-style(?:-type)?|white-space)$/
const BOLD_CLASS = /^(?:.*[-_])?(?:font|text|fw|is)?[-_]?(?:weight[-_])?(?:bold|bolder|semibold|strong)(?:[-_].*)?$/i
const RED_CLASS = /^(?:.*[-_])?(?:red|danger)(?:[-_].*)?$/i
const UNDERLINE_CLASS = /^(?:.*[-_])?underline$/i

/**
 * Rules of the page's own `<style>` elements, weakest first. Selectors of tags, classes, ids and their descendants; others are
 * left out, and so is all inside "@" blocks: what is hidden in print or on a small screen is still shown.
 */
export function parseStyleSheet(css: string): StyleSheet {
  const rules: Rule[] = []
  const flat = css.replace(/\/\*[\s\S]*?\*\/|<!--|-->/g, '')
  const open: string[] = []
  let done = 0
  for (const { 0: brace, index } of flat.matchAll(/[{}]/g)) {
    const content = flat.slice(done, index)
    done = index + 1
    if (brace === '{') {
      open.push(content.slice(content.lastIndexOf(';') + 1).trim())
      continue
    }
    const selectors = open.pop()
    if (selectors === undefined || [...open, selectors].some(prelude => prelude.startsWith('@'))) continue
    const declarations = parseDeclarations(content)
    if (Object.keys(declarations).some(name => RELEVANT.test(name))) addRules(rules, selectors, declarations)
  }
  return rules.sort((left, right) => left.weight - right.weight)
}

function addRules(rules: Rule[], selectors: string, declarations: Declarations): void {
  for (const selector of selectors.split(',')) {
    const chain = selector
      .trim()
      .split(/\s*>\s*|\s+/)
      .map(parseCompound)
    if (!chain.every(compound => compound !== null)) continue
    const weight = chain.reduce(
      (sum, { id, classes, tag }) => sum + (id ? 100 : 0) + classes.length * 10 + (tag ? 1 : 0),
      0,
    )
    rules.push({ chain, weight, declarations })
  }
}

function parseCompound(text: string): Compound | null {
  const match = /^([a-z][\w-]*|\*)?((?:[.#][\w-]+)*)$/i.exec(text)
  if (!match || text === '' || text === '*') return null
  const names = match[2]?.match(/[.#][\w-]+/g) ?? []
  return {
    tag: match[1] === undefined || match[1] === '*' ? null : match[1].toLowerCase(),
    id: names.find(name => name.startsWith('#'))?.slice(1) ?? null,
    classes: names.filter(name => name.startsWith('.')).map(name => name.slice(1)),
  }
}

function parseDeclarations(body: string): Declarations {
  const declarations: Record<string, string> = {}
  for (const part of body.split(';')) {
    const colon = part.indexOf(':')
    if (colon < 0) continue
    const value = part
      .slice(colon + 1)
      .replace(/!important/i, '')
      .trim()
      .toLowerCase()
    if (value !== '') declarations[part.slice(0, colon).trim().toLowerCase()] = value
  }
  return declarations
}

/** How `element` looks, given how its parent does. `ancestors` runs from the root to the parent. */
export function lookOf(element: TreeNode, ancestors: readonly TreeNode[], parent: Style, sheet: StyleSheet): Look {
  const properties = element.properties ?? {}
  const declarations: Record<string, string> = {}
  for (const rule of sheet) {
    if (matches(rule, element, ancestors)) Object.assign(declarations, rule.declarations)
  }
  if (typeof properties['style'] === 'string') Object.assign(declarations, parseDeclarations(properties['style']))
  const changes: { -readonly [K in keyof Style]?: Style[K] } = {}
  applyTag(element, parent, changes)
  for (const name of classesOf(element)) {
    if (BOLD_CLASS.test(name)) changes.bold = true
    if (UNDERLINE_CLASS.test(name)) changes.underline = true
    if (RED_CLASS.test(name)) changes.colour = '255,0,0'
  }
  applyDeclarations(declarations, parent, changes)
  if (element.tagName === 'a') {
    // Links are coloured and underlined because they are links.
    delete changes.underline
    delete changes.colour
  }
  const changed = (Object.keys(changes) as (keyof Style)[]).some(key => changes[key] !== parent[key])
  return {
    style: changed ? { ...parent, ...changes } : parent,
    hidden:
      (properties['hidden'] !== undefined && properties['hidden'] !== false) ||
      String(properties['ariaHidden']) === 'true' ||
      declarations['display'] === 'none' ||
      declarations['visibility'] === 'hidden',
    display: declarations['display'] ?? null,
    listStyle: declarations['list-style-type'] ?? declarations['list-style'] ?? null,
    preserved: /^(?:pre|pre-wrap|pre-line|break-spaces)$/.test(declarations['white-space'] ?? ''),
  }
}

function matches({ chain }: Rule, element: TreeNode, ancestors: readonly TreeNode[]): boolean {
  let index = chain.length - 1
  if (!fits(chain[index]!, element)) return false
  index--
  for (let level = ancestors.length - 1; level >= 0 && index >= 0; level--) {
    if (fits(chain[index]!, ancestors[level]!)) index--
  }
  return index < 0
}

function fits({ tag, id, classes }: Compound, element: TreeNode): boolean {
  if (tag !== null && tag !== element.tagName) return false
  if (id !== null && id !== element.properties?.['id']) return false
  if (classes.length === 0) return true
  const own = classesOf(element)
  return classes.every(name => own.includes(name))
}

/** The class names of an element. */
export function classesOf(element: TreeNode): readonly string[] {
  const names = element.properties?.['className']
  return Array.isArray(names) ? names.map(String) : []
}

function applyTag(element: TreeNode, parent: Style, changes: { -readonly [K in keyof Style]?: Style[K] }): void {
  const properties = element.properties ?? {}
  switch (element.tagName) {
    case 'b':
    case 'strong':
      changes.bold = true
      break
    case 'u':
    case 'ins':
      changes.underline = true
      break
    case 'mark':
      changes.highlight = true
      break
    case 'big':
      changes.size = parent.size * 1.2
      break
    case 'font': {
      const colour = parseColour(String(properties['color'] ?? ''))
      if (colour !== null) changes.colour = colour
      const size = String(properties['size'] ?? '')
      if (/^[+-]?\d$/.test(size)) {
        const step = /^[+-]/.test(size) ? 3 + Number(size) : Number(size)
        changes.size = FONT_SIZES[Math.min(Math.max(step, 1), 7) - 1]!
      }
      break
    }
  }
}

function applyDeclarations(
  declarations: Declarations,
  parent: Style,
  changes: { -readonly [K in keyof Style]?: Style[K] },
): void {
  const weight = declarations['font-weight'] ?? /\b(?:bold|bolder|[6-9]00)\b/.exec(declarations['font'] ?? '')?.[0]
  if (weight !== undefined && weight !== 'inherit')
    changes.bold = weight.startsWith('bold') || Number.parseInt(weight, 10) >= 600
  const decoration = declarations['text-decoration'] ?? declarations['text-decoration-line']
  if (decoration?.includes('underline')) changes.underline = true
  const colour = parseColour(declarations['color'] ?? '')
  if (colour !== null) changes.colour = colour
  const background = parseColour(declarations['background-color'] ?? declarations['background'] ?? '')
  if (background !== null) changes.background = background
  const size = parseSize(declarations['font-size'] ?? '', parent.size)
  if (size !== null) changes.size = size
}

/** "r,g,b" of a CSS colour; null for none, an unknown name or a transparent one. */
function parseColour(text: string): string | null {
  const hex = /#([\da-f]{6}|[\da-f]{3})\b/i.exec(text)?.[1]
  if (hex) {
    const digits = hex.length === 3 ? [...hex].map(digit => digit + digit) : hex.match(/../g)!
    return digits.map(pair => Number.parseInt(pair, 16)).join(',')
  }
  const rgb = /rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:[\s,/]+([\d.]+%?))?/.exec(text)
  if (rgb) return rgb[4] !== undefined && Number.parseFloat(rgb[4]) === 0 ? null : `${rgb[1]},${rgb[2]},${rgb[3]}`
  for (const word of text.match(/[a-z]+/gi) ?? []) {
    const named = NAMED_COLOURS[word.toLowerCase()]
    if (named) return named
  }
  return null
}

function parseSize(text: string, parent: number): number | null {
  const named = NAMED_SIZES[text]
  if (named) return named
  if (text === 'larger') return parent * 1.2
  if (text === 'smaller') return parent / 1.2
  const match = /^([\d.]+)(px|pt|em|rem|%)$/.exec(text)
  if (!match) return null
  const value = Number(match[1])
  switch (match[2]) {
    case 'px':
      return value
    case 'pt':
      return (value * 4) / 3
    case 'rem':
      return value * 16
    case '%':
      return (parent * value) / 100
    default:
      return parent * value
  }
}
