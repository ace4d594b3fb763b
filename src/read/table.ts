/** Which cell of a table heads which: header rows, row headings, spanned cells. */

export interface GridCell {
  readonly text: string
  readonly heading: boolean
  readonly colspan: number
  readonly rowspan: number
}

export interface TableHeaders {
  /** How many rows at the top head the table. */
  readonly headerRows: number
  /** Heading text for each cell of each row, as the rows were given; null where none is known. */
  readonly headers: readonly (readonly (string | null)[])[]
}

/** Longer texts are content, whatever their place. */
export const HEADER_LENGTH = 60
const GUESSED_HEADER_LENGTH = 20
const SURE_HEADER_LENGTH = 10
/** Wider or higher spans are mistakes in the file, or an attack. */
const MAX_COLSPAN = 24
const MAX_ROWSPAN = 100

/**
 * Works out the headings of a table.
 * A cell that spans rows is repeated only as context: "虚假交易 / 扣分" for the cells of the rows it reaches into.
 * @param declared number of rows that the format itself calls header rows (`<thead>`, Markdown); 0 to find out.
 */
export function tableHeaders(rows: readonly (readonly GridCell[])[], declared: number): TableHeaders {
  const columns: number[][] = []
  /** For each row, the texts of cells that reach into it from above, by column. */
  const reachingIn: Map<number, string>[] = rows.map(() => new Map())
  rows.forEach((row, rowIndex) => {
    let column = 0
    columns.push(
      row.map(cell => {
        while (reachingIn[rowIndex]!.has(column)) column++
        const at = column
        const width = Math.min(Math.max(cell.colspan, 1), MAX_COLSPAN)
        const below = Math.min(rowIndex + Math.min(Math.max(cell.rowspan, 1), MAX_ROWSPAN), rows.length)
        for (let lower = rowIndex + 1; lower < below; lower++) {
          for (let offset = 0; offset < width; offset++) reachingIn[lower]!.set(at + offset, cell.text)
        }
        column += width
        return at
      }),
    )
  })

  const headerRows = declared > 0 ? trueHeaderRows(rows, declared) : guessHeaderRows(rows)
  const columnHeaders = new Map<number, string[]>()
  for (let rowIndex = 0; rowIndex < headerRows; rowIndex++) {
    rows[rowIndex]!.forEach((cell, index) => {
      if (cell.text === '' || cell.text.length > HEADER_LENGTH) return
      const at = columns[rowIndex]![index]!
      for (let column = at; column < at + Math.min(Math.max(cell.colspan, 1), MAX_COLSPAN); column++) {
        const texts = columnHeaders.get(column) ?? []
        if (!texts.includes(cell.text)) columnHeaders.set(column, [...texts, cell.text])
      }
    })
  }

  const headers = rows.map((row, rowIndex) => {
    if (rowIndex < headerRows) return row.map(() => null)
    const spanned = [...reachingIn[rowIndex]!.values()].filter(text => text !== '' && text.length <= HEADER_LENGTH)
    const rowHeading = row.find(cell => cell.heading && cell.text !== '')
    return row.map((cell, index) => {
      const own = columnHeaders.get(columns[rowIndex]![index]!)
      const context = [...new Set(spanned)]
      if (own) context.push(...own)
      else if (rowHeading && rowHeading !== cell) context.push(rowHeading.text)
      return context.length > 0 ? context.join(' / ') : null
    })
  })
  return { headerRows, headers }
}

/** Markdown can't do without a header row, so tables without one carry an empty one, with the real one below. */
function trueHeaderRows(rows: readonly (readonly GridCell[])[], declared: number): number {
  const empty = rows.slice(0, declared).every(row => row.every(cell => cell.text === ''))
  return Math.min(empty ? declared + guessHeaderRows(rows.slice(declared)) : declared, rows.length)
}

/** Rows of `<th>`, else a first row of short labels over other rows. */
function guessHeaderRows(rows: readonly (readonly GridCell[])[]): number {
  let headings = 0
  while (headings < rows.length && rows[headings]!.length > 0 && rows[headings]!.every(cell => cell.heading)) headings++
  if (headings > 0) return headings < rows.length ? headings : 1
  const first = rows[0]
  if (!first || rows.length < 2 || first.length < 2) return 0
  const labels = first.every(
    cell =>
      cell.text !== '' && cell.text.length <= GUESSED_HEADER_LENGTH && !/[。；;！？]|^[\d.,%％元]+$/.test(cell.text),
  )
  if (!labels) return 0
  const body = rows.slice(1).flat()
  return first.every(cell => cell.text.length <= SURE_HEADER_LENGTH) || averageLength(first) * 2 <= averageLength(body)
    ? 1
    : 0
}

function averageLength(cells: readonly GridCell[]): number {
  return cells.reduce((sum, { text }) => sum + text.length, 0) / Math.max(cells.length, 1)
}
