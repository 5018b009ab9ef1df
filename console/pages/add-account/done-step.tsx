import { useEffect, useMemo } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { Account, AccountUsage, SignInList } from '../../api/types.ts'
import { formatDate, formatNumber } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Failed, Skeleton } from '../../parts/states.tsx'
import { whenNews } from '../../state/live.ts'
import { createResource } from '../../state/resource.ts'
import { accounts, putAccount } from '../accounts/accounts-store.ts'
import { Hello } from './hello.tsx'
import { maskedName } from './masked-name.ts'
import { sayWhy } from '../accounts/say-why.ts'
import { messages } from './messages.ts'
import { StepList } from './step-list.tsx'
import { wasHereBefore, type Wizard } from './wizard.ts'

interface DoneStepProps {
  wizard: Wizard & { kind: 'done' }
  isAgain: boolean
  onAnother: () => void
  onClose: () => void
}

export function DoneStep({ wizard, isAgain, onAnother, onClose }: DoneStepProps) {
  const text = speak(messages)
  const { account, usage, known } = useNewAccount(wizard)
  const { value, error } = account.state.value
  if (value === undefined) {
    return error === undefined ? <Skeleton /> : <Failed error={error} onRetry={() => void account.load()} />
  }
  const name = maskedName([value], value.id)
  const reading = usage.state.value
  const hasNoQuota = reading.error !== undefined || reading.value?.error != null
  return (
    <div class="code-step">
      <div class="stack">
        <div role="status">
          <h3>{text(value.status.kind === 'ready' ? 'done' : 'doneNot', { label: name })}</h3>
        </div>
        {!isAgain && known.state.value.value === true && <p>{text('known', { label: name })}</p>}
        {value.status.kind !== 'ready' && <p class="warning">{sayWhy(value)}</p>}
        <Facts account={value} usage={reading.value} hasNoQuota={hasNoQuota} />
        <Hello account={value} />
      </div>
      <div class="stack">
        <StepList wizard={wizard} known={{ account: value, usage: reading.value, hasNoQuota }} />
        <div class="actions">
          <Button look="primary" onClick={onClose}>
            {text('close')}
          </Button>
          {!isAgain && (
            <Button icon="add" onClick={onAnother}>
              {text('another')}
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}

/** The quota is asked for at once, so that nobody waits for the gateway's own round. */
function useNewAccount({ authId, accountId }: DoneStepProps['wizard']) {
  const resources = useMemo(() => {
    const path = `/v2/accounts/${encodeURIComponent(accountId)}`
    return {
      account: createResource((signal) => ask<Account>(path, { signal })),
      usage: createResource((signal) => ask<AccountUsage>(`${path}/usage?refresh=true`, { signal })),
      known: createResource(async (signal) => {
        const { signIns } = await ask<SignInList>('/v2/auth', { signal })
        const account = await ask<Account>(path, { signal })
        return wasHereBefore(
          account,
          signIns.find((each) => each.authId === authId),
        )
      }),
    }
  }, [authId, accountId])
  useEffect(() => {
    const { account, usage, known } = resources
    const load = async () => {
      await account.load()
      const { value } = account.state.peek()
      if (value !== undefined && accounts.state.peek().value !== undefined) putAccount(value)
    }
    void known.load()
    void usage.load().then(load)
    return whenNews(['accounts'], () => void load())
  }, [resources])
  return resources
}

function Facts({
  account,
  usage,
  hasNoQuota,
}: {
  account: Account
  usage: AccountUsage | undefined
  hasNoQuota: boolean
}) {
  const text = speak(messages)
  const { left = null, limit = null, resetsAt = null } = account.quota ?? usage ?? {}
  const plan = usage?.plan ?? account.quota?.plan ?? account.identity?.plan
  return (
    <dl class="facts">
      <dt>{text('plan')}</dt>
      <dd>{plan ?? text('planUnknown')}</dd>
      <dt>{text('quota')}</dt>
      <dd>
        {left !== null && limit !== null
          ? text('quotaLeft', { left: formatNumber(left), limit: formatNumber(limit) })
          : text(hasNoQuota ? 'quotaUnknown' : 'quotaWaiting')}
        {resetsAt !== null && <span class="hint"> {text('resets', { date: formatDate(resetsAt) })}</span>}
      </dd>
    </dl>
  )
}
