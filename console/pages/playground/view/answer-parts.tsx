import { useState } from 'preact/hooks'
import { speak } from '../../../i18n/messages.ts'
import { Icon } from '../../../parts/icon.tsx'
import { unreachable } from '../../../unreachable.ts'
import type { Answer, AnswerPart } from '../answer/answer.ts'
import { Markdown } from '../markdown/markdown.tsx'
import { messages } from '../messages.ts'
import { CallView } from './call-view.tsx'

/** What a model has said, in order. */
export function AnswerParts({ answer, isLive }: { answer: Answer; isLive: boolean }) {
  return (
    <>
      {answer.parts.map((part, index) => (
        <PartView key={part.key} part={part} isLive={isLive && index === answer.parts.length - 1} />
      ))}
    </>
  )
}

function PartView({ part, isLive }: { part: AnswerPart; isLive: boolean }) {
  const text = speak(messages)
  switch (part.kind) {
    case 'text':
      return <Markdown text={part.text} />
    case 'thinking':
      return <Thoughts thoughts={part.text} isLive={isLive} />
    case 'call':
      return <CallView call={part} />
    case 'other':
      return <Folded title={text('other', { type: part.type })} body={JSON.stringify(part.value, null, 2)} />
    default:
      return unreachable(part)
  }
}

/** Open while they come, and afterwards as somebody wants them. */
function Thoughts({ thoughts, isLive }: { thoughts: string; isLive: boolean }) {
  const text = speak(messages)
  // What is sealed has no words.
  if (thoughts === '' && !isLive) return null
  return <Folded title={text(isLive ? 'thinkingNow' : 'thought')} body={thoughts} opensItself={isLive} />
}

function Folded({
  title,
  body,
  opensItself = false,
}: {
  title: string
  body: string
  opensItself?: boolean
}) {
  const [isWanted, setWanted] = useState<boolean>()
  const isOpen = isWanted ?? opensItself
  return (
    <div class="folded">
      <button type="button" class="folded-head" aria-expanded={isOpen} onClick={() => setWanted(!isOpen)}>
        <Icon name={isOpen ? 'down' : 'right'} />
        {title}
      </button>
      {isOpen && (
        <div class="folded-body" dir="auto">
          {body}
        </div>
      )}
    </div>
  )
}
