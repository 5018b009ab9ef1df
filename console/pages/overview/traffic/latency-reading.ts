/** How long requests of the chosen model, API or account took, in the time that the charts show. */
import { computed } from '@preact/signals'
import { ask } from '../../../api/client.ts'
import type { Latency } from '../../../api/types.ts'
import { followWhileSeen } from '../../../state/follow-while-seen.ts'
import { createResource } from '../../../state/resource.ts'
import { chosenSubject, readSubject } from './latency-subject.ts'
import { chosenRange } from './range.ts'

const EVERY_MS = 60_000

interface OfSubject {
  /** What was asked for. */
  query: string
  reading: Latency
}

const wanted = computed(() => {
  const subject = readSubject(chosenSubject.value)
  if (subject === undefined) return ''
  return new URLSearchParams({ range: chosenRange.value, [subject.kind]: subject.name }).toString()
})

const latency = createResource<OfSubject>(async (signal) => {
  const query = wanted.peek()
  return { query, reading: await ask<Latency>(`/v2/traffic/latency?${query}`, { signal }) }
})

export const latencyReading = computed((): { value: Latency | undefined; error: unknown } => {
  const { value, error, isLoading } = latency.state.value
  // That of another one is nothing to be shown.
  return {
    value: value?.query === wanted.value ? value.reading : undefined,
    error: isLoading ? undefined : error,
  }
})

export function loadLatency(): Promise<void> {
  return latency.load()
}

/** For as long as one is chosen and shown. Answers how to stop. */
export function followLatency(): () => void {
  return followWhileSeen(latency, EVERY_MS)
}
