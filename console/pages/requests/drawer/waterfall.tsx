import type { CallDetail } from '../../../api/types.ts'
import { formatMilliseconds } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { AttemptFacts } from './attempt-facts.tsx'
import { messages } from './messages.ts'
import { toTimeline, type Part } from './timeline.ts'

/** What the time went into, from the receipt to the end: each part where it was and as long as it was. */
export function Waterfall({ call }: { call: CallDetail }) {
  const text = speak(messages)
  const parts = toTimeline(call)
  const total = Math.max(1, call.totalMs, ...parts.map(({ end }) => end))
  const outside = parts.filter(({ attempt }) => attempt === undefined)
  const before = outside.filter(({ kind }) => kind === 'lead')
  const after = outside.filter(({ kind }) => kind === 'close')
  return (
    <section class="waterfall">
      <h3>{text('timeline')}</h3>
      <p class="hint">{text('timelineTotal', { time: formatMilliseconds(call.totalMs) })}</p>
      <Lines parts={before} total={total} />
      {call.attempts.map((attempt, index) => (
        <div key={index} class="waterfall-attempt">
          <AttemptFacts attempt={attempt} index={index} />
          <Lines parts={parts.filter((part) => part.attempt === index)} total={total} />
        </div>
      ))}
      <Lines parts={after} total={total} />
    </section>
  )
}

function Lines({ parts, total }: { parts: readonly Part[]; total: number }) {
  const text = speak(messages)
  if (parts.length === 0) return null
  return (
    <ol class="waterfall-parts">
      {parts.map(({ kind, attempt, at, end }) => (
        <li key={kind}>
          <span class="waterfall-name">
            {text(kind === 'choose' && attempt !== undefined && attempt > 0 ? 'again' : kind)}
          </span>
          <svg class="waterfall-bar" aria-hidden="true">
            <rect
              class={`part-${kind}`}
              height="100%"
              rx="2"
              style={{
                x: `min(${(at / total) * 100}%, calc(100% - 2px))`,
                width: `max(2px, ${((end - at) / total) * 100}%)`,
              }}
            />
          </svg>
          <span class="number">{formatMilliseconds(end - at)}</span>
        </li>
      ))}
    </ol>
  )
}
