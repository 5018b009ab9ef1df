import { useMemo } from 'preact/hooks'
import { formatCountdown } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { now } from '../../state/now.ts'
import { drawQr } from './draw-qr.ts'
import { groupCode } from './group-code.ts'
import { judgeLink } from './judge-link.ts'
import { messages } from './messages.ts'
import { Lost } from './lost.tsx'
import { StepList } from './step-list.tsx'
import type { Wizard } from './wizard.ts'

type Waiting = Wizard & { kind: 'waiting' }

interface CodeStepProps {
  wizard: Waiting
  problem: unknown
  isBusy: boolean
  onCancel: (authId: string) => void
}

export function CodeStep({ wizard, problem, isBusy, onCancel }: CodeStepProps) {
  const text = speak(messages)
  const { authId, userCode, link, endsAt, lifeSeconds } = wizard
  return (
    <div class="code-step">
      <div class="stack">
        <h3>{text('approve')}</h3>
        <p class="user-code" role="group" aria-label={text('code')}>
          <output class="mono">{groupCode(userCode)}</output>
          <CopyButton text={userCode} label={text('copyCode')} />
        </p>
        <Ring leftSeconds={(endsAt - now.value) / 1000} lifeSeconds={lifeSeconds} />
        <WayToApprove link={link} />
        <p class="warning">
          <Icon name="warn" />
          {text('phishing')}
        </p>
      </div>
      <div class="stack">
        <StepList wizard={wizard} />
        {problem !== undefined && <Lost error={problem} />}
        <p class="hint">{text('closing')}</p>
        <div class="actions">
          <Button isBusy={isBusy} onClick={() => onCancel(authId)}>
            {text('cancel')}
          </Button>
        </div>
      </div>
    </div>
  )
}

/** A link of another host than AWS's is told, and neither offered nor drawn. */
function WayToApprove({ link }: { link: string }) {
  const text = speak(messages)
  const { kind, host } = judgeLink(link, window.location.hostname)
  if (kind === 'refused') {
    return (
      <p class="failed" role="alert">
        <Icon name="error" />
        <span class="break">{text('hostWrong', { host })}</span>
      </p>
    )
  }
  return (
    <>
      <div class="actions">
        <a class="button primary open-aws" href={link} target="_blank" rel="noopener noreferrer">
          <Icon name="external" />
          {text('openAws')}
        </a>
      </div>
      <p class="hint break">{text('host', { host })}</p>
      {kind === 'simulated' && <p class="hint">{text('simulated')}</p>}
      <QrCode link={link} />
    </>
  )
}

function QrCode({ link }: { link: string }) {
  const text = speak(messages)
  const { size, path } = useMemo(() => drawQr(link), [link])
  return (
    <figure class="qr">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={text('qr')} shape-rendering="crispEdges">
        <path d={path} />
      </svg>
      <figcaption class="hint">{text('scan')}</figcaption>
    </figure>
  )
}

const RADIUS = 9
const LENGTH = 2 * Math.PI * RADIUS

/** How much of its life the code has left. */
function Ring({ leftSeconds, lifeSeconds }: { leftSeconds: number; lifeSeconds: number }) {
  const text = speak(messages)
  const share = Math.min(1, Math.max(0, leftSeconds / lifeSeconds))
  return (
    <p class="ring" role="timer">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle class="ring-all" cx="12" cy="12" r={RADIUS} />
        <circle
          class="ring-left"
          cx="12"
          cy="12"
          r={RADIUS}
          transform="rotate(-90 12 12)"
          stroke-dasharray={`${share * LENGTH} ${LENGTH}`}
        />
      </svg>
      {text('left', { time: formatCountdown(leftSeconds) })}
    </p>
  )
}
