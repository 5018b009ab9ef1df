/** All bindings before the strict simulator, and beside the official client. */
import { AwsJson1_0Protocol } from '@aws-sdk/core/protocols'
import { CodeWhispererStreaming } from '@aws/codewhisperer-streaming-client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bytesOf } from '../../../test/answer-body.ts'
import { z } from 'zod'
import { startSimulator, type Simulator } from '../../../simulator/simulator.ts'
import { systemClock as clock } from '../../clock.ts'
import { createConversation, type Conversation } from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { FailureKind } from '../../conversation/failures.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import { createDispatchers, type Dispatchers } from '../../outbound/dispatchers.ts'
import { sampleModel } from '../../../test/sample-model.ts'
import { FULL_FORM } from '../upstream.ts'
import { createAmazonQ } from './client.ts'

const PROFILE = 'arn:aws:codewhisperer:us-east-1:123456789012:profile/TEST'
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

let simulator: Simulator
let dispatchers: Dispatchers
beforeAll(async () => {
  simulator = await startSimulator()
  dispatchers = createDispatchers({ connectTimeoutMs: 5_000 })
})
afterEach(() => simulator.reset())
afterAll(async () => {
  await dispatchers.close()
  await simulator.close()
})

const say = (text: string): Conversation =>
  createConversation({
    model: 'claude-sonnet-4.5',
    turns: [{ role: 'user', parts: [{ kind: 'text', text }] }],
  })

/** A bit of everything that a request can hold. */
const rich = createConversation({
  model: 'claude-sonnet-4.5',
  system: 'Be kind.',
  tools: [{ name: 'ls', description: 'Lists files.', inputSchema: { type: 'object', properties: {} } }],
  turns: [
    { role: 'user', parts: [{ kind: 'text', text: 'héllo 😀' }] },
    { role: 'assistant', parts: [{ kind: 'tool-use', id: 'call_1', name: 'ls', input: { path: '.' } }] },
    {
      role: 'user',
      parts: [
        {
          kind: 'tool-result',
          toolUseId: 'call_1',
          content: [{ kind: 'text', text: 'a.txt' }],
          failed: false,
        },
        { kind: 'image', format: 'png', base64: PIXEL },
        { kind: 'text', text: 'And this?' },
      ],
    },
  ],
})

/** The events of the answer, and the failure that kept it from its end. */
async function ask(
  channel: string,
  conversation: Conversation,
  // Kiro takes nothing without one.
  profileArn = channel === 'kiro-runtime' ? PROFILE : undefined,
) {
  const { accessToken } = simulator.seed(profileArn === undefined ? {} : { profileArn })
  const timeouts = { headersMs: 20_000, errorBodyMs: 5_000 }
  const parts = { clock, timeouts, newId: () => crypto.randomUUID(), endpoint: simulator.url }
  const amazonQ = createAmazonQ({ version: '0.0.0', ...dispatchers, ...parts })
  const access = {
    accountId: 'account-1',
    accessToken,
    channel,
    region: 'us-east-1',
    optsOut: true,
    ...(profileArn !== undefined && { profileArn }),
  }
  const events: ReplyEvent[] = []
  const emit = (event: ReplyEvent) => void events.push(event)
  try {
    const reply = await amazonQ
      .prepare(conversation, sampleModel)
      .send(access, { model: sampleModel, form: FULL_FORM, signal: new AbortController().signal })
    for (const bytes of await bytesOf(reply.body)) reply.decoder.push(bytes, emit)
    reply.decoder.end(emit)
    return { events, failure: undefined }
  } catch (error) {
    if (error instanceof GatewayError) return { events, failure: error.failure }
    throw error
  }
}

/** Request line and the headers that make the binding. */
const formOf = ({ method, path, headers }: Record<string, unknown>) => {
  const { 'content-type': type, 'x-amz-target': target } = z.record(z.string(), z.unknown()).parse(headers)
  return { method, path, type, target }
}

const textOf = (events: ReplyEvent[]) =>
  events.map((event) => (event.type === 'block-delta' ? event.text : '')).join('')
const kindsOf = (events: ReplyEvent[]) =>
  events.flatMap((event) => (event.type === 'block-start' ? [event.block.kind] : []))

