/** One timer for all who wait: at the soonest end of a pause. */
import type { Cancel, Clock } from '../../clock.ts'
import type { ModelPauses } from '../standing/model-pauses.ts'
import type { ReadyIndex } from './ready-index.ts'

/** Nobody waits for so long, and a timer of a month would overflow. */
const LONGEST_TIMER_MS = 60_000

export interface WakeUp {
  /** Somebody waits for the model (undefined: whichever); answers the end of that. */
  join(model: string | undefined): () => void
  isWanted(): boolean
  /** What is waited for may be due at another time than before. */
  arm(): void
}

interface WakeUpParts {
  index: Pick<ReadyIndex, 'nextChange'>
  pauses: Pick<ModelPauses, 'pausedUntil'>
  clock: Pick<Clock, 'now' | 'after'>
  /** A pause has ended. */
  wake: () => void
}

export function createWakeUp({ index, pauses, clock, wake }: WakeUpParts): WakeUp {
  /** Models that are waited for, each as often as it is. */
  const awaited: (string | undefined)[] = []
  let cancelTimer: Cancel | undefined
  /** In milliseconds since the epoch. */
  let armedFor = Number.POSITIVE_INFINITY

  /** A timer that is set is never put off: what has become ready in this moment may have been noticed by somebody who needed something else. */
  function arm(): void {
    if (awaited.length === 0) return disarm()
    const pauseEnds = awaited.flatMap((model) =>
      model === undefined ? [] : (pauses.pausedUntil(model) ?? []),
    )
    const next = Math.min(index.nextChange(), ...pauseEnds)
    if (next >= armedFor) return
    disarm()
    armedFor = next
    const waitMs = Math.min(Math.max(1, next - clock.now()), LONGEST_TIMER_MS)
    cancelTimer = clock.after(waitMs, () => {
      armedFor = Number.POSITIVE_INFINITY
      wake()
    })
  }

  function disarm(): void {
    cancelTimer?.()
    cancelTimer = undefined
    armedFor = Number.POSITIVE_INFINITY
  }

  return {
    join(model) {
      awaited.push(model)
      return () => void awaited.splice(awaited.indexOf(model), 1)
    },
    isWanted: () => awaited.length > 0,
    arm,
  }
}
