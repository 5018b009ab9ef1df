/** Whether the caller may call at all: the bearer, the account's standing, and the profile that the request names. */
import type { Binding, Operation } from './journal.ts'
import { isIn } from './profile-list.ts'
import { INVALID_BEARER, type Refusal } from './refusal.ts'
import { refusals } from './replies/refusals.ts'
import type { Switches } from './switches.ts'
import type { Traits } from './traits.ts'
import { unreachable } from './unreachable.ts'

/** The profile of the service itself that Builder IDs name where a profile is required. */
const BUILDER_ID_PROFILE_ARN = 'arn:aws:codewhisperer:us-east-1:638616132270:profile/AAAACCCCXXXX'

interface Asked {
  operation: Operation
  binding: Binding
  /** Of the host that the request was sent to; undefined when its name tells none. */
  region: string | undefined
  /** Members of the body, or a query. What is neither names no profile, and is refused for what it is. */
  input: unknown
  switches: Switches
}

/** Undefined: the caller may go on. */
export function refuseCaller(account: { traits: Traits } | undefined, asked: Asked): Refusal | undefined {
  if (account === undefined) return INVALID_BEARER
  const { traits } = account
  return refuseStanding(traits) ?? (asked.switches.profilePolicy ? refuseProfile(traits, asked) : undefined)
}

function refuseStanding({ standing }: Traits): Refusal | undefined {
  switch (standing) {
    case 'good':
      return undefined
    case 'suspended':
      return refusals.suspended
    case 'out-of-support':
      return refusals['feature-gate']
    default:
      return unreachable(standing)
  }
}

function refuseProfile(traits: Traits, { input, ...asked }: Asked): Refusal | undefined {
  if (typeof input !== 'object' || input === null) return undefined
  const named = { ...asked, profileArn: profileArnOf(input) }
  if (asked.operation === 'ListAvailableProfiles') {
    return traits.kind === 'builder-id' ? refusals['builder-id'] : undefined
  }
  if (asked.binding === 'kiro-runtime' && named.profileArn === undefined) return refusals['profile-required']
  return traits.kind === 'builder-id' ? refuseForBuilderId(named) : refuseForOrganisation(traits, named)
}

interface Named extends Omit<Asked, 'input'> {
  profileArn: unknown
}

function profileArnOf(input: object): unknown {
  return input instanceof URLSearchParams
    ? (input.get('profileArn') ?? undefined)
    : Reflect.get(input, 'profileArn')
}

/** The hosts of Amazon Q want none; those of Kiro, and usage limits anywhere, take the service's own. */
function refuseForBuilderId({ operation, binding, profileArn }: Named): Refusal | undefined {
  if (profileArn === undefined) return undefined
  const ofKiro = binding === 'kiro-runtime' || binding === 'kiro-management'
  if (!ofKiro && operation !== 'GetUsageLimits') return refusals['builder-id']
  if (profileArn === BUILDER_ID_PROFILE_ARN) return undefined
  return ofKiro ? refusals['not-authorized'] : refusals['builder-id']
}

/** One of its own must be named, that lives in the region of the host and is ready. */
function refuseForOrganisation({ profiles }: Traits, { profileArn, region }: Named): Refusal | undefined {
  const named = profiles.find(({ arn }) => arn === profileArn)
  if (named === undefined || !isIn(named, region)) return refusals['not-authorized']
  return (named.status ?? 'ACTIVE') === 'ACTIVE' ? undefined : refusals['not-authorized']
}
