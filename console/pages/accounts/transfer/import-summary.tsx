import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import type { RowResult } from './import-in-parts.ts'
import { messages } from './messages.ts'
import type { Preview } from './read-import.ts'
import { datedName, saveFile } from './save-file.ts'
import { writeResult } from './write-result.ts'

interface ImportSummaryProps {
  results: readonly RowResult[]
  previews: readonly Preview[]
  /** Undefined: nobody knows before it is opened. */
  expected: number | undefined
  isDone: boolean
  hasStopped: boolean
}

export function ImportSummary({ results, previews, expected, isDone, hasStopped }: ImportSummaryProps) {
  const text = speak(messages)
  const count = (status: string) => results.filter((each) => each.status === status).length
  function download(): void {
    const content = JSON.stringify(writeResult(results, previews), null, 2)
    saveFile(datedName('aqueduct-import-result', 'json'), new Blob([content], { type: 'application/json' }))
  }
  return (
    <>
      <div role="status" class="import-progress">
        {!isDone && (
          <>
            <progress value={expected === undefined ? undefined : results.length} max={expected ?? 1} />
            {expected !== undefined && <p>{text('progress', { done: results.length, count: expected })}</p>}
          </>
        )}
        {isDone && hasStopped && <p>{text('stoppedAt')}</p>}
        {isDone && (
          <p>
            <strong>
              {text('result', {
                created: count('created'),
                duplicates: count('duplicate'),
                invalid: count('invalid'),
              })}
            </strong>
          </p>
        )}
      </div>
      {isDone && results.length > 0 && (
        <div class="actions">
          <Button icon="download" onClick={download}>
            {text('downloadResult')}
          </Button>
          <span class="hint">{text('downloadHint')}</span>
        </div>
      )}
    </>
  )
}
