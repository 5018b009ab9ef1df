/** Any escape of a JSON text, so that an escaped backslash is not taken for the beginning of the next one. */
const ESCAPE = /\\(?:u[0-9a-f]{4}|.)/g

/**
 * JSON without halves of surrogate pairs, which clients leave behind when they cut a text inside a character. JSON.stringify
 * escapes them, and stricter readers than JavaScript's refuse the whole request for one.
 */
export function writeWellFormedJson(value: unknown): string {
  const json = JSON.stringify(value)
  return json.includes('\\ud')
    ? json.replace(ESCAPE, (escape) => (escape.startsWith('\\ud') ? '\ufffd' : escape))
    : json
}
