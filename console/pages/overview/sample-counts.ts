/** Of no request, for tests. */
import type { FeedSnapshot } from '../../api/types.ts'

export const noCounts: FeedSnapshot['lastHour'] = {
  ok: 0,
  clientErrors: 0,
  throttled: 0,
  upstreamErrors: 0,
  shed: 0,
  cancelled: 0,
  inputTokens: 0,
  outputTokens: 0,
  firstTokenP50Ms: null,
  firstTokenP95Ms: null,
  firstTokenP99Ms: null,
  totalP50Ms: null,
  totalP95Ms: null,
  totalP99Ms: null,
}
