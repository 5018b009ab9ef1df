import type { Account } from '../../../api/types.ts'
import type { Speak } from '../../../i18n/messages.ts'
import { speak } from '../../../i18n/messages.ts'
import { describeProblem } from '../../../i18n/problems.ts'
import { Badge, type Tone } from '../../../parts/badge.tsx'
import { Button, IconButton } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { shownName } from '../account-deeds.ts'
import { messages } from '../messages.ts'
import { runs, showRun, type BulkKind, type CurrentRun } from './current-run.ts'
import type { BulkProgress, BulkRow, BulkStatus } from './run-bulk.ts'

const tones: Record<BulkStatus, Tone> = {
  waiting: 'idle',
  running: 'busy',
  done: 'good',
  failed: 'bad',
  cancelled: 'idle',
}
const titles = {
  enable: 'runEnable',
  disable: 'runDisable',
  pause: 'runPause',
  resume: 'runResume',
  refreshToken: 'runRefreshToken',
  refreshQuota: 'runRefreshQuota',
  addTag: 'runAddTag',
  removeTag: 'runRemoveTag',
  delete: 'runDelete',
} as const satisfies Record<BulkKind, keyof (typeof messages)['en']>

/** The progress of a deed for many accounts, while it is wanted; closed, it goes on. */
export function RunDialog() {
  const text = speak(messages)
  const shown = runs.value.find(({ isShown }) => isShown)
  if (shown === undefined) return null
  const { kind, run, accounts } = shown
  const progress = run.progress.value
  const { counts, isOver } = progress
  return (
    <Dialog
      title={text(titles[kind])}
      look="wide"
      onClose={() => showRun(shown, false)}
      footer={
        <>
          {!isOver && counts.waiting > 0 && <Button onClick={() => run.cancel()}>{text('cancel')}</Button>}
          {isOver && counts.failed + counts.cancelled > 0 && (
            <Button icon="refresh" onClick={() => run.retry()}>
              {text('retryFailed')}
            </Button>
          )}
          <Button look={isOver ? 'primary' : 'plain'} onClick={() => showRun(shown, false)}>
            {text('close')}
          </Button>
        </>
      }
    >
      <Summary progress={progress} />
      <ol class="run-rows">
        {chooseRows(progress.rows).map((row) => (
          <Row key={row.id} row={row} account={accounts.get(row.id)} text={text} />
        ))}
      </ol>
    </Dialog>
  )
}

/** In place of the dialogs that are closed: that it goes on, and the way back. */
export function RunNotes() {
  return (
    <>
      {runs.value
        .filter(({ isShown }) => !isShown)
        .map((each, at) => (
          <RunNote key={at} current={each} />
        ))}
    </>
  )
}

function RunNote({ current }: { current: CurrentRun }) {
  const text = speak(messages)
  const progress = current.run.progress.value
  return (
    <div class="banner info run-note">
      <b>{text(titles[current.kind])}</b>
      <Summary progress={progress} />
      <Button onClick={() => showRun(current, true)}>{text('showProgress')}</Button>
      {progress.isOver && (
        <IconButton icon="close" label={text('close')} onClick={() => showRun(current, false)} />
      )}
    </div>
  )
}

function Summary({ progress: { rows, counts } }: { progress: BulkProgress }) {
  const text = speak(messages)
  const over = counts.done + counts.failed + counts.cancelled
  return (
    <div class="run-summary">
      <p role="status">{text('progress', { over, total: rows.length, failed: counts.failed })}</p>
      <svg class="meter" aria-hidden="true">
        <rect width={`${(over / Math.max(1, rows.length)) * 100}%`} height="100%" />
      </svg>
    </div>
  )
}

interface RowProps {
  row: BulkRow
  account: Account | undefined
  text: Speak<(typeof messages)['en']>
}

/** The name is asked for as it is shown: it may have to be masked by now. */
function Row({ row, account, text }: RowProps) {
  return (
    <li>
      <Badge tone={tones[row.status]}>{text(row.status)}</Badge>
      <bdi class="break">{account === undefined ? row.id : shownName(account)}</bdi>
      {row.error !== undefined && <span class="hint break">{describeProblem(row.error)}</span>}
    </li>
  )
}

const MOST_SHOWN = 200
const urgency: Record<BulkStatus, number> = { failed: 0, running: 1, cancelled: 2, waiting: 3, done: 4 }

/** Those that need a look first. */
function chooseRows(rows: readonly BulkRow[]): BulkRow[] {
  return rows.toSorted((one, other) => urgency[one.status] - urgency[other.status]).slice(0, MOST_SHOWN)
}
