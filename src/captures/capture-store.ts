import type { Happening } from '../events/event.ts'
import type { CaptureRule, CaptureScope, CountedRule } from './capture-rule.ts'
import type { CapturedCall } from './captured-body.ts'

export interface CaptureCounts {
  captured: number
  dropped: number
}

export interface CaptureBounds {
  mostCalls: number
  /** As they are stored. */
  mostBytes: number
}

export interface KeptSummary {
  calls: number
  bytes: number
  /** Milliseconds since the epoch; undefined: none is kept. */
  oldestAt: number | undefined
  /** The latest first. */
  callIds: string[]
}

/** Where rules and bodies lie. What operators do is recorded with it: both are there, or neither. */
export interface CaptureStore {
  /** Counts the changes of rules by all processes. */
  readRevision(): Promise<number>
  listRules(): Promise<CountedRule[]>
  /** In place of the one of its scope. */
  putRule(rule: CaptureRule, happening: Happening): Promise<void>
  /** False: there is none of that scope. */
  removeRule(scope: CaptureScope, tell: (rule: CountedRule) => Happening): Promise<boolean>
  /** Takes away those whose time is over. */
  endRules(now: number, tell: (rule: CountedRule) => Happening): Promise<void>
  /** Adds calls and counts; the oldest go where there are too many. What had ended when all was forgotten is left out. */
  insert(
    calls: readonly CapturedCall[],
    counts: ReadonlyMap<CaptureScope, CaptureCounts>,
    bounds: CaptureBounds,
  ): Promise<void>
  summarize(now: number): Promise<KeptSummary>
  /** Undefined: there is none, or its time is over. Throws a SealError when it was damaged or moved. */
  find(id: string, now: number): Promise<CapturedCall | undefined>
  /** Forgets all, also what another process has yet to add of what has ended until now. Answers how many there were. */
  purge(now: number, tell: (calls: number) => Happening): Promise<number>
  /** Forgets those whose time is over, and those from before `madeBefore`. */
  prune(now: number, madeBefore: number): Promise<void>
}
