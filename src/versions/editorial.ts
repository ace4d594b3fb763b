/** Words that bind nobody: the date line of a version, the web page around the agreement, another notation of the same value. */
import { numeral } from '../annotate/normalise.js'
import { passageKey } from './passages.js'
import type { Edit, Pair, Passage } from './types.js'

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
      /本|[首一]?次|最近|最新|最后|逐步|北京时间|上|版本|版|用户|商家|服务|隐私|协议|规则|规范|政策|条款|文件|声明|更新|修订|修改|发布|公布|生效|施行|实施|制定|签订|颁布|公示|日期|时间|时期|日|号|于|为|自|起|并|的|及|试行|年|月|updated|effective|last|date|on/g,
      '',
    ).length === 0
  )
}

const MAKING = '(?:更新|修订|修改|发布|公布|生效|施行|实施|制定|签订|颁布)'
const NOT_A_TERM = '(?!\\s*(?:的|之|以|前|后|至|起?算|[-—~]))'
/** A day that tells when a text was made or takes effect, inside other words: "最近一次修订于2026年2月27日", "自2026年3月1日起施行". */
const MADE = new RegExp(
  `(?<=${MAKING}(?:日期|时间|时期|日|于|为|自)[:：]?\\s?)(?:${DAY.source})${NOT_A_TERM}|(?:${DAY.source})(?=(?:零时|\\d{1,2}[:：]\\d{2}|\\d{1,2}[点时])?起?(?:正式)?${MAKING}${NOT_A_TERM})`,
  'g',
)
/** Ends before a day by which somebody has something to do: 商家应当于|2026年12月31日签订补充协议. */
const OBLIGED =
  /(?:商家|卖家|商户|店铺|用户|会员|买家|消费者|创作者|主播|达人|服务商|乙方|您|你|平台)[^。；\n]{0,20}(?:应当?|须|需|必须|务必|不得|可以?)[^。；\n]{0,12}$/
const NUMERAL = '(?:\\d+(?:,\\d{3})*(?:\\.\\d+)?|[〇零一二三四五六七八九十百千两]+)'
/** A number with its unit. Not in front of a further number: "3月5日" is no duration. */
const VALUE = new RegExp(
  [
    `(?<money>${NUMERAL})(?<scale>[万亿]?)(?:元|块钱)`,
    `(?<base>[百千万])分之(?<hanPercent>${NUMERAL})(?!点)`,
    `(?<percent>${NUMERAL})%`,
    `(?<time>${NUMERAL})个?(?<unit>小时|钟头|分钟|自然日|日|天|周|星期|月|年)(?!\\d)`,
    `(?<count>${NUMERAL})(?<of>个?工作日|倍|次|件|笔|分|[个条款项份人家级户种张位名])`,
  ].join('|'),
  'g',
)
/** 七八天 is about seven. */
const ABOUT = /^[一二两三四五六七八九]{2}$/
const MINUTES: Readonly<Record<string, number>> = {
  分钟: 1,
  小时: 60,
  钟头: 60,
  日: 1440,
  自然日: 1440,
  天: 1440,
  周: 10080,
  星期: 10080,
}

const BASES: Readonly<Record<string, number>> = { 百: 1, 千: 10, 万: 100 }

/** Other ways of writing or saying the same word. */
const VARIANTS: Readonly<Record<string, string>> = { 帐: '账', 您: '你', 登陆: '登录' }

/**
 * Whether two texts say the same but for the day they were made, the way numbers are written (3万元 = 30,000元, 24小时 = 1日)
 * and variants of one word (帐号 = 账号).
 */
export const isSameSaid = (before: string, after: string): boolean => saidKey(before) === saidKey(after)

function saidKey(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replace(MADE, (day: string, at: number, whole: string) => (OBLIGED.test(whole.slice(0, at)) ? day : '某日'))
    .replace(/[帐您]|登陆/g, word => VARIANTS[word] ?? word)
    .replace(REFERENCE, (_, number: string, unit: string) => `第${numeral(number) ?? number}${unit}`)
  return passageKey(
    plain.replace(VALUE, (whole: string, ...rest: unknown[]) => {
      const g = rest.at(-1) as Record<string, string | undefined>
      const written = g.money ?? g.hanPercent ?? g.percent ?? g.time ?? g.count ?? ''
      const value = ABOUT.test(written) ? null : numeral(written)
      if (value === null) return whole
      if (g.money) return `${value * (g.scale === '万' ? 1e4 : g.scale === '亿' ? 1e8 : 1)}元`
      if (g.hanPercent ?? g.percent) return `${Number((value / (BASES[g.base ?? '百'] ?? 1)).toFixed(6))}%`
      if (g.count) return `${value}${g.of?.replace('个工', '工')}`
      // 3月 is March.
      if (g.unit === '月') return whole.includes('个') ? `${value}个月` : whole
      const minutes = MINUTES[g.unit ?? '']
      return minutes ? `${value * minutes}分钟` : `${value}${g.unit}`
    }),
  )
}

