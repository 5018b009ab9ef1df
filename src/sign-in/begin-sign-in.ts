/** What a sign-in begins with: a client of its own, and the code that its person has to approve. */
import { GatewayError } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import { isSignInLink } from './aws-links.ts'
import type { OidcFailure, OidcPlace } from './oidc-call.ts'
import type { Oidc } from './oidc.ts'
import type { OtherRegion } from './other-region.ts'
import type { OidcClient } from './register-client.ts'
import type { DeviceAuthorization } from './start-device-authorization.ts'

export interface Beginning {
  oidc: Pick<Oidc, 'registerClient' | 'startDeviceAuthorization'>
  /** Of a sign-in service on this machine, whose links are good too. */
  ownOrigin: string | undefined
}

export interface BegunAuthorization {
  client: OidcClient
  authorization: DeviceAuthorization
  /** Where it began in the end. */
  region: string
}

/** Throws `upstream-unavailable`, in words for the operator, when the service gives no code, or links that are not Amazon's. */
export async function beginSignIn(
  { oidc, ownOrigin }: Beginning,
  startUrl: string,
  place: OidcPlace,
): Promise<BegunAuthorization> {
  const first = await askForCode(oidc, startUrl, place)
  // Once: two regions that name each other would go on for ever.
  const result =
    first.kind === 'other-region'
      ? await askForCode(oidc, startUrl, { ...place, region: first.region })
      : first
  if (result.kind !== 'begun') throw toError(result)
  const { verificationUri, verificationUriComplete } = result.authorization
  if (![verificationUri, verificationUriComplete].every((link) => isSignInLink(link, ownOrigin))) {
    throw new GatewayError(
      'upstream-unavailable',
      'The sign-in service answered with a link that is not of AWS, so it is not shown. Look at OIDC_ENDPOINT and at the proxies in between.',
    )
  }
  return result
}

type Asked = ({ kind: 'begun' } & BegunAuthorization) | OtherRegion | OidcFailure

async function askForCode(oidc: Beginning['oidc'], startUrl: string, place: OidcPlace): Promise<Asked> {
  const registered = await oidc.registerClient(place)
  if (registered.kind !== 'registered') return registered
  const { kind: _registered, ...client } = registered
  const started = await oidc.startDeviceAuthorization({ client, startUrl }, place)
  if (started.kind !== 'started') return started
  const { kind: _started, ...authorization } = started
  return { kind: 'begun', client, authorization, region: place.region }
}

function toError(result: OtherRegion | OidcFailure): GatewayError {
  return new GatewayError('upstream-unavailable', `The sign-in did not begin. ${describe(result)}`)
}

function describe(result: OtherRegion | OidcFailure): string {
  switch (result.kind) {
    case 'other-region':
      return `The sign-in service says that the start URL belongs to the region ${result.region}: give that as the region.`
    case 'refused':
      return describeRefusal(result)
    case 'unavailable':
    case 'own-proxy-failed':
      return result.reason
    default:
      return unreachable(result)
  }
}

/** The service's own words behind ours. */
export function describeRefusal({ error, description }: { error: string; description: string }): string {
  return `The sign-in service refused (${error})${description === '' ? '.' : `: ${description}`}`
}
