import type { TargetedEvent } from 'preact'
import { useState } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Failed } from '../../parts/states.tsx'
import { accounts } from '../accounts/accounts-store.ts'
import { maskedName } from './masked-name.ts'
import { messages } from './messages.ts'
import { RunningList } from './running-list.tsx'
import { isOfField, WishFields } from './wish-fields.tsx'
import { findWrong, type Wishes } from './wishes.ts'

interface ChooseStepProps {
  accountId: string | undefined
  wishes: Wishes
  onWishes: (wishes: Wishes) => void
  problem: unknown
  isBusy: boolean
  onStart: () => void
  onResume: (authId: string) => void
}

export function ChooseStep(props: ChooseStepProps) {
  const { accountId, wishes, problem, isBusy, onStart, onResume } = props
  const text = speak(messages)
  const [isChecked, setChecked] = useState(false)
  const wrong = accountId === undefined ? findWrong(wishes) : []
  function submit(event: TargetedEvent<HTMLFormElement>): void {
    event.preventDefault()
    setChecked(true)
    if (wrong.length === 0) onStart()
  }
  return (
    <div class="stack">
      <RunningList onResume={onResume} />
      <form class="form" noValidate onSubmit={submit}>
        {accountId === undefined ? (
          <WishFields {...props} wrong={isChecked ? wrong : []} />
        ) : (
          <p>{text('again', { label: maskedName(accounts.state.value.value, accountId) })}</p>
        )}
        {problem !== undefined && !isOfField(problem) && <Failed error={problem} />}
        <p class="hint">{text('protection')}</p>
        <div class="actions">
          <Button type="submit" look="primary" isBusy={isBusy}>
            {text('getCode')}
          </Button>
        </div>
      </form>
    </div>
  )
}
