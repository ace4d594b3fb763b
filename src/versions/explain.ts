/** Reads what a change means: who gains or loses by it, and what the changes together ask of the platform. */
import type { Annotated } from '../annotate/index.js'
import type { Lang } from '../types.js'
import { limitChanges, quantityChanges } from './explain-quantities.js'
import { meaning, nameOf, readPair, sayings } from './explain-statements.js'
import { wordingChanges } from './explain-wording.js'
import type { Change, Meaning, Pair, VersionDiff } from './types.js'

/** Reads one pair of passages; silent where nothing is certain. */
export type Explain = (pair: Pair) => readonly Meaning[]

/** Meanings in `lang` for pairs of passages of two annotated versions. Linear in the text of the pairs. */
export function explainer(old: Annotated, fresh: Annotated, lang: Lang): Explain {
  const oldSays = sayings(old)
  const newSays = sayings(fresh)
  return pair => {
    const reading = readPair(pair, old, fresh)
    const { old: before, new: after, altered } = reading
    const sides = { old: before.map(s => s.text).join('。'), new: after.map(s => s.text).join('。') }
    const numbers = altered.flatMap(a => quantityChanges(a, sides))
    const found = [
      ...numbers,
      ...limitChanges(reading, numbers, oldSays, newSays),
      ...wordingChanges(altered, before, after, oldSays, newSays),
    ].map(f => meaning(f, lang))
    const seen = new Set<string>()
    return found.filter(({ summary }) => !seen.has(summary) && seen.add(summary))
  }
}

/** So many changes are 修改内容较多 in any rule; so few are not, whatever their share. */
const MANY = 20
const FEW = 5
const LARGE_SHARE = 0.3

/**
 * What the changes ask of the platform beyond the seven days of 办法12(1). `passages` is the number of passages of the
 * new version, null where unknown: it tells whether the changes are many.
 */
export function needs(changes: readonly Change[], lang: Lang, passages: number | null = null): VersionDiff['needs'] {
  const because: string[] = []
  const meanings = changes.flatMap(c => c.meanings)
  const important = meanings.filter(m => m.important && m.direction !== 'neutral')
  const grave = important.filter(m => m.direction === 'worse' && m.affects !== 'platform')
  const substantive = changes.filter(c => !c.editorial && c.kind !== 'moved' && c.kind !== 'renumbered').length
  const many = substantive >= MANY || (passages !== null && substantive >= FEW && substantive >= passages * LARGE_SHARE)
  const zh = lang === 'zh'
  if (important[0] !== undefined)
    because.push(
      zh
        ? `${important.length}处修改关系有关各方重要权益（如：${important[0].summary}）：用户数量巨大的平台应当至少提前十五日公示（办法第十二条第二款）`
        : `${important.length} change(s) concern important rights (${important[0].summary}): a platform with a huge number of users must publish the rule at least fifteen days ahead (Measures, art. 12(2))`,
    )
  if (many)
    because.push(
      zh
        ? `修改内容较多（${substantive}处）：用户数量巨大的平台应当至少提前十五日公示（办法第十二条第二款）`
        : `The changes are many (${substantive}): a platform with a huge number of users must publish the rule at least fifteen days ahead (Measures, art. 12(2))`,
    )
  if (grave[0] !== undefined) {
    const who = [...new Set(grave.map(m => nameOf(m.affects, lang)))].join(zh ? '、' : ' and ')
    because.push(
      zh
        ? `${grave.length}处修改减损${who}的重要权益，影响重大的，除公示外还应当设置合理的过渡期（办法第十三条）`
        : `${grave.length} change(s) take important rights from ${who}: where the impact is major, a reasonable transition is due beside publication (Measures, art. 13)`,
    )
  }
  return { fifteenDays: important.length > 0 || many, transition: grave.length > 0, because }
}
