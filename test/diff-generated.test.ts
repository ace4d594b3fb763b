/** Generated versions with known correspondences, and what must hold for every pair of versions. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from '../src/parse/index.js'
import { readDocument } from '../src/read/index.js'
import type { Format, Parsed } from '../src/types.js'
import { align } from '../src/versions/align.js'
import { compare } from '../src/versions/diff.js'
import { edits } from '../src/versions/edits.js'
import { passageKey, passages } from '../src/versions/passages.js'
import type { Pair } from '../src/versions/types.js'

// ── documents ───────────────────────────────────────────────────────────────────────────────────────────────────

/** A clause that knows which clauses of the first version it comes from. */
interface Node {
  readonly ids: readonly number[]
  readonly title: string | null
  readonly text: string
  readonly items: readonly Node[]
  /** The clause whose boilerplate it ends in, null if it has none. */
  readonly end: number | null
}

interface Random {
  readonly below: (limit: number) => number
  readonly pick: <T>(list: readonly T[]) => T
  readonly chance: (share: number) => boolean
}

function random(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return { below, pick: list => list[below(list.length)]!, chance: share => next() < share }
}

const WHO = ['商家', '入驻商家', '平台', '消费者', '服务商', '达人', '供货方', '仓储服务商', '主播', '推广者']
const WHEN = [
  '在收到订单后',
  '发生退款争议的',
  '变更营业执照的',
  '参加大型促销活动的',
  '连续三个月无成交的',
  '被消费者投诉的',
  '使用平台物流服务的',
  '出售进口商品的',
  '开展直播带货的',
  '申请提前结算的',
  '账号被他人登录的',
  '上传商品视频的',
  '因天气原因不能送达的',
  '商品被抽检不合格的',
  '收到监管部门通知的',
  '提交虚假材料的',
]
const DOES = [
  '应当提交书面说明和有关凭证',
  '应当为消费者提供无理由退货',
  '不得以任何方式收集消费者的联系方式',
  '可以书面申请复核一次',
  '应当保存聊天记录和物流信息',
  '应当在店铺首页显著位置公示',
  '有权查询并下载自己的经营数据',
  '不得诱导消费者在站外付款',
  '应当承担由此产生的往返运费',
  '可以委托第三方检测机构检验',
  '应当配合开展现场核查',
  '应当更换破损的外包装',
  '可以申请减免当月的技术服务费',
  '不得设置不合理的退货条件',
  '应当足额缴纳保证金',
]
const AND = [
  '逾期未完成的，视为放弃相应权利',
  '造成损失的，由责任方赔偿',
  '情节严重的，限制其参加营销活动',
  '有关费用从结算款中扣除',
  '具体标准以类目页面公示的为准',
  '双方另有约定的，从其约定',
  '平台对有关信息负有保密义务',
  '处理结果通过站内信告知',
  '相关记录至少保存三年',
]
const BOILERPLATE = ['平台保留追究违约责任的权利。', '本条所称期限遇法定节假日顺延。']
const TITLES = [
  '适用范围',
  '商品发布',
  '物流配送',
  '售后服务',
  '费用结算',
  '违规处理',
  '信息安全',
  '直播管理',
  '保证金',
  '争议解决',
  '退出机制',
  '通知送达',
]

function sentence(r: Random): string {
  return `${r.pick(WHO)}${r.pick(WHEN)}，${r.pick(DOES)}，并在${2 + r.below(58)}日内办理完毕；${r.pick(AND)}，金额以${(1 + r.below(400)) * 50}元为限。`
}

function tree(r: Random): Node[] {
  const used = new Set<string>()
  let ids = 0
  const fresh = (items: readonly Node[], title: string | null): Node => {
    let text = sentence(r)
    while (used.has(text)) text = sentence(r)
    used.add(text)
    if (r.chance(0.3)) text += sentence(r)
    const id = ids++
    return { ids: [id], title, text, items, end: id % 4 === 0 && items.length === 0 ? id : null }
  }
  return Array.from({ length: 6 + r.below(18) }, (_, i) => {
    const items = r.chance(0.3) ? Array.from({ length: 2 + r.below(4) }, () => fresh([], null)) : []
    return fresh(
      items,
      r.chance(0.35)
        ? `${r.pick(TITLES)}${i}`.replace(/\d+$/, n =>
            '甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地'.charAt(Number(n)),
          )
        : null,
    )
  })
}

// ── edits with known outcome ────────────────────────────────────────────────────────────────────────────────────

function alter(r: Random, text: string): string {
  switch (r.below(4)) {
    case 0:
      return text.replace(/\d+(?=日)/, n => String(Number(n) + 3)).replace(/\d+(?=元)/, n => String(Number(n) * 2))
    case 1:
      return text.replace(/应当|可以|不得|有权/, word => (word === '应当' ? '可以' : '应当'))
    case 2:
      return `${text}但法律、行政法规另有规定的除外。`
    default:
      return text.replace(/；[^；，]*，/, '；')
  }
}

