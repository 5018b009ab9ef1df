import { useId, useState } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { Field, Switch } from '../../parts/field.tsx'
import { Menu } from '../../parts/menu.tsx'
import { useTyped } from '../../parts/use-typed.ts'
import { changeQuery } from '../../state/route.ts'
import { CaptureControl } from './bodies/capture-control.tsx'
import { FilterFields } from './filter-fields.tsx'
import { filterMessages } from './filter-messages.ts'
import { messages } from './messages.ts'
import { isBackwards, isSearchable, ranges, toLocal, type RequestView, type Span } from './request-filter.ts'

interface RequestToolsProps {
  view: RequestView
  /** What the histogram goes over. */
  span: Span
  onReload: () => void
  onExport: (format: 'csv' | 'ndjson') => void
}

/** Over which time, which of them, and what can be done with the list. */
export function RequestTools({ view, span, onReload, onExport }: RequestToolsProps) {
  const text = speak(messages)
  const filterText = speak(filterMessages)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <div class="tools request-tools">
        <RangeChips view={view} span={span} />
        <SearchField value={view.search} />
        <Button icon="filter" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {filterText('filters')}
        </Button>
        <span class="grow" />
        <Switch
          label={text('live')}
          isOn={view.isLive}
          onToggle={(isOn) => changeQuery({ live: isOn ? '1' : undefined, from: undefined, to: undefined })}
        />
        {!view.isLive && <IconButton icon="refresh" label={text('reload')} onClick={onReload} />}
        <Menu
          label={text('export')}
          icon="download"
          items={[
            { label: text('exportCsv'), onChoose: () => onExport('csv') },
            { label: text('exportLines'), onChoose: () => onExport('ndjson') },
          ]}
        />
        <CaptureControl />
      </div>
      {view.range === 'custom' && <CustomRange view={view} />}
      {isOpen && <FilterFields view={view} />}
    </>
  )
}

function RangeChips({ view, span }: { view: RequestView; span: Span }) {
  const text = speak(messages)
  return (
    <div class="chips" role="group" aria-label={text('range')}>
      {([...ranges, 'custom'] as const).map((range) => (
        <button
          key={range}
          type="button"
          class="chip"
          aria-pressed={view.range === range}
          onClick={() =>
            changeQuery({
              range,
              since: range === 'custom' ? toLocal(span.since) : undefined,
              until: range === 'custom' ? toLocal(span.until) : undefined,
              from: undefined,
              to: undefined,
            })
          }
        >
          {text(`range${range}`)}
        </button>
      ))}
    </div>
  )
}

function CustomRange({ view }: { view: RequestView }) {
  const text = speak(messages)
  const error = isBackwards(view) ? text('backwards') : undefined
  return (
    <div class="request-filters">
      {(['since', 'until'] as const).map((name) => (
        <Field
          key={name}
          label={text(name)}
          error={name === 'until' ? error : undefined}
          control={(ties) => (
            <input
              {...ties}
              type="datetime-local"
              step="1"
              value={view[name]}
              onChange={(event) => changeQuery({ [name]: event.currentTarget.value })}
            />
          )}
        />
      ))}
    </div>
  )
}

const TYPING_MS = 400

function SearchField({ value }: { value: string }) {
  const text = speak(filterMessages)
  const hintId = useId()
  const [typed, setTyped] = useTyped(value, {
    waitMs: TYPING_MS,
    read: (given) => (isTooShort(given) ? undefined : given.trim()),
    tell: (search) => changeQuery({ search }),
  })
  const isShort = isTooShort(typed)
  return (
    <div class="request-search">
      <input
        type="search"
        aria-label={text('search')}
        aria-invalid={isShort}
        aria-describedby={isShort ? hintId : undefined}
        maxLength={200}
        placeholder={text('searchHint')}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      {isShort && (
        <p class="hint" id={hintId} role="status">
          {text('searchShort')}
        </p>
      )}
    </div>
  )
}

function isTooShort(typed: string): boolean {
  const wanted = typed.trim()
  return wanted !== '' && !isSearchable(wanted)
}
