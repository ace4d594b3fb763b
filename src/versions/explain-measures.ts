/** Reads which measures against whoever broke a rule were added, dropped, or replaced by heavier or lighter ones. */
import { cores, MEASURES } from './explain-frames.js'
import { affected, type Found, sanctioned } from './explain-parties.js'
import { bigrams, covered, printed, type Reading, type Statement } from './explain-statements.js'
import type { Span } from '../types.js'

interface Measure {
  readonly level: number
  readonly words: string
  readonly statement: Statement
  readonly span: Span
}

function measuresIn(list: readonly Statement[]): Measure[] {
  return list.flatMap(statement => {
    const { unit, start, end } = statement
    const text = unit.text.slice(start, end)
    return MEASURES.flatMap(([level, words]) =>
      [...text.matchAll(words)]
        .filter(m => !unit.denied(start + m.index))
        .map(m => ({
          level,
          // How many points or days is told as a number.
          words: m[0].replace(/[0-9.,]+/g, ''),
          statement,
          span: { start: start + m.index, end: start + m.index + m[0].length },
        })),
    )
  })
}

/** Measures named on one side only, in rules on sanctions that both sides have: heavier, lighter, more or fewer. */
export function measureChanges(
  old: readonly Statement[],
  fresh: readonly Statement[],
  all: Pick<Reading, 'old' | 'new'>,
  stated: Set<Statement>,
): Found[] {
  const ruling = (list: readonly Statement[]): Statement[] =>
    list.filter(
      s =>
        !stated.has(s) &&
        (cores(s).some(c => c.frame.id === 'sanction') || /处[置罚理]措施|处罚|管控|违规处理/.test(s.text)),
    )
  const [a, b] = [measuresIn(ruling(old)), measuresIn(ruling(fresh))]
  if (a.length === 0 || b.length === 0) return []
  const only = (list: readonly Measure[], other: readonly Measure[]): Measure[] =>
    list.filter(m => !other.some(o => o.words === m.words || o.words.includes(m.words) || m.words.includes(o.words)))
  const lacks = (m: Measure, list: readonly Statement[]): boolean =>
    !list.some(s => s.text.replace(/[0-9.,]+/g, '').includes(m.words))
  const gone = only(a, b).filter(m => lacks(m, all.new))
  const come = only(b, a).filter(m => lacks(m, all.old))
  const unlike = (m: Measure, others: readonly Measure[]): boolean =>
    !others.some(o => o.level === m.level && covered(m.words, bigrams(o.words)) >= 0.34)
  const [less, more] = [gone.filter(m => unlike(m, come)), come.filter(m => unlike(m, gone))]
  const top = (list: readonly Measure[]): number => Math.max(0, ...list.map(m => m.level))
  const [before, after] = [top(less), top(more)]
  const several = Math.abs(more.length - less.length) >= 2
  const worse = before === after ? more.length >= less.length : after > before
  const [first] = worse ? more : less
  if (first === undefined) return []
  for (const { statement } of [...less, ...more]) stated.add(statement)
  const names = (of: readonly Measure[]): string =>
    [...new Set(of.map(m => printed(m.statement, m.span, 24)))].slice(0, 4).join('、')
  const [from, to] = [names(less), names(more)]
  return [
    {
      kind: worse ? 'right-added' : 'right-removed',
      from: from === '' ? null : from,
      to: to === '' ? null : to,
      affects: affected(sanctioned(first.statement)),
      // Other measures that are as grave are neither better nor worse.
      direction: before === after && !several ? 'neutral' : worse ? 'worse' : 'better',
      zh: from === '' ? `处置措施增加“${to}”` : to === '' ? `处置措施删去“${from}”` : `处置措施由“${from}”改为“${to}”`,
      en:
        from === ''
          ? `Measures added: “${to}”`
          : to === ''
            ? `Measures dropped: “${from}”`
            : `Measures changed from “${from}” to “${to}”`,
      important: true,
      statement: first.statement,
    },
  ]
}
