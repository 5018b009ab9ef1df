/** The longest that is known, on the end of support, is a paragraph with an address at its end. */
const MAX_LENGTH = 600

/** What must not reach a client: bearer tokens, names of AWS resources, user ids, and anything that looks like a key. */
const PRIVATE = [
  /bearer\s+[^\s"']{16,}/gi,
  /arn:aws[\w-]*:[^\s"',)]+/gi,
  /(?<=user id )\([^)]*\)/gi,
  /eyJ[\w-]{10,}(\.[\w-]+)*/g,
  // Not after a dot or slash: addresses of documents stay readable.
  /(?<![\w./+=-])[\w+/=-]{40,}/g,
]

/** The service's own text in one short line that may be shown: without what is private to the account's holder. */
export function quoteServiceWords(message: string): string {
  const line = message
    .slice(0, 4 * MAX_LENGTH)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  const shown = PRIVATE.reduce((text, pattern) => text.replaceAll(pattern, '(…)'), line)
  return shown.length > MAX_LENGTH ? `${shown.slice(0, MAX_LENGTH).toWellFormed()}…` : shown
}
