/** The reading that the charts show: that of the tiles where it is of the same time, else one of its own. */
import { computed, effect, signal, untracked } from '@preact/signals'
import { ask } from '../../../api/client.ts'
import type { Traffic } from '../../../api/types.ts'
import { snapshot } from '../../../state/live.ts'
import { createResource, type Reading } from '../../../state/resource.ts'
import { traffic } from '../../../state/traffic.ts'
import { extendWindow, toWindow } from './chart-data.ts'
import { chosenRange, type Range } from './range.ts'

interface Ranged {
  range: Range
  reading: Traffic
}

const own = createResource<Ranged>(async (signalOf) => {
  const range = chosenRange.peek()
  return { range, reading: await ask<Traffic>(`/v2/traffic?range=${range}`, { signal: signalOf }) }
})

export const chartReading = computed((): Pick<Reading<Traffic>, 'value' | 'error'> => {
  const range = chosenRange.value
  if (range === '1h') return traffic.state.value
  const { value, error, isLoading } = own.state.value
  // That of another range is nothing to be shown.
  return { value: value?.range === range ? value.reading : undefined, error: isLoading ? undefined : error }
})

/** Counts how often the window of the charts has moved on in place. */
const moved = signal(0)
const built = computed(() => {
  const { value } = chartReading.value
  return value && toWindow(value)
})

/** Its arrays stay the same while it moves on. */
export const chartWindow = computed(() => {
  void moved.value
  const window = built.value
  return window && { window }
})

export async function loadChart(): Promise<void> {
  await (chosenRange.peek() === '1h' ? traffic.load() : own.load())
}

/** The hour comes with the tiles, and a quarter of one is followed second by second: they need no turn. */
export async function loadChartInTurn(): Promise<void> {
  const isFollowed = chosenRange.peek() === '1h' || chosenRange.peek() === '15m'
  if (!isFollowed) await own.load()
}

/** Who wants less to move sees it move less often. */
const CALM_EVERY_MS = 5000

/** For as long as the charts are shown. Answers how to stop. */
export function followChart(): () => void {
  const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  let shownAt = 0
  const stopAsking = effect(() => {
    if (chosenRange.value !== '1h') untracked(() => void own.load())
  })
  const stopMoving = effect(() => {
    const seen = snapshot.value
    const moving = built.value
    if (seen === undefined || moving === undefined || chosenRange.value !== '15m') return
    if (!extendWindow(moving, seen)) {
      if (!own.state.peek().isLoading) untracked(() => void own.load())
      return
    }
    const now = performance.now()
    if (document.visibilityState !== 'visible' || (isCalm && now - shownAt < CALM_EVERY_MS)) return
    shownAt = now
    moved.value = moved.peek() + 1
  })
  return () => {
    stopAsking()
    stopMoving()
  }
}
