import { GatewayError } from '../conversation/failures.ts'
import type { StopReason } from '../conversation/reply.ts'

/** An answer that was refused or cut short could not meet a demand. It is passed on as it is, and says so itself. */
const EXCUSES: ReadonlySet<StopReason> = new Set([
  'refusal',
  'max-tokens',
  'context-window-exceeded',
  'pause-turn',
])

export function isExcused(stopReason: StopReason): boolean {
  return EXCUSES.has(stopReason)
}

/** `reason` is read by the client, and by the model when it is asked again. */
export function demandUnmet(reason: string): GatewayError {
  return new GatewayError('demand-unmet', reason)
}
