import type { Account } from '../accounts/account.ts'
import type { Access } from '../upstreams/upstream.ts'

/** What a request needs of its account. */
export function accessOf(account: Account, accessToken: string): Access {
  const { id, channel, region, profileArn, proxyUrl } = account
  return {
    accountId: id,
    accessToken,
    channel,
    region,
    ...(profileArn !== undefined && { profileArn }),
    ...(proxyUrl !== undefined && { proxyUrl }),
  }
}
