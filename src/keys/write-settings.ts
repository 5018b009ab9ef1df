/** How a key's settings are told: to operators and in events. Null: no limit of that sort. */
import type { JsonObject } from '../conversation/conversation.ts'
import type { KeySettings } from './client-key.ts'

export function writeSettings(settings: KeySettings): JsonObject {
  const { name, expiresAt, models, accountTags, addresses, limits } = settings
  return {
    name,
    expires_at: writeInstant(expiresAt),
    models: models === undefined ? null : [...models],
    account_tags: accountTags === undefined ? null : [...accountTags],
    addresses: addresses === undefined ? null : [...addresses],
    limits: {
      requests_per_minute: limits.requestsPerMinute ?? null,
      concurrent_requests: limits.concurrentRequests ?? null,
      tokens_per_day: limits.tokensPerDay ?? null,
      tokens_per_month: limits.tokensPerMonth ?? null,
      credits_per_day: limits.creditsPerDay ?? null,
      credits_per_month: limits.creditsPerMonth ?? null,
    },
  }
}

/** Like 2026-11-22T10:00:00Z. */
export function writeInstant(instant: Date | undefined): string | null {
  return instant === undefined ? null : instant.toISOString().replace(/\.\d+Z$/, 'Z')
}

/** The members that differ, as they were and as they are. */
export function settingsChanged(before: KeySettings, after: KeySettings) {
  const was = writeSettings(before)
  const is = writeSettings(after)
  const names = Object.keys(is).filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
  return { before: pick(was, names), after: pick(is, names) }
}

function pick(members: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => names.includes(name)))
}
