/** What all accounts together may still spend, in terms of what is said about it. */
import { ask } from '../../../api/client.ts'
import type { Account, PoolQuota } from '../../../api/types.ts'
import { createResource } from '../../../state/resource.ts'
import { shareLeft } from '../attention.ts'

export const poolQuota = createResource<PoolQuota>((signal) => ask('/v2/quota', { signal }))

const DAY_MS = 86_400_000

export type Outlook =
  | { kind: 'unknown' }
  | { kind: 'lasts' }
  | { kind: 'runs-out'; at: string }
  | { kind: 'runs-out-before-renewal'; at: string; days: number }

/** The days between the end and the first renewal, where that comes later. */
export function outlookOf({ creditsPerDay, runsOutAt, renewsAt }: PoolQuota): Outlook {
  if (creditsPerDay === null) return { kind: 'unknown' }
  if (runsOutAt === null) return { kind: 'lasts' }
  const days = renewsAt === null ? 0 : Math.floor((Date.parse(renewsAt) - Date.parse(runsOutAt)) / DAY_MS)
  return days > 0
    ? { kind: 'runs-out-before-renewal', at: runsOutAt, days }
    : { kind: 'runs-out', at: runsOutAt }
}

export interface Ring {
  account: Account
  /** Between 0 and 1. */
  share: number
}

/** Those with the least left, of accounts that are wanted and whose quota is known. */
export function ringsOf(all: readonly Account[], most: number): Ring[] {
  return all
    .flatMap((account) => {
      const share = account.status.kind === 'disabled' ? undefined : shareLeft(account)
      return share === undefined ? [] : [{ account, share }]
    })
    .toSorted((a, b) => a.share - b.share)
    .slice(0, most)
}
