/** Bytes to text: BOM, declared encoding, UTF-8, GB18030, in that order of trust. */
import { ReadError } from './errors.js'

/** `source` has no BOM. `declared` is set where the file names another encoding than the one that reads it. */
export interface Decoded {
  readonly source: string
  readonly encoding: string
  readonly declared: string | null
}

/** How far into a file a `<meta charset>` or XML declaration is looked for, in bytes. */
const DECLARATION_WINDOW = 4096

/** Fewer non-ASCII characters than this may be valid UTF-8 by accident, so a declared encoding is believed first. */
const UTF8_BY_ACCIDENT = 12

/**
 * Decodes a text file.
 * @throws ReadError `binary-input` for files with NUL bytes or control characters, `undecodable` where no encoding fits.
 */
export function decode(bytes: Uint8Array, path: string): Decoded {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return strictly(bytes.subarray(3), 'utf-8', path)
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return strictly(bytes.subarray(2), 'utf-16le', path)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return strictly(bytes.subarray(2), 'utf-16be', path)
  if (bytes.includes(0)) throw binary(path)

  const declared = declaredEncoding(bytes)
  const utf8 = attempt(bytes, 'utf-8')
  if (utf8 !== null && (declared === null || declared === 'utf-8' || hasManyNonAscii(utf8))) {
    return checked({ source: utf8, encoding: 'utf-8', declared: declared === 'utf-8' ? null : declared }, path)
  }
  if (declared !== null && declared !== 'utf-8') {
    const source = attempt(bytes, declared)
    if (source !== null) return checked({ source, encoding: declared, declared: null }, path)
  }
  const source = attempt(bytes, 'gb18030')
  if (source !== null) return checked({ source, encoding: 'gb18030', declared }, path)
  throw undecodable(path)
}

function strictly(bytes: Uint8Array, encoding: string, path: string): Decoded {
  const source = attempt(bytes, encoding)
  if (source === null) throw undecodable(path)
  return checked({ source, encoding, declared: null }, path)
}

function attempt(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** A WHATWG name of the encoding that the head of the file declares; null for none or one nobody knows. */
function declaredEncoding(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, DECLARATION_WINDOW))
  const label =
    /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)|^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w-]+)/i.exec(head)
  if (!label) return null
  try {
    const { encoding } = new TextDecoder(label[1] ?? label[2])
    // A page that could be searched for "<meta" byte by byte isn't UTF-16; HTML says to read it as UTF-8 then.
    if (encoding.startsWith('utf-16')) return 'utf-8'
    return encoding === 'gbk' ? 'gb18030' : encoding
  } catch {
    return null
  }
}

function hasManyNonAscii(text: string): boolean {
  let seen = 0
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f && ++seen >= UTF8_BY_ACCIDENT) return true
  }
  return false
}

/** Refuses what decodes but is no text: NUL or more than one control character in two hundred. */
function checked(decoded: Decoded, path: string): Decoded {
  const { source } = decoded
  let controls = 0
  for (let index = 0; index < source.length; index++) {
    const code = source.charCodeAt(index)
    if (code === 0) throw binary(path)
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0c && code !== 0x0d && code !== 0x0b) controls++
  }
  if (controls * 200 > source.length) throw binary(path)
  return decoded
}

function binary(path: string): ReadError {
  return new ReadError('binary-input', path, {
    zh: `${path}：这不是文本文件（含有二进制字节），请提供 Markdown、HTML 或纯文本文件；UTF-16 文本请带 BOM 保存。`,
    en: `${path}: not a text file (it holds binary bytes); give a Markdown, HTML or plain text file, and save UTF-16 text with a BOM.`,
  })
}

function undecodable(path: string): ReadError {
  return new ReadError('undecodable', path, {
    zh: `${path}：无法识别文件编码（不是有效的 UTF-8、UTF-16 或 GB18030），请另存为 UTF-8。`,
    en: `${path}: unknown encoding (not valid UTF-8, UTF-16 or GB18030); save the file as UTF-8.`,
  })
}
