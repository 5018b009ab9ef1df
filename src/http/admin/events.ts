import type { FastifyInstance } from 'fastify'
import { parseBody } from '../../dialects/request-body.ts'
import type { EventEntry } from '../../events/event.ts'
import type { EventFilter } from '../../events/event-store.ts'
import type { Events } from '../../events/events.ts'
import { answering } from './answering.ts'
import { eventCheckAnswer, eventListAnswer } from './answers.ts'
import { eventsQuery, verifyEventsQuery, type EventsQuery } from './contract.ts'

export interface EventRouteParts {
  events: Pick<Events, 'list' | 'verify'>
}

/** What happened to accounts, keys and settings, latest first; and whether what is kept of it was tampered with. */
export function registerEvents(routes: FastifyInstance, { events }: EventRouteParts): void {
  routes.get('/v2/events', answering(eventListAnswer), async ({ query }) => {
    const { limit, cursor, ...filter } = parseBody(eventsQuery, query)
    const page = await events.list(toFilter(filter), { limit, ...(cursor !== undefined && { cursor }) })
    return { events: page.entries.map(viewEvent), nextCursor: page.nextCursor ?? null }
  })
  routes.get('/v2/events/verify', answering(eventCheckAnswer), async ({ query }) => {
    const { cursor } = parseBody(verifyEventsQuery, query)
    const { checked, problems, through, nextCursor } = await events.verify(cursor)
    return { intact: problems.length === 0, checked, problems, through, nextCursor: nextCursor ?? null }
  })
}

function toFilter({ since, until, ...rest }: Omit<EventsQuery, 'limit' | 'cursor'>): EventFilter {
  return {
    ...rest,
    ...(since !== undefined && { since: new Date(since) }),
    ...(until !== undefined && { until: new Date(until) }),
  }
}

function viewEvent({ id, at, kind, actor, subject, before, after, reason, ...link }: EventEntry) {
  const { via = null, name = null, address = null } = actor
  return {
    id,
    at,
    kind,
    actor: { kind: actor.kind, via, name, address },
    subject: subject === undefined ? null : { ...subject, name: subject.name ?? null },
    before: before ?? null,
    after: after ?? null,
    reason: reason ?? null,
    previousHash: link.previousHash,
    hash: link.hash,
  }
}
