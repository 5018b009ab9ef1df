import { useState } from 'preact/hooks'
import type { CaptureScope } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { SelectField } from '../../../parts/field.tsx'
import { mask } from '../../../parts/private.tsx'
import { isPrivate } from '../../../state/settings.ts'
import { environmentKeys, keys } from '../../keys/key-list.ts'
import { messages } from './messages.ts'

const lengths = ['5', '15', '60', '240', '1440'] as const
const scopes = [
  { value: 'all', label: 'scopeAll' },
  { value: 'errors', label: 'scopeErrors' },
  { value: 'key', label: 'scopeKey' },
] as const

interface CaptureDraft {
  scope: CaptureScope
  minutes: (typeof lengths)[number]
  /** Empty: the first of them. */
  keyId: string
}

export function useCaptureDraft() {
  return useState<CaptureDraft>({ scope: 'all', minutes: '15', keyId: '' })
}

interface CaptureFieldsProps {
  draft: CaptureDraft
  onEdit: (edits: Partial<CaptureDraft>) => void
}

export function CaptureFields({ draft, onEdit }: CaptureFieldsProps) {
  const text = speak(messages)
  const known = listKnownKeys()
  return (
    <div class="field-row">
      <SelectField
        label={text('scope')}
        value={draft.scope}
        options={scopes.map(({ value, label }) => ({ value, label: text(label) }))}
        onChoice={(scope) => onEdit({ scope })}
      />
      {draft.scope === 'key' && (
        <SelectField
          label={text('whichKey')}
          {...(known.length === 0 && { hint: text('noKeys') })}
          value={draft.keyId === '' ? (known[0]?.value ?? '') : draft.keyId}
          options={known}
          onChoice={(keyId) => onEdit({ keyId })}
        />
      )}
      <SelectField
        label={text('howLong')}
        value={draft.minutes}
        options={lengths.map((value) => ({ value, label: text(`minutes${value}`) }))}
        onChoice={(minutes) => onEdit({ minutes })}
      />
    </div>
  )
}

/** To be called while a component renders. Revoked keys make no requests any more. */
export function listKnownKeys(): { value: string; label: string }[] {
  const text = speak(messages)
  const made = (keys.state.value.value ?? []).filter(({ status }) => status !== 'revoked')
  return [
    ...made.map(({ id, name, prefix }) => ({
      value: id,
      label: `${isPrivate.value ? mask(name) : name} (${prefix ?? id})`,
    })),
    ...environmentKeys.value.map(({ id }) => ({ value: id, label: text('fromEnvironment', { id }) })),
  ]
}
