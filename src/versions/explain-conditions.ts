/** Reads what something hangs on: conditions, exceptions and first steps, and what a rule leaves for a page to say. */
import type { Elsewhere } from './explain-elsewhere.js'
import { cores } from './explain-frames.js'
import { earliest, IMPORTANT, modalsIn, norms } from './explain-norms.js'
import { type Affected, affected, type Direction, type Found, user } from './explain-parties.js'
import {
  type Altered,
  type Bigrams,
  bare,
  bigrams,
  covered,
  printed,
  type Reading,
  type Statement,
  segmentAt,
} from './explain-statements.js'

/** The character pairs of either side of a pair. */
export interface Sets {
  readonly old: Bigrams
  readonly new: Bigrams
}

const CONDITION =
  /除外$|^但[^，]*(?:除外|不适用|仅|限于|不包括|例外)|除非|^除[^，]{0,16}(?:规定|约定|情形|情况|同意|允许|说明|原因)[^，]{0,4}外$|以[^，]{1,20}为(?:前提|条件)|仅限|^仅(?:适用|支持|在|对|可)|前提下|前提是|为前提|不适用|不包括|(?:不受[^，]{0,10}限制)/

/** Exceptions and conditions that one side has and the other lacks. */
export function conditionChanges(altered: Altered, sets: Sets): Found[] {
  const found: Found[] = []
  for (const added of [true, false]) {
    const here = added ? altered.new : altered.old
    const there = added ? altered.old : altered.new
    for (const segment of here.segments) {
      const words = here.unit.text.slice(segment.start, segment.end)
      if (!CONDITION.test(words) || words.length < 4) continue
      const legal = /法律|法规|另有|另行/.test(words)
      // 除法律另有规定外 may stand in every sentence; what counts is where it was put.
      const others = legal ? bigrams(bare(there.text)) : added ? sets.old : sets.new
      if (covered(bare(words), others) >= 0.5) continue
      // The condition must stand in one that the other side simply lacks.
      const hunk = altered.hunks.find(h => {
        const span = added ? h.new : h.old
        return span.start <= segment.start + 1 && span.end >= segment.end - 1
      })
      const gap = hunk === undefined ? null : added ? hunk.old : hunk.new
      if (gap === null || gap.end - gap.start > 4) continue
      // 但你可以关闭: a rule of its own.
      if (modalsIn(words).some(m => m.modal !== 'not')) continue
      const effect = exceptionFor(there, legal, added)
      const quote = printed(here, segment)
      found.push({
        kind: 'condition',
        from: added ? null : quote,
        to: added ? quote : null,
        affects: effect.affects,
        direction: effect.direction,
        zh: `${added ? '新增' : '删去'}条件或例外“${quote}”`,
        en: `${added ? 'New' : 'Dropped'} condition or exception “${quote}”`,
        important: effect.important,
        statement: here,
      })
    }
  }
  return found
}

/** Who gains or loses where an exception is put into a statement, or taken out of it. */
function exceptionFor(
  there: Statement,
  legal: boolean,
  added: boolean,
): { affects: Affected; direction: Direction; important: boolean } {
  const person = affected(user(there))
  const nobody = { affects: person, direction: 'neutral', important: false } as const
  const main = norms(there)[0]
  const own = cores(there).filter(c => c.start >= there.start)
  const mores = new Set(own.map(c => `${c.frame.more}${c.affects}`))
  const [core] = own
  // An exception makes less of what the rule does.
  if (core !== undefined && mores.size === 1 && (legal || main === undefined)) {
    const better = (core.frame.more === 'worse') === added
    return { affects: core.affects, direction: better ? 'better' : 'worse', important: core.frame.important }
  }
  if (main === undefined || legal) return nobody
  const gives =
    (main.actor !== 'P' && main.actor !== null && main.modal === 'may') ||
    (main.actor === 'P' && main.modal === 'must' && earliest(main.act) === 'benefit')
  const takes =
    (main.actor === 'P' && main.modal === 'may' && earliest(main.act) === 'burden') ||
    (main.actor !== 'P' && main.actor !== null && (main.modal === 'must' || main.modal === 'must-not'))
  if (gives === takes) return nobody
  const who = main.actor === null || main.actor === 'P' ? person : affected(main.actor)
  return { affects: who, direction: gives === added ? 'worse' : 'better', important: IMPORTANT.test(main.act) }
}

// ── first steps and open ends ───────────────────────────────────────────────────────────────────────────────────

/** What users must do before they may turn to the platform. */
const FIRST =
  /(?:应当?|须|需|可以?|请|必须)?(?:首先|事先|先行?)(?:尝试)?(?:自行)?(?:与|向|同|和)[^，；]{1,14}?(?:取得联系|联系|协商|沟通|反馈|投诉|申请|提出)/
