/** Rows as CSV (RFC 4180), in which no cell is a formula for the program that opens it. */
const FORMULA = /^[=+\-@\t\r]/
const SPECIAL = /[",\r\n]/

export function writeCsv(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, ...rows].map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('')
}

function writeCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text
  return SPECIAL.test(harmless) || harmless !== text ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
