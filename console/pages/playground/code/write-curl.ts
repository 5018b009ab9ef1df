/** A request as a command for curl, with a place for the key. Pure. */
import { dialects } from '../dialects.ts'
import type { WrittenRequest } from '../request/write-request.ts'

/** In which the key is expected: nothing that is copied from here holds one. */
export const KEY_NAME = 'AQUEDUCT_KEY'

export function writeCurl({ dialect, body }: WrittenRequest, origin: string): string {
  const isAnthropic = dialect === 'anthropic-messages'
  const text = JSON.stringify(body, null, 2)
  const end = unusedWord(text)
  // By its standard input, as pictures are longer than a command may be.
  return [
    `curl -sS${body['stream'] === true ? 'N' : ''} ${quote(`${origin}${dialects[dialect].path}`)} \\`,
    `  -H "${isAnthropic ? 'x-api-key: ' : 'Authorization: Bearer '}$${KEY_NAME}" \\`,
    ...(isAnthropic ? [`  -H 'anthropic-version: 2023-06-01' \\`] : []),
    `  -H 'Content-Type: application/json' \\`,
    `  --data-binary @- <<'${end}'`,
    text,
    end,
  ].join('\n')
}

/** A line that the text does not have. */
function unusedWord(text: string): string {
  let word = 'JSON'
  while (text.includes(word)) word += '_END'
  return word
}

/** For a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
