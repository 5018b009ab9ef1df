/** Requests that wait for a free slot. Keys take turns, and within one key whoever came first is served first. */
import type { Clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { createInFlight } from '../slots/in-flight.ts'

export interface FairQueueParts<Grant> {
  clock: Clock
  /** Requests that wait at once, of all keys. */
  limits: { readonly maxWaiting: number }
  /** Requests of one key that are served at once. */
  limitOfKey: (key: string) => number
  /** Takes back what nobody will use any more: the client left in the same moment. It calls `release`, as every end of a grant does. */
  giveBack: (grant: Grant) => void
}

export interface Asker<Grant> {
  /** Who asks; fairness is between keys. */
  key: string
  /** Serves the request if that is possible now, by this account if one is named. */
  take(accountId?: string): Grant | undefined
  waitMs: number
  /** The request was served before, and goes on with what its key has under way: no limit of its key stops it halfway. */
  hasBegun?: boolean
  /** Ends the wait (`client-gone`). */
  signal?: AbortSignal | undefined
}

export type Answer<Grant> =
  | { kind: 'granted'; grant: Grant }
  /** The time is up: nothing could serve it, or its key had as many requests under way as it may. */
  | { kind: 'too-late'; because: 'none-ready' | 'key-limit' }

export interface FairQueue<Grant> {
  /**
   * At once where that is possible: what is free now is of no use to those who wait, as long as all of it is offered. Else
   * in turn. Throws `overloaded-here` when too many wait, and `client-gone`.
   */
  acquire(asker: Asker<Grant>): Promise<Answer<Grant>>
  /** To be called once for each grant, when it has ended and what it held is free again. */
  release(key: string, accountId?: string): void
  /** To be called whenever the account, or any, may have become ready: those who wait are served as far as that goes. */
  offer(accountId?: string): void
  /** Of one key, or of all. */
  waiting(key?: string): number
  inFlight(key: string): number
}

interface Waiter<Grant> {
  asker: Asker<Grant>
  resolve(answer: Answer<Grant>): void
  reject(error: GatewayError): void
}

export function createFairQueue<Grant>(parts: FairQueueParts<Grant>): FairQueue<Grant> {
  const { clock, limits, limitOfKey, giveBack } = parts
  /** By key; the key whose turn is next comes first, and no list is empty. */
  const lines = new Map<string, Waiter<Grant>[]>()
  const slots = createInFlight(limitOfKey)
  let length = 0

  function tryToServe(asker: Asker<Grant>, accountId?: string): Grant | undefined {
    if (asker.hasBegun !== true && !slots.hasRoom(asker.key)) return undefined
    const grant = asker.take(accountId)
    if (grant !== undefined) slots.add(asker.key)
    return grant
  }

  function tooLate(key: string): Answer<Grant> {
    return { kind: 'too-late', because: slots.hasRoom(key) ? 'none-ready' : 'key-limit' }
  }

  function leave(waiter: Waiter<Grant>): void {
    const { key } = waiter.asker
    const line = lines.get(key) ?? []
    const place = line.indexOf(waiter)
    if (place < 0) return
    line.splice(place, 1)
    length -= 1
    if (line.length === 0) lines.delete(key)
  }

  /** The first of a key's line that can be served: one that asks for a resting model does not hold up the others. */
  function serveOneOf(key: string, accountId: string | undefined): boolean {
    for (const waiter of lines.get(key) ?? []) {
      const grant = tryToServe(waiter.asker, accountId)
      if (grant === undefined) continue
      leave(waiter)
      const line = lines.get(key)
      if (line !== undefined) {
        lines.delete(key)
        lines.set(key, line)
      }
      waiter.resolve({ kind: 'granted', grant })
      return true
    }
    return false
  }

  function offer(accountId?: string): void {
    let isServed = length > 0
    while (isServed)
      isServed = [...lines.keys()].some((key) => slots.hasRoom(key) && serveOneOf(key, accountId))
  }

  /** Where a key waits with more requests than this one would, its last one makes room: no key can fill the queue alone. */
  function makeRoomFor(key: string): boolean {
    const own = lines.get(key)?.length ?? 0
    const longest = [...lines.values()].reduce((most, line) => (line.length > most.length ? line : most), [])
    const last = longest.at(-1)
    if (last === undefined || longest.length <= own + 1) return false
    leave(last)
    last.reject(tooManyWait())
    return true
  }

  async function wait(asker: Asker<Grant>): Promise<Answer<Grant>> {
    const { key, signal, waitMs } = asker
    const { promise, resolve, reject } = Promise.withResolvers<Answer<Grant>>()
    const waiter = { asker, resolve, reject }
    const onAbort = () => {
      leave(waiter)
      reject(clientGone())
    }
    const cancelTimer = clock.after(waitMs, () => {
      leave(waiter)
      resolve(tooLate(key))
    })
    signal?.addEventListener('abort', onAbort, { once: true })
    lines.set(key, [...(lines.get(key) ?? []), waiter])
    length += 1
    try {
      return await promise
    } finally {
      cancelTimer()
      signal?.removeEventListener('abort', onAbort)
    }
  }

  return {
    async acquire(asker) {
      const { key, signal, waitMs } = asker
      if (isAborted(signal)) throw clientGone()
      const grant = tryToServe(asker)
      if (grant !== undefined) return { kind: 'granted', grant }
      if (waitMs <= 0) return tooLate(key)
      if (length >= limits.maxWaiting && !makeRoomFor(key)) throw tooManyWait()
      const answer = await wait(asker)
      if (answer.kind === 'granted' && isAborted(signal)) {
        giveBack(answer.grant)
        throw clientGone()
      }
      return answer
    },
    release(key, accountId) {
      slots.giveBack(key)
      offer(accountId)
      // The key itself has room again, for whatever account is free.
      if (accountId !== undefined && lines.has(key)) serveOneOf(key, undefined)
    },
    offer,
    waiting: (key) => (key === undefined ? length : (lines.get(key)?.length ?? 0)),
    inFlight: (key) => slots.count(key),
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

function clientGone(): GatewayError {
  return new GatewayError('client-gone', 'The client left while its request waited.')
}

function tooManyWait(): GatewayError {
  return new GatewayError(
    'overloaded-here',
    'Too many requests wait for an Amazon Q account. Send the request again later.',
    { retryAfterSeconds: 1 },
  )
}
