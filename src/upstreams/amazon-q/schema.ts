/**
 * The wire shapes of GenerateAssistantResponse: what we send, as types (we make it, nobody hands it to us), and the
 * events we read, as schemas. Only members that we use are named; events may have more.
 */

import * as z from 'zod'
import type { DocumentFormat, ImageFormat, JsonObject } from '../../conversation/conversation.ts'
import type { QOrigin } from './origins.ts'

export interface QImage {
  format: ImageFormat
  source: { bytes: string }
}

export interface QDocument {
  /** Unique within the request. */
  name: string
  format: DocumentFormat
  source: { bytes: string }
}

/** Bytes are base64, here as everywhere. */
export type QReasoning = { reasoningText: { text: string; signature: string } } | { redactedContent: string }

/** The prompt up to and including what bears it may be cached. */
export interface QCachePoint {
  type: 'default'
}

export interface QToolUse {
  toolUseId: string
  name: string
  input: JsonObject
}

export interface QToolResult {
  toolUseId: string
  status: 'success' | 'error'
  content: { text: string }[]
}

export interface QTool {
  toolSpecification: { name: string; description: string; inputSchema: { json: JsonObject } }
}

/** A cache point covers the tools before it. */
export type QToolEntry = QTool | { cachePoint: QCachePoint }

export interface QUserMessage {
  content: string
  origin?: QOrigin
  modelId?: string
  images?: QImage[]
  documents?: QDocument[]
  userInputMessageContext?: { toolResults?: QToolResult[]; tools?: QToolEntry[] }
  cachePoint?: QCachePoint
}

export interface QAssistantMessage {
  content: string
  toolUses?: QToolUse[]
  reasoningContent?: QReasoning
  cachePoint?: QCachePoint
}

export type QMessage = { userInputMessage: QUserMessage } | { assistantResponseMessage: QAssistantMessage }

export interface QConversationState {
  conversationId: string
  chatTriggerType: 'MANUAL'
  history?: QMessage[]
  currentMessage: { userInputMessage: QUserMessage }
}

/** `input` is a slice of JSON text by the model; some routes send the finished object instead. */
export const toolUseEvent = z.looseObject({
  toolUseId: z.string().nullish(),
  name: z.string().nullish(),
  input: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
  stop: z.boolean().nullish(),
})
export type ToolUseEvent = z.infer<typeof toolUseEvent>

const tokenCount = z.number().int().nonnegative()

export const metadataEvent = z.looseObject({
  tokenUsage: z
    .looseObject({
      uncachedInputTokens: tokenCount,
      outputTokens: tokenCount,
      cacheReadInputTokens: tokenCount.nullish(),
      cacheWriteInputTokens: tokenCount.nullish(),
    })
    .nullish()
    .catch(null),
  stopReason: z.string().nullish().catch(null),
  stopDetails: z
    .looseObject({
      refusal: z.looseObject({ category: z.string().nullish(), explanation: z.string().nullish() }).nullish(),
    })
    .nullish()
    .catch(null),
})
export type MetadataEvent = z.infer<typeof metadataEvent>

/** How full the model's window is, this answer included: 0 to 100. */
export const contextUsageEvent = z.looseObject({ contextUsagePercentage: z.number().gt(0).lte(100) })

export const meteringEvent = z.looseObject({ usage: z.number().nonnegative() })

const note = z.string().nullish().catch(null)
const position = z.number().int().nonnegative()
const range = z.looseObject({ start: position, end: position })
/** One element that cannot be read does not spoil the others. */
const listOf = <T extends z.ZodType>(element: T) => z.array(element.nullable().catch(null)).nullish()

export const codeReferenceEvent = z.looseObject({
  references: listOf(z.looseObject({ licenseName: note, repository: note, url: note })),
})
export const supplementaryWebLinksEvent = z.looseObject({
  supplementaryWebLinks: listOf(z.looseObject({ url: note, title: note, snippet: note })),
})

/** `target`: which part of the answer's text, `citationText` the mark that the text has there, as the 1 of "[1]". */
export const citationEvent = z.looseObject({
  target: z
    .looseObject({ location: position.nullish().catch(null), range: range.nullish().catch(null) })
    .nullish()
    .catch(null),
  citationText: note,
  citationLink: z.string(),
})
export type CitationEvent = z.infer<typeof citationEvent>

const documentSpan = range.extend({ documentIndex: position }).nullish().catch(null)

export const documentCitationEvent = z.looseObject({
  source: note,
  title: note,
  location: z
    .looseObject({
      documentPage: documentSpan,
      documentChar: documentSpan,
      documentChunk: documentSpan,
      web: z.looseObject({ url: note, domain: note }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  sourceContent: listOf(z.looseObject({ text: note })).catch(null),
})
export type DocumentCitationEvent = z.infer<typeof documentCitationEvent>

/** What errors have in common, in a stream as in the body of an error response. */
export const complaint = z.looseObject({
  __type: z.string().nullish().catch(null),
  code: z.string().nullish().catch(null),
  message: z.string().nullish().catch(null),
  Message: z.string().nullish().catch(null),
  reason: z.string().nullish().catch(null),
  retryAfterMilliseconds: z.number().nonnegative().nullish().catch(null),
})
export type Complaint = z.infer<typeof complaint>
