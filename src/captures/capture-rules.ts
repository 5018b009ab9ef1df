/** The rules as they are in memory: no request waits for the database. They follow it, as other processes change them too. */
import { repeatEvery } from '../background/repeat-every.ts'
import type { Clock } from '../clock.ts'
import type { CaptureRule, RulesInForce } from './capture-rule.ts'
import type { CaptureStore } from './capture-store.ts'

const EVERY_MS = 1000

export interface CaptureRules {
  inForce(): RulesInForce
  /** Until the last one ends; undefined: none is in force. */
  secondsLeft(): number | undefined
  /** What was stored before the call is heeded when it resolves. */
  reload(): Promise<void>
  close(): Promise<void>
}

interface CaptureRulesParts {
  store: Pick<CaptureStore, 'readRevision' | 'listRules'>
  clock: Clock
  /** Told when they cannot be read, once until they can be again. */
  report: (error: unknown) => void
}

export async function followCaptureRules({ store, clock, report }: CaptureRulesParts): Promise<CaptureRules> {
  let known: readonly CaptureRule[] = []
  let rules: RulesInForce
  // Nobody has ever made one: there may be no table for them yet, under a gateway of an earlier version.
  let revision = 0
  let reading = Promise.resolve()

  function dropEnded(): void {
    const left = known.filter(({ endsAt }) => endsAt > clock.now())
    rules = left.length === 0 ? undefined : left
  }

  async function read(): Promise<void> {
    // Before the rules: they are as new as that, or newer.
    const stored = await store.readRevision()
    if (stored !== revision) known = await store.listRules()
    revision = stored
    dropEnded()
  }

  /** One after the other, so that what was read last was read latest. */
  function readInTurn(): Promise<void> {
    const turn = reading.then(read)
    reading = turn.catch(() => {})
    return turn
  }

  await readInTurn()
  const repetition = repeatEvery(
    EVERY_MS,
    // What has ended ends also where the database cannot be read.
    () => readInTurn().finally(dropEnded),
    { clock, report },
  )
  return {
    inForce: () => rules,
    secondsLeft() {
      const lastEnd = Math.max(...(rules ?? []).map(({ endsAt }) => endsAt))
      const leftMs = lastEnd - clock.now()
      return leftMs > 0 ? Math.ceil(leftMs / 1000) : undefined
    },
    reload: readInTurn,
    close: () => repetition.close(),
  }
}
