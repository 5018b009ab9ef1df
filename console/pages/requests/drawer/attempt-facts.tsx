import type { CallDetail } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Badge } from '../../../parts/badge.tsx'
import { describeFailure } from '../failure-words.ts'
import { AccountLabel } from '../name-parts.tsx'
import { messages, remedies, wordFor } from './messages.ts'

type Attempt = CallDetail['attempts'][number]

/** By which account, what led to it, and what came of it. */
export function AttemptFacts({ attempt, index }: { attempt: Attempt; index: number }) {
  const text = speak(messages)
  const { account, outcome, status, requestId, remedy, heldBack, spared } = attempt
  const known = remedy === undefined ? undefined : wordFor(remedy, remedies)
  return (
    <div class="attempt-facts">
      <p class="actions">
        <strong>{text('attempt', { count: index + 1 })}</strong>
        <AccountLabel id={account} />
        <Badge tone={outcome === 'answered' ? 'good' : outcome === undefined ? 'idle' : 'bad'}>
          {outcome === undefined
            ? text('lasting')
            : outcome === 'answered'
              ? text('answered')
              : describeFailure(outcome)}
        </Badge>
        {status !== undefined && (
          <span class="hint">
            {text('status')} {status}
          </span>
        )}
      </p>
      {remedy !== undefined && <p class="hint">{known === undefined ? remedy : text(known)}</p>}
      {requestId !== undefined && (
        <p class="hint break">
          {text('requestId')} <code>{requestId}</code>
        </p>
      )}
      {heldBack === true && <p class="hint">{text('heldBack')}</p>}
      {spared === true && <p class="hint">{text('spared')}</p>}
    </div>
  )
}
