/**
 * What the model cannot be given and what it needs to answer: refused, where things of the kind that came earlier, or
 * from tools, are only left out.
 */

import type { Conversation, DocumentPart } from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { findAttachingTurn, mediaOf } from '../../conversation/media.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { ModelInfo } from '../upstream.ts'
import { MAX_DOCUMENTS, MAX_DOCUMENT_CHARACTERS, placeDocuments } from './document-places.ts'
import type { DocumentPlace } from './document-places.ts'

/** The official client sends no more; together with the message that is answered. */
const MAX_MESSAGES = 10_001
const MAX_SUGGESTIONS = 3

/**
 * Throws `invalid-request` or `context-too-long`. Of images and documents only those count that a person has just
 * attached.
 * `models` are those to suggest from.
 */
export function refuseUnreadable(
  { turns }: Conversation,
  model: ModelInfo,
  models: readonly ModelInfo[],
): void {
  const messages = countMessages(turns)
  if (messages > MAX_MESSAGES) throw refuseLength(messages)
  const attaching = findAttachingTurn(turns)
  const news = attaching === undefined ? [] : mediaOf(attaching)
  if (news.length === 0) return
  if (!model.takesImages && news.some(({ kind }) => kind !== 'document')) throw refuseImages()
  const link = news.find((medium) => medium.kind === 'image-link')
  if (link !== undefined) throw refuseLink(link.field)

  const documents = turns.flatMap(mediaOf).filter((medium) => medium.kind === 'document')
  const places = placeDocuments(documents, model)
  const firstNew = documents.length - news.filter(({ kind }) => kind === 'document').length
  for (const [index, document] of documents.entries()) {
    const place = places[index]
    if (index >= firstNew && place?.kind === 'left-out') throw refuseDocument(document, place.why, models)
  }
}

/** Before a conversation that begins with the assistant, and behind one that ends with it, the user is made to speak. */
function countMessages(turns: Conversation['turns']): number {
  return turns.length + Number(isAssistant(turns[0])) + Number(isAssistant(turns.at(-1)))
}

function isAssistant(turn: Conversation['turns'][number] | undefined): boolean {
  return turn?.role === 'assistant'
}

function refuseLength(count: number): GatewayError {
  return new GatewayError(
    'context-too-long',
    `prompt is too long: ${count} messages > ${MAX_MESSAGES} maximum. Begin a new conversation, or shorten this one.`,
  )
}

function refuseImages(): GatewayError {
  const text = 'model: This model takes text only. Leave out the images, or choose a model that reads them.'
  return new GatewayError('invalid-request', text, { field: 'model', code: 'unsupported_value' })
}

/** The service fetches nothing (protocol S19), and what the gateway fetches has been fetched by now. */
function refuseLink(field: string): GatewayError {
  const text = `${field}: Images are not fetched from a URL; send the image itself, as data:image/png;base64,…`
  return new GatewayError('invalid-request', text, { field, code: 'invalid_image_url' })
}

type Reason = (DocumentPlace & { kind: 'left-out' })['why']

function refuseDocument(document: DocumentPart, why: Reason, models: readonly ModelInfo[]): GatewayError {
  const { field = 'messages' } = document
  const text = `${field}: ${adviceOn(document, why, models)}`
  return new GatewayError('invalid-request', text, { field, code: 'invalid_value' })
}

function adviceOn({ format }: DocumentPart, why: Reason, models: readonly ModelInfo[]): string {
  switch (why) {
    case 'too-large':
      return `A document has at most 4.5 MB, which is ${MAX_DOCUMENT_CHARACTERS} characters of base64. Send a smaller one.`
    case 'too-many':
      return `A request takes at most ${MAX_DOCUMENTS} documents that are not plain text. Leave some out.`
    case 'not-utf-8':
      return `A document of format ${format} is sent as text, and this one is not UTF-8. Convert it.`
    case 'not-read-by-model':
      return `This model reads no ${format} documents. Send the text instead${suggestionOf(models)}.`
    default:
      return unreachable(why)
  }
}

function suggestionOf(models: readonly ModelInfo[]): string {
  const readers = models.filter(({ takesDocuments }) => takesDocuments).slice(0, MAX_SUGGESTIONS)
  return readers.length === 0
    ? ''
    : `, or choose a model that reads them: ${readers.map(({ id }) => id).join(', ')}`
}
