/** The official SSO OIDC client judges registration, device login and refresh. */
import {
  AccessDeniedException,
  AuthorizationPendingException,
  CreateTokenCommand,
  ExpiredTokenException,
  InternalServerException,
  InvalidClientException,
  InvalidClientMetadataException,
  InvalidGrantException,
  InvalidRequestRegionException,
  RegisterClientCommand,
  SlowDownException,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
  UnsupportedGrantTypeException,
} from '@aws-sdk/client-sso-oidc'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createHomeRegions, regionOfHost } from './home-regions.ts'
import { startSimulator, type Simulator } from './simulator.ts'
import { createSwitchBoard } from './switches.ts'

const BUILDER_ID = 'https://view.awsapps.com/start'
const ORGANISATION = 'https://d-1234567890.awsapps.com/start'
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

let simulator: Simulator
let official: SSOOIDCClient

beforeAll(async () => {
  simulator = await startSimulator()
  official = new SSOOIDCClient({ endpoint: simulator.url, region: 'us-east-1', maxAttempts: 1 })
})
afterAll(() => simulator.close())
beforeEach(() => simulator.reset())

async function register() {
  const client = await official.send(
    new RegisterClientCommand({
      clientName: 'a test',
      clientType: 'public',
      scopes: ['codewhisperer:completions'],
    }),
  )
  return { clientId: client.clientId, clientSecret: client.clientSecret }
}

type RegisteredClient = Awaited<ReturnType<typeof register>>

async function startLogin(startUrl = BUILDER_ID, registered?: RegisteredClient) {
  const client = registered ?? (await register())
  const login = await official.send(new StartDeviceAuthorizationCommand({ ...client, startUrl }))
  const poll = () =>
    official.send(
      new CreateTokenCommand({ ...client, grantType: DEVICE_GRANT, deviceCode: login.deviceCode }),
    )
  return { client, poll, userCode: login.userCode ?? '', login }
}

/** Waits longer than any interval that the client was told. */
function waitToPoll(): void {
  simulator.advance(60_000)
}

async function logIn(startUrl?: string, registered?: RegisteredClient) {
  const { client, poll, userCode } = await startLogin(startUrl, registered)
  simulator.approve(userCode)
  const tokens = await poll()
  const refresh = (refreshToken = tokens.refreshToken) =>
    official.send(new CreateTokenCommand({ ...client, grantType: 'refresh_token', refreshToken }))
  return { client, tokens, refresh }
}

