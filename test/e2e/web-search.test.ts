import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readClientRequest } from '../client-request.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const searchTool = { type: 'web_search_20250305', name: 'web_search' } as const
const other = { name: 'ls', input_schema: { type: 'object' } } as const

const search = (query: string) =>
  ({ times: 1, behaviour: { kind: 'tool', name: 'web_search', input: { query } } }) as const

function ask(wishes: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) {
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'What is new about tea?' }]
  return { model: 'claude-sonnet-4.5', max_tokens: 8000, messages, tools: [searchTool], ...wishes }
}

const found = { type: 'web_search_result', encrypted_content: expect.stringMatching(/./) }
const unavailable = { type: 'web_search_tool_result_error', error_code: 'unavailable' }

async function startWith(environment: Record<string, string> = {}) {
  const gateway = await startGatewayUnderTest({ environment })
  const client = new Anthropic({ baseURL: gateway.url, apiKey: 'sk-any', maxRetries: 0 })
  const create = (body: ReturnType<typeof ask>, isStreamed = true) =>
    isStreamed ? client.messages.stream(body).finalMessage() : client.messages.create(body)
  return { gateway, client, create }
}
type Started = Awaited<ReturnType<typeof startWith>>

/** What the model was told last. */
function lastSent({ simulator }: GatewayUnderTest): string {
  return JSON.stringify(simulator.journal.of('GenerateAssistantResponse').at(-1)?.body)
}

