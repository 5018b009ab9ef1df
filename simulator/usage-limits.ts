/** GetUsageLimits: its input, and the allowance of an account in the words and the date spelling of the service. */
import { z } from 'zod'
import type { Allowance, Grant } from './allowance.ts'
import { originSchema } from './rules/shape.ts'
import type { Switches } from './switches.ts'
import type { Traits } from './traits.ts'
import { unreachable } from './unreachable.ts'

declare global {
  interface JSON {
    /** A value that JSON.stringify writes as it stands. The library of the compiler does not know it yet. */
    rawJSON(text: string): object
  }
}

const requestSchema = z.strictObject({
  profileArn: z.string().optional(),
  origin: originSchema.optional(),
  resourceType: z.enum(['AGENTIC_REQUEST', 'CREDIT', 'SPEC', 'VIBE']).optional(),
  isEmailRequired: z.union([z.boolean(), z.literal(['true', 'false'])]).optional(),
})

interface UsageLimitsRequest {
  resourceType: string
  withEmail: boolean
}

/** Undefined when the service would refuse it. */
export function usageLimitsRequest(input: unknown): UsageLimitsRequest | undefined {
  const { data } = requestSchema.safeParse(
    input instanceof URLSearchParams ? Object.fromEntries(input) : input,
  )
  return (
    data && {
      resourceType: data.resourceType ?? 'CREDIT',
      withEmail: String(data.isEmailRequired) === 'true',
    }
  )
}

/** How a point in time, in milliseconds since the epoch, is written into JSON. */
type Spell = (time: number) => unknown

interface Surroundings {
  asked: UsageLimitsRequest
  now: number
  dateSpelling: Switches['dateSpelling']
}

const OVERAGE_DOLLARS_PER_CREDIT = 0.04
const DAY_MS = 24 * 3600 * 1000

/** The body of an answer. `allowance` is renewed already. */
export function describeUsage(
  { identity, allowance }: Pick<Traits, 'identity' | 'allowance'>,
  { asked, now, dateSpelling }: Surroundings,
): object {
  const { subscription, overage, resetsAt } = allowance
  const spell = spellingOf(dateSpelling)
  const reset = Date.parse(resetsAt)
  return {
    daysUntilReset: Math.ceil((reset - now) / DAY_MS),
    nextDateReset: spell(reset),
    overageConfiguration: {
      overageStatus: overage.enabled ? 'ENABLED' : 'DISABLED',
      overageLimit: overage.cap,
    },
    subscriptionInfo: {
      type: `Q_DEVELOPER_STANDALONE_${subscription}`,
      subscriptionTitle: `KIRO ${subscription.replace('_PLUS', '+')}`,
      upgradeCapability: 'UPGRADE_CAPABLE',
      overageCapability: subscription === 'FREE' ? 'OVERAGE_INCAPABLE' : 'OVERAGE_CAPABLE',
      subscriptionManagementTarget: subscription === 'FREE' ? 'PURCHASE' : 'MANAGE',
    },
    usageBreakdownList: [describeBreakdown(allowance, { resourceType: asked.resourceType, spell, now })],
    userInfo: { userId: identity.userId, ...(asked.withEmail && { email: identity.email }) },
  }
}

interface Telling {
  resourceType: string
  spell: Spell
  now: number
}

function describeBreakdown(allowance: Allowance, { resourceType, spell, now }: Telling) {
  const { limit, used, overage, freeTrial, bonuses, resetsAt } = allowance
  return {
    resourceType,
    displayName: 'Credit',
    displayNamePlural: 'Credits',
    unit: 'INVOCATIONS',
    currency: 'USD',
    ...figures(used, limit),
    currentOverages: Math.floor(overage.used),
    currentOveragesWithPrecision: overage.used,
    overageCap: overage.cap,
    overageCapWithPrecision: overage.cap,
    overageCharges: overage.used * OVERAGE_DOLLARS_PER_CREDIT,
    overageRate: OVERAGE_DOLLARS_PER_CREDIT,
    nextDateReset: spell(Date.parse(resetsAt)),
    ...(freeTrial && { freeTrialInfo: describeTrial(freeTrial, { spell, now }) }),
    bonuses: bonuses.map(({ code, expiresAt, ...bonus }) => ({
      bonusCode: code,
      displayName: code,
      description: `Bonus ${code}, simulated`,
      status: statusOf({ ...bonus, expiresAt }, now),
      expiresAt: spell(Date.parse(expiresAt)),
      currentUsage: bonus.used,
      usageLimit: bonus.limit,
    })),
  }
}

function describeTrial(trial: Grant, { spell, now }: Pick<Telling, 'spell' | 'now'>) {
  return {
    freeTrialStatus: Date.parse(trial.expiresAt) > now ? 'ACTIVE' : 'EXPIRED',
    freeTrialExpiry: spell(Date.parse(trial.expiresAt)),
    ...figures(trial.used, trial.limit),
  }
}

function figures(used: number, limit: number) {
  return {
    currentUsage: Math.floor(used),
    currentUsageWithPrecision: used,
    usageLimit: Math.floor(limit),
    usageLimitWithPrecision: limit,
  }
}

function statusOf({ limit, used, expiresAt }: Grant, now: number): string {
  if (Date.parse(expiresAt) <= now) return 'EXPIRED'
  return used < limit ? 'ACTIVE' : 'EXHAUSTED'
}

function spellingOf(dateSpelling: Switches['dateSpelling']): Spell {
  switch (dateSpelling) {
    case 'epoch-seconds':
      return (time) => time / 1000
    case 'scientific':
      return (time) => JSON.rawJSON((time / 1000).toExponential().replace('e+', 'E'))
    case 'iso':
      return (time) => new Date(time).toISOString()
    default:
      return unreachable(dateSpelling)
  }
}
