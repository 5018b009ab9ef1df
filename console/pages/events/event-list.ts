/** The events of one filter, as the page shows them. */
import { ask } from '../../api/client.ts'
import type { EventList } from '../../api/types.ts'
import { createOlderPages, type OlderPages } from '../../state/older-pages.ts'
import { createResource, type Resource } from '../../state/resource.ts'
import { joinNewest, joinOlder, readFurther, type EventPages } from './event-pages.ts'

const AT_ONCE = '50'

export interface EventListState extends OlderPages {
  pages: Resource<EventPages>
}

export function readEvents(query: Record<string, string>, signalOf?: AbortSignal): Promise<EventList> {
  const search = new URLSearchParams(query).toString()
  return ask<EventList>(`/v2/events?${search}`, signalOf === undefined ? {} : { signal: signalOf })
}

export function createEventList(query: Record<string, string>): EventListState {
  const readPage = (cursor: string | undefined, signalOf?: AbortSignal) =>
    readEvents({ ...query, limit: AT_ONCE, ...(cursor !== undefined && { cursor }) }, signalOf)
  const pages: Resource<EventPages> = createResource(async (signalOf) => {
    const newest = await readFurther(undefined, (cursor) => readPage(cursor, signalOf))
    return joinNewest(pages.state.peek().value, newest)
  })

  return {
    pages,
    ...createOlderPages({
      pages,
      read: (cursor) => readFurther(cursor, (from) => readPage(from)),
      join: joinOlder,
    }),
  }
}
