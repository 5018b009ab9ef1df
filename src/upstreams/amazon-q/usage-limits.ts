/** Reads the answer of GetUsageLimits (protocol 6.2), in which everything is optional and may be spelled in several ways. Pure. */

import * as z from 'zod'
import type { CreditSource, Overage, Quota } from '../../accounts/quota.ts'
import { parseJsonObject } from '../../conversation/parse-json.ts'
import type { AccountFacts } from '../upstream.ts'

const MAX_TEXT_LENGTH = 320
const MOST_ENTRIES = 100

/** One line that may be shown and stored; what is none counts as absent. */
const line = z
  .string()
  .trim()
  .min(1)
  .max(MAX_TEXT_LENGTH)
  .regex(/^\P{C}+$/u)
  .nullish()
  .catch(null)

const amount = z.number().nonnegative().nullish().catch(null)

/** Seconds above this are taken for milliseconds. */
const MOST_SECONDS = 1e11
const EARLIEST = Date.UTC(2000)
const LATEST = Date.UTC(2200)

/** Epoch seconds as a number or as text, with a fraction or an exponent, or ISO 8601. What is no likely date counts as absent. */
const instant = z.union([z.number(), z.string()]).transform(toInstant).nullish().catch(null)

const trial = z.looseObject({
  freeTrialStatus: line,
  freeTrialExpiry: instant,
  currentUsage: amount,
  currentUsageWithPrecision: amount,
  usageLimit: amount,
  usageLimitWithPrecision: amount,
})

const bonus = z.looseObject({
  status: line,
  displayName: line,
  bonusCode: line,
  expiresAt: instant,
  currentUsage: amount,
  currentUsageWithPrecision: amount,
  usageLimit: amount,
  usageLimitWithPrecision: amount,
})

const breakdown = z.looseObject({
  resourceType: line,
  currentUsage: amount,
  currentUsageWithPrecision: amount,
  usageLimit: amount,
  usageLimitWithPrecision: amount,
  currentOverages: amount,
  currentOveragesWithPrecision: amount,
  overageCap: amount,
  overageCapWithPrecision: amount,
  nextDateReset: instant,
  freeTrialInfo: trial.nullish().catch(null),
  bonuses: listOf(bonus),
})
type Breakdown = z.infer<typeof breakdown>

const limit = z.looseObject({ type: line, currentUsage: amount, totalUsageLimit: amount })

const usageLimits = z.looseObject({
  userInfo: z.looseObject({ userId: line, email: line }).nullish().catch(null),
  subscriptionInfo: z.looseObject({ subscriptionTitle: line, type: line }).nullish().catch(null),
  nextDateReset: instant,
  usageBreakdownList: listOf(breakdown),
  usageBreakdown: listOf(breakdown),
  limits: listOf(limit),
  overageConfiguration: z.looseObject({ overageStatus: line, overageLimit: amount }).nullish().catch(null),
})
type UsageLimits = z.infer<typeof usageLimits>

/** Undefined when the body is no JSON object. */
export function readUsageLimits(body: string): UsageLimits | undefined {
  return usageLimits.safeParse(parseJsonObject(body)).data
}

export function factsOf({ userInfo, subscriptionInfo }: UsageLimits): AccountFacts {
  const plan = subscriptionInfo?.subscriptionTitle ?? subscriptionInfo?.type
  return {
    ...(userInfo?.userId != null && { userId: userInfo.userId }),
    ...(userInfo?.email != null && { email: userInfo.email }),
    ...(plan != null && { plan }),
  }
}

/** What is not told is left out: unknown, and never "used up". */
export function quotaOf(limits: UsageLimits, readAt: Date): Quota {
  const told = breakdownOf(limits)
  const overage = overageOf(limits, told)
  const { plan } = factsOf(limits)
  return {
    readAt,
    ...(plan !== undefined && { planName: plan }),
    sources: told === undefined ? [] : sourcesOf(told, limits.nextDateReset ?? undefined),
    ...(overage !== undefined && { overage }),
  }
}

