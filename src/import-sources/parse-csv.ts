/** Rows of a table in text (RFC 4180), separated by commas, or as some programs save it, by semicolons or tabs. */
import { unreadable } from './source.ts'

const SEPARATORS = [',', ';', '\t'] as const
const QUOTE = '"'
/** What an export puts before a cell that a spreadsheet would take for a formula: see http/admin/write-csv.ts. */
const GUARDED_FORMULA = /^'(?=[=+\-@\t\r])/

/** Each row under the names of the first one. Cells stay text. Throws `invalid-request` when a row does not fit. */
export function parseCsv(text: string, mostRows: number): Record<string, string>[] {
  const [header = [], ...rows] = splitRows(text, mostRows + 1)
  const names = header.map((name) => name.trim())
  return rows.map((cells, index) => {
    if (cells.length > names.length) {
      throw unreadable(`Row ${index + 1} has more cells than the first line has names.`)
    }
    return Object.fromEntries(names.map((name, column) => [name, unguard(cells[column] ?? '')]))
  })
}

/** The one that the first line has most of. */
function separatorOf(text: string): string {
  const [line = ''] = text.split(/[\r\n]/, 1)
  const counts = SEPARATORS.map((separator) => line.split(separator).length)
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ','
}

function unguard(cell: string): string {
  return cell.replace(GUARDED_FORMULA, '')
}

function splitRows(text: string, mostRows: number): string[][] {
  const separator = separatorOf(text)
  const rows: string[][] = []
  let cells: string[] = []
  for (let index = 0; index < text.length;) {
    const { cell, end } = text[index] === QUOTE ? quotedCell(text, index) : plainCell(text, index, separator)
    cells.push(cell)
    const ending = text[end]
    if (ending !== undefined && ending !== separator && ending !== '\r' && ending !== '\n') {
      throw unreadable(`Row ${rows.length} goes on behind the end of a quoted cell.`)
    }
    index = end + 1
    if (ending === separator && index < text.length) continue
    if (ending === separator) cells.push('')
    if (ending === '\r' && text[index] === '\n') index += 1
    if (cells.length > 1 || cells[0] !== '') rows.push(cells)
    if (rows.length > mostRows) throw unreadable(`It has more than ${mostRows - 1} rows: import it in parts.`)
    cells = []
  }
  return rows
}

/** `end`: index of what ends the cell, or the text's length. */
function plainCell(text: string, start: number, separator: string): { cell: string; end: number } {
  let end = start
  while (end < text.length && text[end] !== separator && text[end] !== '\r' && text[end] !== '\n') end += 1
  return { cell: text.slice(start, end), end }
}

function quotedCell(text: string, start: number): { cell: string; end: number } {
  let end = text.indexOf(QUOTE, start + 1)
  while (end >= 0 && text[end + 1] === QUOTE) end = text.indexOf(QUOTE, end + 2)
  if (end < 0) throw unreadable('A quote in it is never closed.')
  return { cell: text.slice(start + 1, end).replaceAll('""', QUOTE), end: end + 1 }
}
