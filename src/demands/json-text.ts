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

/** The JSON that a text is; that stands in its one code fence; that goes from its first bracket to its last: the likeliest first. */
export function findJsonTexts(text: string): JsonText[] {
  return [text, insideFence(text), insideBrackets(text)]
    .map(readJsonText)
    .filter((found) => found !== undefined)
}

function insideBrackets(text: string): string {
  const start = text.search(/[{[]/)
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'))
  return start < 0 ? '' : text.slice(start, end + 1)
}

/** What stands between the line of the first fence and the last one; a fence within a string of the JSON is between them. */
function insideFence(text: string): string {
  const opening = text.indexOf(FENCE)
  const start = opening < 0 ? -1 : text.indexOf('\n', opening)
  const end = text.lastIndexOf(FENCE)
  return start < 0 || end <= start ? '' : text.slice(start, end)
}
