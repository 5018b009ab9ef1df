/** A quota as the management API shows it. Pure. */
import {
  creditsLeft,
  isExhausted,
  leftIn,
  overageLeft,
  resetsAt,
  type Forecast,
  type Quota,
} from './quota.ts'
import { viewInstant } from './view-instant.ts'

/** All that is known of an account's use. */
export interface AccountUsage {
  quota?: Quota
  triedAt?: Date
  /** Why the last reading failed. */
  error?: string
  forecast?: Forecast
}

/** In short, beside the account. Null: it was never read. `left` and `limit` are null where the service does not tell. */
export function viewQuota(quota: Quota | undefined, now: number) {
  if (quota === undefined) return null
  const left = creditsLeft(quota, now)
  return {
    left: left === undefined ? null : withoutDust(left),
    limit: left === undefined ? null : limitOf(quota, now),
    resetsAt: viewDate(resetsAt(quota)),
    plan: quota.planName ?? null,
    readAt: viewInstant(quota.readAt),
  }
}

/** In full. */
export function viewUsage({ quota, triedAt, error, forecast }: AccountUsage, now: number) {
  return {
    plan: quota?.planName ?? null,
    left: viewQuota(quota, now)?.left ?? null,
    limit: viewQuota(quota, now)?.limit ?? null,
    exhausted: quota === undefined ? null : isExhausted(quota, now),
    resetsAt: viewDate(quota && resetsAt(quota)),
    sources: (quota?.sources ?? []).map((source) => ({
      kind: source.kind,
      name: source.name ?? null,
      used: withoutDust(source.used),
      limit: source.limit,
      left: withoutDust(leftIn(source, now)),
      endsAt: viewDate(source.endsAt),
    })),
    overage: quota === undefined ? null : viewOverage(quota),
    forecast: forecast === undefined ? null : viewForecast(forecast),
    readAt: viewDate(quota?.readAt),
    triedAt: viewDate(triedAt),
    error: error ?? null,
  }
}

function viewOverage(quota: Quota) {
  const { overage } = quota
  if (overage === undefined) return null
  const left = overageLeft(quota)
  return {
    allowed: overage.isAllowed,
    used: withoutDust(overage.used),
    cap: overage.cap ?? null,
    left: Number.isFinite(left) ? withoutDust(left) : null,
  }
}

function viewForecast(forecast: Forecast) {
  return {
    kind: forecast.kind,
    at: forecast.kind === 'runs-out' ? viewInstant(forecast.at) : null,
    creditsPerDay: withoutDust(forecast.creditsPerDay),
  }
}

/** Of the purses that still hold or will hold something. */
function limitOf({ sources }: Quota, now: number): number {
  return sources
    .filter(({ kind, endsAt }) => kind === 'plan' || endsAt === undefined || endsAt.getTime() > now)
    .reduce((total, { limit }) => total + limit, 0)
}

function viewDate(date: Date | undefined): string | null {
  return date === undefined ? null : viewInstant(date)
}

/** What adding fractions leaves behind. */
function withoutDust(credits: number): number {
  return Math.round(credits * 1e6) / 1e6
}
