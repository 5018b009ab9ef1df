/** Every named sequence of the service, in every dialect, streamed and whole: as recorded, and equal to each other. */
import Anthropic from '@anthropic-ai/sdk'
import fc from 'fast-check'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts'
import type { Dialect } from '../../src/dialects/dialect.ts'
import { openaiChat } from '../../src/dialects/openai-chat/index.ts'
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts'
import { followItems, readEvents } from '../response-stream.ts'
import { answerStreamed, answerWhole, bytesOf, sequenceNames } from './recorded-answers.ts'

const dialects = [anthropicMessages, openaiChat, openaiResponses]
const cases = dialects.flatMap((dialect) =>
  sequenceNames.map((name) => ({ dialect, name, of: dialect.name })),
)
const complete = (of: string) =>
  cases.filter(({ dialect, name }) => dialect.name === of && answerWhole(dialect, name).status === 200)

const fixture = (of: string, file: string) => `../fixtures/reply-streams/${of}/${file}`

function answerWith(stream: string): () => Promise<Response> {
  return async () => new Response(stream, { headers: { 'content-type': 'text/event-stream' } })
}

const offline = { apiKey: 'test', baseURL: 'http://127.0.0.1:1', maxRetries: 0 }
const messages = [{ role: 'user' as const, content: 'hi' }]

describe('the recorded answers', () => {
  it.each(cases)('of $of to $name, streamed', async ({ dialect, name, of }) => {
    const { status, text } = answerStreamed(dialect, name)
    await expect(`HTTP ${status}\n\n${text}`).toMatchFileSnapshot(fixture(of, `${name}.sse`))
  })

  it.each(cases)('of $of to $name, whole', async ({ dialect, name, of }) => {
    const text = JSON.stringify(answerWhole(dialect, name), null, 2)
    await expect(`${text}\n`).toMatchFileSnapshot(fixture(of, `${name}.json`))
  })
})

describe('a stream says what the whole answer says', () => {
  it.each(complete('anthropic-messages'))('to the SDK of Anthropic: $name', async ({ dialect, name }) => {
    const client = new Anthropic({ ...offline, fetch: answerWith(answerStreamed(dialect, name).text) })
    const stream = client.messages.stream({ model: 'claude-sonnet-4.5', max_tokens: 100, messages })
    const { parsed_output: _, ...read }: Record<string, unknown> = JSON.parse(
      JSON.stringify(await stream.finalMessage()),
    )
    expect(read).toEqual(answerWhole(dialect, name).body)
  })

  it.each(complete('openai-chat'))('to the SDK of OpenAI: $name', async ({ dialect, name }) => {
    const client = new OpenAI({ ...offline, fetch: answerWith(answerStreamed(dialect, name).text) })
    const stream = client.chat.completions.stream({ model: 'claude-sonnet-4.5', messages })
    // The SDK keeps the last piece alone of what it does not know.
    let thought = ''
    stream.on('chunk', ({ choices }) => {
      thought += Object(choices[0]?.delta).reasoning_content ?? ''
    })
    const read: unknown = JSON.parse(JSON.stringify(await stream.finalChatCompletion()))
    const { reasoning, ...whole } = essenceOf(answerWhole(dialect, name).body)
    const { reasoning: _, ...streamed } = essenceOf(read)
    expect(streamed).toEqual(whole)
    expect(thought).toBe(reasoning ?? '')
  })

  it.each(complete('openai-responses'))(
    'to the SDK of OpenAI, by Responses: $name',
    async ({ dialect, name }) => {
      const { text } = answerStreamed(dialect, name)
      const client = new OpenAI({ ...offline, fetch: answerWith(text) })
      const stream = client.responses.stream({ model: 'claude-sonnet-4.5', input: 'hi' })
      const whole = Object(answerWhole(dialect, name).body)
      expect(await stream.finalResponse()).toMatchObject(whole)
      const { items, faults } = followItems(readEvents(text))
      expect(faults).toEqual([])
      expect(items).toEqual(whole.output)
      expect(readEvents(text).at(-1)).toMatchObject({ response: whole })
    },
  )

  it.each(cases.filter(({ dialect, name }) => answerWhole(dialect, name).status !== 200))(
    'also in $of when it fails: $name',
    ({ dialect, name }) => {
      const whole = answerWhole(dialect, name)
      const { status, text } = answerStreamed(dialect, name)
      const last =
        text
          .trimEnd()
          .split('\n')
          .at(-1)
          ?.replace(/^data: /, '') ?? ''
      expect(errorOf(dialect, JSON.parse(last))).toEqual(errorOf(dialect, whole.body))
      expect([200, whole.status]).toContain(status)
      expect(text).not.toMatch(/message_stop|\[DONE\]|"finish_reason":"|response\.(completed|incomplete)/)
    },
  )
})

/** The SDK leaves its own marks on what it has read, and a stream begins with empty content. */
function essenceOf(completion: unknown) {
  const { choices, usage } = Object(completion)
  const { message, finish_reason: finishReason } = choices[0]
  const { content, reasoning_content: reasoning, annotations, tool_calls: calls = [] } = message
  return {
    usage,
    finishReason,
    content: content ?? '',
    reasoning,
    annotations: annotations ?? [],
    calls: calls.map(
      ({ id, type, function: { name, arguments: input } }: OpenAI.ChatCompletionMessageFunctionToolCall) => ({
        id,
        type,
        name,
        input,
      }),
    ),
  }
}

/** Responses tells in a stream that it failed, with codes of its own: what is the same there is the message. */
function errorOf(dialect: Dialect, body: unknown): unknown {
  const { error, response } = Object(body)
  const { type, code, message } = Object(error ?? Object(response).error)
  return dialect === openaiResponses ? { message } : { type, code, message }
}

describe('an answer is the same to the byte', () => {
  it.each(cases)('when it comes byte by byte ($of, $name)', ({ dialect, name }) => {
    const single = Array.from(bytesOf(name), (byte) => Uint8Array.of(byte))
    expect(answerStreamed(dialect, name, single)).toEqual(answerStreamed(dialect, name))
  })

  it('however it is cut', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 8 })
    fc.assert(
      fc.property(fc.constantFrom(...cases), cuts, ({ dialect, name }, places) => {
        const bytes = bytesOf(name)
        const borders = places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b)
        const chunks = [...borders, bytes.length].map((end, index) =>
          bytes.subarray(borders[index - 1] ?? 0, end),
        )
        expect(answerStreamed(dialect, name, chunks)).toEqual(answerStreamed(dialect, name))
      }),
      { numRuns: 400 },
    )
  })
})
