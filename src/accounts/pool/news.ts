/** What of a change that another process made, or this one a moment ago, has to be acted upon here. */
import { isDeepStrictEqual } from 'node:util'
import { hasTokens, isEnabled, type Account } from '../account.ts'
import { statusAt, waitsForPerson } from '../status.ts'

/**
 * `none`: only to be remembered. `ready-again`: requests may be waiting for it. `used-otherwise`: it is new, switched on or
 * off, or set up in another way.
 */
export type News = 'none' | 'ready-again' | 'used-otherwise'

export function newsOf(known: Account | undefined, account: Account, now: number): News {
  if (known === undefined || !isDeepStrictEqual(useOf(known), useOf(account))) return 'used-otherwise'
  const isReady = (each: Account) => statusAt(each.status, now).kind === 'ready'
  return isReady(account) && !isReady(known) ? 'ready-again' : 'none'
}

/** All that decides how it is used, but for pauses. Refreshed tokens, names and notes do not. */
function useOf(account: Account) {
  const { settings, channel, region, signInRegion, profileArn, proxyUrl, clientId, fingerprints } = account
  const way = [channel, region, signInRegion, profileArn, proxyUrl, clientId, fingerprints.clientSecret]
  return [settings, way, hasTokens(account), isEnabled(account), waitsForPerson(account.status)]
}