describe('device login', () => {
  it('goes from pending to tokens when it is approved', async () => {
    const { poll, userCode, login } = await startLogin()
    expect(userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    expect(login.verificationUriComplete).toBe(
      `https://view.awsapps.com/start/#/device?user_code=${userCode}`,
    )
    await expect(poll()).rejects.toBeInstanceOf(AuthorizationPendingException)
    waitToPoll()
    expect(simulator.approve(userCode)).toBe(true)
    const tokens = await poll()
    expect(tokens).toMatchObject({ tokenType: 'Bearer', expiresIn: 3600 })
    expect(tokens.accessToken).toMatch(/^aoa/)
    expect(tokens.refreshToken?.length).toBeGreaterThan(100)
  })

  it('tells a client that polls too fast to slow down, and then to wait longer', async () => {
    const { poll } = await startLogin()
    await expect(poll()).rejects.toBeInstanceOf(AuthorizationPendingException)
    await expect(poll()).rejects.toBeInstanceOf(SlowDownException)
    simulator.advance(2000)
    await expect(poll()).rejects.toBeInstanceOf(SlowDownException)
    waitToPoll()
    await expect(poll()).rejects.toBeInstanceOf(AuthorizationPendingException)
  })

  it('ends when it is denied', async () => {
    const { poll, userCode } = await startLogin()
    simulator.deny(userCode)
    await expect(poll()).rejects.toBeInstanceOf(AccessDeniedException)
  })

  it('ends when the code expires', async () => {
    const { poll } = await startLogin()
    simulator.advance(601_000)
    await expect(poll()).rejects.toBeInstanceOf(ExpiredTokenException)
  })

  it('gives tokens for a code only once', async () => {
    const { poll, userCode } = await startLogin()
    simulator.approve(userCode)
    await poll()
    waitToPoll()
    await expect(poll()).rejects.toBeInstanceOf(InvalidGrantException)
  })

  it.each([
    { startUrl: BUILDER_ID, kind: 'builder-id', profiles: 0 },
    { startUrl: ORGANISATION, kind: 'identity-center', profiles: 1 },
  ])('at $startUrl makes an account of the kind $kind', async ({ startUrl, kind, profiles }) => {
    await logIn(startUrl)
    const [account] = simulator.accounts()
    expect([account?.kind, account?.profiles.length]).toEqual([kind, profiles])
  })

  it('for an account that is known keeps who it is', async () => {
    const { id } = simulator.seed({ id: 'ada', identity: { email: 'ada@example.com' } })
    const [before] = simulator.accounts()
    const { poll, userCode, client } = await startLogin(ORGANISATION)
    simulator.approve(userCode, id)
    await poll()
    const { clientId } = client
    expect(simulator.accounts()).toEqual([{ ...before, clientId }])
  })

  it('leads wherever the switch says', async () => {
    simulator.change({ verificationUri: 'https://sign-in.example.net/device' })
    const { login, userCode } = await startLogin()
    expect(login).toMatchObject({
      verificationUri: 'https://sign-in.example.net/device',
      verificationUriComplete: `https://sign-in.example.net/device?user_code=${userCode}`,
    })
  })

  it('approves itself at the poll that a switch names', async () => {
    simulator.change({ approveAtPoll: 2, pollIntervalSeconds: 0 })
    const { poll } = await startLogin()
    await expect(poll()).rejects.toBeInstanceOf(AuthorizationPendingException)
    await expect(poll()).resolves.toMatchObject({ tokenType: 'Bearer' })
  })
})

describe('refresh', () => {
  it('rotates: the old refresh token is dead, the new one lives', async () => {
    const { refresh } = await logIn()
    const second = await refresh()
    await expect(refresh()).rejects.toBeInstanceOf(InvalidGrantException)
    await expect(refresh(second.refreshToken)).resolves.toMatchObject({ expiresIn: 3600 })
    expect(simulator.journal.refreshes()).toBe(2)
  })

  it.each([
    { refreshTokens: 'repeat', answered: true },
    { refreshTokens: 'omit', answered: false },
  ] as const)(
    'keeps the old token when the switch says $refreshTokens',
    async ({ refreshTokens, answered }) => {
      simulator.change({ refreshTokens })
      const { tokens, refresh } = await logIn()
      const second = await refresh()
      expect(second.refreshToken).toBe(answered ? tokens.refreshToken : undefined)
      await expect(refresh()).resolves.toMatchObject({ tokenType: 'Bearer' })
    },
  )

  it('dies when the same client logs in again', async () => {
    const first = await logIn()
    const second = await logIn(BUILDER_ID, first.client)
    await expect(first.refresh()).rejects.toBeInstanceOf(InvalidGrantException)
    await expect(second.refresh()).resolves.toMatchObject({ tokenType: 'Bearer' })
  })

  it('lives on when the switch lets a client have several logins', async () => {
    simulator.change({ oneLoginPerClient: false })
    const first = await logIn()
    await logIn(BUILDER_ID, first.client)
    await expect(first.refresh()).resolves.toMatchObject({ tokenType: 'Bearer' })
  })

  it('dies when the session is revoked', async () => {
    const { refresh } = await logIn()
    simulator.revoke('account-1', 'session')
    await expect(refresh()).rejects.toBeInstanceOf(InvalidGrantException)
  })

  it('fails as planned, and keeps the token', async () => {
    const { refresh } = await logIn()
    for (const name of ['InternalServerException', 'SlowDownException']) {
      const refusal = { name, message: 'planned' }
      simulator.plan({ operation: 'CreateToken', times: 1, behaviour: { kind: 'refusal', refusal } })
    }
    await expect(refresh()).rejects.toBeInstanceOf(InternalServerException)
    await expect(refresh()).rejects.toBeInstanceOf(SlowDownException)
    await expect(refresh()).resolves.toMatchObject({ tokenType: 'Bearer' })
  })
})

describe('the answer to CreateToken', () => {
  it('waits as planned', async () => {
    const timers: { delayMs: number; action: () => void }[] = []
    const after = (delayMs: number, action: () => void) => {
      timers.push({ delayMs, action })
      return () => undefined
    }
    const slow = await startSimulator({ time: { now: () => Date.now(), after } })
    const { clientId, clientSecret, refreshToken } = slow.seed()
    slow.plan({ operation: 'CreateToken', times: 1, delivery: { headersDelayMs: 7000 } })
    const client = new SSOOIDCClient({ endpoint: slow.url, region: 'us-east-1', maxAttempts: 1 })
    const command = { clientId, clientSecret, refreshToken, grantType: 'refresh_token' }
    const answer = client.send(new CreateTokenCommand(command))
    const entry = await slow.journal.waitFor(({ operation }) => operation === 'CreateToken')
    expect([timers[0]?.delayMs, entry.outcome.kind, slow.journal.refreshes()]).toEqual([7000, 'pending', 0])
    timers[0]?.action()
    await expect(answer).resolves.toMatchObject({ tokenType: 'Bearer' })
    await slow.close()
  })

  it('can be lost when the token is rotated already', async () => {
    const { refresh } = await logIn()
    simulator.plan({ operation: 'CreateToken', times: 1, behaviour: { kind: 'lost-answer' } })
    await expect(refresh()).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(simulator.journal.refreshes()).toBe(1)
    expect(simulator.journal.entries().at(-1)?.outcome.kind).toBe('cut')
    await expect(refresh()).rejects.toBeInstanceOf(InvalidGrantException)
  })

  it('can be any JSON', async () => {
    const { refresh } = await logIn()
    const body = { accessToken: 'aoaPlanned', expiresIn: 5 }
    simulator.plan({ operation: 'CreateToken', times: 1, behaviour: { kind: 'json', body } })
    await expect(refresh()).resolves.toMatchObject(body)
    await expect(refresh()).resolves.toMatchObject({ expiresIn: 3600 })
  })

  it('carries a date that is off by as much as the switch says', async () => {
    simulator.change({ dateSkewSeconds: -7200 })
    const { headers } = await fetch(`${simulator.url}/token`, { method: 'POST' })
    const hoursOff = (Date.now() - Date.parse(headers.get('date') ?? '')) / 3_600_000
    expect(Math.round(hoursOff)).toBe(2)
  })
})

describe('a start URL of another region', () => {
  const startUrl = ORGANISATION
  const region = 'eu-central-1'

  it('is refused with the right region, so often as the switch says', async () => {
    simulator.change({ startUrlHomes: [{ startUrl, region, wrongCalls: 1 }] })
    const client = await register()
    const failure = startLogin(startUrl, client)
    await expect(failure).rejects.toBeInstanceOf(InvalidRequestRegionException)
    await expect(failure).rejects.toMatchObject({
      error: 'invalid_request',
      region,
      endpoint: 'https://oidc.eu-central-1.amazonaws.com',
      $metadata: { httpStatusCode: 400 },
    })
    await expect(startLogin(BUILDER_ID, client)).resolves.toBeDefined()
    await expect(startLogin(startUrl, client)).resolves.toBeDefined()
  })

  it.each([
    { host: 'oidc.us-east-1.amazonaws.com', other: region },
    { host: 'oidc.eu-central-1.amazonaws.com', other: undefined },
  ])('is known by the host $host', ({ host, other }) => {
    const startUrlHomes = [{ startUrl, region, wrongCalls: 0 }]
    const homes = createHomeRegions(createSwitchBoard({ startUrlHomes }))
    expect(homes.findOther(startUrl, regionOfHost(host))).toBe(other)
  })
})

describe('clients', () => {
  it('tell when their registration ends', async () => {
    simulator.change({ registrationLifeSeconds: 100 })
    const command = new RegisterClientCommand({ clientName: 'a test', clientType: 'public' })
    const { clientIdIssuedAt = 0, clientSecretExpiresAt = 0 } = await official.send(command)
    expect(clientSecretExpiresAt - clientIdIssuedAt).toBe(100)
  })

  it('cannot finish a login once their registration has expired', async () => {
    simulator.change({ registrationLifeSeconds: 100 })
    const { poll, userCode } = await startLogin()
    simulator.approve(userCode)
    simulator.advance(100_000)
    await expect(poll()).rejects.toBeInstanceOf(InvalidClientException)
  })

  it('are invalid, with status 401, once their registration has expired', async () => {
    const { client, refresh } = await logIn()
    simulator.expireClient(client.clientId ?? '')
    const failure = refresh()
    await expect(failure).rejects.toBeInstanceOf(InvalidClientException)
    await expect(failure).rejects.toMatchObject({
      error: 'invalid_client',
      $metadata: { httpStatusCode: 401 },
    })
  })

  it('are invalid with a wrong secret', async () => {
    const { clientId } = await register()
    const wrong = new CreateTokenCommand({ clientId, clientSecret: 'wrong', grantType: 'refresh_token' })
    await expect(official.send(wrong)).rejects.toBeInstanceOf(InvalidClientException)
  })

  it('must be public', async () => {
    const confidential = new RegisterClientCommand({ clientName: 'a test', clientType: 'confidential' })
    await expect(official.send(confidential)).rejects.toBeInstanceOf(InvalidClientMetadataException)
  })

  it('cannot use other grants', async () => {
    const client = await register()
    const code = new CreateTokenCommand({ ...client, grantType: 'authorization_code', code: 'x' })
    await expect(official.send(code)).rejects.toBeInstanceOf(UnsupportedGrantTypeException)
  })
})

describe('the journal of identity requests', () => {
  it('keeps no secret', async () => {
    const { client, tokens, refresh } = await logIn()
    await refresh()
    const journal = JSON.stringify(simulator.journal.entries())
    for (const secret of [client.clientSecret, tokens.accessToken, tokens.refreshToken]) {
      expect(journal).not.toContain(secret)
    }
    expect(simulator.journal.of('CreateToken')).toHaveLength(2)
  })
})
