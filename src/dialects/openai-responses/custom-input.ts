/** The free text that a custom tool takes, out of the `{"input": "…"}` that the model was told to write. */
import type { JsonValue } from '../../conversation/conversation.ts'
import { parseJson, parseJsonObject } from '../../conversation/parse-json.ts'

/** How far in `input` has to begin for its text to be told as it comes. */
const MOST_OF_OPENING = 64
const OPENING = /^\s*\{\s*"input"\s*:\s*"/

export interface CustomInput {
  /** What of the input is known by this piece more than before. */
  add(piece: string): string
  /** The rest of it. */
  end(): string
}

/**
 * The pieces come to the same text however the model's JSON is cut. What is not such an object is given as it is written:
 * a tool that takes free text has to make of it what it can.
 */
export function createCustomInput(): CustomInput {
  let written = ''
  let string: StringReader | undefined

  function begin(): string {
    const opening = OPENING.exec(written.slice(0, MOST_OF_OPENING))?.[0]
    if (opening === undefined) return ''
    string = createStringReader()
    return string.add(written.slice(opening.length))
  }

  return {
    add(piece) {
      if (string !== undefined) return string.add(piece)
      const isOpen = written.length < MOST_OF_OPENING
      written += piece
      return isOpen ? begin() : ''
    },
    end() {
      if (string !== undefined) return string.end()
      const input = parseJsonObject(written)?.['input']
      return (typeof input === 'string' ? input : written).toWellFormed()
    },
  }
}

export function readCustomInput(written: string): string {
  const input = createCustomInput()
  return input.add(written) + input.end()
}

interface StringReader {
  add(piece: string): string
  end(): string
}

/** Reads a string of JSON, from behind its opening quote up to the closing one. */
function createStringReader(): StringReader {
  /** The beginning of an escape. */
  let raw = ''
  /** The first half of a surrogate pair: strict readers of JSON refuse a text with half of one. */
  let half = ''
  let isClosed = false

  return {
    add(piece) {
      if (isClosed) return ''
      raw += piece
      const end = endOfWhole(raw)
      isClosed = raw[end] === '"'
      const text = half + unescape(raw.slice(0, end))
      raw = raw.slice(end)
      half = isHighSurrogate(text.charCodeAt(text.length - 1)) ? text.slice(-1) : ''
      return text.slice(0, text.length - half.length).toWellFormed()
    },
    end: () => half.toWellFormed(),
  }
}

/** Where the closing quote is, or else the escape that is not complete yet. */
function endOfWhole(raw: string): number {
  let at = 0
  while (at < raw.length && raw[at] !== '"') {
    const length = raw[at] !== '\\' ? 1 : raw[at + 1] === 'u' ? 6 : 2
    if (at + length > raw.length) return at
    at += length
  }
  return at
}

/** What is no JSON is told as nothing: the call fails at its end. */
function unescape(raw: string): string {
  const text: JsonValue | undefined = raw.includes('\\') ? parseJson(`"${raw}"`) : raw
  return typeof text === 'string' ? text : ''
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}
