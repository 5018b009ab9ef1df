import { useState } from 'preact/hooks'
import type { Token } from '../../../api/types.ts'
import { fieldProblem, isShownByField } from '../../../api/field-problem.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { SelectField, TextField } from '../../../parts/field.tsx'
import { Failed } from '../../../parts/states.tsx'
import { useSubmit } from '../../../parts/use-submit.ts'
import { messages } from './messages.ts'
import { createToken } from './tokens-store.ts'

const USUAL_DAYS = '90'
const MOST_DAYS = 3650
const MOST_OF_NAME = 100
const FIELDS = ['name', 'expires_in_days']

function isDays(text: string): boolean {
  return /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_DAYS
}

export function TokenForm({ onMade }: { onMade: (text: string) => void }) {
  const text = speak(messages)
  const [name, setName] = useState('')
  const [scope, setScope] = useState<Token['scope']>('read')
  const [days, setDays] = useState(USUAL_DAYS)
  const [hasTried, setTried] = useState(false)
  const { error, isBusy, onSubmit } = useSubmit(async () => {
    setTried(true)
    if (name.trim() === '' || !isDays(days)) return
    onMade(await createToken({ name: name.trim(), scope, days: Number(days) }))
    setName('')
    setTried(false)
  })
  return (
    <form class="form narrow-form" noValidate onSubmit={onSubmit}>
      {error !== undefined && !isShownByField(error, FIELDS) && <Failed error={error} />}
      <TextField
        label={text('tokenName')}
        maxLength={MOST_OF_NAME}
        autocomplete="off"
        error={hasTried && name.trim() === '' ? text('tokenNameFault') : fieldProblem(error, 'name')}
        value={name}
        onText={setName}
      />
      <SelectField
        label={text('tokenScope')}
        value={scope}
        options={[
          { value: 'read', label: text('scopeRead') },
          { value: 'full', label: text('scopeFull') },
        ]}
        onChoice={setScope}
      />
      <TextField
        label={text('tokenDays')}
        hint={text('tokenDaysHint')}
        inputMode="numeric"
        autocomplete="off"
        error={hasTried && !isDays(days) ? text('tokenDaysFault') : fieldProblem(error, 'expires_in_days')}
        value={days}
        onText={setDays}
      />
      <div class="actions">
        <Button type="submit" icon="add" isBusy={isBusy}>
          {text('createToken')}
        </Button>
      </div>
    </form>
  )
}
