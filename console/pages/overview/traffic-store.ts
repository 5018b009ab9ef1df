/** The last hour, minute by minute: asked for once a minute while somebody looks. */
import { ask } from '../../api/client.ts'
import type { Traffic } from '../../api/types.ts'
import { createResource } from '../../state/resource.ts'

const EVERY_MS = 60_000

export const traffic = createResource((signal) => ask<Traffic>('/v2/traffic?range=1h', { signal }))

/** For as long as a page shows it. Answers how to stop. */
export function followTraffic(): () => void {
  let readAt = 0
  function look(): void {
    if (document.visibilityState !== 'visible' || Date.now() - readAt < EVERY_MS - 1000) return
    readAt = Date.now()
    void traffic.load()
  }
  look()
  const timer = window.setInterval(look, EVERY_MS)
  document.addEventListener('visibilitychange', look)
  return () => {
    window.clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
  }
}