/** A reference to a clause, in whatever digits and brackets: 第三款, 第3款, 第(三)款. */
const REFERENCE = /第\s?\(?([〇零一二三四五六七八九十百\d]{1,5})\)?\s?(部分|[编章节条款项])/g

/** Words that change nothing by coming or going alone. 应, 可, 不, 或, 和, 等, 均, 仅 are none of them. */
const IDLE: ReadonlySet<string> = new Set(['的', '亦', '也', '将'])

/** Whether nothing but such words, and punctuation, was struck out or put in. */
export function isIdle(edits: readonly Edit[]): boolean {
  const touched = edits.filter(edit => edit.kind !== 'equal').map(edit => passageKey(edit.text))
  return touched.some(word => word !== '') && touched.every(word => word === '' || IDLE.has(word))
}

const HARMLESS = /[须需]知|不可抗力|未成年|应[用急]|[一二三四五六七八九十]+、/g
const WEIGHTY = /[\d〇一二三四五六七八九十百千万不无未非禁免限仅必须应]/g

/** Whether two headings ('' where there is none) differ in a word that may lay something down: a number, 不, 禁, 免, 须. */
export function isWeightyHeading(before: string, after: string): boolean {
  const weight = (text: string): string => [...text.replace(HARMLESS, '').matchAll(WEIGHTY)].sort().join('')
  return weight(before) !== weight(after)
}

const FURNITURE =
  /wayback machine|©|copyright|all rights reserved|版权所有|icp备|icp证|备案号?[：:]|b2-\d{6,}|升级您的浏览器|扫(?:一下|码|一扫).{0,8}下载|公网安备|增值电信业务经营许可证|^营业执照(?:注册号|编号)?[：:]?\s?\d{6,}|^(?:简体中文|中文(?:版|简体|繁體)?|[繁正][体體]中文(?:版)?|english(?: version)?|日本語|한국어)(?:\s?[（(].{1,8}[）)])?$|^(?:首页|返回(?:顶部|首页|列表)?|上一[篇条页].{0,40}|下一[篇条页].{0,40}|登录|注册|免费注册|打印|分享|收藏|搜索|导航|网站地图|联系我们|关于我们|帮助中心|客服中心|\+?加?关注.{0,8}|(?:浏览|阅读)(?:量|次数)?\d*次?|查看更多|展开|收起|目录)$|(?:首页|帮助中心)\s?[>›»]|^(?:浏览|阅读|点击)(?:量|次数|数)?[：:]?\s?\d/i

/** Navigation, footers, counters: words of the page around the agreement. */
export function isFurniture(text: string): boolean {
  return text.length <= 120 && FURNITURE.test(text.trim()) && !NORM.test(text)
}

/** Lays something down, whatever else it names: 版权所有者为平台, 商家不得引导买家扫码下载. */
const NORM = /不得|应当|必须|禁止|有权|可以|承担|提供者|所有者|公示(?!期)|归[^，。；]{1,12}所有|所有[^，。；]{0,4}归/

/** A user's name or the like among the lines of a footer: "甲店8801". */
const NAME = /^[\p{L}/·_-]{1,10}\d{3,8}$/u

/** Runs of short lines: menus above the first clause, footers behind the last one. */
export function navigation(pairs: readonly Pair[], side: 'old' | 'new'): Passage[] {
  const found: Passage[] = []
  const lines = pairs.flatMap(pair => pair[side]).sort((x, y) => x.index - y.index)
  const lastText = lines.findLastIndex(p => p.label !== null || /[。；]/.test(p.text))
  let run: Passage[] = []
  const close = (): void => {
    // inside a clause they may be the cells of a table, unless one of them is plainly of the page
    if (run.length >= 5 && (run.every(p => p.clauseId === 0) || run.some(p => isFurniture(p.text)))) found.push(...run)
    run = []
  }
  lines.forEach((p, at) => {
    const plain = p.clauseId === 0 ? /[，。；：、《\d%]/ : /[，。；：、《（\d%]/
    const short = p.text.length <= 16 && (!plain.test(p.text) || (at > lastText && NAME.test(p.text)))
    if (p.label === null && (short || isFurniture(p.text))) run.push(p)
    else close()
  })
  close()
  return found
}
