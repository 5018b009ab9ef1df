import { speak } from '../../i18n/messages.ts'
import { Field, SelectField, Switch } from '../../parts/field.tsx'
import { changeQuery } from '../../state/route.ts'
import { nameToChoose } from '../accounts/account-name.ts'
import { accounts } from '../accounts/accounts-store.ts'
import { describeFailure, failureKinds } from './failure-words.ts'
import { filterMessages } from './filter-messages.ts'
import { namedKeys } from './names.ts'
import { mask } from '../../parts/private.tsx'
import { shorten } from '../../parts/shorten.ts'
import { useTyped } from '../../parts/use-typed.ts'
import { isPrivate } from '../../state/settings.ts'
import type { FilterName, Filters, RequestView } from './request-filter.ts'
import { apiNames } from './api-names.ts'
import { describeWord, outcomeNames, statusNames } from './words.ts'

/** Nobody wants an answer to every letter. */
const TYPING_MS = 400
/** A longer list is not to be chosen from. */
const MOST_ACCOUNTS = 200

/** All filters; what is chosen goes into the address. */
export function FilterFields({ view: { filters, showsTrials } }: { view: RequestView }) {
  const text = speak(filterMessages)
  const failures = failureKinds.map((value) => ({ value, label: describeFailure(value) }))
  const keys = namedKeys.value.map(({ id, name }) => ({
    value: id,
    label: isPrivate.value ? `${mask(name)} (${shorten(id)})` : name,
  }))
  return (
    <div class="request-filters">
      <Choice name="status" filters={filters} options={named(statusNames)} />
      <Choice name="outcome" filters={filters} options={named(outcomeNames)} />
      <Choice name="failure" filters={filters} options={failures} />
      <Choice name="dialect" filters={filters} options={named(apiNames)} />
      <Typed name="model" filters={filters} placeholder={text('modelHint')} />
      <Choice name="key" filters={filters} options={keys} />
      <AccountField filters={filters} />
      <Typed name="client" filters={filters} placeholder={text('clientHint')} />
      <Typed name="min" filters={filters} placeholder={text('minHint')} isNumber />
      <YesOrNo name="stream" filters={filters} />
      <YesOrNo name="tools" filters={filters} />
      <YesOrNo name="images" filters={filters} />
      <Switch
        label={text('trials')}
        isOn={showsTrials}
        onToggle={(isOn) => changeQuery({ trials: isOn ? '1' : undefined })}
      />
    </div>
  )
}

function named(names: readonly string[]) {
  return names.map((value) => ({ value, label: describeWord(value) }))
}

interface FilterProps {
  name: FilterName
  filters: Filters
}

function Choice({ name, filters, options }: FilterProps & { options: { value: string; label: string }[] }) {
  const text = speak(filterMessages)
  const value = filters[name] ?? ''
  const isKnown = value === '' || options.some((option) => option.value === value)
  const all = [
    { value: '', label: text('any') },
    ...options,
    // One that is gone, or of a later version, is still what is asked for.
    ...(isKnown ? [] : [{ value, label: value }]),
  ]
  return (
    <SelectField
      label={text(name)}
      value={value}
      options={all}
      onChoice={(chosen) => changeQuery({ [name]: chosen })}
    />
  )
}

function YesOrNo({ name, filters }: FilterProps) {
  const text = speak(filterMessages)
  const options = (['true', 'false'] as const).map((value) => ({ value, label: text(value) }))
  return <Choice name={name} filters={filters} options={options} />
}

function AccountField({ filters }: { filters: Filters }) {
  const text = speak(filterMessages)
  const list = accounts.state.value.value ?? []
  if (list.length > MOST_ACCOUNTS) {
    return <Typed name="account" filters={filters} placeholder={text('accountHint')} />
  }
  const options = list.map((account) => ({ value: account.id, label: nameToChoose(account) }))
  return <Choice name="account" filters={filters} options={options} />
}

function Typed({
  name,
  filters,
  placeholder,
  isNumber = false,
}: FilterProps & { placeholder: string; isNumber?: boolean }) {
  const text = speak(filterMessages)
  const value = filters[name] ?? ''
  const [typed, setTyped] = useTyped(value, {
    waitMs: TYPING_MS,
    read: (given) => (isNumber ? given.replaceAll(/\D/g, '').slice(0, 8) : given.trim()),
    tell: (wanted) => changeQuery({ [name]: wanted }),
  })
  return (
    <Field
      label={text(name)}
      control={(ties) => (
        <input
          {...ties}
          type="text"
          inputMode={isNumber ? 'numeric' : 'text'}
          maxLength={200}
          placeholder={placeholder}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      )}
    />
  )
}
