/** Adds to the clause tree what each sentence means: its words with their lead-in, parties, negation, quantities, scope. */
import type { Document, Parsed, Party, Sentence, Span } from '../types.js'
import { documentKind } from './kind.js'
import { denials, negationZones } from './negation.js'
import { type Normalised, normalise } from './normalise.js'
import { actors, type Cast, type PartyMention, partyMentions, readCast } from './parties.js'
import { type Quantity, quantities } from './quantities.js'
import { repealedSentences } from './repealed.js'

/** What a unit is, where that decides whether it can oblige anybody. */
export type Flag = 'heading' | 'definition' | 'quoted-law' | 'repealed' | 'void'

/**
 * One sentence, list item or table row as rules see it: normalised words, with the lead-in in front
 * (`text.slice(own)` are its own words) and column heads before their cells.
 */
export interface Unit {
  readonly index: number
  readonly sentence: Sentence
  readonly text: string
  readonly own: number
  /** Offset in `Document.text` of each character of `text`; -1 for words that stand elsewhere (lead-in, column heads). */
  readonly map: () => readonly number[]
  readonly mentions: readonly PartyMention[]
  /** Whether the words at an offset of `text` are under a negator: 不得修改, 无需通知. */
  readonly denied: (at: number) => boolean
  /** Reach of each prohibition (不得, 禁止, 不会…), with who is forbidden. */
  readonly prohibitions: readonly Prohibition[]
  /** Who does what stands at an offset of `text`; null where nothing tells. */
  readonly actorAt: (at: number) => Party | null
  readonly quantities: readonly Quantity[]
  readonly flags: ReadonlySet<Flag>
  /** The subject of the sentence before in the same clause, for sentences without one of their own. */
  readonly inherited: Party | null
  /** Index in `Annotated.scopes`: what principle 2 of the catalogue calls the same clause. */
  readonly scope: number
}

/** Part of a unit's text that a prohibition covers; `party` is null where nobody is named. */
export interface Prohibition {
  readonly start: number
  readonly end: number
  readonly party: Party | null
}

export interface Annotated {
  readonly parsed: Parsed
  readonly kind: string
  readonly cast: Cast
  readonly units: readonly Unit[]
  /** Unit indexes of each clause, with its sub-items. */
  readonly scopes: readonly (readonly number[])[]
  /** For each unit, the headings above it, normalised and joined. */
  readonly headings: readonly string[]
}

const LEAD_LIMIT = 240
const REPEALED =
  /^(?:变更|修订|修改|调整|更新|更改)前|^(?:原|旧)(?:规则|条款|版本?|内容|文本|规定)|^现行(?:规则|条款|内容|版本)/
const DEFINITION =
  /^[“《（]?[^，。；]{1,24}[”》）]?[：，]?(?:是指|系指|指的是|均?指(?![定令示导向数标引派责控南纹明出使挥望教])|即指|是本|定义为)/
const OPERATIVE = /有权|视为|视同|不承担|无权|不得|应当|必须|自行承担|有义务/
/** Says of other clauses that they are void, forbidden or to be taken out: “签收即认可”的条款无效. */
const VOID = new RegExp(
  [
    // …的格式条款，人民法院应当认定无效 · “…”的约定无效
    '(?:格式条款|”)(?:(?!主张|抗辩|请求|否认|为由)[^。；]){0,24}(?:无效|不发生效力|不产生效力|不具有?(?:法律)?效力)',
    '(?<!主张(?:本|该|此|上述|前述|任何|相关)?)(?:条款|约定|该内容)(?:都|均|是|属于|应当|一律|自始|依法)?(?:无效|不发生效力|不合规定|不合法|不合规|违法)',
    '做法(?:都|均|是|属于)?(?:不合规定|不合法|不合规|违法|违规)',
    // 海报含有“…”字样的，予以删除 · 不得使用“…”
    '”等?(?:字样|表述|文案|声明|标注|告示|内容)[^。；]{0,12}(?:删除|删去|整改|驳回|予以下架|责令改正)',
    '(?:不得|禁止|严禁|请勿)(?:使用|出现|标注|约定|设置|写入|张贴|含有|包含)[^。；“]{0,8}“',
    '(?:含有|出现|写有|标注)“[^”]{2,30}”。请(?:删|改)',
  ].join('|'),
)
/** Headings of passages that teach the law instead of making rules. */
const LESSON =
  /(?:法规|法律|法条|司法解释|条例|办法|民法典|法第.{1,8}条|案例).{0,10}(?:摘编|摘录|简介|学习|解读|释义|问答|科普|节选|选编|汇编|宣传|介绍)|普法|小课堂|维权问答|以案说法/
