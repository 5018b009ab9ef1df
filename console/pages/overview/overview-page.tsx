import { useEffect } from 'preact/hooks'
import { speak } from '../../i18n/messages.ts'
import { snapshot } from '../../state/live.ts'
import { followTraffic } from '../../state/traffic.ts'
import { followAccounts } from '../accounts/accounts-store.ts'
import { AccountStrip } from './account-strip.tsx'
import { Checklist } from './first-run/checklist.tsx'
import { messages } from './messages.ts'
import { RecentEvents } from './recent-events.tsx'
import { Tiles } from './tiles.tsx'
import { VerdictLine } from './verdict-line.tsx'

/** Is it working, which account needs somebody, and how much quota is left. */
export function OverviewPage() {
  const text = speak(messages)
  useEffect(followAccounts, [])
  useEffect(followTraffic, [])
  const isEmpty = snapshot.value?.accounts.total === 0
  return (
    <div class="stack">
      <VerdictLine />
      <Checklist />
      {!isEmpty && <Tiles />}
      <div class="overview-columns">
        <section class="card" aria-label={text('accounts')}>
          <AccountStrip />
        </section>
        <section class="card" aria-label={text('events')}>
          <RecentEvents />
        </section>
      </div>
    </div>
  )
}
