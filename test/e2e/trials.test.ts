/** The operator asks as clients do, in each dialect, without a key: through any account, or through a certain one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { modelListAnswer } from '../../src/http/admin/answers.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const password = 'correct horse battery'
const asOperator = { authorization: `Bearer ${password}` }
const model = 'claude-sonnet-4.5'

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest({ environment: { ADMIN_PASSWORD: password } })
})
afterAll(() => gateway.close())

const bodies = {
  '/v2/chat/test': (text: string) => ({ model, messages: [{ role: 'user', content: text }] }),
  '/v2/messages/test': (text: string) => ({
    model,
    max_tokens: 100,
    messages: [{ role: 'user', content: text }],
  }),
  '/v2/responses/test': (text: string) => ({ model, input: text, store: false }),
}
const trials = Object.entries(bodies).map(([path, write]) => ({ path, write }))

describe('a trial', () => {
  it.each(trials)('is answered in the words of its dialect: $path', async ({ path, write }) => {
    const answer = await gateway.postJson(path, write('hello there'), asOperator)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('You said: hello there')
  })

  it.each(trials)('is streamed: $path', async ({ path, write }) => {
    const answer = await gateway.postJson(path, { ...write('hello'), stream: true }, asOperator)
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(await answer.text()).toMatch(/^(event|data): /)
  })

  it.each(trials)('goes through one account where that is asked for: $path', async ({ path, write }) => {
    const { accountId } = gateway
    const one = await gateway.postJson(`${path}?account_id=${accountId}`, write('hi'), asOperator)
    expect(one.status).toBe(200)
    const none = await gateway.postJson(`${path}?account_id=nobody`, write('hi'), asOperator)
    expect(none.status).toBe(404)
  })

  it.each(trials)('may be as long as those of clients: $path', async ({ path, write }) => {
    const answer = await gateway.postJson(
      path,
      { ...write('hi'), padding: 'x'.repeat(1_100_000) },
      asOperator,
    )
    expect(answer.status).toBe(200)
  })

  it.each(trials)('is nobody else’s: $path', async ({ path, write }) => {
    expect((await gateway.postJson(path, write('hi'))).status).toBe(401)
    const session = await gateway.postJson('/v2/session', { password })
    const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? ''
    const origin = gateway.url
    const without = await gateway.postJson(path, write('hi'), { cookie, origin })
    expect(without.status).toBe(403)
    const csrf = { 'x-aqueduct-csrf': '1' }
    expect((await gateway.postJson(path, write('hi'), { cookie, origin, ...csrf })).status).toBe(200)
  })
})

describe('the models', () => {
  it('are those of clients, with what each takes', async () => {
    const read = async (path: string) => (await gateway.fetch(path, { headers: asOperator })).json()
    const ids = z
      .object({ data: z.array(z.looseObject({ id: z.string() })) })
      .parse(await (await gateway.fetch('/v1/models', { headers: asOperator })).json())
    const { models, count } = modelListAnswer.parse(await read('/v2/models'))
    expect(models.map(({ id }) => id)).toEqual(ids.data.map(({ id }) => id))
    expect(count).toBe(models.length)
    expect(models.find(({ id }) => id === model)).toMatchObject({
      contextWindow: 200_000,
      takesImages: true,
      thinks: true,
    })
  })
})
