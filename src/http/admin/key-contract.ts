/** The shapes of the routes for clients' keys. */
import * as z from 'zod'
import { isAddressRange } from '../../keys/address-list.ts'
import { anyId, storableText } from './contract.ts'

const SHORT_TEXT = 'must be 1 to 200 characters'
const shortText = storableText.min(1, SHORT_TEXT).max(200, SHORT_TEXT)

/** An empty list would leave it open whether it means all or none. */
function listOf(item: z.ZodString, noun: string) {
  return z
    .array(item)
    .min(1, `must name at least one ${noun}; null means all`)
    .max(100, 'must be at most 100')
}

const address = z
  .string()
  .max(100, 'must be at most 100 characters')
  .refine(isAddressRange, 'must be an address or a range like 192.0.2.0/24 or 2001:db8::/32')

const expiresAt = z.iso
  .datetime({ offset: true, error: 'must be a time like 2027-01-31T00:00:00Z' })
  .transform((text) => new Date(text))

const MOST = 1e15
const COUNT = `must be a whole number from 1 to ${MOST}, or null for no limit`
const count = z.number().int(COUNT).min(1, COUNT).max(MOST, COUNT).nullable().exactOptional()
const AMOUNT = `must be a number above 0 and at most ${MOST}, or null for no limit`
const amount = z.number().gt(0, AMOUNT).max(MOST, AMOUNT).nullable().exactOptional()

const limits = z
  .strictObject({
    requests_per_minute: count,
    concurrent_requests: count,
    tokens_per_day: count,
    tokens_per_month: count,
    credits_per_day: amount,
    credits_per_month: amount,
  })
  .transform((each) => ({
    requestsPerMinute: each.requests_per_minute,
    concurrentRequests: each.concurrent_requests,
    tokensPerDay: each.tokens_per_day,
    tokensPerMonth: each.tokens_per_month,
    creditsPerDay: each.credits_per_day,
    creditsPerMonth: each.credits_per_month,
  }))

/** Null takes a value away; in a new key it counts as absent. */
const settings = {
  expires_at: expiresAt.nullable().exactOptional(),
  models: listOf(shortText, 'model').nullable().exactOptional(),
  account_tags: listOf(shortText, 'tag').nullable().exactOptional(),
  addresses: listOf(address, 'address').nullable().exactOptional(),
  limits: limits.nullable().exactOptional(),
}

export const createKeyBody = z.object({ name: shortText, ...settings })
export const changeKeyBody = z.object({ name: shortText.exactOptional(), ...settings })

const GRACE = 'must be a whole number of seconds from 0 to 2592000 (30 days)'
const A_DAY = 86_400

/** The secret so far works for so long. */
export const rotateKeyBody = z.object({
  grace_seconds: z
    .number()
    .int(GRACE)
    .min(0, GRACE)
    .max(30 * A_DAY, GRACE)
    .default(A_DAY),
})

export const keyPath = z.object({ id: anyId })
