/** Asks the primary process for slots of accounts, in a worker. */
import type { Slots } from '../accounts/slots/slots.ts'
import type { Cancel, Clock } from '../clock.ts'
import type { ToPrimary, ToWorker } from './messages.ts'

export interface AskedSlots {
  slots: Slots
  hear(message: Extract<ToWorker, { kind: 'slot' | 'slot-offered' }>): void
  /** There is nobody left to ask: whoever waits for an answer, or asks from now on, gets a slot. */
  goOnAlone(): void
}

interface AskedSlotsParts {
  tell: (message: ToPrimary) => void
  clock: Pick<Clock, 'after'>
}

interface Question {
  limit: number
  answer: (granted: boolean) => void
}

/** Requests that wait look again as soon as they are told; when none has taken the slot by then, none wants it. */
const OFFER_LASTS_MS = 50

export function createAskedSlots({ tell, clock }: AskedSlotsParts): AskedSlots {
  const questions = new Map<number, Question>()
  /** The limits at which accounts were refused. */
  const refused = new Map<string, number>()
  /** Slots that nobody has taken yet, by account; each is given back after a while. */
  const offers = new Map<string, Cancel[]>()
  const listeners: (() => void)[] = []
  let lastTurn = 0
  let isAlone = false

  function takeOffer(accountId: string): boolean {
    const cancel = offers.get(accountId)?.shift()
    cancel?.()
    return cancel !== undefined
  }

  function noteOffer(accountId: string): void {
    const cancel = clock.after(OFFER_LASTS_MS, () => {
      takeOffer(accountId)
      tell({ kind: 'release-slot', accountId })
    })
    offers.set(accountId, [...(offers.get(accountId) ?? []), cancel])
    refused.delete(accountId)
    listeners.forEach((listener) => listener())
  }

  function noteAnswer({ turn, accountId, granted }: Extract<ToWorker, { kind: 'slot' }>): void {
    const question = questions.get(turn)
    questions.delete(turn)
    // An offer that crossed the question on its way.
    const isGranted = granted || takeOffer(accountId)
    if (!isGranted && question !== undefined) refused.set(accountId, question.limit)
    question?.answer(isGranted)
  }

  return {
    slots: {
      take(accountId, limit) {
        if (isAlone || takeOffer(accountId)) return Promise.resolve(true)
        lastTurn += 1
        const turn = lastTurn
        return new Promise((answer) => {
          questions.set(turn, { limit, answer })
          tell({ kind: 'take-slot', turn, accountId, limit })
        })
      },
      release: (accountId) => tell({ kind: 'release-slot', accountId }),
      wasRefused: (accountId, limit) => refused.get(accountId) === limit,
      onRelease: (listener) => void listeners.push(listener),
    },
    hear(message) {
      if (message.kind === 'slot') noteAnswer(message)
      else noteOffer(message.accountId)
    },
    goOnAlone() {
      isAlone = true
      refused.clear()
      questions.forEach(({ answer }) => answer(true))
      questions.clear()
      listeners.forEach((listener) => listener())
    },
  }
}