const QUOTED_LAW =
  /《[^》]{0,30}(?:法|条例|办法|规定|解释|准则)》(?:第[^，。；]{1,12}[条款项])*[^，。；]{0,8}(?:规定|明确|载明|要求|指出|释义)[：，“]/

/** What a unit's words mean by themselves: it depends on nothing but them, the inherited subject, and who is a party. */
type Meaning = Pick<Unit, 'mentions' | 'denied' | 'prohibitions' | 'actorAt' | 'quantities' | 'flags'> & {
  /** The first party named as a subject. */
  readonly subject: Party | null
}

/** What was read of the last state of a document, so that unchanged sentences of its next one are not read again. */
export interface Memory {
  cast: Cast | null
  /** By a stretch of the text and the character behind it; offsets count from the start of the stretch. */
  words: Map<string, Normalised>
  /** Units whose words mean the same share one, as long as they do. */
  meanings: Map<string, Meaning>
}

export const emptyMemory = (): Memory => ({ cast: null, words: new Map(), meanings: new Map() })

/**
 * Reads parties, negation, quantities, kind and scopes of a parsed document. Linear in the text. `memory`, which is
 * brought up to date, changes only how long it takes.
 */
export function annotate(parsed: Parsed, memory: Memory = emptyMemory()): Annotated {
  const { document, sentences } = parsed
  const before = { ...memory }
  const cast = sameCast(before.cast, readCast(parsed))
  Object.assign(memory, { cast, words: new Map(), meanings: new Map() })
  const wordsAt = (span: Span): Words => {
    const key = document.text.slice(span.start, span.end + 1)
    const known = memory.words.get(key) ?? before.words.get(key)
    const words = known ?? normalise(key, { start: 0, end: span.end - span.start })
    memory.words.set(key, words)
    return { text: words.text, map: () => words.map.map(at => at + span.start), repealed: false }
  }
  const meaning = (text: string, lead: number, inherited: Party | null): Meaning => {
    const key = `${lead} ${inherited} ${text}`
    let found = memory.meanings.get(key)
    if (found !== undefined) return found
    const old = before.meanings.get(key)
    if (old !== undefined && cast === before.cast) found = old
    else {
      const mentions = partyMentions(text, cast)
      found =
        old !== undefined && sameMentions(old.mentions, mentions) ? old : meaningOf(text, lead, inherited, mentions)
    }
    memory.meanings.set(key, found)
    return found
  }
  const heads = new Map<string, string>()
  const headWords = (head: string): string => {
    let words = heads.get(head)
    if (words === undefined) {
      words = normalise(head, { start: 0, end: head.length }).text
      heads.set(head, words)
    }
    return words
  }
  const own = sentences.map(s => ownWords(s, wordsAt, headWords))
  const leads = leadWords(sentences, own)
  const { scopeOf, scopes } = scopesOf(parsed)
  const repealed = repealedSentences(
    sentences,
    own.map(w => w.text),
  )
  const headings = headingsOf(parsed, own)
  const units: Unit[] = []
  let previous: { readonly sentence: Sentence; readonly subject: Party | null } | undefined
  let above = ''
  let lesson = false
  for (const sentence of sentences) {
    const words = own[sentence.id] as Words
    const lead = leads[sentence.id] ?? ''
    const text = lead + words.text
    const near =
      previous !== undefined && previous.sentence.kind !== 'heading' && related(parsed, previous.sentence, sentence)
    const inherited = near && previous !== undefined ? previous.subject : null
    const meant = meaning(text, lead.length, inherited)
    const heading = headings[sentence.id] ?? ''
    if (heading !== above) lesson = LESSON.test(heading)
    above = heading
    const further: Flag[] = []
    if (sentence.kind === 'heading') further.push('heading')
    if (lesson) further.push('quoted-law')
    if (words.repealed || repealed.has(sentence.id)) further.push('repealed')
    units.push({
      index: units.length,
      sentence,
      text,
      own: lead.length,
      // Few units hold a finding, and only a finding asks for its place.
      map: () => (lead === '' ? words.map() : elsewhere(lead).concat(words.map())),
      mentions: meant.mentions,
      denied: meant.denied,
      prohibitions: meant.prohibitions,
      actorAt: meant.actorAt,
      quantities: meant.quantities,
      flags: further.length === 0 ? meant.flags : new Set([...meant.flags, ...further]),
      inherited,
      scope: scopeOf[sentence.id] ?? 0,
    })
    previous = { sentence, subject: meant.subject ?? inherited }
  }
  const opening = normalise(document.text, { start: 0, end: Math.min(400, document.text.length) }).text
  return {
    parsed,
    kind:
      statedKind(document) ??
      documentKind(
        parsed.title === null ? null : normalise(parsed.title, { start: 0, end: parsed.title.length }).text,
        opening,
      ),
    cast,
    units,
    scopes,
    headings,
  }
}

