/** Asks the service who an account is: GetUsageLimits (protocol 6.2) tells it beside what is used. */

import { GatewayError } from '../../conversation/failures.ts'
import type { Access, AccountFacts } from '../upstream.ts'
import { channelOf, originOf, regionOf } from './channels.ts'
import { inTime, inquire, textOf } from './inquire.ts'
import type { InquiryOptions } from './inquire.ts'
import { factsOf, readUsageLimits } from './usage-limits.ts'

/** Throws a GatewayError; one that is `client-gone` when the signal aborts. */
export async function readFacts(access: Access, options: InquiryOptions): Promise<AccountFacts> {
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
  const answer = await inTime(options, 'who the account is', (signal) =>
    inquire(access, question, { ...options, signal }),
  )
  const limits = readUsageLimits(textOf(answer, options.clock))
  if (limits !== undefined) return factsOf(limits)
  throw new GatewayError('upstream-unavailable', 'What Amazon Q answered does not tell who the account is.')
}
