/** How alike two runs of words are, by the character pairs that they have in common. */

export function bigrams(words: string): ReadonlySet<string> {
  const set = new Set<string>()
  for (let i = 0; i + 1 < words.length; i++) set.add(words.slice(i, i + 2))
  return set
}

/** Jaccard similarity, 0–1. */
export function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [less, more] = a.size < b.size ? [a, b] : [b, a]
  let both = 0
  for (const pair of less) if (more.has(pair)) both++
  return both / Math.max(1, less.size + more.size - both)
}
