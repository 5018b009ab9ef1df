import type { Account, AccountChanges } from '../../../api/types.ts'
import { speak, type Speak } from '../../../i18n/messages.ts'
import { settingFields, type SettingField } from './account-draft.ts'
import { messages } from './messages.ts'

interface ChangeListProps {
  account: Account
  changes: AccountChanges
  conflicts: readonly SettingField[]
}

/** What saving would do, before it is done. */
export function ChangeList({ account, changes, conflicts }: ChangeListProps) {
  const text = speak(messages)
  const changed = settingFields.filter((field) => field in changes)
  return (
    <section class="change-list" aria-live="polite">
      <h3>{text('changes')}</h3>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{text('field')}</th>
            <th scope="col">{text('before')}</th>
            <th scope="col">{text('after')}</th>
          </tr>
        </thead>
        <tbody>
          {changed.map((field) => (
            <tr key={field}>
              <th scope="row">{text(field)}</th>
              <td>
                {write(account[field], field, text)}
                {conflicts.includes(field) && (
                  <p class="field-error">{text('conflict', { value: write(account[field], field, text) })}</p>
                )}
              </td>
              <td>{write(changes[field], field, text)}</td>
            </tr>
          ))}
          {changes.proxyUrl !== undefined && (
            <tr>
              <th scope="row">{text('proxyUrl')}</th>
              <td>{account.fingerprints.proxyUrl ?? text('none')}</td>
              <td>{text(changes.proxyUrl === null ? 'removed' : 'replaced')}</td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  )
}

type Texts = (typeof messages)['en']

function write(value: Account[SettingField] | undefined, field: SettingField, text: Speak<Texts>): string {
  if (value === null || value === undefined) return text(field === 'models' ? 'all' : 'none')
  if (typeof value === 'boolean') return text(value ? 'yes' : 'no')
  if (typeof value === 'object') return value.length === 0 ? text('none') : value.join(', ')
  return String(value)
}
