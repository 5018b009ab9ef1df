import type { FeedSnapshot } from './feed-event.ts'

/** What is counted where there was no request: of how long it took, nothing is known. */
export const noRequests: FeedSnapshot['lastMinute'] = {
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
