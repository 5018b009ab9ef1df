import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFolder, readAccount, writeCliDatabase } from '../../test/import-samples.ts'
import { BUILDER_ID_START_URL } from '../accounts/account.ts'
import { toGatewayError } from '../conversation/failures.ts'
import { readSource } from './read-source.ts'

let folder = createFolder()
beforeEach(() => {
  folder = createFolder()
})
afterEach(() => folder.remove())

const read = (location: string) => readSource(location, { readAccount })
const writeJson = (name: string, content: object) => folder.write(name, JSON.stringify(content))

function writeDatabase(authKv: Record<string, unknown>, state: Record<string, unknown> = {}): string {
  writeCliDatabase(folder.pathOf('data.sqlite3'), { authKv, state })
  return folder.pathOf('data.sqlite3')
}

const ARN = 'arn:aws:codewhisperer:eu-central-1:123456789012:profile/ABCDEF'
const COMPANY = 'https://d-1234567890.awsapps.com/start'

const token = {
  access_token: 'canary-access',
  expires_at: '2026-11-23T05:00:00.123456789Z',
  refresh_token: 'canary-refresh',
  region: 'us-east-1',
  start_url: null,
  oauth_flow: 'DeviceCode',
  scopes: ['codewhisperer:completions'],
}
const registration = {
  client_id: 'client',
  client_secret: 'canary-secret',
  client_secret_expires_at: '2027-02-01T00:00:00Z',
  region: 'us-east-1',
}

describe('the database of the Amazon Q CLI', () => {
  const registered = { 'codewhisperer:odic:device-registration': registration }

  it('holds the sign-in of a Builder ID, with a warning that both programs now share it', async () => {
    const source = await read(writeDatabase({ 'codewhisperer:odic:token': token, ...registered }))
    expect(source.kind).toBe('amazon-q-cli')
    expect(source.warning).toMatch(/Amazon Q CLI and this gateway hold the same sign-in/)
    expect(source.rows).toMatchObject([
      {
        row: 1,
        name: 'Amazon Q CLI',
        account: {
          clientId: 'client',
          clientSecret: 'canary-secret',
          refreshToken: 'canary-refresh',
          accessToken: 'canary-access',
          channel: 'q-json',
          signInRegion: 'us-east-1',
          history: {
            startUrl: BUILDER_ID_START_URL,
            expiresAt: new Date('2026-11-23T05:00:00.123Z'),
            registrationExpiresAt: new Date('2027-02-01T00:00:00Z'),
          },
        },
      },
    ])
  })

  it('holds that of an Identity Center, whose profile says where it is served', async () => {
    const location = writeDatabase(
      {
        'codewhisperer:odic:token': { ...token, region: 'ap-southeast-2', start_url: COMPANY },
        ...registered,
      },
      { 'api.codewhisperer.profile': { arn: ARN, profile_name: 'main' }, 'api.timeout': 5 },
    )
    const account = {
      region: 'eu-central-1',
      signInRegion: 'ap-southeast-2',
      profileArn: ARN,
      history: { startUrl: COMPANY },
    }
    expect((await read(location)).rows).toMatchObject([{ account }])
  })

  const refused: [string, Record<string, unknown>, RegExp][] = [
    ['no registration', { 'codewhisperer:odic:token': token }, /registration of its client/],
    ['a token that is damaged', { 'codewhisperer:odic:token': 'canary', ...registered }, /damaged/],
    [
      'no refresh token',
      { 'codewhisperer:odic:token': { ...token, refresh_token: null }, ...registered },
      /no refreshToken/,
    ],
    [
      'a region that is none',
      { 'codewhisperer:odic:token': { ...token, region: 'canary.example' }, ...registered },
      /region/,
    ],
    ['Google or GitHub', { 'kirocli:social:token': token }, /Google or GitHub/],
    ['an identity provider', { 'kirocli:external-idp:token': token }, /identity provider/],
  ]
  it.each(refused)('with %s has a row that says why it cannot be used', async (_name, authKv, problem) => {
    const { rows } = await read(writeDatabase(authKv))
    expect(rows).toEqual([expect.objectContaining({ problem: expect.stringMatching(problem) })])
    expect(JSON.stringify(rows)).not.toContain('canary')
  })

  it('is refused when nobody is signed in', async () => {
    const error = await read(writeDatabase({})).catch(toGatewayError)
    expect(error).toMatchObject({
      failure: { kind: 'invalid-request', message: expect.stringMatching(/nobody is signed in/) },
    })
  })

  it('may be that of the Kiro CLI, which keeps its sign-ins under other keys', async () => {
    const source = await read(
      writeDatabase({
        'kirocli:odic:token': { ...token, profile_arn: ARN, start_url: COMPANY },
        'kirocli:odic:device-registration': registration,
        'kirocli:social:token': token,
      }),
    )
    expect(source.kind).toBe('kiro-cli')
    expect(source.rows).toMatchObject([
      { row: 1, account: { channel: 'kiro-runtime', region: 'eu-central-1', profileArn: ARN } },
      { row: 2, problem: expect.stringMatching(/Google/) },
    ])
  })
})

describe('the token of the Kiro IDE', () => {
  const hash = 'e909a0580879b06ece1e3ccdc2a6e7a1f0b1c2d3'
  const kiro = {
    accessToken: 'canary-access',
    refreshToken: 'canary-refresh',
    expiresAt: '2026-11-23T05:00:00.000Z',
    authMethod: 'IdC',
    provider: 'BuilderId',
    clientIdHash: hash,
    region: 'us-east-1',
  }
  const client = { clientId: 'client', clientSecret: 'canary-secret', expiresAt: '2027-02-01T00:00:00.000Z' }

  it('comes with the registration beside it', async () => {
    writeJson(`${hash}.json`, client)
    const source = await read(writeJson('kiro-auth-token.json', { ...kiro, profileArn: ARN }))
    expect(source.kind).toBe('kiro-ide')
    expect(source.warning).toMatch(/Kiro IDE and this gateway hold/)
    expect(source.rows).toMatchObject([
      {
        account: {
          clientId: 'client',
          clientSecret: 'canary-secret',
          refreshToken: 'canary-refresh',
          channel: 'kiro-runtime',
          region: 'eu-central-1',
          profileArn: ARN,
          history: {
            startUrl: BUILDER_ID_START_URL,
            expiresAt: new Date('2026-11-23T05:00:00Z'),
            registrationExpiresAt: new Date('2027-02-01T00:00:00Z'),
          },
        },
      },
    ])
  })

  const refused: [string, object, RegExp][] = [
    ['without its registration', {}, /not beside it/],
    ['with a hash that leads elsewhere', { clientIdHash: '../../canary' }, /which client/],
    ['of Google', { authMethod: 'social', provider: 'Google', clientIdHash: null }, /Google or GitHub/],
    ['of a company’s identity provider', { authMethod: 'external_idp' }, /identity provider/],
    ['of an API key', { authMethod: 'api_key' }, /API key/],
  ]
  it.each(refused)('%s has a row that says why it cannot be used', async (_name, changes, problem) => {
    const { rows } = await read(writeJson('kiro-auth-token.json', { ...kiro, ...changes }))
    expect(rows).toEqual([{ row: 1, name: 'Kiro IDE', problem: expect.stringMatching(problem) }])
  })
})
