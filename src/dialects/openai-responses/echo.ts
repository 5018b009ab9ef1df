/** What an answer repeats of its request. */
import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'
import { isJsonObject } from '../request-body.ts'
import { resolvedAnswer, type ResponsesBody } from './schema.ts'

/** What the API says where the client said nothing; of what is not here nothing is repeated. */
const defaults = {
  background: false,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: 'default',
  store: true,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
  user: null,
} as const satisfies JsonObject

/** Members of the response object, each as the client sent it. `unread`: the body as it came. */
export function createEcho(unread: JsonObject, body: ResponsesBody): JsonObject {
  const members = Object.entries<JsonValue>(defaults).map(([name, usual]): [string, JsonValue] => {
    const sent = unread[name] ?? undefined
    if (sent === undefined) return [name, usual]
    // Objects with some of their members repeat the others too.
    return [name, isJsonObject(sent) && isJsonObject(usual) ? { ...usual, ...sent } : sent]
  })
  return { ...Object.fromEntries(members), previous_response_id: idOf(body.previous_response_id) }
}

function idOf(previous: ResponsesBody['previous_response_id']): string | null {
  return resolvedAnswer.safeParse(previous).data?.resolved ?? null
}
