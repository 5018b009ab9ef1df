import type { Problem } from '../../api/problem.ts'
import { speak } from '../../i18n/messages.ts'
import { describeProblem } from '../../i18n/problems.ts'
import { Button } from '../../parts/button.tsx'
import { readSession } from '../../state/session.ts'
import { DoorFrame } from './door-frame.tsx'
import { messages } from './messages.ts'

/** The gateway does not let anybody in from here, and says why; or it does not answer at all. */
export function ClosedPage({ problem }: { problem: Problem }) {
  const text = speak(messages)
  return (
    <DoorFrame title={text(problem.status === 0 ? 'unreachableTitle' : 'closedTitle')}>
      <p>{describeProblem(problem)}</p>
      <Button look="primary" icon="refresh" onClick={() => void readSession()}>
        {text('again')}
      </Button>
    </DoorFrame>
  )
}
