/** How long the steps of a histogram are, and what they are counted from. Pure. */
import type { Resolution } from './traffic-store.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Each begins where a day does, and is a multiple of what the beginning of an instant's text tells apart. */
const STEPS = [
  [1, 5, 10],
  [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  [HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR],
  [DAY, 2 * DAY, 5 * DAY, 10 * DAY, 30 * DAY, 100 * DAY],
].flat()
const MOST_STEPS = 150

/** In seconds: the shortest by which a time has so many steps at most. */
export function chooseStep(since: number, until: number): number {
  const seconds = (until - since) / 1000
  const step = STEPS.find((each) => seconds / each <= MOST_STEPS - 1)
  // No time that may be asked for is so long that its steps would not be whole days.
  return step ?? Math.ceil(seconds / MOST_STEPS / DAY) * DAY
}

/** How many characters of an instant's text tell one step from the next: no more, as each makes a count of its own. */
export function startCharacters(stepSeconds: number): number {
  const known: readonly [seconds: number, text: string][] = [
    [DAY, '2026-11-22'],
    [HOUR, '2026-11-22T10'],
    [10 * MINUTE, '2026-11-22T10:0'],
    [MINUTE, '2026-11-22T10:00'],
    [10, '2026-11-22T10:00:0'],
  ]
  const longest = known.find(([seconds]) => stepSeconds % seconds === 0)
  return (longest?.[1] ?? '2026-11-22T10:00:00').length
}

/** For how long numbers are kept by the second, the minute and the hour, at least. */
const KEPT: readonly [Resolution, seconds: number][] = [
  [3600, 30 * DAY],
  [60, DAY],
  [1, 15 * MINUTE],
]

/** The longest of them that make up the steps since `from`; undefined: none goes back so far. */
export function countedSteps({
  from,
  stepSeconds,
  now,
}: {
  from: number
  stepSeconds: number
  now: number
}): Resolution | undefined {
  const age = (now - from) / 1000
  // As the first step is whole, it may begin that much earlier.
  return KEPT.find(
    ([resolution, seconds]) => stepSeconds % resolution === 0 && age <= seconds + stepSeconds,
  )?.[0]
}
