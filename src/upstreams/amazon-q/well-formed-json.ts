/** Half a character, escaped; or an escaped backslash, so that it is not taken for the beginning of such an escape. */
const HALF_OR_BACKSLASH = /\\\\|\\ud[0-9a-f]{3}/g

/**
 * JSON without halves of surrogate pairs, which clients leave behind when they cut a text inside a character. JSON.stringify
 * escapes them, and stricter readers than JavaScript's refuse the whole request for one.
 */
export function writeWellFormedJson(value: unknown): string {
  const json = JSON.stringify(value)
  return json.includes('\\ud')
    ? json.replace(HALF_OR_BACKSLASH, (escape) => (escape.startsWith('\\ud') ? '\ufffd' : escape))
    : json
}
