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
  RegisterClientCommand,
  SlowDownException,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
  UnsupportedGrantTypeException,
} from '@aws-sdk/client-sso-oidc'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startSimulator, type Simulator } from './simulator.ts'

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

async function startLogin() {
  const client = await register()
  const login = await official.send(
    new StartDeviceAuthorizationCommand({ ...client, startUrl: 'https://view.awsapps.com/start' }),
  )
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

async function logIn() {
  const { client, poll, userCode } = await startLogin()
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
    const { client, refresh } = await logIn()
    simulator.seed({ clientId: client.clientId })
    await expect(refresh()).rejects.toBeInstanceOf(InvalidGrantException)
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

describe('clients', () => {
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