/** `text` is a unit's, of which the first `lead` characters are its lead-in. */
function meaningOf(text: string, lead: number, inherited: Party | null, mentions: readonly PartyMention[]): Meaning {
  const words = text.slice(lead)
  const flags = new Set<Flag>()
  if (DEFINITION.test(words) && !OPERATIVE.test(words)) flags.add('definition')
  if (QUOTED_LAW.test(words)) flags.add('quoted-law')
  if (VOID.test(words)) flags.add('void')
  const zones = negationZones(text, lead)
  const actorAt = actors(text, mentions, inherited)
  return {
    mentions,
    denied: denials(zones, text.length),
    prohibitions: zones
      .filter(z => z.modal)
      .map(({ start, end, negator }) => ({ start, end, party: actorAt(negator) })),
    actorAt,
    quantities: quantities(text),
    flags,
    subject: mentions.find(m => m.role === 'subject')?.party ?? null,
  }
}

/** The cast of the state before, where nobody in it has changed. */
const sameCast = (before: Cast | null, now: Cast): Cast =>
  before !== null &&
  before.addressee === now.addressee &&
  before.pattern.source === now.pattern.source &&
  [...now.names].every(([name, party]) => before.names.get(name) === party)
    ? before
    : now

const sameMentions = (a: readonly PartyMention[], b: readonly PartyMention[]): boolean =>
  a.length === b.length &&
  a.every((m, i) => {
    const n = b[i] as PartyMention
    return m.party === n.party && m.role === n.role && m.start === n.start && m.end === n.end
  })

/** The kind that front matter or configuration gives. */
const statedKind = (document: Document): string | null =>
  typeof document.frontMatter.kind === 'string' ? document.frontMatter.kind : null

/** Normalised words; `map` gives the offset in `Document.text` of each character, -1 for those that stand elsewhere. */
interface Words {
  readonly text: string
  readonly map: () => readonly number[]
  /** A table row of which nothing is left but what is repealed. */
  readonly repealed: boolean
}

const elsewhere = (text: string): number[] => Array.from<number>({ length: text.length }).fill(-1)

/** A sentence's own words; of a table row the cells behind their column heads, without cells that hold repealed wording. */
function ownWords(sentence: Sentence, wordsAt: (span: Span) => Words, headWords: (head: string) => string): Words {
  if (sentence.cells === undefined) return wordsAt(sentence.span)
  const parts: Words[] = []
  let dropped = 0
  const add = (text: string): void => {
    parts.push({ text, map: () => elsewhere(text), repealed: false })
  }
  for (const cell of sentence.cells) {
    const header = cell.header === null ? '' : headWords(cell.header)
    if (REPEALED.test(header)) {
      dropped++
      continue
    }
    const words = wordsAt(cell.span)
    if (words.text === '') continue
    if (parts.length > 0) add('；')
    if (header !== '' && header.length <= 30) add(`${header}：`)
    parts.push(words)
  }
  const text = parts.map(p => p.text).join('')
  return { text, map: () => parts.flatMap(p => p.map()), repealed: text === '' && dropped > 0 }
}

