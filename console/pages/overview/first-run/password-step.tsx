import type { TargetedEvent } from 'preact'
import { useState } from 'preact/hooks'
import { ask } from '../../../api/client.ts'
import { speak } from '../../../i18n/messages.ts'
import { describeProblem } from '../../../i18n/problems.ts'
import { Button, IconButton } from '../../../parts/button.tsx'
import { Field } from '../../../parts/field.tsx'
import { connectFeed, liveState, pauseFeed } from '../../../state/live.ts'
import { readSession, signIn } from '../../../state/session.ts'
import { showToast } from '../../../state/toasts.ts'
import { messages } from './messages.ts'
import { judgePassword, type Strength } from './strength.ts'

/** Sets the first password, and stays signed in by it. */
export function PasswordStep() {
  const text = speak(messages)
  const [password, setPassword] = useState('')
  const [isShown, setShown] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const strength = judgePassword(password)
  const isTaken = strength.kind === 'fair' || strength.kind === 'strong'

  async function submit(event: TargetedEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (isBusy || !isTaken) return
    setBusy(true)
    setError(undefined)
    // Between the new password and the new session nobody is let in, and this page shall not ask.
    const wasPaused = liveState.value.kind === 'paused'
    pauseFeed()
    try {
      await ask('/v2/password', { method: 'POST', body: { password } })
      showToast({ kind: 'done', text: text('passwordIsSet') })
      // From now on nobody gets in without it: not even this page.
      await signIn(password).catch(readSession)
    } catch (failure) {
      setError(failure)
    }
    if (!wasPaused) connectFeed()
    setBusy(false)
  }

  return (
    <>
      <p class="hint">{text('passwordWhy')}</p>
      <form class="step-form" onSubmit={(event) => void submit(event)}>
        {/* For password managers: there is one account, and it has this name. */}
        <input type="text" name="username" autocomplete="username" value="admin" readOnly hidden />
        <Field
          label={text('newPassword')}
          hint={hintOf(strength, text)}
          error={error === undefined ? undefined : describeProblem(error)}
          control={(ties) => (
            <div class="password">
              <input
                {...ties}
                {...(isShown ? { type: 'text' } : { type: 'password' })}
                autocomplete="new-password"
                maxLength={1024}
                value={password}
                onInput={(event) => setPassword(event.currentTarget.value)}
              />
              <IconButton
                icon={isShown ? 'eyeOff' : 'eye'}
                label={text(isShown ? 'hidePassword' : 'showPassword')}
                onClick={() => setShown(!isShown)}
              />
            </div>
          )}
        />
        <Button type="submit" isBusy={isBusy} aria-disabled={!isTaken}>
          {text('setPassword')}
        </Button>
      </form>
    </>
  )
}

function hintOf(
  strength: Strength,
  text: ReturnType<typeof speak<(typeof messages)['en']>>,
): string | undefined {
  if (strength.kind === 'empty') return undefined
  return strength.kind === 'short' ? text('short', { count: strength.missing }) : text(strength.kind)
}
