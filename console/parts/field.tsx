import { useId } from 'preact/hooks'
import type { JSX, PartialInputHTMLAttributes, TargetedInputEvent } from 'preact'

interface FieldProps {
  label: string
  hint?: string | undefined
  error?: string | undefined
  /** Gets what ties it to label, hint and error. */
  control: (ties: FieldTies) => JSX.Element
}

interface FieldTies {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean
}

/** A labelled control, whose hint and error are read aloud with it. */
export function Field({ label, hint, error, control }: FieldProps) {
  const id = useId()
  const noteIds = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean)
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {control({
        id,
        'aria-describedby': noteIds.length === 0 ? undefined : noteIds.join(' '),
        'aria-invalid': error !== undefined,
      })}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

type InputOptions = Pick<
  PartialInputHTMLAttributes<HTMLInputElement>,
  'placeholder' | 'maxLength' | 'required' | 'inputMode' | 'autocomplete' | 'autofocus' | 'spellcheck'
>

interface TextFieldProps extends InputOptions {
  label: string
  /** It is sent to the gateway and never comes back; the browser is asked not to keep it either. */
  isSecret?: boolean
  hint?: string | undefined
  error?: string | undefined
  value: string
  onText: (text: string) => void
}

const LONGEST_SECRET = 16_384
const secretOptions = { autocomplete: 'off', spellcheck: false, maxLength: LONGEST_SECRET } as const

export function TextField(props: TextFieldProps) {
  const { label, isSecret = false, hint, error, value, onText, ...rest } = props
  const onInput = (event: TargetedInputEvent<HTMLInputElement>) => onText(event.currentTarget.value)
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      control={(ties) => {
        const options = { ...rest, ...ties, value, onInput }
        return isSecret ? (
          <input {...secretOptions} {...options} type="password" />
        ) : (
          <input {...options} type="text" />
        )
      }}
    />
  )
}

interface SelectFieldProps<V extends string> {
  label: string
  hint?: string | undefined
  value: V
  options: readonly { value: V; label: string }[]
  onChoice: (value: V) => void
}

export function SelectField<V extends string>({
  label,
  hint,
  value,
  options,
  onChoice,
}: SelectFieldProps<V>) {
  const choose = (text: string) => {
    const option = options.find((each) => each.value === text)
    if (option !== undefined) onChoice(option.value)
  }
  return (
    <Field
      label={label}
      hint={hint}
      control={(ties) => (
        <select {...ties} value={value} onChange={(event) => choose(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    />
  )
}

interface SwitchProps {
  label: string
  isOn: boolean
  isDisabled?: boolean
  onToggle: (isOn: boolean) => void
  /** Where the words are elsewhere on the screen already. */
  hidesLabel?: boolean
}

export function Switch({ label, isOn, isDisabled = false, onToggle, hidesLabel = false }: SwitchProps) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        checked={isOn}
        disabled={isDisabled}
        onChange={(event) => onToggle(event.currentTarget.checked)}
      />
      <span class={hidesLabel ? 'unseen' : undefined}>{label}</span>
    </label>
  )
}
