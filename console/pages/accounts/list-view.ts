/** What the table and the cards show alike, and what can be done in them. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Entry, ListWishes } from './list-accounts.ts'
import type { Selection } from './selection.ts'
import { visibleRange, type VisibleRange } from './visible-range.ts'

export interface ListView {
  entries: readonly Entry[]
  /** What they are filtered and sorted by. */
  wishes: ListWishes
  selection: Selection
  /** Id of the row that keys act on. */
  cursor: string | undefined
  deeds: ListDeeds
}

/** The same as long as the list is shown: no row is drawn anew for them. */
export interface ListDeeds {
  onToggle: (id: string, isRange: boolean) => void
  onToggleAll: () => void
  onOpen: (id: string) => void
}

const FRAME = '.table-frame'
/** Before anybody knows how high the window is. */
const FIRST_ROWS = 20

/**
 * Follows which rows are in sight. `list`: the element whose height is that of all rows, those that are not in the page
 * included; it scrolls within a frame, or with the page. `cursorAt`: a row that is brought into sight when it becomes another.
 */
export function useVisibleRange<E extends HTMLElement>({
  count,
  rowHeight,
  cursorAt,
  wishes,
}: {
  count: number
  rowHeight: number
  cursorAt: number
  /** What the list is filtered and sorted by, where that can become another. */
  wishes?: ListWishes
}) {
  const list = useRef<E>(null)
  const [range, setRange] = useState<VisibleRange>({ first: 0, end: Math.min(count, FIRST_ROWS) })
  const inSight = useRef<VisibleRange | undefined>(undefined)
  const isComplete = useSparesLater(wishes)

  useLayoutEffect(() => {
    function measure(): void {
      if (list.current === null) return
      const { top, bottom } = clipOf(list.current)
      const above = top - list.current.getBoundingClientRect().top
      const height = Math.max(0, bottom - top)
      const firstInSight = Math.floor(above / rowHeight)
      inSight.current = { first: firstInSight, end: firstInSight + Math.ceil(height / rowHeight) + 1 }
      const next = visibleRange({ count, rowHeight, above, height })
      setRange((known) => (known.first === next.first && known.end === next.end ? known : next))
    }
    measure()
    // Scrolling does not bubble, but can be caught on its way down.
    document.addEventListener('scroll', measure, { capture: true, passive: true })
    window.addEventListener('resize', measure)
    return () => {
      document.removeEventListener('scroll', measure, { capture: true })
      window.removeEventListener('resize', measure)
    }
  }, [count, rowHeight])
  useLayoutEffect(() => {
    if (cursorAt >= 0 && list.current !== null) bringIntoSight(list.current, cursorAt * rowHeight, rowHeight)
  }, [cursorAt, rowHeight])

  const shown = isComplete ? range : narrow(range, inSight.current)
  return { list, range: { first: Math.min(shown.first, count), end: Math.min(shown.end, count) } }
}

/** Another order or filter is shown at once where one looks, and the rows around that in the moment after. */
function useSparesLater(wishes: ListWishes | undefined): boolean {
  const [completeFor, setCompleteFor] = useState<ListWishes>()
  useEffect(() => {
    const timer = window.setTimeout(() => setCompleteFor(wishes))
    return () => window.clearTimeout(timer)
  }, [wishes])
  return completeFor === wishes
}

function narrow({ first, end }: VisibleRange, inSight: VisibleRange | undefined): VisibleRange {
  if (inSight === undefined) return { first, end }
  const from = Math.min(end, Math.max(first, inSight.first))
  return { first: from, end: Math.max(from, Math.min(end, inSight.end)) }
}

interface Clip {
  top: number
  bottom: number
}

function clipOf(list: HTMLElement): Clip {
  const frame = list.closest(FRAME)?.getBoundingClientRect()
  return {
    top: Math.max(0, frame?.top ?? 0),
    bottom: Math.min(window.innerHeight, frame?.bottom ?? Infinity),
  }
}

/** The heights of what lies over the list's ends: the head of the table, or the bars of the page. */
const COVERED_TOP = 40
const COVERED_TOP_OF_PAGE = 72
const COVERED_BOTTOM_OF_PAGE = 140

function bringIntoSight(list: HTMLElement, offset: number, height: number): void {
  const frame = list.closest(FRAME)
  const clip = clipOf(list)
  const row = list.getBoundingClientRect().top + offset
  const top = clip.top + (frame === null ? COVERED_TOP_OF_PAGE : COVERED_TOP)
  const bottom = clip.bottom - (frame === null ? COVERED_BOTTOM_OF_PAGE : 0)
  const by = row < top ? row - top : row + height > bottom ? row + height - bottom : 0
  if (by === 0) return
  if (frame === null) window.scrollBy(0, by)
  else frame.scrollBy(0, by)
}
