import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { messages } from './messages.ts'
import type { ImportPhase } from './use-import.ts'

interface ImportButtonsProps {
  phase: ImportPhase
  /** Undefined: nobody knows before it is opened. */
  count: number | undefined
  canStart: boolean
  onBack: () => void
  onClose: () => void
  onStart: () => void
  onStop: () => void
}

/** What can be done next. */
export function ImportButtons({
  phase,
  count,
  canStart,
  onBack,
  onClose,
  onStart,
  onStop,
}: ImportButtonsProps) {
  const text = speak(messages)
  if (phase === 'done') {
    return (
      <>
        <Button onClick={onBack}>{text('back')}</Button>
        <Button look="primary" onClick={onClose}>
          {text('close')}
        </Button>
      </>
    )
  }
  if (phase === 'running') {
    // One request brings a locked export, and it goes all the way.
    return count === undefined ? (
      <Button isBusy>{text('startSealed')}</Button>
    ) : (
      <Button onClick={onStop}>{text('stop')}</Button>
    )
  }
  return (
    <>
      <Button onClick={onBack}>{text('back')}</Button>
      <Button look="primary" aria-disabled={!canStart} onClick={canStart ? onStart : undefined}>
        {count === undefined ? text('startSealed') : text('start', { count })}
      </Button>
    </>
  )
}
