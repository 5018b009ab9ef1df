/**
 * The pace of refreshes that nobody waits for: few at once, evenly spread, in one process at a time. A thousand
 * accounts whose tokens are all due must neither look like an attack to the sign-in service nor delay requests.
 */
import type { Clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { Leases } from '../../background/leases.ts'
import { waitFor } from '../../background/wait-for.ts'
import { usualRefreshLimits, type RefreshLimits } from './refresh-limits.ts'

/** One refresh's place in the queue. */
export interface Turn {
  /** Resolves when it may begin; rejects with `refresh-unavailable` when the gateway stops. To be called once. */
  begin(): Promise<void>
  /** Somebody waits for it now: it begins at once, beside the queue. */
  hurry(): void
  /** It has ended. `called`: the sign-in service was asked, so the next one keeps its distance. */
  end(called: boolean): void
}

export interface RefreshPace {
  turn(): Turn
  /** Lets nobody begin any more. */
  close(): Promise<void>
}

interface RefreshPaceParts {
  leases: Leases
  processId: string
  clock: Clock
  limits?: Pick<RefreshLimits, 'mostAtOnce'>
}

/** At most four in any second, which leaves a fifth to those that requests ask for. */
const SPACING_MS = 300
const LEASE_NAME = 'background-refreshes'
const LEASE_MS = 10_000
const PROLONG_AFTER_MS = 4000
const LOOK_AGAIN_MS = 1000

interface Waiting {
  resolve: () => void
  reject: (error: GatewayError) => void
}

export function createRefreshPace(parts: RefreshPaceParts): RefreshPace {
  const { leases, processId, clock, limits = usualRefreshLimits } = parts
  const queue = new Set<Waiting>()
  const wakers = new Set<() => void>()
  const closing = new AbortController()
  let running = 0
  let earliest = Number.NEGATIVE_INFINITY
  let leasedAt = Number.NEGATIVE_INFINITY
  let serving: Promise<void> | undefined

  const wake = () => [...wakers].forEach((each) => each())
  const sleep = (delayMs: number) => waitFor(delayMs, { clock, signal: undefined, wakers })

  /** Lets one after the other begin until none waits. */
  async function serve(): Promise<void> {
    while (queue.size > 0 && !closing.signal.aborted) {
      const waitMs = earliest - clock.elapsed()
      if (waitMs > 0) await sleep(waitMs)
      else if (running >= limits.mostAtOnce) await sleep(LOOK_AGAIN_MS)
      else if (!(await leads())) await sleep(LOOK_AGAIN_MS)
      else letNextBegin()
    }
  }

  function letNextBegin(): void {
    const [next] = queue
    if (next === undefined || closing.signal.aborted) return
    queue.delete(next)
    running += 1
    earliest = clock.elapsed() + SPACING_MS
    next.resolve()
  }

  async function leads(): Promise<boolean> {
    const now = clock.elapsed()
    if (now - leasedAt < PROLONG_AFTER_MS) return true
    // Without a database nothing can be refreshed anyway.
    const taken = await leases.take(LEASE_NAME, { owner: processId, durationMs: LEASE_MS }).catch(() => false)
    leasedAt = taken ? now : Number.NEGATIVE_INFINITY
    return taken
  }

  async function serveAndRest(): Promise<void> {
    await serve()
    serving = undefined
    if (queue.size > 0 && !closing.signal.aborted) start()
  }

  function start(): void {
    serving ??= serveAndRest()
  }

  function turn(): Turn {
    let place: 'none' | 'queue' | 'running' | 'beside' = 'none'
    let waiting: Waiting | undefined
    return {
      async begin() {
        if (place === 'beside') return
        if (closing.signal.aborted) throw stopping()
        await new Promise<void>((resolve, reject) => {
          const admitted = () => {
            place = place === 'beside' ? place : 'running'
            resolve()
          }
          waiting = { resolve: admitted, reject }
          place = 'queue'
          queue.add(waiting)
          start()
        })
      },
      hurry() {
        if (place === 'running') return
        place = 'beside'
        if (waiting === undefined) return
        queue.delete(waiting)
        waiting.resolve()
      },
      end(called) {
        if (place !== 'running') return
        place = 'none'
        running -= 1
        if (!called) earliest = clock.elapsed()
        wake()
      },
    }
  }

  return {
    turn,
    async close() {
      closing.abort()
      queue.forEach(({ reject }) => reject(stopping()))
      queue.clear()
      wake()
      await serving
      if (leasedAt > Number.NEGATIVE_INFINITY) await leases.release(LEASE_NAME, processId).catch(() => {})
    },
  }
}

function stopping(): GatewayError {
  return new GatewayError('refresh-unavailable', 'The gateway stops.')
}
