/** Tells whether what one version lacks is really gone: it may print in part only, use other words, or name another document. */
import type { Annotated } from '../annotate/index.js'
import { groundOf } from './explain-elsewhere.js'
import { bare, bigrams, covered, type Statement } from './explain-statements.js'
import type { Span } from '../types.js'

const PARTIAL =
  /(?:正文|规则|条款|全文)[（(【]?(?:仅)?(?:调整|修订|变更|修改)部分|[（(](?:节选|摘录)[）)]|仅(?:展示|列出|公示|摘录)[^。；]{0,16}(?:调整|修订|变更|修改)|其[余他](?:条款|内容)(?:不变|未变|无变化|不作调整)/
const LATER = /(?:^|\s)(?:第[二三四五六七八九十]{1,3}[条章]|[二三四五六七八九十]{1,3}、)/
const FIRST = /(?:^|[\s：#*])(?:第[一1][条章]|一、)/
/** How far the words of a notice reach. */
const NOTICE = 4000

const known = new WeakMap<Annotated, boolean>()
/** Whether a text prints some of its clauses only: what it lacks may well go on being in force. */
export function excerpt(side: Annotated): boolean {
  const { text } = side.parsed.document
  const is = known.get(side) ?? (PARTIAL.test(text.slice(0, NOTICE)) || (LATER.test(text) && !FIRST.test(text)))
  known.set(side, is)
  return is
}

/** What the words of a right say nothing of. */
const ANYTHING =
  /可以?|有权|应当?|申请|要求|用户|商家|卖家|消费者|平台|公司|我们|[您你]|进行|及时|自行|随时|选择|通过|方式|页面|功能|设置|服务|本(?:协议|规则)|[的了及与和或并向对在于如若]/g
const content = (text: string): string => bare(text).replace(ANYTHING, '')

const REFERS =
  /(?:关于|有关|就)?([^，。；]{2,30}?)(?:的)?(?:说明|规则|规定|流程|事项|事宜|约定|方式|内容|细则)?[，]?(?:请|均|应|可)?(?:详见|参见|参照|请见|见|查看|查阅|遵循|适用|依照|按照|以)(?:[^，。；《]{0,8})《/g
/** Words that every document has. */
const COMMON = /[服务规则协议平台用户相关内容使用说明信息产品功能本的]/

/** Whether `there` has statements that `here` lacks and that leave the matter of `statement` to another document. */
export function delegated(statement: Statement, span: Span, fresh: readonly Statement[]): boolean {
  const words = content(groundOf({ statement, start: span.start }) + statement.unit.text.slice(span.start, span.end))
  return fresh.some(s =>
    [...s.text.matchAll(REFERS)].some(([, topic = '']) => {
      const about = content(topic)
      for (let i = 0; i + 1 < about.length; i++) {
        const pair = about.slice(i, i + 2)
        if (!COMMON.test(pair) && words.includes(pair)) return true
      }
      return false
    }),
  )
}

/** One right under several names; what is asked for under one of them is asked for. */
const NAMES: readonly RegExp[] = [
  /申诉|申辩|复核|复议|复查|异议|反馈|投诉/,
  /退货|退换|换货|无理由|退款|退费|退还|返还|退回|原路/,
  /注销|销户|(?:删除|关闭)[^，；]{0,4}(?:账号|帐号|账户)/,
  /退出|退订|取消|关闭|停止|撤回|拒绝|解绑|卸载|不再(?:接收|参与|使用)/,
  /赔偿|补偿|赔付|索赔/,
  /解除|终止|退出/,
  /查询|查阅|查看|浏览|获取/,
  /更正|修改|更新|补充/,
  /复制|导出|转移|下载/,
  /恢复|解冻|解除|重新(?:开通|启用|上架)/,
]
const WAY = /可以?|有权|能够|联系|通过|提供|支持|将|会|应/
const REFUSES = /不得|不可|不能|无权|不(?:再|予)?(?:支持|提供|接受|受理)|禁止/

/** Whether two parts speak of the same thing, their verbs apart. */
function sameMatter(one: string, two: string): boolean {
  const [a, b] = [one, two].map(words => NAMES.reduce((rest, name) => rest.replace(name, ''), content(words)))
  return a !== undefined && b !== undefined && covered(a, bigrams(b)) > 0.15 && a.length > 1
}

/**
 * The part of the new statements that lets users do in other words what `words` let them do; null if none. What stands in
 * `beside` stood beside those words before, and does not take their place.
 */
export function otherWay(
  words: string,
  fresh: readonly Statement[],
  beside = '',
): { readonly statement: Statement; readonly span: Span } | null {
  const names = NAMES.filter(name => name.test(words))
  for (const statement of fresh) {
    const { unit, segments } = statement
    for (const [i, segment] of segments.entries()) {
      const text = unit.text.slice(segment.start, segment.end)
      const next = segments[i + 1]
      const both = next === undefined ? text : unit.text.slice(segment.start, next.end)
      const wished = /^(?:如果?|若|当)?[^，]{0,6}(?:希望|想要?|需要?|不愿意?|不希望|不同意|不想|选择|要求|申请)/.test(
        text,
      )
      const said = names.flatMap(name => name.exec(text)?.[0] ?? [])
      if (
        !said.some(
          name => !beside.includes(name) && (words.includes(name) || beside !== '' || sameMatter(words, text)),
        ) ||
        REFUSES.test(both)
      )
        continue
      if (wished && next !== undefined && WAY.test(unit.text.slice(next.start, next.end)))
        return { statement, span: { start: segment.start, end: next.end } }
      if (
        /(?:[您你]|用户|商家|卖家|消费者|买家)?[^，]{0,8}(?:可以?|有权|随时)/.test(text) &&
        !unit.denied(segment.end - 1)
      )
        return { statement, span: segment }
    }
  }
  return null
}
