/** How an account reaches the service: host, wire binding and what the request says about us. Data, one record a channel. */

import { GatewayError } from '../../conversation/failures.ts'
import type { Access } from '../upstream.ts'
import { origins } from './origins.ts'
import type { QOrigin } from './origins.ts'

export interface Channel {
  /** Regions that the service has; the first is for accounts that name another one. */
  regions: readonly [string, ...string[]]
  hostOf(region: string): string
  path: string
  contentType: string
  /** `x-amz-target`: which operation the path means, where one path stands for all. */
  target?: string
  origin: QOrigin
  /** Whether requests without a profile are refused, whoever sends them. */
  requiresProfile: boolean
  /** Name of the API in the user agent. */
  api: string
  control: ControlPlane
  /** Path at which tools of the service are called, on the host of the channel; absent: it has none that is known. */
  toolsPath?: string
}

/** Where the channel tells about accounts: their models, profiles and limits. */
interface ControlPlane {
  hostOf(region: string): string
  bindings: Readonly<Record<Inquiry, InquiryBinding>>
}

export type Inquiry = 'ListAvailableModels' | 'ListAvailableProfiles' | 'GetUsageLimits'

/** The input is a query or a body. */
export type InquiryBinding =
  | { method: 'GET'; path: string }
  | { method: 'POST'; path: string; contentType: string; target?: string }

const AWS_JSON = 'application/x-amz-json-1.0'
const JSON_TYPE = 'application/json'

// An enumeration without a value for third parties. It decides which models an account gets and which of its
// quotas is charged. `CLI` has fewer models; this one is what accounts of either kind are known to be served
// under (protocol 3.8, 13). Who really asks stands in the user agent.
const both = { regions: ['us-east-1', 'eu-central-1'], origin: 'KIRO_CLI' } as const

const hostOfAmazonQ = (region: string) => `https://q.${region}.amazonaws.com`

/** The hosts of Amazon Q itself, whatever the binding. */
const amazonQ = {
  ...both,
  hostOf: hostOfAmazonQ,
  requiresProfile: false,
  // Always REST, whatever the binding of the chat (protocol 3.12).
  toolsPath: '/mcp',
  api: 'codewhispererstreaming',
} as const

const awsJsonInquiry = (inquiry: Inquiry): InquiryBinding => ({
  method: 'POST',
  path: '/',
  contentType: AWS_JSON,
  target: `AmazonCodeWhispererService.${inquiry}`,
})

/** All have the same body and the same events; they differ in hosts, request lines and in where error names stand (protocol 3.1, 6). */
const channels: ReadonlyMap<string, Channel> = new Map<string, Channel>([
  [
    'q-json',
    {
      ...amazonQ,
      path: '/',
      contentType: AWS_JSON,
      target: 'AmazonCodeWhispererStreamingService.GenerateAssistantResponse',
      control: {
        hostOf: hostOfAmazonQ,
        bindings: {
          ListAvailableModels: awsJsonInquiry('ListAvailableModels'),
          ListAvailableProfiles: awsJsonInquiry('ListAvailableProfiles'),
          GetUsageLimits: awsJsonInquiry('GetUsageLimits'),
        },
      },
    },
  ],
  [
    'q-rest',
    {
      ...amazonQ,
      path: '/generateAssistantResponse',
      contentType: JSON_TYPE,
      control: {
        hostOf: hostOfAmazonQ,
        bindings: {
          ListAvailableModels: { method: 'GET', path: '/ListAvailableModels' },
          ListAvailableProfiles: { method: 'POST', path: '/ListAvailableProfiles', contentType: JSON_TYPE },
          GetUsageLimits: { method: 'GET', path: '/getUsageLimits' },
        },
      },
    },
  ],
  [
    'kiro-runtime',
    {
      ...both,
      hostOf: (region) => `https://runtime.${region}.kiro.dev`,
      requiresProfile: true,
      api: 'kiroruntime',
      path: '/',
      contentType: AWS_JSON,
      target: 'KiroRuntimeService.GenerateAssistantResponse',
      control: {
        hostOf: (region) => `https://management.${region}.kiro.dev`,
        bindings: {
          ListAvailableModels: { method: 'GET', path: '/List-Available-Models' },
          ListAvailableProfiles: { method: 'POST', path: '/List-Available-Profiles', contentType: JSON_TYPE },
          GetUsageLimits: { method: 'GET', path: '/Get-Usage-Limits' },
        },
      },
    },
  ],
])

export function isKnownChannel(name: string): boolean {
  return channels.has(name)
}

/** Throws `access-denied` for a name that is not known: the account's settings are wrong. */
export function channelOf(name: string): Channel {
  const channel = channels.get(name)
  if (channel !== undefined) return channel
  const known = [...channels.keys()].join(', ')
  throw new GatewayError(
    'access-denied',
    `The account's channel ${JSON.stringify(name)} is not known. Its operator should choose one of: ${known}.`,
    { fault: 'unknown-channel' },
  )
}

type Place = Pick<Access, 'region' | 'profileArn'>

/** `endpoint` (scheme and host) stands in for the channel's own host; the path stays. */
export function urlOf(channel: Channel, access: Place, endpoint: string | undefined): URL {
  return new URL(channel.path, endpoint ?? channel.hostOf(regionOf(channel, access)))
}

/** The same, with each URL made once: a channel has few regions. */
export function createUrls(endpoint: string | undefined): (channel: Channel, access: Place) => URL {
  const made = new Map<Channel, Map<string, URL>>()
  return (channel, access) => {
    const region = regionOf(channel, access)
    const ofChannel = made.get(channel) ?? new Map<string, URL>()
    made.set(channel, ofChannel)
    const url = ofChannel.get(region) ?? urlOf(channel, access, endpoint)
    ofChannel.set(region, url)
    return url
  }
}

/** The same for an inquiry; where nothing else says so, its region is the one of the account's requests. */
export function inquiryUrlOf(
  channel: Channel,
  inquiry: Inquiry,
  { endpoint, region }: { endpoint: string | undefined; region: string },
): URL {
  const { control } = channel
  return new URL(control.bindings[inquiry].path, endpoint ?? control.hostOf(region))
}

/** Where tools of the service are called; undefined where the channel has none. */
export function toolsUrlOf(channel: Channel, access: Place, endpoint: string | undefined): URL | undefined {
  const { toolsPath } = channel
  if (toolsPath === undefined) return undefined
  return new URL(toolsPath, endpoint ?? channel.hostOf(regionOf(channel, access)))
}

/** The profile's region counts, not the one where the account signs in (protocol 3.2). */
export function regionOf({ regions }: Channel, { profileArn, region }: Place): string {
  const wanted = profileArn?.split(':')[3] ?? region
  return regions.find((candidate) => candidate === wanted) ?? regions[0]
}

/** The account's own, else the channel's. Throws `access-denied` for one that the service does not know. */
export function originOf(channel: Channel, { origin }: Pick<Access, 'origin'>): QOrigin {
  if (origin === undefined) return channel.origin
  const known = origins.find((each) => each === origin)
  if (known !== undefined) return known
  throw new GatewayError(
    'access-denied',
    `The account's origin ${JSON.stringify(origin)} is not known. Its operator should choose one of: ${origins.join(', ')}.`,
    { fault: 'unknown-origin' },
  )
}
