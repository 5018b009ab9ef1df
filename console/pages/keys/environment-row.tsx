import type { KeyList } from '../../api/types.ts'
import { formatNumber, formatShort } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Badge } from '../../parts/badge.tsx'
import { Cell } from './key-row.tsx'
import { tokensIn } from './list-keys.ts'
import { messages } from './messages.ts'

/** A key of OPENAI_KEYS, by its place there: it can be changed there alone. */
export function EnvironmentRow({ keyShown: { id, usage } }: { keyShown: KeyList['environment'][number] }) {
  const text = speak(messages)
  const { today, month } = usage
  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="name">
        {text('fromEnvironment')}
        <code class="key-prefix">{id}</code>
      </th>
      <Cell label={text('status')}>
        <Badge tone="good">{text('active')}</Badge>
      </Cell>
      <Cell label={text('createdAt')}>—</Cell>
      <Cell label={text('lastUsed')}>—</Cell>
      <Cell label={text('requestsOf')}>
        {formatNumber(today.requests)} / {formatNumber(month.requests)}
      </Cell>
      <Cell label={text('tokensOf')}>
        {formatShort(tokensIn(today))} / {formatShort(tokensIn(month))}
      </Cell>
      <Cell label={text('expires')}>{text('noExpiry')}</Cell>
      <Cell label={text('bounds')}>{text('readOnly')}</Cell>
      <td role="cell" />
    </tr>
  )
}
