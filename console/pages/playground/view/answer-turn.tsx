import { speak } from '../../../i18n/messages.ts'
import { IconButton } from '../../../parts/button.tsx'
import { CopyButton } from '../../../parts/copy-button.tsx'
import { callsOf, textOf } from '../answer/answer.ts'
import type { Progress } from '../answer/play-answer.ts'
import { messages } from '../messages.ts'
import type { Lane } from '../talk/lane.ts'
import { canAsk } from '../talk/playground-state.ts'
import type { TreeNode } from '../talk/tree.ts'
import { AnswerFoot } from './answer-foot.tsx'
import { AnswerParts } from './answer-parts.tsx'
import { BranchSteps } from './branch-steps.tsx'
import { ResultForm } from './result-form.tsx'

interface AnswerTurnProps {
  lane: Lane
  node: TreeNode
  progress: Progress
  /** Nothing was said after it. */
  isLast: boolean
}

/** An answer that has ended, with what can be done about it. */
export function AnswerTurn({ lane, node, progress, isLast }: AnswerTurnProps) {
  const text = speak(messages)
  const { answer, facts } = progress
  const calls = callsOf(answer)
  const asksForResults = isLast && calls.length > 0 && facts.end === 'whole'
  const said = textOf(answer)
  return (
    <article class="turn answer" aria-label={facts.modelUsed ?? facts.model}>
      <AnswerParts answer={answer} isLive={false} />
      {asksForResults && (
        <ResultForm calls={calls} onResults={(results) => lane.giveResults(node.id, results)} />
      )}
      <AnswerFoot answer={answer} facts={facts} />
      <div class="turn-tools">
        {said !== '' && <CopyButton text={said} />}
        <IconButton
          icon="refresh"
          label={text('again')}
          aria-disabled={!canAsk.value}
          onClick={() => {
            if (canAsk.value) lane.answerAgain(node.id)
          }}
        />
        {!isLast && (
          <IconButton icon="branch" label={text('branch')} onClick={() => lane.branchAfter(node.id)} />
        )}
        <BranchSteps lane={lane} node={node} />
      </div>
    </article>
  )
}
