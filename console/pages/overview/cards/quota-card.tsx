import type { PoolQuota } from '../../../api/types.ts'
import { formatDate, formatPercent, formatShort } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Link } from '../../../parts/link.tsx'
import { isLow, LeftMeter, shareOf } from '../../../parts/meter.tsx'
import { Private } from '../../../parts/private.tsx'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { addressOf } from '../../../state/route.ts'
import { unreachable } from '../../../unreachable.ts'
import { accounts } from '../../accounts/accounts-store.ts'
import { nameOf } from '../attention.ts'
import { messages } from './messages.ts'
import { outlookOf, poolQuota, ringsOf, type Ring } from './pool-quota.ts'

const MOST_RINGS = 8

/** How much is left, of all accounts and of each, and how long that will last. */
export function QuotaCard() {
  const text = speak(messages)
  const { value, error } = poolQuota.state.value
  const rings = ringsOf(accounts.state.value.value ?? [], MOST_RINGS)
  return (
    <>
      <header class="card-head">
        <h2>{text('quota')}</h2>
        {value !== undefined && value.known > 0 && (
          <span class="hint">{text('ofAccounts', { known: value.known, count: value.accounts })}</span>
        )}
      </header>
      {error !== undefined && value === undefined && (
        <Failed error={error} onRetry={() => void poolQuota.load()} />
      )}
      {value === undefined && error === undefined && <Skeleton rows={3} />}
      {value?.known === 0 && <p class="hint">{text('noneKnown')}</p>}
      {value !== undefined && value.known > 0 && <PoolLeft pool={value} />}
      {rings.length > 0 && (
        <ul class="rings" aria-label={text('rings')}>
          {rings.map((ring) => (
            <RingItem key={ring.account.id} ring={ring} />
          ))}
        </ul>
      )}
    </>
  )
}

function PoolLeft({ pool }: { pool: PoolQuota }) {
  const text = speak(messages)
  return (
    <div class="pool-left">
      <p>{text('leftOf', { left: formatShort(pool.left), limit: formatShort(pool.limit) })}</p>
      <LeftMeter share={shareOf(pool.left, pool.limit)} />
      <p class="hint">{sayOutlook(pool)}</p>
    </div>
  )
}

function sayOutlook(pool: PoolQuota): string {
  const text = speak(messages)
  const outlook = outlookOf(pool)
  const rate = formatShort(pool.creditsPerDay ?? 0)
  switch (outlook.kind) {
    case 'unknown':
      return text('noForecast')
    case 'lasts':
      return text('lasts', { rate })
    case 'runs-out':
      return text('runsOut', { rate, date: formatDate(outlook.at) })
    case 'runs-out-before-renewal':
      return text('runsOutBefore', { rate, date: formatDate(outlook.at), count: outlook.days })
    default:
      return unreachable(outlook)
  }
}

const RADIUS = 20
const ROUND = 2 * Math.PI * RADIUS

function RingItem({ ring: { account, share } }: { ring: Ring }) {
  const text = speak(messages)
  const resetsAt = account.quota?.resetsAt ?? null
  const tone = !isLow(share) ? '' : share > 0 ? 'warn' : 'bad'
  return (
    <li>
      <svg class={`ring ${tone}`} viewBox="0 0 48 48" aria-hidden="true">
        <circle class="ring-ground" cx="24" cy="24" r={RADIUS} />
        <circle
          class="ring-left"
          cx="24"
          cy="24"
          r={RADIUS}
          transform="rotate(-90 24 24)"
          stroke-dasharray={`${share * ROUND} ${ROUND}`}
        />
      </svg>
      <div class="ring-words">
        <Link href={addressOf('accounts', { account: account.id, tab: 'quota' })}>
          <Private text={nameOf(account)} />
        </Link>
        <span>{text('leftShare', { share: formatPercent(share) })}</span>
        {resetsAt !== null && <span class="hint">{text('renewed', { date: formatDate(resetsAt) })}</span>}
      </div>
    </li>
  )
}
