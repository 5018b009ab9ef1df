/** Forgets kept answers whose time is over: now and then, in pieces that hold nobody up. */
import { repeatEvery } from '../background/repeat-every.ts'
import type { Clock } from '../clock.ts'
import type { KeptAnswerStore } from './kept-answer-store.ts'

const EVERY_MS = 60_000
const AT_ONCE = 25
const PAUSE_MS = 20
/** Of a round. */
const MOST_PIECES = 400

interface PruningParts {
  store: Pick<KeptAnswerStore, 'prune'>
  /** Of several processes one does it at a time. */
  isMyTurn: () => Promise<boolean>
  clock: Clock
  report: (error: unknown) => void
}

export interface KeptAnswerPruning {
  /** Forgets no more; resolves when what is under way has ended. */
  close(): Promise<void>
}

export function startKeptAnswerPruning({ store, isMyTurn, clock, report }: PruningParts): KeptAnswerPruning {
  let isClosed = false
  let goOn: (() => void) | undefined
  const repetition = repeatEvery(EVERY_MS, prune, { clock, report })

  async function prune(): Promise<void> {
    if (!(await isMyTurn())) return
    for (let pieces = 0; pieces < MOST_PIECES; pieces += 1) {
      if (isClosed) return
      const pruned = await store.prune(clock.now(), AT_ONCE)
      if (pruned < AT_ONCE) return
      await pause()
    }
  }

  function pause(): Promise<void> {
    if (isClosed) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = clock.after(PAUSE_MS, resolve)
      goOn = () => {
        cancel()
        resolve()
      }
    })
  }

  return {
    async close() {
      isClosed = true
      goOn?.()
      await repetition.close()
    },
  }
}
