import { useMemo } from 'preact/hooks'
import { formatNumber } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Menu } from '../../parts/menu.tsx'
import { changeQuery } from '../../state/route.ts'
import { planOf } from './account-facts.ts'
import { expectedAccounts } from './accounts-store.ts'
import { ColumnPicker } from './column-picker.tsx'
import {
  countChoices,
  stateFilters,
  type AccountListing,
  type Entry,
  type ListWishes,
} from './list-accounts.ts'
import { isNarrowed, noWishes, writeWishes } from './list-address.ts'
import { messages } from './messages.ts'
import { ViewMenu } from './view-menu.tsx'

interface AccountsToolsProps {
  all: readonly Entry[]
  listing: AccountListing
  wishes: ListWishes
  hasColumns: boolean
}

/** What narrows the list, and what adds to it. */
export function AccountsTools({ all, listing, wishes, hasColumns }: AccountsToolsProps) {
  const text = speak(messages)
  const tags = useMemo(() => countChoices(all, (account) => account.tags), [all])
  const plans = useMemo(() => countChoices(all, (account) => [planOf(account) ?? ''].filter(Boolean)), [all])
  const regions = useMemo(() => countChoices(all, ({ region }) => [region]), [all])
  return (
    <>
      <div class="tools accounts-tools">
        <Search sought={wishes.text} />
        <Facet title="tag" none="anyTag" wishes={wishes} choices={tags} />
        <Facet title="plan" none="anyPlan" wishes={wishes} choices={plans} />
        <Facet title="region" none="anyRegion" wishes={wishes} choices={regions} />
        <span class="grow" />
        <ViewMenu />
        {hasColumns && <ColumnPicker />}
        <Menu
          label={text('more')}
          items={[
            { label: text('import'), icon: 'upload', onChoose: () => changeQuery({ import: '1' }) },
            { label: text('export'), icon: 'download', onChoose: () => changeQuery({ export: '1' }) },
            { label: text('byHand'), icon: 'edit', onChoose: () => changeQuery({ hand: '1' }) },
          ]}
        />
        <Button look="primary" icon="add" onClick={() => changeQuery({ add: '1' })}>
          {text('add')}
        </Button>
      </div>
      <StateChips listing={listing} wishes={wishes} total={all.length} />
    </>
  )
}

function Search({ sought }: { sought: string }) {
  const text = speak(messages)
  return (
    <input
      type="search"
      aria-label={text('search')}
      placeholder={text('search')}
      autocomplete="off"
      spellcheck={false}
      maxLength={200}
      value={sought}
      onInput={(event) => changeQuery(writeWishes({ text: event.currentTarget.value }))}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
      }}
    />
  )
}

interface FacetProps {
  title: 'tag' | 'plan' | 'region'
  none: 'anyTag' | 'anyPlan' | 'anyRegion'
  wishes: ListWishes
  choices: ReturnType<typeof countChoices>
}

/** Where there is nothing to choose between there is no choice. */
function Facet({ title, none, wishes, choices }: FacetProps) {
  const text = speak(messages)
  const chosen = wishes[title]
  if (choices.length < (title === 'tag' ? 1 : 2) && chosen === '') return null
  const isKnown = chosen === '' || choices.some(({ value }) => value === chosen)
  return (
    <select
      class="facet"
      aria-label={text(title)}
      value={chosen}
      onChange={(event) => changeQuery(writeWishes({ [title]: event.currentTarget.value }))}
    >
      <option value="">{text(none)}</option>
      {!isKnown && <option value={chosen}>{chosen}</option>}
      {choices.map(({ value, count }) => (
        <option key={value} value={value}>
          {text('choice', { value: shorten(value), total: count })}
        </option>
      ))}
    </select>
  )
}

function StateChips({
  listing,
  wishes,
  total,
}: {
  listing: AccountListing
  wishes: ListWishes
  total: number
}) {
  const text = speak(messages)
  const expected = expectedAccounts.value
  const shown = stateFilters.filter(
    (state) => listing.stateCounts[state] > 0 || wishes.states.includes(state) || state === 'ready',
  )
  return (
    <div class="chips accounts-chips" role="group" aria-label={text('states')}>
      {shown.map((state) => {
        const isOn = wishes.states.includes(state)
        const states = isOn ? wishes.states.filter((each) => each !== state) : [...wishes.states, state]
        return (
          <button
            key={state}
            type="button"
            class="chip"
            aria-pressed={isOn}
            onClick={() => changeQuery(writeWishes({ states }))}
          >
            {text(state)} <b>{formatNumber(listing.stateCounts[state])}</b>
          </button>
        )
      })}
      <span class="hint" aria-live="polite">
        {expected !== undefined
          ? text('coming', { come: total, total: expected })
          : isNarrowed(wishes)
            ? text('shownOf', { shown: listing.entries.length, total })
            : text('shown', { count: total })}
      </span>
      {isNarrowed(wishes) && (
        <Button look="quiet" onClick={() => changeQuery(writeWishes(noWishes))}>
          {text('clear')}
        </Button>
      )}
    </div>
  )
}

const LONGEST_CHOICE = 40

function shorten(value: string): string {
  return value.length > LONGEST_CHOICE ? `${value.slice(0, LONGEST_CHOICE)}…` : value
}
