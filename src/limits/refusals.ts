/** What a client is told whose key may not do more: which limit, its value, and when it ends. */
import { GatewayError } from '../conversation/failures.ts'

export function tooManyRequests(limit: number, waitMs: number): GatewayError {
  const seconds = toSeconds(waitMs)
  return new GatewayError(
    'rate-limited',
    `This API key may make ${limit} requests a minute, and has made them. Send the request again in ${seconds} s.`,
    { retryAfterSeconds: seconds },
  )
}

export interface Allowance {
  what: 'tokens' | 'credits'
  per: 'day' | 'month'
  limit: number
  spent: number
  /** In milliseconds since the epoch. */
  endsAt: number
}

export function allowanceSpent({ what, per, limit, endsAt }: Allowance, now: number): GatewayError {
  const end = `${new Date(endsAt).toISOString().slice(0, 19)}Z`
  return new GatewayError(
    'allowance-spent',
    `This API key may use ${limit} ${what} a ${per} (UTC), and has used them. It may go on at ${end}; the operator can raise its limit.`,
    { retryAfterSeconds: toSeconds(endsAt - now) },
  )
}

function toSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000))
}
