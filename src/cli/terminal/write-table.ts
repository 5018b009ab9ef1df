import { printable } from './printable.ts'

export interface Column<T> {
  title: string
  read(row: T): string
  /** Numbers stand at the right. */
  isNumber?: boolean
  /** Colours a text that is already padded. */
  paint?(text: string, row: T): string
}

const GAP = '  '

/** Rows below titles, as wide as they need to be. The last column is cut where the terminal ends; `columns`: its width. */
export function writeTable<T>(rows: readonly T[], columns: readonly Column<T>[], width: number): string {
  const cells = rows.map((row) => columns.map((column) => printable(column.read(row))))
  const widths = columns.map(({ title }, index) =>
    cells.reduce((widest, line) => Math.max(widest, widthOf(line[index] ?? '')), widthOf(title)),
  )
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + GAP.length, 0)
  const lastRoom = Math.max(width - before, 10)

  function writeCell(text: string, index: number, column: Column<T>): string {
    if (index === columns.length - 1) return cut(text, lastRoom)
    const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(text)))
    return column.isNumber === true ? space + text : text + space
  }

  const title = columns.map((column, index) => writeCell(column.title, index, column)).join(GAP)
  const lines = cells.map((line, row) =>
    columns
      .map((column, index) => {
        const text = writeCell(line[index] ?? '', index, column)
        const of = rows[row]
        return column.paint === undefined || of === undefined ? text : column.paint(text, of)
      })
      .join(GAP)
      .trimEnd(),
  )
  return [title.trimEnd(), ...lines].map((line) => `${line}\n`).join('')
}

/** In cells of a terminal: East Asian characters and emoji take two. */
function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const character of text) width += WIDE.test(character) ? 2 : /\p{M}/u.test(character) ? 0 : 1
  return width
}

const PLAIN = /^[\x20-\x7e]*$/
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

function cut(text: string, room: number): string {
  if (widthOf(text) <= room) return text
  let kept = ''
  for (const character of text) {
    if (widthOf(kept + character) > room - 1) break
    kept += character
  }
  return `${kept}…`
}
