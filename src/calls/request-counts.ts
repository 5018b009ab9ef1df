/** How requests of clients ended, added up over some time. */
import type { CallOutcome } from './outcome.ts'

export interface RequestCounts {
  ok: number
  clientErrors: number
  throttled: number
  upstreamErrors: number
  shed: number
  cancelled: number
  inputTokens: number
  outputTokens: number
}

export const countedNames = [
  'ok',
  'clientErrors',
  'throttled',
  'upstreamErrors',
  'shed',
  'cancelled',
  'inputTokens',
  'outputTokens',
] as const satisfies readonly (keyof RequestCounts)[]

/** The member that counts the outcome. */
export const countOf = {
  ok: 'ok',
  'client-error': 'clientErrors',
  throttled: 'throttled',
  'upstream-error': 'upstreamErrors',
  shed: 'shed',
  cancelled: 'cancelled',
} as const satisfies Record<CallOutcome, keyof RequestCounts>

export function noCounts(): RequestCounts {
  return {
    ok: 0,
    clientErrors: 0,
    throttled: 0,
    upstreamErrors: 0,
    shed: 0,
    cancelled: 0,
    inputTokens: 0,
    outputTokens: 0,
  }
}

export function addCounts(to: RequestCounts, more: RequestCounts): void {
  for (const name of countedNames) to[name] += more[name]
}
