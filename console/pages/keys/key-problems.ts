import { isShownByField } from '../../api/field-problem.ts'
import { limitFields, type KeyDraft } from './key-draft.ts'

const fields = [
  'name',
  'models',
  'account_tags',
  'addresses',
  ...limitFields.map((field) => `limits.${field}`),
]

/** Whether a field shows the error; else the form has to. */
export function isShownByKeyField(error: unknown, { expiry }: Pick<KeyDraft, 'expiry'>): boolean {
  return isShownByField(error, expiry === 'date' ? [...fields, 'expires_at'] : fields)
}
