import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { snapshot, whenNews } from '../../state/live.ts'
import { InTurn } from '../../parts/in-turn.tsx'
import { takeTurns } from '../../state/take-turns.ts'
import { traffic } from '../../state/traffic.ts'
import { followAccounts } from '../accounts/accounts-store.ts'
import { AccountStrip } from './account-strip.tsx'
import { health, HealthCard } from './cards/health-card.tsx'
import { InFlightCard } from './cards/in-flight-card.tsx'
import { poolQuota } from './cards/pool-quota.ts'
import { QuotaCard } from './cards/quota-card.tsx'
import { TopCard } from './cards/top-card.tsx'
import { topTraffic } from './cards/top-names.ts'
import { Checklist } from './first-run/checklist.tsx'
import { messages } from './messages.ts'
import { events } from './overview-events.ts'
import { RecentEvents } from './recent-events.tsx'
import { Tiles } from './tiles.tsx'
import { loadChartInTurn } from './traffic/chart-reading.ts'
import { ChartsCard } from './traffic/charts-card.tsx'
import { VerdictLine } from './verdict-line.tsx'

/** What is not told by the feed: one of it is asked for in a minute. */
const turns = [
  { everyMinutes: 1, load: () => traffic.load() },
  { everyMinutes: 5, isBegun: true, load: loadChartInTurn },
  { everyMinutes: 3, isBegun: true, load: () => topTraffic.load() },
  { everyMinutes: 5, load: () => health.load() },
  { everyMinutes: 10, load: () => poolQuota.load() },
]

/** Is it working, which account needs somebody, and how much quota is left. */
export function OverviewPage() {
  const text = speak(messages)
  useEffect(followAccounts, [])
  useEffect(() => takeTurns(turns), [])
  useEffect(() => whenNews(['events'], () => void events.load()), [])
  const isEmpty = snapshot.value?.accounts.total === 0
  return (
    <div class="stack">
      <VerdictLine />
      <Checklist />
      {!isEmpty && <Tiles />}
      {!isEmpty && (
        <section class="card" aria-label={text('traffic')}>
          <ChartsCard />
        </section>
      )}
      <div class="overview-columns">
        <div class="stack">
          <Card name={text('accounts')}>
            <AccountStrip />
          </Card>
          <Card name={text('top')}>
            <TopCard />
          </Card>
          <Card name={text('quotas')}>
            <QuotaCard />
          </Card>
        </div>
        <div class="stack">
          <Card name={text('flow')}>
            <InFlightCard />
          </Card>
          <Card name={text('health')}>
            <HealthCard />
          </Card>
          <Card name={text('events')}>
            <RecentEvents />
          </Card>
        </div>
      </div>
    </div>
  )
}

/** One below the charts, drawn when those before it are. */
function Card({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <InTurn>
      <section class="card" aria-label={name}>
        {children}
      </section>
    </InTurn>
  )
}
