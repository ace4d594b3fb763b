import fc from 'fast-check'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { describe, expect, test } from 'vitest'
import { check } from '../src/check/index.js'
import { applyToBytes } from '../src/fix/bytes.js'
import { applyEdits, edits } from '../src/fix/index.js'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import { loadRules } from '../src/rules/index.js'
import type { Document } from '../src/types.js'

const rules = loadRules({ onError: () => undefined })
const only = rules.rules.filter(r => r.method === 'emphasis').map(r => r.id)
const FEE = '平台按成交额收取技术服务费，费率为3%。'
/** Enough of it that bold stays the exception. */
const PLAIN = '商家应当如实登记资料，妥善保管账号，及时查看平台的消息，并与买家友好协商，共同维护良好的秩序。'.repeat(4)

const read = (text: string, name: string): Document => readDocument(Buffer.from(text), name)
const unmarked = (document: Document) => check([document], { rules, only, everyUnmarked: true }).findings

/** `text` after the fix; what must hold of every fix is asserted on the way. */
function fix(text: string, name: string): string {
  const before = read(text, name)
  const made = edits(parse(before), unmarked(before), rules)
  const fixed = applyEdits(before.source, made)
  const after = read(fixed, name)
  expect(after.text).toBe(before.text)
  expect(after.blocks).toEqual(before.blocks)
  expect(unmarked(after)).toEqual([])
  expect(edits(parse(after), unmarked(after), rules)).toEqual([])
  expect(/^[\x20-\x7e]*$/.test(made.map(edit => edit.text).join(''))).toBe(true)
  return fixed
}

describe('Markdown', () => {
  const fixed = (body: string) => fix(`${body}\n\n${PLAIN}\n`, 'sample.md').slice(0, -PLAIN.length - 3)

  test.each([
    ['a paragraph', FEE, `**${FEE}**`],
    [
      'the sentence only; the stop stays outside where a letter follows',
      `商家应当登记。${FEE}结算见后台。`,
      '商家应当登记。**平台按成交额收取技术服务费，费率为3%**。结算见后台。',
    ],
    ['opening punctuation', '（一）“平台”按成交额收取技术服务费3%。', '（一）**“平台”按成交额收取技术服务费3%。**'],
    [
      'soft line breaks and quote marks',
      '> 商家应当登记。平台按成交额\n> 收取技术服务费，费率为3%。\n> 结算见后台。',
      '> 商家应当登记。**平台按成交额\n> 收取技术服务费，费率为3%。**\n> 结算见后台。',
    ],
    ['bold inside becomes one with it', '平台按**成交额**收取技术服务费，费率为3%。', `**${FEE}**`],
    [
      'bold that comes from the sentence before',
      '**商家应当登记。平台按**成交额收取技术服务费，费率为3%。结算见后台。',
      '**商家应当登记。平台按成交额收取技术服务费，费率为3%**。结算见后台。',
    ],
    [
      'a whole link',
      '平台按[成交额](https://a.example/x)收取技术服务费，费率为3%。结算见后台。',
      '**平台按[成交额](https://a.example/x)收取技术服务费，费率为3%**。结算见后台。',
    ],
    [
      'a link that begins before the sentence',
      '商家看[这里。平台按成交额](https://a.example/x)收取技术服务费，费率为3%。',
      '商家看[这里。**平台按成交额**](https://a.example/x)**收取技术服务费，费率为3%。**',
    ],
    ['inline code', '平台按`成交额`收取技术服务费，费率为`3%`。', '**平台按`成交额`收取技术服务费，费率为`3%`。**'],
    ['a list item', `- 商家应当登记\n- ${FEE}`, `- 商家应当登记\n- **${FEE}**`],
    [
      'the operative sentence of a table cell',
      '| 项目 | 标准 |\n|---|---|\n| 年费 | 年费为每年600元。可以开票。 |',
      '| 项目 | 标准 |\n|---|---|\n| 年费 | **年费为每年600元**。可以开票。 |',
    ],
    ['a line of its own', `登记见后台。<br>${FEE}<br>结算。`, `登记见后台。<br>**${FEE.slice(0, -1)}**。<br>结算。`],
    [
      'tags that cross the sentence',
      '<u>商家应当登记。平台按成交额</u>收取技术服务费，费率为3%。',
      '<u>商家应当登记。**平台按成交额**</u>**收取技术服务费，费率为3%。**',
    ],
    ['a tag without an end', '平台按<font>成交额收取技术服务费3%。', '**平台按**<font>**成交额收取技术服务费3%。**'],
    ['two sentences in one go', `${FEE}平台收取推广费，费率为2%。`, `**${FEE}平台收取推广费，费率为2%。**`],
    [
      'stars in the way',
      '*平台*按成交额收取技术服务费，费率为3%。',
      '<strong>*平台*按成交额收取技术服务费，费率为3%。</strong>',
    ],
    ['a stray mark', '平台按成交额收取** 技术服务费3%。', '<strong>平台按成交额收取** 技术服务费3%。</strong>'],
    [
      'an address that runs on into the sentence',
      '详见https://a.example/x。平台收取年费，每年600元。',
      '详见https://a.example/x。<strong>平台收取年费，每年600元。</strong>',
    ],
    ['HTML between paragraphs', `<div>${FEE}</div>`, `<div><strong>${FEE}</strong></div>`],
    ["the document's own underscores", `__提示__：请留意。\n\n${FEE}`, `__提示__：请留意。\n\n__${FEE}__`],
    [
      'stars where underscores would not be read',
      `__提示__：请留意。\n\n另${FEE.slice(0, -1)}`,
      `__提示__：请留意。\n\n__另${FEE.slice(0, -1)}__`,
    ],
    ["the document's own tags", `<b>提示</b>：请留意。\n\n${FEE}`, `<b>提示</b>：请留意。\n\n<b>${FEE}</b>`],
  ])('%s', (_, before, after) => expect(fixed(before)).toBe(after))

  test('every material sentence of a clause, not only the reported first one', () => {
    const items = ['平台收取推广费，费率为2%。', '商家应当登记。', '平台收取年费，每年600元。', PLAIN]
    const text = fixed(items.map((item, i) => `${i + 1}. ${item}`).join('\n'))
    expect(text.match(/\*\*[^*]+\*\*/g)).toEqual([`**${items[0]}**`, `**${items[2]}**`])
  })
})

