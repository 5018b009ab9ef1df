import { useState } from 'preact/hooks'
import type { Account } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Menu, type MenuItem } from '../../../parts/menu.tsx'
import { now } from '../../../state/now.ts'
import { toDelete } from '../account-menu.ts'
import { changeAccount, refreshQuota, refreshToken } from '../account-requests.ts'
import { messages } from '../messages.ts'
import { pauseChanges, pauseNames } from '../pauses.ts'
import { deedMessages } from '../state-messages.ts'
import { startRun } from './current-run.ts'
import { TagDialog } from './tag-dialog.tsx'

/** What can be done with all that are selected. */
export function BulkBar({ chosen, onClear }: { chosen: readonly Account[]; onClear: () => void }) {
  const text = speak(messages)
  const deedText = speak(deedMessages)
  const [tagging, setTagging] = useState<'add' | 'remove'>()
  const enable = (enabled: boolean) =>
    void startRun({
      kind: enabled ? 'enable' : 'disable',
      accounts: chosen,
      work: ({ id }) => changeAccount(id, { enabled }),
    })
  return (
    <div class="bulk-bar" role="region" aria-label={text('selected', { count: chosen.length })}>
      <b role="status">{text('selected', { count: chosen.length })}</b>
      <Button icon="check" onClick={() => enable(true)}>
        {text('enable')}
      </Button>
      <Button icon="pause" onClick={() => enable(false)}>
        {text('disable')}
      </Button>
      <Menu
        label={text('more')}
        items={[
          ...pauseItems(chosen),
          {
            label: deedText('refreshToken'),
            icon: 'refresh',
            onChoose: () =>
              void startRun({ kind: 'refreshToken', accounts: chosen, work: ({ id }) => refreshToken(id) }),
          },
          {
            label: deedText('refreshQuota'),
            icon: 'refresh',
            onChoose: () =>
              void startRun({ kind: 'refreshQuota', accounts: chosen, work: ({ id }) => refreshQuota(id) }),
          },
          { label: text('addTag'), icon: 'add', onChoose: () => setTagging('add') },
          { label: text('removeTag'), icon: 'close', onChoose: () => setTagging('remove') },
          {
            label: text('delete'),
            icon: 'trash',
            isDanger: true,
            onChoose: () => (toDelete.value = chosen),
          },
        ]}
      />
      <span class="grow" />
      <Button look="quiet" onClick={onClear}>
        {text('unselect')}
      </Button>
      {tagging !== undefined && (
        <TagDialog how={tagging} chosen={chosen} onClose={() => setTagging(undefined)} />
      )}
    </div>
  )
}

/** Those that are on, and of which it is known when the quota resets if that is what is waited for. */
function pauseItems(chosen: readonly Account[]): MenuItem[] {
  const deedText = speak(deedMessages)
  const pauses = pauseNames.map((name): MenuItem => {
    const able = chosen.filter((each) => each.enabled && pauseChanges(each, name, now.peek()) !== undefined)
    return {
      label: deedText(name),
      icon: 'wait',
      disabledBecause: able.length > 0 ? undefined : deedText(name === 'pauseToReset' ? 'noReset' : 'allOff'),
      onChoose: () =>
        void startRun({
          kind: 'pause',
          accounts: able,
          work: async (each) => changeAccount(each.id, pauseChanges(each, name, now.peek()) ?? {}),
        }),
    }
  })
  const paused = chosen.filter(({ pausedUntil }) => pausedUntil !== null)
  if (paused.length === 0) return pauses
  const resume: MenuItem = {
    label: deedText('resume'),
    icon: 'play',
    onChoose: () =>
      void startRun({
        kind: 'resume',
        accounts: paused,
        work: ({ id }) => changeAccount(id, { pausedUntil: null }),
      }),
  }
  return [...pauses, resume]
}
