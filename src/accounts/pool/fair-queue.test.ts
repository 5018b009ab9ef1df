import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { createFairQueue, type Answer } from './fair-queue.ts'

interface Setup {
  maxLength?: number
  limitOfKey?: (key: string) => number
  /** Free slots of each account at first. */
  slots?: Record<string, number>
}

interface Grant {
  key: string
  accountId: string
}

/** A queue before accounts with some slots each; requests are named by their key and a number. */
function start({
  maxLength = 100,
  limitOfKey = () => Number.POSITIVE_INFINITY,
  slots = { a: 0 },
}: Setup = {}) {
  const clock = createFakeClock()
  const free = new Map(Object.entries(slots))
  const served: string[] = []
  const queue = createFairQueue<Grant>({
    clock,
    limits: { maxWaiting: maxLength },
    limitOfKey,
    giveBack: end,
  })

  function end({ key, accountId }: Grant): void {
    free.set(accountId, (free.get(accountId) ?? 0) + 1)
    queue.release(key, accountId)
  }

  function take(name: string, wanted: readonly string[]): Grant | undefined {
    const accountId = wanted.find((id) => (free.get(id) ?? 0) > 0)
    if (accountId === undefined) return undefined
    free.set(accountId, (free.get(accountId) ?? 0) - 1)
    served.push(name)
    return { key: name.slice(0, 1), accountId }
  }

  return {
    clock,
    queue,
    free,
    served,
    end,
    ask: (name: string, { signal, waitMs = 5000, from = ['a', 'b'] }: Asking = {}): Promise<Answer<Grant>> =>
      queue.acquire({
        key: name.slice(0, 1),
        waitMs,
        signal,
        take: (id) =>
          take(
            name,
            from.filter((each) => id === undefined || each === id),
          ),
      }),
    open: (accountId: string, count = 1) => {
      free.set(accountId, (free.get(accountId) ?? 0) + count)
      queue.offer(accountId)
    },
  }
}

interface Asking {
  signal?: AbortSignal
  waitMs?: number
  /** Accounts that can serve it. */
  from?: string[]
}

const granted = (key: string, accountId = 'a') => ({ kind: 'granted', grant: { key, accountId } })
const failureOf = (answer: Promise<unknown>) => answer.catch((error: unknown) => error)
const tooMany = { failure: { kind: 'overloaded-here', retryAfterSeconds: 1 } }
const clientGone = { failure: { kind: 'client-gone' } }

describe('a request', () => {
  it('is served at once where there is room', async () => {
    const { queue, clock, ask } = start({ slots: { a: 1 } })
    expect(await ask('k1')).toEqual(granted('k'))
    expect([queue.waiting(), queue.inFlight('k'), clock.pending()]).toEqual([0, 1, 0])
  })

  it('waits for room, and leaves nothing behind', async () => {
    const { queue, clock, ask, open } = start()
    const answer = ask('k1')
    expect([queue.waiting(), queue.waiting('k'), queue.inFlight('k')]).toEqual([1, 1, 0])
    open('a')
    expect(await answer).toEqual(granted('k'))
    expect([queue.waiting(), queue.waiting('k'), queue.inFlight('k')]).toEqual([0, 0, 1])
    expect(clock.pending()).toBe(0)
  })

  it('gives up when its time is over', async () => {
    const { clock, queue, ask, open, served } = start()
    const answer = ask('k1')
    clock.advance(5000)
    expect(await answer).toEqual({ kind: 'too-late', because: 'none-ready' })
    open('a')
    expect([served, queue.waiting(), queue.inFlight('k')]).toEqual([[], 0, 0])
  })

  it('that has no time to wait is answered at once', async () => {
    const { ask, queue } = start({ maxLength: 0 })
    expect(await ask('k1', { waitMs: 0 })).toEqual({ kind: 'too-late', because: 'none-ready' })
    expect(queue.waiting()).toBe(0)
  })

  it('is told when it was its key that had no room', async () => {
    const { clock, ask } = start({ slots: { a: 2 }, limitOfKey: () => 1 })
    await ask('k1')
    const answer = ask('k2')
    clock.advance(5000)
    expect(await answer).toEqual({ kind: 'too-late', because: 'key-limit' })
  })

  it('is refused when too many wait', async () => {
    const { ask, queue } = start({ maxLength: 1 })
    void ask('k1')
    expect(await failureOf(ask('k2'))).toMatchObject(tooMany)
    expect(queue.waiting()).toBe(1)
  })

  it('takes the last place of a key that waits with more', async () => {
    const { ask, open, served } = start({ maxLength: 3 })
    const [, , last] = ['k1', 'k2', 'k3'].map((name) => failureOf(ask(name)))
    void ask('l1')
    expect(await last).toMatchObject(tooMany)
    expect(await failureOf(ask('l2'))).toMatchObject(tooMany)
    open('a', 3)
    expect(served).toEqual(['k1', 'l1', 'k2'])
  })
})

