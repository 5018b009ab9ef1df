/** The last hour, minute by minute: asked for once a minute while somebody looks. */
import { computed } from '@preact/signals'
import { ask } from '../api/client.ts'
import type { Traffic } from '../api/types.ts'
import { followWhileSeen } from './follow-while-seen.ts'
import { createResource } from './resource.ts'

const EVERY_MS = 60_000

export const traffic = createResource((signal) => ask<Traffic>('/v2/traffic?range=1h', { signal }))

/** By the id of the account: one character a minute. Undefined: nobody knows yet. */
export const beats = computed(() => {
  const hour = traffic.state.value.value
  return hour && new Map(hour.beats.map(({ accountId, minutes }) => [accountId, minutes]))
})

/** For as long as a page shows it. Answers how to stop. */
export function followTraffic(): () => void {
  return followWhileSeen(traffic, EVERY_MS)
}
