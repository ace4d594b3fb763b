/** What there is to say about one rule, in a fixed order: shown by `explain` and printed as the rule's page. */

import type { ChalkInstance } from 'chalk'
import type { Law, Rule } from '../rules/types.js'
import { displayWidth, fold, wrap } from '../text/width.js'
import type { Lang } from '../types.js'
import { markedLines } from './quote.js'
import { articleName, CATEGORY_ORDER, categoryName, confidenceName, type Say, sayIn, severityName } from './words.js'

interface Entry {
  readonly text: string
  /** Words of `text` to bring out. */
  readonly evidence?: string
  /** Said behind the text. */
  readonly note?: string
  readonly url?: string | null
}
interface Section {
  readonly title: string
  readonly entries: readonly Entry[]
  /** A list, or paragraphs. */
  readonly list: boolean
}

type Laws = ReadonlyMap<string, Law>

/** `{evidence}` and its like in a message stand for words of the clause. */
const template = (text: string) => text.replace(/\{\w+\}/g, '…')

function facts(rule: Rule, say: Say): string {
  return [
    say(`严重程度：${severityName(rule.severity, say)}`, `severity: ${rule.severity}`),
    say(`可信度：${confidenceName(rule.confidence, say)}`, `confidence: ${rule.confidence}`),
    say(`类别：${categoryName(rule.category, say)}`, `category: ${categoryName(rule.category, say)}`),
    say(`自 ${rule.since} 起`, `since ${rule.since}`),
  ].join(' · ')
}

function sections(rule: Rule, laws: Laws, lang: Lang, say: Say): Section[] {
  const { examples } = rule
  const miss = (should: 'fail' | 'pass') =>
    should === 'fail'
      ? say('应当提示，目前不提示', 'should be reported, is not yet')
      : say('不应提示，目前会提示', 'should not be reported, still is')
  const all: Section[] = [
    { title: say('提示语', 'Message'), list: false, entries: [{ text: template(rule.message[lang]) }] },
    {
      title: say('依据', 'Law'),
      list: true,
      entries: rule.citations.map(c => ({
        text: `《${laws.get(c.law)?.title ?? c.law}》${say('', ' ')}${articleName(c, say)}`,
        url: c.url,
      })),
    },
    { title: say('为什么', 'Why'), list: false, entries: [{ text: rule.why[lang] }] },
    { title: say('后果', 'Consequence'), list: false, entries: [{ text: rule.consequence[lang] }] },
    { title: say('建议', 'Suggestion'), list: false, entries: [{ text: template(rule.suggestion[lang]) }] },
    { title: say('会提示', 'Reported'), list: true, entries: examples.fail },
    { title: say('不提示', 'Not reported'), list: true, entries: examples.pass.map(({ text }) => ({ text })) },
    {
      title: say('例外及理由', 'Exceptions and their reasons'),
      list: true,
      entries: rule.unless.map(u => ({ text: u.reason[lang] })),
    },
    {
      title: say('已知局限', 'Known limits'),
      list: true,
      entries: examples.todo.map(({ text, should, note }) => ({
        text,
        note: [miss(should), note].filter(Boolean).join(say('：', ': ')),
      })),
    },
  ]
  return all.filter(section => section.entries.some(entry => entry.text !== ''))
}

/** The rule for a terminal of `width` columns; `settings` says in sentences how it is set where the user stands. */
export function explainRule(
  rule: Rule,
  laws: Laws,
  lang: Lang,
  width: number,
  chalk: ChalkInstance,
  settings: readonly string[] = [],
): string {
  const say = sayIn(lang)
  const here: Section = {
    title: say('当前设置', 'Settings here'),
    list: true,
    entries: settings.map(text => ({ text })),
  }
  const out = [`${chalk.bold(rule.name[lang])}  ${chalk.cyan(rule.id)}`, facts(rule, say)]
  for (const section of [...(settings.length > 0 ? [here] : []), ...sections(rule, laws, lang, say)]) {
    out.push('', chalk.bold(section.title))
    for (const entry of section.entries) {
      const text = fold(entry.text)
      const words = fold(entry.evidence ?? '')
      const at = words === '' ? -1 : text.indexOf(words)
      const lead = section.list ? '  - ' : '  '
      const lines = markedLines(text, at < 0 ? null : { start: at, end: at + words.length }, width - lead.length, chalk)
      lines.forEach((line, i) => out.push((i === 0 ? lead : ' '.repeat(lead.length)) + line))
      if (entry.url) out.push(`    ${chalk.dim(entry.url)}`)
      if (entry.note) {
        const note = fold(entry.note)
        for (const { start, end } of wrap(note, width - 4 - displayWidth('→ ')))
          out.push(`    ${chalk.dim(start === 0 ? '→ ' : '  ')}${note.slice(start, end)}`)
      }
    }
  }
  return `${out.join('\n')}\n`
}

