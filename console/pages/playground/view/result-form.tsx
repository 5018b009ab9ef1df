import { useState } from 'preact/hooks'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Field, Switch } from '../../../parts/field.tsx'
import type { CallPart } from '../answer/answer.ts'
import { messages } from '../messages.ts'
import type { CallResult } from '../request/turns.ts'
import { canAsk } from '../talk/playground-state.ts'
import { answerCall } from '../tools/presets.ts'

/** What the tools answer is typed, or filled in; the model gets all of it at once. */
export function ResultForm({
  calls,
  onResults,
}: {
  calls: readonly CallPart[]
  onResults: (results: readonly CallResult[]) => void
}) {
  const text = speak(messages)
  const [typed, setTyped] = useState<Readonly<Record<string, CallResult>>>({})
  const resultOf = ({ id }: CallPart) => typed[id] ?? { callId: id, text: '', isError: false }
  const fillIn = (filled: readonly CallPart[]) => {
    const results = filled.map(
      ({ id, name, input }) => [id, { callId: id, ...answerCall(name, input) }] as const,
    )
    setTyped({ ...typed, ...Object.fromEntries(results) })
  }
  return (
    <form
      class="results"
      onSubmit={(event) => {
        event.preventDefault()
        if (canAsk.value) onResults(calls.map(resultOf))
      }}
    >
      {calls.map((call) => (
        <ResultField
          key={call.id}
          call={call}
          result={resultOf(call)}
          onResult={(result) => setTyped({ ...typed, [call.id]: result })}
          onFill={() => fillIn([call])}
        />
      ))}
      <div class="actions">
        {calls.length > 1 && <Button onClick={() => fillIn(calls)}>{text('fillAll')}</Button>}
        <Button type="submit" look="primary" icon="play" aria-disabled={!canAsk.value}>
          {text('proceed')}
        </Button>
      </div>
    </form>
  )
}

interface ResultFieldProps {
  call: CallPart
  result: CallResult
  onResult: (result: CallResult) => void
  onFill: () => void
}

function ResultField({ call, result, onResult, onFill }: ResultFieldProps) {
  const text = speak(messages)
  return (
    <div class="result">
      <Field
        label={text('toolResult', { name: call.name })}
        control={(ties) => (
          <textarea
            {...ties}
            rows={2}
            spellcheck={false}
            value={result.text}
            onInput={(event) => onResult({ ...result, text: event.currentTarget.value })}
          />
        )}
      />
      <div class="actions">
        <Button look="quiet" onClick={onFill}>
          {text('fill')}
        </Button>
        <Switch
          label={text('toolFailed')}
          isOn={result.isError}
          onToggle={(isError) => onResult({ ...result, isError })}
        />
      </div>
    </div>
  )
}