describe('HTML', () => {
  const fixed = (body: string) => fix(`${body}<p>${PLAIN}</p>`, 'page.html').slice(0, -PLAIN.length - 7)

  test.each([
    ['a sentence', `<p>登记。${FEE}结算。</p>`, `<p>登记。<strong>${FEE}</strong>结算。</p>`],
    [
      'whole elements inside',
      '<p>登记。平台按<a href="x">成交额</a>收取<span>技术服务费</span>3%。<a href=y>结算</a></p>',
      '<p>登记。<strong>平台按<a href="x">成交额</a>收取<span>技术服务费</span>3%。</strong><a href=y>结算</a></p>',
    ],
    [
      'an element that begins before the sentence',
      '<p><span>登记。平台按成交额</span>收取技术服务费3%。</p>',
      '<p><span>登记。<strong>平台按成交额</strong></span><strong>收取技术服务费3%。</strong></p>',
    ],
    ['a line between <br>', `登记。<br>${FEE}<br/>结算`, `登记。<br><strong>${FEE}</strong><br/>结算`],
    ['items without end tags', `<ol><li>登记<li>${FEE}</ol>`, `<ol><li>登记<li><strong>${FEE}</strong></ol>`],
    [
      'a cell with lines',
      '<table><tr><th>项目<th>标准<tr><td>年费<td>可以开票。<br>年费为每年600元。</table>',
      '<table><tr><th>项目<th>标准<tr><td>年费<td>可以开票。<br><strong>年费为每年600元。</strong></table>',
    ],
    ["the document's own <b>", `<p><b>提示</b>：</p><p>${FEE}</p>`, `<p><b>提示</b>：</p><p><b>${FEE}</b></p>`],
    [
      "the document's own class",
      `<style>.fontbold{font-weight:bold}</style><p><span class="fontbold">提示</span>：</p><p>${FEE}</p>`,
      `<style>.fontbold{font-weight:bold}</style><p><span class="fontbold">提示</span>：</p><p><span class="fontbold">${FEE}</span></p>`,
    ],
    [
      'no class that means something else',
      `<style>.brand{font-weight:bold}</style><p><span class="brand">青禾</span>：</p><p>${FEE}</p>`,
      `<style>.brand{font-weight:bold}</style><p><span class="brand">青禾</span>：</p><p><strong>${FEE}</strong></p>`,
    ],
    [
      '<strong> that the page shows as plain',
      `<style>strong{font-weight:normal}</style><p>${FEE}</p>`,
      `<style>strong{font-weight:normal}</style><p><span style="font-weight: bold">${FEE}</span></p>`,
    ],
    [
      'pages stored with their tags escaped',
      `${'&lt;p&gt;登记。&lt;/p&gt;'.repeat(4)}&lt;p&gt;${FEE}&lt;/p&gt;`,
      `${'&lt;p&gt;登记。&lt;/p&gt;'.repeat(4)}&lt;p&gt;&lt;strong&gt;${FEE}&lt;/strong&gt;&lt;/p&gt;`,
    ],
  ])('%s', (_, before, after) => expect(fixed(before)).toBe(after))

  test('what no tag can be put into is left alone', () => {
    const page = read(`<textarea>${FEE}</textarea><p>${PLAIN}</p>`, 'page.html')
    expect(unmarked(page)).toHaveLength(1)
    expect(edits(parse(page), unmarked(page), rules)).toEqual([])
  })
})

