import type { EventEntry } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { Private } from '../../parts/private.tsx'
import { isPersonal, listDifferences, type Difference } from './list-differences.ts'
import { messages } from './messages.ts'

type Sides = Pick<EventEntry, 'before' | 'after'>

/** In short, for a line: what is made or removed names itself, so only what differs is told. */
export function Changes({ before, after, most }: Sides & { most: number }) {
  const text = speak(messages)
  if (before === null || after === null) return null
  const differences = listDifferences(before, after)
  const count = differences.length - most
  return (
    <ul class="changes">
      {differences.slice(0, most).map((difference) => (
        <li key={difference.name}>
          <code>{difference.name}</code> <Value of={difference} side="before" />
          <Icon name="right" />
          <Value of={difference} side="after" />
        </li>
      ))}
      {count > 0 && <li class="hint">{text('more', { count })}</li>}
    </ul>
  )
}

/** In full, side by side. */
export function ChangesTable({ before, after }: Sides) {
  const text = speak(messages)
  const differences = listDifferences(before, after)
  if (differences.length === 0) return null
  return (
    <div class="table-frame">
      <table class="table changes-table">
        <thead>
          <tr>
            <th scope="col">{text('member')}</th>
            {before !== null && <th scope="col">{text('was')}</th>}
            {after !== null && <th scope="col">{text('is')}</th>}
          </tr>
        </thead>
        <tbody>
          {differences.map((difference) => (
            <tr key={difference.name}>
              <th scope="row">
                <code>{difference.name}</code>
              </th>
              {before !== null && (
                <td class="break">
                  <Value of={difference} side="before" />
                </td>
              )}
              {after !== null && (
                <td class="break">
                  <Value of={difference} side="after" />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Value({ of, side }: { of: Difference; side: 'before' | 'after' }) {
  const text = speak(messages)
  const value = of[side] ?? ''
  if (value === '') return <span class="hint">{text('nothing')}</span>
  const shown = isPersonal(of.name) ? <Private text={value} /> : value
  return side === 'before' ? <del>{shown}</del> : <ins>{shown}</ins>
}
