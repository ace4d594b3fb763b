// Measures comparing two versions: many clauses, one inserted at the top, all others renumbered; beside jsdiff's lines on the same texts. Needs dist.

import { pathToFileURL } from 'node:url'
import { diffLines } from 'diff'
import { parse } from '../dist/parse/index.js'
import { readDocument } from '../dist/read/index.js'
import { compare } from '../dist/versions/diff.js'

const SUBJECTS = ['商家', '入驻商家', '店铺经营者', '服务商', '达人', '分销商', '团长']
const ACTS = [
  '上传资质文件',
  '发布商品信息',
  '变更主体信息',
  '申请退出经营',
  '参加促销活动',
  '使用平台数据',
  '开具发票',
  '处理售后申请',
  '缴纳保证金',
]
const DUTIES = [
  '应当提前告知平台',
  '应当保留相关凭证',
  '应当经平台审核通过',
  '应当遵守本规则及公示的类目要求',
  '不得损害消费者的合法权益',
]
const ENDS = [
  '平台应在收到材料后审核完毕',
  '逾期未处理的视为放弃',
  '平台可以要求补充说明',
  '由此产生的费用由责任方承担',
]

/** A text of `count` numbered clauses, no two alike; with `inserted`, one more in front. */
function rules(count, inserted) {
  const pick = (list, i, step) => list[Math.floor(i / step) % list.length]
  const lines = Array.from({ length: count }, (_, i) => {
    const who = pick(SUBJECTS, i, 1)
    const act = pick(ACTS, i, SUBJECTS.length)
    const duty = pick(DUTIES, i, 3)
    return `${who}${act}的，${duty}，并自申请之日起${(i % 28) + 2}日内完成；涉及第${i + 1000}类商品的，${pick(ENDS, i, 5)}，金额以${i * 7 + 100}元为限。`
  })
  if (inserted) lines.unshift('平台设立规则解释小组，商家对规则含义有疑问的，可以书面提出，小组应在五个工作日内答复。')
  return `# 示例平台商家管理规则\n\n${lines.map((line, i) => `第${i + 1}条 ${line}`).join('\n\n')}\n`
}

/** Median milliseconds of three runs after one that is not counted, and what the last run returned. */
function time(work) {
  const times = []
  let value = work()
  for (let i = 0; i < 3; i++) {
    const begun = performance.now()
    value = work()
    times.push(performance.now() - begun)
  }
  return { ms: times.sort((a, b) => a - b)[1], value }
}

/**
 * Prints the table and returns its rows: clauses, milliseconds to read and parse both texts, to compare them, of jsdiff's
 * `diffLines` on the same texts (null above 2,000 clauses), and the counts of changes.
 */
export function diffBench(sizes = [500, 1000, 2000, 5000, 10000, 20000]) {
  console.log('\none clause inserted at the top, all others renumbered')
  console.log('  clauses  read+parse ms  compare ms  µs/clause  diffLines ms  ratio  added  renumbered  other')
  return sizes.map(clauses => {
    const [before, after] = [rules(clauses, false), rules(clauses, true)]
    const load = text => parse(readDocument(new TextEncoder().encode(text), 'rules.md'))
    const parsing = time(() => [load(before), load(after)])
    const [old, fresh] = parsing.value
    const comparing = time(() => compare(old, fresh))
    // every line differs, which costs jsdiff the square of their number
    const peer = clauses > 2000 ? null : time(() => diffLines(before, after)).ms
    const { summary, changes } = comparing.value
    const other = changes.length - summary.added - summary.renumbered
    const cells = [
      [String(clauses), 9],
      [parsing.ms.toFixed(0), 15],
      [comparing.ms.toFixed(1), 12],
      [((comparing.ms * 1000) / clauses).toFixed(1), 11],
      [peer === null ? '–' : peer.toFixed(1), 14],
      [peer === null ? '–' : (comparing.ms / peer).toFixed(2), 7],
      [String(summary.added), 7],
      [String(summary.renumbered), 12],
      [String(other), 7],
    ]
    console.log(cells.map(([cell, width]) => cell.padStart(width)).join(''))
    return { clauses, parse: parsing.ms, compare: comparing.ms, peer, summary }
  })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) diffBench()
