import { speak } from '../../i18n/messages.ts'
import { Lost } from './lost.tsx'
import { messages } from './messages.ts'
import { StepList } from './step-list.tsx'
import type { Wizard } from './wizard.ts'

/** The person is done; what is left takes seconds. */
export function ApprovedStep({ wizard, problem }: { wizard: Wizard; problem: unknown }) {
  const text = speak(messages)
  return (
    <div class="stack">
      <StepList wizard={wizard} />
      {problem !== undefined && <Lost error={problem} />}
      <p class="hint">{text('closing')}</p>
    </div>
  )
}
