import { speak } from '../../i18n/messages.ts'
import { Icon, type IconName } from '../../parts/icon.tsx'
import { messages } from './messages.ts'
import { listSteps, type Known, type StepName, type StepState } from './progress.ts'
import type { Wizard } from './wizard.ts'

const icons: Record<StepState, IconName> = { done: 'check', now: 'wait', next: 'more', unknown: 'info' }
const names = {
  waiting: 'stepWaiting',
  approved: 'stepApproved',
  tokens: 'stepTokens',
  profile: 'stepProfile',
  quota: 'stepQuota',
  ready: 'stepReady',
} as const satisfies Record<StepName, string>
const states = {
  done: 'stateDone',
  now: 'stateNow',
  next: 'stateNext',
  unknown: 'stateUnknown',
} as const satisfies Record<StepState, string>

/** Read aloud when one more is done. */
export function StepList({ wizard, known }: { wizard: Wizard; known?: Known }) {
  const text = speak(messages)
  return (
    <ol class="sign-in-steps" aria-label={text('steps')} aria-live="polite">
      {listSteps(wizard, known).map(({ name, state }) => (
        <li key={name} class={`sign-in-step ${state}`} aria-current={state === 'now' ? 'step' : undefined}>
          <Icon name={icons[state]} />
          {text(names[name])}
          <span class="unseen">{text(states[state])}</span>
        </li>
      ))}
    </ol>
  )
}
