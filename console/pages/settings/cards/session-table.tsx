import { useEffect } from 'preact/hooks'
import type { OperatorSession } from '../../../api/types.ts'
import { formatTime } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { Time } from '../../../parts/time.tsx'
import { useSubmit } from '../../../parts/use-submit.ts'
import { whenNews } from '../../../state/live.ts'
import { showToast } from '../../../state/toasts.ts'
import { messages } from './messages.ts'
import { endSession, sessions } from './sessions-store.ts'

/** Every browser that is signed in, each of which can be signed out from here. */
export function SessionTable() {
  const text = speak(messages)
  useEffect(() => whenNews(['events'], () => void sessions.load()), [])
  const { value, error } = sessions.state.value
  if (value === undefined) {
    return error === undefined ? (
      <Skeleton rows={2} />
    ) : (
      <Failed error={error} onRetry={() => void sessions.load()} />
    )
  }
  if (value.length === 0) return <p class="hint">{text('noSessions')}</p>
  return (
    <div class="table-frame">
      <table class="table review-table" aria-label={text('sessionsList')}>
        <thead>
          <tr>
            <th scope="col">{text('sessionBegan')}</th>
            <th scope="col">{text('sessionSeen')}</th>
            <th scope="col">{text('sessionUntil')}</th>
            <th scope="col">
              <span class="unseen">{text('endSession')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {value.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SessionRow({ session }: { session: OperatorSession }) {
  const text = speak(messages)
  const { id, own, created_at: began, last_seen_at: seen, expires_at: until } = session
  const { error, isBusy, onSubmit } = useSubmit(async () => {
    await endSession(id)
    showToast({ kind: 'done', text: () => speak(messages)('sessionEnded') })
  })
  return (
    <tr>
      <th scope="row">
        {formatTime(began)} {own && <span class="tag strong">{text('sessionOwn')}</span>}
      </th>
      <td data-label={text('sessionSeen')}>
        <Time at={seen} />
      </td>
      <td data-label={text('sessionUntil')}>
        <Time at={until} />
      </td>
      <td>
        <form class="actions" onSubmit={onSubmit}>
          {error !== undefined && <Failed error={error} />}
          {!own && (
            <Button
              type="submit"
              isBusy={isBusy}
              aria-label={text('endSessionOf', { when: formatTime(began) })}
            >
              {text('endSession')}
            </Button>
          )}
        </form>
      </td>
    </tr>
  )
}
