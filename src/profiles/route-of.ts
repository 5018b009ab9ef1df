import type { Account } from '../accounts/account.ts'

/** All that decides on the profile of an account; what was learned by one route says nothing about another. */
export function routeOf(account: Account): string {
  const { clientId, startUrl, channel, region, profileArn, settings } = account
  return JSON.stringify([clientId, startUrl, channel, region, profileArn, settings.profile])
}
