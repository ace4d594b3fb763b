/** What changed wording means: modal verbs, rights and remedies, duties and powers. */
import type { Party } from '../types.js'
import { type Elsewhere, groundOf, SANCTION, sameLetters } from './explain-elsewhere.js'
import {
  earliest,
  IMPORTANT,
  type Modal,
  modalsIn,
  type Norm,
  norms,
  quoted,
  RIGHTS,
  rightsOf,
  TRIGGER,
} from './explain-norms.js'
import { bearerChanges } from './explain-bearers.js'
import { conditionChanges, openChanges, type Sets } from './explain-conditions.js'
import { effectChanges } from './explain-effect.js'
import { delegated, otherWay } from './explain-kept.js'
import { documentChanges } from './explain-names.js'
import { personalChanges } from './explain-personal.js'
import { scopeChanges } from './explain-scope.js'
import { termChanges } from './explain-terms.js'
import { type Affected, actorOf, affected, type Found, nameIn, opposite, user } from './explain-parties.js'
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

// ── modal verbs ─────────────────────────────────────────────────────────────────────────────────────────────────

const MODAL_EN: Readonly<Record<Modal, string>> = {
  may: 'may',
  must: 'must',
  'must-not': 'must not',
  'need-not': 'need not',
  not: 'does not',
}
const AUTHORITIES = /有关部门|监管|主管|司法|执法|公安|法院|行政机关/

/** A modal verb that became another one, with the same act behind it. */
function modalChanges({ old, new: fresh, hunks }: Altered): Found[] {
  const found: Found[] = []
  for (const hunk of hunks) {
    const [a, b] = [
      old.unit.text.slice(hunk.old.start, hunk.old.end),
      fresh.unit.text.slice(hunk.new.start, hunk.new.end),
    ]
    if (a.length > 8 || b.length > 8) continue
    // 并非不得退店 is no prohibition.
    if (/并[非不]|不是/.test(`${a}${b}`)) continue
    // A modal verb may need the words behind it to be known as one: 不 before 承担.
    const one = modalsIn(a + old.unit.text.slice(hunk.old.end, hunk.old.end + 2)).filter(m => m.at < a.length)
    const two = modalsIn(b + fresh.unit.text.slice(hunk.new.end, hunk.new.end + 2)).filter(m => m.at < b.length)
    if (one.length > 1 || two.length > 1) continue
    const [from, to] = [one[0], two[0]]
    if (from === undefined && to === undefined) continue
    const rest = (text: string, m: typeof from): string =>
      m === undefined ? text : (text.slice(0, m.at) + text.slice(m.end)).replace(/[，也均亦还则都并一律另行]/g, '')
    if (rest(a, from).length > 3 || rest(b, to).length > 3) continue
    if (from?.modal === to?.modal) continue
    const act = untilComma(fresh, hunk.new.end)
    if (act.length < 2) continue
    // 可在七日内申诉 → 应在七日内申诉: a remedy is no duty, however it is put.
    if (/^(?:may|must)(?:may|must)$/.test(`${from?.modal}${to?.modal}`) && /申诉|申辩|复核|异议|举证/.test(act))
      continue
    const place = (m: typeof from, base: number): number => base + (m?.at ?? 0)
    const was = actorOf(old, place(from, hunk.old.start))
    const is = actorOf(fresh, place(to, hunk.new.start))
    if (was !== is || (is === null && (from === undefined || to === undefined))) continue
    // Without a verb that was modal before, 应当 only makes explicit what the sentence meant; a prohibition does not.
    const weak = (m: typeof from, other: typeof from): boolean =>
      other === undefined && (m?.modal === 'must' || m?.modal === 'may')
    if (weak(from, to) || weak(to, from)) continue
    // An item of a list whose lead-in forbids already: 不得有下列行为：…
    if (old.unit.own > 0 && from === undefined && /不得|禁止|不应/.test(old.unit.text.slice(0, old.unit.own))) continue
    // 同意不展示 → 不得展示: it was denied before, in other words.
    if ((from === undefined && /[不无未勿]/.test(a)) || (to === undefined && /[不无未勿]/.test(b))) continue
    // 未经允许不得 …, 如需: what stands in a condition obliges nobody.
    const segment = segmentAt(fresh, hunk.new.start)
    if (segment === null || TRIGGER.test(fresh.unit.text.slice(segment.start, segment.end))) continue
    if (/禁/.test(`${a}${b}`) && hunk.new.start - segment.start > 8) continue
    if (quoted(fresh.unit.text, segment.start, hunk.new.start) || quoted(old.unit.text, old.start, hunk.old.start))
      continue
    const effect = modalEffect(from?.modal ?? null, to?.modal ?? null, is, act, fresh)
    const quote = printed(fresh, segment, 36)
    const words = (statement: Statement, m: typeof from, base: number): string | null =>
      m === undefined ? null : printed(statement, { start: base + m.at, end: base + m.end })
    const [fromWord, toWord] = [words(old, from, hunk.old.start), words(fresh, to, hunk.new.start)]
    found.push({
      kind: 'modality',
      from: fromWord,
      to: toWord,
      ...effect,
      zh:
        fromWord === null
          ? `新增“${toWord}”（${quote}）`
          : toWord === null
            ? `删去“${fromWord}”（${quote}）`
            : `由“${fromWord}”改为“${toWord}”（${quote}）`,
      en:
        from === undefined
          ? `“${MODAL_EN[to?.modal ?? 'may']}” inserted (${quote})`
          : to === undefined
            ? `“${MODAL_EN[from.modal]}” dropped (${quote})`
            : `“${MODAL_EN[from.modal]}” became “${MODAL_EN[to.modal]}” (${quote})`,
      important: IMPORTANT.test(act) || (is === 'P' && earliest(act) !== null),
      statement: fresh,
    })
  }
  return found
}

