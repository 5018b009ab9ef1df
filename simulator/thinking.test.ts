/** Thinking on its way to the client and back, as the official client carries it. */
import {
  CodeWhispererStreaming,
  type ReasoningContent,
  ValidationException,
} from '@aws/codewhisperer-streaming-client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startSimulator, type Simulator } from './simulator.ts'

let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator()
})
afterAll(() => simulator.close())
beforeEach(() => simulator.reset())

interface Question {
  modelId?: string
  prompt?: string
  fields?: { thinking: { type: string; display?: string } }
  before?: ReasoningContent
}

/** Asks a question after one turn of history, with the thinking `before` in it. */
async function ask(
  accessToken: string,
  { modelId = 'claude-opus-5', prompt = 'Hi', fields, before }: Question,
) {
  const client = new CodeWhispererStreaming({
    endpoint: simulator.url,
    region: 'us-east-1',
    token: { token: accessToken },
    maxAttempts: 1,
  })
  const history = [
    { userInputMessage: { content: 'a' } },
    { assistantResponseMessage: { content: 'b', reasoningContent: before } },
  ]
  const answer = await client.generateAssistantResponse({
    conversationState: {
      chatTriggerType: 'MANUAL',
      history: before ? history : [],
      currentMessage: { userInputMessage: { content: prompt, modelId } },
    },
    additionalModelRequestFields: fields,
  })
  const thoughts: string[] = []
  let signature: string | undefined
  let redactedContent: Uint8Array | undefined
  for await (const { reasoningContentEvent: event } of answer.generateAssistantResponseResponse ?? []) {
    thoughts.push(event?.text ?? '')
    signature = event?.signature ?? signature
    redactedContent = event?.redactedContent ?? redactedContent
  }
  return redactedContent
    ? { redactedContent }
    : { reasoningText: { text: thoughts.join(''), signature: signature ?? 'none' } }
}

const adaptive = { thinking: { type: 'adaptive' } }
const hidden = { thinking: { type: 'adaptive', display: 'omitted' } }
const questions = [
  { what: 'thinking', question: { fields: adaptive } },
  { what: 'hidden thinking', question: { fields: hidden } },
  { what: 'redacted thinking', question: { prompt: '[[sim:redacted-thinking]]' } },
  { what: 'a named sequence of thinking', question: { prompt: '[[sim:thinking]]' } },
]

describe.each(questions)('$what', ({ question }) => {
  it('can be shown again by the account to the model', async () => {
    const { accessToken } = simulator.seed()
    const before = await ask(accessToken, question)
    await ask(accessToken, { ...question, before })
    expect(simulator.journal.violations()).toEqual([])
  })

  it.each([
    { who: 'another account', sameAccount: false, modelId: 'claude-opus-5' },
    { who: 'another model', sameAccount: true, modelId: 'claude-sonnet-5' },
  ])('is not taken from $who', async ({ sameAccount, modelId }) => {
    const { accessToken } = simulator.seed()
    const before = await ask(accessToken, question)
    const asker = sameAccount ? accessToken : simulator.seed().accessToken
    const failure = ask(asker, { prompt: 'And?', modelId, before })
    await expect(failure).rejects.toBeInstanceOf(ValidationException)
    await expect(failure).rejects.toMatchObject({ reason: 'THINKING_SIGNATURE_INVALID' })
  })
})

it.each([
  { what: 'another text', forged: (text: string, signature: string) => ({ text: `${text}!`, signature }) },
  { what: 'no signature', forged: (text: string) => ({ text }) },
])('thinking with $what is refused', async ({ forged }) => {
  const { accessToken } = simulator.seed()
  const { reasoningText } = await ask(accessToken, { fields: adaptive })
  const { text = '', signature = '' } = reasoningText ?? {}
  const before = { reasoningText: forged(text, signature) }
  expect(text).toContain('repeat')
  await expect(ask(accessToken, { before })).rejects.toMatchObject({ reason: 'THINKING_SIGNATURE_INVALID' })
})
