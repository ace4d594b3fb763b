/** Reads who bears a cost, who owns what, and whether anything is charged at all. */
import type { Span } from '../types.js'
import { TRIGGER } from './explain-norms.js'
import { affected, type Found, user } from './explain-parties.js'
import { type Altered, printed, type Statement, segmentAt } from './explain-statements.js'

/** What changed about costs and owners in two statements that correspond. */
export const bearerChanges = (pair: Altered): Found[] => [
  ...partyChanges(pair),
  ...ownerChanges(pair),
  ...chargeChanges(pair),
]

const BEARS = /^[^，]{0,10}?(?:承担|负担|自担|支付|缴纳|赔偿|赔付|负责|垫付|补足|举证)/
/** Names that tell merchant from consumer whatever the document. */
const CLEAR = /商家|商户|卖家|经营者|店铺|主播|达人|骑手|司机|服务商|消费者|买家|顾客|乘客|平台|我们|我司|公司|网站/

/** A cost or a duty that moved from one party to another. */
function partyChanges({ old, new: fresh, hunks }: Altered): Found[] {
  const found: Found[] = []
  for (const hunk of hunks) {
    const inside = (s: Statement, span: Span): Statement['unit']['mentions'] =>
      s.unit.mentions.filter(m => m.start >= span.start && m.end <= span.end)
    const [a, ...moreA] = inside(old, hunk.old)
    const [b, ...moreB] = inside(fresh, hunk.new)
    if (a === undefined || b === undefined || moreA.length + moreB.length > 0 || a.party === b.party) continue
    if (hunk.old.end - hunk.old.start - (a.end - a.start) > 3 || hunk.new.end - hunk.new.start - (b.end - b.start) > 3)
      continue
    if (a.role !== 'subject' || b.role !== 'subject') continue
    const [from, to] = [old.unit.text.slice(a.start, a.end), fresh.unit.text.slice(b.start, b.end)]
    if (!CLEAR.test(from) || !CLEAR.test(to)) continue
    const act = fresh.unit.text.slice(b.end, fresh.end)
    const bears = BEARS.exec(act)
    if (bears === null || /不|无需|无须|免|可以|有权|要求/.test(bears[0])) continue
    const segment = segmentAt(fresh, b.start)
    if (segment === null || TRIGGER.test(fresh.unit.text.slice(segment.start, segment.end))) continue
    const who = affected(b.party === 'P' ? a.party : b.party)
    found.push({
      kind: 'party',
      from,
      to,
      affects: who,
      direction: b.party === 'P' ? 'better' : 'worse',
      zh: `由“${from}”承担改为由“${to}”承担（${printed(fresh, segment, 36)}）`,
      en: `Borne by “${to}” instead of “${from}” (${printed(fresh, segment, 36)})`,
      important: true,
      statement: fresh,
    })
  }
  return found
}

const OWNED = /^[^，；]{0,4}(?:所有|享有|拥有|取得)/

/** 归商家所有 → 归平台所有. */
function ownerChanges({ old, new: fresh, hunks }: Altered): Found[] {
  return hunks.flatMap(hunk => {
    const owner = (s: Statement, span: Span): Statement['unit']['mentions'][number] | undefined => {
      const [only, ...more] = s.unit.mentions.filter(m => m.start >= span.start && m.end <= span.end)
      const isOwner =
        only !== undefined &&
        more.length === 0 &&
        span.end - span.start - (only.end - only.start) <= 3 &&
        /(?:归|属于?|由)$/.test(s.unit.text.slice(0, only.start)) &&
        OWNED.test(s.unit.text.slice(only.end))
      return isOwner ? only : undefined
    }
    const [a, b] = [owner(old, hunk.old), owner(fresh, hunk.new)]
    if (a === undefined || b === undefined || a.party === b.party || (a.party !== 'P' && b.party !== 'P')) return []
    const segment = segmentAt(fresh, b.start)
    if (segment === null) return []
    const [from, to] = [old.unit.text.slice(a.start, a.end), fresh.unit.text.slice(b.start, b.end)]
    const quote = printed(fresh, segment, 36)
    return [
      {
        kind: 'party' as const,
        from,
        to,
        affects: affected(b.party === 'P' ? a.party : b.party),
        direction: b.party === 'P' ? ('worse' as const) : ('better' as const),
        zh: `由归“${from}”改为归“${to}”（${quote}）`,
        en: `Now “${to}”'s instead of “${from}”'s (${quote})`,
        important: true,
        statement: fresh,
      },
    ]
  })
}

const FREE =
  /(?:免收|免费|免除|免交|免缴|不收取?|不再收取?|无需(?:支付|缴纳)|无须(?:支付|缴纳))[^，；]{0,10}?(?=费|佣金|押金|租金|年费)|免费(?:提供|使用|享受)/
const CHARGED = /(?:收取|支付|缴纳|交纳|计收|扣除)[^，；]{0,12}(?:费|佣金|押金|租金)/

/** What was free is charged, or the other way round. */
function chargeChanges({ old, new: fresh }: Altered): Found[] {
  const [freeOld, freeNew] = [FREE.test(old.text), FREE.test(fresh.text)]
  const paid = (s: Statement): boolean => CHARGED.test(s.text.replace(FREE, ''))
  if (freeOld === freeNew || !(freeOld ? !paid(old) && paid(fresh) : paid(old) && !paid(fresh))) return []
  const [from, to] = freeOld ? (['免费', '收费'] as const) : (['收费', '免费'] as const)
  return [
    {
      kind: 'amount',
      from,
      to,
      affects: affected(user(fresh)),
      direction: freeOld ? 'worse' : 'better',
      zh: `由${from}改为${to}（${printed(fresh, { start: fresh.start, end: fresh.end }, 36)}）`,
      en: `${freeOld ? 'What was free is charged' : 'What was charged is free'} (${printed(fresh, { start: fresh.start, end: fresh.end }, 36)})`,
      important: true,
      statement: fresh,
    },
  ]
}
