/** Which rows of a long list are in sight: only those are in the page. Pure. */

export interface VisibleRange {
  first: number
  /** Exclusive. */
  end: number
}

interface View {
  count: number
  rowHeight: number
  /** How far the list begins above (positive) the upper edge of what is in sight, in pixels. */
  above: number
  /** Height of what is in sight. */
  height: number
}

/** More than can be in sight at once, so that a quick hand sees no gaps; and never more than MOST_ROWS. */
const SPARE_ROWS = 8
/** Rows come and go by so many: most of what one scrolls by then costs nothing at all. */
const STEP_ROWS = 4
const MOST_ROWS = 60

export function visibleRange({ count, rowHeight, above, height }: View): VisibleRange {
  const firstInSight = Math.floor(above / rowHeight)
  const needed = Math.ceil(height / rowHeight) + STEP_ROWS
  const spare = Math.max(0, Math.min(SPARE_ROWS, Math.floor((MOST_ROWS - needed) / 2)))
  const first = Math.floor(firstInSight / STEP_ROWS) * STEP_ROWS - spare
  const shown = Math.min(MOST_ROWS, needed + 2 * spare)
  const start = Math.max(0, Math.min(first, count - shown))
  return { first: start, end: Math.min(count, start + shown) }
}
