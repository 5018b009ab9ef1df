import type { Account } from '../../api/types.ts'
import { formatShort, formatSpan, formatTime } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { now } from '../../state/now.ts'
import { isLow, shareLeft } from './attention.ts'
import { messages } from './messages.ts'

/** What is left in words, and how much is used as a bar. */
export function QuotaMeter({ account }: { account: Account }) {
  const text = speak(messages)
  const { quota } = account
  if (quota === null || quota.left === null) return <span class="hint">{text('unknownQuota')}</span>
  const share = shareLeft(account)
  const left = formatShort(quota.left)
  const tone = share === undefined || !isLow(share) ? '' : share > 0 ? 'warn' : 'bad'
  return (
    <div class="strip-meter">
      <span>
        {quota.limit === null
          ? text('left', { left })
          : text('leftOf', { left, limit: formatShort(quota.limit) })}
      </span>
      {quota.resetsAt !== null && (
        <span class="hint" title={formatTime(quota.resetsAt)}>
          {text('resets', { when: formatSpan(quota.resetsAt, now.value) })}
        </span>
      )}
      {share !== undefined && (
        <svg class={`meter ${tone}`} aria-hidden="true">
          <rect width={`${(1 - share) * 100}%`} height="100%" />
        </svg>
      )}
    </div>
  )
}
