/** The time, for what counts down or tells how old something is. Stands still while nobody looks. */
import { computed, signal } from '@preact/signals'

export const now = signal(Date.now())

const MINUTE_MS = 60_000
/** The same for what need not be so exact: a list that is long is then not drawn every second. */
export const thisMinute = computed(() => Math.floor(now.value / MINUTE_MS) * MINUTE_MS)

export function followTime(): void {
  window.setInterval(tick, 1000)
  document.addEventListener('visibilitychange', tick)
}

function tick(): void {
  if (document.visibilityState === 'visible') now.value = Date.now()
}
