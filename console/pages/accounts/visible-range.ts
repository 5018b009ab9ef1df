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
const SPARE_ROWS = 6
const MOST_ROWS = 60

export function visibleRange({ count, rowHeight, above, height }: View): VisibleRange {
  const first = Math.floor(above / rowHeight) - SPARE_ROWS
  const shown = Math.min(MOST_ROWS, Math.ceil(height / rowHeight) + 2 * SPARE_ROWS)
  const start = Math.max(0, Math.min(first, count - shown))
  return { first: start, end: Math.min(count, start + shown) }
}
