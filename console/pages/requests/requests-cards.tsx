import type { KeptCall } from '../../api/types.ts'
import { formatMilliseconds } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { useVisibleRange } from '../accounts/list-view.ts'
import { listMessages } from './messages.ts'
import { KeyLabel } from './name-parts.tsx'
import { AccountsCell, ModelCell, StatusCell, TokensCell } from './request-cells.tsx'
import { RequestLink, type RequestRowsProps } from './requests-table.tsx'
import { describeWord } from './words.ts'

/** With the gap below it, in pixels; the style sheet holds to it. */
const CARD_HEIGHT = 124

/** The list on a phone: it scrolls with the page, and only the cards in sight are in it. */
export function RequestsCards({ calls, cursor }: RequestRowsProps) {
  const text = speak(listMessages)
  const cursorAt = cursor === undefined ? -1 : calls.findIndex(({ id }) => id === cursor)
  const { list, range } = useVisibleRange<HTMLUListElement>({
    count: calls.length,
    rowHeight: CARD_HEIGHT,
    cursorAt,
  })
  return (
    <ul
      ref={list}
      class="request-cards"
      aria-label={text('list')}
      style={{ height: `${calls.length * CARD_HEIGHT}px` }}
    >
      {calls.slice(range.first, range.end).map((call, at) => (
        <li
          key={call.id}
          aria-setsize={calls.length}
          aria-posinset={range.first + at + 1}
          style={{ top: `${(range.first + at) * CARD_HEIGHT}px` }}
        >
          <Card call={call} />
        </li>
      ))}
    </ul>
  )
}

function Card({ call }: { call: KeptCall }) {
  return (
    <article class="request-card">
      <header class="actions spread">
        <RequestLink call={call} />
        <span>
          <StatusCell call={call} />
        </span>
      </header>
      <p class="one-line">
        <ModelCell call={call} />
      </p>
      <p class="one-line hint">
        {describeWord(call.dialect)} · {formatMilliseconds(call.totalMs)} · <TokensCell call={call} />
      </p>
      <p class="one-line">
        <KeyLabel id={call.keyId} /> <span class="hint">→</span> <AccountsCell call={call} />
      </p>
    </article>
  )
}
