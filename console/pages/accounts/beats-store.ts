/** The last hour of each account, minute by minute. A gateway that does not count it shows none. */
import { computed } from '@preact/signals'
import { ask } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import type { Traffic } from '../../api/types.ts'
import { createResource } from '../../state/resource.ts'

const AGAIN_MS = 60_000

const traffic = createResource<Traffic['beats']>(async (signal) => {
  try {
    return (await ask<Traffic>('/v2/traffic?range=1h', { signal })).beats
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return []
    throw error
  }
})

/** By the id of the account: one character a minute. */
export const beats = computed(
  () => new Map(traffic.state.value.value?.map(({ accountId, minutes }) => [accountId, minutes])),
)

/** For as long as they are shown. Answers how to stop. */
export function followBeats(): () => void {
  look()
  const timer = window.setInterval(look, AGAIN_MS)
  return () => window.clearInterval(timer)
}

function look(): void {
  if (document.visibilityState === 'visible') void traffic.load()
}
