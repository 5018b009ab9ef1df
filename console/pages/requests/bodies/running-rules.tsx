import { useState } from 'preact/hooks'
import type { Captures, CaptureScope } from '../../../api/types.ts'
import { formatSpan } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Private } from '../../../parts/private.tsx'
import { Failed } from '../../../parts/states.tsx'
import { now } from '../../../state/now.ts'
import { showToast } from '../../../state/toasts.ts'
import { keys } from '../../keys/key-list.ts'
import { stopCapture } from './captures-store.ts'
import { messages } from './messages.ts'

const scopeTexts = { all: 'scopeAll', errors: 'scopeErrors', key: 'scopeKey' } as const

export function RunningRules({ rules }: { rules: Captures['rules'] }) {
  const text = speak(messages)
  const [failure, setFailure] = useState<unknown>()
  const [stopping, setStopping] = useState<CaptureScope>()

  async function stop(scope: CaptureScope): Promise<void> {
    setStopping(scope)
    setFailure(undefined)
    try {
      await stopCapture(scope)
      showToast({ kind: 'done', text: text('stoppedToast') })
    } catch (problem) {
      setFailure(problem)
    }
    setStopping(undefined)
  }
  if (rules.length === 0 && failure === undefined) return null
  return (
    <section class="running-rules">
      <h3>{text('onNow')}</h3>
      {failure !== undefined && <Failed error={failure} />}
      <ul>
        {rules.map((rule) => (
          <li key={rule.scope}>
            <RuleFacts rule={rule} />
            <Button look="danger" isBusy={stopping === rule.scope} onClick={() => void stop(rule.scope)}>
              {text('stop')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function RuleFacts({ rule }: { rule: Captures['rules'][number] }) {
  const text = speak(messages)
  const name = keys.state.value.value?.find(({ id }) => id === rule.keyId)?.name
  return (
    <div>
      <p>
        <strong>{text(scopeTexts[rule.scope])}</strong>{' '}
        {rule.keyId !== null && <Private text={name ?? rule.keyId} />}
      </p>
      <p class="hint">
        {text('ends', { when: formatSpan(rule.endsAt, now.value) })}
        {' · '}
        {text('captured', { count: rule.captured })}
        {rule.dropped > 0 && ` · ${text('dropped', { count: rule.dropped })}`}
      </p>
    </div>
  )
}
