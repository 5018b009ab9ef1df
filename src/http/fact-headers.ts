import type { Loss } from '../conversation/loss.ts'
import type { Usage } from '../conversation/reply.ts'
import type { ChatRequest } from '../dialects/dialect.ts'
import type { AnswerFacts } from '../relay/pump.ts'

/** Headers beyond some kilobytes are refused by proxies and clients. */
const MAX_NAMES = 40

type Accepted = Pick<ChatRequest, 'ignored' | 'fieldsOfLoss'>

/** `x-aqueduct-ignored`: fields that did not reach the model; `x-aqueduct-repaired`: what was done about failures. */
export function writeFactHeaders(chat: Accepted, facts: AnswerFacts): Record<string, string> {
  return {
    ...listHeader('x-aqueduct-ignored', listIgnored(chat, facts.losses)),
    ...listHeader('x-aqueduct-repaired', facts.repairs),
  }
}

/**
 * Of answers that are not streamed, as their head leaves last: where their numbers come from, and what the service charged
 * for them, if it said so.
 */
export function writeUsageHeaders({ source, credits }: Usage): Record<string, string> {
  return {
    'x-aqueduct-usage': source,
    ...(credits !== undefined && { 'x-aqueduct-credits': String(credits) }),
  }
}

/** By the client's own names for its fields, each once: what the dialect left out, and what the upstream lost. */
export function listIgnored({ ignored, fieldsOfLoss }: Accepted, losses: readonly Loss[]): string[] {
  const lost = losses.flatMap(({ kind, detail }) =>
    (fieldsOfLoss[kind] ?? [kind]).map((field) => (detail === undefined ? field : `${field}.${detail}`)),
  )
  return [...new Set([...ignored, ...lost])]
}

function listHeader(name: string, values: readonly string[]): Record<string, string> {
  if (values.length === 0) return {}
  const more = values.length > MAX_NAMES ? [`and ${values.length - MAX_NAMES} more`] : []
  return { [name]: [...values.slice(0, MAX_NAMES), ...more].join(', ') }
}
