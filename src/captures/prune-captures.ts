/** Ends rules whose time is over, so that this is on record, and forgets bodies that have expired. */
import { repeatEvery, type Repetition } from '../background/repeat-every.ts'
import type { Clock } from '../clock.ts'
import { tellEnd } from './capture-desk.ts'
import type { CaptureStore } from './capture-store.ts'

const EVERY_MS = 60_000

interface PruningParts {
  store: Pick<CaptureStore, 'endRules' | 'prune'>
  keepMs: number
  /** Of several processes one does it at a time. */
  isMyTurn: () => Promise<boolean>
  clock: Clock
  report: (error: unknown) => void
}

export function startCapturePruning(parts: PruningParts): Pick<Repetition, 'close'> {
  const { store, keepMs, isMyTurn, clock, report } = parts

  async function prune(): Promise<void> {
    if (!(await isMyTurn())) return
    const now = clock.now()
    await store.endRules(now, (rule) => tellEnd(rule))
    await store.prune(now, now - keepMs)
  }

  return repeatEvery(EVERY_MS, prune, { clock, report })
}
