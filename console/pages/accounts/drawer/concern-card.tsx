import { useState } from 'preact/hooks'
import type { Account } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Icon } from '../../../parts/icon.tsx'
import { Time } from '../../../parts/time.tsx'
import { unreachable } from '../../../unreachable.ts'
import { doDeed } from '../account-deeds.ts'
import { enableAccount, refreshTokens } from './account-deeds.ts'
import { remedies, type Concern, type Remedy } from './account-reasons.ts'
import { messages } from './messages.ts'
import { reasonMessages } from './reason-messages.ts'

export interface ConcernDeeds {
  onSignIn: () => void
  onEdit: () => void
  onReadQuota: () => Promise<void>
}

interface ConcernCardProps extends ConcernDeeds {
  account: Account
  concern: Concern
}

const labels = {
  'sign-in': 'signInAgain',
  enable: 'enable',
  'try-now': 'tryNow',
  edit: 'editSettings',
  'refresh-tokens': 'refreshNow',
  'read-quota': 'readQuota',
  resume: 'endPause',
} as const satisfies Record<Remedy, string>

/** What is amiss, what it means, and the button that mends it. */
export function ConcernCard({ concern, ...rest }: ConcernCardProps) {
  const text = speak(messages)
  const say = speak(reasonMessages)
  const [isBusy, setBusy] = useState(false)
  const { reason, message, at } = concern
  const remedy = remedies[reason]

  async function mend(chosen: Remedy): Promise<void> {
    setBusy(true)
    await run(chosen, rest)
    setBusy(false)
  }
  return (
    <section class={isCalm(concern) ? 'concern calm' : 'concern'}>
      <h3>
        <Icon name={isCalm(concern) ? 'info' : 'warn'} />
        {say(`${reason}Title`)}
        {at !== undefined && (
          <span class="hint">
            {text(isPause(concern) ? 'untilAt' : 'sinceAt')} <Time at={at} />
          </span>
        )}
      </h3>
      <p>{say(`${reason}Means`)}</p>
      <p>
        <strong>{text('todo')}</strong> {say(`${reason}Do`)}
      </p>
      {message !== undefined && (
        <p class="hint break">
          {text('said')} <q lang="en">{message}</q>
        </p>
      )}
      {remedy !== undefined && (
        <div class="actions">
          <Button isBusy={isBusy} onClick={() => void mend(remedy)}>
            {text(labels[remedy])}
          </Button>
        </div>
      )}
    </section>
  )
}

function isCalm({ reason }: Concern): boolean {
  return (
    reason === 'switchedOff' || reason === 'paused' || reason === 'beingChecked' || reason === 'throttled'
  )
}

/** Its time lies ahead, whatever the clocks say. */
function isPause({ reason }: Concern): boolean {
  switch (reason) {
    case 'throttled':
    case 'failing':
    case 'paused':
    case 'signInRefused':
    case 'exhausted':
    case 'misconfigured':
    case 'ownProxyFails':
    case 'severalProfiles':
    case 'failedTooOften':
    case 'registrationEnds':
    case 'other':
      return true
    case 'ready':
    case 'needsSignIn':
    case 'clientUnknown':
    case 'noRefreshToken':
    case 'parked':
    case 'switchedOff':
    case 'beingChecked':
    case 'checkFailed':
    case 'unreadable':
    case 'registrationEnded':
    case 'refreshFailed':
    case 'quotaUnread':
    case 'unsteady':
      return false
    default:
      return unreachable(reason)
  }
}

async function run(remedy: Remedy, { account, ...deeds }: ConcernDeeds & { account: Account }) {
  switch (remedy) {
    case 'sign-in':
      return deeds.onSignIn()
    case 'edit':
      return deeds.onEdit()
    case 'enable':
    case 'try-now':
      return enableAccount(account)
    case 'refresh-tokens':
      return refreshTokens(account)
    case 'read-quota':
      return deeds.onReadQuota()
    case 'resume':
      return doDeed('resume', account)
    default:
      return unreachable(remedy)
  }
}
