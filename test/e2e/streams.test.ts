import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delay, event, stall } from '../../simulator/replies/steps.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const dialects = [
  ['OpenAI', '/v1/chat/completions'],
  ['Anthropic', '/v1/messages'],
] as const

function ask(prompt: string, stream: boolean) {
  return {
    model: 'claude-sonnet-4.5',
    max_tokens: 1_000_000,
    stream,
    messages: [{ role: 'user', content: prompt }],
  }
}

/** The text of an answer of either dialect, streamed or whole. */
function textOf(body: string): string {
  const documents = body.startsWith('{')
    ? [body]
    : // Lines end in line feeds alone; JavaScript's `$` would find more.
      body.split('\n').flatMap((line) => (line.startsWith('data: {') ? [line.slice(6)] : []))
  return documents.map((document) => textIn(JSON.parse(document))).join('')
}

function textIn({ choices, content, delta }: Record<string, unknown>): string {
  const choice = Array.isArray(choices) ? choices[0] : undefined
  const said = [choice?.delta?.content, choice?.message?.content, member(delta, 'text')]
  const blocks = Array.isArray(content) ? content.map((block: unknown) => member(block, 'text')) : []
  return [...said, ...blocks].filter((text) => typeof text === 'string').join('')
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

describe.each(dialects)('an answer to an %s client', (_, path) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest()
  })
  afterAll(() => gateway.close())

  const text = 'Grüße, 世界! 👋🏽 — naïve < café </ <thinking \u2028 the the the the " \\ \n\t end'

  it.each([
    ['by single bytes', '[[sim:dribble]]', true],
    ['by single bytes', '[[sim:dribble]]', false],
    ['by seven bytes', '[[sim:slice:7]]', true],
    ['in one piece', '[[sim:slice:whole]]', true],
    ['in one piece', '[[sim:slice:whole]]', false],
  ])('has the exact text when it comes %s (%s, streamed: %s)', async (_by, slice, stream) => {
    const answer = await gateway.postJson(path, ask(`[[sim:text:${text}]]${slice}`, stream))
    expect(textOf(await answer.text())).toBe(text)
  })

  it.each([true, false])('has the exact text when it is 1 MB long (streamed: %s)', async (stream) => {
    const long = Array.from({ length: 30_000 }, (_each, index) => `${index} 你好 < the the 👋🏽 "\\\n`).join('')
    expect(Buffer.byteLength(long)).toBeGreaterThan(1_000_000)
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'text', text: long }, delivery: { slice: 1401 } })
    const answer = await gateway.postJson(path, ask('hi', stream))
    expect(textOf(await answer.text()) === long).toBe(true)
  })

  it('reaches the client read by read: what the service waits with holds nothing back', async () => {
    const steps = [event('assistantResponseEvent', { content: 'first' }), stall()]
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'steps', steps } })
    const leaving = new AbortController()
    const answer = await gateway.fetch(path, {
      method: 'POST',
      body: JSON.stringify(ask('hi', true)),
      signal: leaving.signal,
    })
    const reader = answer.body?.getReader()
    let received = ''
    while (textOf(received) !== 'first') {
      const piece = await reader?.read()
      expect(piece?.done).toBe(false)
      received += Buffer.from(piece?.value ?? []).toString()
    }
    leaving.abort()
    await abortOfLast()
  })

  const chats = () => gateway.simulator.journal.of('GenerateAssistantResponse')
  const abortOfLast = () => {
    const last = chats().at(-1)?.order
    return gateway.simulator.journal.waitFor(
      ({ order, outcome }) => order === last && outcome.kind === 'aborted-by-client',
    )
  }

  it.each([
    ['before the first token', '[[sim:stall-at-start]]', true],
    ['before the first token', '[[sim:stall-at-start]]', false],
    ['before the head of the answer', '[[sim:headers-delay:60000]]', true],
    ['before the head of the answer', '[[sim:headers-delay:60000]]', false],
    ['in the middle', '[[sim:stall]]', true],
    ['in the middle', '[[sim:stall]]', false],
  ])('is no longer made when the client leaves %s (%s, streamed: %s)', async (_when, prompt, stream) => {
    const before = chats().at(-1)?.order ?? 0
    const leaving = new AbortController()
    const answer = gateway.fetch(path, {
      method: 'POST',
      body: JSON.stringify(ask(prompt, stream)),
      signal: leaving.signal,
    })
    answer.catch(() => {})
    await gateway.simulator.journal.waitFor(
      ({ operation, order }) => operation === 'GenerateAssistantResponse' && order > before,
    )
    leaving.abort()
    await abortOfLast()
    const account: unknown = await (await gateway.fetch(`/v2/accounts/${gateway.accountId}`)).json()
    expect(account).toMatchObject({ enabled: true, error_count: 0 })
    expect((await gateway.postJson(path, ask('hi', stream))).status).toBe(200)
  })

  const ends = /\[DONE\]|message_stop|"finish_reason":"|"stop_reason":"/
  it.each([
    'exception-mid-stream',
    'modelled-exception',
    'connection-cut',
    'connection-reset',
    'mid-frame-cut',
    'mid-frame-end',
    'bad-message-crc',
    'truncated-tool',
  ])('that breaks after its content (%s) ends with an error, never as if it were complete', async (name) => {
    // No second attempt may hide what the first one shows.
    gateway.simulator.plan({ behaviour: { kind: 'named', name } })
    const body = { ...ask('hi', true), tools: toolsOf(path) }
    const answer = await gateway.postJson(path, body)
    const received = await answer.text()
    gateway.simulator.clearPlans()
    expect(received).toMatch(/"error":\{/)
    expect(received).not.toMatch(ends)
  })

  it('waits for nothing between a frame and the end', async () => {
    await gateway.resetAccount()
    const steps = [event('assistantResponseEvent', { content: 'a' }), delay(1)]
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'steps', steps } })
    expect(textOf(await (await gateway.postJson(path, ask('hi', true))).text())).toBe('a')
  })
})

function toolsOf(path: string) {
  const schema = { type: 'object', properties: { path: { type: 'string' } } }
  return path === '/v1/messages'
    ? [{ name: 'ls', input_schema: schema }]
    : [{ type: 'function', function: { name: 'ls', parameters: schema } }]
}
