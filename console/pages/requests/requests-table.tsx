import type { KeptCall } from '../../api/types.ts'
import { formatMoment, formatTime } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Link } from '../../parts/link.tsx'
import { addressOf, route } from '../../state/route.ts'
import { useVisibleRange } from '../accounts/list-view.ts'
import { listMessages } from './messages.ts'
import { columns } from './request-cells.tsx'

const ROW_HEIGHT = 36
const ROW_HEIGHT_FOR_FINGERS = 48
const TIME_WIDTH = 150
const WIDTH = columns.reduce((sum, { width }) => sum + width, TIME_WIDTH)

export interface RequestRowsProps {
  calls: readonly KeptCall[]
  /** Id of the one that keys act on. */
  cursor: string | undefined
}

/** Only the rows in sight are in the page, however many requests there are. */
export function RequestsTable({ calls, cursor }: RequestRowsProps) {
  const text = speak(listMessages)
  const isForFingers = window.matchMedia('(pointer: coarse)').matches
  const rowHeight = isForFingers ? ROW_HEIGHT_FOR_FINGERS : ROW_HEIGHT
  const cursorAt = cursor === undefined ? -1 : calls.findIndex(({ id }) => id === cursor)
  const { list, range } = useVisibleRange<HTMLTableSectionElement>({
    count: calls.length,
    rowHeight,
    cursorAt,
  })
  return (
    <div class="table-frame requests-frame" tabIndex={0} role="region" aria-label={text('list')}>
      <table
        class="table requests-table"
        aria-rowcount={calls.length + 1}
        style={{ minWidth: `${WIDTH}px`, '--row': `${rowHeight}px` }}
      >
        <colgroup>
          <col style={{ width: `${TIME_WIDTH}px` }} />
          {columns.map(({ name, width }) => (
            <col key={name} style={{ width: `${width}px` }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">{text('time')}</th>
            {columns.map(({ name, isNumber }) => (
              <th key={name} scope="col" class={isNumber === true ? 'number' : undefined}>
                {text(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={list}>
          <Spacer height={range.first * rowHeight} />
          {calls.slice(range.first, range.end).map((call, at) => (
            <Row key={call.id} call={call} at={range.first + at} isCurrent={call.id === cursor} />
          ))}
          <Spacer height={(calls.length - range.end) * rowHeight} />
        </tbody>
      </table>
    </div>
  )
}

/** Stands for the rows that are not in the page. */
function Spacer({ height }: { height: number }) {
  return height <= 0 ? null : <tr aria-hidden="true" class="spacer" style={{ height: `${height}px` }} />
}

function Row({ call, at, isCurrent }: { call: KeptCall; at: number; isCurrent: boolean }) {
  return (
    <tr aria-rowindex={at + 2} class={isCurrent ? 'current' : undefined}>
      <td>
        <RequestLink call={call} />
      </td>
      {columns.map(({ name, isNumber, Cell }) => (
        <td key={name} class={isNumber === true ? 'number' : undefined}>
          <Cell call={call} />
        </td>
      ))}
    </tr>
  )
}

export function RequestLink({ call: { id, at } }: { call: KeptCall }) {
  const text = speak(listMessages)
  const time = formatTime(at)
  const query = { ...Object.fromEntries(route.value.query), request: id }
  return (
    <Link href={addressOf('requests', query)} class="requests-open" title={text('details', { time })}>
      <time dateTime={at}>{formatMoment(at)}</time>
    </Link>
  )
}
