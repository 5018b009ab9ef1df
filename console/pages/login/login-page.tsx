import type { TargetedEvent } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { Problem } from '../../api/problem.ts'
import { speak } from '../../i18n/messages.ts'
import { describeProblem } from '../../i18n/problems.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { now } from '../../state/now.ts'
import { signIn } from '../../state/session.ts'
import { DoorFrame } from './door-frame.tsx'
import { messages } from './messages.ts'

/** Tells nothing of the gateway before one is signed in. */
export function LoginPage({ hasEnded }: { hasEnded: boolean }) {
  const text = speak(messages)
  const [password, setPassword] = useState('')
  const [isShown, setShown] = useState(false)
  const [hasCapsLock, setCapsLock] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<{ error: unknown; at: number }>()
  const input = useRef<HTMLInputElement>(null)
  const waitSeconds = waitLeft(failure, now.value)

  async function submit(event: TargetedEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (isBusy || waitSeconds > 0) return
    setBusy(true)
    try {
      await signIn(password)
    } catch (error) {
      setFailure({ error, at: Date.now() })
      input.current?.select()
    }
    setBusy(false)
  }

  return (
    <DoorFrame title={text('title')}>
      {hasEnded && failure === undefined && <p role="status">{text('hasEnded')}</p>}
      <form onSubmit={(event) => void submit(event)}>
        <Field
          label={text('password')}
          hint={hasCapsLock ? text('capsLock') : undefined}
          error={describeFailure(failure?.error, waitSeconds, text)}
          control={(ties) => (
            <div class="password">
              <input
                {...ties}
                {...(isShown ? { type: 'text' } : { type: 'password' })}
                ref={input}
                autocomplete="current-password"
                autofocus
                required
                maxLength={1024}
                value={password}
                onInput={(event) => setPassword(event.currentTarget.value)}
                onKeyUp={(event) => setCapsLock(event.getModifierState('CapsLock'))}
              />
              <IconButton
                icon={isShown ? 'eyeOff' : 'eye'}
                label={text(isShown ? 'hide' : 'show')}
                onClick={() => setShown(!isShown)}
              />
            </div>
          )}
        />
        <Button type="submit" look="primary" isBusy={isBusy} aria-disabled={waitSeconds > 0}>
          {text('signIn')}
        </Button>
      </form>
    </DoorFrame>
  )
}

function waitLeft(failure: { error: unknown; at: number } | undefined, instant: number): number {
  if (!(failure?.error instanceof Problem) || failure.error.status !== 429) return 0
  const until = failure.at + (failure.error.retryAfterSeconds ?? 1) * 1000
  return Math.max(0, Math.ceil((until - instant) / 1000))
}

function describeFailure(
  error: unknown,
  waitSeconds: number,
  text: ReturnType<typeof speak<(typeof messages)['en']>>,
): string | undefined {
  if (error === undefined) return undefined
  if (error instanceof Problem && error.status === 429) {
    return waitSeconds > 0 ? text('wait', { seconds: waitSeconds }) : undefined
  }
  return describeProblem(error)
}
