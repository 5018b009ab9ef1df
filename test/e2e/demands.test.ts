/** What the model service knows no word for, and the gateway sees to by itself. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Step } from '../../simulator/replies/steps.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest()
})
afterAll(() => gateway.close())
beforeEach(async () => {
  gateway.simulator.journal.clear()
  await gateway.resetAccount()
})

const CHAT = '/v1/chat/completions'
const chatAnswer = z.object({
  choices: z.tuple([
    z.object({
      message: z.looseObject({
        content: z.string().nullable(),
        tool_calls: z.array(z.object({ function: z.object({ name: z.string() }) })).optional(),
      }),
      finish_reason: z.string(),
    }),
  ]),
  usage: z.object({ completion_tokens: z.number() }),
})

const says = (...texts: string[]): Step[] =>
  texts.map((content) => ({ step: 'event', eventType: 'assistantResponseEvent', payload: { content } }))

const costs = (credits: number): Step => ({
  step: 'event',
  eventType: 'meteringEvent',
  payload: { usage: credits, unit: 'credit' },
})

function calls(name: string, id = 'tooluse_1'): Step[] {
  const event = (payload: object): Step => ({
    step: 'event',
    eventType: 'toolUseEvent',
    payload: { toolUseId: id, name, ...payload },
  })
  return [event({}), event({ input: '{"path":"."}' }), event({ stop: true })]
}

/** The next answers of the service, one for each attempt. */
function plan(...answers: Step[][]): void {
  for (const steps of answers) {
    gateway.simulator.plan({
      operation: 'GenerateAssistantResponse',
      times: 1,
      behaviour: { kind: 'steps', steps },
    })
  }
}

const tool = (name: string) => ({
  type: 'function',
  function: { name, description: 'A tool.', parameters: { type: 'object', properties: {} } },
})

async function chat(body: object) {
  const messages = [{ role: 'user', content: 'hi' }]
  const answer = await gateway.postJson(CHAT, { model: 'claude-sonnet-4.5', messages, ...body })
  return {
    status: answer.status,
    repaired: answer.headers.get('x-aqueduct-repaired'),
    credits: answer.headers.get('x-aqueduct-credits'),
    body: await answer.json(),
  }
}

const usageAnswer = z.object({
  today: z.object({ requests: z.number(), unanswered_requests: z.number(), credits: z.number() }),
})
const used = async () => usageAnswer.parse(await (await gateway.fetch('/v1/usage')).json()).today

const attempts = () => gateway.simulator.journal.of('GenerateAssistantResponse').length

describe('an answer', () => {
  it('ends at a stop sequence, also when it is split', async () => {
    plan(says('one, tw', 'o, EN', 'D three'))
    const { body } = await chat({ stop: ['END'] })
    const [choice] = chatAnswer.parse(body).choices
    expect(choice).toMatchObject({ message: { content: 'one, two, ' }, finish_reason: 'stop' })
  })

  it('tells an Anthropic client which stop sequence it was, in a stream too', async () => {
    for (const stream of [false, true]) {
      plan(says('one END two'))
      const answer = await gateway.postJson('/v1/messages', {
        model: 'claude-sonnet-4.5',
        max_tokens: 100,
        stop_sequences: ['END'],
        stream,
        messages: [{ role: 'user', content: 'hi' }],
      })
      const text = await answer.text()
      expect(text).toContain('"stop_reason":"stop_sequence"')
      expect(text).toContain('"stop_sequence":"END"')
      expect(text).not.toContain('two')
    }
  })

  it('ends at its limit, and says so', async () => {
    plan(says('word '.repeat(1000)))
    const { body } = await chat({ max_tokens: 10 })
    const { choices, usage } = chatAnswer.parse(body)
    expect(choices[0].finish_reason).toBe('length')
    expect(choices[0].message.content?.length).toBeLessThan(100)
    expect(usage.completion_tokens).toBeLessThanOrEqual(10)
  })

  it('has one call when calls at once are not wanted', async () => {
    plan([...calls('ls', 'a'), ...calls('cat', 'b')])
    const { body } = await chat({ tools: [tool('ls'), tool('cat')], parallel_tool_calls: false })
    const [choice] = chatAnswer.parse(body).choices
    expect(choice.message.tool_calls?.map(({ function: { name } }) => name)).toEqual(['ls'])
    expect(choice.finish_reason).toBe('tool_calls')
  })
})

describe('what comes behind an end that we made', () => {
  it('is nobody’s fault, even when it is an error', async () => {
    plan([
      ...says('one END two'),
      { step: 'exception', exceptionType: 'ThrottlingException', payload: { message: 'Too many requests' } },
    ])
    const { status, body } = await chat({ stop: ['END'] })
    expect([status, chatAnswer.parse(body).choices[0].message.content]).toEqual([200, 'one '])
    const account = await (await gateway.fetch(`/v2/accounts/${gateway.accountId}`)).json()
    expect(account).toMatchObject({ status: { kind: 'ready' } })
  })
})

