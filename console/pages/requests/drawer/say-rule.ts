import type { CallDetail } from '../../../api/types.ts'
import { formatNumber } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { messages } from './messages.ts'

export type Picked = NonNullable<CallDetail['picked']>

/** What the strategy looked at, with the figure of the account. A rule that this console does not know goes by its name. */
export function sayRule(rule: string, picked: Omit<Picked, 'rules'>): string {
  const text = speak(messages)
  const { underWay, priority, weight, quotaLeft } = picked
  switch (rule) {
    case 'random':
    case 'round-robin':
    case 'soonest-expiring':
      return text(rule)
    case 'priority':
      return text(rule, { value: priority })
    case 'weighted':
      return text(rule, { value: weight })
    case 'least-in-flight':
      return text(rule, { count: underWay })
    case 'most-quota-left':
      return quotaLeft === undefined
        ? text('most-quota-unknown')
        : text(rule, { value: formatNumber(quotaLeft) })
    default:
      return rule
  }
}
