import { useEffect, useState } from 'preact/hooks'
import { speak } from '../../../i18n/messages.ts'
import { Icon } from '../../../parts/icon.tsx'
import { Failed } from '../../../parts/states.tsx'
import { route } from '../../../state/route.ts'
import { unreachable } from '../../../unreachable.ts'
import { messages } from '../messages.ts'
import type { WrittenRequest } from '../request/write-request.ts'
import type { Replay } from '../talk/read-capture.ts'
import { readReplay } from '../talk/replay.ts'

type Found = Replay | { kind: 'failed'; error: unknown }

/** Looks for the request that the address names, and says what became of that. */
export function ReplayNote({ onReady }: { onReady: (request: WrittenRequest) => void }) {
  const id = route.value.query.get('replay') ?? ''
  const [found, setFound] = useState<Found>()
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    setFound(undefined)
    if (id === '') return undefined
    const leaving = new AbortController()
    const settle = (next: Found) => {
      if (leaving.signal.aborted) return
      setFound(next)
      if (next.kind === 'ready') onReady(next.request)
    }
    readReplay(id, leaving.signal).then(settle, (error: unknown) => settle({ kind: 'failed', error }))
    return () => leaving.abort()
  }, [id, turn])

  if (found === undefined) return null
  if (found.kind === 'failed') return <Failed error={found.error} onRetry={() => setTurn(turn + 1)} />
  return (
    <div class="replay-note" role="status">
      <Icon name={found.kind === 'ready' ? 'info' : 'warn'} />
      <Words id={id} found={found} />
    </div>
  )
}

function Words({ id, found }: { id: string; found: Replay }) {
  const text = speak(messages)
  switch (found.kind) {
    case 'ready':
      return (
        <div>
          <p class="break">{text('replayReady', { id })}</p>
          {found.isChanged && <p class="hint">{text('replayChanged')}</p>}
        </div>
      )
    case 'missing':
      return (
        <div>
          <p class="break">{text('replayMissing', { id })}</p>
          <p class="hint">{text('replayMissingWhy')}</p>
        </div>
      )
    case 'unreadable':
      return <p>{text('replayUnreadable')}</p>
    default:
      return unreachable(found)
  }
}
