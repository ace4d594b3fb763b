/** The parse stage: clause trees of whole documents, sentences, lead-ins, names. */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { clauseName, outline, parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import type { Block, Document, Parsed } from '../src/types.js'

/** A text document with one block per line. */
function lines(source: string, kinds: readonly Partial<Block>[] = []): Document {
  const blocks: Block[] = []
  let at = 0
  for (const line of source.split('\n')) {
    if (line.trim())
      blocks.push({ kind: 'paragraph', depth: 0, ...kinds[blocks.length], span: { start: at, end: at + line.length } })
    at += line.length + 1
  }
  return {
    path: 'x.txt',
    format: 'text',
    encoding: 'utf-8',
    sha256: '',
    source,
    text: source,
    segments: [],
    blocks,
    marks: [],
    emphasis: 'unknown',
    frontMatter: {},
    declaredTitle: null,
    notices: [],
  }
}

/** A document of one block, line breaks and all. */
function oneBlock(text: string): Document {
  return {
    ...lines(''),
    source: text,
    text,
    blocks: [{ kind: 'paragraph', depth: 0, span: { start: 0, end: text.length } }],
  }
}

const words = (parsed: Parsed, id: number | null): string | null => {
  const sentence = id === null ? undefined : parsed.sentences[id]
  return sentence ? parsed.document.text.slice(sentence.span.start, sentence.span.end) : null
}
const labels = (document: Document): (string | null)[] =>
  parse(document)
    .clauses.slice(1)
    .map(clause => clause.label)
const names = (document: Document): string[] => {
  const parsed = parse(document)
  return parsed.clauses.slice(1).map(clause => clauseName(parsed, clause.id))
}

describe('clause trees of whole documents', () => {
  const folder = new URL('../fixtures/parse/', import.meta.url)
  const documents = readdirSync(folder).filter(name => !name.endsWith('.outline'))
  it('has a document for every shape', () => expect(documents.length).toBeGreaterThanOrEqual(10))
  test.each(documents)('%s', async name => {
    const document = await readDocument(readFileSync(new URL(name, folder)), name)
    await expect(outline(parse(document))).toMatchFileSnapshot(new URL(`${name}.outline`, folder).pathname)
  })
})

describe('labels in running text', () => {
  test.each<[string, string, string[]]>([
    [
      'a chain of units',
      '第一章【总则】第一条【范围】适用于商家。第二条【定义】从略。',
      ['第一章', '第一条', '第二条'],
    ],
    ['items after a colon', '平台有权：（一）警告；（二）清退。', ['（一）', '（二）']],
    ['items joined by a conjunction', '商家应：（1）备案；或（2）公示。', ['（1）', '（2）']],
    [
      'decimals after a flattened title',
      '第一章 概述 1.1 目的 为规范经营，制定本规则。 1.2 范围 适用于商家。',
      ['第一章', '1.1', '1.2'],
    ],
    ['a cross reference to 条', '第一条【甲】依据第二条的规定处理。第二条【乙】从略。', ['第一条', '第二条']],
    ['a statute', '第一条【甲】依照《示例法》第二条 处理。', ['第一条']],
    ['a reference to an item', '（一）首次违规；（二）见（三）处理。', ['（一）', '（二）']],
    ['numbers that are quantities', '第一条【费率】费率为1.5%。2.5元起收。3日内缴清。', ['第一条']],
    ['a decimal reference', '1.1 甲。1.2 乙，详见本协议第1.3条。1.3 丙。', ['1.1', '1.2', '1.3']],
    [
      'labels inside quotes and brackets',
      '第一条【甲】所称“（一）自有；（二）租赁”以公示为准（详见：1、说明；2、附件）。',
      ['第一条'],
    ],
    ['a version number and an address', '一、适用于客户端2.0.1版，服务器地址为10.0.0.1。二、从略。', ['一', '二']],
  ])('%s', (_, text, expected) => expect(labels(oneBlock(text))).toEqual(expected))

  it('does not take a reference at a line start for a clause', () => {
    expect(labels(lines('第一条 违约\n依据\n第二条的规定\n第三条第二款\n处理。'))).toEqual(['第一条'])
  })
  it('reads labels broken over lines', () => {
    expect(labels(lines('一、总则'))).toEqual(['一'])
    expect(labels(oneBlock('(\n一\n)\n您应当守约。'))).toEqual(['(一)'])
    expect(labels(oneBlock('1\n、\n您应当守约。'))).toEqual(['1'])
  })
  it('opens no clause for a year, a sum, a date', () => {
    expect(
      labels(lines('2024年修订\n1.5%的费率\n3.5元每单\n10%\n7日内答复\n1000元\n24小时\n1.0版\n192.168.0.1')),
    ).toEqual([])
  })
})

describe('nesting', () => {
  it('lets a scheme that is open continue and close what is below it', () => {
    expect(names(lines('一、甲\n（一）乙\n1、丙。\n2、丁。\n（二）戊\n二、己'))).toEqual([
      '一',
      '一、（一）',
      '一、（一）1',
      '一、（一）2',
      '一、（二）',
      '二',
    ])
  })
  it('nests decimals by their numbers, whatever the punctuation', () => {
    expect(names(lines('1、甲\n1.1乙。\n1.1.1 丙。\n1.2、丁。\n2．戊\n2.1 己。'))).toEqual([
      '1',
      '1.1',
      '1.1.1',
      '1.2',
      '2',
      '2.1',
    ])
  })
  it('goes on with letters that numbers in brackets came between', () => {
    expect(names(lines('1.2 甲\na.乙。\nb.丙。\n（1）丁。\n（2）戊。\nc.己。\nd.庚。\n1.3 辛'))).toEqual([
      '1.2',
      '1.2、a',
      '1.2、b',
      '1.2（1）',
      '1.2（2）',
      '1.2、c',
      '1.2、d',
      '1.3',
    ])
    // under another clause they are words
    expect(names(lines('1.2 甲\na.乙。\n（1）丁。\n1.3 辛\nb.己。'))).toEqual(['1.2', '1.2、a', '1.2（1）', '1.3'])
  })
  it('starts decimals anew under the heading of an annex, not under a list item', () => {
    expect(names(lines('1、费用\n1.1 商家应：\n1、按时缴费；\n2、留存凭证。\n2.1 平台开票。'))).toEqual([
      '1',
      '1.1',
      '1.1、1',
      '1.1、2',
      '2.1',
    ])
    const parsed = parse(lines('2、甲\n2.1 乙。\n1、安全要求\n1.1 丙。'))
    expect(parsed.clauses.map(clause => [clause.label, clause.depth]).slice(-2)).toEqual([
      ['1', 1],
      ['1.1', 2],
    ])
  })
  it('goes back to the outer list when a list with the same numbers ends', () => {
    const parsed = parse(lines('1、定义\n1、平台指甲平台，由甲公司运营。\n2、商家指经营者，含个体户。\n2、费用'))
    expect(parsed.clauses.map(clause => clause.depth)).toEqual([0, 1, 2, 2, 1])
  })
  it('keeps unnumbered headings as clauses without a label', () => {
    const parsed = parse(
      lines('甲协议\n一、总则\n附则\n另行公布。', [
        { kind: 'heading', level: 1 },
        { kind: 'heading', level: 2 },
        { kind: 'heading', level: 2 },
      ]),
    )
    expect(parsed.clauses.map(clause => [clause.label, clause.title])).toEqual([
      [null, null],
      ['一', '总则'],
      [null, '附则'],
    ])
    expect(parsed.title).toBe('甲协议')
  })
  it('takes counters that are not in the text', () => {
    const parsed = parse(
      lines('材料如下：\n执照。\n授权书。', [
        {},
        { kind: 'list-item', depth: 1, counter: '1.' },
        { kind: 'list-item', depth: 1, counter: '2.' },
      ]),
    )
    expect(parsed.clauses.slice(1).map(clause => clause.label)).toEqual(['1.', '2.'].map(label => label.slice(0, -1)))
    expect(parsed.clauses[1]?.labelSpan).toEqual({ start: 6, end: 6 })
  })
  it('reads i. as a numeral after nothing and as a letter after h.', () => {
    expect(names(lines('1、甲：\ni. 乙；\nii. 丙。'))).toEqual(['1', '1、i', '1、ii'])
    const letters = 'abcdefghi'
      .split('')
      .map(letter => `${letter}. 项目${letter}；`)
      .join('\n')
    const parsed = parse(lines(letters))
    expect(new Set(parsed.clauses.slice(1).map(clause => clause.depth))).toEqual(new Set([1]))
  })
})

describe('names', () => {
  test.each<[string, string, string]>([
    ['第一章 总则\n第五条 甲\n（二）乙。', '（二）', '第五条（二）'],
    ['三、甲\n（二）乙\n1. 丙。', '1', '三、（二）1'],
    ['第二章 甲\n2.1 乙\n（3）丙。', '（3）', '2.1（3）'],
    ['1、甲\n1.2 乙\n1.2.1 丙。', '1.2.1', '1.2.1'],
    ['第一编 总则\n第二章 分则', '第二章', '第一编第二章'],
    ['第二章 甲\n第六条 乙\n3、丙。', '3', '第六条3'],
    ['第二章 甲\n一、乙\n（一）丙。', '（一）', '第二章一、（一）'],
    ['第十二条之一 甲', '第十二条之一', '第十二条之一'],
    ['一、甲\n第三条 乙\n① 丙。', '①', '第三条①'],
  ])('%s', (text, label, expected) => {
    const parsed = parse(lines(text))
    const clause = parsed.clauses.find(one => one.label === label)
    expect(clauseName(parsed, clause?.id ?? -1)).toBe(expected)
  })
  it('is empty for the root and for unnumbered clauses', () => {
    const parsed = parse(lines('说明\n从略。', [{ kind: 'heading', level: 2 }]))
    expect(clauseName(parsed, 0)).toBe('')
    expect(clauseName(parsed, 99)).toBe('')
  })
})

describe('sentences', () => {
  const split = (text: string): (string | null)[] => {
    const parsed = parse(oneBlock(text))
    return parsed.sentences.map(sentence => words(parsed, sentence.id))
  }
  test.each<[string, string, string[]]>([
    [
      'full stops and semicolons',
      '甲方应付款；乙方应发货。逾期怎么办？',
      ['甲方应付款；', '乙方应发货。', '逾期怎么办？'],
    ],
    ['quotes stay whole', '点击“同意。继续”即成立。次日生效。', ['点击“同意。继续”即成立。', '次日生效。']],
    ['a quotation that ends the sentence', '页面显示“已取消。”商家应退款。', ['页面显示“已取消。”', '商家应退款。']],
    ['a quotation that goes on', '凡标有“已取消。”字样的订单不再发货。', ['凡标有“已取消。”字样的订单不再发货。']],
    ['brackets stay whole', '商家（含个人；含企业）应实名。从略。', ['商家（含个人；含企业）应实名。', '从略。']],
    [
      'an unclosed bracket does no harm',
      '商家（含个人应实名。平台审核；平台公示。',
      ['商家（含个人应实名。', '平台审核；', '平台公示。'],
    ],
    [
      'addresses, decimals, times',
      '详见https://a.example/b?c=1;d。费率2.5%，12:00截止。',
      ['详见https://a.example/b?c=1;d。', '费率2.5%，12:00截止。'],
    ],
    ['an ellipsis is no stop', '包括但不限于甲……以及乙。丙。', ['包括但不限于甲……以及乙。', '丙。']],
    [
      'English',
      'See section 2.1 for fees. The platform may e.g. suspend shops. Done.',
      ['See section 2.1 for fees.', 'The platform may e.g. suspend shops.', 'Done.'],
    ],
    ['line breaks inside', '商家应\n按时\n发货。\n逾期赔付。', ['商家应\n按时\n发货。', '逾期赔付。']],
  ])('%s', (_, text, expected) => expect(split(text)).toEqual(expected))

  it('cuts a bracket that holds a passage', () => {
    const inner =
      '平台仅提供信息展示服务，不参与交易。商家应自行核实买家身份，并承担由此产生的后果，包括退款与赔偿。平台不对此负责。'
    expect(split(`商家应自负盈亏（${inner}）。`).length).toBeGreaterThan(2)
  })
  it('tells headings, items, rows and sentences apart', () => {
    const parsed = parse(
      lines('费用标准\n保证金如下：\n一千元。\n类目\t金额\n食品\t500', [
        { kind: 'heading', level: 2 },
        {},
        { kind: 'list-item', depth: 1, counter: '•' },
        { kind: 'row', headerRow: true, cells: [] },
        { kind: 'row', cells: [{ span: { start: 22, end: 24 }, header: '类目' }] },
      ]),
    )
    expect(parsed.sentences.map(sentence => [sentence.kind, words(parsed, sentence.id)])).toEqual([
      ['heading', '费用标准'],
      ['sentence', '保证金如下：'],
      ['item', '一千元。'],
      ['row', '食品\t500'],
    ])
    expect(parsed.sentences[3]?.cells).toHaveLength(1)
  })
})

describe('lead-ins', () => {
  const leads = (document: Document): [string | null, string | null][] => {
    const parsed = parse(document)
    return parsed.sentences
      .filter(sentence => sentence.leadIn !== null)
      .map(sentence => [words(parsed, sentence.id), words(parsed, sentence.leadIn)])
  }
  it('points items in running text to the words before the colon', () => {
    expect(leads(oneBlock('第一条【处理】平台有权：（一）警告；（二）清退。'))).toEqual([
      ['警告；', '平台有权：'],
      ['清退。', '平台有权：'],
    ])
  })
  it('keeps the lead-in for later sentences of an item', () => {
    expect(leads(lines('2.1 有下列情形之一的，平台可以：\n（1）甲。随后公示。\n（2）乙。\n2.2 丙。'))).toEqual([
      ['甲。', '有下列情形之一的，平台可以：'],
      ['随后公示。', '有下列情形之一的，平台可以：'],
      ['乙。', '有下列情形之一的，平台可以：'],
    ])
  })
  it('does not take a lost character for the text of an item', () => {
    const source =
      '（一）\n\ufffd\ufffd\n对下列事由，平台不承担责任：\n1、\n\ufffd\n电力中断；\n2、\n\ufffd\n线路故障。'
    expect(leads(lines(source))).toEqual([
      ['电力中断；', '对下列事由，平台不承担责任：'],
      ['线路故障。', '对下列事由，平台不承担责任：'],
    ])
  })
  it('nests', () => {
    const parsed = parse(lines('一、商家不得：\n（一）从事下列行为：\n1、刷单；\n2、炒信。\n（二）拒绝退款。'))
    const lead = (text: string): string | null =>
      words(parsed, parsed.sentences.find(sentence => words(parsed, sentence.id) === text)?.leadIn ?? null)
    expect(lead('刷单；')).toBe('从事下列行为：')
    expect(lead('从事下列行为：')).toBe('商家不得：')
    expect(lead('拒绝退款。')).toBe('商家不得：')
  })
  it('serves bullets', () => {
    const bullet = (depth: number): Partial<Block> => ({ kind: 'list-item', depth, counter: '•' })
    expect(
      leads(
        lines('商家应提供：\n执照：\n正本；\n副本。\n授权书。\n以上从略。', [
          {},
          bullet(1),
          bullet(2),
          bullet(2),
          bullet(1),
          {},
        ]),
      ),
    ).toEqual([
      ['执照：', '商家应提供：'],
      ['正本；', '执照：'],
      ['副本。', '执照：'],
      ['授权书。', '商家应提供：'],
    ])
  })
  it('serves bullets at the depth of the numbered item above them', () => {
    const blocks: Partial<Block>[] = [
      { kind: 'list-item', depth: 1, counter: '3.' },
      { kind: 'list-item', depth: 1 },
      { kind: 'list-item', depth: 1 },
    ]
    const parsed = parse(lines('您不得发布以下内容：\n虚假信息；\n侵权信息。', blocks))
    expect(parsed.sentences.map(sentence => [sentence.clause, sentence.leadIn])).toEqual([
      [1, null],
      [1, 0],
      [1, 0],
    ])
  })
  it('is none where no item follows', () => {
    expect(leads(lines('一、说明：\n本规则自公布之日起施行。\n2.1 商家应如实填写：\n2.2 平台审核。'))).toEqual([])
  })
})

describe('properties', () => {
  const scrap = fc.constantFrom(
    '第一条',
    '第二条',
    '第三章',
    '一、',
    '二、',
    '（一）',
    '（二）',
    '1.',
    '2、',
    '1.1',
    '1.2.1',
    '(1)',
    '①',
    'a)',
    'i.',
    '•',
    '【范围】',
    '：',
    '。',
    '；',
    '“',
    '”',
    '（',
    '）',
    '《',
    '》',
    '"',
    ' ',
    '\n',
    '　',
    '商家应当',
    '平台有权',
    '下列情形',
    '依据',
    '2024年',
    '3.5元',
    'https://a.example/?b;c',
    'No. 5',
    '……',
    '、',
    '𠮷',
  )
  const kind = fc
    .record<Partial<Block>>(
      {
        kind: fc.constantFrom('paragraph', 'list-item', 'heading', 'row', 'quote', 'code'),
        depth: fc.integer({ min: 0, max: 3 }),
        level: fc.integer({ min: 1, max: 6 }),
      },
      { requiredKeys: ['kind'] },
    )
    .chain(block =>
      fc
        .option(fc.constantFrom('1.', '2.', 'a.', '•'), { nil: undefined })
        .map(counter => (counter ? { ...block, counter } : block)),
    )
  const documents = fc
    .tuple(
      fc.array(
        fc.array(scrap, { maxLength: 25 }).map(parts => parts.join('')),
        { maxLength: 12 },
      ),
      fc.array(kind, { maxLength: 12 }),
    )
    .map(([parts, kinds]) => {
      const blocks: Block[] = []
      let text = ''
      parts.forEach((part, index) => {
        blocks.push({
          kind: 'paragraph',
          depth: 0,
          ...kinds[index],
          span: { start: text.length, end: text.length + part.length },
        })
        text += `${part}\n`
      })
      return { ...lines(''), text, source: text, blocks }
    })

  it('orders sentences, keeps them apart, inside their blocks, and loses no character', () => {
    fc.assert(
      fc.property(documents, document => {
        const parsed = parse(document)
        const owner = Array.from({ length: document.text.length }, () => 0)
        let at = 0
        parsed.sentences.forEach((sentence, index) => {
          const block = document.blocks[sentence.block]
          expect(sentence.id).toBe(index)
          expect(sentence.span.start).toBeGreaterThanOrEqual(at)
          expect(sentence.span.end).toBeGreaterThan(sentence.span.start)
          expect(sentence.span.start).toBeGreaterThanOrEqual(block?.span.start ?? Number.NaN)
          expect(sentence.span.end).toBeLessThanOrEqual(block?.span.end ?? Number.NaN)
          expect(sentence.leadIn === null || sentence.leadIn < index).toBe(true)
          at = sentence.span.end
          for (let offset = sentence.span.start; offset < sentence.span.end; offset++)
            owner[offset] = (owner[offset] ?? 0) + 1
        })
        for (const clause of parsed.clauses)
          for (let offset = clause.labelSpan.start; offset < clause.labelSpan.end; offset++)
            owner[offset] = (owner[offset] ?? 0) + 1
        for (const block of document.blocks) {
          if (block.kind === 'code') continue
          for (let offset = block.span.start; offset < block.span.end; offset++) {
            const char = document.text.charAt(offset)
            // separators behind labels and bullets belong to neither
            expect([char, owner[offset]]).toEqual([
              char,
              /[\s、.．，,:：)）•]/.test(char) ? expect.toBeOneOf([0, 1]) : 1,
            ])
          }
        }
      }),
      { numRuns: 300 },
    )
  })
  it('nests clause spans and agrees on parents and children', () => {
    fc.assert(
      fc.property(documents, document => {
        const { clauses } = parse(document)
        for (const clause of clauses) {
          const parent = clause.parent === null ? null : clauses[clause.parent]
          expect(clause.parent === null).toBe(clause.id === 0)
          if (!parent) continue
          expect(parent.children).toContain(clause.id)
          expect(clause.depth).toBe(parent.depth + 1)
          expect(clause.span.start).toBeGreaterThanOrEqual(parent.span.start)
          expect(clause.span.end).toBeLessThanOrEqual(parent.span.end)
          const older = clauses[parent.children[parent.children.indexOf(clause.id) - 1] ?? -1]
          if (older) expect(older.span.end).toBeLessThanOrEqual(clause.span.start)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('questions behind the last article', () => {
  const flat =
    '第一条 卖家应当缴纳保证金。第二条 本规则于2026年4月17日最新修订并生效。规则解读一、关于第一条【保证金】如何减免？签约后按时缴纳。二、如何退回？原路退回。'
  it('are a section of their own: in running text behind the day of effect, on a line of their own', () => {
    expect(names(oneBlock(flat))).toEqual(['第一条', '第二条', '', '一', '二'])
    const parsed = parse(
      lines('第一条 卖家应当缴纳保证金。\n第二条 本规则自2026年5月1日起施行。\n常见问题\n1. 如何退回？\n原路退回。'),
    )
    expect(parsed.clauses.map(clause => [clause.label, clause.title, clause.parent])).toEqual([
      [null, null, null],
      ['第一条', null, 0],
      ['第二条', null, 0],
      [null, '常见问题', 0],
      ['1', null, 3],
    ])
  })
  it('are not where an article follows, nor where a sentence speaks of them', () => {
    expect(names(oneBlock('第一条 本规则自5月1日起施行。常见问题：见下。第二条 卖家应当缴纳保证金。'))).toEqual([
      '第一条',
      '第二条',
    ])
    expect(
      names(oneBlock('第一条 卖家应当缴纳保证金。第二条 本规则自5月1日起施行。规则解读和常见问题可点击查看。')),
    ).toEqual(['第一条', '第二条'])
  })
})
