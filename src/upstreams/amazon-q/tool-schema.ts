import type { JsonObject } from '../../conversation/conversation.ts'

/**
 * A tool's input schema as the service takes it: the root describes an object, and has neither `$schema` nor members
 * that are null (`required: null` is refused). All other keywords stay as the client wrote them.
 */
export function encodeToolSchema(schema: JsonObject): JsonObject {
  const kept = Object.entries(schema).filter(([keyword, value]) => keyword !== '$schema' && value !== null)
  const { type = 'object', properties = {}, ...rest } = Object.fromEntries(kept)
  if (type !== 'object') return { type: 'object', properties: {} }
  return { type, properties, ...rest }
}
