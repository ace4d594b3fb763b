/** The read stage: bytes of one file to a Document. No file access. */
import { createHash } from 'node:crypto'
import type { Document, Format, Lang, Notice } from '../types.js'
import { decode } from './decode.js'
import { ReadError } from './errors.js'
import { readHtml } from './html.js'
import { readMarkdown } from './markdown.js'
import { readText } from './text.js'
import type { TreeNode } from './tree.js'

export { ReadError } from './errors.js'
export { lineIndex, toSource } from './source-map.js'

const FORMATS: Readonly<Record<string, Format>> = {
  md: 'markdown',
  markdown: 'markdown',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  txt: 'text',
  text: 'text',
}
/** What may hold words that no reader here sees. */
const EMBEDDED = /<(?:img|iframe|object|embed|video|canvas)\b|!\[[^\]\n]*\]\(/gi

/** Kinds of file that people keep agreements in and that this stage can't read. */
const UNREADABLE = new Set([
  'docx',
  'doc',
  'wps',
  'rtf',
  'odt',
  'pdf',
  'xls',
  'xlsx',
  'ppt',
  'pptx',
  'epub',
  'zip',
  'rar',
  '7z',
  'gz',
  'png',
  'jpg',
  'jpeg',
  'gif',
  'webp',
  'tif',
  'tiff',
  'bmp',
])

/** Whether a directory walk should pick up `path`, by its extension. */
export function isSupported(path: string): boolean {
  return Object.hasOwn(FORMATS, extensionOf(path))
}

/**
 * Reads one file.
 * @param bytes the file as it is on disk.
 * @param path shown in errors and notices; its extension decides the format (unknown ones are plain text).
 * @param options `format` overrides the extension; `lang` is the language of notices, 'zh' when absent.
 * @throws ReadError with a `code`, where the file can't be read at all.
 */
export function readDocument(
  bytes: Uint8Array,
  path: string,
  options: { readonly format?: Format; readonly lang?: Lang } = {},
): Document {
  const format = options.format ?? formatOf(path, bytes)
  if (format === 'docx') throw unsupported(path, 'docx')
  const { source, encoding, declared } = decode(bytes, path)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const document = readSource(source, path, { ...options, format })
  const notices = [...document.notices]
  if (declared !== null) {
    const message =
      options.lang === 'en'
        ? `the file declares ${declared} but was read as ${encoding}.`
        : `文件声明的编码是 ${declared}，实际按 ${encoding} 读取。`
    notices.unshift({ code: 'encoding-mismatch', path, message })
  }
  return { ...document, encoding, sha256, notices }
}

/**
 * Reads text that is decoded already, as editors hold it. `tree` parses markup; an editor's remembers what it parsed
 * before. Throws ReadError where the markup can't be read at all.
 */
export function readSource(
  source: string,
  path: string,
  options: {
    readonly format: Format
    readonly lang?: Lang
    readonly tree?: (source: string) => TreeNode
  },
): Document {
  const { format, tree } = options
  const notices: Notice[] = []
  const note: Note = (code, zh, en) => {
    notices.push({ code, path, message: options.lang === 'en' ? en : zh })
  }
  const lost = source.split('\ufffd').length - 1
  if (lost > 0) {
    note(
      'replacement-characters',
      `文中有 ${lost} 个无法识别的字符（U+FFFD），所在句子可能检查不准。`,
      `unreadable characters (U+FFFD): ${lost}; the sentences that hold them may be misjudged.`,
    )
  }

  const pictures = format === 'text' ? 0 : (source.match(EMBEDDED)?.length ?? 0)
  if (pictures > 0)
    note(
      'pictures-not-read',
      `有 ${pictures} 处图片或者嵌入的内容，其中的文字没有检查。`,
      `pictures and embedded content: ${pictures}; words in them were not checked.`,
    )

  const content = parse(source, format, path, note, tree)
  if (content.blocks.length === 0)
    note('empty-document', '文件中没有可检查的文字。', 'the file holds no text to check.')
  return {
    path,
    format,
    encoding: 'utf-8',
    sha256: createHash('sha256').update(source).digest('hex'),
    source,
    text: content.text,
    segments: content.segments,
    blocks: content.blocks,
    marks: content.marks,
    emphasis: format === 'text' ? 'unknown' : 'known',
    frontMatter: content.frontMatter,
    declaredTitle: content.declaredTitle,
    notices,
  }
}

type Content = Pick<Document, 'text' | 'segments' | 'blocks' | 'marks' | 'frontMatter' | 'declaredTitle'>

/** Keeps a notice, of which the wording of the chosen language is taken. */
type Note = (code: string, zh: string, en: string) => void

function parse(source: string, format: Format, path: string, note: Note, tree?: (source: string) => TreeNode): Content {
  try {
    switch (format) {
      case 'markdown': {
        const content = readMarkdown(source, tree?.(source))
        if (content.frontMatterError !== null)
          note(
            'front-matter-invalid',
            `文件头的 YAML 无法解析，已忽略：${content.frontMatterError}`,
            `the front matter is no valid YAML and was ignored: ${content.frontMatterError}`,
          )
        noteLeftOut(content, note)
        return content
      }
      case 'html': {
        const content = readHtml(source, tree?.(source))
        if (content.externalStyles > 0) {
          note(
            'external-styles',
            `未读取 ${content.externalStyles} 个外部样式表，只靠它们加粗或变色的文字识别不到。`,
            `external style sheets not read: ${content.externalStyles}; emphasis that only they make is not seen.`,
          )
        }
        noteLeftOut(content, note)
        return { ...content, frontMatter: {} }
      }
      default:
        return { ...readText(source), frontMatter: {}, declaredTitle: null }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ReadError('too-deep', path, {
      zh: `${path}：标签或引用嵌套过深，无法读取，请简化文件结构。`,
      en: `${path}: markup is nested too deeply to be read; simplify the file.`,
    })
  }
}

function noteLeftOut({ struck, hidden }: { readonly struck: number; readonly hidden: number }, note: Note): void {
  if (struck > 0) {
    note(
      'struck-text',
      `有 ${struck} 处带删除线的文字，视为已删除，未检查。`,
      `struck-out passages, taken as deleted and not checked: ${struck}.`,
    )
  }
  if (hidden > 0) {
    note(
      'hidden-text',
      `有 ${hidden} 处隐藏的内容（display:none 等），未检查。`,
      `hidden passages (display:none and the like), not checked: ${hidden}.`,
    )
  }
}

function extensionOf(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  const dot = name.lastIndexOf('.')
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase()
}

function formatOf(path: string, bytes: Uint8Array): Format {
  const extension = extensionOf(path)
  const known = FORMATS[extension]
  const kind = known ? fileKind(bytes) : UNREADABLE.has(extension) ? extension : fileKind(bytes)
  if (kind !== null) throw unsupported(path, kind)
  return known ?? 'text'
}

/** The kind of a file that says by its first bytes that it isn't text. */
function fileKind(bytes: Uint8Array): string | null {
  const head = String.fromCharCode(...bytes.subarray(0, 5))
  if (head.startsWith('%PDF-')) return 'pdf'
  if (head.startsWith('PK\u0003\u0004')) return 'zip/docx'
  if (head.startsWith('{\\rtf')) return 'rtf'
  if (head.startsWith('\u00d0\u00cf\u0011\u00e0')) return 'doc'
  return null
}

function unsupported(path: string, kind: string): ReadError {
  return new ReadError('unsupported-format', path, {
    zh: `${path}：不支持 ${kind} 格式，请另存为 Markdown、HTML 或 UTF-8 纯文本。`,
    en: `${path}: ${kind} files are not supported; save the document as Markdown, HTML or UTF-8 plain text.`,
  })
}
