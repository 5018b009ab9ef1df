/** What an account may still spend. The unit is the service's credit; what nobody told is unknown, and never "used up". */

/** One purse of credits. */
export interface CreditSource {
  kind: 'plan' | 'free-trial' | 'bonus'
  name?: string
  used: number
  limit: number
  /** When what is left of it lapses; that of the plan is renewed then. */
  endsAt?: Date
}

/** What is spent beyond the credits, for money. */
export interface Overage {
  isAllowed: boolean
  used: number
  /** Absent: as much as one likes. */
  cap?: number
}

export interface Quota {
  readAt: Date
  planName?: string
  /** Empty: the service did not tell. */
  sources: readonly CreditSource[]
  overage?: Overage
}

/** What had been spent of the account's credits in the current period, as read at a moment. */
export interface CreditSample {
  at: Date
  used: number
}

/** `lasts`: at this pace the plan's credits are renewed first, or there is no end of what may be spent. */
export type Forecast =
  | { kind: 'runs-out'; at: Date; creditsPerDay: number }
  | { kind: 'lasts'; creditsPerDay: number }

const DAY_MS = 86_400_000
const WINDOW_MS = 7 * DAY_MS
const LEAST_SPAN_MS = DAY_MS

/** When the plan's credits are renewed. */
export function resetsAt({ sources }: Quota): Date | undefined {
  return sources.find(({ kind }) => kind === 'plan')?.endsAt
}

/** Credits that are paid for or given already. Undefined: unknown. `now` in milliseconds since the epoch. */
export function creditsLeft(quota: Quota, now: number): number | undefined {
  const left = sum(quota.sources.map((source) => leftIn(source, now)))
  return left > 0 || isPlanTold(quota) ? left : undefined
}

/** Credits that may be spent for money; infinite where nobody set a cap. */
export function overageLeft({ overage }: Quota): number {
  if (overage?.isAllowed !== true) return 0
  return Math.max(0, (overage.cap ?? Number.POSITIVE_INFINITY) - overage.used)
}

/** Whether it is known that the service would refuse the next request. */
export function isExhausted(quota: Quota, now: number): boolean {
  const left = creditsLeft(quota, now)
  return left !== undefined && left <= 0 && overageLeft(quota) <= 0
}

/** When the first credits that are left will lapse; undefined: nothing is left, or nobody told. */
export function soonestExpiry(quota: Quota, now: number): Date | undefined {
  return inOrderOfExpiry(quota.sources).find(
    (source) => source.endsAt !== undefined && source.endsAt.getTime() > now && leftIn(source, now) > 0,
  )?.endsAt
}

/** The quota after a reply that cost so much: readings are rare, replies tell their price. What lapses first is spent first. */
export function afterSpending(quota: Quota, credits: number, now: number): Quota {
  const spent = new Map<CreditSource, CreditSource>()
  let rest = credits
  for (const source of inOrderOfExpiry(quota.sources)) {
    const taken = Math.min(rest, leftIn(source, now))
    if (taken > 0) spent.set(source, take(source, taken, now))
    rest -= taken
  }
  const { overage } = quota
  return {
    ...quota,
    sources: quota.sources.map((source) => spent.get(source) ?? source),
    ...(overage?.isAllowed === true &&
      isPlanTold(quota) &&
      rest > 0 && { overage: { ...overage, used: overage.used + rest } }),
  }
}

/**
 * When the account runs dry if it is used as in the last seven days, overage included. A straight line through what was
 * spent. Undefined: less than a day is known, or nothing was spent, or what is left is unknown.
 */
export function forecastRunOut(
  samples: readonly CreditSample[],
  quota: Quota,
  now: number,
): Forecast | undefined {
  const creditsPerDay = paceOf(samples, now)
  if (creditsPerDay === undefined || creditsPerDay <= 0) return undefined
  if (creditsLeft(quota, now) === undefined) return undefined
  const renewal = resetsAt(quota)?.getTime() ?? Number.POSITIVE_INFINITY
  const limit = renewal > now ? renewal : Number.POSITIVE_INFINITY
  let at = now
  for (const source of inOrderOfExpiry(quota.sources)) {
    const lasts = at + (leftIn(source, now) / creditsPerDay) * DAY_MS
    // What lapses before it is spent helps no further.
    const end = endOf(source)
    at = end > now ? Math.min(lasts, Math.max(at, end)) : lasts
  }
  at += (overageLeft(quota) / creditsPerDay) * DAY_MS
  return at < limit && Number.isFinite(at)
    ? { kind: 'runs-out', at: new Date(at), creditsPerDay }
    : { kind: 'lasts', creditsPerDay }
}

/** Credits a day. A figure lower than the one before was read after a renewal: all of it was spent since. */
function paceOf(samples: readonly CreditSample[], now: number): number | undefined {
  const recent = samples
    .filter(({ at }) => at.getTime() > now - WINDOW_MS && at.getTime() <= now)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const [first] = recent
  const last = recent.at(-1)
  if (first === undefined || last === undefined) return undefined
  const spanMs = last.at.getTime() - first.at.getTime()
  if (spanMs < LEAST_SPAN_MS) return undefined
  let before = first.used
  let spent = 0
  for (const { used } of recent.slice(1)) {
    spent += used < before ? used : used - before
    before = used
  }
  return (spent / spanMs) * DAY_MS
}

/** A plan without any credits is one that the service does not count in credits. */
function isPlanTold({ sources }: Quota): boolean {
  return sources.some(({ kind, limit }) => kind === 'plan' && limit > 0)
}

/** Credits left in one purse. Past its end a plan has been renewed since it was read, and anything else has lapsed. */
export function leftIn(source: CreditSource, now: number): number {
  const { kind, used, limit } = source
  if (endOf(source) > now) return Math.max(0, limit - used)
  return kind === 'plan' ? limit : 0
}

function take(source: CreditSource, credits: number, now: number): CreditSource {
  if (endOf(source) > now) return { ...source, used: source.used + credits }
  // Renewed since: when it will be the next time, only a new reading tells.
  const { kind, name, limit } = source
  return { kind, limit, used: credits, ...(name !== undefined && { name }) }
}

function inOrderOfExpiry(sources: readonly CreditSource[]): CreditSource[] {
  return sources.toSorted((a, b) => (endOf(a) < endOf(b) ? -1 : Number(endOf(a) > endOf(b))))
}

function endOf({ endsAt }: CreditSource): number {
  return endsAt?.getTime() ?? Number.POSITIVE_INFINITY
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
