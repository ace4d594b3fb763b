/** Comments in documents: what they take back, and what is said of those that do nothing. */

import { describe, expect, test } from 'vitest'
import { check } from '../src/check/index.js'
import { readDocument } from '../src/read/index.js'
import { loadRules } from '../src/rules/index.js'
import type { CheckResult } from '../src/types.js'

const rules = loadRules()
const DEEMED = '继续使用即视为同意修改后的规则。'

function run(text: string, options: Partial<Parameters<typeof check>[1]> = {}, path = 'rules.md'): CheckResult {
  const document = readDocument(new TextEncoder().encode(text), path)
  return check([document], { rules, today: '2026-11-21', platform: { whole: false }, ...options })
}

/** Lines that deemed-consent is still found on. */
const left = (result: CheckResult): number[] =>
  result.findings.filter(f => f.ruleId === 'deemed-consent').map(f => f.start.line)
const said = (result: CheckResult): string[] =>
  result.notices.filter(n => n.code.startsWith('suppression-')).map(n => `${n.line} ${n.code} ${n.ruleId ?? ''}`.trim())

describe('what a comment takes back', () => {
  test.each([
    ['the line below', `<!-- clauselint-disable-next-line deemed-consent -- 法务已核 -->\n${DEEMED}\n\n${DEEMED}`, [4]],
    [
      'the next line with words',
      `<!-- clauselint-disable-next-line deemed-consent -- 法务已核 -->\n<!-- 注 -->\n\n${DEEMED}`,
      [],
    ],
    [
      'a line in the middle of a paragraph',
      `第一条 本规则适用于全部用户。\n<!-- clauselint-disable-next-line -- 法务已核 -->\n${DEEMED}\n\n第二条 ${DEEMED}`,
      [5],
    ],
    [
      'the clause with all its items, not the one after it',
      `<!-- clauselint-disable-next-clause deemed-consent -- 法务已核 -->\n第一条 平台修改规则的：\n\n（一）${DEEMED}\n\n（二）${DEEMED}\n\n第二条 ${DEEMED}`,
      [8],
    ],
    [
      'the item of a list that the comment opens',
      `第一条 规则的修改：\n\n1. <!-- clauselint-disable-next-clause deemed-consent -- 法务已核 --> ${DEEMED}\n2. ${DEEMED}`,
      [4],
    ],
    [
      'a block up to its end',
      `${DEEMED}\n\n<!-- clauselint-disable deemed-consent -- 引自旧版 -->\n\n${DEEMED}\n\n<!-- clauselint-enable deemed-consent -->\n\n${DEEMED}`,
      [1, 9],
    ],
    ['a block without an end', `${DEEMED}\n\n<!-- clauselint-disable -- 附件 -->\n\n${DEEMED}`, [1]],
    [
      'the file, wherever the comment stands',
      `${DEEMED}\n\n<!-- clauselint-disable-file deemed-consent -- 已废止 -->`,
      [],
    ],
    ['lines in a quotation', `> <!-- clauselint-disable-next-line -- 引文 -->\n> ${DEEMED}\n\n${DEEMED}`, [4]],
    [
      'full-width punctuation and a long dash',
      `<!-- clauselint-disable-next-line deemed-consent，final-say —— 已核 -->\n${DEEMED}`,
      [],
    ],
  ])('%s', (_, text, lines) => {
    const result = run(text)
    expect(left(result)).toEqual(lines)
    expect(run(text, { inlineSuppressions: false }).findings.length).toBeGreaterThan(result.findings.length)
  })

  test('another rule is not touched, and the reason is kept', () => {
    const text = `<!-- clauselint-disable-next-clause deemed-consent owner=法务部 -- 已按第十六条改为弹窗确认 -->\n第一条 平台有权随时单方修改本协议，${DEEMED}`
    const { findings, suppressed = [] } = run(text)
    expect(findings.map(f => f.ruleId)).toContain('amendment-without-notice')
    expect(suppressed.map(s => [s.finding.ruleId, s.kind, s.reason])).toEqual([
      ['deemed-consent', 'inline', '已按第十六条改为弹窗确认'],
    ])
  })

  test('HTML: between blocks and inside one, not in a script', () => {
    const html = `<h1>乐淘集市规则</h1>
<!-- clauselint-disable-next-clause deemed-consent -- 法务已核 -->
<p>第一条 ${DEEMED}</p>
<p>第二条 本条适用于会员。<!-- clauselint-disable-next-line deemed-consent -- 法务已核 -->
${DEEMED}</p>
<script>const note = '<!-- clauselint-disable-file deemed-consent -- 脚本 -->'</script>
<p title="<!-- clauselint-disable-file deemed-consent -- 属性 -->">第三条 ${DEEMED}</p>`
    const result = run(html, {}, 'rules.html')
    expect(left(result)).toEqual([7])
    expect(said(result)).toEqual([])
  })

  test.each([
    ['a code fence', `\`\`\`html\n<!-- clauselint-disable-file -- 示例 -->\n\`\`\`\n\n${DEEMED}`],
    ['code in a line', `写作 \`<!-- clauselint-disable-file -- 示例 -->\`。\n\n${DEEMED}`],
    ['escaped words', `\\<!-- clauselint-disable-file -- 示例 -->\n\n${DEEMED}`],
    ['front matter', `---\ntitle: "<!-- clauselint-disable-file -- 示例 -->"\n---\n\n${DEEMED}`],
  ])('%s holds no comment', (_, text) => {
    const result = run(text)
    expect(left(result)).toHaveLength(1)
    expect(said(result)).toEqual([])
  })

  // Where a browser sees no comment; Markdown cuts the HTML into pieces at blank lines and between tags.
  test.each(['style', 'script', 'textarea', 'title', 'template', 'noscript', 'iframe'])('nor does <%s>', tag => {
    const comment = '<!-- clauselint-disable-file -- 示例 -->'
    for (const [path, text] of [
      ['rules.html', `<${tag}>\n${comment}\n</${tag}>\n<p>${DEEMED}</p>`],
      ['rules.md', `<${tag}>\n${comment}\n</${tag}>\n\n${DEEMED}`],
      ['rules.md', `<div>\n<${tag}>\n\n${comment}\n\n</${tag}>\n</div>\n\n${DEEMED}`],
      ['rules.md', `第一条 商家依法经营。<${tag}>${comment}</${tag}>\n\n${DEEMED}`],
    ] as const) {
      const result = run(text, {}, path)
      expect({ text, left: left(result).length, said: said(result) }).toEqual({ text, left: 1, said: [] })
    }
  })

  test('<pre>: a comment is one, escaped words are none', () => {
    const pre = (words: string, path: string) => left(run(`<pre>\n${words}\n</pre>\n\n${DEEMED}`, {}, path))
    for (const path of ['rules.html', 'rules.md']) {
      expect(pre('<!-- clauselint-disable-file -- 法务已核 -->', path)).toEqual([])
      expect(pre('&lt;!-- clauselint-disable-file -- 示例 --&gt;', path)).toHaveLength(1)
    }
  })

  test.each([
    ['between clauses', `第一条 会员可以退出。\n\n@\n\n第二条 ${DEEMED}`],
    ['right above a clause', `第一条 会员可以退出。\n\n@\n第二条 ${DEEMED}`],
    ['between two sentences', `第一条 会员可以退出。@${DEEMED}`],
    ['in a list item', `第一条 规则：\n\n1. @${DEEMED}\n2. 会员可以退出。`],
    ['between list items', `第一条 规则：\n\n1. 会员可以退出。\n   @\n2. ${DEEMED}`],
    ['in a table', `| 情形 | 规则 |\n| --- | --- |\n| 登录 | @${DEEMED} |`],
    ['in a quotation', `> 第一条 会员可以退出。\n>\n> @\n>\n> 第二条 ${DEEMED}`],
  ])('a comment %s changes nothing else', (_, text) => {
    const seen = (comment: string) =>
      run(text.replace('@', comment), { inlineSuppressions: false }).findings.map(
        f => `${f.ruleId} ${f.clause} ${f.fingerprint} ${f.sentence}`,
      )
    expect(seen('')).toHaveLength(1)
    expect(seen('<!-- clauselint-disable-next-line -- 已核 -->')).toEqual(seen(''))
  })

  test('plain text has no comments', () => {
    expect(left(run(`<!-- clauselint-disable-file -- 不算 -->\n${DEEMED}`, {}, 'rules.txt'))).toHaveLength(1)
  })
})

