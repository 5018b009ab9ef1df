/** Answers of a sign-in service that is broken, old, new or hostile, and what must hold of whatever we make of them. */
import { createServer, type Server } from 'node:http'
import { Agent } from 'undici'
import { systemClock } from '../../../src/clock.ts'
import { GatewayError } from '../../../src/conversation/failures.ts'
import { isSignInLink } from '../../../src/sign-in/aws-links.ts'
import { beginSignIn } from '../../../src/sign-in/begin-sign-in.ts'
import { createOidc, type Oidc } from '../../../src/sign-in/oidc.ts'
import { createRandom, type Random } from './random.ts'

interface HostileAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

export interface HostileService {
  /** Makes the four calls and a whole beginning; throws when a law is broken. Tells what came of them. */
  check(random: Random): Promise<string[]>
  close(): Promise<void>
}

const SECRETS = {
  clientId: 'client-1',
  clientSecret: 'canary-client-secret',
  refreshToken: 'canary-refresh-token',
  deviceCode: 'canary-device-code',
}
const MEGABYTE = 'a'.repeat(1_000_000)
const TEXTS = [
  'a-sound-token',
  '',
  'with\r\nset-cookie: x',
  'with blank',
  '\u0000',
  'ünïcode',
  '\u2028',
  SECRETS.clientSecret,
  '__proto__',
  'a'.repeat(20_000),
  MEGABYTE,
] as const
const LINKS = [
  'https://view.awsapps.com/start/#/device',
  'https://device.sso.us-east-1.amazonaws.com/?user_code=A',
  'javascript:alert(1)',
  'https://evil.example/awsapps.com',
  'https://view.awsapps.com@evil.example/',
  'http://view.awsapps.com/',
  'https://view.awsapps.com\r\n.evil.example',
  'data:text/html,x',
  '//evil.example',
  '',
] as const
const NUMBERS = [-1, 0, 0.4, 1, 600, 3600, 1e12, 1e308, '3600', 'NaN', null, true, [], {}] as const
const OTHERS = [null, true, 0, -1, 1e12, [], {}, [['a']], { toString: 'x' }] as const
const ERRORS = [
  'authorization_pending',
  'slow_down',
  'expired_token',
  'access_denied',
  'invalid_grant',
  'invalid_client',
  'invalid_request',
  'server_error',
  'INVALID',
  'a'.repeat(65),
  '',
  null,
  7,
] as const
const REGIONS = [
  'eu-west-1',
  'us-east-1',
  'evil.example/',
  'us-east-1.evil.example',
  '@evil-1',
  '',
  null,
  7,
] as const
const STATUSES = [200, 200, 200, 200, 200, 400, 400, 400, 401, 403, 429, 500, 503, 201, 204, 302] as const
const RAW = ['', '{', '[]', 'null', '"text"', '7', '<html>', '{"accessToken":', '\ufeff{}'] as const

function hostileAnswer(random: Random): HostileAnswer {
  const status = random.pick(STATUSES)
  const type = random.pick([
    '',
    'InvalidGrantException',
    'x'.repeat(500),
    'SlowDownException:http://a',
    'Exception',
  ])
  const headers = type === '' ? {} : { 'x-amzn-errortype': type }
  const body =
    random.below(12) === 0
      ? random.pick(RAW)
      : JSON.stringify(status === 200 ? success(random) : refusal(random))
  return { status, headers, body }
}

/** The fields of all answers at once, most of them sound. */
function success(random: Random): Record<string, unknown> {
  const fields: Record<string, unknown> = {
    clientId: 'client-2',
    clientSecret: 'secret-2',
    clientSecretExpiresAt: 1_800_000_000,
    deviceCode: 'device-2',
    userCode: 'ABCD-EFGH',
    verificationUri: LINKS[0],
    verificationUriComplete: LINKS[1],
    expiresIn: 600,
    interval: 1,
    accessToken: 'access-2',
    refreshToken: 'refresh-2',
    tokenType: 'Bearer',
  }
  const names = Object.keys(fields)
  for (let damage = random.below(4); damage > 0; damage -= 1) {
    const name = names[random.below(names.length)] ?? 'accessToken'
    if (random.below(4) === 0) delete fields[name]
    else fields[name] = hostileValue(name, random)
  }
  return fields
}

function hostileValue(name: string, random: Random): unknown {
  if (random.below(4) === 0) return random.pick(OTHERS)
  if (name.startsWith('verificationUri')) return random.pick(LINKS)
  return /expires|interval/i.test(name) ? random.pick(NUMBERS) : random.pick(TEXTS)
}

