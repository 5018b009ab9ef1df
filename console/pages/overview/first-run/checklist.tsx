import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { ask } from '../../../api/client.ts'
import type { KeyList } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Icon } from '../../../parts/icon.tsx'
import { Link } from '../../../parts/link.tsx'
import { Skeleton } from '../../../parts/states.tsx'
import { snapshot, whenNews } from '../../../state/live.ts'
import { createResource } from '../../../state/resource.ts'
import { addressOf } from '../../../state/route.ts'
import { session } from '../../../state/session.ts'
import { accounts } from '../../accounts/accounts-store.ts'
import { dismissSteps, isDismissed } from './dismissal.ts'
import { messages } from './messages.ts'
import { PasswordStep } from './password-step.tsx'
import { countDone, judgeSteps, stepNames, type StepName, type Steps } from './steps.ts'
import { TestRequest } from './test-request.tsx'

const keys = createResource((signalOf) => ask<KeyList>('/v2/keys', { signal: signalOf }))
const hasTested = signal(false)

/** For a newcomer, until all is done or nobody wants to see it. */
export function Checklist() {
  if (isDismissed.value) return null
  return <OpenChecklist />
}

function OpenChecklist() {
  const text = speak(messages)
  useEffect(() => whenNews(['keys'], () => void keys.load()), [])
  const steps = readSteps()
  const isAllDone = steps !== undefined && countDone(steps) === stepNames.length
  // Once all is done the place is not kept for it any more: nobody shall see it flash by.
  useEffect(() => {
    if (isAllDone) dismissSteps()
  }, [isAllDone])
  if (isAllDone) return null
  if (steps === undefined) return <StepsAwaited />
  return (
    <section class="card stack" aria-labelledby="first-steps">
      <header class="card-head">
        <h2 id="first-steps">{text('title')}</h2>
        <span class="hint grow">{text('progress', { done: countDone(steps), all: stepNames.length })}</span>
        <Button look="quiet" onClick={dismissSteps}>
          {text('dismiss')}
        </Button>
      </header>
      <ol class="steps">
        {stepNames.map((name) => (
          <Step key={name} name={name} isDone={steps[name]}>
            <StepDeed name={name} steps={steps} />
          </Step>
        ))}
      </ol>
    </section>
  )
}

/** As high as what will stand there, so that nothing moves when it comes. */
function StepsAwaited() {
  const isFailed = [accounts, keys].some(({ state }) => state.value.error !== undefined)
  if (isFailed) return null
  return (
    <section class="card steps-awaited">
      <Skeleton rows={4} />
    </section>
  )
}

function readSteps(): Steps | undefined {
  const who = session.value
  const list = accounts.state.value.value
  const keyList = keys.state.value.value
  const seen = snapshot.value
  if (who.kind !== 'operator' || list === undefined || keyList === undefined) return undefined
  return judgeSteps({
    hasPassword: who.view.password !== null,
    accounts: list,
    keys: keyList.keys.filter(({ status }) => status !== 'revoked').length,
    answered: seen?.lastHour.ok ?? 0,
    hasTested: hasTested.value,
  })
}

function Step({ name, isDone, children }: { name: StepName; isDone: boolean; children: ComponentChildren }) {
  const text = speak(messages)
  return (
    <li class={isDone ? 'step done' : 'step'}>
      <span class="step-mark">
        {isDone && <Icon name="check" />}
        <span class="unseen">{text(isDone ? 'isDone' : 'isOpen')}</span>
      </span>
      <div class="step-body">
        <h3>{text(name)}</h3>
        {children}
      </div>
    </li>
  )
}

/** What there is to do, as long as it is not done. */
function StepDeed({ name, steps }: { name: StepName; steps: Steps }) {
  const text = speak(messages)
  if (name === 'request') {
    return (
      <TestRequest
        isDone={steps.request}
        hasAccount={steps.account}
        onAnswered={() => (hasTested.value = true)}
      />
    )
  }
  if (steps[name]) return name === 'password' ? <p class="hint">{text('passwordDone')}</p> : null
  if (name === 'password') return <PasswordStep />
  const isKey = name === 'key'
  return (
    <>
      <p class="hint">{text(isKey ? 'keyWhy' : 'accountWhy')}</p>
      <Link
        class={isKey ? 'button plain' : 'button primary'}
        href={isKey ? addressOf('keys', { new: '1' }) : addressOf('accounts', { add: '1' })}
      >
        {text(isKey ? 'makeKey' : 'addAccount')}
      </Link>
    </>
  )
}
