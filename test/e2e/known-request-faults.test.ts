/** What gateways before this one are known to have done wrong with requests: each a legal request, and what must arrive. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { readSentConversation, type SentConversation } from '../sent-conversation.ts'

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest()
})
afterAll(() => gateway.close())
beforeEach(() => gateway.simulator.journal.clear())

const MODEL = 'claude-sonnet-4.5'
const ANTHROPIC = '/v1/messages'
const CHAT = '/v1/chat/completions'

const hi = { role: 'user', content: 'hi' }
const listing = { name: 'ls', description: 'Lists.', input_schema: { type: 'object', properties: {} } }
const use = (id: string, path = '.') => ({ type: 'tool_use', id, name: 'ls', input: { path } })
const result = (id: string, content: string) => ({ type: 'tool_result', tool_use_id: id, content })
const assistant = (...content: unknown[]) => ({ role: 'assistant', content })
const user = (...content: unknown[]) => ({ role: 'user', content })
const text = (value: string) => ({ type: 'text', text: value })

const chatRequests = () => gateway.simulator.journal.of('GenerateAssistantResponse')

/** What arrived of a request that was answered, and that the strict simulator had nothing to say against. */
async function send(path: string, body: object): Promise<SentConversation> {
  const answer = await gateway.postJson(path, { model: MODEL, max_tokens: 100, ...body })
  expect([answer.status, answer.status === 200 ? '' : await answer.text()]).toEqual([200, ''])
  await answer.arrayBuffer()
  gateway.assertNoViolation()
  return readSentConversation(chatRequests().at(-1))
}