function refusal(random: Random): Record<string, unknown> {
  return {
    error: random.pick(ERRORS),
    error_description: random.pick([...TEXTS, ...OTHERS]),
    ...(random.below(2) === 0 && {
      region: REGIONS[random.below(REGIONS.length)],
      endpoint: 'https://evil.example',
    }),
  }
}

/** On a socket, so that whatever a body may do to the transport is seen too. */
export async function startHostileService(): Promise<HostileService> {
  let random = createRandom(0)
  const server = createServer((request, response) => {
    request.resume()
    const { status, headers, body } = hostileAnswer(random)
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  })
  const url = await listen(server)
  const dispatcher = new Agent({ connections: 4 })
  const oidc = createOidc({
    endpointFor: (region) => (/^[a-z]+-[a-z]+-\d$/.test(region) ? url : `http://${region}.invalid`),
    dispatcherFor: () => dispatcher,
    clock: systemClock,
  })
  return {
    check(itsRandom) {
      random = itsRandom
      return callAll(oidc)
    },
    async close() {
      await dispatcher.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

async function callAll(oidc: Oidc): Promise<string[]> {
  const place = { region: 'us-east-1' }
  const { clientId, clientSecret, deviceCode, refreshToken } = SECRETS
  const client = { clientId, clientSecret }
  const startUrl = 'https://view.awsapps.com/start'

  const registered = await oidc.registerClient(place)
  if (registered.kind === 'registered') {
    demandTokens(registered.clientId, registered.clientSecret)
    demand(!Number.isNaN(registered.registrationExpiresAt?.getTime()), 'a registration ends at no date')
  }
  const started = await oidc.startDeviceAuthorization({ client, startUrl }, place)
  if (started.kind === 'started') {
    demandTokens(started.deviceCode, started.userCode)
    demandBetween(started.expiresInSeconds, 1, 3600)
    demandBetween(started.intervalSeconds, 1, 60)
  }
  const polled = await oidc.createDeviceToken({ ...client, deviceCode }, place)
  const refreshed = await oidc.refreshTokens({ ...client, refreshToken, ...place })
  for (const tokens of [polled, refreshed]) {
    if (tokens.kind !== 'approved' && tokens.kind !== 'refreshed') continue
    demandTokens(tokens.accessToken)
    // Without a new one the old one stays, so it must not be there in name alone.
    if ('refreshToken' in tokens) demandTokens(tokens.refreshToken)
    demandBetween(tokens.expiresInSeconds, 1, 30 * 86_400)
  }
  const results = [registered, started, polled, refreshed]
  for (const result of results) demandCleanWords(result)
  for (const result of [started, polled, refreshed]) {
    demand(!wordsOf(result).includes('canary'), 'a secret came back')
  }
  return [...results.map(({ kind }) => kind), await begin(oidc, startUrl)]
}

async function begin(oidc: Oidc, startUrl: string): Promise<string> {
  try {
    const { authorization, region } = await beginSignIn({ oidc, ownOrigin: undefined }, startUrl, {
      region: 'us-east-1',
    })
    demand(isSignInLink(authorization.verificationUri, undefined), 'a link of another host is shown')
    demand(isSignInLink(authorization.verificationUriComplete, undefined), 'a link of another host is shown')
    demand(region === 'us-east-1' || region === 'eu-west-1', 'another host would be asked')
    return 'begun'
  } catch (error) {
    if (!(error instanceof GatewayError) || error.failure.kind !== 'upstream-unavailable') throw error
    demandCleanWords(error.failure)
    return 'not-begun'
  }
}

function demandTokens(...tokens: (string | undefined)[]): void {
  demand(
    tokens.every((token) => token !== undefined && /^[\x21-\x7e]+$/.test(token)),
    'a token is none',
  )
}

function demandBetween(value: number, least: number, most: number): void {
  demand(Number.isFinite(value) && value >= least && value <= most, `${value} is no duration`)
}

/** What failed says so in one clean line. */
function demandCleanWords(result: object): void {
  const words = wordsOf(result)
  demand(words.length < 1000 && !/[^\x20-\x7e]/.test(words), 'the words are not clean')
}

function wordsOf(result: object): string {
  return ['reason', 'description', 'message'].map((name) => String(Reflect.get(result, name) ?? '')).join(' ')
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}
