/** For tests. */
import type { Key } from '../../api/types.ts'

const totals: Key['usage']['today'] = {
  requests: 0,
  unanswered_requests: 0,
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  credits: 0,
  tokens_by_source: {},
}

export const sampleKey: Key = {
  id: 'key-1',
  name: 'Laptop',
  prefix: 'qk_7Hf3a',
  status: 'active',
  created_at: '2026-11-20T10:00:00Z',
  last_used_at: '2026-11-22T10:00:00Z',
  revoked_at: null,
  replaced_until: null,
  expires_at: null,
  models: null,
  account_tags: null,
  addresses: null,
  limits: {
    requests_per_minute: null,
    concurrent_requests: null,
    tokens_per_day: null,
    tokens_per_month: null,
    credits_per_day: null,
    credits_per_month: null,
  },
  usage: { today: totals, month: totals },
}
