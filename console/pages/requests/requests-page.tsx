import { useEffect, useMemo, useState } from 'preact/hooks'
import { formatSpan } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Failed, Skeleton } from '../../parts/states.tsx'
import { now } from '../../state/now.ts'
import { changeQuery, route } from '../../state/route.ts'
import { FilterChips } from './filter-chips.tsx'
import { createHistogram } from './histogram/histogram-state.ts'
import { Histogram } from './histogram/histogram.tsx'
import { LiveNote } from './live-note.tsx'
import { useLiveTail } from './live-tail.ts'
import { messages } from './messages.ts'
import { followNames } from './names.ts'
import { NoRequests } from './no-requests.tsx'
import { OlderRequests } from './older-requests.tsx'
import { OpenRequest } from './open-request.tsx'
import { readView, spanOf, toQuery, type RequestView, type Span } from './request-filter.ts'
import { useRequestKeys } from './request-keys.ts'
import { createRequestList } from './request-list.ts'
import { RequestRows } from './request-rows.tsx'
import { RequestTools } from './request-tools.tsx'
import { saveExport } from './save-export.ts'

/** While the list is live, the bars are counted again so often. */
const RECOUNT_MS = 10_000

/** Each request of clients, without anything that was said. */
export function RequestsPage() {
  const view = readView(route.value.query)
  const query = toQuery(view)
  const { range, since, until, brush, isLive } = view
  // The end of "the last hour" is when it was asked for, and not a second more.
  const [round, setRound] = useState(0)
  const timeKey = JSON.stringify([query, range, since, until, round])
  const span = useMemo(() => spanOf(view, Date.now()), [timeKey])
  const histogram = useHistogram(query, view, timeKey)
  const listKey = JSON.stringify([timeKey, brush, isLive])
  const list = useMemo(() => createRequestList(query, brush ?? openEnd(span, view)), [listKey])
  const [cursor, setCursor] = useState<string>()
  const [isPointed, setPointed] = useState(false)
  const { value, error, readAt } = list.pages.state.value
  const tail = useLiveTail({
    list,
    isLive,
    isPointed,
    isChosen: cursor !== undefined || view.open !== undefined,
  })
  const calls = value?.calls ?? []
  useEffect(followNames, [])
  useEffect(() => void list.pages.load(), [list])
  useRequestKeys({ calls, cursor, onCursor: setCursor })

  const reload = () => setRound(round + 1)
  return (
    <div class="stack requests">
      <RequestTools
        view={view}
        span={span}
        onReload={reload}
        onExport={(format) => saveExport(format, { ...query, ...(brush ?? span) })}
      />
      <FilterChips view={view} />
      <Histogram histogram={histogram} chosen={brush} isFailureTold={error !== undefined} />
      {isLive && <LiveNote state={tail} pages={value} onReload={reload} />}
      {error !== undefined && <Failed error={error} onRetry={reload} />}
      {error !== undefined && value !== undefined && <Age readAt={readAt} />}
      {value === undefined && error === undefined && <Skeleton rows={10} />}
      {value !== undefined && calls.length === 0 && value.nextCursor === null && (
        <NoRequests view={view} oldest={histogram.state.value.value?.oldest} />
      )}
      {calls.length > 0 && <RequestRows calls={calls} cursor={cursor} onPointed={setPointed} />}
      {value !== undefined && value.nextCursor !== null && (
        <OlderRequests list={list} hasNone={calls.length === 0} />
      )}
      {view.open !== undefined && (
        <OpenRequest id={view.open} calls={calls} onClose={() => changeQuery({ request: undefined })} />
      )}
    </div>
  )
}

/** What goes on is asked for without an end, so that what has just ended is in it. */
function openEnd({ since, until }: Span, { range }: RequestView): { since: string; until?: string } {
  return range === 'custom' ? { since, until } : { since }
}

function useHistogram(query: Record<string, string>, view: RequestView, timeKey: string) {
  const { isLive } = view
  const histogram = useMemo(() => createHistogram(query, () => spanOf(view, Date.now())), [timeKey])
  useEffect(() => {
    void histogram.load()
    const recount = () => {
      if (document.visibilityState === 'visible') void histogram.load()
    }
    const timer = isLive ? window.setInterval(recount, RECOUNT_MS) : undefined
    return () => {
      window.clearInterval(timer)
      histogram.stop()
    }
  }, [histogram, isLive])
  return histogram
}

function Age({ readAt }: { readAt: number | undefined }) {
  const text = speak(messages)
  if (readAt === undefined) return null
  return <p class="hint">{text('stale', { when: formatSpan(readAt, now.value) })}</p>
}
