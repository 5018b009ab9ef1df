/** The time, for what counts down or tells how old something is. Stands still while nobody looks. */
import { signal } from '@preact/signals'

export const now = signal(Date.now())

export function followTime(): void {
  window.setInterval(tick, 1000)
  document.addEventListener('visibilitychange', tick)
}

function tick(): void {
  if (document.visibilityState === 'visible') now.value = Date.now()
}