const refusals: [name: string, kind: FailureKind][] = [
  ['improperly-formed', 'invalid-request'],
  ['improperly-formed-reason', 'invalid-request'],
  ['input-too-long', 'context-too-long'],
  ['prompt-too-long', 'context-too-long'],
  ['chat-context-too-long', 'context-too-long'],
  ['body-too-large', 'context-too-long'],
  ['invalid-model', 'model-not-found'],
  ['profile-required', 'access-denied'],
  ['invalid-tool-use', 'invalid-request'],
  ['extra-fields', 'invalid-request'],
  ['image-too-large', 'invalid-request'],
  ['bad-signature', 'invalid-request'],
  ['tool-schema', 'invalid-request'],
  ['monthly-limit', 'quota'],
  ['overage-limit', 'quota'],
  ['conversation-limit', 'invalid-request'],
  ['free-tier-used-up', 'quota'],
  ['daily-limit', 'quota'],
  ['invalid-bearer', 'token-expired'],
  ['expired-token', 'token-expired'],
  ['unrecognized-client', 'token-expired'],
  ['not-authorized', 'access-denied'],
  ['builder-id', 'access-denied'],
  ['suspended', 'suspended'],
  ['feature-gate', 'feature-gated'],
  ['throttled', 'throttled'],
  ['throttled-rate', 'throttled'],
  ['throttled-429', 'throttled'],
  ['credit-rate', 'throttled'],
  ['high-traffic', 'capacity'],
  ['high-load', 'capacity'],
  ['high-load-null', 'capacity'],
  ['internal-error', 'upstream-unavailable'],
  ['unavailable', 'upstream-unavailable'],
  ['conflict', 'access-denied'],
  ['resource-not-found', 'access-denied'],
  ['no-answer', 'upstream-unavailable'],
  ['html-413', 'context-too-long'],
  ['html-502', 'upstream-unavailable'],
  ['html-503', 'upstream-unavailable'],
  ['exception-first', 'capacity'],
  ['exception-mid-stream', 'capacity'],
  ['modelled-exception', 'capacity'],
  ['content-length-exception', 'context-too-long'],
  ['invalid-state', 'upstream-unavailable'],
  ['unmodelled-error', 'upstream-unavailable'],
  ['empty', 'empty-reply'],
  ['trailer-only', 'empty-reply'],
  ['truncated-tool', 'interrupted'],
  ['mid-frame-end', 'interrupted'],
  ['bad-message-crc', 'interrupted'],
]

describe.each([
  { channel: 'q-json', protocol: { protocol: AwsJson1_0Protocol } },
  { channel: 'q-rest', protocol: {} },
])('the channel $channel', ({ channel, protocol }) => {
  it.each([undefined, PROFILE])(
    'sends what the official client sends, with the profile %s',
    async (profileArn) => {
      await ask(channel, rich, profileArn)
      const [ours] = simulator.journal.entries()
      const { conversationState } = z.looseObject({ conversationState: z.unknown() }).parse(ours?.body)
      const official = new CodeWhispererStreaming({
        endpoint: simulator.url,
        region: 'us-east-1',
        token: { token: simulator.seed(profileArn === undefined ? {} : { profileArn }).accessToken },
        maxAttempts: 1,
        ...protocol,
      })
      // Images are bytes to the official client; base64 is what it makes of them on the wire.
      const state = JSON.parse(JSON.stringify(conversationState), (name, value) =>
        name === 'bytes' ? Buffer.from(value, 'base64') : value,
      )
      const answer = await official.generateAssistantResponse({ conversationState: state, profileArn })
      for await (const _ of answer.generateAssistantResponseResponse ?? []);
      const theirs = simulator.journal.entries()[1]
      expect(theirs?.body).toEqual(ours?.body)
      expect(formOf({ ...ours })).toEqual(formOf({ ...theirs }))
    },
  )
})

describe.each([
  { channel: 'q-json', binding: 'aws-json' },
  { channel: 'q-rest', binding: 'rest-json' },
  { channel: 'kiro-runtime', binding: 'kiro-runtime' },
])('the channel $channel', ({ channel, binding }) => {
  it('carries text, tools, results and images as the strict service wants them', async () => {
    const { events, failure } = await ask(channel, rich)
    expect(failure).toBeUndefined()
    expect(kindsOf(events)).toEqual(['text'])
    expect(simulator.journal.violations()).toEqual([])
    expect(simulator.journal.entries()).toMatchObject([
      { binding, outcome: { kind: 'answered', status: 200 } },
    ])
  })

  it.each([
    ['thinking', ['thinking', 'text'], 'First, the question. Then the answer.The answer is 42.'],
    ['redacted-thinking', ['redacted-thinking', 'text'], 'Done.'],
    ['gpt', ['text', 'tool-use', 'thinking'], 'Let me look.{"path": "."}...'],
    ['two-tools-interleaved', ['tool-use', 'tool-use'], '{"path": "a"}{"path": "b"}'],
    ['multibyte', ['text'], 'Grüße, 世界! 👋🏽 — naïve café'],
    ['every-header-type', ['text'], 'All headers.'],
  ])('decodes the answer %s, one byte a read too', async (name, kinds, text) => {
    const whole = await ask(channel, say(`[[sim:${name}]]`))
    expect([whole.failure, kindsOf(whole.events), textOf(whole.events)]).toEqual([undefined, kinds, text])
    const dribbled = await ask(channel, say(`[[sim:${name}]] [[sim:dribble]]`))
    expect([kindsOf(dribbled.events), textOf(dribbled.events)]).toEqual([kinds, text])
  })

  it.each(refusals)('tells %s as %s', async (name, kind) => {
    const { failure } = await ask(channel, say(`[[sim:${name}]]`))
    expect(failure?.kind).toBe(kind)
  })

  it.each([
    ['throttled-429', 2],
    ['credit-rate', 300],
  ])('passes on after how long %s ends', async (name, seconds) => {
    const { failure } = await ask(channel, say(`[[sim:${name}]]`))
    expect(failure?.retryAfterSeconds).toBe(seconds)
  })
})
