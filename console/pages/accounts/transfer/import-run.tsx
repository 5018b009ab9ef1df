import { useRef, useState } from 'preact/hooks'
import { ask } from '../../../api/client.ts'
import { isShownByField } from '../../../api/field-problem.ts'
import type { ImportResult } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Failed } from '../../../parts/states.tsx'
import { accounts } from '../accounts-store.ts'
import type { Readable } from './import-dialog.tsx'
import { importInParts, type RowResult } from './import-in-parts.ts'
import { ImportOptions } from './import-options.tsx'
import { ImportRows } from './import-rows.tsx'
import { ImportSummary } from './import-summary.tsx'
import { messages } from './messages.ts'
import { applyWishes, previewRows, type ImportWishes } from './read-import.ts'

interface ImportRunProps {
  source: Readable
  onBack: () => void
  onClose: () => void
}

type Phase = 'preview' | 'running' | 'done'

export function ImportRun({ source, onBack, onClose }: ImportRunProps) {
  const text = speak(messages)
  const [wishes, setWishes] = useState<ImportWishes>({ enabled: 'as-told', tags: [] })
  const [passphrase, setPassphrase] = useState('')
  const [phase, setPhase] = useState<Phase>('preview')
  const [results, setResults] = useState<readonly RowResult[]>([])
  const [error, setError] = useState<unknown>()
  const hasStopped = useRef(false)
  const rows = source.kind === 'rows' ? source.rows : []
  const [previews] = useState(() => previewRows(rows, clientsHere()))
  const sendable = previews.filter(({ state }) => state === 'new' || state === 'known')

  const canStart = source.kind === 'sealed' ? passphrase.length > 0 : sendable.length > 0
  const isAboutPassphrase = source.kind === 'sealed' && isShownByField(error, ['passphrase', 'export'])

  async function start(): Promise<void> {
    setPhase('running')
    setError(undefined)
    hasStopped.current = false
    try {
      if (source.kind === 'sealed') {
        setResults((await importExport(source.envelope, passphrase)).results)
      } else {
        const wanted = applyWishes(
          sendable.map(({ index }) => rows[index]),
          wishes,
        )
        await importInParts({
          rows: wanted,
          send: (part) => importExport({ format: 'aqueduct-accounts', version: 1, accounts: part }),
          onResults: (told) =>
            setResults(told.map((each) => ({ ...each, index: sendable[each.index]?.index ?? each.index }))),
          isStopped: () => hasStopped.current,
        })
      }
      setPhase('done')
    } catch (failure) {
      setError(failure)
      // What the gateway has taken before stays, so the rest is another import.
      setPhase(source.kind === 'sealed' ? 'preview' : 'done')
    }
    void accounts.load()
  }
  return (
    <Dialog
      look="wide"
      title={text('importTitle')}
      onClose={() => {
        hasStopped.current = true
        onClose()
      }}
      footer={
        <ImportButtons
          phase={phase}
          count={source.kind === 'sealed' ? undefined : sendable.length}
          canStart={canStart}
          onBack={onBack}
          onClose={onClose}
          onStart={() => void start()}
          onStop={() => (hasStopped.current = true)}
        />
      }
    >
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (phase === 'preview' && canStart) void start()
        }}
      >
        {error !== undefined && !isAboutPassphrase && <Failed error={error} />}
        {phase === 'preview' && (
          <ImportOptions
            source={source}
            previews={previews}
            wishes={wishes}
            passphrase={passphrase}
            error={error}
            onWishes={setWishes}
            onPassphrase={setPassphrase}
          />
        )}
        {phase !== 'preview' && (
          <ImportSummary
            results={results}
            previews={previews}
            expected={source.kind === 'sealed' ? undefined : sendable.length}
            isDone={phase === 'done'}
            hasStopped={hasStopped.current}
          />
        )}
        <ImportRows previews={previews} results={results} />
      </form>
    </Dialog>
  )
}

function importExport(exported: unknown, passphrase?: string): Promise<ImportResult> {
  return ask<ImportResult>('/v2/accounts/import', {
    method: 'POST',
    body: { export: exported, ...(passphrase !== undefined && { passphrase }) },
  })
}

function clientsHere(): Set<string> {
  return new Set(accounts.state.value.value?.map(({ clientId }) => clientId))
}

interface ImportButtonsProps {
  phase: Phase
  /** Undefined: nobody knows before it is opened. */
  count: number | undefined
  canStart: boolean
  onBack: () => void
  onClose: () => void
  onStart: () => void
  onStop: () => void
}

function ImportButtons({ phase, count, canStart, onBack, onClose, onStart, onStop }: ImportButtonsProps) {
  const text = speak(messages)
  if (phase === 'done') {
    return (
      <>
        <Button onClick={onBack}>{text('back')}</Button>
        <Button look="primary" onClick={onClose}>
          {text('close')}
        </Button>
      </>
    )
  }
  if (phase === 'running') {
    // One request brings a locked export, and it goes all the way.
    return count === undefined ? (
      <Button isBusy>{text('startSealed')}</Button>
    ) : (
      <Button onClick={onStop}>{text('stop')}</Button>
    )
  }
  return (
    <>
      <Button onClick={onBack}>{text('back')}</Button>
      <Button look="primary" aria-disabled={!canStart} onClick={canStart ? onStart : undefined}>
        {count === undefined ? text('startSealed') : text('start', { count })}
      </Button>
    </>
  )
}