describe('keys', () => {
  it('take turns, and each serves whoever came first', () => {
    const { ask, open, served } = start()
    for (const name of ['k1', 'k2', 'k3', 'k4', 'l1', 'l2', 'm1']) void ask(name)
    open('a', 5)
    expect(served).toEqual(['k1', 'l1', 'm1', 'k2', 'l2'])
    open('a', 2)
    expect(served.slice(5)).toEqual(['k3', 'k4'])
  })

  it('keep within their limits, and go on when one of theirs has ended', async () => {
    const { ask, end, queue, served } = start({ slots: { a: 9 }, limitOfKey: (key) => (key === 'k' ? 2 : 9) })
    const first = await ask('k1')
    for (const name of ['k2', 'k3', 'k4', 'l1']) void ask(name)
    expect(served).toEqual(['k1', 'k2', 'l1'])
    expect(queue.inFlight('k')).toBe(2)
    end(first.kind === 'granted' ? first.grant : { key: '', accountId: '' })
    expect(served).toEqual(['k1', 'k2', 'l1', 'k3'])
    expect(queue.inFlight('k')).toBe(2)
  })

  it('go on with any free account, not only with the one that was freed', async () => {
    const { ask, end, served } = start({ slots: { a: 1, b: 1 }, limitOfKey: () => 1 })
    const first = await ask('k1')
    void ask('k2', { from: ['b'] })
    end(first.kind === 'granted' ? first.grant : { key: '', accountId: '' })
    expect(served).toEqual(['k1', 'k2'])
  })

  it('are not held up by a request that nothing can serve', () => {
    const { ask, open, served } = start()
    void ask('k1', { from: ['b'] })
    void ask('k2')
    open('a')
    expect(served).toEqual(['k2'])
    void ask('k3')
    open('b', 2)
    expect(served).toEqual(['k2', 'k1', 'k3'])
  })
})

describe('a client that leaves', () => {
  it('before it asks is not served', async () => {
    const { ask, served } = start({ slots: { a: 1 } })
    expect(await failureOf(ask('k1', { signal: AbortSignal.abort() }))).toMatchObject(clientGone)
    expect(served).toEqual([])
  })

  it('while it waits makes room at once', async () => {
    const { ask, queue, clock } = start()
    const client = new AbortController()
    const answer = failureOf(ask('k1', { signal: client.signal }))
    client.abort()
    expect([queue.waiting(), await answer]).toMatchObject([0, clientGone])
    expect(clock.pending()).toBe(0)
  })

  it('in the moment in which it is served gives back what it got, to the next one', async () => {
    const { ask, open, queue, served, free } = start()
    const client = new AbortController()
    const answer = failureOf(ask('k1', { signal: client.signal }))
    const next = ask('l1')
    open('a')
    client.abort()
    expect(await answer).toMatchObject(clientGone)
    expect(await next).toEqual(granted('l'))
    expect([served, free.get('a')]).toEqual([['k1', 'l1'], 0])
    expect([queue.inFlight('k'), queue.inFlight('l')]).toEqual([0, 1])
  })
})

interface Step {
  act: 'ask' | 'end' | 'abort' | 'open' | 'wait'
  key: string
  which: number
  /** Whether promises run before the next step. */
  isTickOver: boolean
}

const MOST_OPEN = 4
const KEYS = ['k', 'l', 'm']
const nextTick = () => new Promise((resolve) => setImmediate(resolve))

/** Plays the steps against one account; answers what then is held. */
async function play(steps: readonly Step[], { ask, end, open, clock }: ReturnType<typeof start>) {
  const clients: AbortController[] = []
  const held: Grant[] = []
  let opened = 0
  const keep = (answer: Answer<Grant>) => answer.kind === 'granted' && held.push(answer.grant)
  const acts: Record<Step['act'], (step: Step) => void> = {
    ask({ key }) {
      const client = new AbortController()
      const name = `${key}${clients.push(client)}`
      void ask(name, { signal: client.signal }).then(keep, () => {})
    },
    abort: ({ which }) => clients[which]?.abort(),
    end: ({ which }) => held.splice(which % Math.max(1, held.length), 1).forEach(end),
    wait: () => clock.advance(1000),
    open() {
      if (opened === MOST_OPEN) return
      opened += 1
      open('a')
    },
  }
  for (const step of steps) {
    acts[step.act](step)
    if (step.isTickOver) await nextTick()
  }
  await nextTick()
  return { held, opened }
}

it('keeps the limits, loses no slot, and lets nobody wait where there is room, whatever happens', async () => {
  const someStep = fc.record<Step>({
    act: fc.constantFrom('ask', 'ask', 'end', 'abort', 'open', 'wait'),
    key: fc.constantFrom(...KEYS),
    which: fc.nat({ max: 9 }),
    isTickOver: fc.boolean(),
  })
  const holds = fc.asyncProperty(fc.array(someStep, { maxLength: 40 }), async (steps) => {
    const gateway = start({ maxLength: 4, limitOfKey: () => 2 })
    const { queue, free, clock } = gateway
    const { held, opened } = await play(steps, gateway)
    const freeSlots = free.get('a') ?? 0
    expect(queue.waiting()).toBeLessThanOrEqual(4)
    expect(freeSlots + held.length).toBe(opened)
    for (const key of KEYS) {
      expect(queue.inFlight(key)).toBe(held.filter((grant) => grant.key === key).length)
      expect(queue.inFlight(key)).toBeLessThanOrEqual(2)
      const couldBeServed = queue.inFlight(key) < 2 && freeSlots > 0
      expect(couldBeServed ? queue.waiting(key) : 0).toBe(0)
    }
    clock.advance(5000)
    await nextTick()
    expect([queue.waiting(), clock.pending()]).toEqual([0, 0])
  })
  await fc.assert(holds, { numRuns: 200 })
})
