import { speak } from '../../i18n/messages.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failed, Skeleton } from '../../parts/states.tsx'
import { unreachable } from '../../unreachable.ts'
import { ApprovedStep } from './approved-step.tsx'
import { ChooseStep } from './choose-step.tsx'
import { CodeStep } from './code-step.tsx'
import { DoneStep } from './done-step.tsx'
import { EndedStep } from './ended-step.tsx'
import { messages } from './messages.ts'
import { useWizard } from './use-wizard.ts'

interface AddAccountDialogProps {
  /** The account to sign in again; undefined: a new one. */
  accountId?: string | undefined
  /** A sign-in that is on its way. */
  authId?: string | undefined
  onClose: () => void
}

/** From a code to an account that serves. The gateway does it all: this only shows how far it is. */
export function AddAccountDialog({ accountId, authId, onClose }: AddAccountDialogProps) {
  const text = speak(messages)
  const deeds = useWizard(accountId, authId)
  return (
    <Dialog look="wide" title={text(accountId === undefined ? 'title' : 'titleAgain')} onClose={onClose}>
      <Step deeds={deeds} accountId={accountId} onClose={onClose} />
    </Dialog>
  )
}

function Step({
  deeds,
  accountId,
  onClose,
}: {
  deeds: ReturnType<typeof useWizard>
  accountId: string | undefined
  onClose: () => void
}) {
  const { wizard, problem, isBusy, wishes } = deeds
  switch (wizard.kind) {
    case 'resuming':
      return problem === undefined ? <Skeleton /> : <Failed error={problem} onRetry={deeds.restart} />
    case 'choosing':
      return (
        <ChooseStep
          accountId={accountId}
          wishes={wishes}
          onWishes={deeds.setWishes}
          problem={problem}
          isBusy={isBusy}
          onStart={deeds.start}
          onResume={deeds.goOn}
        />
      )
    case 'waiting':
      return <CodeStep wizard={wizard} problem={problem} isBusy={isBusy} onCancel={deeds.cancel} />
    case 'approved':
      return <ApprovedStep wizard={wizard} problem={problem} />
    case 'ended':
      return (
        <EndedStep
          wizard={wizard}
          problem={problem}
          isBusy={isBusy}
          onAgain={deeds.start}
          onChange={deeds.restart}
        />
      )
    case 'done':
      return (
        <DoneStep
          wizard={wizard}
          isAgain={accountId !== undefined}
          onAnother={deeds.restart}
          onClose={onClose}
        />
      )
    default:
      return unreachable(wizard)
  }
}
