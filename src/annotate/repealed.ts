/** Finds wording that an announcement quotes only to say what it replaces (变更前 … 变更后 …). */
import { bigrams, likeness } from '../text/likeness.js'
import type { Sentence } from '../types.js'

const OLD =
  /^[【（“]?(?:变更|修订|修改|调整|更新|更改)前(?:的?(?:条款|规则|内容|表述|文本|版本|规定))?(?:[】）”]?[：:]|[】）”]|$)|^[【（]?(?:原|旧)(?:条款|规则|文本|表述|规定|内容)[】）]?[：:]/
const NEW =
  /^[【（“]?(?:变更|修订|修改|调整|更新|更改)后|^[【（]?(?:新|现)(?:条款|规则|文本|表述|规定|内容)[】）]?[：:]/
const SIDE_BY_SIDE = /(?:变更|修订|修改|调整|更新|更改)前[：:]?(?:变更|修订|修改|调整|更新|更改)后/
/** How far behind the old wording the new one may stand, in sentences. */
const REACH = 60
const ALIKE = 0.6

/**
 * Indexes of sentences that hold repealed wording. `own` are the sentences' normalised words.
 * Where a table of old and new text was flattened into running text, the earlier of two near-identical sentences is the old one.
 */
export function repealedSentences(sentences: readonly Sentence[], own: readonly string[]): ReadonlySet<number> {
  const repealed = new Set<number>()
  let old = false
  let flattened = -1
  for (const { id } of sentences) {
    const words = own[id] ?? ''
    if (SIDE_BY_SIDE.test(words)) {
      old = false
      if (flattened < 0) flattened = id
      continue
    }
    if (NEW.test(words)) old = false
    else if (OLD.test(words)) old = true
    if (old) repealed.add(id)
  }
  if (flattened < 0) return repealed
  const pairs = own.map((words, i) => (i < flattened || words.length < 12 ? null : bigrams(words)))
  for (let i = flattened; i < own.length; i++) {
    const a = pairs[i]
    if (a === null || a === undefined) continue
    for (let k = i + 1; k < own.length && k <= i + REACH; k++) {
      const b = pairs[k]
      if (b === null || b === undefined) continue
      if (Math.min(a.size, b.size) < Math.max(a.size, b.size) * ALIKE || likeness(a, b) < ALIKE) continue
      repealed.add(i)
      break
    }
  }
  return repealed
}
