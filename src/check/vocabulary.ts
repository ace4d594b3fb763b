/** All plain words of a rule set in one tree, so that one pass over a text finds them all, however many rules there are. */
import type { Pattern, Term } from '../rules/pattern.js'
import { patternsOf } from '../rules/patterns-of.js'
import type { RuleSet, Search } from '../rules/types.js'

interface Node {
  readonly next: Map<number, Node>
  /** Number of the word that ends here, -1 for none. */
  word: number
}

/** How to find a term: the numbers of its plain words, and an expression for the rest. */
export interface Entry {
  /** Counted from 0 in the vocabulary. */
  readonly number: number
  readonly words: readonly number[]
  readonly rest: RegExp | null
}

export interface Vocabulary {
  readonly lengths: readonly number[]
  /** How many entries there are. */
  readonly size: number
  entry(term: Term): Entry
  /** The terms of a pattern, those that cost least to look for first. */
  entriesOf(pattern: Pattern): readonly Entry[]
  /** Of each pattern of a search the term that costs least to look for; null for one without terms. */
  anchorsOf(wanted: Search): readonly (Entry | null)[]
  /** Starts of each word in a text, by word number. */
  scan(text: string): ReadonlyMap<number, readonly number[]>
}

const made = new WeakMap<RuleSet, Vocabulary>()

/** The vocabulary of a rule set, made once. */
export function vocabularyOf(set: RuleSet): Vocabulary {
  let vocabulary = made.get(set)
  if (vocabulary === undefined) {
    vocabulary = build([...patternsOf(set.rules)])
    made.set(set, vocabulary)
  }
  return vocabulary
}

function build(patterns: readonly Pattern[]): Vocabulary {
  const roots: (Node | undefined)[] = []
  const lengths: number[] = []
  const entries = new Map<string, Entry>()
  const number = (word: string): number => {
    let node = (roots[word.charCodeAt(0)] ??= { next: new Map(), word: -1 })
    for (let i = 1; i < word.length; i++) {
      const code = word.charCodeAt(i)
      let child = node.next.get(code)
      if (child === undefined) {
        child = { next: new Map(), word: -1 }
        node.next.set(code, child)
      }
      node = child
    }
    if (node.word < 0) node.word = lengths.push(word.length) - 1
    return node.word
  }
  const entry = (term: Term): Entry => {
    let known = entries.get(term.source)
    if (known === undefined) {
      known = {
        number: entries.size,
        words: term.literals.map(number),
        // Units are scanned joined by line ends: `$` is the end of a unit, wherever in the document it stands.
        rest: term.rest === null ? null : new RegExp(term.rest, 'gm'),
      }
      entries.set(term.source, known)
    }
    return known
  }
  const byPattern = new Map<Pattern, readonly Entry[]>()
  const entriesOf = (pattern: Pattern): readonly Entry[] => {
    let known = byPattern.get(pattern)
    if (known === undefined) {
      known = pattern.elements
        .flatMap(element => (element.type === 'words' ? [entry(element.term)] : []))
        .sort((a, b) => Number(a.rest !== null) - Number(b.rest !== null) || a.words.length - b.words.length)
      byPattern.set(pattern, known)
    }
    return known
  }
  for (const pattern of patterns) entriesOf(pattern)
  const anchors = new WeakMap<Search, readonly (Entry | null)[]>()
  return {
    lengths,
    size: entries.size,
    entry,
    entriesOf,
    anchorsOf(wanted) {
      let known = anchors.get(wanted)
      if (known === undefined) {
        known = wanted.patterns.map(pattern => entriesOf(pattern)[0] ?? null)
        anchors.set(wanted, known)
      }
      return known
    },
    scan(text) {
      const hits = new Map<number, number[]>()
      for (let i = 0; i < text.length; i++) {
        let node = roots[text.charCodeAt(i)]
        for (let k = i + 1; node !== undefined; k++) {
          if (node.word >= 0) {
            const list = hits.get(node.word)
            if (list === undefined) hits.set(node.word, [i])
            else list.push(i)
          }
          node = node.next.get(text.charCodeAt(k))
        }
      }
      return hits
    },
  }
}
