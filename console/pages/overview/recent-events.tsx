import { useEffect } from 'preact/hooks'
import type { EventEntry, EventList } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { Link } from '../../parts/link.tsx'
import { Private } from '../../parts/private.tsx'
import { Failed, Skeleton } from '../../parts/states.tsx'
import { Time } from '../../parts/time.tsx'
import { whenNews } from '../../state/live.ts'
import { createResource } from '../../state/resource.ts'
import { addressOf } from '../../state/route.ts'
import { readEvents } from '../events/event-list.ts'
import { describeKind, isAlarming } from '../events/kind-messages.ts'
import { messages } from './messages.ts'

const events = createResource<EventList>((signal) => readEvents({ limit: '20' }, signal))

export function RecentEvents() {
  const text = speak(messages)
  useEffect(() => whenNews(['events'], () => void events.load()), [])
  const { value, error } = events.state.value
  return (
    <>
      <header class="card-head">
        <h2>{text('events')}</h2>
        <Link href={addressOf('events')}>{text('allEvents')}</Link>
      </header>
      {error !== undefined && <Failed error={error} onRetry={() => void events.load()} />}
      {value === undefined && error === undefined && <Skeleton rows={6} />}
      {value?.events.length === 0 && <p class="hint">{text('noEvents')}</p>}
      <ol class="recent">
        {value?.events.map((entry) => (
          <li key={entry.id}>
            <RecentEvent entry={entry} />
          </li>
        ))}
      </ol>
    </>
  )
}

function RecentEvent({ entry }: { entry: EventEntry }) {
  const { id, at, kind, subject } = entry
  return (
    <>
      <Link class="events-open" href={addressOf('events', { event: String(id) })}>
        {isAlarming(entry) && <Icon name="warn" />}
        {describeKind(kind)}
      </Link>
      <span class="recent-subject">{subject !== null && <Private text={subject.name ?? subject.id} />}</span>
      <span class="hint">
        <Time at={at} />
      </span>
    </>
  )
}
