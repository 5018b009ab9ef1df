import { useRef, useState } from 'preact/hooks'
import type { Captures } from '../../../api/types.ts'
import { formatNumber } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Failed } from '../../../parts/states.tsx'
import { showToast } from '../../../state/toasts.ts'
import { purgeCaptures } from './captures-store.ts'
import { formatBytes } from './format-bytes.ts'
import { messages } from './messages.ts'

/** It cannot be taken back, so it is asked twice. */
export function KeptBodies({ state: { kept, most } }: { state: Captures }) {
  const text = speak(messages)
  const [isAsked, setAsked] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const heading = useRef<HTMLHeadingElement>(null)

  async function purge(): Promise<void> {
    setBusy(true)
    setFailure(undefined)
    try {
      await purgeCaptures()
      showToast({ kind: 'done', text: text('purged') })
    } catch (problem) {
      setFailure(problem)
    }
    setAsked(false)
    setBusy(false)
    // The button that was pressed goes.
    heading.current?.focus()
  }
  return (
    <section class="kept-bodies">
      <h3 ref={heading} tabIndex={-1}>
        {text('kept')}
      </h3>
      {failure !== undefined && <Failed error={failure} />}
      <p>
        {kept.calls === 0
          ? text('nothingKept')
          : text('keptCount', { count: kept.calls, size: formatBytes(kept.bytes) })}{' '}
        <span class="hint">
          {text('keptMost', { calls: formatNumber(most.calls), size: formatBytes(most.bytes) })}
        </span>
      </p>
      {kept.calls > 0 && (
        <div class="actions">
          {/* The same button asks and takes it back, and keeps the focus: a click that comes twice deletes nothing. */}
          <Button
            look={isAsked ? 'plain' : 'danger'}
            {...(!isAsked && { icon: 'trash' })}
            aria-disabled={isBusy}
            onClick={() => {
              if (!isBusy) setAsked(!isAsked)
            }}
          >
            {text(isAsked ? 'keepAll' : 'purge')}
          </Button>
          {isAsked && (
            <Button look="danger" icon="trash" isBusy={isBusy} onClick={() => void purge()}>
              {text('purgeSure', { count: kept.calls })}
            </Button>
          )}
        </div>
      )}
    </section>
  )
}
