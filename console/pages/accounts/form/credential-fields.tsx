import { fieldProblem } from '../../../api/field-problem.ts'
import { speak } from '../../../i18n/messages.ts'
import { TextField } from '../../../parts/field.tsx'
import type { CredentialsDraft } from './account-draft.ts'
import { messages } from './messages.ts'

interface CredentialFieldsProps {
  credentials: CredentialsDraft
  onEdit: (edits: Partial<CredentialsDraft>) => void
  error: unknown
}

/** What signs a new account in; the secrets leave the page with the request and are forgotten. */
export function CredentialFields({ credentials, onEdit, error }: CredentialFieldsProps) {
  const text = speak(messages)
  return (
    <>
      <TextField
        label={text('clientId')}
        error={fieldProblem(error, 'clientId')}
        required
        autocomplete="off"
        spellcheck={false}
        maxLength={4096}
        value={credentials.clientId}
        onText={(clientId) => onEdit({ clientId })}
      />
      <TextField
        isSecret
        label={text('clientSecret')}
        hint={text('secretHint')}
        error={fieldProblem(error, 'clientSecret')}
        required
        value={credentials.clientSecret}
        onText={(clientSecret) => onEdit({ clientSecret })}
      />
      <TextField
        isSecret
        label={text('refreshToken')}
        hint={text('secretHint')}
        error={fieldProblem(error, 'refreshToken')}
        required
        value={credentials.refreshToken}
        onText={(refreshToken) => onEdit({ refreshToken })}
      />
    </>
  )
}
