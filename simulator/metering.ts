/** What answers cost: each one that begins is paid for, and an account without credits is told so. */
import { findExhausted, renewAllowance, spend } from './allowance.ts'
import type { Refusal } from './refusal.ts'
import { refusals } from './replies/refusals.ts'
import type { Step } from './replies/steps.ts'
import type { Switches } from './switches.ts'
import type { Traits } from './traits.ts'

interface Payer {
  traits: Traits
}

/** Begins a new month when it is time. Undefined: there are credits for one more request. */
export function refuseForQuota(account: Payer, now: number): Refusal | undefined {
  renewTraits(account, now)
  const exhausted = findExhausted(account.traits.allowance, now)
  if (exhausted === undefined) return undefined
  return exhausted === 'plan' ? refusals['monthly-limit'] : refusals['overage-limit']
}

export function renewTraits(account: Payer, now: number): void {
  const allowance = renewAllowance(account.traits.allowance, now)
  account.traits = { ...account.traits, allowance }
}

export function costOf({ traits }: Payer, { creditsPerRequest }: Switches): number {
  return traits.creditsPerRequest ?? creditsPerRequest
}

export function pay(account: Payer, credits: number, now: number): void {
  account.traits = { ...account.traits, allowance: spend(account.traits.allowance, credits, now) }
}

/** The same answer; where it tells what it cost, it tells these credits. */
export function withCredits(steps: readonly Step[], credits: number): readonly Step[] {
  return steps.map((step) =>
    step.step === 'event' && step.eventType === 'meteringEvent'
      ? { ...step, payload: { ...Object(step.payload), usage: credits } }
      : step,
  )
}