describe('a demanded tool call', () => {
  it('is asked for once more when the model only talks, which is told', async () => {
    plan(says('I would rather talk.'), calls('ls'))
    const { repaired, body } = await chat({ tools: [tool('ls')], tool_choice: 'required' })
    const [choice] = chatAnswer.parse(body).choices
    expect(choice.message.tool_calls).toHaveLength(1)
    expect([repaired, attempts()]).toEqual(['re-ask', 2])
    gateway.assertNoViolation()
  })

  it('costs what both answers cost, while the answer tells its own price alone', async () => {
    const before = await used()
    plan([...says('I would rather talk.'), costs(0.25)], [...calls('ls'), costs(0.5)])
    const { credits } = await chat({ tools: [tool('ls')], tool_choice: 'required' })
    expect(credits).toBe('0.5')
    const after = await used()
    expect([after.requests - before.requests, after.credits - before.credits]).toEqual([1, 0.75])
    plan([...says('No.'), costs(0.25)], [...says('Still no.'), costs(0.25)])
    expect((await chat({ tools: [tool('ls')], tool_choice: 'required' })).status).toBe(502)
    const failed = await used()
    expect([failed.unanswered_requests - after.unanswered_requests, failed.credits - after.credits]).toEqual([
      1, 0.5,
    ])
    const lines = gateway.log.filter((line) => line.includes('"attempts"') && line.includes('demand-unmet'))
    expect(lines.at(-1)).toContain('"credits":0.25')
  })

  it('that does not come is an honest failure, without blame for the account', async () => {
    plan(says('No.'), says('Still no.'))
    const { status, body } = await chat({
      tools: [tool('ls'), tool('cat')],
      tool_choice: { type: 'function', function: { name: 'ls' } },
    })
    expect(status).toBe(502)
    expect(body).toMatchObject({ error: { message: expect.stringContaining('did not call a tool') } })
    expect(attempts()).toBe(2)
    const account = await (await gateway.fetch(`/v2/accounts/${gateway.accountId}`)).json()
    expect(account).toMatchObject({ error_count: 0, status: { kind: 'ready' } })
  })

  it('of a tool that is not there is refused by its field', async () => {
    const { status, body } = await chat({
      tools: [tool('ls')],
      tool_choice: { type: 'function', function: { name: 'nope' } },
    })
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: { param: 'tool_choice' } })
    expect(attempts()).toBe(0)
  })

  it('does not come when no call is wanted', async () => {
    plan([...says('Here you are.'), ...calls('ls')])
    const { body } = await chat({ tools: [tool('ls')], tool_choice: 'none' })
    const [choice] = chatAnswer.parse(body).choices
    expect(choice.message.tool_calls).toBeUndefined()
    expect(choice.message.content).toBe('Here you are.')
  })
})

describe('a demanded form', () => {
  const schema = {
    type: 'object',
    properties: { city: { type: 'string' }, people: { type: 'integer' } },
    required: ['city', 'people'],
    additionalProperties: false,
  }
  const response_format = { type: 'json_schema', json_schema: { name: 'city', schema } }

  it('is met by plain text that fits, without the fence around it', async () => {
    plan(says('```json\n{"city": "Oslo", ', '"people": 700000}\n```'))
    const { body } = await chat({ response_format })
    const content = chatAnswer.parse(body).choices[0].message.content
    expect(JSON.parse(content ?? '')).toEqual({ city: 'Oslo', people: 700_000 })
  })

  it('is asked for once more when it is missed', async () => {
    plan(says('{"city": "Oslo"}'), says('{"city": "Oslo", "people": 700000}'))
    const { repaired, body } = await chat({ response_format })
    expect(JSON.parse(chatAnswer.parse(body).choices[0].message.content ?? '')).toEqual({
      city: 'Oslo',
      people: 700_000,
    })
    expect([repaired, attempts()]).toEqual(['re-ask', 2])
  })

  it('is met by JSON behind a sentence, and by JSON that was packed into a text', async () => {
    plan(says('Here is the JSON:\n\n{"city": "Oslo", "people": 1}'))
    const spoken = await chat({ response_format })
    expect(JSON.parse(chatAnswer.parse(spoken.body).choices[0].message.content ?? '')).toMatchObject({
      people: 1,
    })

    const list = { type: 'json_schema', json_schema: { name: 'list', schema: { type: 'array' } } }
    plan(says('{"answer": "[1, 2]"}'))
    const packed = await chat({ response_format: list })
    expect(JSON.parse(chatAnswer.parse(packed.body).choices[0].message.content ?? '')).toEqual([1, 2])
    expect(attempts()).toBe(2)
  })

  it('that is missed leaves no word of the answer in the log', async () => {
    plan(says('{"canary-of-an-answer": 1}'), says('{"canary-of-an-answer": 1}'))
    expect((await chat({ response_format })).status).toBe(502)
    expect(gateway.log.join('')).not.toContain('canary-of-an-answer')
  })

  it('that is missed twice is an honest failure', async () => {
    plan(says('{"city": 5}'), says('no JSON at all'))
    expect((await chat({ response_format })).status).toBe(502)
    expect(attempts()).toBe(2)
  })

  it('is met in a stream, and for Anthropic clients', async () => {
    plan(says('{"city": "Oslo", "people": 1}'))
    const answer = await gateway.postJson('/v1/messages', {
      model: 'claude-sonnet-4.5',
      max_tokens: 100,
      stream: true,
      output_config: { format: { type: 'json_schema', schema } },
      messages: [{ role: 'user', content: 'hi' }],
    })
    const text = await answer.text()
    expect(text).toContain('Oslo')
    expect(text).toContain('event: message_stop')
  })

  it('of any JSON object is met by one', async () => {
    plan(says('Sure! {"a": 1}'), says('{"a": 1}'))
    const { body } = await chat({ response_format: { type: 'json_object' } })
    expect(JSON.parse(chatAnswer.parse(body).choices[0].message.content ?? '')).toEqual({ a: 1 })
  })
})
