/** What the model is told by requests of the Responses API, and what comes back: the whole gateway before the strict simulator. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { text, toolUse, trailer } from '../../simulator/replies/events.ts'
import type { Step } from '../../simulator/replies/steps.ts'
import { readClientRequest } from '../client-request.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { images } from '../sample-images.ts'
import { readSentConversation } from '../sent-conversation.ts'

const model = 'claude-sonnet-4.5'
const PATH = '/v1/responses'
const hi = { role: 'user', content: 'hi' }

const clientBody = z.looseObject({
  input: z.array(
    z.looseObject({
      type: z.string().optional(),
      content: z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).optional(),
      output: z.string().optional(),
      image_url: z.string().optional(),
    }),
  ),
})
const answered = z.looseObject({
  status: z.string().optional(),
  output: z.array(z.looseObject({ type: z.string() })),
})

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest()
})
afterAll(() => gateway.close())
beforeEach(() => {
  gateway.simulator.clearPlans()
  gateway.simulator.journal.clear()
})

const plan = (...steps: Step[]) =>
  gateway.simulator.plan({ behaviour: { kind: 'steps', steps: [...steps, ...trailer()] }, times: 1 })

function lastSent() {
  gateway.assertNoViolation()
  return readSentConversation(gateway.simulator.journal.of('GenerateAssistantResponse').at(-1))
}

async function ask(body: object, path = PATH) {
  const answer = await gateway.postJson(path, { model, ...body })
  const told: unknown = await answer.json()
  expect(told).not.toHaveProperty('error.message')
  return answered.parse(told)
}

/** All words of an item, of whatever kind it is. */
function wordsOf({ content, output }: z.output<typeof clientBody>['input'][number]): string[] {
  const parts = typeof content === 'string' ? [content] : (content ?? []).flatMap((part) => part.text ?? [])
  return [...parts, ...(output === undefined ? [] : [output])].map((words) => words.trim())
}

describe('requests as real clients send them', () => {
  it.each([
    'codex-0.169-first-turn',
    'codex-0.169-tool-result',
    'codex-0.169-image',
    'codex-0.169-output-schema',
    'codex-0.169-compaction',
    'codex-0.169-gpt-5.5-custom-tools',
    'codex-0.169-gpt-6-sol-additional-tools',
    'opencode-1.18.33-responses',
  ])('%s is answered to its end, and all of it arrives', async (name) => {
    const { path, headers, body } = readClientRequest(name)
    const asked = clientBody.parse(body)
    if (name.includes('schema')) gateway.simulator.plan({ behaviour: { kind: 'text', text: '{"a":"b"}' } })
    const answer = await gateway.postJson(path, { ...asked, model }, headers)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('event: response.completed\n')

    const sent = lastSent()
    const results = sent.users.flatMap((user) => user.userInputMessageContext.toolResults)
    const arrived = [
      ...sent.users.map(({ content }) => content),
      ...sent.assistants.map(({ content }) => content),
      ...results.flatMap(({ content }) => content.map((piece) => piece.text)),
    ].join('\n')
    const words = asked.input.flatMap(wordsOf)
    expect(words.length).toBeGreaterThan(1)
    expect(words.filter((each) => !arrived.includes(each))).toEqual([])
    expect(sent.users.flatMap((user) => user.images)).toHaveLength(name.includes('image') ? 1 : 0)
  })
})

