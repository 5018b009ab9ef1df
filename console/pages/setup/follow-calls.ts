/** The calls since the page was opened: asked for when the feed tells of a change, and not all the time. */
import { effect, signal, untracked } from '@preact/signals'
import { ask } from '../../api/client.ts'
import type { CallList, FeedSnapshot } from '../../api/types.ts'
import { snapshot } from '../../state/live.ts'
import { mergeCalls, type Call } from './first-request.ts'

/** Newest first. */
export const calls = signal<readonly Call[]>([])

const SOONEST_MS = 2000
/** Counts are told a moment before the calls that they are of can be read. */
const LATER_MS = 1500

/** For as long as the page is open. Answers how to stop. */
export function followCalls(): () => void {
  calls.value = []
  let since: string | undefined
  let counted: number | undefined
  let timer: number | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  const leaving = new AbortController()

  async function look(): Promise<void> {
    timer = undefined
    askedAt = performance.now()
    if (since === undefined) return
    try {
      const { calls: added } = await ask<CallList>(`/v2/calls?since=${since}&limit=100`, {
        signal: leaving.signal,
      })
      calls.value = mergeCalls(calls.value, added)
    } catch {
      // The next change asks again; that the gateway is not there is shown above.
    }
  }
  function lookIn(milliseconds: number): void {
    timer ??= window.setTimeout(
      () => void look(),
      Math.max(milliseconds, SOONEST_MS - (performance.now() - askedAt)),
    )
  }
  function note(news: FeedSnapshot): void {
    const count = countOf(news)
    if (since === undefined) since = news.at
    else if (count !== counted) lookIn(LATER_MS)
    counted = count
  }
  const stop = effect(() => {
    const news = snapshot.value
    if (news !== undefined) untracked(() => note(news))
  })
  return () => {
    stop()
    window.clearTimeout(timer)
    leaving.abort()
  }
}

/** Requests of the last hour, and of the last minute: what falls out of one asks once too often, and that is all. */
function countOf({ lastHour, lastMinute }: FeedSnapshot): number {
  return total(lastHour) * 1000 + total(lastMinute)
}

function total(counts: FeedSnapshot['lastHour']): number {
  const { ok, clientErrors, throttled, upstreamErrors, shed, cancelled } = counts
  return ok + clientErrors + throttled + upstreamErrors + shed + cancelled
}
