/** Databases bound how many values a statement may have. */
const ROWS_AT_ONCE = 500

export function inPieces<Row>(rows: readonly Row[], rowsAtOnce = ROWS_AT_ONCE): Row[][] {
  const count = Math.ceil(rows.length / rowsAtOnce)
  return Array.from({ length: count }, (_, index) => rows.slice(index * rowsAtOnce, (index + 1) * rowsAtOnce))
}
