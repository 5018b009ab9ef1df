/** What can be done with one account. Each shows at once what it expects, then what the gateway says, and tells of failures. */
import { signal } from '@preact/signals'
import { Problem } from '../../api/problem.ts'
import type { Account, AccountChanges } from '../../api/types.ts'
import { formatTime } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { describeProblem } from '../../i18n/problems.ts'
import { changeQuery } from '../../state/route.ts'
import { showToast } from '../../state/toasts.ts'
import { unreachable } from '../../unreachable.ts'
import { mask } from '../../parts/private.tsx'
import { isPrivate } from '../../state/settings.ts'
import { nameOf } from './account-facts.ts'
import { changeAccount, refreshQuota, refreshToken } from './account-requests.ts'
import type { Deed } from './account-state.ts'
import { putAccount } from './accounts-store.ts'
import { deedTexts } from './deed-texts.ts'
import { testAccount } from './account-tests.ts'

/** Ids of accounts that something is being done with. */
export const busyAccounts = signal<ReadonlySet<string>>(new Set())

export function doDeed(deed: Deed, account: Account): void {
  switch (deed) {
    case 'enable':
      void setEnabled(account, true)
      return
    case 'signIn':
      changeQuery({ again: account.id })
      return
    case 'refreshToken':
      void tell(account, async () => {
        putAccount(await refreshToken(account.id))
        return () => speak(deedTexts)('tokenRefreshed', { name: shownName(account) })
      })
      return
    case 'refreshQuota':
      void tell(account, async () => {
        putAccount(await refreshQuota(account.id))
        return () => speak(deedTexts)('quotaRefreshed', { name: shownName(account) })
      })
      return
    case 'test':
      void testAccount(account)
      return
    case 'edit':
      changeQuery({ edit: account.id })
      return
    case 'resume':
      resume(account)
      return
    default:
      unreachable(deed)
  }
}

/** As it may be shown in a message. */
export function shownName(account: Account): string {
  const name = nameOf(account)
  if (isPrivate.value && name !== account.id) return mask(name)
  return name.length > 60 ? `${name.slice(0, 60)}…` : name
}

/** Shown as done before the gateway has said so; a failure takes it back. */
export async function setEnabled(account: Account, enabled: boolean): Promise<void> {
  putAccount({ ...account, enabled, status: expectedStatus(account, enabled) })
  try {
    putAccount(await changeAccount(account.id, { enabled }))
    showToast({
      kind: 'done',
      text: () => speak(deedTexts)(enabled ? 'enabled' : 'disabled', { name: shownName(account) }),
      undo: () => void changeAccount(account.id, { enabled: !enabled }).then(putAccount, showFailure),
    })
  } catch (error) {
    putAccount(account)
    showFailure(error)
  }
}

/** Nothing goes through it until then. */
export function pause(account: Account, changes: AccountChanges): void {
  const before = account.pausedUntil
  void tell(
    account,
    async () => {
      const paused = await changeAccount(account.id, changes)
      putAccount(paused)
      return () =>
        speak(deedTexts)('paused', {
          name: shownName(paused),
          time: paused.pausedUntil === null ? '—' : formatTime(paused.pausedUntil),
        })
    },
    () => void changeAccount(account.id, { pausedUntil: before }).then(putAccount, showFailure),
  )
}

function resume(account: Account): void {
  void tell(account, async () => {
    putAccount(await changeAccount(account.id, { pausedUntil: null }))
    return () => speak(deedTexts)('resumed', { name: shownName(account) })
  })
}

/** To enable an account again forgets its failures, and what waited for that. */
export function resetErrors(account: Account): void {
  void tell(account, async () => {
    putAccount(await changeAccount(account.id, { enabled: true }))
    return () => speak(deedTexts)('errorsReset', { name: shownName(account) })
  })
}

export function showFailure(error: unknown): void {
  showToast({
    kind: 'failed',
    text: describeProblem(error),
    ...(error instanceof Problem && error.requestId !== undefined && { requestId: error.requestId }),
  })
}

async function tell({ id }: Account, work: () => Promise<() => string>, undo?: () => void): Promise<void> {
  busyAccounts.value = new Set([...busyAccounts.value, id])
  try {
    showToast({ kind: 'done', text: await work(), ...(undo !== undefined && { undo }) })
  } catch (error) {
    showFailure(error)
  }
  busyAccounts.value = new Set([...busyAccounts.value].filter((each) => each !== id))
}

function expectedStatus({ status }: Account, enabled: boolean): Account['status'] {
  const rest = { until: null, message: null }
  if (!enabled) {
    return { kind: 'disabled', by: 'operator', why: { code: 'switched-off', detail: null }, ...rest }
  }
  return status.kind === 'disabled' ? { kind: 'ready', by: null, why: { code: 'ready' }, ...rest } : status
}
