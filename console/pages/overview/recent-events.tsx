import type { EventEntry } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { Link } from '../../parts/link.tsx'
import { Private } from '../../parts/private.tsx'
import { Failed, Skeleton } from '../../parts/states.tsx'
import { Time } from '../../parts/time.tsx'
import { addressOf } from '../../state/route.ts'
import { describeKind, isAlarming } from '../events/kind-messages.ts'
import { messages } from './messages.ts'
import { events } from './overview-events.ts'

const MOST_LISTED = 20

export function RecentEvents() {
  const text = speak(messages)
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
        {value?.events.slice(0, MOST_LISTED).map((entry) => (
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
