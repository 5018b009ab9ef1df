import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { goTo, addressOf } from '../../../state/route.ts'
import { messages } from './messages.ts'

interface BodiesPartProps {
  callId: string
  /** Whether what was asked is known. */
  isCaptured?: boolean
}

/** The place of what was said: nothing of it is known, unless it was captured. */
export function BodiesPart({ callId, isCaptured = false }: BodiesPartProps) {
  const text = speak(messages)
  return (
    <section>
      <h3>{text('bodies')}</h3>
      {!isCaptured && <p class="hint">{text('bodiesNot')}</p>}
      <Button
        icon="play"
        aria-disabled={!isCaptured}
        title={isCaptured ? undefined : text('replayNot')}
        onClick={() => {
          if (isCaptured) goTo(addressOf('playground', { replay: callId }))
        }}
      >
        {text('replay')}
      </Button>
    </section>
  )
}
