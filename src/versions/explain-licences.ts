/** Reads what users give away with their content: to whom, for how long, with which rights, as a licence or as a transfer. */
import { cores, FRAMES } from './explain-frames.js'
import { affected, type Found, opposite, user } from './explain-parties.js'
import { type Reading, type Statement } from './explain-statements.js'

/** Each makes a licence wider. */
const REACH: readonly (readonly [RegExp, string, string])[] = [
  [/永久|永远|保护期(?:终止|届满|内)/, '长期有效', 'perpetual'],
  [/不可撤[销回]/, '不可撤销', 'irrevocable'],
  [/(?<!非)(?:独家|独占|排他)/, '独家或排他', 'exclusive'],
  [/免费|无偿/, '免费', 'free of charge'],
  [/全球|全世界|世界范围/, '全球范围', 'worldwide'],
  [/再许可|转授权|分许可|转许可/, '可再许可', 'sublicensable'],
  [/关联(?:公司|方|企业)/, '及于关联公司', 'for affiliates'],
  [/肖像|姓名|声音|形象/, '及于肖像或姓名', 'of portrait or name'],
  [/改编|衍生|演绎|修改权|汇编/, '可改编', 'with the right to adapt'],
  [/商业(?:性|化)?(?:使用|利用|目的|用途)|营销|推广|广告/, '可用于推广或商业用途', 'for promotion or commerce'],
  [/(?:自己|自身)(?:的)?名义|提起诉讼|维权/, '可以自己名义维权', 'with the right to sue'],
]
/** Title goes over: more than any licence. */
const TRANSFER =
  /(?:著作权|知识产权|版权|财产权|财产性权利|所有权|内容)[^。；]{0,160}?(?:转让给|归(?:属于|属)?[^，；。]{0,10}(?:所有|享有)(?!人))/
const GRANTS = /授予|许可|授权|允许|同意/

/** What a licence of content reaches on one side only, where both sides have one. */
export function licenceChanges({ old, new: fresh, oldOnly, newOnly }: Reading, told: readonly Found[]): Found[] {
  const frame = FRAMES.licence
  if (told.some(f => f.zh.startsWith(frame.reach.zh))) return []
  const about = (list: readonly Statement[]): Statement[] =>
    list.filter(
      s => cores(s).some(c => c.frame.id === 'licence') || (TRANSFER.test(s.text) && GRANTS.test(s.text + s.unit.text)),
    )
  const [a, b] = [about(oldOnly), about(newOnly)]
  const [one] = b
  if (a.length === 0 || one === undefined) return []
  const text = (list: readonly Statement[]): string => list.map(s => s.text).join('。')
  const [before, after, was, is] = [text(a), text(b), text(old), text(fresh)]
  const affects = affected(user(one))
  const found: Found[] = []
  const [from, to] = [TRANSFER.test(before), TRANSFER.test(after)]
  const tell = (added: boolean, zh: string, en: string): void => {
    found.push({
      kind: added ? frame.gain : frame.loss,
      from: added ? null : zh,
      to: added ? zh : null,
      affects,
      direction: added ? frame.more : opposite(frame.more),
      zh: `${frame.reach.zh}${added ? '扩大' : '缩小'}：${zh}`,
      en: `${frame.reach.en} ${added ? 'widened' : 'narrowed'}: ${en}`,
      important: true,
      statement: one,
    })
  }
  if (from !== to)
    tell(
      to,
      to ? '由许可使用改为转让' : '由转让改为许可使用',
      to ? 'a transfer instead of a licence' : 'a licence instead of a transfer',
    )
  for (const added of [true, false]) {
    const parts = REACH.filter(([words]) => words.test(added ? after : before) && !words.test(added ? was : is))
    if (parts.length > 0)
      tell(
        added,
        `${added ? '新增' : '删去'}“${parts.map(([, zh]) => zh).join('”“')}”`,
        parts.map(([, , en]) => en).join(', '),
      )
  }
  return found
}
