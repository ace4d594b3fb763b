/** Asks a whole version whether it says something: what stands elsewhere was moved, neither dropped nor added. */
import type { Annotated } from '../annotate/index.js'
import type { Party } from '../types.js'
import { cores, type FrameId } from './explain-frames.js'
import { type Modal, modalsIn, type Norm, norms, type Right, rightsOf, TRIGGER } from './explain-norms.js'
import { actorOf } from './explain-parties.js'
import { type Bigrams, bare, bigrams, covered, type Statement, split } from './explain-statements.js'

/** One version, asked about words, acts and rights that the other version has. Gathers what it needs when first asked. */
export interface Elsewhere {
  /** Whether one sentence outside `except` has most of the words (bare). */
  readonly says: (words: string, except: readonly Statement[]) => boolean
  /** Whether a statement stands here word for word. */
  readonly has: (statement: Statement) => boolean
  /** Whether the same party may, must or must not do the same, wherever and however it is put. */
  readonly binds: (norm: Norm, other: Elsewhere) => boolean
  /** Whether a right of the group (index in `RIGHTS`) is given to its holder anywhere. */
  readonly grants: (right: Right, other: Elsewhere) => boolean
  /** Statements that do what a frame says, the first hundreds of them. */
  readonly doing: (frame: FrameId) => readonly Statement[]
  /** What `read` finds in all statements, read once. */
  readonly followed: (
    read: (all: readonly Statement[]) => ReadonlyMap<string, Statement>,
  ) => ReadonlyMap<string, Statement>
  /** The bare words of all statements. */
  readonly words: () => string
  /** The bare words of the statements that another version lacks. */
  readonly ownWords: (than: Elsewhere) => string
  /** The statements that another version lacks. */
  readonly unlike: (than: Elsewhere) => readonly Statement[]
  readonly side: Annotated
}

/** The share of the words' character pairs that one sentence must hold to say them, whatever else it says. */
const SAID = 0.65
/** Pairs that stand in more sentences tell nothing. */
const COMMON = 300
/** The share of the shorter of two acts that the other must hold to be the same act. */
const SAME_ACT = 0.6
const SAME_GROUND = 0.45
/** The share of a right's words in a statement that speaks of the same remedy without a modal verb. */
const SAME_RIGHT = 0.4

/** Measures against whoever broke a rule: the same one for another breach is another rule. */
export const SANCTION =
  /违约金|罚款|罚金|滞纳金|扣除|扣划|扣减|扣罚|扣分|扣款|赔付|清退|冻结|封禁|下架|降权|关闭店铺|限制|终止|解除|中止|处罚|处置|处理|措施/

const letters = (act: string): ReadonlySet<string> =>
  new Set(
    bare(act)
      .replace(EMPTY, '')
      .replaceAll('帐', '账')
      .replace(/[应当任何您你]/g, ''),
  )

/** Whether two acts have so many characters in common that one may be the other in new words. */
export function sameLetters(one: string, two: string, least = 0.5): boolean {
  const [a, b] = [letters(one), letters(two)]
  let both = 0
  for (const c of a) if (b.has(c)) both++
  return both >= 3 && both >= Math.min(a.size, b.size) * least
}

/** On what occasion a norm applies: the words in front of its part of the sentence, with the lead-in. */
export const groundOf = ({ statement, start }: { statement: Statement; start: number }): string => {
  const { unit, start: from } = statement
  return bare(unit.text.slice(0, unit.own) + unit.text.slice(from, start))
}

type Sort = 'may' | 'must' | 'must-not' | 'not'
const sortOf = (modal: Modal): Sort => (modal === 'need-not' ? 'not' : modal)

interface Act {
  readonly sort: Sort
  readonly actor: Party | null
  readonly words: Bigrams
  readonly text: string
  readonly ground: string
  readonly statement: Statement
}

/** Words that say nothing of what is done. */
const EMPTY =
  /进行|作出|做出|予以|给予|及时|立即|任何|相关|有关|上述|前述|自行|主动|积极|或者|以及|[其的了已所该等向对将作或和与及并]/g
const PAYS = /缴存|缴付|交纳|交付|补缴|支付/g
const actWords = (text: string): Bigrams =>
  bigrams(bare(text).replace(EMPTY, '').replace(PAYS, '缴纳').replaceAll('帐', '账'))
/** What is paid tells one payment from another, however the way to pay it is described. */
const paid = (text: string): string | undefined =>
  /(?:缴|交|付)[^，]{0,14}?(保证金|押金|年费|佣金|服务费|会员费)/.exec(text)?.[1]

function sameAct(a: Bigrams, b: Bigrams): boolean {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a]
  let both = 0
  for (const pair of few) if (many.has(pair)) both++
  return few.size > 0 && both >= Math.min(3, a.size) && both >= few.size * SAME_ACT
}

/** Who acts and that it is an occasion tells no occasion from another. */
const ANYBODY = /商家|卖家|用户|消费者|买家|平台|[您你的]|如果?|若/g

function sameGround(one: string, two: string): boolean {
  const [a, b] = [one.replace(ANYBODY, ''), two.replace(ANYBODY, '')]
  if (a.length < 2 || b.length < 2) return true
  return Math.max(covered(a, bigrams(b)), covered(b, bigrams(a))) >= SAME_GROUND
}

