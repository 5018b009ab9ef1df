/** Answers in the three forms that the upstream speaks; the last two are what a gateway would have to make. */
import { createEventEncoder } from './event-frames.ts'

export interface AnswerForm {
  contentType: string
  head: readonly Buffer[]
  encodeToken(text: string): Buffer
  tail: readonly Buffer[]
}

const encodeAnswer = createEventEncoder('assistantResponseEvent')

/** What Amazon Q sends. */
export const eventStream: AnswerForm = {
  contentType: 'application/vnd.amazon.eventstream',
  head: [],
  encodeToken: (content) => encodeAnswer({ content, modelId: 'bench' }),
  tail: [
    createEventEncoder('contextUsageEvent')({ contextUsagePercentage: 1.5 }),
    createEventEncoder('meteringEvent')({ usage: 0.02, unit: 'credit', unitPlural: 'credits' }),
  ],
}

/** A stream of the OpenAI chat API. */
export const chatStream: AnswerForm = {
  contentType: 'text/event-stream; charset=utf-8',
  head: [encodeChunk({ role: 'assistant', content: '' }, null)],
  encodeToken: (content) => encodeChunk({ content }, null),
  tail: [encodeChunk({}, 'stop'), Buffer.from('data: [DONE]\n\n')],
}

/** What a gateway is told of each account: its models, and how much of its plan is used. */
export const accountModels = JSON.stringify({
  models: [{ modelId: 'claude-sonnet-4.5', modelName: 'Claude Sonnet 4.5', rateMultiplier: 1.3 }],
  defaultModel: { modelId: 'claude-sonnet-4.5', modelName: 'Claude Sonnet 4.5' },
})
export const accountUsage = JSON.stringify({
  usageBreakdownList: [{ resourceType: 'CREDIT', currentUsage: 10, usageLimit: 1000 }],
})

export function chatDocument(text: string): object {
  const message = { role: 'assistant', content: text, refusal: null }
  return { ...completion('chat.completion'), choices: [{ index: 0, message, finish_reason: 'stop' }] }
}

export function messagesDocument(text: string): object {
  return {
    id: 'msg_ready',
    type: 'message',
    role: 'assistant',
    model: 'bench',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  }
}

function completion(object: string): object {
  return { id: 'chatcmpl-ready', object, created: 1_700_000_000, model: 'bench' }
}

function encodeChunk(delta: object, finishReason: string | null): Buffer {
  const chunk = {
    ...completion('chat.completion.chunk'),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  }
  return Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`)
}
