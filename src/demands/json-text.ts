import type { JsonValue } from '../conversation/conversation.ts'
import { parseJson } from '../conversation/parse-json.ts'

const FENCE = '```'

/** JSON as it was written: parsing and writing it anew would round long numbers. */
export interface JsonText {
  text: string
  value: JsonValue
}

/** Undefined when the text is no JSON. */
export function readJsonText(text: string): JsonText | undefined {
  const trimmed = text.trim()
  const value = parseJson(trimmed)
  return value === undefined ? undefined : { text: trimmed, value }
}

/** The JSON that a text is, or that stands in its one code fence, whatever is said around that. */
export function findJsonText(text: string): JsonText | undefined {
  return readJsonText(text) ?? readJsonText(insideFence(text))
}

/** What stands between the line of the first fence and the last one; a fence within a string of the JSON is between them. */
function insideFence(text: string): string {
  const opening = text.indexOf(FENCE)
  const start = opening < 0 ? -1 : text.indexOf('\n', opening)
  const end = text.lastIndexOf(FENCE)
  return start < 0 || end <= start ? '' : text.slice(start, end)
}
