import type { ComponentChildren } from 'preact'
import { formatMilliseconds, formatPercent, formatTime } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Icon, type IconName } from '../../parts/icon.tsx'
import { Link } from '../../parts/link.tsx'
import { liveState, snapshot } from '../../state/live.ts'
import { addressOf } from '../../state/route.ts'
import { messages } from './messages.ts'
import { NoFigures } from './no-figures.tsx'
import { judge, type Verdict } from './verdict.ts'

interface Look {
  tone: string
  icon: IconName
  words: 'good' | 'degraded' | 'down' | 'noAccounts'
}

const looks: Record<Verdict['kind'], Look> = {
  good: { tone: 'good', icon: 'check', words: 'good' },
  degraded: { tone: 'warn', icon: 'warn', words: 'degraded' },
  down: { tone: 'bad', icon: 'error', words: 'down' },
  'no-accounts': { tone: 'idle', icon: 'accounts', words: 'noAccounts' },
}

/** The whole state of the gateway in one line, in words. */
export function VerdictLine() {
  const text = speak(messages)
  const seen = snapshot.value
  if (seen === undefined) {
    return (
      <div class="verdict">
        <NoFigures rows={1} />
      </div>
    )
  }
  const verdict = judge(seen)
  const { tone, icon, words } = looks[verdict.kind]
  const isLive = liveState.value.kind === 'open'
  return (
    <div class="verdict">
      <p class={`verdict-words ${tone}`} role="status">
        <Icon name={icon} />
        {text(words)}
      </p>
      <ul class="verdict-facts">{factsOf(verdict, seen, text)}</ul>
      {!isLive && <p class="hint">{text('stale', { time: formatTime(seen.at) })}</p>}
    </div>
  )
}

type Say = ReturnType<typeof speak<(typeof messages)['en']>>

function factsOf(
  { kind, total, ready, troubles, errorShare, firstTokenP95Ms }: Verdict,
  { inFlight, waiting }: { inFlight: number; waiting: number },
  text: Say,
): ComponentChildren {
  if (kind === 'no-accounts') return null
  return (
    <>
      {troubles.map(({ kind: trouble, count }) => (
        <li key={trouble}>
          <Link href={addressOf('accounts', { state: 'attention' })}>
            {text(`need-${trouble}`, { count })}
          </Link>
        </li>
      ))}
      <li>{text('readyOf', { ready, count: total })}</li>
      {firstTokenP95Ms !== undefined && (
        <li>{text('firstTokenIs', { time: formatMilliseconds(firstTokenP95Ms) })}</li>
      )}
      <li>
        {errorShare === undefined
          ? text('noRequests')
          : text('errorsAre', { share: formatPercent(errorShare) })}
      </li>
      {inFlight > 0 && <li>{text('inFlight', { count: inFlight })}</li>}
      {waiting > 0 && <li>{text('waiting', { count: waiting })}</li>}
    </>
  )
}
