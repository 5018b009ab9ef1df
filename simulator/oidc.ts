/** AWS SSO OIDC: register a client, start a device login, and exchange codes and refresh tokens. */
import { z } from 'zod'
import type { OidcErrorName } from './oidc-errors.ts'
import type { DeviceLogins } from './device-logins.ts'
import type { HomeRegions } from './home-regions.ts'
import type { Client, Identity, Tokens } from './identity.ts'
import type { SimulatorClock } from './clock.ts'
import { kindOfStartUrl } from './traits.ts'

/** Either the JSON of a 200, or the exception's name and words. */
export type OidcAnswer =
  | { kind: 'ok'; body: Record<string, unknown>; accountId?: string; refreshed?: boolean }
  | { kind: 'error'; name: OidcErrorName; description: string; extra?: Record<string, unknown> }

interface Parts {
  clock: SimulatorClock
  identity: Identity
  deviceLogins: DeviceLogins
  homeRegions: HomeRegions
}

const registrationSchema = z.object({
  clientName: z.string().min(1),
  clientType: z.literal('public'),
  scopes: z.array(z.string()).optional(),
  grantTypes: z.array(z.string()).optional(),
  redirectUris: z.array(z.string()).optional(),
})
const clientSchema = z.object({ clientId: z.string(), clientSecret: z.string() })
const authorizationSchema = clientSchema.extend({ startUrl: z.url() })
const tokenSchema = clientSchema.extend({
  grantType: z.string(),
  deviceCode: z.string().optional(),
  refreshToken: z.string().optional(),
})

/** What a request was sent to. */
interface Host {
  /** The simulator's own address, for its approval page. */
  origin: string
  /** Undefined when the host's name tells none. */
  region: string | undefined
}

export interface Oidc {
  registerClient(body: unknown): OidcAnswer
  startDeviceAuthorization(body: unknown, host: Host): OidcAnswer
  createToken(body: unknown): OidcAnswer
}

export function createOidc({ clock, identity, deviceLogins, homeRegions }: Parts): Oidc {
  function withClient(
    { clientId, clientSecret }: z.infer<typeof clientSchema>,
    go: (client: Client) => OidcAnswer,
  ): OidcAnswer {
    const client = identity.findClient(clientId, clientSecret)
    if (client === undefined) return fail('InvalidClientException', 'The client is unknown or has expired.')
    return go(client)
  }

  function exchangeDeviceCode(client: Client, deviceCode: string | undefined): OidcAnswer {
    if (deviceCode === undefined) return fail('InvalidRequestException', 'deviceCode is missing.')
    const poll = deviceLogins.poll(client.clientId, deviceCode)
    if (poll.kind === 'refused') return fail(poll.name, poll.description)
    const { accountId, startUrl } = poll
    return ok(describeTokens(identity.logIn(client, { accountId, kind: kindOfStartUrl(startUrl) })))
  }

  function exchangeRefreshToken(client: Client, refreshToken: string | undefined): OidcAnswer {
    if (refreshToken === undefined) return fail('InvalidRequestException', 'refreshToken is missing.')
    const refreshed = identity.refresh(client, refreshToken)
    if (refreshed === undefined) return fail('InvalidGrantException', 'Invalid refresh token provided')
    const answer = describeTokens(refreshed.tokens)
    return { kind: 'ok', body: answer, accountId: refreshed.accountId, refreshed: true }
  }

  return {
    registerClient(body) {
      const registration = registrationSchema.safeParse(body)
      if (!registration.success) {
        return fail('InvalidClientMetadataException', 'clientName and clientType "public" are required.')
      }
      const client = identity.registerClient()
      return ok({
        clientId: client.clientId,
        clientSecret: client.clientSecret,
        clientIdIssuedAt: Math.floor(clock.now() / 1000),
        clientSecretExpiresAt: Math.floor(client.expiresAt / 1000),
      })
    },
    startDeviceAuthorization(body, { origin, region }) {
      const asked = authorizationSchema.safeParse(body)
      if (!asked.success)
        return fail('InvalidRequestException', 'clientId, clientSecret and startUrl are required.')
      const { startUrl } = asked.data
      return withClient(asked.data, (client) => {
        const home = homeRegions.findOther(startUrl, region)
        return home === undefined
          ? ok(deviceLogins.start(client.clientId, { startUrl, origin }))
          : failInRegion(home)
      })
    },
    createToken(body) {
      const asked = tokenSchema.safeParse(body)
      if (!asked.success)
        return fail('InvalidRequestException', 'clientId, clientSecret and grantType are required.')
      const { grantType, deviceCode, refreshToken } = asked.data
      return withClient(asked.data, (client) => {
        switch (grantType) {
          case 'urn:ietf:params:oauth:grant-type:device_code':
            return exchangeDeviceCode(client, deviceCode)
          case 'refresh_token':
            return exchangeRefreshToken(client, refreshToken)
          default:
            return fail('UnsupportedGrantTypeException', `${grantType} is not supported here.`)
        }
      })
    },
  }
}

function ok(body: Record<string, unknown>): OidcAnswer {
  return { kind: 'ok', body }
}

function fail(name: OidcErrorName, description: string): OidcAnswer {
  return { kind: 'error', name, description }
}

function failInRegion(region: string): OidcAnswer {
  const description = `The start URL belongs to ${region}.`
  const extra = { endpoint: `https://oidc.${region}.amazonaws.com`, region }
  return { kind: 'error', name: 'InvalidRequestRegionException', description, extra }
}

function describeTokens({ accessToken, expiresIn, refreshToken }: Tokens): Record<string, unknown> {
  return { accessToken, tokenType: 'Bearer', expiresIn, ...(refreshToken !== undefined && { refreshToken }) }
}
