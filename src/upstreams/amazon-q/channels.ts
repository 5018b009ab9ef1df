/** How an account reaches the service: host, wire binding and what the request says about us. Data, one record a channel. */

import { GatewayError } from '../../conversation/failures.ts'
import type { Access } from '../upstream.ts'
import type { QOrigin } from './schema.ts'

export interface Channel {
  /** Regions that the service has; the first is for accounts that name another one. */
  regions: readonly [string, ...string[]]
  hostOf(region: string): string
  path: string
  contentType: string
  /** `x-amz-target`: which operation the path means, where one path stands for all. */
  target?: string
  origin: QOrigin
  /** Whether the account's profileArn, if it has one, belongs into the body (protocol 6.4). */
  sendsProfileArn: boolean
  listing: Listing
}

/** How the channel is asked for its models: the input is a query or a body. */
type Listing =
  | { method: 'GET'; path: string }
  | { method: 'POST'; path: string; contentType: string; target: string }

/** The hosts of Amazon Q itself, whatever the binding. */
const amazonQ = {
  regions: ['us-east-1', 'eu-central-1'],
  hostOf: (region: string) => `https://q.${region}.amazonaws.com`,
  // An enumeration without a value for third parties. It decides which models an account gets and which of its
  // quotas is charged. `CLI` has fewer models; this one is what accounts of this kind are known to be served
  // under (protocol 3.8, 13). Who really asks stands in the user agent.
  origin: 'KIRO_CLI',
  sendsProfileArn: true,
} as const

/** Both bindings have the same body and the same events; they differ in the request line and in where error names stand. */
const channels: ReadonlyMap<string, Channel> = new Map<string, Channel>([
  [
    'q-json',
    {
      ...amazonQ,
      path: '/',
      contentType: 'application/x-amz-json-1.0',
      target: 'AmazonCodeWhispererStreamingService.GenerateAssistantResponse',
      listing: {
        method: 'POST',
        path: '/',
        contentType: 'application/x-amz-json-1.0',
        target: 'AmazonCodeWhispererService.ListAvailableModels',
      },
    },
  ],
  [
    'q-rest',
    {
      ...amazonQ,
      path: '/generateAssistantResponse',
      contentType: 'application/json',
      listing: { method: 'GET', path: '/ListAvailableModels' },
    },
  ],
])

/** Throws `access-denied` for a name that is not known: the account's settings are wrong. */
export function channelOf(name: string): Channel {
  const channel = channels.get(name)
  if (channel !== undefined) return channel
  const known = [...channels.keys()].join(', ')
  throw new GatewayError(
    'access-denied',
    `The account's channel ${JSON.stringify(name)} is not known. Its operator should choose one of: ${known}.`,
  )
}

type Place = Pick<Access, 'region' | 'profileArn'>

/** `endpoint` (scheme and host) stands in for the channel's own host; the path stays. */
export function urlOf(channel: Channel, access: Place, endpoint: string | undefined): URL {
  return new URL(channel.path, endpoint ?? channel.hostOf(regionOf(channel, access)))
}

/** The same for the list of models. */
export function listUrlOf(channel: Channel, access: Access, endpoint: string | undefined): URL {
  return new URL(channel.listing.path, urlOf(channel, access, endpoint))
}

/** The profile's region counts, not the one where the account signs in (protocol 3.2). */
function regionOf({ regions }: Channel, { profileArn, region }: Place): string {
  const wanted = profileArn?.split(':')[3] ?? region
  return regions.find((candidate) => candidate === wanted) ?? regions[0]
}

/** Says what this program is, in the form that the service's logs expect: `name/version` pairs. */
export function userAgentOf(system: { version: string; platform: string; nodeVersion: string }): string {
  const { version, platform, nodeVersion } = system
  const node = nodeVersion.replace(/^v/, '')
  return `aqueduct/${version} ua/2.1 os/${platform} lang/js md/nodejs#${node} api/codewhispererstreaming app/aqueduct`
}