/** All that the statement's parts oblige, forbid or allow, also without a modal verb of their own. */
function acts(statement: Statement): Act[] {
  const { unit, segments } = statement
  if (unit.flags.has('definition') || unit.flags.has('void')) return []
  const lead = modalsIn(unit.text.slice(0, unit.own)).at(-1)
  const own = new Map(norms(statement).map(n => [n.start, n]))
  const found: Act[] = []
  for (const segment of segments) {
    const words = unit.text.slice(segment.start, segment.end)
    const norm = own.get(segment.start)
    const ground = groundOf({ statement, start: segment.start })
    const add = (sort: Sort, actor: Party | null, act: string): void => {
      found.push({ sort, actor, words: actWords(act), text: act, ground, statement })
    }
    if (norm !== undefined) add(sortOf(norm.modal), norm.actor, norm.act)
    else if (unit.prohibitions.some(p => p.start <= segment.start + 1 && p.end >= segment.end))
      add('must-not', unit.actorAt(segment.start), words)
    else if (lead !== undefined) add(sortOf(lead.modal), unit.actorAt(lead.at + 1), words)
    else if (!TRIGGER.test(words) && words.length >= 4)
      add(unit.denied(segment.end - 1) ? 'must-not' : 'must', actorOf(statement, segment.end), words)
  }
  return found
}

export function elsewhere(side: Annotated): Elsewhere {
  const places = once(() => {
    const index = indexOf<number>()
    for (const unit of side.units)
      if (!unit.flags.has('repealed')) index.add(bigrams(bare(unit.text.slice(unit.own))), unit.index)
    return index
  })
  const statements = once(() => side.units.flatMap(unit => split(side, unit)))
  const texts = once(() => new Set(statements().map(s => bare(s.text))))
  const known = once(() => {
    const index = indexOf<Act>()
    for (const act of statements().flatMap(acts)) index.add(act.words, act)
    return index
  })
  const rights = once(() => {
    const given = new Map<string, Right[]>()
    const spoken = new Map<number, Statement[]>()
    for (const statement of statements()) {
      const read = rightsOf(statement)
      for (const right of read.given) {
        const key = `${right.group}${right.holder}`
        given.set(key, [...(given.get(key) ?? []).slice(-40), right])
      }
      for (const group of new Set(read.spoken)) spoken.set(group, [...(spoken.get(group) ?? []).slice(-40), statement])
    }
    return { given, spoken }
  })
  const frames = once(() => {
    const doing = new Map<FrameId, Statement[]>()
    for (const statement of statements())
      for (const id of new Set(cores(statement).map(c => c.frame.id))) {
        const list = doing.get(id)
        if (list === undefined) doing.set(id, [statement])
        else if (list.length < COMMON) list.push(statement)
      }
    return doing
  })
  const whole = once(() =>
    statements()
      .map(s => bare(s.text))
      .join('。'),
  )
  let lacking: readonly Statement[] | undefined
  const unlike = (than: Elsewhere): readonly Statement[] => {
    lacking ??= statements().filter(s => !than.has(s))
    return lacking
  }
  let lackingWords: string | undefined
  let titles: ReadonlyMap<string, Statement> | undefined
  const has = (statement: Statement): boolean => texts().has(bare(statement.text))
  return {
    says: (words, except) => {
      const { counts, asked } = places().count(bigrams(words))
      const own = new Set(except.map(e => e.unit.index))
      for (const [unit, n] of counts) if (n >= asked * SAID && !own.has(unit)) return true
      return asked === 0
    },
    has,
    followed: read => {
      titles ??= read(statements())
      return titles
    },
    words: whole,
    unlike,
    ownWords: than => {
      lackingWords ??= unlike(than)
        .map(s => bare(s.text))
        .join('。')
      return lackingWords
    },
    side,
    doing: frame => frames().get(frame) ?? [],
    binds: (norm, other) => {
      const words = actWords(norm.act)
      const ground = groundOf(norm)
      const sort = sortOf(norm.modal)
      for (const act of known().count(words).counts.keys()) {
        const fresh = !other.has(act.statement)
        // A duty that became a choice elsewhere was rewritten, not dropped.
        const sorts = act.sort === sort || (fresh && act.sort === 'may' && sort === 'must')
        if (!sorts || (act.actor !== null && norm.actor !== null && act.actor !== norm.actor)) continue
        const payment = paid(norm.act)
        if (fresh && act.sort === sort && sameLetters(norm.act, act.text)) return true
        if (!sameAct(words, act.words) && (payment === undefined || payment !== paid(act.text))) continue
        // What both versions say on other occasions takes the place of nothing. 有下列情形之一的: any occasion.
        if (sameGround(ground, act.ground) || /下列|以下|之一/.test(act.ground + ground)) return true
        if (!SANCTION.test(norm.act) && fresh) return true
      }
      return false
    },
    grants: (right, other) => {
      const { given, spoken } = rights()
      const { group, holder, statement, segment } = right
      const ground = groundOf({ statement, start: segment.start })
      const words = bare(statement.unit.text.slice(segment.start, segment.end))
      return (
        (given.get(`${group}${holder}`) ?? []).some(
          r =>
            sameGround(ground, groundOf({ statement: r.statement, start: r.segment.start })) || !other.has(r.statement),
        ) || (spoken.get(group) ?? []).some(s => !other.has(s) && covered(words, bigrams(bare(s.text))) >= SAME_RIGHT)
      )
    },
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** Finds what shares character pairs with some words, but for pairs that stand everywhere. */
function indexOf<T>(): {
  readonly add: (words: Bigrams, item: T) => void
  readonly count: (words: Bigrams) => { readonly counts: ReadonlyMap<T, number>; readonly asked: number }
} {
  const lists = new Map<number, T[]>()
  return {
    add: (words, item) => {
      for (const pair of words) {
        const list = lists.get(pair)
        if (list === undefined) lists.set(pair, [item])
        else if (list.length <= COMMON) list.push(item)
      }
    },
    count: words => {
      const counts = new Map<T, number>()
      let asked = 0
      for (const pair of words) {
        const list = lists.get(pair) ?? []
        if (list.length > COMMON) continue
        asked++
        for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1)
      }
      return { counts, asked }
    },
  }
}
