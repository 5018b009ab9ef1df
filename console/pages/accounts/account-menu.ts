import { signal } from '@preact/signals'
import type { Account } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import type { MenuItem } from '../../parts/menu.tsx'
import { now } from '../../state/now.ts'
import { changeQuery } from '../../state/route.ts'
import { showToast } from '../../state/toasts.ts'
import { doDeed, pause, resetErrors, setEnabled } from './account-deeds.ts'
import { deedTexts } from './deed-texts.ts'
import { messages } from './messages.ts'
import { pauseChanges, pauseNames } from './pauses.ts'
import { deedMessages } from './state-messages.ts'

/** Accounts whose deletion is to be confirmed. */
export const toDelete = signal<readonly Account[]>([])

/** All that can be done with one account. */
export function menuItemsFor(account: Account): MenuItem[] {
  const text = speak(messages)
  const deedText = speak(deedMessages)
  const { id, enabled } = account
  const deed = (
    name: 'test' | 'refreshToken' | 'refreshQuota' | 'signIn' | 'edit',
    icon: MenuItem['icon'],
  ) => ({
    label: deedText(name),
    ...(icon !== undefined && { icon }),
    onChoose: () => doDeed(name, account),
  })
  return [
    { label: text('details'), icon: 'info', onChoose: () => changeQuery({ account: id }) },
    {
      label: text(enabled ? 'disable' : 'enable'),
      icon: enabled ? 'pause' : 'check',
      onChoose: () => void setEnabled(account, !enabled),
    },
    ...pauseItems(account),
    deed('test', 'play'),
    deed('refreshToken', 'refresh'),
    deed('refreshQuota', 'refresh'),
    ...(enabled
      ? [{ label: text('resetErrors'), icon: 'refresh' as const, onChoose: () => resetErrors(account) }]
      : []),
    deed('signIn', 'keys'),
    deed('edit', 'edit'),
    { label: text('copyId'), icon: 'copy', onChoose: () => void copyId(id) },
    {
      label: text('delete'),
      icon: 'trash',
      isDanger: true,
      onChoose: () => (toDelete.value = [account]),
    },
  ]
}

/** One that is off gets no requests in any case. */
function pauseItems(account: Account): MenuItem[] {
  const deedText = speak(deedMessages)
  if (!account.enabled) return []
  const pauses = pauseNames.map((name): MenuItem => {
    const changes = pauseChanges(account, name, now.peek())
    return {
      label: deedText(name),
      icon: 'wait',
      disabledBecause: changes === undefined ? deedText('noReset') : undefined,
      onChoose: () => changes && pause(account, changes),
    }
  })
  if (account.pausedUntil === null) return pauses
  return [...pauses, { label: deedText('resume'), icon: 'play', onChoose: () => doDeed('resume', account) }]
}

async function copyId(id: string): Promise<void> {
  const text = speak(deedTexts)
  try {
    await navigator.clipboard.writeText(id)
    showToast({ kind: 'done', text: text('copied') })
  } catch {
    showToast({ kind: 'failed', text: text('notCopied', { id }) })
  }
}
