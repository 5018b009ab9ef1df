/** Asks the service who an account is and what it may still spend: GetUsageLimits (protocol 6.2) tells both. */

import { GatewayError } from '../../conversation/failures.ts'
import type { Access, UsageReading } from '../upstream.ts'
import { channelOf, originOf, regionOf } from './channels.ts'
import { inTime, inquire, textOf } from './inquire.ts'
import type { InquiryOptions } from './inquire.ts'
import { factsOf, quotaOf, readUsageLimits } from './usage-limits.ts'

/** Throws a GatewayError; one that is `client-gone` when the signal aborts. */
export async function readUsage(access: Access, options: InquiryOptions): Promise<UsageReading> {
  const channel = channelOf(access.channel)
  const { profileArn } = access
  const question = {
    channel,
    inquiry: 'GetUsageLimits',
    region: regionOf(channel, access),
    input: {
      origin: originOf(channel, access),
      ...(profileArn !== undefined && { profileArn }),
      isEmailRequired: true,
    },
  } as const
  const answer = await inTime(options, 'what the account has used', (signal) =>
    inquire(access, question, { ...options, signal }),
  )
  const limits = readUsageLimits(textOf(answer, options.clock))
  if (limits !== undefined) {
    return { facts: factsOf(limits), quota: quotaOf(limits, new Date(options.clock.now())) }
  }
  throw new GatewayError(
    'upstream-unavailable',
    'What Amazon Q answered does not tell what the account has used.',
  )
}
