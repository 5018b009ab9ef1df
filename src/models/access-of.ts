import type { Account } from '../accounts/account.ts'
import type { Access } from '../upstreams/upstream.ts'

/** What a request needs of its account. */
export function accessOf(account: Account, accessToken: string): Access {
  const { id, channel, region, profileArn, proxyUrl, settings } = account
  return {
    accountId: id,
    accessToken,
    channel,
    region,
    ...(profileArn !== undefined && { profileArn }),
    ...(settings.origin !== undefined && { origin: settings.origin }),
    optsOut: settings.optsOut,
    ...(proxyUrl !== undefined && { proxyUrl }),
  }
}
