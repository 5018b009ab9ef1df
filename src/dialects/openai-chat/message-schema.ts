/** The messages of a conversation, by their roles. */
import * as z from 'zod'
import { listOf } from '../request-body.ts'
import { pieceContent, spokenContent, toolInput } from '../content-schema.ts'

const functionCall = z.looseObject({ name: z.string(), arguments: toolInput })

/** A call without a type is one of a function. */
const toolCall = z.preprocess(
  (call) => {
    if (typeof call !== 'object' || call === null || Array.isArray(call)) return call
    return { ...call, type: 'type' in call && call.type === 'custom' ? 'custom' : 'function' }
  },
  z.discriminatedUnion('type', [
    z.looseObject({ id: z.string(), type: z.literal('function'), function: functionCall }),
    z.looseObject({
      id: z.string(),
      type: z.literal('custom'),
      custom: z.looseObject({ name: z.string(), input: z.string().nullish() }),
    }),
  ]),
)

export const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('system'), content: pieceContent }),
  z.looseObject({ role: z.literal('developer'), content: pieceContent }),
  z.looseObject({ role: z.literal('user'), content: spokenContent }),
  z.looseObject({
    role: z.literal('assistant'),
    content: spokenContent.nullish(),
    refusal: z.string().nullish(),
    tool_calls: listOf(toolCall).nullish(),
    function_call: functionCall.nullish(),
    reasoning_content: z.string().nullish().catch(null),
    reasoning: z.string().nullish().catch(null),
    reasoning_details: z.array(z.unknown()).nullish().catch(null),
  }),
  z.looseObject({ role: z.literal('tool'), tool_call_id: z.string(), content: pieceContent.nullish() }),
  z.looseObject({
    role: z.literal('function'),
    name: z.string().nullish(),
    content: pieceContent.nullish(),
  }),
])

/** One of OpenRouter's `reasoning_details` that says something in the clear. */
export const reasoningDetail = z.looseObject({
  text: z.string().nullish().catch(null),
  summary: z.string().nullish().catch(null),
})

export type Message = z.output<typeof message>
export type AssistantMessage = Extract<Message, { role: 'assistant' }>
export type ToolCall = NonNullable<AssistantMessage['tool_calls']>[number]
