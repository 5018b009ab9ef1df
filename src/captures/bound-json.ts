/** A copy of a JSON value whose text has no more than so many bytes, and is JSON still. Pure. */
import type { JsonValue } from '../conversation/conversation.ts'

export type JsonHolder = Readonly<Record<string, unknown>>

/** What a value stands in, at whatever depth: `secret` things are not kept, and of a `schema` of one that is only what describes it. */
export type Surroundings = 'plain' | 'schema' | 'secret'

/** Where a value stands. */
export interface JsonPlace {
  /** Of the member that it is, or is listed in. */
  name: string | undefined
  /** The object that has that member. */
  holder: JsonHolder | undefined
  /** It is not the member itself. */
  isListed: boolean
  surroundings: Surroundings
}

interface Bounds {
  mostBytes: number
  /** What stands for a whole value; undefined: it stays. */
  standIn: (value: string | number | boolean, place: JsonPlace) => string | undefined
  /** What an object or a list is to what stands in it. */
  surround: (found: JsonHolder | readonly unknown[], place: JsonPlace) => Surroundings
  /** Takes out of a text, or of a name, what is not to be kept. Of a long one it is given what there is room for, and a little more. */
  clean: (text: string) => string
  /** As `clean` does for names, where that is for texts alone. */
  cleanName?: (name: string) => string
}

/** What is to be taken out may begin where there is room, and end where there is none. */
const SEEN_BEYOND = 4096
const MARK = '…'
const MARK_BYTES = 3
const QUOTES_BYTES = 2
const BRACKETS_BYTES = 2
const COMMA_BYTES = 1
const COLON_BYTES = 1
const WHOLE: JsonPlace = { name: undefined, holder: undefined, isListed: false, surroundings: 'plain' }

/** What comes first stays; a text that has no room is cut and ends in `…`. */
export function boundJson(
  value: unknown,
  { mostBytes, standIn, surround, clean, cleanName = clean }: Bounds,
): { value: JsonValue; isCut: boolean } {
  let left = mostBytes
  let isCut = false

  function take(bytes: number): boolean {
    if (bytes > left) {
      isCut = true
      return false
    }
    left -= bytes
    return true
  }

  /** Undefined: there is no room for it. */
  function copy(found: unknown, place: JsonPlace): JsonValue | undefined {
    if (Array.isArray(found)) return copyList(found, place)
    if (isObject(found)) return copyObject(found, place)
    if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') {
      return take(4) ? null : undefined
    }
    const other = standIn(found, place)
    if (other !== undefined) return copyText(other, (text) => text)
    if (typeof found === 'string') return copyText(found, clean)
    return take(JSON.stringify(found).length) ? found : undefined
  }

  function copyText(found: string, cleanText: (text: string) => string): string | undefined {
    if (!take(QUOTES_BYTES)) return undefined
    const seen = found.slice(0, left + SEEN_BEYOND)
    const text = cleanText(seen)
    const whole = fitText(text, left)
    if (seen.length === found.length && whole.length === text.length) {
      left -= whole.bytes
      return text
    }
    isCut = true
    if (left < MARK_BYTES) return ''
    const { length, bytes } = fitText(text, left - MARK_BYTES)
    left -= bytes + MARK_BYTES
    // In memory of its own: a piece of a text would hold all of that.
    return Buffer.from(text.slice(0, length)).toString() + MARK
  }

  function copyList(found: readonly unknown[], place: JsonPlace): JsonValue | undefined {
    if (!take(BRACKETS_BYTES)) return undefined
    const list: JsonValue[] = []
    const inside = { ...place, isListed: true, surroundings: surround(found, place) }
    for (const each of found) {
      const copied = take(COMMA_BYTES) ? copy(each, inside) : undefined
      if (copied === undefined) break
      list.push(copied)
    }
    return list
  }

  function copyObject(holder: JsonHolder, place: JsonPlace): JsonValue | undefined {
    if (!take(BRACKETS_BYTES)) return undefined
    const members: [string, JsonValue][] = []
    const inside = { holder, isListed: false, surroundings: surround(holder, place) }
    for (const name of Object.keys(holder)) {
      const fits = fitText(name, left).length === name.length
      const said = fits ? cleanName(name) : name
      const nameBytes = fits ? Buffer.byteLength(JSON.stringify(said)) : left
      const hasRoom = take(nameBytes + COLON_BYTES + COMMA_BYTES)
      const copied = hasRoom ? copy(holder[name], { ...inside, name }) : undefined
      if (copied === undefined) break
      members.push([said, copied])
    }
    return Object.fromEntries(members)
  }

  const copied = copy(value, WHOLE)
  return { value: copied ?? null, isCut }
}

function isObject(found: unknown): found is JsonHolder {
  return typeof found === 'object' && found !== null
}

/** How much of a text has room in so many bytes of JSON: its length, never half a character, and the bytes that it takes. */
function fitText(text: string, mostBytes: number): { length: number; bytes: number } {
  let bytes = 0
  let length = 0
  while (length < text.length) {
    const code = text.codePointAt(length) ?? 0
    const more = bytesOf(code)
    if (bytes + more > mostBytes) break
    bytes += more
    length += code > 0xffff ? 2 : 1
  }
  return { length, bytes }
}

const SHORT_ESCAPES = new Set(['"', '\\', '\b', '\f', '\n', '\r', '\t'].map((each) => each.charCodeAt(0)))

/** As JSON.stringify writes it: control characters and halves of a pair as `\uXXXX`. */
function bytesOf(code: number): number {
  if (SHORT_ESCAPES.has(code)) return 2
  if (code < 0x20) return 6
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  if (code > 0xffff) return 4
  return code >= 0xd800 && code <= 0xdfff ? 6 : 3
}