describe('a search by the model service', () => {
  let gateway: GatewayUnderTest
  let create: Started['create']
  beforeAll(async () => {
    ;({ gateway, create } = await startWith())
  })
  afterAll(() => gateway.close())
  beforeEach(async () => {
    gateway.simulator.clearPlans()
    gateway.simulator.journal.clear()
    await gateway.resetAccount()
  })

  it.each([true, false])('goes on in the same answer (streamed: %s)', async (isStreamed) => {
    gateway.simulator.plan(search('tea'))
    const message = await create(ask(), isStreamed)
    const id = message.content[0]?.type === 'server_tool_use' ? message.content[0].id : ''
    expect(id).toMatch(/^srvtoolu_[\w-]+$/)
    expect(message.content).toMatchObject([
      { type: 'server_tool_use', name: 'web_search', input: { query: 'tea' } },
      {
        type: 'web_search_tool_result',
        tool_use_id: id,
        content: [
          {
            ...found,
            title: 'The first page about tea',
            url: 'https://first.example.com/?q=tea',
            page_age: '2026-11-20',
          },
          { ...found, title: 'The second page about tea' },
        ],
      },
      { type: 'text', text: expect.stringContaining('What the second page says about tea.') },
    ])
    expect(message.stop_reason).toBe('end_turn')
    expect(message.usage.server_tool_use).toMatchObject({ web_search_requests: 1 })
    expect(gateway.simulator.journal.of('InvokeMCP')).toHaveLength(1)
    gateway.assertNoViolation()
  })

  it('is told in the events that its clients know', async () => {
    gateway.simulator.plan(search('tea'))
    const text = await (await gateway.postJson('/v1/messages', { ...ask(), stream: true })).text()
    const events = [...text.matchAll(/"index":(\d+),"content_block":\{"type":"(\w+)"/g)]
    expect(events.map(([, index, type]) => `${index} ${type}`)).toEqual([
      '0 server_tool_use',
      '1 web_search_tool_result',
      '2 text',
    ])
    expect(text).toContain('"partial_json":"{\\"query\\":\\"tea\\"}"')
    expect(text).toContain('event: message_stop')
  })

  it('comes from Claude Code’s own request, which demands it', async () => {
    const { path, headers, body } = readClientRequest('claude-code-2.1.197-web-search')
    gateway.simulator.plan(search('tea'))
    const answer = await gateway.postJson(path, body, headers)
    const text = await answer.text()
    expect(answer.headers.get('x-aqueduct-ignored')).toBeNull()
    expect(text).toContain('"type":"web_search_tool_result"')
    expect(text).toContain('"server_tool_use":{"web_search_requests":1}')
    expect(text).toContain('event: message_stop')
    gateway.assertNoViolation()
  })

  it('is known to the model in the next turn, as it was made', async () => {
    gateway.simulator.plan(search('tea'))
    const body = ask()
    const { content } = await create(body)
    const next: Anthropic.MessageParam[] = [
      ...body.messages,
      { role: 'assistant', content },
      { role: 'user', content: 'And now?' },
    ]
    await create(ask({ messages: next }))
    const sent = lastSent(gateway)
    expect(sent).toContain('"input":{"query":"tea"}')
    expect(sent).toContain('What the first page says about tea.')
    expect(sent).not.toContain('Result of server tool')
    gateway.assertNoViolation()
  })

  it.each([true, false])('is an item of a response (streamed: %s)', async (isStreamed) => {
    gateway.simulator.plan(search('tea'))
    const { responses } = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'sk-any', maxRetries: 0 })
    const tools: OpenAI.Responses.Tool[] = [{ type: 'web_search' }]
    const body = { model: 'claude-sonnet-4.5', input: 'What is new about tea?', tools }
    const response = isStreamed ? await responses.stream(body).finalResponse() : await responses.create(body)
    expect(response.output).toMatchObject([
      {
        type: 'web_search_call',
        status: 'completed',
        action: { type: 'search', query: 'tea', sources: [{ url: 'https://first.example.com/?q=tea' }, {}] },
      },
      { type: 'message' },
    ])
    expect(response.output_text).toContain('What the second page says about tea.')
    expect(response.status).toBe('completed')
    gateway.assertNoViolation()
  })

  it('is not made for Codex, which forbids it', async () => {
    const { path, headers, body } = readClientRequest('codex-0.169-first-turn')
    const answer = await gateway.postJson(path, body, headers)
    await answer.text()
    expect(answer.headers.get('x-aqueduct-ignored')?.split(', ')).toContain('tools.web_search')
    expect(lastSent(gateway)).not.toContain('Searches the web')
    expect(gateway.simulator.journal.of('InvokeMCP')).toEqual([])
  })

  it('is left out of Chat Completions, which have no such tool here', async () => {
    const answer = await gateway.postJson('/v1/chat/completions', {
      model: 'claude-sonnet-4.5',
      messages: [{ role: 'user', content: 'hi' }],
      web_search_options: {},
    })
    await answer.text()
    expect(answer.headers.get('x-aqueduct-ignored')).toContain('web_search_options')
  })

  it('may be made again and again, until the client’s limit', async () => {
    for (const query of ['one', 'two', 'three']) gateway.simulator.plan(search(query))
    const message = await create(ask({ tools: [{ ...searchTool, max_uses: 2 }] }))
    const outcomes = message.content.flatMap((block) =>
      block.type === 'web_search_tool_result' ? [block.content] : [],
    )
    expect(outcomes).toMatchObject([
      [found, found],
      [found, found],
      { ...unavailable, error_code: 'max_uses_exceeded' },
    ])
    expect(message.usage.server_tool_use).toMatchObject({ web_search_requests: 2 })
    expect(message.content.at(-1)).toMatchObject({ type: 'text' })
    expect(gateway.simulator.journal.of('InvokeMCP')).toHaveLength(2)
    gateway.assertNoViolation()
  })

  it('ends with a pause when the model never stops', async () => {
    gateway.simulator.plan({ behaviour: search('tea').behaviour })
    const message = await create(ask())
    expect(message.stop_reason).toBe('pause_turn')
    expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toHaveLength(10)
  })

  it('leaves calls of other tools to the client', async () => {
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'tool', name: 'ls', input: {} } })
    const message = await create(ask({ tools: [searchTool, other] }))
    expect(message.content).toMatchObject([{ type: 'tool_use', name: 'ls' }])
    expect(message.stop_reason).toBe('tool_use')
    expect(gateway.simulator.journal.of('InvokeMCP')).toEqual([])
  })

  it('keeps to the domains that the client allows', async () => {
    gateway.simulator.plan(search('tea'))
    const message = await create(ask({ tools: [{ ...searchTool, allowed_domains: ['second.example.com'] }] }))
    expect(message.content[1]).toMatchObject({ content: [{ title: 'The second page about tea' }] })
  })

  it.each([
    ['an input that is not one', { words: 'tea' }, 'invalid_tool_input'],
    ['an empty query', { query: ' \n ' }, 'invalid_tool_input'],
    ['a query without end', { query: 'x'.repeat(401) }, 'query_too_long'],
  ])('is not made for %s', async (_, input, errorCode) => {
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'tool', name: 'web_search', input } })
    const message = await create(ask())
    expect(message.content[1]).toMatchObject({ content: { ...unavailable, error_code: errorCode } })
    expect(message.content.at(-1)).toMatchObject({ type: 'text' })
    expect(gateway.simulator.journal.of('InvokeMCP')).toEqual([])
  })

  it.each([
    ['an error of JSON-RPC', { jsonrpc: '2.0', id: 1, error: { code: -32_602, message: 'no' } }],
    ['a failure of the tool', { result: { content: [{ type: 'text', text: '{}' }], isError: true } }],
    ['a text that is no JSON', { result: { content: [{ type: 'text', text: 'pages' }] } }],
    ['pages of another kind', { result: { content: [{ type: 'text', text: '{"pages":[]}' }] } }],
    ['nothing', {}],
  ])('is an honest failure when the service answers with %s', async (_, body) => {
    const fresh = await startWith()
    fresh.gateway.simulator.plan(search('tea'))
    fresh.gateway.simulator.plan({ operation: 'InvokeMCP', behaviour: { kind: 'json', body } })
    const message = await fresh.create(ask())
    expect(message.content).toMatchObject([
      { type: 'server_tool_use' },
      { type: 'web_search_tool_result', content: unavailable },
      { type: 'text' },
    ])
    await fresh.gateway.close()
  })

  it.each(['GenerateAssistantResponse', 'InvokeMCP'] as const)(
    'survives a failure of %s',
    async (operation) => {
      gateway.simulator.plan(search('tea'))
      const behaviour = { kind: 'named', name: 'expired-token' } as const
      gateway.simulator.plan({ operation, times: 1, behaviour })
      const message = await create(ask())
      expect(message.content.at(-1)).toMatchObject({ type: 'text' })
      expect(message.stop_reason).toBe('end_turn')
    },
  )
})

