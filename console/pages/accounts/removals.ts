/** Deletes accounts after their time to be taken back is over. */
import type { Account } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { beforeLeaving } from '../../state/leaving.ts'
import { showToast } from '../../state/toasts.ts'
import { showFailure, shownName } from './account-deeds.ts'
import { removeAccount } from './account-requests.ts'
import { accounts, dropAccounts } from './accounts-store.ts'
import { startRun } from './bulk/current-run.ts'
import { deedTexts } from './deed-texts.ts'
import { createPendingRemovals } from './pending-removals.ts'

export const removals = createPendingRemovals(async (ids, { isLeaving }) => {
  // The page ends now: whatever can be sent is sent at once.
  if (isLeaving) await Promise.allSettled(ids.map((id) => removeAccount(id, { keepalive: true })))
  else if (ids.length > 1) await removeMany(ids)
  else for (const id of ids) await removeOne(id)
})

/** Hides them, and says so with the button that takes it back, on whichever page one is by then. */
export function planRemoval(chosen: readonly Account[]): void {
  const [first] = chosen
  if (first === undefined) return
  beforeLeaving(removals.removeNow)
  const undo = removals.plan(chosen.map(({ id }) => id))
  const words = () =>
    chosen.length === 1
      ? speak(deedTexts)('deleted', { name: shownName(first) })
      : speak(deedTexts)('deletedMany', { count: chosen.length })
  showToast({ kind: 'done', text: words, undo })
}

async function removeOne(id: string): Promise<void> {
  try {
    await removeAccount(id)
    dropAccounts(new Set([id]))
  } catch (error) {
    showFailure(error)
  }
}

function removeMany(ids: readonly string[]): Promise<void> {
  const known = new Map(accounts.state.peek().value?.map((account) => [account.id, account]))
  const chosen = ids.map((id) => known.get(id)).filter((account) => account !== undefined)
  return startRun({ kind: 'delete', accounts: chosen, work: ({ id }) => removeAccount(id), isShown: false })
}
