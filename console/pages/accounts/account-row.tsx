import { useMemo } from 'preact/hooks'
import type { TargetedMouseEvent } from 'preact'
import type { Account } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { Private } from '../../parts/private.tsx'
import { thisMinute } from '../../state/now.ts'
import { addressOf } from '../../state/route.ts'
import { isPrivate, language } from '../../state/settings.ts'
import { shownName } from './account-deeds.ts'
import { nameOf } from './account-facts.ts'
import { accountTests } from './account-tests.ts'
import type { ColumnName } from './column-choice.ts'
import { columns as allColumns } from './columns.tsx'
import { beatsOf } from './heartbeat.tsx'
import type { Entry } from './list-accounts.ts'
import type { ListDeeds } from './list-view.ts'
import { messages } from './messages.ts'
import { opensSheet, openSheetOf, type SheetKind } from './row-sheets.tsx'

interface AccountRowProps {
  entry: Entry
  /** Its place in the whole list. */
  at: number
  columns: readonly ColumnName[]
  deeds: ListDeeds
  isSelected: boolean
  isCurrent: boolean
}

/** What a row shows beside its entry. */
export interface RowFacts {
  beats: string | undefined
  openSheet: SheetKind | undefined
  isTested: boolean
}

/**
 * Drawn anew only when something of it is another: while one scrolls, the rows that stay are left alone. Whatever its cells
 * read is named here: a row is one component, since dozens of small ones in each would be most of what it costs.
 */
export function AccountRow(props: AccountRowProps) {
  const { entry, at, columns, deeds, isSelected, isCurrent } = props
  const { id } = entry.account
  const beats = beatsOf(id)
  const openSheet = openSheetOf(id)
  const isTested = accountTests.value.has(id)
  return useMemo(
    () => drawRow(props, { beats, openSheet, isTested }),
    [
      entry,
      at,
      columns,
      deeds,
      isSelected,
      isCurrent,
      beats,
      openSheet,
      isTested,
      language.value,
      isPrivate.value,
      thisMinute.value,
    ],
  )
}

function drawRow({ entry, at, columns, deeds, isSelected, isCurrent }: AccountRowProps, facts: RowFacts) {
  const { account } = entry
  return (
    <tr
      aria-rowindex={at + 2}
      aria-selected={isSelected}
      aria-current={isCurrent ? 'true' : undefined}
      class={account.enabled ? undefined : 'is-off'}
    >
      <td>{SelectBox({ account, isSelected, deeds })}</td>
      <td class="name">
        <div class="name-cell">
          {AccountName({ account, deeds })}
          {Tags(account)}
        </div>
      </td>
      {columns.map((name) => (
        <td key={name} class={allColumns[name].isNumber === true ? 'number' : undefined}>
          {allColumns[name].cell(entry, facts)}
        </td>
      ))}
      <td class="row-end">{MenuButton({ account, isOpen: facts.openSheet === 'menu' })}</td>
    </tr>
  )
}

/** With Shift, all from the last one that was chosen. */
export function SelectBox({
  account,
  isSelected,
  deeds,
}: {
  account: Account
  isSelected: boolean
  deeds: ListDeeds
}) {
  const text = speak(messages)
  return (
    <input
      type="checkbox"
      aria-label={text('select', { name: shownName(account) })}
      checked={isSelected}
      onClick={(event) => deeds.onToggle(account.id, event.shiftKey)}
    />
  )
}

/** A name may be in any script and direction, and of any length: it stays in its place. */
export function AccountName({ account, deeds }: { account: Account; deeds: ListDeeds }) {
  const name = nameOf(account)
  function onClick(event: TargetedMouseEvent<HTMLAnchorElement>): void {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    deeds.onOpen(account.id)
  }
  return (
    <a class="account-name" href={addressOf('accounts', { account: account.id })} onClick={onClick}>
      <bdi>{name === account.id ? name : Private({ text: name })}</bdi>
    </a>
  )
}

/** All that can be done with one account opens from it. */
export function MenuButton({ account, isOpen }: { account: Account; isOpen: boolean }) {
  const label = speak(messages)('actionsOf', { name: shownName(account) })
  return (
    <button
      type="button"
      class="icon-button"
      aria-haspopup="menu"
      aria-expanded={isOpen}
      aria-label={label}
      title={label}
      {...opensSheet('menu', account.id)}
    >
      {Icon({ name: 'more' })}
    </button>
  )
}

const TAGS_SHOWN = 2

export function Tags({ tags }: Pick<Account, 'tags'>) {
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
