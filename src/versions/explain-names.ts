/** Reads names: a term that got another name throughout, and documents that users have to follow. */
import type { Elsewhere } from './explain-elsewhere.js'
import { affected, bound, type Found, nameIn, partyIn, user } from './explain-parties.js'
import { bare, bigrams, covered, type Reading, type Statement } from './explain-statements.js'

// ── documents to follow ─────────────────────────────────────────────────────────────────────────────────────────

const FOLLOW = /遵守|遵循|遵照|受[^，；]{0,20}约束|一并生效|具有同等效力/
/** 《甲规范》, or what is called so without the marks, if it opens with the platform's name. */
const TITLE =
  /《([^》]{2,40})》|((?:(?!遵守|遵循|以及|[，。；、和《》其该本的了]).){4,24}?(?:协议|规范|规定|规则|公约)(?:（[^）]{1,6}）)?)(?=[，。、和及]|以及|$)/g
const LAW = /(?:法|条例|办法|法典|解释)$|^(?:中华人民共和国|互联网|网络|移动互联网|全国|国务院|最高人民)|人民法院/
const VAGUE = /相关|有关|以下|各项|其他|修[改订]|单独|旧版|上述|前述|法律/

const flat = (text: string): string => bare(text).replaceAll('帐', '账').toLowerCase()

