import type { Account } from '../../api/types.ts'
import { formatNumber, formatShort, formatSpan } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { LeftMeter } from '../../parts/meter.tsx'
import { thisMinute } from '../../state/now.ts'
import { quotaShare } from './account-facts.ts'
import { deedMessages } from './state-messages.ts'

/** What is left, as a bar and in words. Zero is not the same as not known. */
export function QuotaCell({ account }: { account: Account }) {
  const text = speak(deedMessages)
  const { quota } = account
  if (quota === null || quota.left === null) return <>—</>
  const share = quotaShare(account)
  const exact =
    quota.limit === null
      ? text('left', { left: formatNumber(quota.left) })
      : text('leftOf', { left: formatNumber(quota.left), limit: formatNumber(quota.limit) })
  const resets =
    quota.resetsAt === null ? '' : text('resets', { when: formatSpan(quota.resetsAt, thisMinute.value) })
  return (
    <div class="quota-cell" title={`${exact}\n${resets}`}>
      <span class="quota-words">
        <span class="unseen">
          {exact}. {resets}
        </span>
        <span aria-hidden="true">
          {formatShort(quota.left)}
          {quota.limit !== null && ` / ${formatShort(quota.limit)}`}
        </span>
        {quota.resetsAt !== null && (
          <span class="hint" aria-hidden="true">
            {formatSpan(quota.resetsAt, thisMinute.value)}
          </span>
        )}
      </span>
      {share !== undefined && LeftMeter({ share })}
    </div>
  )
}
