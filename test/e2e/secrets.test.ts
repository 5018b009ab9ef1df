import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createEnvelopes } from '../../src/access/export-envelope.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const passphrase = 'correct horse battery'
const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }

const exportOf = z.object({ format: z.string(), accounts: z.array(z.record(z.string(), z.unknown())) })
const outcome = z.object({
  created: z.int(),
  duplicates: z.int(),
  invalid: z.int(),
  results: z.array(z.object({ index: z.int(), status: z.string() })),
})
const eventPage = z.object({
  events: z.array(
    z.looseObject({
      kind: z.string(),
      actor: z.looseObject({ address: z.string().nullable() }),
      subject: z.object({ kind: z.string(), id: z.string() }).nullable(),
      after: z.json(),
    }),
  ),
})

let gateway: GatewayUnderTest
const start = async (environment: Record<string, string> = {}) => {
  // An account is added by the password as bearer.
  const withAccount = environment['ADMIN_BEARER_PASSWORD'] !== 'false'
  gateway = await startGatewayUnderTest({ environment, withAccount })
}
afterEach(() => gateway.close())

const post = (path: string, body: unknown) => gateway.postJson(path, body)
const rotate = (what: string) => post('/v2/secrets/rotate', { what })
const readKey = () => readFileSync(join(gateway.dataDirectory, 'master.key'), 'utf8')

describe('keys', () => {
  beforeEach(() => start())

  it('S22: are rotated while the gateway serves, and it starts with them again', async () => {
    const before = readKey()
    expect((await rotate('data')).status).toBe(200)
    expect(await (await rotate('master')).json()).toMatchObject({ what: 'master', keyId: expect.any(String) })
    expect(readKey()).not.toBe(before)
    expect((await post('/v1/chat/completions', chat)).status).toBe(200)
    await gateway.restart()
    expect((await post('/v1/chat/completions', chat)).status).toBe(200)
    expect((await rotate('nothing')).status).toBe(400)
    const { events } = eventPage.parse(await (await gateway.fetch('/v2/events?limit=20')).json())
    const rotations = events.filter(({ subject }) => subject?.kind === 'setting')
    expect(rotations.map(({ kind, subject }) => [kind, subject?.id])).toEqual([
      ['master-key-rotated', 'master-key'],
      ['data-key-rotated', 'data-key'],
    ])
  })

  it('S24: and the database are in files that only this user can open, whatever happened', async () => {
    await rotate('data')
    await rotate('master')
    const names = readdirSync(gateway.dataDirectory)
    const modes = names.map((name) => statSync(join(gateway.dataDirectory, name)).mode & 0o777)
    expect(names).toContain('data.sqlite3-wal')
    expect([...new Set(modes)]).toEqual([0o600])
    expect(statSync(gateway.dataDirectory).mode & 0o777).toBe(0o700)
  })
})

