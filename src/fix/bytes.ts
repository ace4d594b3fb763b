/** Makes changes to a file's bytes in its own encoding, so that every other byte stays as it is. */
import type { Change } from './runs.js'

/**
 * `bytes` with `changes` made, which are sorted by place, don't overlap and insert nothing but ASCII. Offsets are of the
 * text that `encoding` (as in `Document.encoding`) reads from `bytes`, BOM not counted.
 */
export function applyToBytes(bytes: Uint8Array, encoding: string, changes: readonly Change[]): Uint8Array {
  const places = changes.flatMap(({ span }) => [span.start, span.end])
  const at = byteOffsets(bytes, encoding, places)
  const parts: Uint8Array[] = []
  let done = 0
  changes.forEach(({ text }, i) => {
    parts.push(bytes.subarray(done, at[2 * i]), inEncoding(text, encoding))
    done = at[2 * i + 1] ?? done
  })
  return Buffer.concat([...parts, bytes.subarray(done)])
}

function inEncoding(text: string, encoding: string): Uint8Array {
  if (!encoding.startsWith('utf-16')) return Buffer.from(text, 'latin1')
  const written = Buffer.from(text, 'utf16le')
  return encoding === 'utf-16be' ? written.swap16() : written
}

/** Where the characters at `places` (ascending offsets of the text) begin in `bytes`. */
function byteOffsets(bytes: Uint8Array, encoding: string, places: readonly number[]): number[] {
  if (encoding.startsWith('utf-16')) return places.map(place => 2 + 2 * place)
  // Only a decoder knows how many bytes make a character in GB18030 and its like.
  const decoder = new TextDecoder(encoding, { ignoreBOM: true })
  let at = encoding === 'utf-8' && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  let read = 0
  return places.map(place => {
    while (read < place && at < bytes.length) {
      read += decoder.decode(bytes.subarray(at, at + 1), { stream: true }).length
      at++
    }
    return at
  })
}
