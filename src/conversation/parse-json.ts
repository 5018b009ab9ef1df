import type { JsonObject, JsonValue } from './conversation.ts'
import { findJsonExcess } from './json-shape.ts'

/** JSON that somebody wrote into a text: undefined when it is none, or when it is too deep or too large to be walked. */
export function parseJson(text: string, maxNodes?: number): JsonValue | undefined {
  if (findJsonExcess(text, maxNodes) !== undefined) return undefined
  try {
    const value: JsonValue = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

/** The same for what has to be an object, such as the input of a tool call. */
export function parseJsonObject(text: string): JsonObject | undefined {
  const value = parseJson(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
}
