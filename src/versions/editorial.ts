/** Words that bind nobody: the date line of a version, the web page around the agreement. */
import type { Pair, Passage } from './types.js'

const DAY =
  /\d{4}\s?[年./-]\s?\d{1,2}\s?[月./-]\s?(?:\d{1,2}\s?日?)?|[〇零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日/g
const DATE_WORDS =
  /(?:更新|修订|修改|发布|公布|生效|施行|实施|版本|制定|签订|颁布|公示)(?:日期|时间|日|号|于|为|自)?|版本|[Vv](?:ersion)?\s?\d|updated|effective/i

/** "更新日期：2026年3月1日", "版本号 V2.3（2026.03 修订）": says when the text was made and nothing else. */
export function isDateLine(text: string): boolean {
  if (text.length > 80 || !(DATE_WORDS.test(text) || /^[\s\d年月日./-]+$/.test(text))) return false
  const rest = text
    .normalize('NFKC')
    .replace(DAY, '')
    .replace(/\d{1,2}:\d{2}(?::\d{2})?/g, '')
    .replace(/[Vv]?(?:ersion)?\s?\d+(?:\.\d+)*\s?版?|第[一二三四五六七八九十\d]+版/g, '')
    .replace(/[\s\p{P}]/gu, '')
  if (!/\d/.test(text) && !/[一二三四五六七八九十]/.test(text)) return false
  return (
    rest.replace(
      /本|[首一]?次|最近|最新|最后|逐步|北京时间|上|版本|版|协议|规则|规范|政策|条款|文件|声明|更新|修订|修改|发布|公布|生效|施行|实施|制定|签订|颁布|公示|日期|时间|日|号|于|为|自|起|并|的|及|试行|年|月|updated|effective|last|date|on/g,
      '',
    ).length === 0
  )
}

const FURNITURE =
  /wayback machine|©|copyright|all rights reserved|版权所有|icp备|icp证|公网安备|增值电信业务经营许可证|^(?:首页|返回(?:顶部|首页|列表)?|上一[篇条页].{0,40}|下一[篇条页].{0,40}|登录|注册|免费注册|打印|分享|收藏|搜索|导航|网站地图|联系我们|关于我们|帮助中心|(?:浏览|阅读)(?:量|次数)?\d*次?|查看更多|展开|收起|目录)$|(?:首页|帮助中心)\s?[>›»]|^(?:浏览|阅读|点击)(?:量|次数|数)?[：:]?\s?\d/i

/** Navigation, footers, counters: words of the page around the agreement. */
export function isFurniture(text: string): boolean {
  return text.length <= 120 && FURNITURE.test(text.trim())
}

/** Runs of short lines: menus above the first clause, footers behind the last one. */
export function navigation(pairs: readonly Pair[], side: 'old' | 'new'): Passage[] {
  const found: Passage[] = []
  let run: Passage[] = []
  const close = (): void => {
    // inside a clause they may be the cells of a table, unless one of them is plainly of the page
    if (run.length >= 5 && (run.every(p => p.clauseId === 0) || run.some(p => isFurniture(p.text)))) found.push(...run)
    run = []
  }
  for (const p of pairs.flatMap(pair => pair[side]).sort((x, y) => x.index - y.index)) {
    const short = p.text.length <= 16 && !/[，。；：、《（\d%]/.test(p.text)
    if (p.label === null && (short || isFurniture(p.text))) run.push(p)
    else close()
  }
  close()
  return found
}
