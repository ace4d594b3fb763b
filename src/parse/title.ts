/** The title of a document: declared, headed, or the short line at its top. */
import type { Document } from '../types.js'
import type { Piece } from './clauses.js'

const KIND =
  /(?:协议书?|规则|规范|政策|办法|细则|条款|公约|声明|标准|须知|合同|说明|指引|通知|公告|章程|制度|附件|規則|協議|條款)(?:[（(][^（）()]{1,20}[）)])?$/
/** Headings that stand above the text without naming it. */
const PREAMBLE = /^(?:【?(?:特别|重要|温馨)?(?:提示|提醒|声明)|导言|引言|前言|序言|目录|概述|摘要|欢迎)[】：:]?/
const AFTER_TITLE = /^(?:最[新近])?(?:版本|发布|更新|修订|生效)|^20\d\d\s*[年./-]|^(?:欢迎|尊敬)/
const longest = 60

/** What the document calls itself: front matter, first heading, `<title>`, first short line before the first clause; null if nothing does. */
export function documentTitle(document: Document, pieces: readonly Piece[]): string | null {
  const { text, blocks, frontMatter } = document
  const declared = frontMatter.title
  if (typeof declared === 'string' && declared.trim()) return declared.trim()
  const tidy = (words: string): string =>
    stripSite(
      words
        .replace(/\s*\n\s*/g, '')
        .replace(/\s+/g, ' ')
        .trim()
        .replace(/^【(?:规则|文件|协议)?名称】\s*/, '')
        .replace(/^《([^《》]*)》$/, '$1'),
    )
  const heading = blocks.find(block => block.kind === 'heading')
  const headed = heading ? tidy(text.slice(heading.span.start, heading.span.end)) : ''
  const opening = pieces.slice(0, 300)
  if (
    heading &&
    opening.slice(0, 12).some(piece => piece.node.id === 0 && piece.block === blocks.indexOf(heading)) &&
    headed.length <= longest &&
    !PREAMBLE.test(headed)
  )
    return headed
  const first = opening.findIndex(piece => piece.node.label !== null)
  const lines = (first < 0 ? opening : opening.slice(0, first))
    .filter(piece => piece.node.id === 0 && piece.bullet === 0)
    .map(piece => tidy(text.slice(piece.span.start, Math.min(piece.span.end, piece.span.start + 400))))
  const names = (line: string): boolean =>
    line.length <= longest && KIND.test(line) && !/[，。；：:]|^本|适用于/.test(line) && !PREAMBLE.test(line)
  // below a navigation bar, the title is what a date or a greeting follows
  const named =
    lines.slice(0, 12).find(names) ??
    lines.find((line, index) => names(line) && AFTER_TITLE.test(lines[index + 1] ?? ''))
  if (named) return named
  if (
    document.declaredTitle?.trim() &&
    !/^(?:document|untitled|title|index|首页|无标题文档)$/i.test(document.declaredTitle.trim())
  )
    return tidy(document.declaredTitle)
  const opened = lines[0] ?? ''
  const word = opened.split(' ')[0] ?? ''
  if (KIND.test(word) && word.length <= longest && !/[，。；：]/.test(word)) return tidy(word)
  const revised = /(?:修订|制定|发布|调整|出台|推出|上线|公示|对)了?《([^《》]{2,40})》/.exec(
    lines.join(' ').slice(0, 600),
  )?.[1]
  if (revised) return revised
  return opened.length > 1 && opened.length <= 30 && !/[，。；：！？]|^本/.test(opened) && !PREAMBLE.test(opened)
    ? opened
    : null
}

/** "用户协议 - 甲平台" → "用户协议", where the first part says what it is. */
function stripSite(title: string): string {
  const head = title.split(/\s*[-_|｜–—]\s*/)[0] ?? title
  return KIND.test(head) ? head : title
}
