import { useEffect, useState } from 'preact/hooks'
import { ask } from '../../../api/client.ts'
import type { EventEntry, EventList } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Private } from '../../../parts/private.tsx'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { Time } from '../../../parts/time.tsx'
import { whenNews } from '../../../state/live.ts'
import { createResource } from '../../../state/resource.ts'
import { listDifferences } from './list-differences.ts'
import { messages } from './messages.ts'

interface EventTrailProps {
  accountId: string
  kind?: EventEntry['kind']
  /** Said when nothing is recorded. */
  none: string
}

const A_PAGE = 20

/** What happened to an account, the latest first. */
export function EventTrail({ accountId, kind, none }: EventTrailProps) {
  const text = speak(messages)
  const [limit, setLimit] = useState(A_PAGE)
  const [trail] = useState(() =>
    createResource<{ address: string; list: EventList }>(async (signal) => {
      const address = wanted.address
      return { address, list: await ask<EventList>(address, { signal }) }
    }),
  )
  const [wanted] = useState({ address: '' })
  const address = addressOfTrail(accountId, kind, limit)
  useEffect(() => {
    wanted.address = address
    return whenNews(['events'], () => void trail.load())
  }, [address])

  const { value, error, isLoading } = trail.state.value
  if (value === undefined) return error === undefined ? <Skeleton rows={3} /> : retry()
  const { events, nextCursor } = value.list
  return (
    <>
      {error !== undefined && retry()}
      {events.length === 0 && <p class="hint">{none}</p>}
      <ol class="trail">
        {events.map((event) => (
          <Step key={event.id} event={event} />
        ))}
      </ol>
      {nextCursor !== null && limit < MOST && (
        <Button look="quiet" isBusy={isLoading} onClick={() => setLimit(Math.min(MOST, limit * 3))}>
          {text('older')}
        </Button>
      )}
    </>
  )

  function retry() {
    return <Failed error={error} onRetry={() => void trail.load()} />
  }
}

const MOST = 200

function addressOfTrail(subject: string, kind: string | undefined, limit: number): string {
  const query = new URLSearchParams({ subject, limit: String(limit), ...(kind !== undefined && { kind }) })
  return `/v2/events?${query.toString()}`
}

const names: Partial<
  Record<string, 'eventCreated' | 'eventChanged' | 'eventRemoved' | 'eventStatus' | 'eventSignedIn'>
> = {
  'account-created': 'eventCreated',
  'account-changed': 'eventChanged',
  'account-removed': 'eventRemoved',
  'account-status': 'eventStatus',
  'account-signed-in': 'eventSignedIn',
}

function Step({ event }: { event: EventEntry }) {
  const text = speak(messages)
  const name = names[event.kind]
  // What it was made with stands in the settings.
  const differences = event.kind === 'account-created' ? [] : listDifferences(event)
  return (
    <li>
      <div class="actions spread">
        <strong>{name === undefined ? event.kind : text(name)}</strong>
        <span class="hint">
          <Time at={event.at} />
        </span>
      </div>
      <p class="hint break">
        {text('by', { who: text(actorOf(event)) })}
        {event.actor.name !== null && (
          <>
            {' '}
            <Private text={event.actor.name} />
          </>
        )}
        {event.actor.address !== null && <> · {event.actor.address}</>}
      </p>
      {event.reason !== null && (
        <p class="break">
          <bdi>{event.reason}</bdi>
        </p>
      )}
      {differences.length > 0 && (
        <ul class="differences">
          {differences.map(({ name: member, before, after }) => (
            <li key={member} class="break">
              <code>{member}</code>{' '}
              {member === 'label' ? (
                <Private text={`${before} → ${after}`} />
              ) : (
                <bdi>{`${before} → ${after}`}</bdi>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

function actorOf({ actor }: EventEntry): 'gateway' | 'operator' | 'client' {
  if (actor.kind === 'gateway') return 'gateway'
  return actor.kind === 'client' ? 'client' : 'operator'
}
