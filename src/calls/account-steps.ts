/** How requests went through each account, by the hour. Pure. */
import type { CallAttempt } from './call.ts'
import { addBins, binOf, type Bins } from './latency-bins.ts'

export interface AccountStep {
  accountId: string
  /** The hour's beginning, in milliseconds since the epoch. */
  at: number
  /** Attempts that ended and say something about the account. */
  requests: number
  /** Of them, those that went well, or failed for what the client sent. */
  ok: number
  /** From when they were sent through it. */
  firstTokens: Bins
}

export interface AccountSteps {
  count(attempt: CallAttempt, ended: { at: number; wentWell: boolean }): void
  add(steps: readonly AccountStep[]): void
  all(): AccountStep[]
}

const HOUR_MS = 3_600_000

export function createAccountSteps(): AccountSteps {
  const steps = new Map<string, AccountStep>()

  function stepAt(accountId: string, at: number): AccountStep {
    const key = `${at} ${accountId}`
    const known = steps.get(key)
    if (known !== undefined) return known
    const step = { accountId, at, requests: 0, ok: 0, firstTokens: new Map<number, number>() }
    steps.set(key, step)
    return step
  }

  return {
    count({ accountId, startedAt, firstContentAt }, { at, wentWell }) {
      const step = stepAt(accountId, at - (at % HOUR_MS))
      step.requests += 1
      if (wentWell) step.ok += 1
      if (firstContentAt === undefined) return
      const bin = binOf(firstContentAt - startedAt)
      step.firstTokens.set(bin, (step.firstTokens.get(bin) ?? 0) + 1)
    },
    add(more) {
      for (const each of more) addStep(stepAt(each.accountId, each.at), each)
    },
    all: () => [...steps.values()],
  }
}

/** `more` of the same account. */
export function addStep(to: Omit<AccountStep, 'at'>, more: Omit<AccountStep, 'at'>): void {
  to.requests += more.requests
  to.ok += more.ok
  addBins(to.firstTokens, more.firstTokens)
}
