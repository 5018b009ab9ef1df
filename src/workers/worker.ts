/** A worker's tie to the primary process. */
import cluster from 'node:cluster'
import type { Slots } from '../accounts/slots/slots.ts'
import type { Clock } from '../clock.ts'
import { createAskedSlots } from './asked-slots.ts'
import { toWorker, type ToPrimary } from './messages.ts'
import { PLACE_VARIABLE, readPlace, type Place } from './place.ts'
import { readSettings, SETTINGS_VARIABLE } from './settings-of-others.ts'

export interface PrimaryTie {
  place: Place
  slots: Slots
  /** Settings with which the others have begun; undefined: this is the first one. */
  joinedSettings: ReadonlyMap<string, string> | undefined
  tellReady(started: { url: string; settingsAtStart: ReadonlyMap<string, string> }): void
  /** Resolves when the primary can read it, or has ended. */
  tellFailure(reason: string): Promise<void>
  /** Calls `listener` when the primary says so, or has ended; at once when that was before. */
  onStop(listener: (reason: string) => void): void
}

/** Undefined: this process is none of several. It may be a worker of some other program, which is none of its business. */
export function findPrimary(environment: NodeJS.ProcessEnv, clock: Clock): PrimaryTie | undefined {
  const { worker } = cluster
  const place = environment[PLACE_VARIABLE]
  if (worker === undefined || place === undefined) return undefined
  // Unheard, a message that cannot be delivered would end the process; that the primary has ended is told otherwise.
  const tell = (message: ToPrimary) =>
    new Promise<void>((resolve) => void worker.send(message, () => resolve()))
  const asked = createAskedSlots({ tell: (message) => void tell(message), clock })
  let stopReason: string | undefined
  let stopListener: ((reason: string) => void) | undefined
  const stop = (reason: string) => {
    stopReason = reason
    stopListener?.(reason)
  }

  worker.on('message', (sent: unknown) => {
    const { data: message } = toWorker.safeParse(sent)
    if (message?.kind === 'stop') stop('the primary process stops')
    else if (message !== undefined) asked.hear(message)
  })
  worker.once('disconnect', () => {
    asked.goOnAlone()
    if (stopListener === undefined) return
    // Without this Node ends the process here and now, with all its open answers.
    worker.exitedAfterDisconnect = true
    stop('the primary process has ended')
  })

  return {
    place: readPlace(place),
    slots: asked.slots,
    joinedSettings: readSettings(environment[SETTINGS_VARIABLE]),
    tellReady: ({ url, settingsAtStart }) =>
      void tell({ kind: 'ready', url, settings: Object.fromEntries(settingsAtStart) }),
    tellFailure: (reason) => tell({ kind: 'failed', reason }),
    onStop(listener) {
      stopListener = listener
      if (stopReason !== undefined) listener(stopReason)
    },
  }
}
