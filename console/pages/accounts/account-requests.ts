/** The requests about one account. All throw a Problem. */
import { ask } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import type { Account, AccountChanges, AccountUsage } from '../../api/types.ts'

export async function changeAccount(id: string, changes: AccountChanges): Promise<Account> {
  return ask<Account>(pathOf(id), { method: 'PATCH', body: changes })
}

export async function refreshToken(id: string): Promise<Account> {
  return ask<Account>(`${pathOf(id)}/refresh`, { method: 'POST' })
}

export async function refreshQuota(id: string): Promise<Account> {
  const usage = await ask<AccountUsage>(`${pathOf(id)}/usage`, { method: 'POST' })
  if (usage.error !== null) throw new Problem(usage.error, { status: 502 })
  return ask<Account>(pathOf(id))
}

/** One that is gone already is fine. `keepalive`: even when the page is left meanwhile. */
export async function removeAccount(id: string, { keepalive = false } = {}): Promise<void> {
  try {
    await ask(pathOf(id), { method: 'DELETE', keepalive })
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 404) throw error
  }
}

function pathOf(id: string): string {
  return `/v2/accounts/${encodeURIComponent(id)}`
}
