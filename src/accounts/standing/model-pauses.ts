/** Which models rest: for one account that is not given a model, or for all when the service has no room for it. */
import type { Failure } from '../../conversation/failures.ts'
import { policyOf } from '../../conversation/failures.ts'

const DROPPED_MS = 3_600_000
const LEAST_CAPACITY_MS = 2000
const MOST_CAPACITY_MS = 10_000

export interface ModelPauses {
  /** Notes a failure if it is about the model. */
  note(accountId: string, model: string, failure: Failure): void
  /** An attempt that began at `since`, in milliseconds since the epoch, was answered: a pause from before that is over. */
  noteSuccess(accountId: string, model: string, since: number): void
  /** Until when the account does not serve the model, in milliseconds since the epoch; undefined: it does. */
  droppedUntil(accountId: string, model: string): number | undefined
  /** Until when nobody should ask for the model. */
  pausedUntil(model: string): number | undefined
  /** Of one account, after its settings have changed. */
  forget(accountId: string): void
  /** Ends the pauses of models for all accounts. */
  endPauses(): void
}

/** In milliseconds since the epoch. */
interface Pause {
  from: number
  until: number
}

export function createModelPauses({ now, random }: { now: () => number; random: () => number }): ModelPauses {
  const paused = new Map<string, Pause>()
  const dropped = new Map<string, Map<string, Pause>>()
  const lasting = (lengthMs: number): Pause => ({ from: now(), until: now() + lengthMs })
  const pending = (pause: Pause | undefined) =>
    pause !== undefined && pause.until > now() ? pause.until : undefined
  function endEarlier(pauses: Map<string, Pause> | undefined, model: string, since: number): void {
    const pause = pauses?.get(model)
    if (pause !== undefined && pause.from <= since) pauses?.delete(model)
  }

  return {
    note(accountId, model, failure) {
      const { effect } = policyOf(failure.kind)
      if (effect === 'pause-model' && pending(paused.get(model)) === undefined) {
        const pauseMs = LEAST_CAPACITY_MS + random() * (MOST_CAPACITY_MS - LEAST_CAPACITY_MS)
        paused.set(model, lasting(pauseMs))
      }
      if (effect === 'drop-model') {
        const models = dropped.get(accountId) ?? new Map<string, Pause>()
        dropped.set(accountId, models.set(model, lasting(DROPPED_MS)))
      }
    },
    noteSuccess(accountId, model, since) {
      endEarlier(paused, model, since)
      endEarlier(dropped.get(accountId), model, since)
    },
    droppedUntil: (accountId, model) => pending(dropped.get(accountId)?.get(model)),
    pausedUntil: (model) => pending(paused.get(model)),
    forget: (accountId) => void dropped.delete(accountId),
    endPauses: () => paused.clear(),
  }
}