/** Markdown would read these as markup. */
const escape = (text: string) => fold(text).replace(/[\\`*_[\]<>|~#]/g, '\\$&')

/** The rule's page in Markdown: Chinese, with a short English part at the end. */
export function rulePage(rule: Rule, laws: Laws): string {
  const say = sayIn('zh')
  const english = sayIn('en')
  const source = `${rule.id}.yaml`
  const out = [
    `<!-- ${say(`由 ${source} 生成，请修改该文件。`, '')} Generated from ${source}. -->`,
    `# ${escape(rule.name.zh)}`,
    '',
    `\`${rule.id}\` · ${facts(rule, say)}`,
  ]
  for (const section of sections(rule, laws, 'zh', say)) {
    out.push('', `## ${section.title}`, '')
    for (const entry of section.entries) {
      const text = fold(entry.text)
      const words = fold(entry.evidence ?? '')
      const at = words === '' ? -1 : text.indexOf(words)
      // <b>, not **: asterisks beside Chinese punctuation stay literal in many renderers.
      const body =
        at < 0
          ? escape(text)
          : `${escape(text.slice(0, at))}<b>${escape(words)}</b>${escape(text.slice(at + words.length))}`
      const linked = entry.url ? `[${body}](${entry.url})` : body
      out.push(`${section.list ? '- ' : ''}${linked}${entry.note ? `（${escape(entry.note)}）` : ''}`)
    }
  }
  out.push('', '## English', '', `**${escape(rule.name.en)}** (${facts(rule, english)})`)
  for (const text of [template(rule.message.en), rule.why.en, template(rule.suggestion.en)])
    if (text) out.push('', escape(text))
  return `${out.join('\n')}\n`
}

/** The rules by category in listing order, by id inside. */
export function byCategory(rules: readonly Rule[]): [string, Rule[]][] {
  const groups = new Map<string, Rule[]>()
  for (const rule of [...rules].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const group = groups.get(rule.category)
    if (group) group.push(rule)
    else groups.set(rule.category, [rule])
  }
  const rank = (category: string) => {
    const at = CATEGORY_ORDER.indexOf(category)
    return at < 0 ? CATEGORY_ORDER.length : at
  }
  return [...groups].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

/** The page that lists all rules by category. */
export function rulesIndex(rules: readonly Rule[]): string {
  const say = sayIn('zh')
  const cell = (text: string) => escape(text)
  const out = [
    '<!-- 由各规则文件生成。 Generated from the rule files. -->',
    '# 规则一览',
    '',
    `共 ${rules.length} 条规则，每条规则一个 YAML 文件。`,
  ]
  for (const [category, own] of byCategory(rules)) {
    out.push(
      '',
      `## ${categoryName(category, say)} \`${category}/\``,
      '',
      '| 规则 | 严重程度 | 名称 | Name | 主要依据 |',
      '| --- | --- | --- | --- | --- |',
    )
    for (const rule of own) {
      const first = rule.citations[0]
      const law = first ? `《${first.law}》${articleName(first, say)}` : ''
      out.push(
        `| [${rule.id}](${category}/${rule.id}.md) | ${severityName(rule.severity, say)} | ${cell(rule.name.zh)} | ${cell(rule.name.en)} | ${cell(law)} |`,
      )
    }
  }
  return `${out.join('\n')}\n`
}
