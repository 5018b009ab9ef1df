/** The official streaming client judges both bindings of GenerateAssistantResponse. */
import { AwsJson1_0Protocol } from '@aws-sdk/core/protocols'
import {
  type ChatResponseStream,
  CodeWhispererStreaming,
  type GenerateAssistantResponseCommandInput,
  InternalServerException,
  ServiceQuotaExceededException,
  ThrottlingException,
  ValidationException,
  ValidationExceptionReason,
} from '@aws/codewhisperer-streaming-client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Refusal } from './refusal.ts'
import { refusals } from './replies/refusals.ts'
import { startSimulator, type Simulator } from './simulator.ts'

let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator()
})
afterAll(() => simulator.close())
beforeEach(() => simulator.reset())

const bindings = ['aws-json', 'rest-json'] as const

function officialClient(binding: (typeof bindings)[number], accessToken: string) {
  return new CodeWhispererStreaming({
    endpoint: simulator.url,
    region: 'us-east-1',
    token: { token: accessToken },
    maxAttempts: 1,
    ...(binding === 'aws-json' && { protocol: AwsJson1_0Protocol }),
  })
}

function prompt(content: string): GenerateAssistantResponseCommandInput {
  return {
    conversationState: {
      chatTriggerType: 'MANUAL',
      conversationId: '5a1c2e9c-1111-4222-8333-444455556666',
      currentMessage: { userInputMessage: { content, origin: 'CLI', modelId: 'claude-sonnet-4.5' } },
    },
  }
}

async function ask(binding: (typeof bindings)[number], content: string) {
  const { accessToken } = simulator.seed()
  const answer = await officialClient(binding, accessToken).generateAssistantResponse(prompt(content))
  const events: ChatResponseStream[] = []
  for await (const event of answer.generateAssistantResponseResponse ?? []) events.push(event)
  return { answer, events }
}

function textOf(events: ChatResponseStream[]): string {
  return events.map((event) => event.assistantResponseEvent?.content ?? '').join('')
}

describe.each(bindings)('the official client over %s', (binding) => {
  it('reads echoed text and the conversation id', async () => {
    const { answer, events } = await ask(binding, 'Good morning')
    expect(textOf(events)).toBe('You said: Good morning')
    expect(answer.conversationId).toBe('5a1c2e9c-1111-4222-8333-444455556666')
    expect(simulator.journal.violations()).toEqual([])
    expect(simulator.journal.entries()).toMatchObject([
      { binding, outcome: { kind: 'answered', status: 200 } },
    ])
  })

  it('reads a tool use', async () => {
    const { events } = await ask(binding, '[[sim:one-tool]]')
    const uses = events.flatMap(({ toolUseEvent }) => (toolUseEvent ? [toolUseEvent] : []))
    expect(uses.map(({ input }) => input ?? '').join('')).toBe('{"path": "."}')
    expect(uses.at(-1)?.stop).toBe(true)
    expect(uses[0]?.toolUseId).toMatch(/^tooluse_[\w-]{22}$/)
  })

  it('reads thinking and token usage', async () => {
    const { events } = await ask(binding, '[[sim:thinking]]')
    const thoughts = events.map((event) => event.reasoningContentEvent?.text ?? '').join('')
    expect(thoughts).toBe('First, the question. Then the answer.')
    const usage = events.find((event) => event.metadataEvent)?.metadataEvent?.tokenUsage
    expect(usage).toMatchObject({ uncachedInputTokens: 10, outputTokens: 55, cacheWriteInputTokens: 1200 })
  })

  it('reads text of one byte a write, whatever its characters', async () => {
    const { events } = await ask(binding, '[[sim:multibyte]] [[sim:dribble]]')
    expect(textOf(events)).toBe('Grüße, 世界! 👋🏽 — naïve café')
  })

  it.each([
    { name: 'high-traffic', type: ThrottlingException, reason: 'INSUFFICIENT_MODEL_CAPACITY' },
    { name: 'monthly-limit', type: ServiceQuotaExceededException, reason: 'MONTHLY_REQUEST_COUNT' },
    { name: 'high-load', type: InternalServerException, reason: 'MODEL_TEMPORARILY_UNAVAILABLE' },
    { name: 'invalid-model', type: ValidationException, reason: 'INVALID_MODEL_ID' },
  ])('turns $name into its error class', async ({ name, type, reason }) => {
    const failure = ask(binding, `[[sim:${name}]]`)
    await expect(failure).rejects.toBeInstanceOf(type)
    await expect(failure).rejects.toMatchObject({ reason })
  })

  it('turns the modelled exception in the stream into its error class', async () => {
    const failure = ask(binding, '[[sim:modelled-exception]]')
    await expect(failure).rejects.toMatchObject({ reason: 'MODEL_TEMPORARILY_UNAVAILABLE' })
  })

  it('throws at an exception after text', async () => {
    await expect(ask(binding, '[[sim:exception-mid-stream]]')).rejects.toThrow(/high traffic/)
  })

  it('refuses an unknown bearer', async () => {
    const answer = officialClient(binding, 'unknown').generateAssistantResponse(prompt('Hi'))
    await expect(answer).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'The bearer token included in the request is invalid.',
      $metadata: { httpStatusCode: 403 },
    })
  })
})

describe('reasons of invalid requests', () => {
  const named: Refusal[] = Object.values(refusals)
  const reasons = named.flatMap(({ name, reason }) => (name === 'ValidationException' ? (reason ?? []) : []))

  it.each([...new Set(reasons)])('%s is one that the official client knows', (reason) => {
    expect(Object.keys(ValidationExceptionReason)).toContain(reason)
  })
})

describe('throttling', () => {
  it.each([
    { binding: 'aws-json', status: 400 },
    { binding: 'rest-json', status: 429 },
  ] as const)('has status $status in $binding', async ({ binding, status }) => {
    await expect(ask(binding, '[[sim:throttled]]')).rejects.toMatchObject({
      $metadata: { httpStatusCode: status },
    })
  })
})
