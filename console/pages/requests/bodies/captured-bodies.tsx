/** What was said in one call, where it was recorded. Shown when somebody asks for it: each look is on record. */
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../../../api/client.ts'
import { Problem } from '../../../api/problem.ts'
import type { CapturedBodies as Bodies } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { BodyTabs } from './body-tabs.tsx'
import { captures, loadCaptures } from './captures-store.ts'
import { messages } from './messages.ts'

export function CapturedBodies({ callId }: { callId: string }) {
  const text = speak(messages)
  return (
    <section class="bodies" aria-label={text('bodies')}>
      <h3>{text('bodies')}</h3>
      <BodiesOf key={callId} callId={callId} />
    </section>
  )
}

function BodiesOf({ callId }: { callId: string }) {
  const { value: state, error } = captures.state.value
  const [bodies, setBodies] = useState<Bodies>()
  const [failure, setFailure] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const text = speak(messages)
  // Calls are recorded without news of it.
  useEffect(loadCaptures, [])

  async function read(): Promise<void> {
    setBusy(true)
    setFailure(undefined)
    try {
      setBodies(await ask<Bodies>(`/v2/calls/${encodeURIComponent(callId)}/bodies`))
    } catch (problem) {
      setFailure(problem)
    }
    setBusy(false)
  }
  if (bodies !== undefined) return <BodyTabs bodies={bodies} />
  if (failure instanceof Problem && failure.code === 'bodies_not_kept') {
    return <p class="hint">{text('gone')}</p>
  }
  if (failure !== undefined) return <Failed error={failure} onRetry={() => void read()} />
  if (state === undefined) {
    return error === undefined ? (
      <Skeleton rows={1} />
    ) : (
      <Failed error={error} onRetry={() => void captures.load()} />
    )
  }
  if (!state.kept.callIds.includes(callId))
    return <NoBodies keepHours={state.keepHours} isOn={state.rules.length > 0} />
  return (
    <div class="actions">
      <Button icon="eye" isBusy={isBusy} onClick={() => void read()}>
        {text('show')}
      </Button>
      <span class="hint">{text('showHint')}</span>
    </div>
  )
}

function NoBodies({ keepHours, isOn }: { keepHours: number; isOn: boolean }) {
  const text = speak(messages)
  const reason = keepHours === 0 ? 'impossible' : isOn ? 'noneOn' : 'noneOff'
  return (
    <p class="hint">
      {text('none')} {text(reason)}
    </p>
  )
}
