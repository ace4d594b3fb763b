/** The few fields of Markdown and HTML syntax trees that the readers use. */

export interface TreeNode {
  readonly type: string
  readonly tagName?: string
  readonly value?: string
  readonly children?: readonly TreeNode[]
  readonly properties?: Readonly<Record<string, unknown>>
  readonly position?: { readonly start: { readonly offset?: number }; readonly end: { readonly offset?: number } }
  readonly depth?: number
  readonly ordered?: boolean | null
  readonly start?: number | null
}

/** Source offsets of a node; null for nodes the parser made up. */
export function offsetsOf(node: TreeNode): { start: number; end: number } | null {
  const start = node.position?.start.offset
  const end = node.position?.end.offset
  return start === undefined || end === undefined ? null : { start, end }
}

/** All text below a node, white space collapsed; reading stops soon after `limit` characters. */
export function plainText(node: TreeNode, limit: number): string {
  const parts: string[] = []
  let length = 0
  const visit = (current: TreeNode): void => {
    if (length > limit) return
    if (current.value !== undefined && (current.type === 'text' || current.type === 'inlineCode')) {
      parts.push(current.value)
      length += current.value.length
    }
    for (const child of current.children ?? []) visit(child)
  }
  visit(node)
  return parts
    .join('')
    .replace(/[\s\u00a0]+/g, ' ')
    .trim()
}
