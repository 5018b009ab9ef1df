import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readClientRequest } from '../client-request.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { imageFormats, images } from '../sample-images.ts'
import { readSentConversation, type SentConversation } from '../sent-conversation.ts'

/** Captured requests of real clients, sent as they are to the gateway before the strict simulator. */
const answered = [
  'claude-code-2.1.197-first-turn',
  'claude-code-2.1.197-tool-result',
  'claude-code-2.1.197-image-in-tool-result',
  'claude-code-2.1.197-bearer-sonnet',
  'claude-code-2.1.197-subagent',
  'claude-code-2.1.197-subagent-result',
  'claude-code-2.1.330-first-turn',
  'opencode-1.18.33-anthropic',
  'opencode-1.18.33-chat',
  'opencode-1.18.33-chat-tool-result',
  'cline-cli-3.0.65',
  'continue-cli-1.5.47',
  'langchain-anthropic',
]

/** Everything that a body says in words, names or pictures, found without the gateway's own readers. */
interface Said {
  system: string[]
  texts: string[]
  results: string[]
  toolNames: string[]
  descriptions: string[]
  images: string[]
}

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : [])
const stringsOf = (...values: unknown[]) => values.filter((value) => typeof value === 'string')

/** Text and image blocks of a content, whatever lies around them. */
function contentsOf(content: unknown): { texts: string[]; images: string[] } {
  const blocks = listOf(content)
  return {
    texts: [...stringsOf(content), ...blocks.flatMap(({ text }) => stringsOf(text))],
    images: blocks.flatMap(({ source }) => (isObject(source) ? stringsOf(source['data']) : [])),
  }
}

function whatIsSaid(body: unknown): Said {
  const { system, messages, tools } = isObject(body) ? body : {}
  const said: Said = {
    system: contentsOf(system).texts,
    texts: [],
    results: [],
    toolNames: [],
    descriptions: [],
    images: [],
  }
  for (const { role, content } of listOf(messages)) {
    const own = contentsOf(content)
    const results = listOf(content).map((block) => contentsOf(block['content']))
    const target = role === 'system' ? 'system' : role === 'tool' ? 'results' : 'texts'
    said[target].push(...own.texts)
    said.results.push(...results.flatMap((result) => result.texts))
    said.images.push(...own.images, ...results.flatMap((result) => result.images))
  }
  for (const tool of listOf(tools)) {
    const { name, description } = isObject(tool['function']) ? tool['function'] : tool
    said.toolNames.push(...stringsOf(name))
    said.descriptions.push(...stringsOf(description))
  }
  return said
}

const toolsOf = ({ users }: SentConversation) =>
  (users.at(-1)?.userInputMessageContext.tools ?? []).map(({ toolSpecification }) => toolSpecification)

const resultsOf = ({ users }: SentConversation) =>
  users.flatMap(({ userInputMessageContext: { toolResults } }) => toolResults)

/** Those of the texts that are in none of the places. */
const missingFrom = (places: readonly string[], texts: readonly string[]) =>
  texts.filter((text) => !places.some((place) => place.includes(text)))

