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

let gateway: GatewayUnderTest
beforeEach(async () => {
  gateway = await startGatewayUnderTest()
})
afterEach(() => gateway.close())

const post = (path: string, body: unknown) => gateway.postJson(path, body)
const rotate = (what: string) => post('/v2/secrets/rotate', { what })
const readKey = () => readFileSync(join(gateway.dataDirectory, 'master.key'), 'utf8')

describe('keys', () => {
  it('S22: are rotated while the gateway serves, and it starts with them again', async () => {
    const before = readKey()
    expect((await rotate('data')).status).toBe(200)
    expect(await (await rotate('master')).json()).toMatchObject({ what: 'master', keyId: expect.any(String) })
    expect(readKey()).not.toBe(before)
    expect((await post('/v1/chat/completions', chat)).status).toBe(200)
    await gateway.restart()
    expect((await post('/v1/chat/completions', chat)).status).toBe(200)
    expect((await rotate('nothing')).status).toBe(400)
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
  })

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
