/** The request body of POST /v1/chat/completions, as far as the gateway reads it. Unknown fields pass unread. */
import * as z from 'zod'
import { jsonObject, listOf } from '../request-body.ts'
import { legacyFunction, nestingTool } from '../tool-schema.ts'
import { message } from './message-schema.ts'

const responseFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    json_schema: z.looseObject({ schema: jsonObject.nullish() }),
  }),
])

export const chatBody = z.looseObject({
  model: z.string().min(1).max(256),
  messages: listOf(message, z.array(z.unknown()).min(1, 'At least one message is required')),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  tools: listOf(nestingTool).nullish(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  max_tokens: z.int().nullish(),
  max_completion_tokens: z.int().nullish(),
  max_output_tokens: z.int().nullish().catch(null),
  n: z.int().min(1).nullish(),
  stop: z.union([z.string(), listOf(z.string())]).nullish(),
  response_format: responseFormat.nullish(),
  functions: listOf(legacyFunction).nullish(),
  function_call: z.unknown().optional(),
  modalities: listOf(z.string()).nullish(),
  prompt_cache_key: z.string().nullish(),
})

/** The ways in which clients of this API ask for thinking. What is not understood asks for nothing. */
export const thinkingWishes = z.looseObject({
  reasoning_effort: z.string().nullish().catch(null),
  reasoning: z
    .looseObject({
      effort: z.string().nullish().catch(null),
      max_tokens: z.int().min(1).nullish().catch(null),
      exclude: z.boolean().nullish().catch(null),
      enabled: z.boolean().nullish().catch(null),
    })
    .nullish()
    .catch(null),
  thinking: z
    .looseObject({
      type: z.string().nullish().catch(null),
      budget_tokens: z.int().min(1).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  enable_thinking: z.boolean().nullish().catch(null),
  thinking_budget: z.int().min(1).nullish().catch(null),
})

export type ChatBody = z.output<typeof chatBody>