type Listener = (request: IncomingMessage, response: ServerResponse) => void

const page = { url: 'https://tea.example.com/', title: 'Tea', content: 'Leaves.', publishedDate: null }
const answerWith =
  (answer: unknown, status = 200): Listener =>
  (_, response) =>
    void response.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer))

describe('a search by the backend of the operator', () => {
  let started: Started
  let listener: Listener
  let asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    listener(request, response)
  })
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    started = await startWith({
      WEB_SEARCH_BACKEND: 'searxng',
      WEB_SEARCH_URL: `http://127.0.0.1:${port}/searx/`,
    })
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await started.gateway.close()
  })
  beforeEach(async () => {
    asked = []
    const { gateway } = started
    gateway.simulator.clearPlans()
    await gateway.resetAccount()
    gateway.simulator.plan({ operation: 'InvokeMCP', behaviour: { kind: 'named', name: 'not-authorized' } })
    gateway.simulator.plan(search('tea & milk'))
  })

  it('is made where the model service does not search', async () => {
    listener = answerWith({ results: [page] })
    const message = await started.create(ask())
    expect(asked).toEqual(['/searx/search?q=tea+%26+milk&format=json'])
    expect(message.content).toMatchObject([
      { type: 'server_tool_use', input: { query: 'tea & milk' } },
      { content: [{ url: 'https://tea.example.com/', title: 'Tea', page_age: null }] },
      { type: 'text', text: expect.stringContaining('Leaves.') },
    ])
  })

  it.each<[what: string, answer: Listener]>([
    ['an error', answerWith('no', 500)],
    ['garbage', answerWith('<html>')],
    ['JSON of another kind', answerWith({ pages: [] })],
    ['more than anybody needs', answerWith('x'.repeat(2_000_000))],
    ['a redirect', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['a broken connection', (request) => void request.socket.destroy()],
  ])('is an honest failure when it answers with %s', async (_, answer) => {
    listener = answer
    const message = await started.create(ask())
    expect(asked).toHaveLength(1)
    expect(message.content).toMatchObject([
      { type: 'server_tool_use' },
      { type: 'web_search_tool_result', content: unavailable },
      { type: 'text', text: expect.stringContaining('cannot be searched') },
    ])
  })

  it('is given up when the client leaves', async () => {
    const closed = new Promise<void>((resolve) => {
      listener = (request) => void request.socket.once('close', () => resolve())
    })
    const stream = started.client.messages.stream(ask())
    stream.on('streamEvent', ({ type }) => {
      if (type === 'content_block_stop') stream.abort()
    })
    await expect(stream.finalMessage()).rejects.toThrow(/abort/i)
    await closed
  })
})

