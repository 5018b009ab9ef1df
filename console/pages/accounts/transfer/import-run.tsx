import { useState } from 'preact/hooks'
import { isShownByField } from '../../../api/field-problem.ts'
import { speak } from '../../../i18n/messages.ts'
import { Dialog } from '../../../parts/dialog.tsx'
import { Failed } from '../../../parts/states.tsx'
import { ImportButtons } from './import-buttons.tsx'
import type { Readable } from './import-dialog.tsx'
import { ImportOptions } from './import-options.tsx'
import { ImportRows } from './import-rows.tsx'
import { ImportSummary } from './import-summary.tsx'
import { messages } from './messages.ts'
import type { ImportWishes } from './read-import.ts'
import { useImport } from './use-import.ts'

interface ImportRunProps {
  source: Readable
  onBack: () => void
  onClose: () => void
}

export function ImportRun({ source, onBack, onClose }: ImportRunProps) {
  const text = speak(messages)
  const run = useImport(source)
  const [wishes, setWishes] = useState<ImportWishes>({ enabled: 'as-told', tags: [] })
  const [passphrase, setPassphrase] = useState('')
  const { phase, error, previews, results } = run
  const isSealed = source.kind === 'sealed'
  const count = isSealed ? undefined : run.sendable.length
  const canStart = isSealed ? passphrase.length > 0 : run.sendable.length > 0
  const isShown = isSealed && isShownByField(error, ['passphrase', 'export'])

  function start(): void {
    if (phase === 'preview' && canStart) void run.start(wishes, passphrase)
  }
  function close(): void {
    run.stop()
    onClose()
  }
  return (
    <Dialog
      look="wide"
      title={text('importTitle')}
      onClose={close}
      footer={
        <ImportButtons
          phase={phase}
          count={count}
          canStart={canStart}
          onBack={onBack}
          onClose={close}
          onStart={start}
          onStop={run.stop}
        />
      }
    >
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          start()
        }}
      >
        {error !== undefined && !isShown && <Failed error={error} />}
        {phase === 'preview' ? (
          <ImportOptions
            {...{ source, previews, wishes, passphrase, error }}
            onWishes={setWishes}
            onPassphrase={setPassphrase}
          />
        ) : (
          <ImportSummary
            {...{ results, previews }}
            expected={count}
            isDone={phase === 'done'}
            hasStopped={run.hasStopped}
          />
        )}
        <ImportRows previews={previews} results={results} />
      </form>
    </Dialog>
  )
}
