import type { Key } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Badge } from '../../parts/badge.tsx'
import { now } from '../../state/now.ts'
import { endsSoon, isUnused } from './list-keys.ts'
import { messages } from './messages.ts'

interface KeyStatusProps {
  keyShown: Key
  isEnding: boolean
}

/** Whether it works, and what should be looked at. */
export function KeyStatus({ keyShown: key, isEnding }: KeyStatusProps) {
  const text = speak(messages)
  return (
    <span class="statuses">
      {isEnding ? <Badge tone="warn">{text('revoking')}</Badge> : <OwnStatus status={key.status} />}
      {!isEnding && isUnused(key, now.value) && (
        <Badge tone="warn" title={text('isUnusedTitle')}>
          {text('isUnused')}
        </Badge>
      )}
      {!isEnding && endsSoon(key, now.value) && <Badge tone="warn">{text('endsSoon')}</Badge>}
    </span>
  )
}

function OwnStatus({ status }: Pick<Key, 'status'>) {
  const text = speak(messages)
  switch (status) {
    case 'active':
      return <Badge tone="good">{text('active')}</Badge>
    case 'rotating':
      return (
        <Badge tone="busy" title={text('rotatingUntil')}>
          {text('rotating')}
        </Badge>
      )
    case 'expired':
      return <Badge tone="idle">{text('expired')}</Badge>
    case 'revoked':
      return <Badge tone="idle">{text('revoked')}</Badge>
    default:
      return <Badge tone="idle">{status}</Badge>
  }
}
