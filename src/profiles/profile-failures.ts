import { GatewayError } from '../conversation/failures.ts'
import type { Profile } from '../upstreams/upstream.ts'
import type { Conclusion } from './conclusion.ts'

const MOST_SHOWN = 20

/** For the operator, who alone can tell which one is meant, and whose names and account numbers are no business of clients. */
export function tooMany(profiles: readonly Profile[], cause?: unknown): GatewayError {
  const shown = profiles.slice(0, MOST_SHOWN).map(({ name, arn }) => `${name} (${arn})`)
  const rest = profiles.length > MOST_SHOWN ? `, and ${profiles.length - MOST_SHOWN} more` : ''
  return new GatewayError(
    'access-denied',
    'The account has several profiles; its operator should set its profileArn.',
    {
      fault: 'several-profiles',
      forOperator: `The account has several profiles. Set its profileArn to one of: ${shown.join(', ')}${rest}.`,
      ...(cause !== undefined && { cause }),
    },
  )
}

type Why = Extract<Conclusion, { kind: 'unknown' }>['why']

/** Why a search said nothing, for the log. */
export function reasonOf(why: Why): GatewayError {
  if (why.kind === 'failed') return why.error
  const message = `No answer from ${why.regions.join(', ')}; the other regions list no profile.`
  return new GatewayError('upstream-unavailable', message)
}

/**
 * The refusal stands, and does not count as one for want of a profile: nobody knows whether there is one. But that an
 * account is suspended or shut out is the better answer, in the service's own words.
 */
export function withoutSearch(refusal: GatewayError, why: Why): GatewayError {
  const reason = reasonOf(why)
  if (reason.failure.kind === 'suspended' || reason.failure.kind === 'feature-gated') return reason
  const { kind, message, ...details } = refusal.failure
  const cause = new Error(`Its profiles could not be looked up: ${textOf(reason)}`, { cause: refusal })
  return new GatewayError(kind, `${message} Whether another profile would help could not be found out.`, {
    ...details,
    cause,
  })
}

/** With what is behind a failure, which clients are not told. */
function textOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message} (${cause.message})` : message
}
