/** A field for a list of names: each is a chip that can be taken away. */
import { useId, useState } from 'preact/hooks'
import { defineMessages, speak } from '../i18n/messages.ts'
import { withChips } from './chip-list.ts'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'

const messages = defineMessages({ remove: 'Remove {name}' }, { remove: '移除 {name}' })

interface ChipsFieldProps {
  label: string
  hint?: string | undefined
  error?: string | undefined
  placeholder?: string
  list: readonly string[]
  /** Offered while one types. */
  known?: readonly string[]
  onList: (list: readonly string[]) => void
}

export function ChipsField({ label, hint, error, placeholder, list, known = [], onList }: ChipsFieldProps) {
  const text = speak(messages)
  const listId = useId()
  const [typed, setTyped] = useState('')

  function take(added: string): void {
    setTyped('')
    const next = withChips(list, added)
    if (next.length > list.length) onList(next)
  }
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      control={(ties) => (
        <div class="chips-field">
          {list.map((name) => (
            <button
              key={name}
              type="button"
              class="chip"
              aria-label={text('remove', { name })}
              onClick={() => onList(list.filter((each) => each !== name))}
            >
              <span class="chip-name">{name}</span>
              <Icon name="close" />
            </button>
          ))}
          <input
            {...ties}
            type="text"
            autocomplete="off"
            maxLength={20_000}
            placeholder={list.length === 0 ? placeholder : undefined}
            list={known.length === 0 ? undefined : listId}
            value={typed}
            onInput={({ currentTarget: { value } }) =>
              /[,，\n]/.test(value) ? take(value) : setTyped(value)
            }
            onBlur={() => take(typed)}
            onKeyDown={(event) => {
              // The keys are those of a list of Chinese characters then.
              if (event.isComposing) return
              if (event.key === 'Enter' && typed.trim() !== '') {
                event.preventDefault()
                take(typed)
              } else if (event.key === 'Backspace' && typed === '') onList(list.slice(0, -1))
            }}
          />
          <datalist id={listId}>
            {known
              .filter((name) => !list.includes(name))
              .map((name) => (
                <option key={name} value={name} />
              ))}
          </datalist>
        </div>
      )}
    />
  )
}
