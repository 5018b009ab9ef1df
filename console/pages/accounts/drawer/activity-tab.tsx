import { useEffect, useState } from 'preact/hooks'
import { ask } from '../../../api/client.ts'
import type { Account, AccountDay } from '../../../api/types.ts'
import { formatMilliseconds, formatNumber, formatPercent, formatTime } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { followWhileSeen } from '../../../state/follow-while-seen.ts'
import { createResource } from '../../../state/resource.ts'
import { successOf } from '../account-facts.ts'
import { accountCounts } from '../account-traffic.ts'
import { Heartbeat } from '../heartbeat.tsx'
import { activityMessages } from './activity-messages.ts'
import { BAR_STEP, barsOf, CHART_HEIGHT, drawBars, type HourBar } from './day-chart.ts'
import { Facts } from './facts.tsx'

const EVERY_MS = 60_000

/** What went through the account: its last hour, and its last day. */
export function ActivityTab({ account }: { account: Account }) {
  const text = speak(activityMessages)
  const [day] = useState(() =>
    createResource((signal) =>
      ask<AccountDay>(`/v2/traffic/accounts/${encodeURIComponent(account.id)}`, { signal }),
    ),
  )
  useEffect(() => followWhileSeen(day, EVERY_MS), [])
  const { value, error } = day.state.value
  return (
    <div class="stack">
      <CountFacts account={account} />
      <section class="drawer-part">
        <h3>{text('lastHour')}</h3>
        <Heartbeat id={account.id} />
      </section>
      <section class="drawer-part">
        <h3>{text('lastDay')}</h3>
        {error !== undefined && <Failed error={error} onRetry={() => void day.load()} />}
        {value === undefined && error === undefined && <Skeleton rows={2} />}
        {value !== undefined && <Day day={value} />}
      </section>
    </div>
  )
}

function CountFacts({ account: { id, concurrencyLimit } }: { account: Account }) {
  const text = speak(activityMessages)
  const known = accountCounts.value
  if (known === undefined) return null
  const { requests, ok, firstTokenP95Ms, inFlight } = known.get(id) ?? {
    requests: 0,
    ok: 0,
    firstTokenP95Ms: null,
    inFlight: 0,
  }
  const share = successOf({ requests, ok })
  return (
    <Facts
      facts={[
        [text('requests'), formatNumber(requests)],
        [text('success'), share === undefined ? '—' : formatPercent(share)],
        [text('firstToken'), firstTokenP95Ms === null ? '—' : formatMilliseconds(firstTokenP95Ms)],
        [
          text('inFlight'),
          concurrencyLimit === null
            ? formatNumber(inFlight)
            : `${formatNumber(inFlight)} / ${formatNumber(concurrencyLimit)}`,
        ],
      ]}
    />
  )
}

function Day({ day }: { day: AccountDay }) {
  const text = speak(activityMessages)
  const bars = barsOf(day)
  const total = bars.reduce((sum, { requests }) => sum + requests, 0)
  if (total === 0) return <p class="hint">{text('none')}</p>
  const { ok, failed } = drawBars(bars)
  const label = text('chart', {
    total,
    most: Math.max(...bars.map(({ requests }) => requests)),
    failed: bars.reduce((sum, bar) => sum + bar.failed, 0),
  })
  return (
    <>
      <svg
        class="day-chart"
        viewBox={`0 0 ${bars.length * BAR_STEP - 2} ${CHART_HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <title>{label}</title>
        <path class="ok" d={ok} />
        <path class="failed" d={failed} />
      </svg>
      <p class="hint">{label}</p>
      <details>
        <summary>{text('asTable')}</summary>
        <DayTable bars={bars} />
      </details>
    </>
  )
}

function DayTable({ bars }: { bars: readonly HourBar[] }) {
  const text = speak(activityMessages)
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">{text('hour')}</th>
          <th scope="col" class="number">
            {text('requests')}
          </th>
          <th scope="col" class="number">
            {text('failed')}
          </th>
          <th scope="col" class="number">
            {text('firstToken')}
          </th>
        </tr>
      </thead>
      <tbody>
        {bars
          .filter(({ requests }) => requests > 0)
          .toReversed()
          .map(({ at, requests, failed, firstTokenP95Ms: ms }) => (
            <tr key={at}>
              <td>{formatTime(at)}</td>
              <td class="number">{formatNumber(requests)}</td>
              <td class="number">{formatNumber(failed)}</td>
              <td class="number">{ms === null ? '—' : formatMilliseconds(ms)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}
