import { useMemo } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { changeQuery } from '../../state/route.ts'
import { AccountRow } from './account-row.tsx'
import { expectedAccounts } from './accounts-store.ts'
import { columnNames, shownColumns, type ColumnName } from './column-choice.ts'
import { ColumnHandle } from './column-handle.tsx'
import { columnWidths, type SizedColumn } from './column-widths.ts'
import { columns } from './columns.tsx'
import { writeWishes } from './list-address.ts'
import { useVisibleRange, type ListView } from './list-view.ts'
import { messages } from './messages.ts'
import { nextSort, type Sort, type SortName } from './sort-accounts.ts'

const ROW_HEIGHT = 36
const ROW_HEIGHT_FOR_FINGERS = 48
const FIXED_WIDTH = 40 + 48
const NAME_WIDTH = 200

/** Only the rows in sight are in the page, however many accounts there are. */
export function AccountsTable({ view, sort }: { view: ListView; sort: Sort | undefined }) {
  const text = speak(messages)
  const { entries, selection, cursor } = view
  const isForFingers = window.matchMedia('(pointer: coarse)').matches
  const rowHeight = isForFingers ? ROW_HEIGHT_FOR_FINGERS : ROW_HEIGHT
  const cursorAt = cursor === undefined ? -1 : entries.findIndex(({ account }) => account.id === cursor)
  const { list, range } = useVisibleRange<HTMLTableSectionElement>({
    count: entries.length,
    rowHeight,
    cursorAt,
    wishes: view.wishes,
  })
  const chosen = shownColumns.value
  const shown = useMemo(() => columnNames.filter((name) => chosen.has(name)), [chosen])
  const set = columnWidths.value
  const widthOf = (name: ColumnName) => set[name] ?? columns[name].width
  const width = shown.reduce((sum, name) => sum + widthOf(name), FIXED_WIDTH + (set.name ?? NAME_WIDTH))
  return (
    <div class="table-frame accounts-frame" tabIndex={0} role="region" aria-label={text('table')}>
      <table
        class="table accounts-table"
        aria-rowcount={entries.length + 1}
        style={{
          // Only with a column that takes the rest the others stay as they are set.
          width: set.name === undefined ? undefined : `${width}px`,
          minWidth: `${width}px`,
          '--row': `${rowHeight}px`,
        }}
      >
        <colgroup>
          <col style={{ width: '40px' }} />
          <col style={{ width: set.name === undefined ? undefined : `${set.name}px` }} />
          {shown.map((name) => (
            <col key={name} style={{ width: `${widthOf(name)}px` }} />
          ))}
          <col style={{ width: '48px' }} />
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th>
              <SelectAll view={view} />
            </th>
            <Head sort={sort} by="label" title={text('name')} column="name" width={set.name} />
            {shown.map((name) => (
              <Head
                key={name}
                sort={sort}
                by={columns[name].sort}
                title={text(name)}
                column={name}
                width={widthOf(name)}
                isNumber={columns[name].isNumber}
              />
            ))}
            <th>
              <span class="unseen">{text('more')}</span>
            </th>
          </tr>
        </thead>
        <tbody ref={list}>
          <Spacer height={range.first * rowHeight} />
          {entries.slice(range.first, range.end).map((entry, at) => (
            <AccountRow
              key={entry.account.id}
              entry={entry}
              at={range.first + at}
              columns={shown}
              deeds={view.deeds}
              isSelected={selection.ids.has(entry.account.id)}
              isCurrent={entry.account.id === cursor}
            />
          ))}
          <Spacer height={(entries.length - range.end) * rowHeight} />
        </tbody>
      </table>
    </div>
  )
}

/** Stands for the rows that are not in the page. */
function Spacer({ height }: { height: number }) {
  return height <= 0 ? null : <tr aria-hidden="true" class="spacer" style={{ height: `${height}px` }} />
}

export function SelectAll({ view: { entries, selection, deeds } }: { view: ListView }) {
  const text = speak(messages)
  const hasAll = entries.length > 0 && entries.every(({ account }) => selection.ids.has(account.id))
  return (
    <input
      type="checkbox"
      aria-label={text('selectAll')}
      title={text('selectAll')}
      checked={hasAll}
      // All are more than those that have come.
      disabled={expectedAccounts.value !== undefined}
      indeterminate={!hasAll && selection.ids.size > 0}
      onChange={deeds.onToggleAll}
    />
  )
}

interface HeadProps {
  title: string
  sort: Sort | undefined
  by: SortName | undefined
  column: SizedColumn
  width: number | undefined
  isNumber?: boolean | undefined
}

function Head({ title, sort, by, column, width, isNumber = false }: HeadProps) {
  const isSorted = by !== undefined && sort?.by === by
  const order = !isSorted ? undefined : sort.descends ? 'descending' : 'ascending'
  return (
    <th scope="col" class={isNumber ? 'number' : undefined} aria-sort={order}>
      {by === undefined ? (
        title
      ) : (
        <button type="button" onClick={() => changeQuery(writeWishes({ sort: nextSort(sort, by) }))}>
          {title}
          {isSorted && <Icon name={sort.descends ? 'down' : 'up'} />}
        </button>
      )}
      <ColumnHandle column={column} title={title} width={width} />
    </th>
  )
}
