/** Why an account is in its status, for programs: a code, and what belongs to it. The sentences of status.ts say the same for people. */
import type { AccountFault } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import { probeDueAt, type AccountStatus, type PresentStatus } from './status.ts'

/** Nothing but time is needed; `until` is when. `paused`: by the operator. */
export const pauseCodes = ['throttled', 'failing', 'sign-in-doubted', 'quota-used-up', 'paused'] as const

/** A person has to sign it in again. `sign-in-refused`: for a reason that is not told apart. */
export const signInCodes = [
  'refresh-token-refused',
  'refresh-token-expired',
  'client-unknown',
  'registration-ended',
  'no-refresh-token',
  'sign-in-refused',
] as const satisfies readonly (AccountFault | 'sign-in-refused')[]

/** It is refused, or does not work, as it is set up; tried again at `until`. */
export const setUpCodes = [
  'own-proxy-fails',
  'several-profiles',
  'unknown-channel',
  'unknown-origin',
  'access-denied',
] as const satisfies readonly (AccountFault | 'access-denied')[]

/** The service wants nothing of it any more. `shut-out`: it may not use the service; `refused`: the reason was not kept. */
export const refusalCodes = ['suspended', 'shut-out', 'refused'] as const

/** `switched-off`: by an operator. The other two: it was handed in unseen, and is looked at before it is used. */
export const offCodes = ['switched-off', 'being-checked', 'check-failed'] as const

/** `detail`: what the gateway or the service said of it, in English; null: nothing more. */
export type StatusWhy =
  | { code: 'ready' }
  | { code: (typeof pauseCodes)[number]; until: Date }
  | { code: (typeof signInCodes)[number]; detail: string }
  | { code: (typeof setUpCodes)[number]; until: Date; detail: string }
  | { code: (typeof refusalCodes)[number]; detail: string }
  | { code: (typeof offCodes)[number]; detail: string | null }
  | { code: 'failed-too-often'; since: Date; failedTries: number; nextTryAt: Date }

export function whyOf(status: PresentStatus): StatusWhy {
  switch (status.kind) {
    case 'ready':
      return { code: 'ready' }
    case 'cooling': {
      const code = status.why === 'sign-in-refused' ? 'sign-in-doubted' : status.why
      return { code, until: status.until }
    }
    case 'exhausted':
      return { code: 'quota-used-up', until: status.until }
    case 'paused':
      return { code: 'paused', until: status.until }
    case 'needs-sign-in':
      return { code: oneOf(signInCodes, status.fault) ?? 'sign-in-refused', detail: status.why }
    case 'misconfigured': {
      const code = oneOf(setUpCodes, status.fault) ?? 'access-denied'
      return { code, until: status.until, detail: status.forOperator ?? status.why }
    }
    case 'parked':
      return { code: oneOf(refusalCodes, status.fault) ?? 'refused', detail: status.why }
    case 'disabled':
      return whyDisabled(status)
    default:
      return unreachable(status)
  }
}

function whyDisabled(status: Extract<AccountStatus, { kind: 'disabled' }>): StatusWhy {
  if (status.by === 'operator') {
    const code = status.check === undefined ? 'switched-off' : offCodeOf[status.check]
    return { code, detail: status.why ?? null }
  }
  const { at, failedProbes = 0 } = status
  return {
    code: 'failed-too-often',
    since: at,
    failedTries: failedProbes,
    nextTryAt: new Date(probeDueAt(status) ?? at),
  }
}

const offCodeOf = { 'under-way': 'being-checked', failed: 'check-failed' } as const

function oneOf<Code extends string>(codes: readonly Code[], fault: string | undefined): Code | undefined {
  return codes.find((code) => code === fault)
}