/** A later version of a document: some of each edit. */
function edited(r: Random, nodes: readonly Node[]): Node[] {
  let out: Node[] = nodes.map(node => (r.chance(0.15) ? { ...node, text: alter(r, node.text) } : node))
  out = out.filter(() => !r.chance(0.06))
  out = out.map(node => ({ ...node, items: node.items.filter(() => !r.chance(0.08)) }))
  for (let k = r.below(3); k > 0; k--)
    out.splice(r.below(out.length + 1), 0, { ids: [], title: null, text: sentence(r), items: [], end: null })
  if (r.chance(0.4) && out.length > 3) {
    const [node] = out.splice(r.below(out.length), 1)
    if (node) out.splice(r.below(out.length + 1), 0, node)
  }
  const long = out.findIndex(
    ({ text, items, title }) => items.length === 0 && title === null && /。./.test(text) && !text.includes('但法律'),
  )
  if (r.chance(0.4) && long >= 0) {
    const node = out[long]!
    const at = node.text.indexOf('。') + 1
    out.splice(long, 1, { ...node, text: node.text.slice(0, at), end: null }, { ...node, text: node.text.slice(at) })
  }
  const at = r.below(Math.max(1, out.length - 1))
  const [one, two] = [out[at], out[at + 1]]
  const plain = (node: Node | undefined): node is Node =>
    node !== undefined && node.items.length === 0 && node.title === null
  if (r.chance(0.3) && plain(one) && plain(two))
    out.splice(at, 2, { ...one, ids: [...one.ids, ...two.ids], text: one.text + two.text, end: two.end })
  return out
}

// ── documents as files ──────────────────────────────────────────────────────────────────────────────────────────

const HAN = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九']
const han = (n: number): string => (n < 10 ? HAN[n]! : `${n < 20 ? '' : HAN[Math.floor(n / 10)]}十${HAN[n % 10]}`)
const SCHEMES = [
  { clause: (n: number) => `第${han(n)}条 `, item: (_: number, k: number) => `（${han(k)}）` },
  { clause: (n: number) => `${han(n)}、`, item: (_: number, k: number) => `（${han(k)}）` },
  { clause: (n: number) => `${n}. `, item: (n: number, k: number) => `${n}.${k} ` },
  { clause: (n: number) => `第${n}条 `, item: (_: number, k: number) => `${k}. ` },
] as const

interface Written {
  readonly parsed: Parsed
  /** Texts in order, with the clauses they come from. */
  readonly entries: readonly { readonly key: string; readonly ids: readonly number[] }[]
}

/** Writes a document in one numbering scheme and format; every fourth clause ends in boilerplate. */
function write(nodes: readonly Node[], scheme: (typeof SCHEMES)[number], format: Format): Written {
  const entries: { key: string; ids: readonly number[] }[] = []
  const lines: string[] = []
  const put = (label: string, text: string, ids: readonly number[], kind: string): void => {
    lines.push(label + text)
    entries.push({
      key: passageKey(text),
      ids: ids.map(id => (kind === 'title' ? id + 10_000 : kind === 'end' ? id + 20_000 : id)),
    })
  }
  nodes.forEach((node, i) => {
    const label = scheme.clause(i + 1)
    if (node.title !== null) put(label, node.title, node.ids, 'title')
    put(node.title === null ? label : '', node.text, node.ids, 'text')
    node.items.forEach((item, k) => {
      put(scheme.item(i + 1, k + 1), item.text, item.ids, 'text')
    })
    if (node.end !== null) put('', BOILERPLATE[node.end % 8 === 0 ? 0 : 1]!, [node.end], 'end')
  })
  const source =
    format === 'html'
      ? `<h1>示例规则</h1>${lines.map(line => `<p>${line}</p>`).join('\n')}`
      : format === 'markdown'
        ? `# 示例规则\n\n${lines.map(line => line.replace(/^(\d+)\./, '$1\\.')).join('\n\n')}\n`
        : `示例规则\n${lines.join('\n')}\n`
  return { parsed: parse(readDocument(new TextEncoder().encode(source), 'rules', { format })), entries }
}

/** The origins of each passage: its k-th like in the list of written texts. */
function originsOf({ parsed, entries }: Written): (readonly number[])[] {
  const byKey = new Map<string, (readonly number[])[]>()
  for (const { key, ids } of entries) byKey.set(key, [...(byKey.get(key) ?? []), ids])
  return passages(parsed).map(p => byKey.get(p.key)?.shift() ?? [])
}

const FORMATS: readonly Format[] = ['markdown', 'html', 'text']
const seeds = fc.integer({ min: 0, max: 2 ** 31 })

function versions(seed: number): { old: Written; fresh: Written; same: boolean } {
  const r = random(seed)
  const nodes = tree(r)
  const scheme = r.pick(SCHEMES)
  const format = r.pick(FORMATS)
  const later = r.chance(0.1) ? nodes : edited(r, nodes)
  return {
    old: write(nodes, scheme, format),
    fresh: write(later, scheme, r.chance(0.3) ? r.pick(FORMATS) : format),
    same: later === nodes,
  }
}

