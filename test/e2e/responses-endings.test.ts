/** How streams of the Responses API end, from end to end: Codex is told so that it neither hammers nor gives up too soon. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { readEvents, type ReadEvent } from '../response-stream.ts'

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    environment: { RETRY_BUDGET_PERCENT: '0', RETRY_BUDGET_PER_SECOND: '0' },
  })
})
afterEach(async () => {
  gateway.simulator.clearPlans()
  await gateway.resetAccount()
})
afterAll(() => gateway.close())

const codex = { originator: 'codex_exec', 'user-agent': 'codex_exec/0.169.0 (Debian 12.0.0; x86_64)' }
const say = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })

const ask = (change: object = {}, headers: Record<string, string> = {}) =>
  gateway.postJson(
    '/v1/responses',
    { model: 'claude-sonnet-4.5', input: [say('hi')], stream: true, store: false, ...change },
    headers,
  )

const ending = z.looseObject({
  type: z.string(),
  response: z.looseObject({
    status: z.string(),
    error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
    output: z.array(z.looseObject({ type: z.string() })),
  }),
})

async function readStream(answer: Response): Promise<{ events: ReadEvent[]; last: z.output<typeof ending> }> {
  expect(answer.status).toBe(200)
  const events = readEvents(await answer.text())
  return { events, last: ending.parse(events.at(-1)) }
}

function throttle(seconds: number): void {
  const refusal = {
    name: 'ThrottlingException',
    message: 'Too many requests, please wait before trying again.',
    status: 429,
    headers: { 'retry-after': String(seconds) },
  }
  gateway.simulator.plan({ behaviour: { kind: 'refusal', refusal } })
}

describe('a stream of the Responses API', () => {
  it('ends with what was said', async () => {
    const { events, last } = await readStream(await ask())
    expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['response.created', 'response.in_progress'])
    expect(last).toMatchObject({ type: 'response.completed', response: { status: 'completed' } })
    expect(JSON.stringify(last.response.output)).toContain('hi')
  })

  it.each([
    ['exception-mid-stream', 'server_error'],
    ['content-length-exception', 'context_length_exceeded'],
    ['truncated-tool', 'server_error'],
  ])('that breaks by %s fails with the code %s, and is over', async (name, code) => {
    gateway.simulator.plan({ behaviour: { kind: 'named', name } })
    const { last } = await readStream(await ask())
    expect(last).toMatchObject({ type: 'response.failed', response: { status: 'failed', error: { code } } })
  })

  it('is no stream where a failure is known before', async () => {
    throttle(20)
    const answer = await ask()
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('20')
    expect(await answer.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } })
  })

  it('answers a trigger with one summary, which may come back later', async () => {
    const input = [say('We build a bridge.'), { type: 'compaction_trigger' }]
    const { events, last } = await readStream(await ask({ input }, codex))
    const done = events.filter(({ type }) => type === 'response.output_item.done')
    expect(done).toMatchObject([{ item: { type: 'compaction', encrypted_content: expect.any(String) } }])
    expect(last.response.output).toEqual(done.map(({ item }) => item))
    const again = await readStream(await ask({ input: [...last.response.output, say('Go on.')] }, codex))
    expect(again.last.response.status).toBe('completed')
    gateway.assertNoViolation()
  })
})

describe('to Codex', () => {
  it('throttling is a failure with a time, after which it comes back', async () => {
    throttle(20)
    const { last } = await readStream(await ask({}, codex))
    expect(last).toMatchObject({
      type: 'response.failed',
      response: {
        error: { code: 'rate_limit_exceeded', message: expect.stringMatching(/Please try again in 20s\.$/) },
      },
    })
  })

  it('waiting for too long is a refusal with our words', async () => {
    throttle(3600)
    const answer = await ask({}, codex)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } })
  })

  it('a path that is not there is a refusal that it does not repeat', async () => {
    const answer = await gateway.postJson('/v1/responses/no/such/path', {}, codex)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'unknown_url' } })
  })

  it('a service that is broken is a failure, as a status is tried thirty times', async () => {
    const refusal = { name: 'InternalServerException', message: 'Broken.', status: 500 }
    gateway.simulator.plan({ behaviour: { kind: 'refusal', refusal } })
    const { last } = await readStream(await ask({}, codex))
    expect(last).toMatchObject({ type: 'response.failed', response: { error: { code: 'server_error' } } })
  })
})
