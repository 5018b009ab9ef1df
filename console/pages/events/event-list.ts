/** The events of one filter, as the page shows them. */
import { signal, type ReadonlySignal } from '@preact/signals'
import { ask } from '../../api/client.ts'
import type { EventList } from '../../api/types.ts'
import { createResource, type Resource } from '../../state/resource.ts'
import { joinNewest, joinOlder, readFurther, type EventPages } from './event-pages.ts'

const AT_ONCE = '50'

export interface EventListState {
  pages: Resource<EventPages>
  isLoadingOlder: ReadonlySignal<boolean>
  /** Why older ones could not be read. */
  olderError: ReadonlySignal<unknown>
  loadOlder(): Promise<void>
}

export function readEvents(query: Record<string, string>, signalOf?: AbortSignal): Promise<EventList> {
  const search = new URLSearchParams(query).toString()
  return ask<EventList>(`/v2/events?${search}`, signalOf === undefined ? {} : { signal: signalOf })
}

export function createEventList(query: Record<string, string>): EventListState {
  const isLoadingOlder = signal(false)
  const olderError = signal<unknown>(undefined)
  const readPage = (cursor: string | undefined, signalOf?: AbortSignal) =>
    readEvents({ ...query, limit: AT_ONCE, ...(cursor !== undefined && { cursor }) }, signalOf)
  const pages: Resource<EventPages> = createResource(async (signalOf) => {
    const newest = await readFurther(undefined, (cursor) => readPage(cursor, signalOf))
    return joinNewest(pages.state.peek().value, newest)
  })

  return {
    pages,
    isLoadingOlder,
    olderError,
    async loadOlder() {
      const cursor = pages.state.peek().value?.nextCursor ?? undefined
      if (isLoadingOlder.peek() || cursor === undefined) return
      isLoadingOlder.value = true
      olderError.value = undefined
      try {
        const page = await readFurther(cursor, (from) => readPage(from))
        const known = pages.state.peek().value
        if (known !== undefined) pages.set(joinOlder(known, page))
      } catch (error) {
        olderError.value = error
      }
      isLoadingOlder.value = false
    },
  }
}