function score(seed: number): { right: number; wanted: number; found: number } {
  const { old, fresh } = versions(seed)
  const [from, to] = [originsOf(old), originsOf(fresh)]
  const homes = new Map<number, number[]>()
  to.forEach((ids, j) => {
    for (const id of ids) homes.set(id, [...(homes.get(id) ?? []), j])
  })
  const wanted = new Set(from.flatMap((ids, i) => ids.flatMap(id => (homes.get(id) ?? []).map(j => `${i} ${j}`))))
  const pairs = compare(old.parsed, fresh.parsed).pairs
  const found = new Set(pairs.flatMap(pair => pair.old.flatMap(p => pair.new.map(q => `${p.index} ${q.index}`))))
  wanted.delete('0 0')
  found.delete('0 0')
  const right = [...found].filter(link => wanted.has(link)).length
  return { right, wanted: wanted.size, found: found.size }
}

describe('generated versions', () => {
  it('finds at least 99 % of the correspondences, and as few false ones', () => {
    let [right, wanted, found] = [0, 0, 0]
    for (let seed = 1; seed <= 80; seed++) {
      const result = score(seed)
      right += result.right
      wanted += result.wanted
      found += result.found
    }
    const f1 = (2 * right) / (wanted + found)
    expect(wanted).toBeGreaterThan(2000)
    expect(f1).toBeGreaterThanOrEqual(0.99)
  })
})

describe('what holds for every two versions', () => {
  const mirrored = (pair: Pair): string =>
    `${pair.new.map(p => p.index)} ${pair.old.map(p => p.index)} ${pair.matchedBy} ${pair.moved}`
  const plain = (pair: Pair): string =>
    `${pair.old.map(p => p.index)} ${pair.new.map(p => p.index)} ${pair.matchedBy} ${pair.moved}`

  it('swapping the versions swaps the sides', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const { old, fresh } = versions(seed)
        const [a, b] = [passages(old.parsed), passages(fresh.parsed)]
        expect(align(b, a).map(mirrored).sort()).toEqual(align(a, b).map(plain).sort())
        const [there, back] = [compare(old.parsed, fresh.parsed).summary, compare(fresh.parsed, old.parsed).summary]
        expect([back.added, back.removed, back.split, back.merged]).toEqual([
          there.removed,
          there.added,
          there.merged,
          there.split,
        ])
      }),
      { numRuns: 40, seed: 7 },
    )
  })

  it('every passage is in exactly one pair', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const { old, fresh } = versions(seed)
        const { pairs } = compare(old.parsed, fresh.parsed)
        const sorted = (list: readonly { readonly index: number }[]): number[] =>
          list.map(p => p.index).sort((x, y) => x - y)
        expect(sorted(pairs.flatMap(pair => pair.old))).toEqual(passages(old.parsed).map(p => p.index))
        expect(sorted(pairs.flatMap(pair => pair.new))).toEqual(passages(fresh.parsed).map(p => p.index))
      }),
      { numRuns: 30, seed: 8 },
    )
  })

  it('a version compared with itself, in whatever format, has no changes', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(...FORMATS), fc.constantFrom(...FORMATS), (seed, one, other) => {
        const nodes = tree(random(seed))
        const scheme = SCHEMES[seed % SCHEMES.length]!
        expect(compare(write(nodes, scheme, one).parsed, write(nodes, scheme, other).parsed).changes).toEqual([])
      }),
      { numRuns: 40, seed: 9 },
    )
  })

  it('the edits of a change rebuild both of its sides, and its points lie where the text is', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const { old, fresh } = versions(seed)
        for (const change of compare(old.parsed, fresh.parsed).changes) {
          for (const { start, end, text } of change.new)
            expect(fresh.parsed.document.source.slice(start.offset, end.offset).replace(/\\|<[^>]*>|\s/g, '')).toBe(
              text.replace(/\s/g, ''),
            )
          if (change.edits.length === 0) continue
          const side = (kind: string): string =>
            change.edits
              .filter(e => e.kind === 'equal' || e.kind === kind)
              .map(e => e.text)
              .join('')
          expect(side('delete')).toBe(change.old.map(c => c.text).join('\n'))
          expect(side('insert')).toBe(change.new.map(c => c.text).join('\n'))
        }
      }),
      { numRuns: 30, seed: 10 },
    )
  })

  it('edits rebuild any two texts', () => {
    const words = fc.array(
      fc.constantFrom(
        '商家',
        '应当',
        '在',
        '15日',
        '十五个工作日',
        '内',
        '《管理规则》',
        '“平台”',
        '，',
        '。',
        ' ',
        '5%',
        '第三条',
        'App',
        '1,000元',
        '\n',
        '𠮷',
        '可以',
      ),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(words, words, (x, y) => {
        const [one, other] = [x.join(''), y.join('')]
        const list = edits(one, other)
        expect(
          list
            .filter(e => e.kind !== 'insert')
            .map(e => e.text)
            .join(''),
        ).toBe(one)
        expect(
          list
            .filter(e => e.kind !== 'delete')
            .map(e => e.text)
            .join(''),
        ).toBe(other)
      }),
      { numRuns: 300, seed: 11 },
    )
  })
})