describe('an export', () => {
  beforeEach(() => start())

  it('S29: has no secrets unless asked for, and then a passphrase is needed', async () => {
    const { clientSecret, refreshToken } = gateway.simulator.seed()
    await post('/v2/accounts', { ...gateway.simulator.seed(), clientSecret, refreshToken, label: '=1+1' })
    const plain = await (await post('/v2/accounts/export', {})).text()
    expect(exportOf.parse(JSON.parse(plain)).accounts).toHaveLength(2)
    const answer = await post('/v2/accounts/export', { format: 'csv' })
    const csv = await answer.text()
    expect([answer.headers.get('content-type'), csv.split('\r\n')[0]?.split(',')[0]]).toEqual([
      'text/csv; charset=utf-8',
      'id',
    ])
    expect(csv).toContain(`"'=1+1"`)
    const secrets = [clientSecret, refreshToken]
    expect(secrets.filter((secret) => plain.includes(secret) || csv.includes(secret))).toEqual([])
    for (const body of [
      { include_secrets: true },
      { include_secrets: true, passphrase: 'too short' },
      { include_secrets: true, passphrase, format: 'csv' },
    ]) {
      expect((await post('/v2/accounts/export', body)).status).toBe(400)
    }
  })

  it('S29: with secrets is locked, opens with its passphrase elsewhere, and may come twice', async () => {
    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    await post('/v2/accounts', { clientId, clientSecret, refreshToken })
    const answer = await post('/v2/accounts/export', { include_secrets: true, passphrase })
    const text = await answer.text()
    expect([clientId, clientSecret, refreshToken].filter((each) => text.includes(each))).toEqual([])
    const exported: unknown = JSON.parse(text)
    const take = async (body: object) => {
      const taken = await post('/v2/accounts/import', body)
      return outcome.parse(await taken.json())
    }
    expect(await take({ export: exported, passphrase })).toMatchObject({ created: 0, duplicates: 2 })
    await gateway.fetch(`/v2/accounts/${gateway.accountId}`, { method: 'DELETE' })
    expect(await take({ export: exported, passphrase })).toMatchObject({ created: 1, duplicates: 1 })
    expect(await take({ export: exported, passphrase })).toMatchObject({ created: 0, duplicates: 2 })
    expect((await post('/v1/chat/completions', chat)).status).toBe(200)
    const wrong = await post('/v2/accounts/import', { export: exported, passphrase: `${passphrase}.` })
    expect([wrong.status, (await wrong.text()).includes('passphrase is wrong')]).toEqual([400, true])
    expect((await post('/v2/accounts/import', { export: exported })).status).toBe(400)
    // A passphrase is made expensive to guess, and that four times.
  }, 60_000)

  it('S29: that is locked comes in whole, however many accounts it has', async () => {
    // Nobody can take it apart, so it may hold more values than other bodies.
    const settings = { tags: ['a'], models: ['m'], clientId: 'c', weight: 1, priority: 0, label: null }
    const accounts = Array.from({ length: 15_000 }, () => settings)
    const document = JSON.stringify({ format: 'aqueduct-accounts', version: 1, accounts })
    const exported = await createEnvelopes(randomBytes).seal(document, passphrase)
    const answer = await post('/v2/accounts/import', { export: exported, passphrase })
    expect(outcome.parse(await answer.json())).toMatchObject({ created: 0, invalid: 15_000 })
  })

  it('S29: is judged account by account when it comes in', async () => {
    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    const accounts = [{ clientId, clientSecret, refreshToken }, { clientId: 'x' }, 7]
    const body = { export: { format: 'aqueduct-accounts', version: 1, accounts } }
    const { results } = outcome.parse(await (await post('/v2/accounts/import', body)).json())
    expect(results.map(({ status }) => status)).toEqual(['created', 'invalid', 'invalid'])
    expect((await post('/v2/accounts/import', { export: { format: 'other' } })).status).toBe(400)
  })
})

/** Each client has an address of its own, which the trusted proxy tells. */
const from = (client: number) => ({ 'x-forwarded-for': `203.0.113.${client}` })
const exportWith = async (more: object, headers: Record<string, string>) => {
  const wishes = { include_secrets: true, passphrase, ...more }
  return (await gateway.postJson('/v2/accounts/export', wishes, headers)).status
}

describe('an export with secrets, where there is a password', () => {
  const password = 'correct horse'
  const hash = '$scrypt$ln=14,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$JbN2hANm9NOw4h5BRHZnbjzQ6Jr0QwNWojTOC2WgIbU'
  const tokenOf = z.looseObject({ token: z.string() })
  it('S29: asks sessions and tokens for the password anew, throttles each client, and is in the audit', async () => {
    await start({
      ADMIN_PASSWORD_HASH: hash,
      ADMIN_BEARER_PASSWORD: 'false',
      TRUSTED_PROXIES: '127.0.0.1',
    })
    const signedIn = await gateway.postJson('/v2/session', { password }, from(1))
    const cookie = /^[^;]+/.exec(signedIn.headers.get('set-cookie') ?? '')?.[0] ?? ''
    const session = { cookie, 'x-aqueduct-csrf': '1', 'sec-fetch-site': 'same-origin' }
    const made = await gateway.postJson('/v2/tokens', { name: 'ci', scope: 'full' }, session)
    const token = { authorization: `Bearer ${tokenOf.parse(await made.json()).token}` }
    for (const carried of [session, token]) {
      const headers = { ...carried, ...from(2) }
      expect([
        await exportWith({}, headers),
        await exportWith({ password: 'wrong horse' }, headers),
        await exportWith({ password }, headers),
      ]).toEqual([403, 401, 200])
    }
    for (let guess = 0; guess < 6; guess += 1) {
      await exportWith({ password: `guess ${guess}` }, { ...session, ...from(3) })
    }
    expect(await exportWith({ password }, { ...session, ...from(3) })).toBe(429)
    expect(await exportWith({ password }, { ...session, ...from(4) })).toBe(200)
    const read = await gateway.fetch('/v2/events?kind=accounts-exported', { headers: token })
    const { events } = eventPage.parse(await read.json())
    expect(events.map(({ actor, after }) => [actor.address, after])).toEqual(
      [4, 2, 2].map((client) => [`203.0.113.${client}`, { accounts: 0, withSecrets: true, format: 'json' }]),
    )
  })
})
