import { useEffect, useRef } from 'preact/hooks'
import type { Key } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Badge } from '../../parts/badge.tsx'
import { Icon } from '../../parts/icon.tsx'
import { isTyping } from '../../shell/shortcuts.ts'
import { changeQuery } from '../../state/route.ts'
import { preferences } from '../../state/settings.ts'
import { EnvironmentRow } from './environment-row.tsx'
import { KeyRow } from './key-row.tsx'
import { environmentKeys } from './key-list.ts'
import { revocations } from './keys-store.ts'
import type { KeyOrder } from './list-keys.ts'
import { messages } from './messages.ts'

interface KeysTableProps {
  list: readonly Key[]
  order: KeyOrder
  /** The model APIs need no key at all. */
  isOpen: boolean
  withEnvironment: boolean
}

const columns = [
  { title: 'name', order: 'name' },
  { title: 'status' },
  { title: 'createdAt', order: 'created' },
  { title: 'lastUsed', order: 'used' },
  { title: 'requests', order: 'requests', isPair: true },
  { title: 'tokens', order: 'tokens', isPair: true },
  { title: 'expires', order: 'expires' },
  { title: 'bounds' },
] as const

/** On a phone each row is a card; the roles keep it a table for those who listen. */
export function KeysTable({ list, order, isOpen, withEnvironment }: KeysTableProps) {
  const text = speak(messages)
  const body = useRef<HTMLTableSectionElement>(null)
  useEffect(() => followRowKeys(body), [])
  return (
    <div class="table-frame keys-frame">
      <table class="table keys-table" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.title} role="columnheader" scope="col" aria-sort={sortOf(column, order)}>
                <ColumnTitle column={column} order={order} />
                {'isPair' in column && <span class="pair"> {text('todayMonth')}</span>}
              </th>
            ))}
            <th role="columnheader" scope="col">
              <span class="unseen">{text('actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup" ref={body}>
          {isOpen && <AnyoneRow />}
          {list.map((key) => (
            <KeyRow key={key.id} keyShown={key} isEnding={revocations.pending.value.has(key.id)} />
          ))}
          {withEnvironment &&
            environmentKeys.value.map((key) => <EnvironmentRow key={key.id} keyShown={key} />)}
        </tbody>
      </table>
    </div>
  )
}

type Column = (typeof columns)[number]

function ColumnTitle({ column, order }: { column: Column; order: KeyOrder }) {
  const text = speak(messages)
  const title = text(column.title)
  if (!('order' in column)) return <>{title}</>
  return (
    <button
      type="button"
      title={text('sortBy', { column: title })}
      onClick={() => changeQuery({ sort: column.order === 'created' ? undefined : column.order })}
    >
      {title}
      {column.order === order && <Icon name="down" />}
    </button>
  )
}

function sortOf(column: Column, order: KeyOrder): 'ascending' | 'descending' | undefined {
  if (!('order' in column) || column.order !== order) return undefined
  return order === 'name' || order === 'expires' ? 'ascending' : 'descending'
}

function AnyoneRow() {
  const text = speak(messages)
  return (
    <tr role="row" class="anyone">
      <th role="rowheader" scope="row" data-label={text('name')}>
        {text('anyone')}
      </th>
      <td role="cell" data-label={text('status')}>
        <Badge tone="bad">{text('open')}</Badge>
      </td>
      <td role="cell" colSpan={columns.length - 1} class="anyone-why">
        {text('anyoneWhy')}
      </td>
    </tr>
  )
}

/** `j` and `k` go from row to row, Enter opens the one that has the focus. Answers how to stop. */
function followRowKeys(body: { readonly current: HTMLElement | null }): () => void {
  function onKey(event: KeyboardEvent): void {
    const step = { j: 1, k: -1 }[event.key]
    const isOther = event.metaKey || event.ctrlKey || event.altKey
    if (step === undefined || isOther || !preferences.value.shortcuts || isTyping(event)) return
    if (document.querySelector('dialog[open]') !== null) return
    const rows = [...(body.current?.querySelectorAll<HTMLElement>('tr[data-key]') ?? [])]
    const at = rows.findIndex((row) => row.contains(document.activeElement))
    const next = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))]
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}
