import type { Conversation, JsonObject } from '../conversation/conversation.ts'
import type { Failure } from '../conversation/failures.ts'
import type { LossKind } from '../conversation/loss.ts'
import type { Reply, ReplyEvent } from '../conversation/reply.ts'
import type { Parameters } from './parameters.ts'

/** A client's request, read: the conversation, and how the client wants its answer. */
export interface ChatRequest {
  conversation: Conversation
  stream: boolean
  /** OpenAI's `stream_options.include_usage`; dialects that always tell usage set it. */
  usageInStream: boolean
  /** Fields that were accepted but cannot be carried, named in `x-aqueduct-ignored`. */
  ignored: string[]
  /** The fields of this request that ask for what not every model can be told; named there too when that is lost. */
  fieldsOfLoss: Partial<Record<LossKind, string[]>>
  toolForms: ToolForms
}

/** How the client declared its tools, where calls of them have to look alike. */
export interface ToolForms {
  /** Names of tools that take one free text instead of an object; declared to the model as an object with an `input`. */
  custom: ReadonlySet<string>
  /** OpenAI's `functions` of before there were tools. */
  legacy: boolean
}

/** What an answer needs beside the reply itself. Ids and time are passed in, so that answers can be compared. */
export interface ReplyHead {
  /** Random part of the answer's id, URL-safe; each dialect puts its own prefix before it. */
  id: string
  requestId: string
  /** The model's name as the client sent it. */
  model: string
  createdAt: Date
  /** Estimated, for the places that come before the true number. */
  inputTokens: number
  usageInStream: boolean
  toolForms: ToolForms
}

/** Turns one reply into the text of a server-sent stream. One per request; it outlives attempts. */
export interface Encoder {
  /** The head of the stream; called once, before anything else. */
  open(): string
  /** `reply-start` never comes here. May answer an empty string. */
  push(event: ReplyEvent): string
  ping(): string
  /** The dialect's stream error, after which the stream is closed without its proper end. */
  fail(failure: Failure): string
}

/** All tools are declared in the usual way, with an object of JSON Schema. */
export const PLAIN_TOOLS: ToolForms = { custom: new Set(), legacy: false }

export interface ErrorReply {
  status: number
  headers: Record<string, string>
  body: JsonObject
}

/** By lower-case name. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>

/** A client API's own route for asking how many tokens a request has, before it is sent. */
export interface TokenCounting {
  /** Paths of its POST route, the primary one first. */
  readonly paths: readonly string[]
  /** Throws a GatewayError that names the field at fault. */
  readPrompt(body: unknown, headers: RequestHeaders): Conversation
  writeCount(inputTokens: number): JsonObject
}

/** One client API: pure functions around the neutral model. */
export interface Dialect {
  readonly name: string
  /** Paths of its POST route, the primary one first. */
  readonly paths: readonly string[]
  readonly tokenCounting?: TokenCounting
  /** What becomes of each field of a request. */
  readonly parameters: Parameters
  /** Whether a request without a route of its own comes from a client of this API, so that it understands the refusal. */
  recognises(path: string, headers: RequestHeaders): boolean
  /** Throws a GatewayError that names the field at fault. */
  readRequest(body: unknown, headers: RequestHeaders): ChatRequest
  createEncoder(head: ReplyHead): Encoder
  writeReply(reply: Reply, head: ReplyHead): JsonObject
  writeError(failure: Failure, requestId: string): ErrorReply
}
