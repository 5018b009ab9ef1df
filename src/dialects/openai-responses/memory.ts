/** How a request goes on from answers that were kept: by the id of the last one, or of single items. */
import * as z from 'zod'
import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'
import type { AnswerMemory } from '../dialect.ts'
import { isJsonObject } from '../request-body.ts'

/** What is not readable points to nothing. */
const pointingBody = z.looseObject({ previous_response_id: z.string().min(1).optional().catch(undefined) })

/** Beginnings of ids, as the API has them, by the types of items. */
const prefixes: ReadonlyMap<string, string> = new Map([
  ['message', 'msg'],
  ['reasoning', 'rs'],
  ['function_call', 'fc'],
  ['function_call_output', 'fco'],
  ['custom_tool_call', 'ctc'],
  ['custom_tool_call_output', 'ctco'],
  ['local_shell_call', 'lsh'],
  ['local_shell_call_output', 'lsho'],
  ['shell_call', 'sh'],
  ['shell_call_output', 'sho'],
  ['apply_patch_call', 'apc'],
  ['apply_patch_call_output', 'apco'],
  ['web_search_call', 'ws'],
  ['compaction', 'cmp'],
  ['additional_tools', 'at'],
])

export const memory: AnswerMemory = {
  path: '/v1/responses',

  referencesOf(body) {
    const answerId = pointingBody.safeParse(body).data?.previous_response_id
    const itemIds = listItems(body).flatMap((item) => referenceOf(item) ?? [])
    return { itemIds, ...(answerId !== undefined && { answerId }) }
  },

  resolve(body, { earlier, items }) {
    if (!isJsonObject(body)) return body
    const own = listItems(body).map((item) => items.get(referenceOf(item) ?? '') ?? item)
    const answerId = pointingBody.safeParse(body).data?.previous_response_id
    return {
      ...body,
      input: [...earlier, ...own],
      ...(answerId !== undefined && { previous_response_id: { resolved: answerId } }),
    }
  },

  inputOf: (body, id) =>
    listItems(body)
      .filter(isJsonObject)
      .map((item, index) => withId(item, `${id}_${index}`)),

  outputOf: ({ output }) => (Array.isArray(output) ? output.filter(isJsonObject) : []),
}

/** A plain text is one message of the user. */
function listItems(body: unknown): JsonValue[] {
  const input = isJsonObject(body) ? body['input'] : undefined
  if (Array.isArray(input)) return input
  return typeof input === 'string' && input !== ''
    ? [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }]
    : []
}

/** The id that an item is nothing but the name of. */
function referenceOf(item: JsonValue): string | undefined {
  if (!isJsonObject(item) || typeof item['id'] !== 'string') return undefined
  const type = item['type'] ?? undefined
  const isReference = type === 'item_reference' || (type === undefined && !('role' in item))
  return isReference ? item['id'] : undefined
}

/** A reference keeps its id, as that is all there is to it. */
function withId(item: JsonObject, id: string): JsonObject {
  if (referenceOf(item) !== undefined) return item
  const type = typeof item['type'] === 'string' ? item['type'] : 'message'
  const whole = type === 'message' ? withContentList(item) : item
  return { ...whole, type, id: `${prefixes.get(type) ?? 'item'}_${id}` }
}

/** Messages are listed with parts, also those that came with a plain text. */
function withContentList(message: JsonObject): JsonObject {
  const { content } = message
  if (typeof content !== 'string') return message
  const isAnswer = message['role'] === 'assistant'
  const part: JsonObject = isAnswer
    ? { type: 'output_text', text: content, annotations: [] }
    : { type: 'input_text', text: content }
  return { ...message, content: [part] }
}