it('a search tells nobody what is searched, or with which key', async () => {
  const backend = createServer((_, response) => void response.writeHead(403).end('canary-answer'))
  backend.listen(0, '127.0.0.1')
  await once(backend, 'listening')
  const address = backend.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { gateway, create } = await startWith({
    WEB_SEARCH_BACKEND: 'tavily',
    WEB_SEARCH_URL: `http://127.0.0.1:${port}`,
    WEB_SEARCH_API_KEY: 'canary-key',
  })
  gateway.simulator.plan({ operation: 'InvokeMCP', behaviour: { kind: 'no-answer' } })
  gateway.simulator.plan(search('canary-query'))
  const message = await create(ask())
  expect(message.content[1]).toMatchObject({ content: unavailable })
  const failed = gateway.log.filter((line) => line.includes('a search of the web has failed'))
  expect(failed).toHaveLength(2)
  expect(failed[1]).toContain('403')
  expect(gateway.log.join('')).not.toContain('canary')
  expect(JSON.stringify(message)).not.toMatch(/canary-(key|answer)/)
  backend.close()
  await gateway.close()
})

describe('without anybody to ask', () => {
  let started: Started
  beforeAll(async () => {
    started = await startWith({ WEB_SEARCH_BACKEND: 'off' })
  })
  afterAll(() => started.gateway.close())
  beforeEach(() => started.gateway.simulator.clearPlans())

  it.each([
    { tools: [searchTool], tool_choice: undefined },
    { tools: [searchTool, other], tool_choice: { type: 'any' } },
    { tools: [searchTool, other], tool_choice: { type: 'tool', name: 'ls' } },
  ] as const)(
    'the tool is left out where it may be, and named: $tool_choice',
    async ({ tools, tool_choice }) => {
      const { gateway } = started
      gateway.simulator.plan({ times: 1, behaviour: { kind: 'tool', name: 'ls', input: {} } })
      const answer = await gateway.postJson('/v1/messages', { ...ask(), tools, tool_choice })
      expect(answer.headers.get('x-aqueduct-ignored')?.split(', ')).toContain('tools.web_search_20250305')
      expect(lastSent(gateway)).not.toContain('web_search')
    },
  )

  it('a demanded search may be left by the model, whose answer stands', async () => {
    const { create } = started
    const message = await create(ask({ tool_choice: { type: 'tool', name: 'web_search' } }))
    expect(message.content).toMatchObject([{ type: 'text' }])
    expect(message.stop_reason).toBe('end_turn')
  })

  it('a demanded search fails honestly', async () => {
    const { gateway, create } = started
    gateway.simulator.plan(search('tea'))
    const message = await create(ask({ tool_choice: { type: 'tool', name: 'web_search' } }))
    expect(message.content).toMatchObject([
      { type: 'server_tool_use', input: { query: 'tea' } },
      { type: 'web_search_tool_result', content: unavailable },
      { type: 'text' },
    ])
    expect(gateway.simulator.journal.of('InvokeMCP')).toEqual([])
  })
})
