import type { Account } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Link } from '../../parts/link.tsx'
import { Private } from '../../parts/private.tsx'
import { Failed, Skeleton } from '../../parts/states.tsx'
import { addressOf } from '../../state/route.ts'
import { accounts } from '../accounts/accounts-store.ts'
import { Heartbeat } from '../accounts/heartbeat.tsx'
import { nameOf, sortByAttention } from './attention.ts'
import { messages } from './messages.ts'
import { QuotaMeter } from './quota-meter.tsx'
import { StateBadge } from './state-badge.tsx'

const MOST_ROWS = 50

/** Each account in a line, those first that need somebody. */
export function AccountStrip() {
  const text = speak(messages)
  const { value, error } = accounts.state.value
  const count = value?.length ?? 0
  return (
    <>
      <header class="card-head">
        <h2>{text('accounts')}</h2>
        {count > 0 && <Link href={addressOf('accounts')}>{text('allAccounts', { count })}</Link>}
      </header>
      {error !== undefined && <Failed error={error} onRetry={() => void accounts.load()} />}
      {value === undefined && error === undefined && <Skeleton rows={4} />}
      {value !== undefined && count === 0 && <NoAccounts />}
      {value !== undefined && count > 0 && <StripTable accounts={value} />}
    </>
  )
}

function NoAccounts() {
  const text = speak(messages)
  return (
    <div class="stack">
      <p class="hint">{text('noAccountsWhy')}</p>
      <p>
        <Link class="button plain" href={addressOf('accounts', { add: '1' })}>
          {text('addAccount')}
        </Link>
      </p>
    </div>
  )
}

function StripTable({ accounts: all }: { accounts: readonly Account[] }) {
  const text = speak(messages)
  const shown = sortByAttention(all).slice(0, MOST_ROWS)
  return (
    <table class="table strip">
      <caption class="unseen">{text('accounts')}</caption>
      <thead>
        <tr>
          <th scope="col">{text('account')}</th>
          <th scope="col">{text('state')}</th>
          <th scope="col">{text('lastHour')}</th>
          <th scope="col">{text('quota')}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((account) => (
          <tr key={account.id}>
            <td class="name">
              <Link href={addressOf('accounts', { account: account.id })}>
                <Private text={nameOf(account)} />
              </Link>
            </td>
            <td class="strip-state">
              <StateBadge account={account} />
            </td>
            <td class="strip-beats">
              <Heartbeat id={account.id} />
            </td>
            <td class="strip-quota">
              <QuotaMeter account={account} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
