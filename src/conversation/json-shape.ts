/**
 * How deep and how large a JSON text is, told from the text alone, before it becomes objects: V8 parses 800,000 levels
 * happily, and whatever walks the result afterwards breaks on them.
 */

const MAX_JSON_DEPTH = 128
const MAX_JSON_NODES = 100_000

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** What a text has too much of. */
export type JsonExcess = { kind: 'too-deep'; maxDepth: number } | { kind: 'too-large'; maxNodes: number }

/** Undefined when the text is within the limits. Text that is no JSON is left for the parser to refuse. */
export function findJsonExcess(text: string, maxNodes = MAX_JSON_NODES): JsonExcess | undefined {
  let depth = 0
  // Values in a text: one, and at most one for each container that opens and each comma.
  let nodes = 1
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = endOfString(text, index)
        break
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth += 1
        nodes += 1
        if (depth > MAX_JSON_DEPTH) return { kind: 'too-deep', maxDepth: MAX_JSON_DEPTH }
        break
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth -= 1
        break
      case COMMA:
        nodes += 1
        break
      default:
    }
    if (nodes > maxNodes) return { kind: 'too-large', maxNodes }
  }
  return undefined
}

/** Index of the quote that closes the string; the text's length when none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1
    if (backslashes % 2 === 0) return end
  }
  return text.length
}
