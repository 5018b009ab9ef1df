/** Takes secrets out of a stream of server-sent events, those too that came in pieces. Pure. */
import { redactSecrets } from '../access/redact-secrets.ts'
import { parseJson } from '../conversation/parse-json.ts'

const DATA = 'data: '

/** A text in the data of an event, which can be replaced there. */
interface Piece {
  line: number
  text: string
  replace(text: string): void
}

/** Texts of the same place in their events are one text that came in pieces. */
export function redactStream(stream: string): string {
  const lines = stream.split('\n')
  const read = new Map<number, unknown>()
  const pieces: (Piece & { place: string })[] = []
  for (const [line, text] of lines.entries()) {
    const data = text.startsWith(DATA) ? parseJson(text.slice(DATA.length)) : undefined
    if (typeof data !== 'object' || data === null) lines[line] = redactSecrets(text)
    else {
      read.set(line, data)
      collect(data, '', (place, found, replace) => pieces.push({ line, place, text: found, replace }))
    }
  }
  const changed = new Set<number>()
  for (const together of Map.groupBy(pieces, ({ place }) => place).values()) {
    for (const line of redactPieces(together)) changed.add(line)
  }
  for (const line of changed) lines[line] = DATA + JSON.stringify(read.get(line))
  return lines.join('\n')
}

/**
 * Looked at together alone: what of a secret is in one piece would hide it, and leave the rest. The first piece has all that
 * is left of their text. Answers the lines that have changed.
 */
function redactPieces(pieces: readonly Piece[]): number[] {
  const whole = pieces.map(({ text }) => text).join('')
  const clean = redactSecrets(whole)
  if (clean === whole) return []
  for (const [index, piece] of pieces.entries()) piece.replace(index === 0 ? clean : '')
  return pieces.map(({ line }) => line)
}

type Visit = (place: string, text: string, replace: (text: string) => void) => void

function collect(value: object, place: string, visit: Visit): void {
  for (const [name, member] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${place}[]` : `${place}.${name}`
    if (typeof member === 'string') visit(at, member, (text) => void Reflect.set(value, name, text))
    else if (typeof member === 'object' && member !== null) collect(member, at, visit)
  }
}
