import type { ComponentChildren } from 'preact'
import { formatMilliseconds, formatMoment } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { changeQuery } from '../../state/route.ts'
import { describeFailure } from './failure-words.ts'
import { filterMessages } from './filter-messages.ts'
import { AccountLabel, KeyLabel } from './name-parts.tsx'
import {
  filterNames,
  isFiltered,
  withoutFilters,
  type FilterName,
  type RequestView,
} from './request-filter.ts'
import { describeWord } from './words.ts'

/** What the list is narrowed by, each to be taken away. */
export function FilterChips({ view }: { view: RequestView }) {
  const text = speak(filterMessages)
  if (!isFiltered(view)) return null
  const { filters, brush } = view
  return (
    <div class="chips request-chips">
      {brush !== undefined && (
        <Chip name={text('chosenTime')} onRemove={() => changeQuery({ from: undefined, to: undefined })}>
          {formatMoment(brush.since)} – {formatMoment(brush.until)}
        </Chip>
      )}
      {filterNames.map((name) => {
        const value = filters[name]
        return value === undefined ? null : (
          <Chip key={name} name={text(name)} onRemove={() => changeQuery({ [name]: undefined })}>
            <FilterValue name={name} value={value} />
          </Chip>
        )
      })}
      <Button look="quiet" icon="close" onClick={() => changeQuery(withoutFilters())}>
        {text('clear')}
      </Button>
    </div>
  )
}

interface ChipProps {
  name: string
  onRemove: () => void
  children: ComponentChildren
}

function Chip({ name, onRemove, children }: ChipProps) {
  const text = speak(filterMessages)
  return (
    <button type="button" class="chip" title={text('remove', { name })} onClick={onRemove}>
      <span class="hint">{name}</span> <span class="chip-value">{children}</span>
      <Icon name="close" />
      <span class="unseen">{text('remove', { name })}</span>
    </button>
  )
}

function FilterValue({ name, value }: { name: FilterName; value: string }) {
  const text = speak(filterMessages)
  switch (name) {
    case 'failure':
      return <>{describeFailure(value)}</>
    case 'outcome':
    case 'dialect':
    case 'status':
      return <>{describeWord(value)}</>
    case 'stream':
    case 'tools':
    case 'images':
      return <>{text(value === 'true' ? 'true' : 'false')}</>
    case 'min':
      return <>{text('slower', { time: formatMilliseconds(Number(value)) })}</>
    case 'key':
      return <KeyLabel id={value} />
    case 'account':
      return <AccountLabel id={value} />
    case 'model':
    case 'client':
    case 'search':
    default:
      return <bdi>{value}</bdi>
  }
}