test('no edits in plain text, nor for rules that ask for other words', () => {
  const text = read(FEE, 'a.txt')
  expect(edits(parse(text), check([read(FEE, 'a.md')], { rules, only }).findings, rules)).toEqual([])
  const words = read('平台有权随时单方修改本协议，修改后立即生效。', 'b.md')
  const { findings } = check([words], { rules, skip: only })
  expect(findings.length).toBeGreaterThan(0)
  expect(edits(parse(words), findings, rules)).toEqual([])
})

describe('bytes', () => {
  const text = `商家应当登记。\r\n\r\n${FEE}结算见后台😃。\r\n\r\n${PLAIN}\r\n`
  const wanted = text.replace(FEE.slice(0, -1), all => `**${all}**`)
  const utf16be = (value: string) => Buffer.from(`\ufeff${value}`, 'utf16le').swap16()
  test.each([
    ['UTF-8', (value: string) => Buffer.from(value)],
    ['UTF-8 with BOM', (value: string) => Buffer.from(`\ufeff${value}`)],
    ['UTF-16 LE', (value: string) => Buffer.from(`\ufeff${value}`, 'utf16le')],
    ['UTF-16 BE', utf16be],
    ['GB18030', gb18030],
  ])('%s stays what it is, and so do the line ends', (_, encode) => {
    const bytes = encode(text)
    const document = readDocument(bytes, 'a.md')
    const made = edits(parse(document), unmarked(document), rules)
    expect(Buffer.from(applyToBytes(bytes, document.encoding, made))).toEqual(encode(wanted))
  })

  /** Node decodes GB18030 but does not encode it: every character of the test is looked up. */
  function gb18030(value: string): Buffer {
    const decoder = new TextDecoder('gb18030')
    const codes = new Map<string, number[]>()
    for (let lead = 0x81; lead < 0xff; lead++) {
      for (let trail = 0x40; trail < 0xff; trail++) {
        if (trail !== 0x7f) codes.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail])
      }
    }
    codes.set('😃', [0x94, 0x39, 0xfc, 0x39])
    expect(decoder.decode(Uint8Array.of(...(codes.get('😃') ?? [])))).toBe('😃')
    return Buffer.from([...value].flatMap(char => (char < '\x80' ? [char.charCodeAt(0)] : (codes.get(char) ?? []))))
  }
})

