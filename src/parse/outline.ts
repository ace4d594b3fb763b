/** A document's clause tree as indented text: label, title, first words. */
import type { Parsed } from '../types.js'

/**
 * One line per clause, two spaces per level: `第三条 违约责任`, `（一） "未按约定…"` (first words in quotes where there is no title).
 * `width` is the number of characters of first words shown.
 */
export function outline(parsed: Parsed, width = 18): string {
  const { text } = parsed.document
  const firstWords = new Map<number, string>()
  for (const sentence of parsed.sentences) {
    if (sentence.kind === 'heading' || firstWords.has(sentence.clause)) continue
    const words = text.slice(sentence.span.start, sentence.span.end).replace(/\s+/g, ' ')
    firstWords.set(sentence.clause, words.length > width ? `${words.slice(0, width)}…` : words)
  }
  const lines = parsed.clauses.map(clause => {
    if (clause.id === 0) return parsed.title ?? '(无标题)'
    const words = clause.title ?? (firstWords.has(clause.id) ? `"${firstWords.get(clause.id)}"` : '')
    return `${'  '.repeat(clause.depth)}${[clause.label ?? '#', words].filter(Boolean).join(' ')}`
  })
  return `${lines.join('\n')}\n`
}