describe('comments that take nothing back are reported', () => {
  const over = (comment: string): CheckResult => run(`<!-- ${comment} -->\n${DEEMED}`)

  test.each([
    ['no reason', 'clauselint-disable-next-line deemed-consent', 'suppression-malformed'],
    ['an empty reason', 'clauselint-disable-next-line deemed-consent --', 'suppression-malformed'],
    ['a kind that does not exist', 'clauselint-disable-nextline deemed-consent -- 已核', 'suppression-malformed'],
    ['no date', 'clauselint-disable-next-line deemed-consent until=2026-02-30 -- 已核', 'suppression-malformed'],
    [
      'an unknown key',
      'clauselint-disable-next-line deemed-consent expires=2027-01-01 -- 已核',
      'suppression-malformed',
    ],
    ['words for a rule', 'clauselint-disable-next-line deemed-consent 已核 -- 理由', 'suppression-malformed'],
    ['the day before', 'clauselint-disable-next-line deemed-consent until=2026-11-20 -- 已核', 'suppression-expired'],
    [
      'a rule that does not exist',
      'clauselint-disable-next-line deemed-consnt -- 已核',
      'suppression-unknown-rule deemed-consnt',
    ],
  ])('%s', (_, comment, notice) => {
    const result = over(comment)
    expect(left(result)).toEqual([2])
    expect(said(result)).toEqual([`1 ${notice}`])
  })

  test('the last day still counts', () => {
    expect(left(over('clauselint-disable-next-line deemed-consent until=2026-11-21 -- 已核'))).toEqual([])
  })

  test('an unknown rule does not keep the others from it', () => {
    const result = over('clauselint-disable-next-line deemed-consent, no-such-rule -- 已核')
    expect(left(result)).toEqual([])
    expect(said(result)).toEqual(['1 suppression-unknown-rule no-such-rule'])
  })

  test('unused: by rule, and only where the rule ran', () => {
    const text = `<!-- clauselint-disable-next-line deemed-consent, remote-jurisdiction -- 已核 -->\n${DEEMED}`
    expect(said(run(text))).toEqual(['1 suppression-unused remote-jurisdiction'])
    expect(said(run(text, { skip: ['remote-jurisdiction'] }))).toEqual([])
    expect(said(run(text, { minConfidence: 'high' }))).toEqual(['1 suppression-unused remote-jurisdiction'])
  })

  test('unused: nothing after it, an end without a beginning, all rules over a harmless line', () => {
    expect(said(run(`第一条 商家依法经营。\n\n<!-- clauselint-disable-next-clause -- 已核 -->`))).toEqual([
      '3 suppression-unused',
    ])
    expect(said(run('<!-- clauselint-enable -->\n\n第一条 商家依法经营。'))).toEqual(['1 suppression-unused'])
    const all = `<!-- clauselint-disable-next-line -- 已核 -->\n第一条 商家依法经营。`
    expect(said(run(all, { only: ['deemed-consent'] }))).toEqual([])
  })

  test('in English', () => {
    const [notice] = run(`<!-- clauselint-disable-nextline deemed-consent -- ok -->\n${DEEMED}`, { lang: 'en' }).notices
    expect(notice?.message).toMatch(/did you mean 'clauselint-disable-next-line'/)
  })
})