/** The documents that merchants or consumers must follow, by their titles. */
function followed(list: readonly Statement[]): Map<string, Statement> {
  const found = new Map<string, Statement>()
  for (const statement of list) {
    if (!FOLLOW.test(statement.text) || statement.unit.flags.has('definition')) continue
    for (const m of statement.text.matchAll(TITLE)) {
      const names = [...statement.side.cast.names].filter(([, party]) => party === 'P').map(([name]) => name)
      const plain = m[2] === undefined ? '' : (names.find(name => m[2]?.includes(name)) ?? null)
      if (plain === null) continue
      const title = (m[1] ?? m[2]?.slice(m[2].indexOf(plain)) ?? '').trim()
      const at = statement.start + m.index
      if (LAW.test(title) || VAGUE.test(title) || title.length < 4 || statement.unit.denied(at)) continue
      const segment = statement.text.slice(Math.max(0, m.index - 60), m.index + m[0].length + 40)
      if (!FOLLOW.test(segment) || /根据|依据|依照|按照/.test(statement.text.slice(Math.max(0, m.index - 8), m.index)))
        continue
      const { text, unit, side } = statement
      // 公司在遵守《甲政策》的前提下: what the platform follows itself binds nobody else.
      const told =
        /(?:请|应当?|须|需|您|你|用户|商家|承诺)[^，；]{0,14}(?:遵守|遵循|遵照)/.test(text) || /生效/.test(segment)
      if (partyIn(side, unit.actorAt(at)) === 'P' && !told) continue
      // 《甲协议》（以下简称“本协议”）: the document itself.
      if (
        /^[^，。]{0,4}以下简称“?本/.test(text.slice(m.index + m[0].length).replace(/[（(]/, '')) ||
        text.slice(0, m.index).endsWith('本') ||
        flat(side.parsed.title ?? '').includes(flat(title))
      )
        continue
      if (!found.has(title)) found.set(title, statement)
    }
  }
  return found
}

/** Whether a version speaks of a document without the marks of a title. */
const unmarked = ({ side }: Elsewhere, title: string): boolean =>
  side.parsed.document.text.replaceAll('帐', '账').toLowerCase().replaceAll(`《${title}》`, '').includes(title)

/** Documents that users must follow now, or no longer. */
export function documentChanges({ old, new: fresh }: Reading, was: Elsewhere, is: Elsewhere): Found[] {
  const [a, b] = [followed(old), followed(fresh)]
  const named = (version: Elsewhere, title: string): boolean =>
    version.followed(followed).has(title) || unmarked(version, title)
  const gone = [...a].filter(([title]) => !b.has(title) && !named(is, title))
  const come = [...b].filter(([title]) => !a.has(title) && !named(was, title))
  // A document with another title is another edition of the same.
  const like = (title: string, others: typeof gone): boolean =>
    others.some(([other]) => covered(title, bigrams(other)) >= 0.4 || covered(other, bigrams(title)) >= 0.4)
  const tell = (list: typeof gone, others: typeof gone, added: boolean): Found[] => {
    const fit = list.filter(([title]) => !like(title, others))
    const [first] = fit
    if (first === undefined) return []
    const statement = first[1]
    const affects = affected(bound(statement))
    const name = nameIn(statement, affects)
    const titles = fit
      .slice(0, 3)
      .map(([title]) => `《${title}》`)
      .join('')
    const more = fit.length > 3 ? `等${fit.length}份文件` : ''
    return [
      {
        kind: added ? 'duty-added' : 'duty-removed',
        from: added ? null : titles,
        to: added ? titles : null,
        affects,
        direction: added ? 'worse' : 'better',
        zh: added ? `${name.zh}须另行遵守${titles}${more}` : `不再要求${name.zh}遵守${titles}${more}`,
        en: added ? `${name.en} must also follow ${titles}` : `${name.en} need no longer follow ${titles}`,
        important: false,
        statement,
      },
    ]
  }
  return [...tell(come, gone, true), ...tell(gone, come, false)]
}

// ── terms with another name ─────────────────────────────────────────────────────────────────────────────────────

/** So often a term must stand in a text to be renamed throughout. */
const OFTEN = 3

/**
 * Tells whether a pair differs in nothing but a term that the new version calls otherwise throughout. Counts a term in
 * the whole of both texts once.
 */
export function renames(was: Elsewhere, is: Elsewhere): (reading: Reading) => Found[] {
  const [before, after] = [was, is].map(v => flat(v.side.parsed.document.text)) as [string, string]
  const counts = new Map<string, number>()
  const count = (text: string, term: string): number => {
    const key = `${text === before}${term}`
    const known = counts.get(key) ?? text.split(term).length - 1
    counts.set(key, known)
    return known
  }
  const renamed = (from: string, to: string): boolean => {
    if (/^[您你]{2}$/.test(from + to)) return true
    if (from.length < 2 || to.length < 2 || from.length > 14 || to.length > 14 || /[0-9]|不|未|无/.test(from + to))
      return false
    const kept = to.includes(from) ? count(after, from) - count(after, to) : count(after, from)
    const known = from.includes(to) ? count(before, to) - count(before, from) : count(before, to)
    return count(before, from) >= OFTEN && count(after, to) >= OFTEN && kept === 0 && known === 0
  }
  return ({ altered, oldOnly, newOnly }) => {
    if (altered.length === 0 || altered.length !== oldOnly.length || altered.length !== newOnly.length) return []
    const terms = new Map<string, { from: string; to: string; statement: Statement }>()
    for (const { old, new: fresh } of altered) {
      const term = renaming(flat(old.text), flat(fresh.text))
      if (term === null || !renamed(term.from, term.to)) return []
      terms.set(`${term.from} ${term.to}`, { ...term, statement: fresh })
    }
    return [...terms.values()].map(({ from, to, statement }) => ({
      kind: 'party',
      from,
      to,
      affects: affected(user(statement)),
      direction: 'neutral',
      zh: `“${from}”全文改称“${to}”（${count(before, from)}处），本处别无改动`,
      en: `“${from}” is called “${to}” throughout (${count(before, from)} times); nothing else changed here`,
      important: false,
      statement,
    }))
  }
}

/** The one term that was put in place of another, wherever it stands, and nothing else; null otherwise. */
function renaming(old: string, fresh: string): { from: string; to: string } | null {
  let head = 0
  while (head < old.length && old.charAt(head) === fresh.charAt(head)) head++
  // The longest stretch that differs first may share its ends with the names: try all that fit.
  for (let start = head; start >= Math.max(0, head - 6); start--)
    for (let length = 1; length <= 14 && start + length <= old.length; length++) {
      const from = old.slice(start, start + length)
      const times = old.split(from).length - 1
      const extra = (fresh.length - old.length) / times
      if (!Number.isInteger(extra) || length + extra < 1 || length + extra > 14) continue
      const to = fresh.slice(start, start + length + extra)
      // 软件及, 服务的信: not a name.
      if (/[及的和与或以为]/.test(from + to)) continue
      if (from !== to && old.replaceAll(from, to) === fresh) return { from, to }
    }
  return null
}