describe('tools', () => {
  it.each([
    [
      { type: 'function', name: 'look', parameters: { type: 'object', properties: {} } },
      ['look', '{"at":1}'],
      { type: 'function_call', name: 'look', arguments: '{"at":1}' },
    ],
    [
      { type: 'namespace', name: 'agents', tools: [{ type: 'function', name: 'stop' }] },
      ['agents__stop', '{}'],
      { type: 'function_call', name: 'stop', namespace: 'agents', arguments: '{}' },
    ],
    [
      { type: 'custom', name: 'run', format: { type: 'text' } },
      ['run', '{"input":"ls\\n"}'],
      { type: 'custom_tool_call', name: 'run', input: 'ls\n' },
    ],
    [
      { type: 'namespace', name: 'functions', tools: [{ type: 'custom', name: 'exec' }] },
      ['functions__exec', '{"input":"x"}'],
      { type: 'custom_tool_call', name: 'exec', namespace: 'functions', input: 'x' },
    ],
    [
      { type: 'local_shell' },
      ['local_shell', '{"command":["ls"]}'],
      { type: 'local_shell_call', action: { type: 'exec', command: ['ls'] } },
    ],
    [
      { type: 'shell' },
      ['shell', '{"commands":["ls"]}'],
      { type: 'shell_call', action: { commands: ['ls'] } },
    ],
    [
      { type: 'apply_patch' },
      ['apply_patch', '{"type":"delete_file","path":"a"}'],
      { type: 'apply_patch_call', operation: { type: 'delete_file', path: 'a' } },
    ],
  ] as const)(
    'are called in the words of the client, and called again so: %j',
    async (tool, [name, input], call) => {
      plan(...toolUse('tooluse_1', name, [input]))
      const tools = [tool]
      const { output } = await ask({ input: [hi], tools, store: false })
      expect(output).toMatchObject([{ ...call, call_id: 'tooluse_1' }])

      const result = {
        type: `${call.type}_output`,
        call_id: 'tooluse_1',
        output: 'done',
        status: 'completed',
      }
      const { type } = call
      const answer = { ...result, type: type === 'function_call' ? 'function_call_output' : result.type }
      await ask({ input: [hi, ...output, answer], tools, store: false })
      const { users, assistants } = lastSent()
      expect(assistants.flatMap(({ toolUses }) => toolUses)).toEqual([
        { toolUseId: 'tooluse_1', name, input: JSON.parse(input) },
      ])
      expect(users.at(-1)?.userInputMessageContext.toolResults).toMatchObject([
        { toolUseId: 'tooluse_1', content: [{ text: 'done' }] },
      ])
    },
  )

  it('may answer with images', async () => {
    const picture = { type: 'input_image', image_url: `data:image/png;base64,${images.png}` }
    await ask({
      input: [
        hi,
        { type: 'function_call', call_id: 'a', name: 'look', arguments: '{}' },
        { type: 'function_call_output', call_id: 'a', output: [{ type: 'input_text', text: 'b' }, picture] },
      ],
    })
    expect(lastSent().users.at(-1)?.images).toEqual([{ format: 'png', source: { bytes: images.png } }])
  })
})

describe('a summary in place of a conversation', () => {
  it.each([
    ['by an item', PATH, [hi, { type: 'compaction_trigger' }]],
    ['by a route', `${PATH}/compact`, [hi]],
  ])('is asked for %s, is one item, and is told to the model later', async (_name, path, input) => {
    plan(text('They said hi.'))
    const { output } = await ask({ input, store: false }, path)
    expect(output).toMatchObject([{ type: 'compaction', encrypted_content: expect.any(String) }])
    expect(lastSent().users.at(-1)?.content).toContain('hi')

    await ask({ input: [...output, { role: 'user', content: 'Go on.' }] })
    const [user] = lastSent().users
    expect(user?.content).toContain('They said hi.')
    expect(user?.content).toContain('Go on.')
  })
})

describe('tokens', () => {
  it('are counted without asking anybody', async () => {
    const answer = await gateway.postJson(`${PATH}/input_tokens`, { model, input: [hi] })
    expect(await answer.json()).toEqual({ object: 'response.input_tokens', input_tokens: expect.any(Number) })
    expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toEqual([])
  })
})

describe('aliases', () => {
  it.each(['/responses', '/v1/v1/responses', '/openai/v1/responses'])(
    '%s is answered alike',
    async (path) => {
      expect(await ask({ input: 'hi' }, path)).toMatchObject({ object: 'response', status: 'completed' })
    },
  )
})
