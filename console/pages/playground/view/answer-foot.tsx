import { formatMilliseconds, formatNumber } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Link } from '../../../parts/link.tsx'
import { addressOf } from '../../../state/route.ts'
import { tokensPerSecond } from '../answer/answer-facts.ts'
import type { Progress } from '../answer/play-answer.ts'
import { messages } from '../messages.ts'

/** How an answer came about, in a line of facts, and what went wrong with it. */
export function AnswerFoot({ answer, facts }: Progress) {
  return (
    <>
      <Ending answer={answer} facts={facts} />
      <ul class="answer-facts">
        {listFacts({ answer, facts }).map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
        {facts.requestId !== undefined && <RequestLink id={facts.requestId} />}
      </ul>
    </>
  )
}

function Ending({ answer, facts }: Progress) {
  const text = speak(messages)
  const { end, status } = facts
  const isUnanswered = end === 'failed' && answer.error === undefined && status === undefined
  const words =
    answer.error ?? (isUnanswered ? text('noAnswer') : end === 'cut-off' ? text('cutOff') : undefined)
  if (words !== undefined) {
    return (
      <p class="answer-error break" role="alert">
        {words}
      </p>
    )
  }
  return end === 'stopped' ? <p class="hint">{text('stopped')}</p> : null
}

function listFacts({ answer, facts }: Progress): string[] {
  const text = speak(messages)
  const { usage, stopReason } = answer
  const speed = tokensPerSecond(answer, facts)
  const known = [
    facts.modelUsed ?? facts.model,
    facts.firstTokenMs !== undefined && text('firstToken', { time: formatMilliseconds(facts.firstTokenMs) }),
    facts.totalMs !== undefined && text('inAll', { time: formatMilliseconds(facts.totalMs) }),
    speed !== undefined && text('speed', { count: formatNumber(Math.round(speed)) }),
    usage !== undefined && text('usage', { input: usage.inputTokens, output: usage.outputTokens }),
    usage !== undefined && usage.cachedTokens > 0 && text('cached', { count: usage.cachedTokens }),
    stopReason,
    facts.ignored !== undefined && text('ignoredFields', { fields: facts.ignored }),
    facts.repaired !== undefined && text('repairedBy', { what: facts.repaired }),
  ]
  return known.flatMap((fact) => (typeof fact === 'string' && fact !== '' ? [fact] : []))
}

function RequestLink({ id }: { id: string }) {
  const text = speak(messages)
  return (
    <li>
      <Link href={addressOf('requests', { request: id, trials: '1' })}>{text('request', { id })}</Link>
    </li>
  )
}
