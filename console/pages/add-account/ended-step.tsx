import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Empty, Failed } from '../../parts/states.tsx'
import { messages } from './messages.ts'
import type { EndReason, Wizard } from './wizard.ts'

interface EndedStepProps {
  wizard: Wizard & { kind: 'ended' }
  problem: unknown
  isBusy: boolean
  onAgain: () => void
  onChange: () => void
}

const reasons = {
  expired: 'expiredReason',
  denied: 'deniedReason',
  cancelled: 'cancelledReason',
} as const satisfies Record<Exclude<EndReason, 'failed'>, string>

/** Without an account; everything that was typed is still there. */
export function EndedStep({
  wizard: { reason, detail },
  problem,
  isBusy,
  onAgain,
  onChange,
}: EndedStepProps) {
  const text = speak(messages)
  return (
    <>
      <div role="status">
        <Empty
          icon={reason === 'expired' ? 'wait' : 'off'}
          title={text(reason)}
          action={
            <>
              <Button look="primary" icon="refresh" isBusy={isBusy} onClick={onAgain}>
                {text('newCode')}
              </Button>
              <Button onClick={onChange}>{text('change')}</Button>
            </>
          }
        >
          {reason !== 'failed' && <p>{text(reasons[reason])}</p>}
          {/* The gateway's own words: which accounts or regions are meant is not known here. */}
          {detail !== undefined && <p lang="en">{detail}</p>}
        </Empty>
      </div>
      {problem !== undefined && <Failed error={problem} />}
    </>
  )
}
