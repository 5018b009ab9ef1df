import { useId } from 'preact/hooks'
import { Problem } from '../../api/problem.ts'
import { speak } from '../../i18n/messages.ts'
import { Field, TextField } from '../../parts/field.tsx'
import { messages } from './messages.ts'
import { regions, type WishField, type Wishes } from './wishes.ts'

interface WishFieldsProps {
  wishes: Wishes
  onWishes: (wishes: Wishes) => void
  /** What the gateway said. */
  problem: unknown
  /** What was found before it was asked. */
  wrong: readonly WishField[]
}

/** How to sign in, and how the account is set up that comes of it. */
export function WishFields({ wishes, onWishes, problem, wrong }: WishFieldsProps) {
  const text = speak(messages)
  const change = (changes: Partial<Wishes>) => onWishes({ ...wishes, ...changes })
  const wrongField = isOfField(problem) ? problem.field : undefined
  const said = problem instanceof Problem ? problem.message : undefined
  return (
    <>
      <KindChoice wishes={wishes} onChange={change} />
      {wishes.kind === 'identity-center' && (
        <>
          <TextField
            label={text('startUrl')}
            hint={text('startUrlHint')}
            error={
              wrong.includes('startUrl')
                ? text('startUrlWrong')
                : wrongField === 'startUrl'
                  ? said
                  : undefined
            }
            value={wishes.startUrl}
            placeholder="https://d-1234567890.awsapps.com/start"
            inputMode="url"
            autocomplete="off"
            spellcheck={false}
            onText={(startUrl) => change({ startUrl })}
          />
          <RegionField
            value={wishes.region}
            error={
              wrong.includes('region') ? text('regionWrong') : wrongField === 'region' ? said : undefined
            }
            onText={(region) => change({ region })}
          />
        </>
      )}
      <TextField
        autofocus
        label={text('label')}
        hint={text('labelHint')}
        error={wrongField === 'label' ? said : undefined}
        value={wishes.label}
        maxLength={200}
        autocomplete="off"
        onText={(label) => change({ label })}
      />
      <MoreFields wishes={wishes} onChange={change} wrongField={wrongField} said={said} />
    </>
  )
}

function MoreFields({
  wishes,
  onChange,
  wrongField,
  said,
}: {
  wishes: Wishes
  onChange: (changes: Partial<Wishes>) => void
  wrongField: string | undefined
  said: string | undefined
}) {
  const text = speak(messages)
  const isWrong = wrongField === 'tags' || wrongField === 'proxyUrl'
  return (
    <details class="more" open={isWrong || undefined}>
      <summary>{text('more')}</summary>
      <div class="form">
        <TextField
          label={text('tags')}
          hint={text('tagsHint')}
          error={wrongField === 'tags' ? said : undefined}
          value={wishes.tags}
          autocomplete="off"
          onText={(tags) => onChange({ tags })}
        />
        <TextField
          label={text('proxy')}
          hint={text('proxyHint')}
          error={wrongField === 'proxyUrl' ? said : undefined}
          value={wishes.proxyUrl}
          placeholder="http://user:password@host:port"
          inputMode="url"
          autocomplete="off"
          spellcheck={false}
          onText={(proxyUrl) => onChange({ proxyUrl })}
        />
      </div>
    </details>
  )
}

function KindChoice({ wishes, onChange }: { wishes: Wishes; onChange: (changes: Partial<Wishes>) => void }) {
  const text = speak(messages)
  const name = useId()
  const choices = [
    { kind: 'builder-id', label: text('builderId'), hint: text('builderIdHint') },
    { kind: 'identity-center', label: text('identityCenter'), hint: text('identityCenterHint') },
  ] as const
  return (
    <fieldset class="kinds">
      <legend class="field-label">{text('kind')}</legend>
      {choices.map(({ kind, label, hint }) => (
        <label key={kind} class="kind">
          <input
            type="radio"
            name={name}
            value={kind}
            checked={wishes.kind === kind}
            onChange={() => onChange({ kind })}
          />
          <span>
            <strong>{label}</strong>
            <span class="hint">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** The known ones are offered; AWS may have others by now. */
function RegionField({
  value,
  error,
  onText,
}: {
  value: string
  error: string | undefined
  onText: (text: string) => void
}) {
  const text = speak(messages)
  const listId = useId()
  return (
    <>
      <Field
        label={text('region')}
        hint={text('regionHint')}
        error={error}
        control={(ties) => (
          <input
            {...ties}
            type="text"
            list={listId}
            value={value}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => onText(event.currentTarget.value)}
          />
        )}
      />
      <datalist id={listId}>
        {regions.map((region) => (
          <option key={region} value={region} />
        ))}
      </datalist>
    </>
  )
}

/** Shown at its field, where there is one. */
export function isOfField(problem: unknown): problem is Problem {
  return (
    problem instanceof Problem &&
    ['startUrl', 'region', 'label', 'tags', 'proxyUrl'].includes(problem.field ?? '')
  )
}
