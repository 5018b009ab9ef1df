/** Asks the primary process for slots of accounts, in a worker. */
import type { Slots } from '../accounts/slots.ts'
import type { ToPrimary, ToWorker } from './messages.ts'

export interface AskedSlots {
  slots: Slots
  hear(message: Extract<ToWorker, { kind: 'slot' | 'slot-released' }>): void
  /** There is nobody left to ask: whoever waits for an answer, or asks from now on, gets a slot. */
  goOnAlone(): void
}

export function createAskedSlots(tell: (message: ToPrimary) => void): AskedSlots {
  const waiting = new Map<number, (granted: boolean) => void>()
  const takenElsewhere = new Set<string>()
  const listeners: (() => void)[] = []
  let lastTurn = 0
  let isAlone = false

  return {
    slots: {
      take(accountId, limit) {
        if (isAlone) return Promise.resolve(true)
        lastTurn += 1
        const turn = lastTurn
        return new Promise((resolve) => {
          waiting.set(turn, resolve)
          tell({ kind: 'take-slot', turn, accountId, limit })
        })
      },
      release: (accountId) => tell({ kind: 'release-slot', accountId }),
      areTaken: (accountId) => takenElsewhere.has(accountId),
      onRelease: (listener) => void listeners.push(listener),
    },
    hear(message) {
      const { accountId } = message
      if (message.kind === 'slot') {
        if (!message.granted) takenElsewhere.add(accountId)
        waiting.get(message.turn)?.(message.granted)
        waiting.delete(message.turn)
      } else {
        takenElsewhere.delete(accountId)
        listeners.forEach((listener) => listener())
      }
    },
    goOnAlone() {
      isAlone = true
      takenElsewhere.clear()
      waiting.forEach((resolve) => resolve(true))
      waiting.clear()
      listeners.forEach((listener) => listener())
    },
  }
}
