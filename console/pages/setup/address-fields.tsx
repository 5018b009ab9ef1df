import { useEffect, useState } from 'preact/hooks'
import type { Setup } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { SelectField, TextField } from '../../parts/field.tsx'
import { changeQuery, route } from '../../state/route.ts'
import { readOrigin } from './choice.ts'
import { messages } from './messages.ts'

interface AddressFieldsProps {
  setup: Setup
  models: readonly string[]
  model: string
  /** The address where none is typed. */
  usual: string
}

/** Which model, and where the client finds the gateway. */
export function AddressFields({ setup, models, model, usual }: AddressFieldsProps) {
  const text = speak(messages)
  const inAddress = route.value.query.get('base') ?? ''
  const [typed, setTyped] = useState(inAddress)
  // By the back button, for instance.
  useEffect(() => {
    if (readOrigin(typed) !== readOrigin(inAddress)) setTyped(inAddress)
  }, [inAddress])
  const isWrong = typed.trim() !== '' && readOrigin(typed) === undefined
  const offered = models.includes(model) ? models : [model, ...models]
  return (
    <>
      <SelectField
        label={text('model')}
        value={model}
        options={offered.map((name) => ({ value: name, label: name }))}
        onChoice={(name) => changeQuery({ model: name })}
      />
      <TextField
        label={text('address')}
        hint={text('addressHint', { usual })}
        error={isWrong ? text('addressWrong') : undefined}
        placeholder={usual}
        inputMode="url"
        autocomplete="off"
        spellcheck={false}
        maxLength={300}
        value={typed}
        onText={(value) => {
          setTyped(value)
          if (value.trim() === '' || readOrigin(value) !== undefined) changeQuery({ base: value.trim() })
        }}
      />
      <p class="hint break">
        {text('baseUrl')} <code>{`${isWrong ? usual : (readOrigin(typed) ?? usual)}${setup.basePath}`}</code>
      </p>
    </>
  )
}
