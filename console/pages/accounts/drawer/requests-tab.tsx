import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../../../api/client.ts'
import type { Account, CallList } from '../../../api/types.ts'
import { formatMilliseconds, formatShort } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Badge, type Tone } from '../../../parts/badge.tsx'
import { Button } from '../../../parts/button.tsx'
import { CopyButton } from '../../../parts/copy-button.tsx'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { Time } from '../../../parts/time.tsx'
import { createResource } from '../../../state/resource.ts'
import { showFailure } from '../account-deeds.ts'
import { activityMessages } from './activity-messages.ts'

type KeptCall = CallList['calls'][number]

const A_PAGE = 25
const MOST_SHOWN = 500

/** The latest requests that were tried with the account, without anything that was said. */
export function RequestsTab({ account }: { account: Account }) {
  const text = speak(activityMessages)
  const [first] = useState(() => createResource((stop) => readCalls(account, undefined, stop)))
  const [more] = useState(() => signal<CallList>())
  const [isBusy, setBusy] = useState(false)
  useEffect(() => void first.load(), [])

  const { value, error } = first.state.value
  if (value === undefined) {
    return error === undefined ? (
      <Skeleton rows={4} />
    ) : (
      <Failed error={error} onRetry={() => void first.load()} />
    )
  }
  const calls = [...value.calls, ...(more.value?.calls ?? [])]
  const { nextCursor } = more.value ?? value

  async function readMore(cursor: string): Promise<void> {
    setBusy(true)
    try {
      const page = await readCalls(account, cursor)
      more.value = { ...page, calls: [...(more.value?.calls ?? []), ...page.calls] }
    } catch (failure) {
      showFailure(failure)
    }
    setBusy(false)
  }
  return (
    <div class="stack">
      {calls.length === 0 && nextCursor === null && (
        <p class="hint">
          {text('noRequests')} {text('noRequestsReason')}
        </p>
      )}
      <ol class="trail">
        {calls.map((call) => (
          <Call key={call.id} call={call} account={account} />
        ))}
      </ol>
      {nextCursor !== null && calls.length < MOST_SHOWN && (
        <Button look="quiet" isBusy={isBusy} onClick={() => void readMore(nextCursor)}>
          {text('older')}
        </Button>
      )}
    </div>
  )
}

function readCalls({ id }: Account, cursor?: string, stop?: AbortSignal): Promise<CallList> {
  const query = new URLSearchParams({
    account: id,
    limit: String(A_PAGE),
    ...(cursor !== undefined && { cursor }),
  })
  return ask<CallList>(`/v2/calls?${query.toString()}`, stop === undefined ? {} : { signal: stop })
}

const looks = {
  ok: ['good', 'ok'],
  'client-error': ['idle', 'client-error'],
  throttled: ['warn', 'throttled'],
  'upstream-error': ['bad', 'upstream-error'],
  shed: ['warn', 'shed'],
  cancelled: ['idle', 'cancelled'],
} as const satisfies Record<KeptCall['outcome'], readonly [Tone, string]>

function Call({ call, account }: { call: KeptCall; account: Account }) {
  const text = speak(activityMessages)
  const { status, failure, firstTokenMs, inputTokens, outputTokens } = call
  const [tone, word] = looks[call.outcome]
  const facts = [
    text('totalTime', { time: formatMilliseconds(call.totalMs) }),
    firstTokenMs === null ? undefined : text('firstTokenTime', { time: formatMilliseconds(firstTokenMs) }),
    inputTokens === null || outputTokens === null
      ? undefined
      : text('tokens', { input: formatShort(inputTokens), output: formatShort(outputTokens) }),
    call.client ?? undefined,
  ]
  return (
    <li>
      <div class="actions spread">
        <span class="actions">
          <Badge tone={tone}>{text(word)}</Badge>
          <span class="hint">
            {status}
            {failure !== null && ` · ${failure}`}
          </span>
        </span>
        <span class="hint">
          <Time at={call.at} />
        </span>
      </div>
      <p class="break">
        <bdi>{call.model}</bdi>
        {call.modelUsed !== null && call.modelUsed !== call.model && <> → {call.modelUsed}</>}
      </p>
      <p class="hint break">
        {facts.filter((fact) => fact !== undefined).join(' · ')}
        {call.accountIds[0] !== account.id && <> · {text('tried')}</>}
      </p>
      <p class="hint with-copy">
        <code>{call.id}</code>
        <CopyButton text={call.id} />
      </p>
    </li>
  )
}