/** How strictly a modal verb binds whoever it is said of, from free to forbidden or bound. */
function modalEffect(
  from: Modal | null,
  to: Modal | null,
  actor: Party | null,
  act: string,
  statement: Statement,
): { affects: Affected; direction: Found['direction'] } {
  const person = affected(user(statement))
  if (actor === null) return { affects: person, direction: 'neutral' }
  const forbids = (m: Modal | null): boolean => m === 'must-not'
  if (actor !== 'P') {
    const who = affected(actor)
    const binds = (m: Modal | null): boolean => m === 'must' || m === 'must-not'
    if (to === 'not' || from === 'not' || binds(from) === binds(to)) return { affects: who, direction: 'neutral' }
    return { affects: who, direction: binds(to) ? 'worse' : 'better' }
  }
  const value = earliest(act)
  if (AUTHORITIES.test(act)) return { affects: 'platform', direction: 'neutral' }
  const denied = (m: Modal | null): boolean => m === 'not' || m === 'need-not' || m === 'must-not'
  if (value === 'burden') {
    if (forbids(from) && !denied(to)) return { affects: person, direction: 'worse' }
    if (denied(to) && !denied(from)) return { affects: person, direction: 'better' }
    if (denied(from) && !denied(to)) return { affects: person, direction: 'worse' }
    return { affects: person, direction: 'neutral' }
  }
  if (value === 'benefit') {
    const rank = (m: Modal | null): number =>
      m === 'must' ? 3 : m === null ? 2 : m === 'may' ? 1 : m === 'must-not' ? 0 : 0
    const change = rank(to) - rank(from)
    return { affects: person, direction: change === 0 ? 'neutral' : change > 0 ? 'better' : 'worse' }
  }
  // A duty of the platform that became a choice takes certainty from its users, whatever it is.
  if (from === 'must' && (to === 'may' || to === 'need-not')) return { affects: person, direction: 'worse' }
  if ((from === 'may' || from === 'need-not') && to === 'must') return { affects: person, direction: 'better' }
  if (forbids(from) && !denied(to)) return { affects: person, direction: 'worse' }
  if (forbids(to) && !denied(from)) return { affects: person, direction: 'better' }
  return { affects: person, direction: 'neutral' }
}

const untilComma = ({ unit, end }: Statement, at: number): string => {
  let to = at
  while (to < end && unit.text.charAt(to) !== '，') to++
  return unit.text.slice(at, to)
}

// ── rights, duties, powers ──────────────────────────────────────────────────────────────────────────────────────

