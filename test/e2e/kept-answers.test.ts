/** Answers that are kept: read again, gone on from, deleted, and by nobody else. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { openSocket, readAll, send } from '../send.ts'
import { readSentConversation } from '../sent-conversation.ts'

const model = 'claude-sonnet-4.5'
const PATH = '/v1/responses'
const keys = { one: 'sk-0123456789abcdef-one', another: 'sk-0123456789abcdef-two' }

const response = z.looseObject({
  id: z.string(),
  object: z.literal('response'),
  status: z.string(),
  output: z.array(z.looseObject({ id: z.string(), type: z.string() })),
})
const refusal = z.object({
  error: z.looseObject({ message: z.string(), param: z.string().nullable(), code: z.string().nullable() }),
})
const itemList = z.strictObject({
  object: z.literal('list'),
  data: z.array(z.looseObject({ id: z.string(), type: z.string() })),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
})

let gateway: GatewayUnderTest
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const asOne = bearer(keys.one)

async function create(body: object, headers: Record<string, string> = asOne) {
  const answer = await gateway.postJson(PATH, { model, ...body }, headers)
  expect(answer.status).toBe(200)
  return response.parse(await answer.json())
}
async function ask(path: string, init: { method?: string; headers?: Record<string, string> } = {}) {
  const answer = await gateway.fetch(`${PATH}/${path}`, { headers: asOne, ...init })
  const body: unknown = await answer.json()
  return { status: answer.status, body }
}
async function refused(body: object, headers: Record<string, string> = asOne) {
  const answer = await gateway.postJson(PATH, { model, ...body }, headers)
  return { status: answer.status, ...refusal.parse(await answer.json()).error }
}
async function countTokens(body: object): Promise<number> {
  const answer = await gateway.postJson(`${PATH}/input_tokens`, { model, ...body }, asOne)
  return z.object({ input_tokens: z.int() }).parse(await answer.json()).input_tokens
}
const lastSent = () => {
  const entries = gateway.simulator.journal.of('GenerateAssistantResponse')
  return readSentConversation(entries.at(-1))
}

describe('responses', () => {
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { OPENAI_KEYS: Object.values(keys).join(',') } })
  })
  afterAll(() => gateway.close())
  afterEach(() => gateway.assertNoViolation())

  it('R21: are found as they were answered, until they are deleted', async () => {
    const created = await create({ input: 'Say hello.' })
    expect(created['store']).toBe(true)
    expect(await ask(created.id)).toEqual({ status: 200, body: created })
    expect(await ask(created.id, { method: 'DELETE' })).toEqual({
      status: 200,
      body: { id: created.id, object: 'response', deleted: true },
    })
    for (const method of ['GET', 'DELETE']) {
      const { status, body } = await ask(created.id, { method })
      expect(status).toBe(404)
      expect(refusal.parse(body).error).toMatchObject({ code: 'response_not_found', param: null })
    }
    expect(await refused({ input: 'x', previous_response_id: created.id })).toMatchObject({ status: 400 })
  })

  it('R21: are found as a stream told them, at once and stored', async () => {
    const answer = await gateway.postJson(PATH, { model, stream: true, input: 'Say hello.' }, asOne)
    const events = (await answer.text())
      .split('\n\n')
      .flatMap((event) => /^data: (\{.*)$/m.exec(event)?.[1] ?? [])
    const completed: unknown = JSON.parse(events.at(-1) ?? '')
    const told = z.object({ type: z.literal('response.completed'), response }).parse(completed)
    expect(await ask(told.response.id)).toEqual({ status: 200, body: told.response })
    await gateway.restart()
    expect(await ask(told.response.id)).toEqual({ status: 200, body: told.response })
  })

  it('R22: are not found when they are not to be stored', async () => {
    const { id, store } = await create({ input: 'Say hello.', store: false })
    expect(store).toBe(false)
    expect((await ask(id)).status).toBe(404)
    expect(await refused({ input: 'x', previous_response_id: id })).toMatchObject({
      code: 'previous_response_not_found',
    })
  })

  it('R20: are gone on from, with all that was said before', async () => {
    const first = await create({ input: 'The word is heron.', instructions: 'Be terse.' })
    const second = await create({ input: 'And the second?', previous_response_id: first.id })
    await create({ input: 'What was the word?', previous_response_id: second.id })
    const { users, assistants } = lastSent()
    const said = users.map(({ content }) => content).join('\n')
    expect(said).toMatch(/The word is heron\.[^]*And the second\?[^]*What was the word\?/)
    // Instructions are of their own request alone.
    expect(said).not.toContain('Be terse.')
    expect(assistants.map(({ content }) => content).join('\n')).toContain('heron')
    expect(await ask(second.id)).toMatchObject({ body: { previous_response_id: first.id } })
  })

  it('R20: are gone on from after a restart, and after earlier ones were deleted', async () => {
    const first = await create({ input: 'The word is bittern.' })
    const second = await create({ input: 'Go on.', previous_response_id: first.id })
    expect((await ask(first.id, { method: 'DELETE' })).status).toBe(200)
    await gateway.restart()
    expect((await ask(first.id)).status).toBe(404)
    await create({ input: 'What was the word?', previous_response_id: second.id })
    expect(
      lastSent()
        .users.map(({ content }) => content)
        .join(),
    ).toContain('bittern')
  })

  it.each(['resp_unknown', 'x'.repeat(90), 'resp_\u0000', '../models'])(
    'R20: that are unknown are refused with the field at fault: %j',
    async (id) => {
      expect(await refused({ input: 'x', previous_response_id: id })).toMatchObject({
        status: 400,
        type: 'invalid_request_error',
        param: 'previous_response_id',
        code: 'previous_response_not_found',
      })
      expect((await ask(encodeURIComponent(id))).status).toBe(404)
    },
  )

  it('R20: are for the key alone that asked for them', async () => {
    const { id, output } = await create({ input: 'The word is heron.' })
    const asAnother = bearer(keys.another)
    for (const [path, method] of [
      [id, 'GET'],
      [`${id}/input_items`, 'GET'],
      [`${id}/cancel`, 'POST'],
      [id, 'DELETE'],
    ] as const) {
      expect((await ask(path, { method, headers: asAnother })).status).toBe(404)
      expect((await ask(path, { method, headers: {} })).status).toBe(401)
    }
    expect(await refused({ input: 'x', previous_response_id: id }, asAnother)).toMatchObject({
      code: 'previous_response_not_found',
    })
    const input = [{ type: 'item_reference', id: output[0]?.id }]
    expect(await refused({ input }, asAnother)).toMatchObject({ status: 400, param: 'input' })
    expect((await ask(id)).status).toBe(200)
  })

  it('have items that later requests point to', async () => {
    const { output } = await create({ input: 'Say heron.' })
    await create({
      input: [
        { role: 'user', content: 'Say heron.' },
        { type: 'item_reference', id: output[0]?.id },
        { role: 'user', content: 'And again?' },
      ],
    })
    const { assistants } = lastSent()
    expect(assistants.map(({ content }) => content).join()).toContain('heron')
    expect(await refused({ input: [{ type: 'item_reference', id: 'msg_unknown' }] })).toMatchObject({
      status: 400,
      message: expect.stringContaining("'msg_unknown' not found"),
      param: 'input',
    })
  })

  it('have items that are pointed to once, and not where they are said already', async () => {
    const { id, output } = await create({ input: 'Say heron.' })
    const reference = { type: 'item_reference', id: output[0]?.id }
    for (const body of [
      { input: [reference, reference] },
      { input: [reference], previous_response_id: id },
    ]) {
      expect(await refused(body)).toMatchObject({
        status: 400,
        type: 'invalid_request_error',
        message: expect.stringContaining(`Duplicate item found with id '${reference.id}'`),
        param: 'input',
      })
    }
  })

  it('count their tokens with all that was said before', async () => {
    const { id } = await create({ input: 'heron '.repeat(500) })
    const alone = await countTokens({ input: 'And?' })
    expect(await countTokens({ input: 'And?', previous_response_id: id })).toBeGreaterThan(alone + 300)
  })

  it('are gone on from by a summary that stands for all that was said before', async () => {
    const { id } = await create({ input: 'The word is heron.' })
    const body = { model, input: 'Go on.', previous_response_id: id }
    const answer = await gateway.postJson(`${PATH}/compact`, body, asOne)
    expect([answer.status, await answer.json()]).toMatchObject([200, { object: 'response.compaction' }])
    expect(
      lastSent()
        .users.map(({ content }) => content)
        .join('\n'),
    ).toMatch(/The word is heron\.[^]*Go on\./)
  })

  it('list what they were made from, page by page', async () => {
    const first = await create({ input: 'One.' })
    const second = await create({
      input: [
        { role: 'user', content: 'Two.' },
        { role: 'user', content: 'Three.' },
      ],
      previous_response_id: first.id,
    })
    const list = async (query: string) => itemList.parse((await ask(`${second.id}/input_items${query}`)).body)
    const all = await list('?order=asc')
    expect(all.data.map(({ type }) => type)).toEqual(['message', 'message', 'message', 'message'])
    expect(all.data.at(-1)).toMatchObject({ role: 'user', content: [{ type: 'input_text', text: 'Three.' }] })
    expect([all.has_more, all.first_id]).toEqual([false, all.data[0]?.id])
    expect((await list('')).data).toEqual(all.data.toReversed())
    const page = await list('?limit=3&order=asc')
    expect(page).toMatchObject({ has_more: true, last_id: all.data[2]?.id })
    const rest = await list(`?order=asc&after=${page.last_id}`)
    expect([...page.data, ...rest.data]).toEqual(all.data)
    expect(rest.has_more).toBe(false)
  })

  it.each(['limit=0', 'limit=101', 'limit=x', 'order=up', 'after=unknown', 'limit=1&limit=2'])(
    'refuse to list by ?%s',
    async (query) => {
      const { id } = await create({ input: 'One.' })
      const { status, body } = await ask(`${id}/input_items?${query}`)
      expect(status).toBe(400)
      expect(refusal.parse(body).error.param).toBe(query.split('=')[0])
    },
  )

  it('are neither streamed again nor cancelled', async () => {
    const { id } = await create({ input: 'One.' })
    const streamed = await ask(`${id}?stream=true`)
    expect([streamed.status, refusal.parse(streamed.body).error.param]).toEqual([400, 'stream'])
    const cancelled = await ask(`${id}/cancel`, { method: 'POST' })
    expect(cancelled.status).toBe(400)
    expect(refusal.parse(cancelled.body).error.message).toContain('background')
    expect((await ask('resp_unknown/cancel', { method: 'POST' })).status).toBe(404)
  })

  it('are found on every path that they are asked for on', async () => {
    const { id } = await create({ input: 'One.' })
    for (const path of ['/responses', '/v1/v1/responses', '/openai/v1/responses']) {
      expect((await gateway.fetch(`${path}/${id}`, { headers: asOne })).status).toBe(200)
    }
    for (const name of ['compact', 'input_tokens']) expect((await ask(name)).status).toBe(404)
  })

  it('lie in no file in clear', async () => {
    const { id } = await create({ input: 'The word is canary-of-a-question.' })
    await ask(id, { method: 'DELETE' })
    await create({ input: 'The word is canary-of-a-question.' })
    await gateway.stop()
    const names = readdirSync(gateway.dataDirectory, { recursive: true, withFileTypes: true })
    const files = names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name))
    expect(files.some((file) => readFileSync(file).includes(model))).toBe(true)
    expect(files.filter((file) => readFileSync(file).includes('canary-of-a-question'))).toEqual([])
    await gateway.restart()
  })

  it.each([
    [
      'as browsers and Codex ask',
      { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
    ],
    ['in other letters, without a key', { connection: 'keep-alive, upgrade', upgrade: 'WebSocket' }],
  ])('R23: refuse a WebSocket by 426, and close: %s', async (_, headers) => {
    for (const path of [PATH, `${PATH}/?x=1`, '/responses']) {
      const lines = [
        `GET ${path} HTTP/1.1`,
        'host: localhost',
        ...Object.entries(headers).map((pair) => pair.join(': ')),
      ]
      const text = await readAll(await openSocket(gateway.url, `${lines.join('\r\n')}\r\n\r\n`))
      const [head = '', body = ''] = text.split('\r\n\r\n')
      expect(head).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/)
      expect(head).toMatch(/connection: upgrade, close/i)
      expect(head).toMatch(/content-type: application\/json/i)
      expect(refusal.parse(JSON.parse(body)).error.code).toBe('websocket_not_supported')
    }
  })

  it('R24: refuse a plain GET by 405, and say what they take', async () => {
    const answer = await send(`${gateway.url}${PATH}`, { headers: asOne })
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST'])
    expect(refusal.parse(JSON.parse(answer.text)).error.code).toBe('method_not_supported')
  })
})

describe('a gateway that keeps no responses', () => {
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { RESPONSES_KEEP_DAYS: '0' } })
  })
  afterAll(() => gateway.close())

  it('answers them, and says what to do instead of pointing to them', async () => {
    const { id, output, store } = await create({ input: 'Say hello.', store: true }, {})
    expect(store).toBe(false)
    expect((await ask(id, { headers: {} })).status).toBe(404)
    expect(await refused({ input: 'x', previous_response_id: id }, {})).toMatchObject({
      status: 400,
      message: expect.stringContaining('RESPONSES_KEEP_DAYS'),
      param: 'previous_response_id',
      code: 'previous_response_not_found',
    })
    const input = [{ type: 'item_reference', id: output[0]?.id }]
    expect(await refused({ input }, {})).toMatchObject({ status: 400, param: 'input' })
  })
})

describe('a gateway that keeps two responses for each key', () => {
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { RESPONSES_KEEP_PER_KEY: '2' } })
  })
  afterAll(() => gateway.close())

  it('forgets what was used longest ago', async () => {
    const ids: string[] = []
    for (const input of ['One.', 'Two.', 'Three.']) ids.push((await create({ input }, {})).id)
    // What waits to be stored is found all the same.
    await gateway.restart()
    const found = await Promise.all(ids.map((id) => ask(id, { headers: {} })))
    expect(found.map(({ status }) => status)).toEqual([404, 200, 200])
  })
})
