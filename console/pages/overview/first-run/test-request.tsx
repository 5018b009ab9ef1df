import { useState } from 'preact/hooks'
import { ask } from '../../../api/client.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Failed } from '../../../parts/states.tsx'
import { messages } from './messages.ts'
import { readAnswer, testRequest } from './test-chat.ts'

interface TestRequestProps {
  isDone: boolean
  hasAccount: boolean
  onAnswered: () => void
}

type Outcome =
  | { kind: 'none' }
  | { kind: 'busy' }
  | { kind: 'answer'; words: string }
  | { kind: 'failed'; error: unknown }

/** Asks a model for a word, through the gateway like every client. */
export function TestRequest({ isDone, hasAccount, onAnswered }: TestRequestProps) {
  const text = speak(messages)
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' })

  async function send(): Promise<void> {
    setOutcome({ kind: 'busy' })
    try {
      const words = readAnswer(await ask('/v2/chat/test', { method: 'POST', body: testRequest }))
      setOutcome({ kind: 'answer', words })
      onAnswered()
    } catch (error) {
      setOutcome({ kind: 'failed', error })
    }
  }

  return (
    <>
      {!isDone && <p class="hint">{text(hasAccount ? 'requestWhy' : 'requestFirst')}</p>}
      {hasAccount && !isDone && (
        <Button isBusy={outcome.kind === 'busy'} onClick={() => void send()}>
          {text('send')}
        </Button>
      )}
      <div aria-live="polite">
        {outcome.kind === 'busy' && <p class="hint">{text('sending')}</p>}
        {outcome.kind === 'answer' && outcome.words === '' && <p>{text('emptyAnswer')}</p>}
        {outcome.kind === 'answer' && outcome.words !== '' && (
          <p>
            {text('answer')} <q>{outcome.words}</q>
          </p>
        )}
      </div>
      {outcome.kind === 'failed' && <Failed error={outcome.error} onRetry={() => void send()} />}
    </>
  )
}