/** What both sides of a pair say in other words than numbers; `was` and `is` are the versions as a whole. */
export function wordingChanges(reading: Reading, was: Elsewhere, is: Elsewhere): Found[] {
  const { altered, old, new: fresh } = reading
  const sets: Sets = {
    old: bigrams(bare(old.map(s => s.text).join('。'))),
    new: bigrams(bare(fresh.map(s => s.text).join('。'))),
  }
  const quiet = new Set<Statement>()
  const found = rightChanges(old, fresh, sets, was, is, quiet)
  const told = new Set([...quiet, ...found.map(f => f.statement)])
  const stated = new Set<Statement>()
  const terms = termChanges({ altered, old, new: fresh }, was, is)
  // 支持 → 不支持 was told as a right already.
  const toldPair = (s: Statement): boolean =>
    told.has(s) || altered.some(a => (a.old === s || a.new === s) && (told.has(a.old) || told.has(a.new)))
  for (const term of terms) if (!toldPair(term.statement)) found.push(term)
  for (const pair of altered) {
    const own = [...modalChanges(pair), ...bearerChanges(pair)]
    if (own.length > 0) stated.add(pair.old).add(pair.new)
    if (terms.some(t => t.statement === pair.old || t.statement === pair.new)) {
      stated.add(pair.old).add(pair.new)
      continue
    }
    if (!(told.has(pair.old) || told.has(pair.new))) found.push(...own)
    found.push(...conditionChanges(pair, sets))
  }
  for (const { statement } of terms) stated.add(statement)
  const rest = (list: readonly Statement[]): Statement[] => list.filter(s => !told.has(s) && !stated.has(s))
  const [come, gone] = [
    normChanges(rest(fresh), sets.old, old, is, was, true),
    normChanges(rest(old), sets.new, fresh, was, is, false),
  ]
  const read = new Set([...told, ...stated, ...come.statements, ...gone.statements])
  found.push(...come.found, ...gone.found, ...personalChanges(reading, was, is, read))
  found.push(...scopeChanges(reading, was, is, read), ...effectChanges(reading))
  found.push(...documentChanges(reading, was, is), ...openChanges(reading, was, is))
  return found
}

/** 申诉, 复核, 异议: one remedy under three names. */
const kin = (group: number): boolean => group <= 2

const COMPLAINT = /投诉|查询/
/** Ways to reach the platform, under whatever name. */
const CHANNEL = /联系|反馈|邮箱|邮件|电话|客服|举报|投诉|告知(?:我们|平台)/

/** `quiet` takes in what speaks of a right that is kept in other words or elsewhere: nothing else is to be read of it. */
function rightChanges(
  old: readonly Statement[],
  fresh: readonly Statement[],
  sets: Sets,
  was: Elsewhere,
  is: Elsewhere,
  quiet: Set<Statement>,
): Found[] {
  const a = old.map(rightsOf)
  const b = fresh.map(rightsOf)
  const result: Found[] = []
  const seen = new Set<string>()
  const come = fresh.filter(s => !was.has(s))
  const compare = (here: typeof a, there: typeof a, own: Elsewhere, other: Elsewhere, added: boolean): void => {
    const spoken = new Set(there.flatMap(r => r.spoken))
    const others = added ? old : fresh
    for (const right of here.flatMap(r => r.given)) {
      const { group, holder, segment, statement } = right
      const words = bare(statement.unit.text.slice(segment.start, segment.end))
      const key = `${added}${group}${holder}`
      const place = `${added}${statement.unit.index} ${segment.start}`
      if (kin(group) && [...spoken].some(kin) && covered(words, added ? sets.old : sets.new) >= 0.6) continue
      // Another way to the platform is no right that was not there before.
      if (COMPLAINT.test((RIGHTS[group] as readonly string[])[1] ?? '') && others.some(t => CHANNEL.test(t.text)))
        continue
      if (spoken.has(group) || seen.has(key) || seen.has(place) || other.grants(right, own)) continue
      const ground = groundOf({ statement, start: segment.start })
      const except = added ? old : fresh
      if (other.says(words, except) && (ground.length < 4 || other.says(ground, except))) continue
      seen.add(key).add(place)
      if (!added && (otherWay(words, come, statement.text) !== null || delegated(statement, segment, is.unlike(was)))) {
        quiet.add(statement)
        continue
      }
      const [, zh, en] = RIGHTS[group] as readonly [string, string, string]
      const quote = printed(statement, segment)
      result.push({
        kind: added ? 'right-added' : 'right-removed',
        from: added ? null : quote,
        to: added ? quote : null,
        affects: affected(holder),
        direction: added ? 'better' : 'worse',
        zh: `${added ? '新增' : '本条删去'}${zh}的权利（${quote}）`,
        en: `${added ? 'New right' : 'This clause drops the right'} ${en} (${quote})`,
        important: true,
        statement,
      })
    }
  }
  compare(a, b, was, is, false)
  compare(b, a, is, was, true)
  return result
}

