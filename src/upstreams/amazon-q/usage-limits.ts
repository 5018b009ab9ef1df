/** Reads the answer of GetUsageLimits (protocol 6.2), in which everything is optional. Pure. */

import * as z from 'zod'
import { parseJsonObject } from '../../conversation/parse-json.ts'
import type { AccountFacts } from '../upstream.ts'

const MAX_TEXT_LENGTH = 320

/** One line that may be shown and stored; what is none counts as absent. */
const line = z
  .string()
  .trim()
  .min(1)
  .max(MAX_TEXT_LENGTH)
  .regex(/^\P{C}+$/u)
  .nullish()
  .catch(null)

const usageLimits = z.looseObject({
  userInfo: z.looseObject({ userId: line, email: line }).nullish().catch(null),
  subscriptionInfo: z.looseObject({ subscriptionTitle: line, type: line }).nullish().catch(null),
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