describe('requests as real clients send them', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest()
  })
  afterAll(() => gateway.close())
  beforeEach(() => gateway.simulator.journal.clear())

  async function send(path: string, body: unknown, headers: Record<string, string> = {}) {
    const answer = await gateway.postJson(path, body, headers)
    const text = await answer.text()
    expect(gateway.simulator.journal.violations()).toEqual([])
    expect(answer.status).toBe(200)
    const entries = gateway.simulator.journal.of('GenerateAssistantResponse')
    expect(entries).toMatchObject([{ outcome: { kind: 'answered', status: 200 } }])
    return { text, sent: readSentConversation(entries[0]) }
  }

  it.each(answered)('%s is answered to its end, and all of it arrives', async (name) => {
    const { path, headers, body } = readClientRequest(name)
    const { text, sent } = await send(path, body, headers)
    expect(text).toMatch(/event: message_stop\n|data: \[DONE\]\n/)

    const said = whatIsSaid(body)
    const contents = [...sent.users, ...sent.assistants].map(({ content }) => content)
    const tools = toolsOf(sent)
    const results = resultsOf(sent).flatMap(({ content }) => content.map((piece) => piece.text))
    const sentImages = sent.users.flatMap((user) => user.images.map(({ source }) => source.bytes))
    expect(said.texts.length).toBeGreaterThan(0)
    expect(missingFrom(contents.slice(0, 1), said.system)).toEqual([])
    expect(missingFrom(contents, said.texts)).toEqual([])
    expect(missingFrom(results, said.results)).toEqual([])
    expect(tools.map((tool) => tool.name)).toEqual(said.toolNames)
    const described = [...tools.map(({ description }) => description), ...contents.slice(0, 1)]
    expect(missingFrom(described, said.descriptions)).toEqual([])
    expect(sentImages).toEqual(said.images)
  })

  it.each([
    ['claude-code-2.1.197-tool-result', 'results', 1],
    ['claude-code-2.1.197-image-in-tool-result', 'images', 1],
    ['claude-code-2.1.197-first-turn', 'toolNames', 25],
    ['claude-code-2.1.197-first-turn', 'system', 4],
    ['opencode-1.18.33-chat-tool-result', 'results', 1],
    ['opencode-1.18.33-chat', 'system', 1],
  ] as const)('%s has what the test above looks for: %s', (name, kind, count) => {
    expect(whatIsSaid(readClientRequest(name).body)[kind]).toHaveLength(count)
  })

  it('claude-code-2.1.197-count-tokens is answered here', async () => {
    const { path, headers, body } = readClientRequest('claude-code-2.1.197-count-tokens')
    const answer = await gateway.postJson(path, body, headers)
    expect(await answer.json()).toEqual({ input_tokens: expect.any(Number) })
    expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toEqual([])
  })

  it('the billing block of Claude Code does not arrive, its reminders do', async () => {
    const reminder = '<system-reminder>\nThe user has opened a.ts.\n</system-reminder>'
    const { sent } = await send('/v1/messages', {
      model: 'claude-opus-4-8',
      max_tokens: 100,
      system: [
        { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.197.abc; cch=00000;' },
        { type: 'text', text: 'You are a careful programmer.', cache_control: { type: 'ephemeral' } },
      ],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: reminder },
            { type: 'text', text: 'hi' },
          ],
        },
        { role: 'system', content: 'Be brief.' },
      ],
    })
    const [user] = sent.users
    expect(user?.content).not.toContain('billing')
    expect(user?.content).toContain('You are a careful programmer.')
    expect(user?.content).toContain(reminder)
    expect(user?.content).toContain('<system-reminder>\nBe brief.\n</system-reminder>')
  })

  const called = ['a', 'b', 'c']
  const question = 'What do you see?'
  const allImages = imageFormats.map((format) => ({ format, source: { bytes: images[format] } }))
  const requests: [string, unknown][] = [
    [
      '/v1/messages',
      {
        model: 'claude-opus-4-8',
        max_tokens: 100,
        tool_choice: { type: 'none' },
        messages: [
          { role: 'user', content: 'go' },
          {
            role: 'assistant',
            content: called.map((id) => ({ type: 'tool_use', id, name: 'look', input: { id } })),
          },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 'c', content: 'no such file', is_error: true },
              {
                type: 'tool_result',
                tool_use_id: 'a',
                content: imageFormats.map((format) => ({
                  type: 'image',
                  source: { type: 'base64', media_type: `image/${format}`, data: images[format] },
                })),
              },
              { type: 'tool_result', tool_use_id: 'b', content: 'result of b' },
              { type: 'text', text: question },
            ],
          },
        ],
      },
    ],
    [
      '/v1/chat/completions',
      {
        model: 'claude-opus-4-8',
        tool_choice: 'none',
        messages: [
          { role: 'user', content: 'go' },
          {
            role: 'assistant',
            content: '',
            tool_calls: called.map((id) => ({
              id,
              type: 'function',
              function: { name: 'look', arguments: JSON.stringify({ id }) },
            })),
          },
          { role: 'tool', tool_call_id: 'c', content: 'no such file' },
          { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'result of b' }] },
          {
            role: 'tool',
            tool_call_id: 'a',
            content: imageFormats.map((format) => ({
              type: 'image_url',
              image_url: { url: `data:image/${format};base64,${images[format]}` },
            })),
          },
          { role: 'user', content: [{ type: 'text', text: question }] },
        ],
      },
    ],
  ]

  it.each(requests)(
    '%s gets parallel results in the order of their calls, with their images',
    async (path, body) => {
      const { sent } = await send(path, body)
      expect(resultsOf(sent)).toMatchObject([
        { toolUseId: 'a', content: [{ text: expect.stringContaining('[image 4 of this message]') }] },
        { toolUseId: 'b', content: [{ text: 'result of b' }] },
        { toolUseId: 'c', content: [{ text: expect.stringContaining('no such file') }] },
      ])
      expect(sent.users.at(-1)?.images).toEqual(allImages)
      expect(sent.users.at(-1)?.content.startsWith(question)).toBe(true)
    },
  )

  it('ten images of 5 MiB together arrive whole', async () => {
    const data = images.jpeg.slice(0, 160).padEnd(524_288, 'A')
    const block = { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data } }
    const ten = { role: 'user', content: Array.from({ length: 10 }, () => block) }
    const { sent } = await send('/v1/messages', {
      model: 'claude-opus-4-8',
      max_tokens: 100,
      messages: [ten],
    })
    const bytes = sent.users.flatMap((user) => user.images.map(({ source }) => source.bytes))
    expect(bytes.map((each) => each === data)).toEqual(Array.from({ length: 10 }, () => true))
  })

  it('a model that reads text only refuses images of now, and does without those of before', async () => {
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${images.png}` } }
    const seen = { role: 'user', content: [image, { type: 'text', text: 'What is this?' }] }
    const answer = await gateway.postJson('/v1/chat/completions', { model: 'deepseek-3.2', messages: [seen] })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { param: 'model', code: 'unsupported_value' } })

    const messages = [seen, { role: 'assistant', content: 'A square.' }, { role: 'user', content: 'Sure?' }]
    const { sent } = await send('/v1/chat/completions', { model: 'deepseek-3.2', messages })
    expect(sent.users.flatMap((user) => user.images)).toEqual([])
    expect(sent.users[0]?.content).toMatch(/^\[An image is left out here.*\]\n\nWhat is this\?$/)
  })
})
