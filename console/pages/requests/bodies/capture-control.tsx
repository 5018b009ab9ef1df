/** Above the list of requests: whether what is said is recorded, and the dialog that switches it on and off. */
import { useEffect } from 'preact/hooks'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { now } from '../../../state/now.ts'
import { changeQuery, route } from '../../../state/route.ts'
import { CaptureDialog } from './capture-dialog.tsx'
import { captures, followCaptures } from './captures-store.ts'
import { messages } from './messages.ts'

const MINUTE_MS = 60_000

export function CaptureControl() {
  const text = speak(messages)
  useEffect(followCaptures, [])
  const ends = captures.state.value.value?.rules.map(({ endsAt }) => Date.parse(endsAt)) ?? []
  const leftMs = Math.max(0, ...ends) - now.value
  return (
    <>
      <Button
        icon={leftMs > 0 ? 'warn' : 'edit'}
        class="capture-button"
        onClick={() => changeQuery({ capture: '1' }, { replaces: false })}
      >
        {leftMs > 0 ? text('recording', { count: Math.ceil(leftMs / MINUTE_MS) }) : text('record')}
      </Button>
      {route.value.query.has('capture') && (
        <CaptureDialog onClose={() => changeQuery({ capture: undefined })} />
      )}
    </>
  )
}
