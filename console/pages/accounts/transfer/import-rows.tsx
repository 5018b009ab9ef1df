import { speak } from '../../../i18n/messages.ts'
import { Badge } from '../../../parts/badge.tsx'
import { Private } from '../../../parts/private.tsx'
import type { RowResult } from './import-in-parts.ts'
import { messages } from './messages.ts'
import type { Preview, RowFault } from './read-import.ts'

interface ImportRowsProps {
  previews: readonly Preview[]
  results: readonly RowResult[]
}

/** More would be looked at by nobody; the result can be downloaded in full. */
const SHOWN = 200

/** What would become of each row, and then what has. Of a locked export only the latter is known. */
export function ImportRows({ previews, results }: ImportRowsProps) {
  const text = speak(messages)
  const byIndex = new Map(results.map((result) => [result.index, result]))
  const rows: Row[] =
    previews.length > 0
      ? previews.map((preview) => ({ ...preview, preview, result: byIndex.get(preview.index) }))
      : results.map((result) => ({ index: result.index, result, preview: undefined }))
  if (rows.length === 0) return null
  return (
    <>
      <div class="table-frame import-rows" tabIndex={0} role="region" aria-label={text('state')}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{text('row')}</th>
              <th scope="col">{text('label')}</th>
              <th scope="col">{text('client')}</th>
              <th scope="col">{text('state')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map((row) => (
              <tr key={row.index}>
                <td>{row.index + 1}</td>
                <td class="name">
                  {row.preview?.label !== undefined && <Private text={row.preview.label} />}
                </td>
                <td class="name">
                  <code>{row.preview?.clientId}</code>
                </td>
                <td class="import-state">
                  <RowState row={row} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > SHOWN && <p class="hint">{text('moreRows', { count: rows.length - SHOWN })}</p>}
    </>
  )
}

interface Row {
  index: number
  preview: Preview | undefined
  result: RowResult | undefined
}

const faults = {
  'no-object': 'faultNoObject',
  clientId: 'faultClientId',
  clientSecret: 'faultClientSecret',
  refreshToken: 'faultRefreshToken',
} as const satisfies Record<RowFault, string>

function RowState({ row: { preview, result } }: { row: Row }) {
  const text = speak(messages)
  if (result !== undefined) return <Outcome result={result} />
  switch (preview?.state) {
    case 'new':
      return <Badge tone="good">{text('stateNew')}</Badge>
    case 'known':
      return (
        <Badge tone="warn" title={text('stateKnownWhy')}>
          {text('stateKnown')}
        </Badge>
      )
    case 'twin':
      return <Badge tone="idle">{text('stateTwin', { row: (preview.twinOf ?? 0) + 1 })}</Badge>
    case 'invalid':
      return (
        <>
          <Badge tone="bad">{text('stateInvalid')}</Badge>{' '}
          {preview.fault !== undefined && text(faults[preview.fault])}
        </>
      )
    case undefined:
    default:
      return null
  }
}

function Outcome({ result: { status, error } }: { result: RowResult }) {
  const text = speak(messages)
  switch (status) {
    case 'created':
      return <Badge tone="good">{text('resultCreated')}</Badge>
    case 'duplicate':
      return <Badge tone="idle">{text('resultDuplicate')}</Badge>
    default:
      return (
        <>
          <Badge tone="bad">{text('resultInvalid')}</Badge> <bdi>{error}</bdi>
        </>
      )
  }
}
