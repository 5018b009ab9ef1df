/** What a client asks, in neutral terms. Dialects make it, upstreams encode it; neither sees the other. */

import type { Citation } from './citation.ts'
import type { SearchRules } from './web-search.ts'

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject
export interface JsonObject {
  [key: string]: JsonValue
}

/** Anthropic's `cache_control`: the prompt up to and including this element may be cached. */
export interface CacheMark {
  ttl?: '5m' | '1h'
}

export interface TextPart {
  kind: 'text'
  text: string
  /** In answers alone: what the text is taken from. */
  citations?: Citation[]
  cacheMark?: CacheMark
}

export type ImageFormat = 'png' | 'jpeg' | 'gif' | 'webp'

export interface ImagePart {
  kind: 'image'
  format: ImageFormat
  /** Standard base64, without line breaks. */
  base64: string
  cacheMark?: CacheMark
}

/** An image that the client only named, by its http(s) address. Somebody has to fetch it before it can be sent. */
export interface ImageLinkPart {
  kind: 'image-link'
  url: string
  /** Path of the address in the client's request, for errors. */
  field: string
  cacheMark?: CacheMark
}

export type DocumentFormat = 'pdf' | 'csv' | 'doc' | 'docx' | 'xls' | 'xlsx' | 'html' | 'txt' | 'md'

export interface DocumentPart {
  kind: 'document'
  name: string
  format: DocumentFormat
  /** Standard base64, without line breaks. */
  base64: string
  /** Path of the document in the client's request, for errors. */
  field?: string
  cacheMark?: CacheMark
}

export type ToolResultPiece = TextPart | ImagePart | ImageLinkPart | DocumentPart

/** A tool's result is something the user side says. `failed`: the tool reported an error. */
export interface ToolResultPart {
  kind: 'tool-result'
  toolUseId: string
  content: ToolResultPiece[]
  failed: boolean
  cacheMark?: CacheMark
}

/** `signature`: the model service's proof that the thinking is its own; absent when it gave none. */
export interface ThinkingPart {
  kind: 'thinking'
  text: string
  signature?: string
}

/** Thinking that the model service hands out only in sealed form. `data` is opaque base64. */
export interface RedactedThinkingPart {
  kind: 'redacted-thinking'
  data: string
}

export interface ToolUsePart {
  kind: 'tool-use'
  id: string
  name: string
  input: JsonObject
  /** The JSON text of the input as the model wrote it, where it is known: long numbers survive only in the text. */
  inputText?: string
  cacheMark?: CacheMark
}

export type UserPart = TextPart | ImagePart | ImageLinkPart | DocumentPart | ToolResultPart
export type AssistantPart = TextPart | ThinkingPart | RedactedThinkingPart | ToolUsePart

export interface UserTurn {
  role: 'user'
  parts: UserPart[]
}
export interface AssistantTurn {
  role: 'assistant'
  parts: AssistantPart[]
}
export type Turn = UserTurn | AssistantTurn

export interface Tool {
  name: string
  description: string
  /** JSON Schema of the input, as the client sent it. */
  inputSchema: JsonObject
  /** The gateway runs it and tells the model what came out; absent: the client does. */
  serverRun?: SearchRules
  cacheMark?: CacheMark
}

export type ToolChoice = { kind: 'auto' } | { kind: 'none' } | { kind: 'any' } | { kind: 'one'; name: string }

export type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max'

/**
 * `default`: the client says nothing of it. `shown`: it wants to see the thinking; else it gets at most its signature.
 * Thinking that nobody asked for is never shown.
 */
export type Thinking =
  | { kind: 'default' }
  | { kind: 'off' }
  | { kind: 'budget'; budgetTokens: number; shown: boolean }
  | { kind: 'adaptive'; shown: boolean }

export type ResponseFormat = { kind: 'text' } | { kind: 'json' } | { kind: 'json-schema'; schema: JsonObject }

export interface Limits {
  maxOutputTokens?: number
  stopSequences: string[]
}

export interface Conversation {
  /** The name the client sent; the upstream resolves it. */
  model: string
  /** System prompt, one text; empty when there is none. */
  system: string
  /** Roles alternate; no turn is without parts. */
  turns: Turn[]
  tools: Tool[]
  toolChoice: ToolChoice
  parallelToolCalls: boolean
  thinking: Thinking
  /** How much work the model should put into its answer, thinking or not. */
  effort?: Effort
  responseFormat: ResponseFormat
  /** Where the client says what it demands, by paths of its request: for what turns out to be impossible later on. */
  demandedAt?: { toolChoice?: string; responseFormat?: string }
  limits: Limits
  /** Which conversation this is, as far as the client tells: the key of stickiness. */
  affinityKey?: string
}

type Draft = Pick<Conversation, 'model' | 'turns'> & Partial<Conversation>

/**
 * The only constructor. Merges neighbouring turns of one role, leaves out turns without parts and empty texts,
 * and fills in what the client did not say. Whether a turn comes first or last is the upstream's business.
 */
export function createConversation(draft: Draft): Conversation {
  return {
    system: '',
    tools: [],
    toolChoice: { kind: 'auto' },
    parallelToolCalls: true,
    thinking: { kind: 'default' },
    responseFormat: { kind: 'text' },
    limits: { stopSequences: [] },
    ...draft,
    turns: mergeTurns(draft.turns),
  }
}

function mergeTurns(turns: readonly Turn[]): Turn[] {
  // As nearly all conversations are, and each is looked at twice: once read, and once more when it is sent.
  if (turns.every((turn, index) => turn.role !== turns[index - 1]?.role && isWhole(turn))) return [...turns]
  const merged: Turn[] = []
  for (const turn of turns.map(withoutEmptyTexts)) {
    if (turn.parts.length === 0) continue
    const last = merged.at(-1)
    // Part by part: a spread of very many arguments overflows the stack.
    if (last?.role === 'user' && turn.role === 'user') for (const part of turn.parts) last.parts.push(part)
    else if (last?.role === 'assistant' && turn.role === 'assistant')
      for (const part of turn.parts) last.parts.push(part)
    else merged.push(turn)
  }
  return merged
}

function isWhole({ parts }: Turn): boolean {
  return parts.length > 0 && !parts.some(isEmptyText)
}

function isEmptyText(part: Turn['parts'][number]): boolean {
  return part.kind === 'text' && part.text === ''
}

function withoutEmptyTexts(turn: Turn): Turn {
  if (turn.role === 'user') {
    return { role: 'user', parts: turn.parts.filter((part) => !isEmptyText(part)) }
  }
  return { role: 'assistant', parts: turn.parts.filter((part) => !isEmptyText(part)) }
}
