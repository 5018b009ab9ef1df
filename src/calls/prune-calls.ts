/** Forgets calls that are older, or more, than the operator wants kept: now and then, in pieces that hold nobody up. */
import type { Clock } from '../clock.ts'
import type { CallStore } from './traffic-store.ts'

const AT_ONCE = 250
const PAUSE_MS = 20
const EVERY_MS = 60_000
/** Of a round: more than anybody adds in the time between two. */
const MOST_PIECES = 400
/** To count all takes time; so seldom, more than are to be kept may be there meanwhile. */
const COUNT_EVERY_MS = 15 * 60_000
const DAY_MS = 86_400_000

/** Of either, 0: none is kept. Read at each use. */
export interface CallKeeping {
  readonly days: number
  readonly rows: number
}

interface CallPruningParts {
  store: Pick<CallStore, 'count' | 'prune'>
  keeping: CallKeeping
  /** Of several processes one does it at a time: what two have counted they would forget twice. */
  isMyTurn: () => Promise<boolean>
  clock: Clock
  report: (error: unknown) => void
}

export interface CallPruning {
  /** Forgets no more; resolves when what is under way has ended. */
  close(): Promise<void>
}

export function startCallPruning(parts: CallPruningParts): CallPruning {
  const { store, keeping, isMyTurn, clock, report } = parts
  let isClosed = false
  let cancel = clock.after(0, run)
  let resume: (() => void) | undefined
  let running = Promise.resolve()
  let countedAt = Number.NEGATIVE_INFINITY
  let tooMany = 0

  function run(): void {
    running = prune()
      .catch(report)
      .finally(() => {
        if (!isClosed) cancel = clock.after(EVERY_MS, run)
      })
  }

  async function prune(): Promise<void> {
    if (!(await isMyTurn())) return
    for (let pieces = 0; pieces < MOST_PIECES; pieces += 1) {
      if (isClosed) return
      const pruned = (await pruneOld()) || (await pruneExcess())
      if (pruned === 0) return
      await pause()
    }
  }

  function pruneOld(): Promise<number> {
    return store.prune({ before: clock.now() - keeping.days * DAY_MS }, AT_ONCE)
  }

  async function pruneExcess(): Promise<number> {
    if (clock.elapsed() - countedAt >= COUNT_EVERY_MS) {
      countedAt = clock.elapsed()
      tooMany = (await store.count()) - keeping.rows
    }
    if (tooMany <= 0) return 0
    const pruned = await store.prune({}, Math.min(tooMany, AT_ONCE))
    tooMany -= pruned
    return pruned
  }

  function pause(): Promise<void> {
    if (isClosed) return Promise.resolve()
    return new Promise((resolve) => {
      cancel = clock.after(PAUSE_MS, resolve)
      resume = resolve
    })
  }
  return {
    async close() {
      isClosed = true
      cancel()
      resume?.()
      await running
    },
  }
}
