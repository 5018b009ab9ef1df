import { useEffect, useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { Account, AccountUsage } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { IconButton } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Link } from '../../parts/link.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { isTyping } from '../../shell/shortcuts.ts'
import { whenNews } from '../../state/live.ts'
import { createResource } from '../../state/resource.ts'
import { addressOf, changeQuery, route } from '../../state/route.ts'
import { preferences } from '../../state/settings.ts'
import { unreachable } from '../../unreachable.ts'
import { AddAccountDialog } from '../add-account/add-account-dialog.tsx'
import { AccountForm } from './account-form.tsx'
import { nameOf } from './account-name.ts'
import { ActivityTab } from './drawer/activity-tab.tsx'
import { pathOf, readQuota } from './drawer/account-deeds.ts'
import { ErrorsTab } from './drawer/errors-tab.tsx'
import { EventTrail } from './drawer/event-trail.tsx'
import { messages } from './drawer/messages.ts'
import { RequestsTab } from './drawer/requests-tab.tsx'
import { SettingsTab } from './drawer/settings-tab.tsx'
import { SummaryTab } from './drawer/summary-tab.tsx'
import { TokensTab } from './drawer/tokens-tab.tsx'

interface AccountDrawerProps {
  account: Account
  onClose: () => void
  /** To the account before (-1) or behind (1) it in the list. */
  onStep: (step: -1 | 1) => void
}

const tabNames = ['summary', 'activity', 'requests', 'tokens', 'errors', 'settings', 'audit'] as const
type TabName = (typeof tabNames)[number]
type Layer = 'form' | 'sign-in'

/** All that is known of one account. Its tab is in the address as `tab`. */
export function AccountDrawer({ account, onClose, onStep }: AccountDrawerProps) {
  const text = speak(messages)
  const [layer, setLayer] = useState<Layer>()
  const sought = route.value.query.get('tab')
  const tab = tabNames.find((name) => name === sought) ?? 'summary'
  useStepKeys(onStep)

  function close(): void {
    changeQuery({ tab: undefined })
    onClose()
  }
  return (
    <>
      <Dialog
        look="drawer"
        title={nameOf(account)}
        onClose={close}
        tools={
          <>
            <IconButton icon="up" label={text('before')} onClick={() => onStep(-1)} />
            <IconButton icon="down" label={text('after')} onClick={() => onStep(1)} />
          </>
        }
      >
        <Tabs
          label={text('tabs')}
          tabs={tabNames.map((name) => ({ name, label: text(name) }))}
          chosen={tab}
          onChoose={(name) => changeQuery({ tab: name === 'summary' ? undefined : name })}
        >
          <OneTab key={account.id} account={account} tab={tab} onLayer={setLayer} />
        </Tabs>
      </Dialog>
      {layer === 'form' && <AccountForm account={account} onClose={() => setLayer(undefined)} />}
      {layer === 'sign-in' && <AddAccountDialog accountId={account.id} onClose={() => setLayer(undefined)} />}
    </>
  )
}

interface OneTabProps {
  account: Account
  tab: TabName
  onLayer: (layer: Layer) => void
}

function OneTab({ account, tab, onLayer }: OneTabProps) {
  const text = speak(messages)
  const [usage] = useState(() =>
    createResource((signal) => ask<AccountUsage>(`${pathOf(account)}/usage`, { signal })),
  )
  useEffect(() => whenNews(['accounts'], () => void usage.load()), [])
  const shown = {
    account,
    usage: usage.state.value,
    onSignIn: () => onLayer('sign-in'),
    onEdit: () => onLayer('form'),
    onReadQuota: async () => {
      const read = await readQuota(account)
      if (read !== undefined) usage.set(read)
    },
  }
  switch (tab) {
    case 'summary':
      return <SummaryTab {...shown} />
    case 'activity':
      return <ActivityTab account={account} />
    case 'requests':
      return <RequestsTab account={account} />
    case 'tokens':
      return <TokensTab account={account} onSignIn={shown.onSignIn} />
    case 'errors':
      return <ErrorsTab {...shown} />
    case 'settings':
      return <SettingsTab account={account} onEdit={shown.onEdit} />
    case 'audit':
      return (
        <div class="stack">
          <EventTrail accountId={account.id} none={text('noEvents')} />
          <Link class="drawer-link" href={addressOf('events', { subject: account.id })}>
            {text('allEvents')}
          </Link>
        </div>
      )
    default:
      return unreachable(tab)
  }
}

/** `[` and `]`, unless something lies above the drawer. */
function useStepKeys(onStep: (step: -1 | 1) => void): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const isOther = event.metaKey || event.ctrlKey || event.altKey
      if (!preferences.value.shortcuts || isOther || isTyping(event)) return
      if (document.querySelectorAll('dialog[open]').length > 1) return
      if (event.key === '[') onStep(-1)
      else if (event.key === ']') onStep(1)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [onStep])
}
