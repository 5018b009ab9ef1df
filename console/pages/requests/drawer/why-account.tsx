import type { CallDetail } from '../../../api/types.ts'
import { formatTime } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { AccountLabel } from '../name-parts.tsx'
import { messages, placements, verdicts, wordFor } from './messages.ts'
import { sayRule, type Picked } from './say-rule.ts'

/** Why the request went to the account that it went to first, and not to others. */
export function WhyAccount({ call }: { call: CallDetail }) {
  const text = speak(messages)
  const { placement, skipped, moreSkipped = 0, couldServe = 0 } = call
  const known = placement === null ? 'none' : wordFor(placement, placements)
  return (
    <section>
      <h3>{text('why')}</h3>
      <p>{known === undefined ? placement : text(known)}</p>
      {call.picked !== undefined && <Strategy picked={call.picked} />}
      {couldServe > 0 && <p>{text('couldServe', { count: couldServe })}</p>}
      {skipped.length > 0 && (
        <>
          <h4>{text('skipped')}</h4>
          <ul class="request-skipped">
            {skipped.map((each) => (
              <li key={each.account}>
                <AccountLabel id={each.account} /> <Verdict {...each} />
              </li>
            ))}
            {moreSkipped > 0 && <li class="hint">{text('moreSkipped', { count: moreSkipped })}</li>}
          </ul>
        </>
      )}
    </section>
  )
}

/** By what the strategy chose, and how the account then stood. */
function Strategy({ picked }: { picked: Picked }) {
  const text = speak(messages)
  return (
    <>
      <h4>{text('strategy')}</h4>
      <ol class="request-rules">
        {picked.rules.map((rule) => (
          <li key={rule}>{sayRule(rule, picked)}</li>
        ))}
      </ol>
    </>
  )
}

function Verdict({ why, until }: { why: string; until?: string }) {
  const text = speak(messages)
  const known = wordFor(why, verdicts)
  return (
    <span>
      {known === undefined ? why : text(known)}
      {until !== undefined && <span class="hint"> · {text('until', { time: formatTime(until) })}</span>}
    </span>
  )
}