/** What decides is said elsewhere and may change at any time. */
const WITHHELD = /不提供|不支持|不启用|不开通|暂不|尚未/
const OPEN =
  /(?:以|按)[^，；]{0,24}(?:实际|页面|平台|系统|产品|公布|公示|展示|显示|提示|后台|启用|生效|另行通知)[^，；]{0,14}为准/
/** The words themselves went to another place. */
const LINKED = /(?:点击|查看|参见|跳转|详见)[^，；]{0,14}(?:链接|页面|此处|后台)|可?点击[^，；]{0,8}查看/
const WEIGHTY =
  /费|金额|价格|佣金|保证金|结算|账期|期限|时间|时限|比例|标准|条件|范围|退|赔|补贴|奖励|权益|处[置罚理]|限制|资格|冻结|提现/
const CONCRETE = /[0-9]+(?:元|%|日|天|笔|小时|个|倍|次|分)|应当?|须|将|可(?:减免|退|申请)|有权|条件/

/** Steps that are asked for first, and what a rule no longer says itself. */
export function openChanges(
  { altered, old, new: fresh, oldOnly, newOnly }: Reading,
  was: Elsewhere,
  is: Elsewhere,
): Found[] {
  const found: Found[] = []
  const look = (
    here: readonly Statement[],
    there: readonly Statement[],
    other: Elsewhere,
    added: boolean,
    gone: readonly Statement[],
  ): void => {
    const text = there.map(s => s.text).join('。')
    for (const statement of here) {
      const { unit, start } = statement
      const place = (words: RegExp) => {
        const m = words.exec(statement.text)
        return m === null ? null : (segmentAt(statement, start + m.index) ?? null)
      }
      const first = place(FIRST)
      if (
        first !== null &&
        !unit.mentions.some(
          m => m.party === 'P' && m.role === 'subject' && m.start >= first.start && m.end <= first.end,
        ) &&
        !FIRST.test(text)
      ) {
        const quote = printed(statement, first)
        found.push({
          kind: 'condition',
          from: added ? null : quote,
          to: added ? quote : null,
          affects: affected(user(statement)),
          direction: added ? 'worse' : 'better',
          zh: `${added ? '新增' : '删去'}前置步骤“${quote}”`,
          en: `${added ? 'New' : 'Dropped'} first step “${quote}”`,
          important: true,
          statement,
        })
      }
      const open = place(OPEN)
      if (open !== null) {
        const words = bare(unit.text.slice(open.start, open.end))
        if (/[您你]|用户|授权|双方/.test(words)) continue
        // That a rule went with its open end is no gain.
        const partner = altered.find(a => a.old === statement || a.new === statement)
        if (!OPEN.test(text) && !other.says(words, there) && (added || partner !== undefined)) {
          const index = statement.segments.findIndex(s => s.start === open.start)
          const around = unit.text.slice(statement.segments[Math.max(0, index - 1)]?.start ?? start, open.end)
          const before = here[here.indexOf(statement) - 1]
          const weighty =
            WEIGHTY.test(around) || (around.length < 16 && before !== undefined && WEIGHTY.test(before.text))
          // What was not to be had at all loses nothing; that an open end went says nothing of what came.
          const worse = added && weighty && !(partner !== undefined && WITHHELD.test(partner.old.text))
          found.push({
            kind: 'condition',
            from: added ? null : printed(statement, open),
            to: added ? printed(statement, open) : null,
            affects: affected(user(statement)),
            direction: worse ? 'worse' : 'neutral',
            zh: added
              ? `改由正文之外的内容决定（“${printed(statement, open)}”）`
              : `不再由正文之外的内容决定（“${printed(statement, open)}”）`,
            en: `${added ? 'Now' : 'No longer'} left to what stands outside the text (“${printed(statement, open)}”)`,
            important: worse,
            statement,
          })
        }
      }
      const linked = added ? place(LINKED) : null
      if (linked === null || LINKED.test(text)) continue
      const lost = gone.filter(s => CONCRETE.test(s.text) && !is.has(s) && !is.says(bare(s.text), []))
      const [one] = lost
      if (one === undefined || lost.reduce((n, s) => n + s.text.length, 0) < 20) continue
      const quote = printed(one, one, 48)
      found.push({
        kind: 'condition',
        from: quote,
        to: printed(statement, linked),
        affects: affected(user(one)),
        direction: 'worse',
        zh: `“${quote}”移出正文，改为“${printed(statement, linked)}”`,
        en: `“${quote}” moved out of the text: “${printed(statement, linked)}”`,
        important: true,
        statement: one,
      })
    }
  }
  look(newOnly, old, was, true, oldOnly)
  look(oldOnly, fresh, is, false, newOnly)
  return found
}
