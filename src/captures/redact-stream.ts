/** Takes out of a stream of server-sent events what is not to be kept, secrets too that came in pieces. Pure. */
import { redactSecrets } from '../access/redact-secrets.ts'
import type { JsonValue } from '../conversation/conversation.ts'
import { parseJson } from '../conversation/parse-json.ts'
import { boundJson } from './bound-json.ts'
import type { Hidden } from './captured-body.ts'
import { surroundingsOf } from './secret-members.ts'
import { standInFor } from './stand-in.ts'

const DATA = 'data: '

/** A text in the data of an event, which can be replaced there. */
interface Piece {
  line: number
  text: string
  replace(text: string): void
}

/**
 * Texts of the same place in their events are one text that came in pieces. Members that are secret by their name and media
 * are counted in `hidden`.
 */
export function redactStream(stream: string, hidden: Hidden): string {
  const lines = stream.split('\n')
  const read = new Map<number, unknown>()
  const pieces: (Piece & { place: string })[] = []
  const changed = new Set<number>()
  for (const [line, text] of lines.entries()) {
    const data = text.startsWith(DATA) ? parseJson(text.slice(DATA.length)) : undefined
    if (typeof data !== 'object' || data === null) lines[line] = redactSecrets(text)
    else {
      const { kept, hasChanged } = replaceMembers(data, hidden)
      if (hasChanged) changed.add(line)
      read.set(line, kept)
      collect(kept, '', (place, found, replace) => pieces.push({ line, place, text: found, replace }))
    }
  }
  for (const together of Map.groupBy(pieces, ({ place }) => place).values()) {
    for (const line of redactPieces(together)) changed.add(line)
  }
  for (const line of changed) lines[line] = DATA + JSON.stringify(read.get(line))
  return lines.join('\n')
}

/** An event may repeat what was asked, with the credentials that are in it. */
function replaceMembers(data: object, hidden: Hidden): { kept: JsonValue; hasChanged: boolean } {
  let hasChanged = false
  const { value: kept } = boundJson(data, {
    mostBytes: Number.POSITIVE_INFINITY,
    standIn(found, place) {
      const other = standInFor(found, place, hidden)
      hasChanged ||= other !== undefined
      return other
    },
    surround: surroundingsOf,
    // A secret may have come in pieces: of texts, but not of names.
    clean: (text) => text,
    cleanName(name) {
      const clean = redactSecrets(name)
      hasChanged ||= clean !== name
      return clean
    },
  })
  return { kept, hasChanged }
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

function collect(value: unknown, place: string, visit: Visit): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${place}[]` : `${place}.${name}`
    if (typeof member === 'string') visit(at, member, (text) => void Reflect.set(value, name, text))
    else collect(member, at, visit)
  }
}