/** What sort of rule a statement makes, for those that are on one side only. */
type Sort = 'duty' | 'ban' | 'power' | 'platform-duty' | 'disclaimer'

const SORTS: Readonly<Record<Sort, { readonly zh: string; readonly en: string; readonly worse: boolean }>> = {
  duty: { zh: '义务', en: 'duty', worse: true },
  ban: { zh: '禁止性要求', en: 'prohibition', worse: true },
  power: { zh: '平台的处置或单方权利', en: 'power of the platform', worse: true },
  'platform-duty': { zh: '平台义务', en: 'duty of the platform', worse: false },
  disclaimer: { zh: '平台免责', en: 'disclaimer of the platform', worse: true },
}

/** What is asked of everybody and costs nobody anything. */
const TRIVIAL =
  /^(?:[^，]{0,6}(?:仔细|认真|充分|完整)?(?:阅读|理解|知悉|了解|知晓|注意|确认|明白|知道)|适用|具备|是|为|属于|符合)/

/** 可介入协调并采取措施: what the platform does between others is neither gain nor loss. */
const HELP = /^[^，]{0,6}(?:介入|协调|协助|调解|提供|保护)/

function sortOf(norm: Norm): { sort: Sort; affects: Affected } | null {
  const { actor, modal, act, statement } = norm
  const person = affected(user(statement))
  if (actor === 'P') {
    if (
      (modal === 'not' || modal === 'need-not' || modal === 'must-not') &&
      /^[^，]{0,24}(?:责任|负责|赔偿|补偿|义务)/.test(act) &&
      modal !== 'must-not'
    )
      return { sort: 'disclaimer', affects: person }
    if (modal === 'may' && !HELP.test(act) && earliest(act) === 'burden') return { sort: 'power', affects: person }
    if (
      modal === 'must' &&
      statement.unit.text.charAt(norm.at) !== '需' &&
      earliest(act) === 'benefit' &&
      !AUTHORITIES.test(act)
    )
      return { sort: 'platform-duty', affects: person }
    return null
  }
  if (actor === null || TRIVIAL.test(act)) return null
  // 不得实施下列行为: the list says what.
  if (act.length <= 12 && /以下|下列|如下/.test(act)) return null
  // 需要 tells as often what something takes as what somebody owes.
  if (modal === 'must' && statement.unit.text.charAt(norm.at) === '需') return null
  // 采用禁止演绎协议: a prohibition opens its part of the sentence, or follows whom it binds.
  if (/[禁]/.test(statement.unit.text.slice(norm.at, norm.after)) && norm.at - norm.start > 8) return null
  if (modal === 'must' && act.length >= 2) return { sort: 'duty', affects: affected(actor) }
  if (modal === 'must-not' && act.length >= 2) return { sort: 'ban', affects: affected(actor) }
  return null
}

/** A money penalty or another measure that hangs on an occasion of its own. */
const hangs = (norm: Norm, words: string): boolean => SANCTION.test(words) && groundOf(norm).length >= 4

const LIABLE = /^[^，]{0,10}(?:赔偿|承担|负责|补偿)/
const LIABILITY =
  /(?:损失|责任|后果|费用)[^，]{0,8}由[^，]{0,12}(?:承担|负责)|(?:赔偿|承担)[^，]{0,16}(?:损失|责任|后果)/
