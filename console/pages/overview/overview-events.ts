/** The latest events: some are listed, and some mark the charts, where a change of a curve has its cause beside it. */
import type { EventEntry, EventList } from '../../api/types.ts'
import type { ChartMark } from '../../charts/chart-view.ts'
import { createResource } from '../../state/resource.ts'
import { addressOf } from '../../state/route.ts'
import { readEvents } from '../events/event-list.ts'
import { describeKind } from '../events/kind-messages.ts'

export const events = createResource<EventList>((signal) => readEvents({ limit: '100' }, signal))

/** What may change how requests go. */
const marked: ReadonlySet<EventEntry['kind']> = new Set<EventEntry['kind']>([
  'gateway-started',
  'account-created',
  'account-changed',
  'account-removed',
  'account-status',
  'account-signed-in',
  'accounts-imported',
  'key-changed',
  'key-removed',
  'setting-changed',
])

/** To be called while a component renders. `from`: in milliseconds since the epoch. */
export function marksSince(from: number): ChartMark[] {
  const entries = events.state.value.value?.events ?? []
  return entries
    .filter(({ at, kind }) => marked.has(kind) && Date.parse(at) >= from)
    .map(({ id, at, kind }) => ({
      at: Date.parse(at),
      label: describeKind(kind),
      href: addressOf('events', { event: String(id) }),
    }))
}