describe('any mix of markup', () => {
  const SENTENCES = [
    FEE,
    '商家应当登记。',
    '“青禾集市”收取推广费（费率为2%）。',
    '争议由平台所在地人民法院管辖；',
    '买家可以查看订单！',
    '商家售假的，扣除保证金3000元。',
  ]
  type Wrap = (inner: string) => string
  const MARKDOWN: readonly Wrap[] = [
    s => s,
    s => s,
    s => `**${s}**`,
    s => `[${s}](https://a.example/x)`,
    s => `<u>${s}</u>`,
    s => `<span style="color:#333">${s}</span>`,
    s => `*${s}*`,
    s => `${s}\n`,
    s => `__${s}__`,
    s => `** ${s}**`,
    s => `<b>${s}</b>`,
    s => `<u>${s}`,
    s => `${s}</u>`,
    s => `${s}<!-- 注 -->`,
    s => `${s}&nbsp;`,
    s => `${s}~~旧~~`,
  ]
  const HTML: readonly Wrap[] = [
    s => s,
    s => s,
    s => `<b>${s}</b>`,
    s => `<a href="#x">${s}</a>`,
    s => `<span class="note">${s}</span>`,
    s => `<em>${s}</em>`,
    s => `<strong>${s}`,
    s => `${s}</span>`,
    s => `${s}<br>`,
    s => `${s}&nbsp;`,
    s => `<span style="font-weight:normal">${s}</span>`,
    s => `${s}\r\n`,
    s => `<del>旧</del>${s}`,
    s => `<div>${s}</div>`,
    s => `<font color="red">${s}</font>`,
  ]
  /** Sentences cut into pieces at random, each piece in markup of its own. */
  const mixed = (wraps: readonly Wrap[]) =>
    fc
      .array(fc.tuple(fc.constantFrom(...SENTENCES), fc.array(fc.tuple(fc.nat(20), fc.nat(wraps.length - 1)))), {
        minLength: 1,
        maxLength: 4,
      })
      .map(list =>
        list
          .map(([sentence, cuts]) => {
            let rest = sentence
            const parts = cuts.map(([length, wrap]) => {
              const piece = rest.slice(0, length)
              rest = rest.slice(length)
              return piece === '' ? '' : (wraps[wrap] as Wrap)(piece)
            })
            return parts.join('') + rest
          })
          .join(''),
      )

  const boldness = ({ text, marks }: Document): boolean[] => {
    const bold = Array.from(text, () => false)
    for (const { kind, span } of marks) if (kind === 'strong') bold.fill(true, span.start, span.end)
    return bold
  }

  /** Same words, every material sentence bold and nothing else that was not, and a second turn has nothing to do. */
  const holds = (text: string, name: string): void => {
    const before = read(text, name)
    const found = unmarked(before)
    const made = edits(parse(before), found, rules)
    const after = read(applyEdits(before.source, made), name)
    expect(after.text).toBe(before.text)
    const saturated = found.some(f => f.message.includes('60%'))
    if (saturated) expect(made).toEqual([])
    else expect(unmarked(after)).toEqual([])
    const allowed = boldness(before)
    for (const { sentence } of found) {
      for (let at = before.text.indexOf(sentence); at >= 0; at = before.text.indexOf(sentence, at + 1))
        allowed.fill(true, at, at + sentence.length)
    }
    boldness(after).forEach((bold, i) => {
      if (bold && !allowed[i] && /[\p{L}\p{N}]/u.test(after.text.charAt(i)))
        throw new Error(`bold at ${i}: ${after.text.slice(i, i + 20)}`)
    })
  }

  test.each(['', '> ', '- ', '## ', '| 项目 | 说明 |\n|---|---|\n| 费用 | '])('Markdown after %j', prefix =>
    fc.assert(
      fc.property(mixed(MARKDOWN), body => {
        const line = prefix.startsWith('|') || prefix === '## ' ? `${body.replaceAll('\n', '')}` : body
        holds(`${prefix}${line}${prefix.startsWith('|') ? ' |' : ''}\n\n${PLAIN}\n`, 'a.md')
      }),
      { numRuns: Number(process.env['FIX_RUNS'] ?? 30) },
    ),
  )

  test.each(['<p>', '<li>', '<table><tr><td>', '<div><p>'])('HTML after %s', prefix =>
    fc.assert(
      fc.property(mixed(HTML), body => holds(`${prefix}${body}<p>${PLAIN}</p>`, 'a.html')),
      { numRuns: Number(process.env['FIX_RUNS'] ?? 30) },
    ),
  )

  test('CommonMark reads the marks as well', () => {
    const commonmark = unified().use(remarkParse).use(remarkGfm)
    const plain = fc.tuple(
      fc.array(fc.constantFrom(...SENTENCES), { minLength: 1, maxLength: 5 }),
      fc.constantFrom('', '（一）', '1.1 ', '- ', '> '),
    )
    fc.assert(
      fc.property(plain, ([sentences, prefix]) => {
        const fixed = fix(`${prefix}${sentences.join('')}\n\n${PLAIN}\n`, 'a.md')
        const stars = fixed.split('**').length - 1
        let strong = 0
        const count = (node: { type: string; children?: readonly unknown[] }): void => {
          if (node.type === 'strong') strong++
          for (const child of node.children ?? []) count(child as { type: string })
        }
        count(commonmark.parse(fixed))
        expect(strong * 2).toBe(stars)
      }),
      { numRuns: 50 },
    )
  })
})
