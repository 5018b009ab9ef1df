import { useState } from 'preact/hooks'
import type { Account } from '../../api/types.ts'
import { formatMilliseconds } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Failed } from '../../parts/states.tsx'
import { messages } from './messages.ts'
import { sendHello, type HelloAnswer } from './send-hello.ts'

/** Whether it answers, at the press of a button. */
export function Hello({ account }: { account: Account }) {
  const text = speak(messages)
  const [isBusy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<{ answer: HelloAnswer } | { error: unknown }>()
  async function send(): Promise<void> {
    setBusy(true)
    try {
      setOutcome({ answer: await sendHello(account, text('helloAsked'), () => performance.now()) })
    } catch (error) {
      setOutcome({ error })
    }
    setBusy(false)
  }
  return (
    <div class="stack">
      <div class="actions">
        <Button isBusy={isBusy} onClick={() => void send()}>
          {text('hello')}
        </Button>
      </div>
      {outcome !== undefined && 'answer' in outcome && (
        <div class="hello" role="status">
          <p class="hint">
            {text('helloAnswered', { time: formatMilliseconds(outcome.answer.milliseconds) })}
          </p>
          <blockquote class="break">{outcome.answer.text}</blockquote>
        </div>
      )}
      {outcome !== undefined && 'error' in outcome && <Failed error={outcome.error} />}
    </div>
  )
}
