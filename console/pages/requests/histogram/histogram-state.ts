/** The histogram of one filter: counted look by look, so that no look holds the gateway up. */
import { signal, type ReadonlySignal } from '@preact/signals'
import { ask } from '../../../api/client.ts'
import type { CallHistogram } from '../../../api/types.ts'
import type { Span } from '../request-filter.ts'
import { addLook } from './bars.ts'

/** Further back, it is told that it was not counted. */
const MOST_LOOKS = 12
/** Requests of clients go first. */
const PAUSE_MS = 60

export interface HistogramReading {
  /** What has been counted so far; with a `nextCursor` there is more. */
  value: CallHistogram | undefined
  error: unknown
  isCounting: boolean
}

export interface HistogramState {
  state: ReadonlySignal<HistogramReading>
  /** Counts anew; what was counted stays until then. Never rejects. */
  load(): Promise<void>
  stop(): void
}

export function createHistogram(filter: Record<string, string>, span: () => Span): HistogramState {
  const state = signal<HistogramReading>({ value: undefined, error: undefined, isCounting: false })
  let latest: AbortController | undefined

  async function count(own: AbortController): Promise<void> {
    const query = { ...filter, ...span() }
    let counted: CallHistogram | undefined
    for (let look = 0; look < MOST_LOOKS; look += 1) {
      const cursor = counted?.nextCursor ?? undefined
      const search = new URLSearchParams({ ...query, ...(cursor !== undefined && { cursor }) }).toString()
      const found = await ask<CallHistogram>(`/v2/calls/histogram?${search}`, { signal: own.signal })
      if (own.signal.aborted) return
      counted = counted === undefined ? found : addLook(counted, found)
      const isDone = counted.nextCursor === null || look === MOST_LOOKS - 1
      state.value = { value: counted, error: undefined, isCounting: !isDone }
      if (isDone) return
      await new Promise((resolve) => window.setTimeout(resolve, PAUSE_MS))
    }
  }

  return {
    state,
    async load() {
      latest?.abort()
      const own = new AbortController()
      latest = own
      state.value = { ...state.value, isCounting: true }
      try {
        await count(own)
      } catch (error) {
        if (!own.signal.aborted) state.value = { ...state.value, error, isCounting: false }
      }
    },
    stop: () => latest?.abort(),
  }
}