/** The words that lead in to each sentence, outermost first. */
function leadWords(sentences: readonly Sentence[], own: readonly Words[]): string[] {
  const leads: string[] = []
  for (const sentence of sentences) {
    const above = sentence.leadIn
    if (above === null || above >= sentence.id) leads.push('')
    else {
      const full = (leads[above] ?? '') + (own[above]?.text ?? '')
      leads.push(full.length > LEAD_LIMIT ? full.slice(-LEAD_LIMIT) : full)
    }
  }
  return leads
}

const related = (parsed: Parsed, a: Sentence, b: Sentence): boolean =>
  a.clause === b.clause ||
  a.block === b.block ||
  parsed.clauses[b.clause]?.parent === a.clause ||
  parsed.clauses[a.clause]?.parent === parsed.clauses[b.clause]?.parent

/** Groups sentences into clauses in the law's sense: an article or item with its sub-items; a list with its lead-in; else the paragraph. */
function scopesOf(parsed: Parsed): { scopeOf: number[]; scopes: number[][] } {
  const { sentences, clauses } = parsed
  const key = new Map<string, number>()
  const scopes: number[][] = []
  const scopeOf: number[] = []
  const put = (name: string, id: number): void => {
    let at = key.get(name)
    if (at === undefined) {
      at = scopes.push([]) - 1
      key.set(name, at)
    }
    scopes[at]?.push(id)
    scopeOf.push(at)
  }
  const size = new Map<number, number>()
  for (const s of sentences) size.set(s.clause, (size.get(s.clause) ?? 0) + 1)
  for (const sentence of sentences) {
    let home = sentence
    while (home.leadIn !== null && home.leadIn < home.id) home = sentences[home.leadIn] as Sentence
    if (home !== sentence) {
      const at = scopeOf[home.id]
      if (at !== undefined) {
        scopes[at]?.push(sentence.id)
        scopeOf.push(at)
        continue
      }
    }
    let clause = clauses[sentence.clause]
    // Lists without a lead-in sentence belong to their article: 第五条 （一）… （二）…
    while (clause !== undefined && clause.parent !== null && isItem(clause.label)) {
      const parent = clauses[clause.parent]
      if (parent === undefined || parent.label === null || !/^第.*条|^\d+\.\d+/.test(parent.label)) break
      clause = parent
    }
    if (clause === undefined || clause.label === null) {
      const whole = clause !== undefined && clause.parent !== null && (size.get(clause.id) ?? 0) <= 10
      put(whole ? `c${clause?.id}` : `b${sentence.block}`, sentence.id)
    } else put(`c${clause.id}`, sentence.id)
  }
  return { scopeOf, scopes }
}

const isItem = (label: string | null): boolean => label !== null && /^[（(]|^[①-⓿]|^[a-z][).、]/.test(label)

/** The titles of the clauses above each sentence. */
function headingsOf(parsed: Parsed, own: readonly Words[]): string[] {
  const titles = parsed.clauses.map(c =>
    c.title === null ? '' : normalise(c.title, { start: 0, end: c.title.length }).text,
  )
  const chain: string[] = []
  for (const clause of parsed.clauses) {
    const above = clause.parent === null ? '' : (chain[clause.parent] ?? '')
    chain.push(titles[clause.id] === '' ? above : `${above}\n${titles[clause.id] ?? ''}`.slice(-200))
  }
  const title = parsed.title === null ? '' : normalise(parsed.title, { start: 0, end: parsed.title.length }).text
  const above = chain.map(titlesAbove => `${title}\n${titlesAbove}`)
  return parsed.sentences.map(
    (s, i) => `${above[s.clause] ?? ''}${s.kind === 'heading' ? `\n${own[i]?.text ?? ''}` : ''}`,
  )
}
