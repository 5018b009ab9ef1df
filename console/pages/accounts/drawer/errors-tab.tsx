import type { Account, AccountUsage } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Badge } from '../../../parts/badge.tsx'
import { now } from '../../../state/now.ts'
import type { Reading } from '../../../state/resource.ts'
import { listConcerns } from './account-reasons.ts'
import { ConcernCard, type ConcernDeeds } from './concern-card.tsx'
import { EventTrail } from './event-trail.tsx'
import { messages } from './messages.ts'

interface ErrorsTabProps extends ConcernDeeds {
  account: Account
  usage: Reading<AccountUsage>
}

/** What is amiss now, and what was. */
export function ErrorsTab({ account, usage, ...deeds }: ErrorsTabProps) {
  const text = speak(messages)
  const concerns = listConcerns(account, usage.value, now.value)
  return (
    <div class="stack">
      {concerns.map((concern) => (
        <ConcernCard key={concern.reason} account={account} concern={concern} {...deeds} />
      ))}
      {concerns.length === 0 && (
        <section class="drawer-part">
          <h3>
            <Badge tone="good">{text('noErrors')}</Badge>
          </h3>
          <p class="hint">{text('noErrorsReason')}</p>
        </section>
      )}
      <section class="drawer-part">
        <h3>{text('history')}</h3>
        <EventTrail accountId={account.id} kind="account-status" none={text('noHistory')} />
      </section>
    </div>
  )
}