describe('a legal request arrives', () => {
  it('with its system prompt in a turn that is tool results alone', async () => {
    const { users } = await send(ANTHROPIC, {
      system: 'Answer in rhymes.',
      tools: [listing],
      messages: [hi, assistant(use('a')), user(result('a', 'one.txt'))],
    })
    expect(users[0]?.content).toContain('Answer in rhymes.')
    expect(users.at(-1)?.userInputMessageContext.toolResults).toHaveLength(1)
  })

  it('with the assistant text that it is to continue', async () => {
    const { users, assistants } = await send(ANTHROPIC, { messages: [hi, assistant(text('Once upon a'))] })
    expect(assistants.at(-1)?.content).toBe('Once upon a')
    expect(users.at(-1)?.content).toMatch(/^Continue/)
  })

  it('with several assistant messages in a row, and tool results beside what a user says after an interrupt', async () => {
    const { users, assistants } = await send(ANTHROPIC, {
      tools: [listing],
      messages: [
        hi,
        assistant(text('Let me see.')),
        assistant(use('a'), use('b')),
        user(result('b', 'two.txt')),
        user(result('a', 'one.txt')),
        user(text('Stop, something else.')),
      ],
    })
    expect(assistants.map(({ content, toolUses }) => [content, toolUses.length])).toEqual([
      ['Let me see.', 2],
    ])
    const results = users.at(-1)?.userInputMessageContext.toolResults.map(({ content }) => content[0]?.text)
    expect(results).toEqual(['one.txt', 'two.txt'])
    expect(users.at(-1)?.content).toBe('Stop, something else.')
  })

  it('with three calls of the same tool and input in one turn', async () => {
    const { assistants } = await send(ANTHROPIC, {
      tools: [listing],
      messages: [
        hi,
        assistant(use('a'), use('b'), use('c')),
        user(result('a', '1'), result('b', '2'), result('c', '3')),
      ],
    })
    expect(assistants[0]?.toolUses).toHaveLength(3)
  })

  it('with calls that were interrupted, results of calls that are gone, and ids that come twice', async () => {
    const { users, assistants } = await send(ANTHROPIC, {
      tools: [listing],
      messages: [
        user(result('gone', 'old.txt')),
        assistant(use('a')),
        user(text('Stop.')),
        assistant(use('a', './again')),
        user(result('a', 'new.txt')),
      ],
    })
    expect(users[0]?.content).toContain('old.txt')
    expect(users[1]?.userInputMessageContext.toolResults).toMatchObject([{ status: 'error' }])
    expect(
      new Set(assistants.flatMap(({ toolUses }) => toolUses.map(({ toolUseId }) => toolUseId))).size,
    ).toBe(2)
  })

  it('with tool turns but no tools, as when a client compacts its conversation', async () => {
    const { users } = await send(ANTHROPIC, {
      messages: [hi, assistant(use('a')), user(result('a', 'one.txt')), assistant(text('One file.')), hi],
    })
    const names = users.at(-1)?.userInputMessageContext.tools.map(({ toolSpecification: { name } }) => name)
    expect(names).toEqual(['ls'])
  })

  it('with names, descriptions and schemas of tools that the service would not take', async () => {
    const name = `mcp__${'a-very-long-server-name__'.repeat(4)}tool`
    const { users } = await send(ANTHROPIC, {
      tools: [
        {
          name,
          description: `${'x'.repeat(12_000)} the end`,
          input_schema: {
            $schema: 'http://json-schema.org/draft-07/schema#',
            anyOf: [{ type: 'object', properties: { a: { $ref: '#/$defs/text' } }, required: ['a', 'b'] }],
            $defs: { text: { type: ['string', 'null'] } },
            required: null,
          },
        },
      ],
      messages: [hi, assistant({ ...use('a'), name }), user(result('a', 'done'))],
    })
    const [tool] = users.at(-1)?.userInputMessageContext.tools ?? []
    expect(tool?.toolSpecification.name.length).toBeLessThanOrEqual(64)
    expect(users[0]?.content).toContain('the end')
  })

  it.each([
    ['of the server', [{ type: 'web_search_20250305', name: 'web_search', max_uses: 8 }]],
    ['of a kind that nobody knows', [{ type: 'telepathy_20270101', name: 'read_mind' }, listing]],
  ])('with tools %s', async (_, tools) => {
    const { users } = await send(ANTHROPIC, { tools, messages: [hi] })
    expect(users).toHaveLength(1)
  })

  it('without anything that the client did not say', async () => {
    const { users } = await send(CHAT, { messages: [hi] })
    expect(users).toEqual([
      { content: 'hi', images: [], userInputMessageContext: { toolResults: [], tools: [] } },
    ])
    const body = JSON.stringify(chatRequests().at(-1)?.body)
    expect(body).not.toMatch(/envState|currentWorkingDirectory|operatingSystem/)
  })

  it('in the tool format of another API', async () => {
    const { users, assistants } = await send(CHAT, {
      tools: [listing],
      messages: [hi, assistant(text('Looking.'), use('a')), user(result('a', 'one.txt'))],
    })
    expect(assistants[0]?.toolUses).toMatchObject([{ name: 'ls', input: { path: '.' } }])
    expect(users.at(-1)?.userInputMessageContext.toolResults[0]?.content).toEqual([{ text: 'one.txt' }])
  })
})

describe('a request that is at fault', () => {
  it.each([
    ['without a model', { messages: [hi] }, 400, 'model'],
    ['for a model that is not there', { model: 'gpt-4o', messages: [hi] }, 404, 'model'],
    ['without messages', { model: MODEL }, 400, 'messages'],
  ])('%s is refused by the field, in the words of its API', async (_, body, status, param) => {
    const before = chatRequests().length
    const chat = await gateway.postJson(CHAT, body)
    expect(chat.status).toBe(status)
    expect(await chat.json()).toMatchObject({ error: { param, message: expect.stringContaining(param) } })
    const messages = await gateway.postJson(ANTHROPIC, { max_tokens: 1, ...body })
    expect(messages.status).toBe(status)
    expect(await messages.json()).toMatchObject({
      type: 'error',
      error: { message: expect.stringContaining(param) },
    })
    expect(chatRequests()).toHaveLength(before)
  })

  it('tells the input tokens of an answer that is not streamed', async () => {
    const answer = await gateway.postJson(ANTHROPIC, { model: MODEL, max_tokens: 100, messages: [hi] })
    expect(await answer.json()).toMatchObject({ usage: { input_tokens: expect.any(Number) } })
  })
})
