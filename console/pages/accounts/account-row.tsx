import { useMemo } from 'preact/hooks'
import type { Account } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Link } from '../../parts/link.tsx'
import { Private } from '../../parts/private.tsx'
import { addressOf, route } from '../../state/route.ts'
import { language } from '../../state/settings.ts'
import { shownName } from './account-deeds.ts'
import { nameOf } from './account-facts.ts'
import { accountCounts } from './account-traffic.ts'
import { AccountMenu } from './account-menu.tsx'
import type { ColumnName } from './column-choice.ts'
import { columns as allColumns } from './columns.tsx'
import type { Entry } from './list-accounts.ts'
import type { ListView } from './list-view.ts'
import { messages } from './messages.ts'

interface AccountRowProps {
  entry: Entry
  /** Its place in the whole list. */
  at: number
  columns: readonly ColumnName[]
  view: ListView
  isSelected: boolean
  isCurrent: boolean
}

/** Drawn anew only when something of it is another: while one scrolls, the rows that stay are left alone. */
export function AccountRow(props: AccountRowProps) {
  const { entry, at, columns, view, isSelected, isCurrent } = props
  return useMemo(
    () => drawRow(props),
    // The last two are what cells read besides.
    [entry, at, columns, view.entries, isSelected, isCurrent, language.value, accountCounts.value],
  )
}

function drawRow({ entry, at, columns, view, isSelected, isCurrent }: AccountRowProps) {
  const { account } = entry
  return (
    <tr
      aria-rowindex={at + 2}
      aria-selected={isSelected}
      aria-current={isCurrent ? 'true' : undefined}
      class={account.enabled ? undefined : 'is-off'}
    >
      <td>
        <SelectBox account={account} isSelected={isSelected} view={view} />
      </td>
      <td class="name">
        <div class="name-cell">
          <AccountName account={account} />
          <Tags tags={account.tags} />
        </div>
      </td>
      {columns.map((name) => (
        <td key={name} class={allColumns[name].isNumber === true ? 'number' : undefined}>
          {allColumns[name].cell(entry)}
        </td>
      ))}
      <td class="row-end">
        <AccountMenu account={account} />
      </td>
    </tr>
  )
}

/** With Shift, all from the last one that was chosen. */
export function SelectBox({
  account,
  isSelected,
  view,
}: {
  account: Account
  isSelected: boolean
  view: ListView
}) {
  const text = speak(messages)
  return (
    <input
      type="checkbox"
      aria-label={text('select', { name: shownName(account) })}
      checked={isSelected}
      onClick={(event) => view.onToggle(account.id, event.shiftKey)}
    />
  )
}

/** A name may be in any script and direction, and of any length: it stays in its place. */
export function AccountName({ account }: { account: Account }) {
  const name = nameOf(account)
  const query = { ...Object.fromEntries(route.value.query), account: account.id }
  return (
    <Link class="account-name" href={addressOf('accounts', query)}>
      <bdi>{name === account.id ? name : <Private text={name} />}</bdi>
    </Link>
  )
}

const TAGS_SHOWN = 2

export function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null
  return (
    <span class="row-tags" title={tags.join(', ')}>
      {tags.slice(0, TAGS_SHOWN).map((tag) => (
        <span key={tag} class="tag">
          <bdi>{tag}</bdi>
        </span>
      ))}
      {tags.length > TAGS_SHOWN && <span class="tag rest">+{tags.length - TAGS_SHOWN}</span>}
    </span>
  )
}
