import { Field } from './field.tsx'

interface SecretFieldProps {
  label: string
  hint?: string | undefined
  error?: string | undefined
  required?: boolean
  maxLength?: number
  value: string
  onText: (text: string) => void
}

/** For what is sent to the gateway and never comes back; the browser is asked not to keep it either. */
export function SecretField({
  label,
  hint,
  error,
  required = false,
  maxLength = 16_384,
  value,
  onText,
}: SecretFieldProps) {
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      control={(ties) => (
        <input
          {...ties}
          type="password"
          autocomplete="off"
          spellcheck={false}
          required={required}
          maxLength={maxLength}
          value={value}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    />
  )
}
