import type { Setup } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Time } from '../../parts/time.tsx'
import { connectFeed, liveState } from '../../state/live.ts'
import { checkMessages, reasonMessages } from './check-messages.ts'
import { judgeCalls, type Call } from './first-request.ts'
import { calls } from './follow-calls.ts'

interface FirstRequestPartProps {
  setup: Setup
  /** Of the key that is typed, as far as it is known. */
  keyId: string | undefined
  /** Of the requests that the page has made. */
  ownIds: ReadonlySet<string>
}

/** Turns green when the client has come. */
export function FirstRequestPart({ setup, keyId, ownIds }: FirstRequestPartProps) {
  const text = speak(checkMessages)
  const client = setup.title
  // One of the environment is known by what it was checked with.
  const checked = calls.value.find(({ id, keyId: own }) => ownIds.has(id) && own !== null)
  const first = judgeCalls(calls.value, {
    programs: setup.programs,
    keyId: keyId ?? checked?.keyId ?? undefined,
    ownIds,
  })
  return (
    <>
      <h2>{text('waitingTitle')}</h2>
      <div aria-live="polite" class="stack">
        {first.kind === 'waiting' && (
          <>
            <p>
              <Badge tone="busy">{text('waiting', { client })}</Badge>
            </p>
            <p class="hint">{text('waitingWhy', { client })}</p>
            {first.other !== undefined && (
              <p>{text('otherProgram', { program: first.other.client ?? text('unknownProgram') })}</p>
            )}
          </>
        )}
        {first.kind === 'arrived' && (
          <>
            <p>
              <Badge tone="good">{text('arrived', { client })}</Badge>
            </p>
            <Facts call={first.call} />
          </>
        )}
        {first.kind === 'failed' && <FailedRequest call={first.call} reason={first.reason} client={client} />}
      </div>
      {liveState.value.kind === 'paused' && (
        <div class="actions setup-note">
          {text('paused')} <Button onClick={connectFeed}>{text('resume')}</Button>
        </div>
      )}
    </>
  )
}

function FailedRequest({
  call,
  reason,
  client,
}: {
  call: Call
  reason: keyof (typeof reasonMessages)['en']
  client: string
}) {
  const text = speak(checkMessages)
  const why = speak(reasonMessages)
  return (
    <>
      <p>
        <Badge tone="bad">{text('arrivedFailed', { client })}</Badge>
      </p>
      <Facts call={call} />
      <p>{why(reason)}</p>
      <p class="hint">{text('anotherTry')}</p>
    </>
  )
}

function Facts({ call }: { call: Call }) {
  const text = speak(checkMessages)
  const program = call.client ?? text('unknownProgram')
  const model = call.modelUsed ?? call.model
  return (
    <p class="hint break">
      {text('facts', { program, model, status: String(call.status) })} · <Time at={call.at} />
    </p>
  )
}
