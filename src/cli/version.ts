/** The version and address of the tool, as its package says. */
import { readFileSync } from 'node:fs'

export function tool(): { readonly version: string; readonly homepage?: string } {
  const { version, homepage } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
    homepage?: string
  }
  return { version, ...(homepage !== undefined && { homepage }) }
}

export const toolVersion = (): string => tool().version
