import { useState } from 'preact/hooks'
import { speak } from '../../../i18n/messages.ts'
import { TextField } from '../../../parts/field.tsx'
import { messages } from '../messages.ts'
import { readNumber } from './read-number.ts'

interface NumberFieldProps {
  label: string
  hint?: string
  value: number | undefined
  least: number
  most: number
  isWhole?: boolean
  onNumber: (value: number | undefined) => void
}

/** A number, or nothing; what is neither is told, and counts as nothing. */
export function NumberField({ label, hint, value, least, most, isWhole = true, onNumber }: NumberFieldProps) {
  const text = speak(messages)
  const [typed, setTyped] = useState(value === undefined ? '' : String(value))
  const read = readNumber(typed, { least, most, isWhole })
  return (
    <TextField
      label={label}
      hint={hint}
      inputMode="decimal"
      placeholder={text('usual')}
      value={typed}
      error={read === 'wrong' ? text('numberWrong', { least, most }) : undefined}
      onText={(next) => {
        setTyped(next)
        const number = readNumber(next, { least, most, isWhole })
        onNumber(number === 'wrong' ? undefined : number)
      }}
    />
  )
}
