/** What the user side says in one message: text, images, and the results of the tool calls right before it. */

import type { ImageLinkPart, ImagePart, ToolResultPart, UserTurn } from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { QImage, QToolResult } from './schema.ts'

export interface UserMessage {
  texts: string[]
  images: QImage[]
  toolResults: QToolResult[]
}

/** A tool use of the assistant message before, by the client's id and by the one that the service gets. */
export interface ToolCall {
  clientId: string
  serviceId: string
}

const NO_RESULT_TEXT = 'This tool call was cancelled; there is no result.'
const EMPTY_RESULT_TEXT = '(empty result)'

/**
 * Results come in the order of `calls`, whatever the client's order (protocol S7). A call without a result gets one that says so (S5);
 * a result without a call becomes text (S4, S6); of several results for one call the last counts.
 */
export function readUserTurn(turn: UserTurn, calls: readonly ToolCall[]): UserMessage {
  const message: UserMessage = { texts: [], images: [], toolResults: [] }
  const resultsById = groupResults(turn)
  const called = new Map<string, number>()
  for (const { clientId } of calls) called.set(clientId, (called.get(clientId) ?? 0) + 1)
  const timesSeen = new Map<string, number>()
  for (const call of calls) {
    const seen = timesSeen.get(call.clientId) ?? 0
    timesSeen.set(call.clientId, seen + 1)
    const results = resultsById.get(call.clientId) ?? []
    const isLastUse = seen + 1 === called.get(call.clientId)
    const result = isLastUse && results.length > seen ? results.at(-1) : results[seen]
    message.toolResults.push(
      result === undefined ? cancelledResult(call) : encodeResult(result, call, message.images),
    )
  }
  for (const part of turn.parts) addPart(part, called, message)
  return message
}

/** The message after calls that nobody answered; `text` stands where there were no calls either. */
export function unansweredMessage(calls: readonly ToolCall[], text: string): UserMessage {
  return { texts: calls.length === 0 ? [text] : [], images: [], toolResults: calls.map(cancelledResult) }
}

function groupResults(turn: UserTurn): Map<string, ToolResultPart[]> {
  const results = turn.parts.filter((part) => part.kind === 'tool-result')
  return Map.groupBy(results, ({ toolUseId }) => toolUseId)
}

function addPart(
  part: UserTurn['parts'][number],
  called: ReadonlyMap<string, number>,
  message: UserMessage,
): void {
  switch (part.kind) {
    case 'text':
      if (part.text.trim() !== '') message.texts.push(part.text)
      return
    case 'image':
      message.images.push(encodeImage(part))
      return
    case 'image-link':
      throw refuseLink(part)
    case 'document':
      throw new GatewayError(
        'invalid-request',
        'Documents cannot be sent yet. Put the text of the document into the message instead.',
      )
    case 'tool-result':
      if (called.has(part.toolUseId)) return
      message.texts.push(`Result of an earlier tool call:\n${resultText(part, message.images)}`)
      return
    default:
      unreachable(part)
  }
}

function encodeResult(part: ToolResultPart, call: ToolCall, images: QImage[]): QToolResult {
  return {
    toolUseId: call.serviceId,
    status: part.failed ? 'error' : 'success',
    content: [{ text: resultText(part, images) }],
  }
}

function cancelledResult(call: ToolCall): QToolResult {
  return { toolUseId: call.serviceId, status: 'error', content: [{ text: NO_RESULT_TEXT }] }
}

/**
 * Images inside results are dropped by the service, so they move to the message and leave a pointer (protocol S18).
 * The model does not see the status either, so the text says that it is an error (S17).
 */
function resultText(part: ToolResultPart, images: QImage[]): string {
  const pieces: string[] = []
  for (const piece of part.content) {
    if (piece.kind === 'text') {
      if (piece.text.trim() !== '') pieces.push(piece.text)
    } else if (piece.kind === 'image') {
      images.push(encodeImage(piece))
      pieces.push(`[image ${images.length} of this message]`)
    } else if (piece.kind === 'image-link') throw refuseLink(piece)
  }
  const text = pieces.length === 0 ? EMPTY_RESULT_TEXT : pieces.join('\n')
  return part.failed ? `The tool failed:\n${text}` : text
}

/** The service fetches nothing, and by default neither does the gateway (protocol S19). */
function refuseLink({ field }: ImageLinkPart): GatewayError {
  const text = `${field}: Images are not fetched from a URL; send the image itself, as data:image/png;base64,…`
  return new GatewayError('invalid-request', text, { field, code: 'invalid_image_url' })
}

function encodeImage({ format, base64 }: ImagePart): QImage {
  return { format, source: { bytes: base64 } }
}
