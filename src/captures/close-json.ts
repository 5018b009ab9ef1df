/** JSON whose end is missing, read as far as it goes. Pure. */
import type { JsonValue } from '../conversation/conversation.ts'
import { parseJson } from '../conversation/parse-json.ts'

/** An escape that was cut is no longer. */
const MOST_OF_ESCAPE = 6

/** Undefined: it was no JSON before it was cut either, or is none that can be told. */
export function closeJson(text: string): JsonValue | undefined {
  const whole = parseJson(text)
  if (whole !== undefined) return whole
  for (const end of endsOf(text)) {
    const open = openIn(end)
    for (const rest of open.inString ? ['"'] : ['', ':null', 'null']) {
      const value = parseJson(end + rest + open.closers)
      if (value !== undefined) return value
    }
  }
  return undefined
}

/** Where it may be closed: at its very end, before an escape or a word that was cut, or before the last member. */
function endsOf(text: string): string[] {
  const shorter = Array.from({ length: MOST_OF_ESCAPE + 1 }, (_, cut) => text.slice(0, text.length - cut))
  const lastComma = text.lastIndexOf(',')
  return lastComma === -1 ? shorter : [...shorter, text.slice(0, lastComma)]
}

function openIn(text: string): { inString: boolean; closers: string } {
  const closers: string[] = []
  let inString = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (inString && character === '\\') index += 1
    else if (character === '"') inString = !inString
    else if (inString) continue
    else if (character === '{') closers.push('}')
    else if (character === '[') closers.push(']')
    else if (character === '}' || character === ']') closers.pop()
  }
  return { inString, closers: closers.toReversed().join('') }
}
