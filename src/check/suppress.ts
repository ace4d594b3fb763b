/**
 * Comments in a document that take findings back:
 * `<!-- clauselint-disable-next-line rule-a, rule-b until=2026-12-31 owner=法务部 -- 理由 -->`, and likewise
 * `-next-clause`, `-file`, and `clauselint-disable` … `clauselint-enable`. Without rule ids all rules are meant. A
 * comment that is malformed, gives no reason or has expired takes nothing back; it is reported, as is an unused one.
 */
import { commentsOf } from '../read/comments.js'
import { lineIndex, toSource } from '../read/source-map.js'
import type { RuleSet } from '../rules/types.js'
import { isDay } from '../text/day.js'
import { nearest } from '../text/nearest.js'
import type { Finding, Lang, Notice, Parsed, Span } from '../types.js'

export interface SuppressOptions {
  /** All rules that a comment may name. */
  readonly rules: RuleSet
  /** Day on which `until=` is judged, as 2026-11-21. */
  readonly today: string
  readonly lang: Lang
}

/** The comments of one document as they are written. */
export interface Comments {
  readonly path: string
  /** What is wrong with them, whatever is found. */
  readonly problems: readonly Notice[]
  readonly directives: readonly Directive[]
}

/** The comments of one document at work. */
export interface Suppressions {
  /** Whether a comment takes the finding back, and with which words. A finding asked about counts as taken back. */
  readonly reasonFor: (finding: Finding) => { readonly reason: string } | null
  /** What is wrong with the comments. To be asked last; a rule that did not run (`ran`) is never an unused one. */
  readonly notices: (ran: (ruleId: string) => boolean) => Notice[]
}

const MARK = /^\s*clauselint-/i
const ANYWHERE = /<!--\s*clauselint-/i
const VERBS = ['disable-next-line', 'disable-next-clause', 'disable-file', 'disable', 'enable'] as const
type Verb = (typeof VERBS)[number]
const KEYS = ['until', 'owner'] as const

interface Directive {
  readonly verb: Verb
  /** As written; empty means all rules. */
  readonly ids: readonly string[]
  readonly reason: string
  readonly line: number
  /** Where it holds; blocks are opened by 'disable' and closed by 'enable' at `span.start`. */
  readonly span: Span
}

/** Reads the comments; null where the document has none for this tool. Pure: the day comes in with the options. */
export function commentsIn(parsed: Parsed, options: SuppressOptions): Comments | null {
  const { document } = parsed
  const { path } = document
  if (!ANYWHERE.test(document.source)) return null
  const say = options.lang === 'zh' ? (zh: string) => zh : (_: string, en: string) => en
  const point = lineIndex(document.source)
  const problems: Notice[] = []
  const directives: Directive[] = []
  /** Blocks that a broken or expired comment meant to open: their end is no mistake of its own. */
  const opened: (readonly string[])[] = []

  for (const { span, text } of commentsOf(document)) {
    if (!MARK.test(text)) continue
    const { line } = point(span.start)
    const complain = (code: string, message: string, ruleId?: string): void => {
      problems.push({ code, path, message, line, ...(ruleId !== undefined && { ruleId }) })
    }
    const read = readComment(text, options, say)
    if (read.verb === 'disable') opened.push(read.ids)
    for (const id of read.unknown) {
      const near = nearest(
        id,
        options.rules.rules.map(rule => rule.id),
      )
      complain(
        'suppression-unknown-rule',
        say(
          `注释中的“${id}”不是规则${near ? `，是否指“${near}”？` : '。'}`,
          `the comment names '${id}', which is no rule${near ? `; did you mean '${near}'?` : '.'}`,
        ),
        id,
      )
    }
    if (read.problem !== null) {
      complain(read.problem.code, read.problem.message)
      continue
    }
    // Every id was unknown: it must not turn into "all rules".
    if (read.verb === null || (read.unknown.length > 0 && read.ids.length === 0)) continue
    const { verb, ids, reason } = read
    const target = reach(verb, span, parsed)
    if (target === null) {
      complain(
        'suppression-unused',
        say('这条注释后面没有条款，没有作用。', 'no clause follows this comment; it does nothing.'),
      )
      continue
    }
    if (verb === 'enable' && !opened.some(open => overlap(open, ids)))
      complain(
        'suppression-unused',
        say(
          '前面没有与 clauselint-enable 对应的 clauselint-disable。',
          'no clauselint-disable stands before this clauselint-enable.',
        ),
      )
    directives.push({ verb, ids, reason, line, span: target })
  }
  return { path, problems, directives }
}

/** Puts comments to work on the findings of their document. */
export function suppressionsOf(
  { path, problems, directives: read }: Comments,
  options: Pick<SuppressOptions, 'rules' | 'lang'>,
): Suppressions {
  const say = options.lang === 'zh' ? (zh: string) => zh : (_: string, en: string) => en
  const directives = read.map(directive => ({ ...directive, used: new Set<string>() }))
  const covers = ({ ids }: Directive, id: string): boolean => ids.length === 0 || ids.includes(id)
  return {
    reasonFor: ({ ruleId, start: { offset } }) => {
      let found: (typeof directives)[number] | null = null
      let block: (typeof directives)[number] | null = null
      for (const directive of directives) {
        const { verb, span } = directive
        if (!covers(directive, ruleId) || offset < span.start || offset >= span.end) continue
        if (verb === 'disable') block = directive
        else if (verb === 'enable') block = null
        else {
          directive.used.add(ruleId)
          found = directive
        }
      }
      block?.used.add(ruleId)
      found ??= block
      return found === null ? null : { reason: found.reason }
    },
    notices: ran => {
      const all = options.rules.rules.every(rule => ran(rule.id))
      const unused = directives.flatMap(({ verb, ids, line, used }): Notice[] => {
        if (verb === 'enable') return []
        const idle = ids.filter(id => ran(id) && !used.has(id))
        if (ids.length === 0 ? used.size > 0 || !all : idle.length === 0) return []
        const message =
          ids.length === 0
            ? say('这条注释没有压下任何问题，请删除。', 'this comment takes nothing back; remove it.')
            : say(
                `这条注释没有压下 ${idle.join('、')} 的问题，请删除。`,
                `this comment takes back nothing of ${idle.join(', ')}; remove it.`,
              )
        const ruleId = idle.length === 1 ? { ruleId: idle[0] as string } : {}
        return [{ code: 'suppression-unused', path, message, line, ...ruleId }]
      })
      return [...problems, ...unused].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    },
  }
}

