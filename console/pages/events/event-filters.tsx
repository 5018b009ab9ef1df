import type { ComponentChildren } from 'preact'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Field, SelectField } from '../../parts/field.tsx'
import { useTyped } from '../../parts/use-typed.ts'
import { changeQuery } from '../../state/route.ts'
import { isBackwards, isFiltered, ranges, type EventFilter } from './event-filter.ts'
import { describeKind, kinds } from './kind-messages.ts'
import { messages } from './messages.ts'

/** Nobody wants an answer to every letter. */
const TYPING_MS = 300

export function clearFilters(): void {
  const nothing = undefined
  changeQuery({
    kind: nothing,
    subject: nothing,
    actor: nothing,
    range: nothing,
    since: nothing,
    until: nothing,
  })
}

/** The filters, which are in the address; `children`: what else can be done with the list. */
export function EventFilters({ filter, children }: { filter: EventFilter; children: ComponentChildren }) {
  const text = speak(messages)
  const kindOptions = [
    { value: '', label: text('allKinds') },
    ...kinds.map((kind) => ({ value: kind, label: describeKind(kind) })),
  ]
  const rangeOptions = [
    { value: '', label: text('rangeAll') },
    ...ranges.map((range) => ({ value: range, label: text(`range${range}`) })),
    { value: 'custom', label: text('rangeCustom') },
  ]
  return (
    <div class="events-filters">
      <SelectField
        label={text('kind')}
        value={filter.kind}
        options={kindOptions}
        onChoice={(kind) => changeQuery({ kind })}
      />
      <SearchField
        label={text('subject')}
        hint={text('subjectHint')}
        value={filter.subject}
        onText={(subject) => changeQuery({ subject })}
      />
      <SearchField
        label={text('actor')}
        hint={text('actorHint')}
        value={filter.actor}
        onText={(actor) => changeQuery({ actor })}
      />
      <SelectField
        label={text('range')}
        value={filter.range}
        options={rangeOptions}
        onChoice={(range) => changeQuery({ range, since: undefined, until: undefined })}
      />
      {filter.range === 'custom' && <CustomRange filter={filter} />}
      <div class="actions events-tools">
        {isFiltered(filter) && (
          <Button look="quiet" icon="close" onClick={clearFilters}>
            {text('clear')}
          </Button>
        )}
        {children}
      </div>
    </div>
  )
}

function CustomRange({ filter: { since, until } }: { filter: EventFilter }) {
  const text = speak(messages)
  const error = isBackwards(since, until) ? text('backwards') : undefined
  return (
    <div class="events-range">
      <InstantField label={text('since')} value={since} onText={(value) => changeQuery({ since: value })} />
      <InstantField
        label={text('until')}
        value={until}
        error={error}
        onText={(value) => changeQuery({ until: value })}
      />
    </div>
  )
}

interface InputFieldProps {
  label: string
  value: string
  onText: (text: string) => void
}

function InstantField({ label, value, error, onText }: InputFieldProps & { error?: string | undefined }) {
  return (
    <Field
      label={label}
      error={error}
      control={(ties) => (
        <input
          {...ties}
          type="datetime-local"
          value={value}
          onChange={(event) => onText(event.currentTarget.value)}
        />
      )}
    />
  )
}

function SearchField({ label, hint, value, onText }: InputFieldProps & { hint: string }) {
  const [typed, setTyped] = useTyped(value, {
    waitMs: TYPING_MS,
    read: (given) => given.trim(),
    tell: onText,
  })
  return (
    <Field
      label={label}
      control={(ties) => (
        <input
          {...ties}
          type="search"
          maxLength={64}
          placeholder={hint}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      )}
    />
  )
}
