/** A day of requests and background refreshes while the wall clock does what it should not. */
import { createTokenLab, type TokenLab } from './token-lab.ts'

const SECOND = 1000
const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Clocks of New York go back in these hours. */
const AUTUMN = Date.parse('2026-11-01T00:00:00Z')

interface ClockFault {
  name: string
  /** What the wall clock is off by when the process starts. */
  offsetMs: number
  /** By how much it is set after every so many hours. */
  steps: readonly { hour: number; byMs: number }[]
}

export const clockFaults: readonly ClockFault[] = [
  { name: 'right', offsetMs: 0, steps: [] },
  { name: 'a day ahead', offsetMs: DAY, steps: [] },
  { name: 'a day behind', offsetMs: -DAY, steps: [] },
  { name: 'set two hours ahead', offsetMs: 0, steps: [{ hour: 5, byMs: 2 * HOUR }] },
  { name: 'set two hours back', offsetMs: 0, steps: [{ hour: 5, byMs: -2 * HOUR }] },
  {
    name: 'set again and again',
    offsetMs: 0,
    steps: Array.from({ length: 22 }, (_, hour) => ({ hour, byMs: hour % 2 === 0 ? 2 * HOUR : -2 * HOUR })),
  },
  { name: 'with a leap second', offsetMs: 0, steps: [{ hour: 12, byMs: -SECOND }] },
]

/** Throws when a request is refused or a token lost. */
export async function countRefreshesOfADay(
  { offsetMs, steps }: ClockFault,
  accounts: number,
): Promise<number> {
  const lab = createTokenLab({ accounts, start: AUTUMN + offsetMs })
  const processes = [lab.startProcess('p'), lab.startProcess('q')]
  const left = [...steps]
  for (let tick = 0; tick < DAY / (10 * SECOND); tick += 1) {
    const [next] = left
    if (next !== undefined && lab.clock.elapsed() >= next.hour * HOUR) {
      lab.clock.stepWall(next.byMs)
      left.shift()
    }
    await lab.pass(10 * SECOND, 10 * SECOND)
    if (tick % 6 === 0) await requestAll(lab, processes, tick)
  }
  await Promise.all(processes.map((each) => each.close()))
  if (lab.service.refusals > 0) throw new Error('a refresh token was used twice')
  return lab.service.calls.length
}

async function requestAll(
  lab: TokenLab,
  processes: readonly ReturnType<TokenLab['startProcess']>[],
  tick: number,
): Promise<void> {
  for (const [index, id] of lab.ids.entries()) {
    await processes[(index + tick / 6) % processes.length]?.request(id)
  }
}
