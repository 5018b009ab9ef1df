import type { Account } from '../../api/types.ts'
import { formatShort, formatSpan, formatTime } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { LeftMeter } from '../../parts/meter.tsx'
import { now } from '../../state/now.ts'
import { shareLeft } from './attention.ts'
import { messages } from './messages.ts'

/** What is left, in words and as a bar. */
export function QuotaMeter({ account }: { account: Account }) {
  const text = speak(messages)
  const { quota } = account
  if (quota === null || quota.left === null) return <span class="hint">{text('unknownQuota')}</span>
  const share = shareLeft(account)
  const left = formatShort(quota.left)
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
      {share !== undefined && <LeftMeter share={share} />}
    </div>
  )
}
