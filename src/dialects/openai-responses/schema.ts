/** The request body of POST /v1/responses, as far as the gateway reads it. Unknown fields pass unread. */
import * as z from 'zod'
import { jsonObject, listOf } from '../request-body.ts'
import { tool } from '../tool-schema.ts'
import { item } from './item-schema.ts'

const responseFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({ type: z.literal('json_schema'), schema: jsonObject.nullish() }),
])

/** What is not understood asks for nothing. */
const reasoning = z
  .looseObject({
    effort: z.string().nullish().catch(null),
    summary: z.string().nullish().catch(null),
    generate_summary: z.string().nullish().catch(null),
  })
  .nullish()
  .catch(null)

/** The answer that was put in place of its id, by our own hand: the id is for the answer to repeat. */
export const resolvedAnswer = z.strictObject({ resolved: z.string() })

const promptShape = {
  input: z.union([z.string(), listOf(item)]).nullish(),
  instructions: z.string().nullish(),
  previous_response_id: z.union([z.string(), resolvedAnswer]).nullish(),
  tools: listOf(tool).nullish(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  reasoning,
  text: z.looseObject({ format: responseFormat.nullish() }).nullish(),
  prompt_cache_key: z.string().nullish(),
  max_output_tokens: z.int().nullish(),
  max_tool_calls: z.int().min(0).nullish().catch(null),
  conversation: z.unknown().optional(),
}

export const responsesBody = z.looseObject({
  model: z.string().min(1).max(256),
  ...promptShape,
  stream: z.boolean().nullish(),
  stream_options: jsonObject.nullish().catch(null),
  store: z.boolean().nullish(),
  background: z.boolean().nullish(),
  include: listOf(z.string()).nullish(),
  metadata: jsonObject.nullish(),
  prompt: z.unknown().optional(),
})

/** Whoever has tokens counted need not name a model. */
export const promptBody = z.looseObject({ model: z.string().max(256).nullish(), ...promptShape })

export type ResponsesBody = z.output<typeof responsesBody>
export type PromptBody = z.output<typeof promptBody>