/** By what a chat is charged, the best first. An answer may tell of completions and transformations as well. */
const CHARGED_TYPES = ['CREDIT', 'AGENTIC_REQUEST', 'VIBE', 'AI_EDITOR']

/** The entry for chats, in whichever of the three lists there is one. */
function breakdownOf({ usageBreakdownList, usageBreakdown, limits }: UsageLimits): Breakdown | undefined {
  const entries = [...usageBreakdownList, ...usageBreakdown]
  const ofType = (wanted: string) => entries.find(({ resourceType }) => resourceType === wanted)
  const charged = CHARGED_TYPES.flatMap((wanted) => ofType(wanted) ?? [])
  const [found] = [...charged, ...entries.filter(({ resourceType }) => resourceType == null)]
  if (found !== undefined) return found
  const oldForm = CHARGED_TYPES.map((wanted) => limits.find(({ type }) => type === wanted)).find(Boolean)
  if (oldForm === undefined) return undefined
  const { currentUsage, totalUsageLimit } = oldForm
  return breakdown.parse({ currentUsage, usageLimit: totalUsageLimit })
}

/** What is used up but not over is shown; any other word is no reason to doubt the figures. */
const OVER = 'EXPIRED'

function sourcesOf(told: Breakdown, reset: Date | undefined): CreditSource[] {
  const { freeTrialInfo, bonuses } = told
  return [
    ...purse('plan', told, { endsAt: told.nextDateReset ?? reset }),
    ...(freeTrialInfo == null || freeTrialInfo.freeTrialStatus === OVER
      ? []
      : purse('free-trial', freeTrialInfo, { endsAt: freeTrialInfo.freeTrialExpiry })),
    ...bonuses.flatMap((each) =>
      each.status === OVER
        ? []
        : purse('bonus', each, { endsAt: each.expiresAt, name: each.displayName ?? each.bonusCode }),
    ),
  ]
}

type Figures = Pick<
  Breakdown,
  'currentUsage' | 'currentUsageWithPrecision' | 'usageLimit' | 'usageLimitWithPrecision'
>

/** Nothing where either figure is missing: what is left is not known then. */
function purse(
  kind: CreditSource['kind'],
  figures: Figures,
  { endsAt, name }: { endsAt: Date | null | undefined; name?: string | null | undefined },
): CreditSource[] {
  const used = figures.currentUsageWithPrecision ?? figures.currentUsage
  const most = figures.usageLimitWithPrecision ?? figures.usageLimit
  if (used == null || most == null) return []
  return [{ kind, used, limit: most, ...(name != null && { name }), ...(endsAt != null && { endsAt }) }]
}

/** A cap of zero is taken for none that is told: whoever allows overage means to use some. */
function overageOf({ overageConfiguration }: UsageLimits, told: Breakdown | undefined): Overage | undefined {
  const status = overageConfiguration?.overageStatus
  if (status == null) return undefined
  const cap = told?.overageCapWithPrecision ?? told?.overageCap ?? overageConfiguration?.overageLimit ?? 0
  return {
    isAllowed: status === 'ENABLED',
    used: told?.currentOveragesWithPrecision ?? told?.currentOverages ?? 0,
    ...(cap > 0 && { cap }),
  }
}

function toInstant(value: number | string): Date | undefined {
  const seconds = typeof value === 'number' ? value : Number(value.trim() || 'none')
  const time = Number.isFinite(seconds)
    ? seconds * (Math.abs(seconds) > MOST_SECONDS ? 1 : 1000)
    : Date.parse(String(value))
  return time > EARLIEST && time < LATEST ? new Date(time) : undefined
}

/** A list, or the one entry that should stand in one; entries that are none are passed over. */
function listOf<S extends z.ZodType>(entry: S) {
  return z.preprocess((value) => {
    const entries: unknown[] = Array.isArray(value) ? value : [value]
    return entries.slice(0, MOST_ENTRIES).flatMap((each) => entry.safeParse(each).data ?? [])
  }, z.array(z.custom<z.output<S>>()))
}
