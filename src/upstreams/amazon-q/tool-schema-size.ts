import type { JsonValue } from '../../conversation/conversation.ts'

/** What a value costs in JSON beside its own text. */
const PUNCTUATION = 3

/** About how many characters of JSON a value is; stops counting above `most`. */
export function measure(value: JsonValue, most: number): number {
  let size = 0
  const waiting: JsonValue[] = [value]
  for (let next = waiting.pop(); next !== undefined && size <= most; next = waiting.pop()) {
    size += PUNCTUATION
    if (typeof next === 'string') size += next.length
    else if (Array.isArray(next)) for (const item of next) waiting.push(item)
    else if (typeof next === 'object' && next !== null) {
      for (const [key, member] of Object.entries(next)) {
        size += key.length + PUNCTUATION
        waiting.push(member)
      }
    }
  }
  return size
}