/** Says that somebody answers for nothing, whatever the verb. */
const DISCLAIMS = /与[^，]{0,8}无关|不(?:予)?承担|不(?:予)?负责|免责|概不/

/**
 * Whether the other side of the pair asks about the same of the same party in words that this side lacks: 保证信息的真实性,
 * 提供真实的信息. `here` are the statements of this side that are not on the other.
 */
function rewritten(norm: Norm, there: readonly Statement[], here: readonly Statement[]): boolean {
  const text = here.map(s => s.text).join('。')
  const disclaims = norm.actor === 'P' && (norm.modal === 'not' || norm.modal === 'need-not')
  const liable = norm.actor !== 'P' && LIABLE.test(norm.act)
  return there.some(statement => {
    if (text.includes(statement.text)) return false
    if (liable && LIABILITY.test(statement.text)) return true
    if (disclaims && DISCLAIMS.test(statement.text)) return true
    return norms(statement).some(other => {
      if (other.modal !== norm.modal || other.actor !== norm.actor || text.includes(other.act)) return false
      return sameLetters(norm.act, other.act, 0.33)
    })
  })
}

function normChanges(
  statements: readonly Statement[],
  others: Bigrams,
  except: readonly Statement[],
  own: Elsewhere,
  other: Elsewhere,
  added: boolean,
): { readonly found: readonly Found[]; readonly statements: ReadonlySet<Statement> } {
  const told = new Set<Statement>()
  const groups = new Map<string, { sort: Sort; affects: Affected; norm: Norm; count: number }>()
  for (const statement of statements) {
    if (statement.unit.flags.has('definition') || statement.unit.flags.has('void')) continue
    // 其他应满足的条件 closes a list and says nothing.
    if (/^其[他它][^，]{0,28}$/.test(statement.text)) continue
    for (const norm of norms(statement)) {
      const words = bare(statement.unit.text.slice(norm.start, norm.end))
      if (words.length < 5) continue
      // A penalty that the rule knows for something else is new where its occasion is.
      const full = hangs(norm, norm.act) ? groundOf(norm) + words : words
      const known = full === words ? covered(bare(norm.act), others) >= 0.55 : covered(groundOf(norm), others) >= 0.45
      if (known || covered(full, others) >= 0.5) continue
      const what = sortOf(norm)
      if (what === null || rewritten(norm, except, statements)) continue
      if (other.says(full === words ? words : groundOf(norm), except) || other.binds(norm, own)) continue
      told.add(statement)
      const key = `${what.sort}${what.affects}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { ...what, norm, count: 1 })
      else group.count++
    }
  }
  const found = [...groups.values()].map(({ sort, affects, norm, count }): Found => {
    const { zh, en, worse: bad } = SORTS[sort]
    const { statement } = norm
    // A measure is told with its occasion.
    const before = statement.segments.filter(s => s.start < norm.start)
    const from = before.find(s => norm.end - s.start <= 60) ?? before.at(-1)
    const long = hangs(norm, norm.act) && from !== undefined
    const quote = long ? printed(statement, { start: from.start, end: norm.end }, 90) : printed(statement, norm)
    const owner = sort === 'duty' || sort === 'ban' ? nameIn(statement, affects) : { zh: '', en: '' }
    const direction = bad ? 'worse' : 'better'
    const duty = sort === 'power' ? 'right' : sort === 'disclaimer' ? 'undo' : 'duty'
    return {
      kind:
        duty === 'right'
          ? added
            ? 'right-added'
            : 'right-removed'
          : (duty === 'duty') === added
            ? 'duty-added'
            : 'duty-removed',
      from: added ? null : quote,
      to: added ? quote : null,
      affects,
      direction: added ? direction : opposite(direction),
      zh: `${added ? '新增' : '删去'}${owner.zh}${zh}：“${quote}”${count > 1 ? `等${count}处` : ''}`,
      en: `${added ? 'New' : 'Dropped'} ${en}${owner.en === '' ? '' : ` of ${owner.en}`}: “${quote}”${count > 1 ? ` and ${count - 1} more` : ''}`,
      important: sort === 'disclaimer' || IMPORTANT.test(norm.act),
      statement,
    }
  })
  return { found, statements: told }
}
