import type { Account } from '../../api/types.ts'
import { formatCountdown, formatSpan } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { now } from '../../state/now.ts'
import { sayWhy } from '../accounts/say-why.ts'
import { messages } from './messages.ts'

const HOUR_MS = 3_600_000

/** In a word, with how long it lasts where that is known; why is told to those who point at it. */
export function StateBadge({ account }: { account: Account }) {
  const [tone, words] = describe(account)
  return (
    <Badge tone={tone} title={sayWhy(account)}>
      {words}
    </Badge>
  )
}

function describe({ status, unsteadySince }: Account): [Tone, string] {
  const text = speak(messages)
  switch (status.kind) {
    case 'ready':
      return unsteadySince === null ? ['good', text('ready')] : ['warn', text('unsteady')]
    case 'cooling':
      return [
        'busy',
        status.until === null ? text('cooling') : text('coolingFor', { time: timeLeft(status.until) }),
      ]
    case 'exhausted':
      return ['warn', text('exhausted')]
    case 'needs-sign-in':
      return ['bad', text('needsSignIn')]
    case 'misconfigured':
      return ['bad', text('misconfigured')]
    case 'parked':
      return ['bad', text('parked')]
    case 'paused':
      return ['idle', text('paused')]
    case 'disabled':
      return status.by === 'operator' ? ['idle', text('off')] : ['bad', text('struckOut')]
    default:
      return ['idle', status.kind]
  }
}

function timeLeft(until: string): string {
  const leftMs = Date.parse(until) - now.value
  return leftMs < HOUR_MS ? formatCountdown(leftMs / 1000) : formatSpan(until, now.value)
}
