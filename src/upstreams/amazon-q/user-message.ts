/** What the user side says in one message: text, media, and the results of the tool calls right before it. */

import type { ToolResultPart, ToolResultPiece, UserTurn } from '../../conversation/conversation.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import { isMarkedTurn } from './cache-points.ts'
import type { QDocument, QImage, QToolResult } from './schema.ts'

export interface UserMessage {
  texts: string[]
  images: QImage[]
  documents: QDocument[]
  toolResults: QToolResult[]
  isMarked: boolean
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
 * a result without a call becomes text (S4, S6); of several results for one call the last counts, the others are text.
 */
export function readUserTurn(turn: UserTurn, calls: readonly ToolCall[]): UserMessage {
  const message: UserMessage = { ...plainMessage(), isMarked: isMarkedTurn(turn) }
  if (calls.length > 0) addResults(turn, calls, message)
  else for (const part of turn.parts) addPart(part, message)
  return message
}

function addResults(turn: UserTurn, calls: readonly ToolCall[], message: UserMessage): void {
  const resultsById = groupResults(turn)
  const placed = new Set<ToolResultPart>()
  const called = new Map<string, number>()
  for (const { clientId } of calls) called.set(clientId, (called.get(clientId) ?? 0) + 1)
  const timesSeen = new Map<string, number>()
  for (const call of calls) {
    const seen = timesSeen.get(call.clientId) ?? 0
    timesSeen.set(call.clientId, seen + 1)
    const results = resultsById.get(call.clientId) ?? []
    const isLastUse = seen + 1 === called.get(call.clientId)
    const result = isLastUse && results.length > seen ? results.at(-1) : results[seen]
    if (result !== undefined) placed.add(result)
    message.toolResults.push(
      result === undefined ? cancelledResult(call) : encodeResult(result, call, message),
    )
  }
  const isRepetition = createRepetitionCheck(placed, called)
  for (const part of turn.parts) {
    if (part.kind !== 'tool-result' || !(placed.has(part) || isRepetition(part))) addPart(part, message)
  }
}

/** The message after calls that nobody answered; `text` stands where there were no calls either. */
export function unansweredMessage(calls: readonly ToolCall[], text: string): UserMessage {
  if (calls.length === 0) return plainMessage(text)
  return { ...plainMessage(), toolResults: calls.map(cancelledResult) }
}

export function plainMessage(...texts: string[]): UserMessage {
  return { texts, images: [], documents: [], toolResults: [], isMarked: false }
}

function groupResults(turn: UserTurn): Map<string, ToolResultPart[]> {
  const results = turn.parts.filter((part) => part.kind === 'tool-result')
  return Map.groupBy(results, ({ toolUseId }) => toolUseId)
}

/** Whether a result that has found no place says what one for the same call says already. */
function createRepetitionCheck(placed: ReadonlySet<ToolResultPart>, called: ReadonlyMap<string, number>) {
  let keys: ReadonlySet<string> | undefined
  return (part: ToolResultPart): boolean => {
    if (!called.has(part.toolUseId)) return false
    keys ??= new Set([...placed].map(contentKey))
    return keys.has(contentKey(part))
  }
}

function contentKey({ toolUseId, content }: ToolResultPart): string {
  return JSON.stringify([toolUseId, content])
}

function addPart(part: UserTurn['parts'][number], message: UserMessage): void {
  if (part.kind === 'tool-result') {
    message.texts.push(`Result of an earlier tool call:\n${resultText(part, message)}`)
  } else {
    const text = attach(part, message)
    // Beside text of the user's own, what is attached needs no pointer.
    if (part.kind === 'text' && text !== undefined) message.texts.push(text)
  }
}

function encodeResult(part: ToolResultPart, call: ToolCall, message: UserMessage): QToolResult {
  return {
    toolUseId: call.serviceId,
    status: part.failed ? 'error' : 'success',
    content: [{ text: resultText(part, message) }],
  }
}

function cancelledResult(call: ToolCall): QToolResult {
  return { toolUseId: call.serviceId, status: 'error', content: [{ text: NO_RESULT_TEXT }] }
}

/** The model does not see the status, so the text says that it is an error (protocol S17). */
function resultText(part: ToolResultPart, message: UserMessage): string {
  const pieces = part.content.map((piece) => attach(piece, message)).filter((text) => text !== undefined)
  const text = pieces.length === 0 ? EMPTY_RESULT_TEXT : pieces.join('\n')
  return part.failed ? `The tool failed:\n${text}` : text
}

/**
 * Media inside results are dropped by the service, so they move to the message, and a pointer to them stands in their place
 * (protocol S18). Undefined for a text that is blank.
 */
function attach(piece: ToolResultPiece, message: UserMessage): string | undefined {
  switch (piece.kind) {
    case 'text':
      return piece.text.trim() === '' ? undefined : piece.text
    case 'image':
      message.images.push({ format: piece.format, source: { bytes: piece.base64 } })
      return `[image ${message.images.length} of this message]`
    case 'document': {
      const { name, format, base64 } = piece
      message.documents.push({ name, format, source: { bytes: base64 } })
      return `[document "${name}" of this message]`
    }
    case 'image-link':
      // A request with an address that nobody fetched is refused before it is encoded.
      return `[an image that is not attached: ${piece.url}]`
    default:
      return unreachable(piece)
  }
}
