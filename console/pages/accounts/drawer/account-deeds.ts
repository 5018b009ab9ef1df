/** What can be done to an account at a press; each tells how it went, and none throws. */
import { ask } from '../../../api/client.ts'
import { Problem } from '../../../api/problem.ts'
import type { Account, AccountUsage } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { describeProblem } from '../../../i18n/problems.ts'
import { showToast } from '../../../state/toasts.ts'
import { shownName } from '../account-deeds.ts'
import { putAccount } from '../accounts-store.ts'
import { messages } from './messages.ts'

export function pathOf({ id }: Pick<Account, 'id'>): string {
  return `/v2/accounts/${encodeURIComponent(id)}`
}

export async function refreshTokens(account: Account): Promise<void> {
  await doAndTell(async () => {
    putAccount(await ask<Account>(`${pathOf(account)}/refresh`, { method: 'POST' }))
    return speak(messages)('refreshed')
  })
}

export async function enableAccount(account: Account): Promise<void> {
  await doAndTell(async () => {
    const enabled = await ask<Account>(pathOf(account), { method: 'PATCH', body: { enabled: true } })
    putAccount(enabled)
    return () => speak(messages)('enabled', { name: shownName(enabled) })
  })
}

/** Answers nothing when it could not be read. */
export async function readQuota(account: Account): Promise<AccountUsage | undefined> {
  let usage: AccountUsage | undefined
  await doAndTell(async () => {
    usage = await ask<AccountUsage>(`${pathOf(account)}/usage`, { method: 'POST' })
    return speak(messages)('quotaRead')
  })
  return usage
}

async function doAndTell(deed: () => Promise<string | (() => string)>): Promise<void> {
  try {
    showToast({ kind: 'done', text: await deed() })
  } catch (error) {
    const requestId = error instanceof Problem ? error.requestId : undefined
    showToast({
      kind: 'failed',
      text: describeProblem(error),
      ...(requestId !== undefined && { requestId }),
    })
  }
}
