import { useEffect, useRef } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Failed } from '../../parts/states.tsx'
import { messages } from './messages.ts'
import type { RequestListState } from './request-list.ts'

/** Older ones come when the end of the list comes into sight; those that may be far back when somebody wants them. */
export function OlderRequests({ list, hasNone }: { list: RequestListState; hasNone: boolean }) {
  const text = speak(messages)
  const place = useRef<HTMLDivElement>(null)
  const error = list.olderError.value
  useEffect(() => {
    if (hasNone || error !== undefined || place.current === null) return undefined
    const frame = document.querySelector('.requests-frame')
    const watcher = new IntersectionObserver(([entry]) => {
      const isAtEnd =
        frame === null || frame.scrollTop + frame.clientHeight > frame.scrollHeight - NEAR_PIXELS
      if (entry?.isIntersecting === true && isAtEnd) void list.loadOlder()
    })
    watcher.observe(place.current)
    const look = () => {
      if (frame !== null && frame.scrollTop + frame.clientHeight > frame.scrollHeight - NEAR_PIXELS) {
        void list.loadOlder()
      }
    }
    frame?.addEventListener('scroll', look, { passive: true })
    return () => {
      watcher.disconnect()
      frame?.removeEventListener('scroll', look)
    }
  }, [list, hasNone, error])

  if (error !== undefined) return <Failed error={error} onRetry={() => void list.loadOlder()} />
  return (
    <div class="requests-older" ref={place}>
      {hasNone && <p>{text('searched')}</p>}
      <Button isBusy={list.isLoadingOlder.value} onClick={() => void list.loadOlder()}>
        {text(hasNone ? 'further' : 'older')}
      </Button>
    </div>
  )
}

const NEAR_PIXELS = 400
