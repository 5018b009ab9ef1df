/** The credits of an account: what its plan, free trial, bonuses and overage hold, and what was used of them. */
import { z } from 'zod'

/** A share of credits that is used up before the plan's own, and ends at a time. */
const grantShape = {
  limit: z.number().nonnegative(),
  used: z.number().nonnegative(),
  expiresAt: z.iso.datetime(),
}
const grantSchema = z.strictObject(grantShape)
const bonusSchema = z.strictObject({ ...grantShape, code: z.string() })
const overageSchema = z.strictObject({
  enabled: z.boolean(),
  /** Credits beyond the plan that may be used in a month. */
  cap: z.number().nonnegative(),
  used: z.number().nonnegative(),
})
const allowanceSchema = z.strictObject({
  subscription: z.enum(['FREE', 'PRO', 'PRO_PLUS', 'POWER']),
  /** Credits of the plan for a month. */
  limit: z.number().nonnegative(),
  used: z.number().nonnegative(),
  /** When plan and overage begin anew. */
  resetsAt: z.iso.datetime(),
  overage: overageSchema,
  freeTrial: grantSchema.nullable(),
  bonuses: z.array(bonusSchema).readonly(),
})

export const allowanceChangesSchema = allowanceSchema.extend({ overage: overageSchema.partial() }).partial()

export type Allowance = z.infer<typeof allowanceSchema>
export type Grant = z.infer<typeof grantSchema>
type AllowanceChanges = z.infer<typeof allowanceChangesSchema>

/** So much that nobody comes to its end who has not set a limit. */
const PLENTY = 1_000_000
const OVERAGE_CAP = 10_000

export function createAllowance(subscription: Allowance['subscription'], now: number): Allowance {
  return {
    subscription,
    limit: PLENTY,
    used: 0,
    resetsAt: startOfNextMonth(now),
    overage: { enabled: false, cap: OVERAGE_CAP, used: 0 },
    freeTrial: null,
    bonuses: [],
  }
}

export function changeAllowance(allowance: Allowance, changes: AllowanceChanges): Allowance {
  const { overage, freeTrial } = changes
  return {
    subscription: changes.subscription ?? allowance.subscription,
    limit: changes.limit ?? allowance.limit,
    used: changes.used ?? allowance.used,
    resetsAt: changes.resetsAt ?? allowance.resetsAt,
    overage: {
      enabled: overage?.enabled ?? allowance.overage.enabled,
      cap: overage?.cap ?? allowance.overage.cap,
      used: overage?.used ?? allowance.overage.used,
    },
    freeTrial: freeTrial === undefined ? allowance.freeTrial : freeTrial,
    bonuses: changes.bonuses ?? allowance.bonuses,
  }
}

/** The same, with a new month begun when the reset has come. */
export function renewAllowance(allowance: Allowance, now: number): Allowance {
  if (Date.parse(allowance.resetsAt) > now) return allowance
  const overage = { ...allowance.overage, used: 0 }
  return { ...allowance, used: 0, overage, resetsAt: startOfNextMonth(now) }
}

/** Which limit stands in the way of one more request. */
export function findExhausted(allowance: Allowance, now: number): 'plan' | 'overage' | undefined {
  const { limit, used, overage, freeTrial, bonuses } = allowance
  const granted = [freeTrial, ...bonuses].some((grant) => grant !== null && leftOf(grant, now) > 0)
  if (granted || used < limit) return undefined
  if (!overage.enabled) return 'plan'
  return overage.used < overage.cap ? undefined : 'overage'
}

/** Takes credits from what ends first: grants by their end, then the plan, then overage. The last may be overdrawn. */
export function spend(allowance: Allowance, credits: number, now: number): Allowance {
  let owed = credits
  function take(left: number): number {
    const taken = Math.min(left, owed)
    owed = precisely(owed - taken)
    return taken
  }
  const used = new Map<Grant, number>()
  const grants = [...(allowance.freeTrial === null ? [] : [allowance.freeTrial]), ...allowance.bonuses]
  for (const grant of grants.toSorted((a, b) => Date.parse(a.expiresAt) - Date.parse(b.expiresAt))) {
    used.set(grant, precisely(grant.used + take(leftOf(grant, now))))
  }
  const charge = <G extends Grant>(grant: G): G => ({ ...grant, used: used.get(grant) ?? grant.used })
  const ofPlan = take(Math.max(0, allowance.limit - allowance.used))
  const { overage } = allowance
  return {
    ...allowance,
    freeTrial: allowance.freeTrial && charge(allowance.freeTrial),
    bonuses: allowance.bonuses.map(charge),
    used: precisely(allowance.used + ofPlan + (overage.enabled ? 0 : owed)),
    overage: { ...overage, used: precisely(overage.used + (overage.enabled ? owed : 0)) },
  }
}

function leftOf({ limit, used, expiresAt }: Grant, now: number): number {
  return Date.parse(expiresAt) > now ? Math.max(0, limit - used) : 0
}

/** Without the dust of binary fractions. */
function precisely(credits: number): number {
  return Math.round(credits * 1e6) / 1e6
}

function startOfNextMonth(now: number): string {
  const date = new Date(now)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)).toISOString()
}
