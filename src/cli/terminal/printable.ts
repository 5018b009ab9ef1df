import { stripVTControlCharacters } from 'node:util'

/** Labels, addresses and errors come from outside: what would drive the terminal, turn text round or hide is left out. */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
}
