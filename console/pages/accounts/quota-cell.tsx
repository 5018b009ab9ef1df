import type { Account } from '../../api/types.ts'
import { formatNumber, formatShort, formatSpan } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { now } from '../../state/now.ts'
import { quotaShare } from './account-facts.ts'
import { deedMessages } from './state-messages.ts'

const LOW_SHARE = 0.1

/** How much of it is used, as a bar, and what is left in words. Zero is not the same as not known. */
export function QuotaCell({ account }: { account: Account }) {
  const text = speak(deedMessages)
  const { quota } = account
  if (quota === null || quota.left === null) return <>—</>
  const share = quotaShare(account)
  const tone = share === undefined || share >= LOW_SHARE ? '' : share > 0 ? 'warn' : 'bad'
  const exact =
    quota.limit === null
      ? text('left', { left: formatNumber(quota.left) })
      : text('leftOf', { left: formatNumber(quota.left), limit: formatNumber(quota.limit) })
  const resets =
    quota.resetsAt === null ? '' : text('resets', { when: formatSpan(quota.resetsAt, now.value) })
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
            {formatSpan(quota.resetsAt, now.value)}
          </span>
        )}
      </span>
      {share !== undefined && (
        <svg class={`meter ${tone}`} aria-hidden="true">
          <rect width={`${(1 - share) * 100}%`} height="100%" />
        </svg>
      )}
    </div>
  )
}
