import type { ComponentChildren } from 'preact'
import { formatLength, formatNumber } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Link } from '../../../parts/link.tsx'
import { shareOf } from '../../../parts/meter.tsx'
import { Private } from '../../../parts/private.tsx'
import { snapshot } from '../../../state/live.ts'
import { addressOf } from '../../../state/route.ts'
import { accounts } from '../../accounts/accounts-store.ts'
import { nameOf } from '../attention.ts'
import { NoFigures } from '../no-figures.tsx'
import { messages } from './messages.ts'

const MOST_SHOWN = 6

/** What the process that answers is working on in this second. */
export function InFlightCard() {
  const text = speak(messages)
  const flow = snapshot.value?.flow
  return (
    <>
      <header class="card-head">
        <h2>{text('inFlight')}</h2>
      </header>
      {flow === undefined ? (
        <NoFigures rows={3} />
      ) : (
        <>
          <dl class="figures">
            <Figure name={text('underWay')}>
              {flow.limit === null
                ? formatNumber(flow.count)
                : text('countOf', { count: flow.count, limit: flow.limit })}
              {flow.limit === null && <span class="hint"> {text('noLimit')}</span>}
            </Figure>
            <Figure name={text('queue')}>{formatNumber(flow.waiting)}</Figure>
            <Figure name={text('oldest')}>
              {flow.oldestSeconds === null ? '–' : formatLength(flow.oldestSeconds)}
            </Figure>
          </dl>
          {flow.accounts.length === 0 ? <p class="hint">{text('idle')}</p> : <Bars busy={flow.accounts} />}
        </>
      )}
    </>
  )
}

function Figure({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt class="hint">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Bars({ busy }: { busy: readonly { accountId: string; count: number }[] }) {
  const text = speak(messages)
  const known = new Map(accounts.state.value.value?.map((account) => [account.id, account]))
  const most = Math.max(...busy.map(({ count }) => count))
  const shown = busy.slice(0, MOST_SHOWN)
  const more = busy.length - shown.length
  return (
    <ul class="flow-bars" aria-label={text('perAccount')}>
      {shown.map(({ accountId, count }) => {
        const account = known.get(accountId)
        return (
          <li key={accountId}>
            <Link href={addressOf('accounts', { account: accountId })}>
              <Private text={account === undefined ? accountId.slice(0, 8) : nameOf(account)} />
            </Link>
            <svg class="flow-bar" aria-hidden="true">
              <rect width={`${shareOf(count, most) * 100}%`} height="100%" />
            </svg>
            <span class="number">{formatNumber(count)}</span>
          </li>
        )
      })}
      {more > 0 && <li class="hint">{text('moreAccounts', { count: more })}</li>}
    </ul>
  )
}
