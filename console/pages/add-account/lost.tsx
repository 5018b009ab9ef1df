import { Problem } from '../../api/problem.ts'
import { speak } from '../../i18n/messages.ts'
import { Failed } from '../../parts/states.tsx'
import { messages } from './messages.ts'

/** That the gateway cannot be asked does not end a sign-in. */
export function Lost({ error }: { error: unknown }) {
  const text = speak(messages)
  if (!(error instanceof Problem) || error.status !== 0) return <Failed error={error} />
  return <p role="status">{text('lost')}</p>
}
