/** A worker's tie to the primary process. */
import cluster from 'node:cluster'
import type { Slots } from '../accounts/slots.ts'
import type { Clock } from '../clock.ts'
import { createAskedSlots } from './asked-slots.ts'
import { toWorker, type ToPrimary } from './messages.ts'
import { PLACE_VARIABLE, readPlace, type Place } from './place.ts'

export interface PrimaryTie {
  place: Place
  slots: Slots
  tellReady(url: string): void
  /** Calls `stop` when the primary says so, or has ended; at once when that was before. */
  onStop(stop: (reason: string) => void): void
}

/** Undefined: this process is none of several. */
export function findPrimary(environment: NodeJS.ProcessEnv, clock: Clock): PrimaryTie | undefined {
  const { worker } = cluster
  if (worker === undefined) return undefined
  // Unheard, a message that cannot be delivered would end the process; that the primary has ended is told otherwise.
  const tell = (message: ToPrimary) => void worker.send(message, () => {})
  const asked = createAskedSlots({ tell, clock })
  let stopReason: string | undefined
  let onStop: ((reason: string) => void) | undefined
  const stop = (reason: string) => {
    stopReason = reason
    onStop?.(reason)
  }

  worker.on('message', (sent: unknown) => {
    const { data: message } = toWorker.safeParse(sent)
    if (message?.kind === 'stop') stop('the primary process stops')
    else if (message !== undefined) asked.hear(message)
  })
  worker.once('disconnect', () => {
    asked.goOnAlone()
    if (onStop === undefined) return
    // Without this Node ends the process here and now, with all its open answers.
    worker.exitedAfterDisconnect = true
    stop('the primary process has ended')
  })

  return {
    place: readPlace(environment[PLACE_VARIABLE]),
    slots: asked.slots,
    tellReady: (url) => tell({ kind: 'ready', url }),
    onStop(listener) {
      onStop = listener
      if (stopReason !== undefined) listener(stopReason)
    },
  }
}
