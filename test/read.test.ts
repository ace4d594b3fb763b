import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isSupported, ReadError, readDocument } from '../src/read/index.js'
import type { Block, Document } from '../src/types.js'

const fixture = (name: string): Document => {
  const path = `fixtures/read/${name}`
  return readDocument(readFileSync(new URL(`../${path}`, import.meta.url)), path)
}
const read = (text: string, path: string): Document => readDocument(new TextEncoder().encode(text), path)
const texts = (document: Document): string[] => document.blocks.map(block => textOf(document, block))
const textOf = (document: Document, { span }: Pick<Block, 'span'>): string => document.text.slice(span.start, span.end)
const marked = (document: Document, kind: string): string[] =>
  document.marks.filter(mark => mark.kind === kind).map(mark => textOf(document, mark))
const block = (document: Document, start: string): Block => {
  const found = document.blocks.find(candidate => textOf(document, candidate).startsWith(start))
  if (!found) throw new Error(`no block starts with ${start}: ${texts(document).join(' / ')}`)
  return found
}
const cellsOf = (document: Document, row: Block): (readonly [string | null, string])[] =>
  (row.cells ?? []).map(cell => [cell.header, textOf(document, cell)])
const errorOf = (run: () => unknown): ReadError => {
  try {
    run()
  } catch (error) {
    if (error instanceof ReadError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('files', () => {
  it('takes the format from the extension, and from the option where one is given', () => {
    expect(read('# 标题', 'a/规则.MARKDOWN').format).toBe('markdown')
    expect(read('<p>一</p>', 'a.b/x.xhtml').format).toBe('html')
    expect(read('# 标题', 'a.md/README').format).toBe('text')
    expect(readDocument(new TextEncoder().encode('# 标题'), 'x.txt', { format: 'markdown' }).blocks[0]?.kind).toBe(
      'heading',
    )
    expect(['a.md', 'b.HTM', 'c.txt', 'd.docx', 'e.json', 'f'].map(isSupported)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it.each([
    ['协议.docx', 'PK\u0003\u0004', 'unsupported-format'],
    ['协议.txt', '%PDF-1.7', 'unsupported-format'],
    ['协议.pdf', '文字', 'unsupported-format'],
    ['协议.txt', '第一条\u0000\u0001\u0002', 'binary-input'],
    ['协议.txt', '\u0001\u0002\u0003条', 'binary-input'],
  ])('refuses %s holding %j', (path, content, code) => {
    const error = errorOf(() => read(content, path))
    expect(error).toMatchObject({ code, path })
    expect(error.message).toContain(path)
    expect(error.texts.en).toContain(path)
  })

  it('refuses bytes that no encoding explains', () => {
    expect(errorOf(() => readDocument(Uint8Array.of(0x41, 0xff, 0xff, 0x41), 'x.md')).code).toBe('undecodable')
  })

  it('refuses markup nested beyond walking instead of crashing', () => {
    const nested = (): unknown => read(`${'<div>'.repeat(30_000)}文`, 'deep.html')
    expect(errorOf(nested).code).toBe('too-deep')
  })

  it('reads declared GBK, undeclared GBK, UTF-16 and BOMs', () => {
    const gbk = fixture('gbk.html')
    expect(gbk).toMatchObject({ encoding: 'gb18030', declaredTitle: '海棠商城开店协议' })
    expect(texts(gbk)).toEqual(['卖家开店应当缴纳保证金，平台在卖家退店后三十日内退还。'])
    const bare = readDocument(Uint8Array.of(0xc6, 0xbd, 0xcc, 0xa8, 0xd3, 0xa6, 0xb5, 0xb1), 'x.txt')
    expect([bare.encoding, bare.text]).toEqual(['gb18030', '平台应当'])
    expect(texts(fixture('utf16le.txt'))).toEqual(['第一条 平台应当公示规则。', '第二条 卖家可以退出。'])
    expect(read('\ufeff第一条', 'x.txt').source).toBe('第一条')
  })

  it('believes valid UTF-8 over a wrong declaration, and says so', () => {
    const document = read('<meta charset="gbk"><p>平台应当提前七日公示修改的内容。</p>', 'x.html')
    expect(document.encoding).toBe('utf-8')
    expect(document.notices.map(({ code }) => code)).toEqual(['encoding-mismatch'])
  })

  it('says when there is nothing to check or characters were lost', () => {
    expect(read('<p> </p>', 'x.html').notices.map(({ code }) => code)).toEqual(['empty-document'])
    expect(read('平\ufffd台', 'x.txt').notices.map(({ code }) => code)).toEqual(['replacement-characters'])
  })
})

describe('markdown', () => {
  const document = fixture('agreement.md')

  it('reads front matter', () => {
    expect(document.frontMatter).toEqual({
      title: '青禾集市商家入驻协议',
      version: 'v2.1',
      effectiveDate: '2026-03-01',
    })
    expect(document.declaredTitle).toBe('青禾集市商家入驻协议')
    const broken = read('---\na: [1\n---\n正文', 'x.md')
    expect(broken.frontMatter).toEqual({})
    expect(broken.notices.map(({ code }) => code)).toEqual(['front-matter-invalid'])
  })

  it('reads bold beside Chinese punctuation, and bold that CommonMark leaves literal', () => {
    expect(marked(document, 'strong')).toEqual(['费用：', '“提前通知”', '“不可抗力”', '请特别留意本条', '售假', '5%'])
    expect(document.text).not.toContain('**')
  })

  it.each([
    ['中**“甲方”**文', ['“甲方”'], '中“甲方”文'],
    ['** 一**，二，** 三**', ['一', '三'], '一，二， 三'],
    ['** 一\n二** 三', ['一\n二'], '一\n二 三'],
    ['**一****二**三', ['一二'], '一二三'],
    ['单个 ** 留着', [], '单个 ** 留着'],
    ['单个 ** 留着，**粗**', ['粗'], '单个 ** 留着，粗'],
    ['由***网运营。', [], '由***网运营。'],
    ['拨打138****1234。', [], '拨打138****1234。'],
    ['**“甲”****乙**', ['“甲”乙'], '“甲”乙'],
    ['`** 代码**`', [], '** 代码**'],
    ['转义\\*\\*星号\\*\\*', [], '转义**星号**'],
  ])('reads %j', (source, strong, text) => {
    const result = read(source, 'x.md')
    expect(marked(result, 'strong')).toEqual(strong)
    expect(result.text).toBe(text)
  })

  it('gives headings, lists, quotes and code their kinds, depths and counters', () => {
    const shape = document.blocks.map(({ kind, level, depth, counter }) =>
      [kind, level, depth, counter].filter(value => value !== undefined),
    )
    expect(shape.slice(0, 9)).toEqual([
      ['heading', 1, 0],
      ['paragraph', 0],
      ['list-item', 1, '1.'],
      ['list-item', 1, '2.'],
      ['list-item', 2, '•'],
      ['quote', 0],
      ['paragraph', 0],
      ['paragraph', 0],
      ['paragraph', 0],
    ])
    expect(texts(document).slice(3, 9)).toEqual([
      '商家退出的，\n平台在3~5个工作日内退还保证金。',
      '有未了纠纷的，顺延。',
      '平台保留解释说明的义务，\n但不得因此减损商家权利。',
      '（一）缩进四格的条款仍是条款。',
      '1. 转义的编号 与 <占位> 符号。',
      '第二行由硬换行隔开。',
    ])
    expect(document.blocks.at(-1)).toMatchObject({ kind: 'code' })
    expect(texts(document).at(-1)).toBe('code 不是条款')
    expect(read('5) 甲\n6) 乙', 'x.md').blocks.map(({ counter }) => counter)).toEqual(['5)', '6)'])
  })

  it('reads tables, its own and HTML ones cut by blank lines', () => {
    const rows = document.blocks.filter(({ kind }) => kind === 'row')
    expect(rows.map(({ table, headerRow }) => [table, headerRow])).toEqual([
      [1, true],
      [1, false],
      [1, false],
      [2, true],
      [2, false],
    ])
    expect(cellsOf(document, rows[1]!)).toEqual([
      ['违规行为', '虚假宣传'],
      ['扣分', '12'],
      ['处理', '下架\n公示'],
    ])
    expect(cellsOf(document, rows[2]!)).toEqual([
      ['违规行为', '售假'],
      ['扣分', '48'],
      ['处理', ''],
    ])
    expect(cellsOf(document, rows[4]!)).toEqual([
      ['费用', '技术服务费'],
      ['比例', '5%'],
    ])
  })

  it('takes the first full row for the header where the table has an empty one', () => {
    const rows = read('| | |\n|---|---|\n| 行为 | 扣分 |\n| 售假 | 48 |', 'x.md').blocks
    expect(rows.map(({ headerRow, cells }) => [headerRow, cells?.[1]?.header])).toEqual([
      [true, null],
      [false, '扣分'],
    ])
  })

  it('understands inline HTML and leaves out comments and struck text, with a notice', () => {
    expect(textOf(document, block(document, '此处'))).toBe('此处红字与下划线，保留的话。')
    expect(marked(document, 'colour')).toEqual(['红字'])
    expect(marked(document, 'underline')).toEqual(['下划线'])
    expect(document.text).not.toContain('内部备注')
    expect(document.notices.map(({ code }) => code)).toEqual(['struck-text'])
  })
})

describe('html', () => {
  const document = fixture('page.html')

  it('shows what a browser shows, block by block', () => {
    expect(document.declaredTitle).toBe('云杉商城服务规则')
    expect(texts(document).slice(0, 6)).toEqual([
      '云杉商城服务规则',
      '一、总则',
      '平台可依法调整规则， 并提前七日公示。 商家不同意的',
      '可以退出。',
      '费率为 5% & 不另收费。',
      '红字提醒与链接，黄底、大字、标记、新费率。',
    ])
    expect(document.blocks.slice(0, 2).map(({ kind, level }) => [kind, level])).toEqual([
      ['heading', 1],
      ['heading', 2],
    ])
    for (const hidden of ['首页', '看不见', '同样', '版权', '脚本', '旧费率'])
      expect(document.text).not.toContain(hidden)
  })

  it('finds every kind of emphasis, links and headings apart', () => {
    expect(document.emphasis).toBe('known')
    expect(marked(document, 'strong')).toEqual(['提前七日公示', '不同意'])
    expect(marked(document, 'colour')).toEqual(['费率为 5% & 不另收费。', '红字提醒'])
    expect(marked(document, 'highlight')).toEqual(['黄底', '标记'])
    expect(marked(document, 'large')).toEqual(['大字'])
    expect(marked(document, 'underline')).toEqual([])
  })

  it.each([
    ['<p>甲<strong style="font-weight:normal">乙</strong></p>', 'strong', []],
    ['<style>em{font-weight:bold}</style><p>甲<em>乙</em></p>', 'strong', ['乙']],
    ['<p>甲<em>乙</em></p>', 'strong', []],
    ['<p>甲<span class="fontbold">乙</span><span class="boldness">丙</span></p>', 'strong', ['乙']],
    ['<p>甲<b>乙</b> <b>丙</b></p>', 'strong', ['乙 丙']],
    ['<p>甲<font color="#FF0000">乙</font></p>', 'colour', ['乙']],
    ['<p style="color:#333">甲<span style="color:#666">乙</span></p>', 'colour', []],
    ['<p style="color:red">全文都是红色</p>', 'colour', []],
    ['<h2>标题<span style="font-size:40px">大</span></h2><p>正文正文正文</p>', 'large', []],
    ['<p>甲甲甲<u>乙</u></p>', 'underline', ['乙']],
    [
      '<style>@media print { b { font-weight: 400 } } .k{font-weight:bold}</style><p>甲<b>乙</b><i class="k">丙</i></p>',
      'strong',
      ['乙丙'],
    ],
  ])('marks %s', (source, kind, expected) => {
    expect(marked(read(source, 'x.html'), kind)).toEqual(expected)
  })

  it('counts lists the way they are displayed', () => {
    const items = document.blocks.slice(6).filter(({ depth }) => depth > 0)
    expect(items.map(item => [item.kind, item.depth, item.counter, textOf(document, item)])).toEqual([
      ['list-item', 1, '3.', '第三项'],
      ['list-item', 1, '7.', '第七项'],
      ['list-item', 2, 'a.', '甲'],
      ['list-item', 2, 'b.', '乙'],
      ['paragraph', 2, undefined, '乙的补充'],
      ['list-item', 1, '8.', '第八项'],
      ['list-item', 1, '2.', '倒数二'],
      ['list-item', 1, '1.', '倒数一'],
      ['list-item', 1, '•', '圆点'],
    ])
    const chinese = read('<ol style="list-style-type:cjk-ideographic" start="10"><li>甲<li>乙</ol>', 'x.html')
    expect(chinese.blocks.map(({ counter }) => counter)).toEqual(['十、', '十一、'])
    expect(read('<ol type="I" start="4"><li>甲</ol>', 'x.html').blocks[0]?.counter).toBe('IV.')
    expect(read('<ol style="list-style:none"><li>甲</ol>', 'x.html').blocks[0]?.counter).toBeUndefined()
  })

  it('repeats spanned cells as context only', () => {
    const rows = document.blocks.filter(({ kind }) => kind === 'row')
    expect(rows.map(({ headerRow }) => headerRow)).toEqual([true, false, false])
    expect(cellsOf(document, rows[1]!)).toEqual([
      ['类型', '严重违规'],
      ['行为', '售假'],
      ['扣分', '48'],
    ])
    expect(cellsOf(document, rows[2]!)).toEqual([
      ['严重违规 / 行为', '泄露信息\n情节严重'],
      ['严重违规 / 扣分', '24'],
    ])
    expect(block(document, '版式表格').kind).toBe('paragraph')
  })

  it('reads HTML that was stored escaped', () => {
    const escaped = fixture('escaped.html')
    expect(texts(escaped)).toEqual([
      '本协议由丁香市集发布。',
      '商家应缴纳保证金 1,000 元， 逾期未缴的不得营业。',
      '平台应当开具收据。',
    ])
    expect(marked(escaped, 'strong')).toEqual(['丁香市集'])
  })

  it('says when it leaves out hidden text, but does not take print rules for hiding', () => {
    const hidden = read(`<div style="display:none">${'平台可以调整规则。'.repeat(20)}</div><p>正文</p>`, 'x.html')
    expect(hidden.notices.map(({ code }) => code)).toEqual(['hidden-text'])
    expect(hidden.text).toBe('正文')
    expect(read('<style>@media print{.a{display:none}}</style><p class="a">正文</p>', 'x.html').text).toBe('正文')
  })

  it('keeps tags that are text in a textarea', () => {
    const area = read('<textarea>甲 <b>乙</b></textarea>', 'x.html')
    expect([area.text, area.segments.every(({ verbatim }) => verbatim)]).toEqual(['甲 <b>乙</b>', true])
  })

  it('keeps the lines of preformatted text', () => {
    const area = read('<textarea>第一条 甲\n第二条 乙</textarea><pre>一\n\n二</pre>', 'x.html')
    expect(texts(area)).toEqual(['第一条 甲', '第二条 乙', '一', '二'])
  })

  it('drops characters nobody sees', () => {
    expect(read('<p>平\u200b台&shy;规则</p>', 'x.html').text).toBe('平台规则')
  })
})

describe('text', () => {
  it('keeps one block per line, whatever ends the lines, and reads obvious tables', () => {
    const document = fixture('lines.txt')
    expect(document.emphasis).toBe('unknown')
    expect(texts(document).slice(0, 7)).toEqual([
      '松果集市卖家规则',
      '第一条 目的',
      '为规范卖家经营，制定本规则。',
      '第二条 处罚',
      '卖家违规的，平台可以扣分：',
      '（一）虚假发货',
      '（二）泄露买家信息',
    ])
    const rows = document.blocks.filter(({ kind }) => kind === 'row')
    expect(cellsOf(document, rows[2]!)).toEqual([
      ['行为', '泄露信息'],
      ['扣分', '24'],
      ['处理', '清退'],
    ])
    expect(texts(read('甲\r\n乙\r丙\n\n丁', 'x.txt'))).toEqual(['甲', '乙', '丙', '丁'])
    expect(read('1.\t甲事项的说明\n2.\t乙事项的说明', 'x.txt').blocks.map(({ kind }) => kind)).toEqual([
      'paragraph',
      'paragraph',
    ])
  })

  it('joins lines that were broken inside sentences, and no others', () => {
    expect(texts(fixture('broken-lines.txt')).map(text => text.replaceAll('\n', ''))).toEqual([
      '北辰优选用户协议',
      '版本生效日期：2026年【3】月【1】日',
      '一、协议的确认',
      '(一)欢迎您使用北辰优选。本协议适用于您使用北辰优选平台（以下简称“平台”）的全部行为，请参见《北辰优选隐私政策》。',
      '(二)平台可以调整本协议，并提前7日公示。',
      '服务期限：指自您注册之日起至账号注销之日止。',
      '二、费用',
      '平台不向消费者收取服务费。',
    ])
  })

  it('reads a document of one line as one block', () => {
    expect(texts(read('第一章【总则】第一条【目的】平台制定本规则。', 'x.txt'))).toHaveLength(1)
  })

  it('drops characters nobody sees and keeps the way back', () => {
    const document = read('平\u200b台', 'x.txt')
    expect(document.text).toBe('平台')
    expect(document.segments).toEqual([
      { text: { start: 0, end: 1 }, source: { start: 0, end: 1 }, verbatim: true },
      { text: { start: 1, end: 2 }, source: { start: 2, end: 3 }, verbatim: true },
    ])
  })
})
