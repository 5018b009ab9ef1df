import type { Account, LearnedProfile } from '../accounts/account.ts'
import type { Access } from '../upstreams/upstream.ts'

/** What a request needs of its account. */
export function accessOf(account: Account, accessToken: string, profile: LearnedProfile): Access {
  const { id, channel, region, proxyUrl, settings } = account
  return {
    accountId: id,
    accessToken,
    channel,
    region,
    ...(profile.kind === 'arn' && { profileArn: profile.arn }),
    ...(settings.origin !== undefined && { origin: settings.origin }),
    optsOut: settings.optsOut,
    ...(proxyUrl !== undefined && { proxyUrl }),
  }
}
