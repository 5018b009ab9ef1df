/** What the gateway itself is: asked for by the cards that show it. */
import { useEffect } from 'preact/hooks'
import { ask } from '../../../api/client.ts'
import type { SystemView } from '../../../api/types.ts'
import { createResource } from '../../../state/resource.ts'

export const system = createResource<SystemView>((stop) => ask<SystemView>('/v2/system', { signal: stop }))

/** How often what goes on in the background is looked at. */
const EVERY_MS = 3000

/** `isWatched`: something goes on. */
export function useSystem(isWatched: (view: SystemView) => boolean = () => false) {
  const { state } = system
  const { value } = state.value
  const goesOn = value !== undefined && isWatched(value)
  useEffect(() => void system.load(), [])
  useEffect(() => {
    if (!goesOn) return undefined
    const timer = window.setInterval(() => void system.load(), EVERY_MS)
    return () => window.clearInterval(timer)
  }, [goesOn])
  return state.value
}
