import { useLayoutEffect } from 'preact/hooks'
import { speak } from '../../../i18n/messages.ts'
import { hasContent } from '../answer/answer.ts'
import { messages } from '../messages.ts'
import type { Lane } from '../talk/lane.ts'
import { AnswerParts } from './answer-parts.tsx'

/** The answer that is coming. */
export function RunningAnswer({ lane, onPaint }: { lane: Lane; onPaint: () => void }) {
  const text = speak(messages)
  const running = lane.running.value
  useLayoutEffect(onPaint)
  if (running === undefined) return null
  return (
    <article class="turn answer" aria-busy="true" aria-label={running.facts.modelUsed ?? running.facts.model}>
      <AnswerParts answer={running.answer} isLive />
      {!hasContent(running.answer) && <p class="hint waiting-dots">{text('answering')}</p>}
    </article>
  )
}
