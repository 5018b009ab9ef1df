/** How long an account may be let rest. Pure. */
import type { Account, AccountChanges } from '../../api/types.ts'

export const pauseNames = ['pauseQuarter', 'pauseHour', 'pauseToReset'] as const
export type PauseName = (typeof pauseNames)[number]

/** What the gateway is asked for: spans by its own clock, as this one may be wrong. Undefined: nobody knows when its quota resets. */
export function pauseChanges({ quota }: Account, name: PauseName, now: number): AccountChanges | undefined {
  if (name !== 'pauseToReset') return { pauseSeconds: name === 'pauseHour' ? 3600 : 900 }
  const resetsAt = quota?.resetsAt ?? undefined
  return resetsAt === undefined || Date.parse(resetsAt) <= now ? undefined : { pausedUntil: resetsAt }
}
