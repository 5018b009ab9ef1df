/** What is read off an account in several places. Pure. */
import type { Account, AccountTraffic } from '../../api/types.ts'
import { shareOf } from '../../parts/meter.tsx'

export type AccountCounts = AccountTraffic['accounts'][number]

const BUILDER_ID_HOST = 'view.awsapps.com'

/** As people call it; the id where it has no name. */
export function nameOf({ label, id }: Pick<Account, 'label' | 'id'>): string {
  return label === null || label.trim() === '' ? id : label
}

export function planOf({ quota, identity }: Account): string | undefined {
  return quota?.plan ?? identity?.plan ?? undefined
}

/** How much of the quota is left, from 0 to 1; undefined: nobody knows. */
export function quotaShare({ quota }: Account): number | undefined {
  if (quota === null || quota.left === null || quota.limit === null) return undefined
  return shareOf(quota.left, quota.limit)
}

/** How its person signs in; undefined for those that were handed in as tokens. */
export function signInKindOf({ startUrl }: Account): 'builder-id' | 'identity-center' | undefined {
  if (startUrl === null) return undefined
  return startUrl.includes(BUILDER_ID_HOST) ? 'builder-id' : 'identity-center'
}

/** Undefined: nothing was sent through it. */
export function successOf({ requests, ok }: Pick<AccountCounts, 'requests' | 'ok'>): number | undefined {
  return requests === 0 ? undefined : ok / requests
}
