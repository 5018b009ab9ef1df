/** The request for the next answer, as a client would send it. Pure. */
import type { DialectName } from '../dialects.ts'
import { listAt, memberOf, type Json, type JsonObject } from '../json.ts'
import type { Turn, Wishes } from './turns.ts'
import { writeChat, writeChatMessages } from './write-chat.ts'
import { writeMessages, writeMessagesTurns } from './write-messages.ts'
import { writeResponses, writeResponsesInput } from './write-responses.ts'

export interface WrittenRequest {
  dialect: DialectName
  body: JsonObject
}

const writers = {
  'openai-chat': { request: writeChat, turns: writeChatMessages, place: 'messages' },
  'openai-responses': { request: writeResponses, turns: writeResponsesInput, place: 'input' },
  'anthropic-messages': { request: writeMessages, turns: writeMessagesTurns, place: 'messages' },
} as const

/** A conversation that began with a raw request goes on with it: its dialect and its fields hold, whatever is wished. */
export function writeRequest(wishes: Wishes, turns: readonly Turn[]): WrittenRequest {
  const [first, ...rest] = turns
  if (first?.role !== 'raw') {
    return { dialect: wishes.dialect, body: writers[wishes.dialect].request(wishes, turns) }
  }
  const { dialect, body } = first
  if (rest.length === 0) return { dialect, body }
  const { turns: write, place } = writers[dialect]
  return { dialect, body: { ...body, [place]: [...saidIn(body, place), ...write(rest)] } }
}

/** The Responses API takes a plain text for its only message. */
function saidIn(body: JsonObject, place: string): readonly Json[] {
  const said = memberOf(body, place)
  return typeof said === 'string' ? [{ role: 'user', content: said }] : listAt(body, place)
}
