/** What requests say, on its way into the database. */
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, expect, it, vi } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const password = 'correct horse'
const MARK = 'c4nary'
const HOSTILE = `${MARK}' or 1=1; drop table accounts; --`
const authorization = `Bearer ${password}`

let gateway: GatewayUnderTest
afterEach(async () => {
  vi.restoreAllMocks()
  await gateway.close()
})

it('S46: is a parameter of queries, never a part of their text, be it of a client or of the operator', async () => {
  const prepare = vi.spyOn(BetterSqlite3.prototype, 'prepare')
  gateway = await startGatewayUnderTest({
    environment: { ADMIN_PASSWORD: password, OPENAI_KEYS: 'sk-of-a-client' },
  })
  const send = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) }
    const answer = await gateway.fetch(path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return answer.status
  }
  const hostile = encodeURIComponent(HOSTILE)
  const account = { label: HOSTILE, tags: [HOSTILE], other: { note: HOSTILE } }
  const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
  const statuses = [
    await send('POST', '/v2/accounts', { ...account, clientId, clientSecret, refreshToken }),
    await send('PATCH', `/v2/accounts/${gateway.accountId}`, account),
    await send('GET', `/v2/accounts/${hostile}`),
    await send('DELETE', `/v2/accounts/${hostile}`),
    await send('GET', `/v2/accounts?sort=${hostile}&order=${hostile}&tag=${hostile}`),
    await send('POST', '/v2/keys', { name: HOSTILE, tags: [HOSTILE] }),
    await send('GET', `/v2/keys/${hostile}`),
    await send('DELETE', `/v2/keys/${hostile}`),
    await send('POST', '/v2/tokens', { name: HOSTILE, scope: 'read' }),
    await send('DELETE', `/v2/tokens/${hostile}`),
    await send('GET', `/v2/events?subject=${hostile}&actor=${hostile}`),
    await send('GET', `/v2/events?kind=${hostile}`),
    await send('POST', '/v2/auth/start', { label: HOSTILE }),
    await send('GET', `/v2/auth/status/${hostile}`),
  ]
  for (const key of ['sk-of-a-client', HOSTILE]) {
    const chat = { model: HOSTILE, max_tokens: 9, messages: [{ role: 'user', content: HOSTILE }] }
    const headers = {
      'x-api-key': key,
      'user-agent': HOSTILE,
      'x-request-id': HOSTILE,
      cookie: `session=${HOSTILE}`,
    }
    const answers = [
      await gateway.postJson('/v1/messages', chat, headers),
      await gateway.postJson(
        '/v1/messages',
        { ...chat, model: 'claude-sonnet-4.5', metadata: { user_id: HOSTILE } },
        headers,
      ),
    ]
    statuses.push(...answers.map(({ status }) => status))
  }
  expect(statuses.filter((status) => status >= 500)).toEqual([])
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(5)

  const queries = prepare.mock.calls.map(([text]) => text)
  expect(queries.length).toBeGreaterThan(100)
  expect(queries.filter((text) => text.toLowerCase().includes(MARK))).toEqual([])
  // It came to where it would have done harm.
  const stored = new BetterSqlite3(`${gateway.dataDirectory}/data.sqlite3`, { readonly: true })
  expect(stored.prepare('select count(*) as found from accounts where label = ?').get(HOSTILE)).toEqual({
    found: 2,
  })
  stored.close()
})
