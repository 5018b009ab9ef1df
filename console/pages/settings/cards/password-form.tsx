import { useState } from 'preact/hooks'
import { ask } from '../../../api/client.ts'
import { fieldProblem, isShownByField } from '../../../api/field-problem.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { TextField } from '../../../parts/field.tsx'
import { Failed } from '../../../parts/states.tsx'
import { useSubmit } from '../../../parts/use-submit.ts'
import { readSession } from '../../../state/session.ts'
import { showToast } from '../../../state/toasts.ts'
import { messages } from './messages.ts'

const LEAST_CHARACTERS = 12
const FIELDS = ['password', 'current_password']

/** Sets the password of the operator; whoever is signed in has to sign in again. */
export function PasswordForm({ hasPassword }: { hasPassword: boolean }) {
  const text = speak(messages)
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [hasTried, setTried] = useState(false)
  const isShort = password.trim().length < LEAST_CHARACTERS
  const { error, isBusy, onSubmit } = useSubmit(async () => {
    setTried(true)
    if (isShort || password !== again) return
    const body = { password, ...(hasPassword && { current_password: current }) }
    await ask('/v2/password', { method: 'POST', body })
    setCurrent('')
    setPassword('')
    setAgain('')
    setTried(false)
    showToast({ kind: 'done', text: () => speak(messages)('passwordSet') })
    await readSession()
  })
  return (
    <form class="form narrow-form" noValidate onSubmit={onSubmit}>
      {error !== undefined && !isShownByField(error, FIELDS) && <Failed error={error} />}
      {hasPassword && (
        <TextField
          isSecret
          autocomplete="current-password"
          label={text('currentPassword')}
          error={fieldProblem(error, 'current_password')}
          value={current}
          onText={setCurrent}
        />
      )}
      <TextField
        isSecret
        autocomplete="new-password"
        label={text('newPassword')}
        hint={text('passwordHint')}
        error={hasTried && isShort ? text('passwordTooShort') : fieldProblem(error, 'password')}
        value={password}
        onText={setPassword}
      />
      <TextField
        isSecret
        autocomplete="new-password"
        label={text('againPassword')}
        error={hasTried && password !== again ? text('passwordDiffers') : undefined}
        value={again}
        onText={setAgain}
      />
      <div class="actions">
        <Button type="submit" isBusy={isBusy}>
          {text('setPassword')}
        </Button>
      </div>
    </form>
  )
}
