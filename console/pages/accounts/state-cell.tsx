import type { Tone } from '../../parts/badge.tsx'
import { speak } from '../../i18n/messages.ts'
import { drawingOf, type IconName } from '../../parts/icon.tsx'
import { partNames, worstPart } from './account-state.ts'
import type { Entry } from './list-accounts.ts'
import { messages } from './messages.ts'
import { opensSheet } from './row-sheets.tsx'
import { partMessages, wordMessages } from './state-messages.ts'
import { TestResult } from './test-result.tsx'

const icons: Record<Tone, IconName> = { good: 'check', warn: 'warn', bad: 'error', idle: 'off', busy: 'wait' }

/** On a grid where a mark is 22 wide and as high, with its drawing of 16 in the middle. */
const MARK = 22
const STEP = 25
const INSET = 3

interface StateCellProps {
  entry: Entry
  /** Its sheet. */
  isOpen: boolean
  isTested: boolean
}

/** The four parts as marks, with the word of the worst; all of it opens where it is pressed. */
export function StateCell({ entry: { account, judgement }, isOpen, isTested }: StateCellProps) {
  const text = speak(messages)
  const partText = speak(partMessages)
  const wordText = speak(wordMessages)
  const says = partNames.map((name) =>
    text('partIs', { part: partText(name), word: wordText(judgement[name].word) }),
  )
  const shown = worstPart(judgement) ?? 'traffic'
  return (
    <div class={isTested ? 'state-cell tested' : 'state-cell'}>
      <button
        type="button"
        class="state-button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        title={says.join('\n')}
        {...opensSheet('state', account.id)}
      >
        <svg
          class="state-marks"
          viewBox={`0 0 ${STEP * partNames.length} ${MARK}`}
          aria-hidden="true"
          focusable="false"
        >
          {partNames.map((name, at) => drawMark(judgement[name].tone, at))}
        </svg>
        <span class={`state-word ${judgement[shown].tone}`} aria-hidden="true">
          {wordText(judgement[shown].word)}
        </span>
      </button>
      {isTested && <TestResult id={account.id} isBrief />}
    </div>
  )
}

/** Marks of one drawing: an element for each, with a box around it, would be most of what a row costs. */
function drawMark(tone: Tone, at: number) {
  const isPlain = tone === 'good' || tone === 'idle'
  return [
    isPlain ? null : <rect class={tone} x={at * STEP} width={MARK} height={MARK} rx="5" />,
    <path class={tone} transform={`translate(${at * STEP + INSET} ${INSET})`} d={drawingOf(icons[tone])} />,
  ]
}
