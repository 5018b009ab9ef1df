import { useEffect, useMemo, useState } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Empty, Failed, Skeleton } from '../../parts/states.tsx'
import { whenNews } from '../../state/live.ts'
import { changeQuery, route } from '../../state/route.ts'
import { EventDrawer } from './event-drawer.tsx'
import { EventFilters, clearFilters } from './event-filters.tsx'
import { isFiltered, readFilter, toQuery } from './event-filter.ts'
import { createEventList, type EventListState } from './event-list.ts'
import { EventTable } from './event-table.tsx'
import { ExportButton } from './export-button.tsx'
import { messages } from './messages.ts'
import { VerifyDialog } from './verify-dialog.tsx'

/** What happened to accounts, keys and settings, and who did it. */
export function EventsPage() {
  const text = speak(messages)
  const [isVerifying, setVerifying] = useState(false)
  const filter = readFilter(route.value.query)
  const filterKey = JSON.stringify(filter)
  const list = useMemo(() => createEventList(toQuery(filter, Date.now())), [filterKey])
  useEffect(() => whenNews(['events'], () => void list.pages.load()), [list])
  const { value, error } = list.pages.state.value
  const newestId = value?.entries[0]?.id ?? 0

  return (
    <div class="stack">
      <EventFilters filter={filter}>
        <Button icon="check" onClick={() => setVerifying(true)}>
          {text('verify')}
        </Button>
        <ExportButton filter={filter} />
      </EventFilters>
      {error !== undefined && <Failed error={error} onRetry={() => void list.pages.load()} />}
      {value === undefined && error === undefined && <Skeleton rows={10} />}
      {value !== undefined && value.entries.length === 0 && <Nothing isFiltered={isFiltered(filter)} />}
      {value !== undefined && value.entries.length > 0 && <EventTable entries={value.entries} />}
      {value !== undefined && value.nextCursor !== null && <Older list={list} />}
      <OpenEvent list={list} />
      {isVerifying && <VerifyDialog newestId={newestId} onClose={() => setVerifying(false)} />}
    </div>
  )
}

function Nothing({ isFiltered: hasFilter }: { isFiltered: boolean }) {
  const text = speak(messages)
  if (!hasFilter) {
    return (
      <Empty icon="events" title={text('empty')}>
        <p>{text('emptyWhy')}</p>
      </Empty>
    )
  }
  return (
    <Empty
      icon="filter"
      title={text('noMatch')}
      action={<Button onClick={clearFilters}>{text('clear')}</Button>}
    >
      <p>{text('noMatchWhy')}</p>
    </Empty>
  )
}

function Older({ list }: { list: EventListState }) {
  const text = speak(messages)
  const error = list.olderError.value
  if (error !== undefined) return <Failed error={error} onRetry={() => void list.loadOlder()} />
  return (
    <div class="events-older">
      <Button isBusy={list.isLoadingOlder.value} onClick={() => void list.loadOlder()}>
        {text('older')}
      </Button>
    </div>
  )
}

/** The event that the address names, if it is among those that are shown. */
function OpenEvent({ list }: { list: EventListState }) {
  const id = route.value.query.get('event')
  const entries = list.pages.state.value.value?.entries ?? []
  const index = entries.findIndex((entry) => String(entry.id) === id)
  const entry = entries[index]
  if (entry === undefined) return null
  return (
    <EventDrawer
      entry={entry}
      onClose={() => changeQuery({ event: undefined })}
      onStep={(step) => {
        const next = entries[index + step]
        if (next !== undefined) changeQuery({ event: String(next.id) })
      }}
    />
  )
}