const overlap = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === 0 || b.length === 0 || a.some(id => b.includes(id))

interface ReadComment {
  readonly verb: Verb | null
  readonly ids: readonly string[]
  readonly unknown: readonly string[]
  readonly reason: string
  readonly problem: { readonly code: string; readonly message: string } | null
}

/** `clauselint-VERB ids key=value … -- reason`; a long dash (——) will do for `--`. */
function readComment(text: string, options: SuppressOptions, say: (zh: string, en: string) => string): ReadComment {
  const [, word = '', rest = ''] = /^\s*clauselint-([a-z-]*[a-z])?([^]*)$/i.exec(text) ?? []
  const [, head = rest, tail = ''] = /^([^]*?)(?:-{2,}|—+)([^]*)$/.exec(rest) ?? []
  const reason = tail.replace(/\s+/g, ' ').trim()
  const verb = VERBS.find(v => v === word.toLowerCase()) ?? null
  const words = head.split(/[\s,，、]+/).filter(Boolean)
  const facts = words.filter(w => /[=＝]/.test(w)).map(w => w.split(/[=＝]/) as [string, string])
  const named = words.filter(w => !/[=＝]/.test(w))
  const ids = named.filter(id => options.rules.get(id) !== undefined)
  const looksLikeId = (id: string): boolean => /^[a-z][a-z0-9-]*$/i.test(id)
  const unknown = named.filter(id => !ids.includes(id) && looksLikeId(id))
  const malformed = (message: string): ReadComment['problem'] => ({ code: 'suppression-malformed', message })
  const until = facts.find(([key]) => key === 'until')?.[1]
  const owner = facts.find(([key]) => key === 'owner')?.[1]
  const strange = named.find(w => !looksLikeId(w))
  const wrongKey = facts.find(([key, value]) => !KEYS.some(k => k === key) || value === '')?.[0]

  let problem: ReadComment['problem'] = null
  if (verb === null) {
    const near = nearest(word.toLowerCase(), VERBS)
    problem = malformed(
      say(
        `没有“clauselint-${word}”这种注释${near ? `，是否指“clauselint-${near}”？` : '。'}`,
        `there is no comment 'clauselint-${word}'${near ? `; did you mean 'clauselint-${near}'?` : '.'}`,
      ),
    )
  } else if (strange !== undefined && reason !== '')
    problem = malformed(say(`“${strange}”不是规则名。`, `'${strange}' is no rule id.`))
  else if (wrongKey !== undefined)
    problem = malformed(
      say(
        `“${wrongKey}=”不对，这里只能写 until=日期、owner=人名。`,
        `'${wrongKey}=' is wrong; write until=DATE or owner=NAME.`,
      ),
    )
  else if (until !== undefined && !isDay(until))
    problem = malformed(
      say(`“${until}”不是日期，应写作 2026-12-31。`, `'${until}' is no date; write it as 2026-12-31.`),
    )
  else if (verb !== 'enable' && reason === '')
    problem = malformed(
      say(
        '这条注释没有写理由，不起作用；理由写在“--”之后。',
        'this comment gives no reason and does nothing; write one after --.',
      ),
    )
  else if (until !== undefined && until < options.today)
    problem = {
      code: 'suppression-expired',
      message: say(
        `这条注释已于 ${until} 到期，不再起作用${owner ? `（负责人：${owner}）` : ''}。`,
        `this comment expired on ${until} and does nothing${owner ? ` (owner: ${owner})` : ''}.`,
      ),
    }
  return { verb, ids, unknown, reason, problem }
}

/** The part of `Document.source` that a comment speaks of; null where there is none. */
function reach(verb: Verb, comment: Span, { document, clauses }: Parsed): Span | null {
  const { source, segments } = document
  if (verb === 'disable-file') return { start: 0, end: source.length + 1 }
  if (verb === 'disable' || verb === 'enable') return { start: comment.end, end: source.length + 1 }
  if (verb === 'disable-next-clause') {
    const after = segments.find(segment => segment.source.start >= comment.end)?.text.start
    const clause = after === undefined ? undefined : clauses.find(c => c.parent !== null && c.span.start >= after)
    return clause === undefined ? null : toSource(document, clause.span)
  }
  // The next line that holds more than comments.
  const line = /(?:\r\n?|\n)(?:[ \t>]*(?:<!--(?:(?!-->)[^])*-->[ \t]*)*(?:\r\n?|\n))*([^\r\n]*)/y
  line.lastIndex = endOfLine(source, comment.end)
  const match = line.exec(source)
  if (match === null) return { start: source.length, end: source.length }
  return { start: line.lastIndex - (match[1] ?? '').length, end: line.lastIndex + 1 }
}

function endOfLine(source: string, from: number): number {
  const rest = /[\r\n]/.exec(source.slice(from))
  return rest === null ? source.length : from + rest.index
}
