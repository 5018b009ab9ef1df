import type { Conversation, JsonObject } from '../conversation/conversation.ts'
import type { Failure } from '../conversation/failures.ts'
import type { LossKind } from '../conversation/loss.ts'
import type { Reply, ReplyEvent } from '../conversation/reply.ts'
import type { Parameters } from './parameters.ts'

/** A client's request, read: the conversation, and how the client wants its answer. */
export interface ChatRequest {
  conversation: Conversation
  stream: boolean
  /** Fields that were accepted but cannot be carried, named in `x-aqueduct-ignored`. */
  ignored: string[]
  /** The fields of this request that ask for what not every model can be told; named there too when that is lost. */
  fieldsOfLoss: Partial<Record<LossKind, string[]>>
  answerForm: AnswerForm
  /** Whether the client wants its answer kept; heeded by dialects that have a `memory`. */
  isKept?: boolean
}

/** How an answer is written to the one request that it is for: part of that is the client's choice. */
export interface AnswerForm {
  createEncoder(head: ReplyHead): Encoder
  writeReply(reply: Reply, head: ReplyHead): JsonObject
  /** Whether this client takes the failure better from within a stream than as a status of its own. */
  tellsInStream?(failure: Failure): boolean
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
  /** Later requests may go on from it. */
  isKept?: boolean
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

/** What a request points to instead of saying it again. */
export interface References {
  /** The answer that it goes on from. */
  answerId?: string
  /** Single elements of earlier answers. */
  itemIds: string[]
}

/** A client API whose answers can be kept, so that later requests go on from them without saying all of it again. */
export interface AnswerMemory {
  /** Path of the kept answers; one of them is below it, by its id. */
  readonly path: string
  /** Of a body that nobody has checked yet; what is not readable points to nothing. */
  referencesOf(body: unknown): References
  /** The body with what it points to in its place, so that it stands for itself. `earlier`: all that was said up to that answer. */
  resolve(body: unknown, found: { earlier: JsonObject[]; items: ReadonlyMap<string, JsonObject> }): unknown
  /** What a body says itself, each with an id of its own made from `id`. Only of bodies that `readRequest` takes. */
  inputOf(body: unknown, id: string): JsonObject[]
  /** What an answer adds to the conversation. */
  outputOf(answer: JsonObject): JsonObject[]
}

/** One client API: pure functions around the neutral model. */
export interface Dialect {
  readonly name: string
  /** Paths of its POST route, the primary one first. */
  readonly paths: readonly string[]
  readonly tokenCounting?: TokenCounting
  readonly memory?: AnswerMemory
  /** What becomes of each field of a request. */
  readonly parameters: Parameters
  /** Whether a request without a route of its own comes from a client of this API, so that it understands the refusal. */
  recognises(path: string, headers: RequestHeaders): boolean
  /** Throws a GatewayError that names the field at fault. */
  readRequest(body: unknown, headers: RequestHeaders): ChatRequest
  /** `headers`: those of the request, where they are known; some clients need an error said their way. */
  writeError(failure: Failure, requestId: string, headers?: RequestHeaders): ErrorReply
}
