/** The requests of one filter, as the page shows them. */
import { ask } from '../../api/client.ts'
import type { CallList } from '../../api/types.ts'
import { createOlderPages, type OlderPages } from '../../state/older-pages.ts'
import { createResource, type Resource } from '../../state/resource.ts'
import { joinLive, joinOlder, readFurther, toPages, type RequestPages } from './request-pages.ts'

const A_PAGE = '100'
/** What came in a second: of more, only that they came is told. */
const A_TICK = '60'
/** Processes write what has ended at about the same time, a second or two later. */
const OVERLAP_MS = 4000

export interface RequestListState extends OlderPages {
  pages: Resource<RequestPages>
  /** Reads what has come since; never rejects. Answers whether that went well. */
  loadFresh(): Promise<boolean>
}

function readCalls(query: Record<string, string>, stop?: AbortSignal): Promise<CallList> {
  const search = new URLSearchParams(query).toString()
  return ask<CallList>(`/v2/calls?${search}`, stop === undefined ? {} : { signal: stop })
}

/** `span`: of time; without an end for what still goes on. */
export function createRequestList(
  filter: Record<string, string>,
  span: { since: string; until?: string },
): RequestListState {
  const readPage = (cursor: string | undefined, stop?: AbortSignal) =>
    readCalls({ ...filter, ...span, limit: A_PAGE, ...(cursor !== undefined && { cursor }) }, stop)
  const pages = createResource(async (stop) =>
    toPages(await readFurther(undefined, (cursor) => readPage(cursor, stop))),
  )

  return {
    pages,
    ...createOlderPages({
      pages,
      read: (cursor) => readFurther(cursor, (from) => readPage(from)),
      join: joinOlder,
    }),
    async loadFresh() {
      const known = pages.state.peek()
      if (known.value === undefined || known.isLoading) return false
      const newest = known.value.calls[0]?.at
      const since = newest === undefined ? span.since : earlier(newest, span.since)
      try {
        const fresh = await readCalls({ ...filter, since, limit: A_TICK })
        if (pages.state.peek().value === known.value) pages.set(joinLive(known.value, fresh))
        return true
      } catch {
        return false
      }
    },
  }
}

function earlier(at: string, least: string): string {
  return new Date(Math.max(Date.parse(at) - OVERLAP_MS, Date.parse(least))).toISOString()
}
