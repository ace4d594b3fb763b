/** Splits a term's regular expression into plain words, which one pass over the text finds together, and the rest. */

/** A word list this long after expansion stays a regular expression. */
const LIMIT = 96

/**
 * Plain words and what is left of a word-list source (as pattern.ts makes it). `[甲乙]`, `店铺?` and `(开|关)店` are
 * spelled out; what holds gaps, look-arounds or other syntax stays in `rest`, null where nothing is left.
 */
export function spellOut(source: string): { readonly literals: readonly string[]; readonly rest: string | null } {
  const literals = new Set<string>()
  const rest: string[] = []
  for (const alternative of alternatives(source)) {
    const words = expand(alternative)
    if (words === null) rest.push(alternative)
    else for (const word of words) if (word !== '') literals.add(word)
  }
  return { literals: [...literals], rest: rest.length === 0 ? null : rest.join('|') }
}

/** Top-level alternatives of a regular expression source. */
export function alternatives(source: string): string[] {
  const parts: string[] = []
  let depth = 0
  let inClass = false
  let from = 0
  for (let i = 0; i < source.length; i++) {
    const char = source.charAt(i)
    if (char === '\\') i++
    else if (inClass) inClass = char !== ']'
    else if (char === '[') inClass = true
    else if (char === '(') depth++
    else if (char === ')') depth--
    else if (char === '|' && depth === 0) {
      parts.push(source.slice(from, i))
      from = i + 1
    }
  }
  parts.push(source.slice(from))
  return parts
}

/** Every word an expression stands for, or null where they can't be listed. */
function expand(source: string): string[] | null {
  let words = ['']
  let i = 0
  while (i < source.length) {
    const char = source.charAt(i)
    let atom: string[] | null
    if (char === '[') {
      const end = source.indexOf(']', i)
      const inside = source.slice(i + 1, end)
      if (end < 0 || inside.startsWith('^') || /[\\-]/.test(inside)) return null
      atom = [...inside]
      i = end + 1
    } else if (source.startsWith('(?:', i)) {
      const end = closing(source, i)
      if (end < 0) return null
      atom = []
      for (const part of alternatives(source.slice(i + 3, end))) {
        const more = expand(part)
        if (more === null) return null
        atom.push(...more)
      }
      i = end + 1
    } else if ('(.*+{}^$\\|)?'.includes(char)) return null
    else {
      atom = [char]
      i++
    }
    const next = source.charAt(i)
    if (next === '?') {
      atom = ['', ...atom]
      i++
      if (source.charAt(i) === '?') return null
    } else if (next === '*' || next === '+' || next === '{') return null
    if (words.length * atom.length > LIMIT) return null
    words = words.flatMap(word => (atom as string[]).map(more => word + more))
  }
  return words
}

/** Index of the bracket that closes the one at `open`, or -1. Brackets in classes and escapes do not count. */
export function closing(source: string, open: number): number {
  let depth = 0
  let inClass = false
  for (let i = open; i < source.length; i++) {
    const char = source.charAt(i)
    if (char === '\\') i++
    else if (inClass) inClass = char !== ']'
    else if (char === '[') inClass = true
    else if (char === '(') depth++
    else if (char === ')' && --depth === 0) return i
  }
  return -1
}
