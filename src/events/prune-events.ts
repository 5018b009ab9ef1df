/** Forgets what is older than the operator wants it kept, now and then, in pieces that hold nobody up. */
import type { Clock } from '../clock.ts'
import type { ChainProblem } from './check-chain.ts'
import type { EventStore } from './event-store.ts'

const AT_ONCE = 1000
const EVERY_MS = 6 * 3_600_000
const DAY_MS = 86_400_000

interface PruningParts {
  store: Pick<EventStore, 'prune'>
  keeping: { readonly days: number }
  clock: Clock
  /** Told of what was wrong with entries that are gone now. */
  alarm: (problems: readonly ChainProblem[]) => void
  report: (error: unknown) => void
}

export interface Pruning {
  /** Forgets no more; resolves when what is under way has ended. */
  close(): Promise<void>
}

export function startPruning({ store, keeping, clock, alarm, report }: PruningParts): Pruning {
  let isClosed = false
  let cancel = clock.after(0, run)
  let running = Promise.resolve()

  function run(): void {
    running = prune()
      .catch(report)
      .finally(() => {
        if (!isClosed) cancel = clock.after(EVERY_MS, run)
      })
  }

  async function prune(): Promise<void> {
    const { count, problems } = await store.prune(new Date(clock.now() - keeping.days * DAY_MS), AT_ONCE)
    if (problems.length > 0) alarm(problems)
    if (count === AT_ONCE && !isClosed) await prune()
  }

  return {
    async close() {
      isClosed = true
      cancel()
      await running
    },
  }
}
