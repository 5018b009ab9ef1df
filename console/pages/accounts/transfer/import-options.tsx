import { isShownByField } from '../../../api/field-problem.ts'
import { speak } from '../../../i18n/messages.ts'
import { ChipsField } from '../../../parts/chips-field.tsx'
import { SelectField, TextField } from '../../../parts/field.tsx'
import { accounts } from '../accounts-store.ts'
import { knownTags } from '../form/known-tags.ts'
import type { Readable } from './import-dialog.tsx'
import { messages } from './messages.ts'
import type { ImportWishes, Preview } from './read-import.ts'

interface ImportOptionsProps {
  source: Readable
  previews: readonly Preview[]
  wishes: ImportWishes
  passphrase: string
  error: unknown
  onWishes: (wishes: ImportWishes) => void
  onPassphrase: (passphrase: string) => void
}

/** What was recognised, and what may be said about it before it is imported. */
export function ImportOptions(props: ImportOptionsProps) {
  const { source, previews, wishes, onWishes } = props
  const text = speak(messages)
  if (source.kind === 'sealed') {
    return (
      <>
        <p>{text('sealed')}</p>
        <TextField
          isSecret
          label={text('passphrase')}
          error={isShownByField(props.error, ['passphrase', 'export']) ? text('cannotOpen') : undefined}
          maxLength={1000}
          value={props.passphrase}
          onText={props.onPassphrase}
        />
      </>
    )
  }
  const count = (state: Preview['state']) => previews.filter((each) => each.state === state).length
  return (
    <>
      <h3>{text(source.source === 'export' ? 'ofExport' : 'ofList')}</h3>
      <p>
        {text('counted', {
          count: previews.length,
          fresh: count('new'),
          known: count('known'),
          twins: count('twin'),
          invalid: count('invalid'),
        })}
      </p>
      {source.source === 'export' && count('invalid') === previews.length && <p>{text('withoutSecrets')}</p>}
      <div class="field-row">
        <SelectField
          label={text('enabled')}
          value={wishes.enabled}
          options={[
            { value: 'as-told', label: text('asTold') },
            { value: 'off', label: text('off') },
          ]}
          onChoice={(enabled) => onWishes({ ...wishes, enabled })}
        />
        <ChipsField
          label={text('tags')}
          placeholder={text('tagsPlaceholder')}
          list={wishes.tags}
          known={knownTags(accounts.state.value.value ?? [])}
          onList={(tags) => onWishes({ ...wishes, tags })}
        />
      </div>
    </>
  )
}
