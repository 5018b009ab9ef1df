import { useEffect, useMemo } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { CallDetail, KeptCall } from '../../api/types.ts'
import { formatTime } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { IconButton } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failed, Skeleton } from '../../parts/states.tsx'
import { isTyping } from '../../shell/shortcuts.ts'
import { createResource } from '../../state/resource.ts'
import { changeQuery } from '../../state/route.ts'
import { preferences } from '../../state/settings.ts'
import { messages } from './drawer/messages.ts'
import { RequestDetail } from './drawer/request-detail.tsx'

interface OpenRequestProps {
  id: string
  /** Those of the list, for the one before and behind. */
  calls: readonly KeptCall[]
  onClose: () => void
}

/** All that is known of the request that the address names, in the list or not. */
export function OpenRequest({ id, calls, onClose }: OpenRequestProps) {
  const text = speak(messages)
  const detail = useMemo(
    () => createResource((signal) => ask<CallDetail>(`/v2/calls/${encodeURIComponent(id)}`, { signal })),
    [id],
  )
  useEffect(() => void detail.load(), [detail])
  const { value, error } = detail.state.value
  const at = calls.findIndex((call) => call.id === id)
  const step = (by: -1 | 1) => {
    const next = at < 0 ? undefined : calls[at + by]
    if (next !== undefined) changeQuery({ request: next.id })
  }
  useEffect(() => followSteps(step), [id, calls])
  const time = value?.at ?? calls[at]?.at
  return (
    <Dialog
      look="drawer"
      title={time === undefined ? id : text('title', { time: formatTime(time) })}
      onClose={onClose}
      tools={
        <>
          <IconButton icon="up" label={text('newer')} aria-disabled={at <= 0} onClick={() => step(-1)} />
          <IconButton
            icon="down"
            label={text('older')}
            aria-disabled={at < 0 || at === calls.length - 1}
            onClick={() => step(1)}
          />
        </>
      }
    >
      {error !== undefined && <Failed error={error} onRetry={() => void detail.load()} />}
      {value === undefined && error === undefined && <Skeleton rows={8} />}
      {value !== undefined && <RequestDetail call={value} />}
    </Dialog>
  )
}

function followSteps(step: (by: -1 | 1) => void): () => void {
  function onKey(event: KeyboardEvent): void {
    if (!preferences.value.shortcuts || isTyping(event)) return
    if (event.key === '[') step(-1)
    else if (event.key === ']') step(1)
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}
