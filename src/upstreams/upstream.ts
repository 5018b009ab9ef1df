import type { Readable } from 'node:stream'
import type { Conversation } from '../conversation/conversation.ts'
import type { Decoder } from '../conversation/stage.ts'

/** What an attempt needs of the account that it runs on. */
export interface Access {
  accessToken: string
  /** Name of the channel by which the account reaches the service; each upstream knows its own. */
  channel: string
  region: string
  profileArn?: string
  /** The account's own outbound proxy, in place of the operator's. It may hold credentials. */
  proxyUrl?: string
}

/** An answer that has begun: HTTP 200 was received, no byte of the body was read. */
export interface UpstreamReply {
  /** The service's id of the request, for the log and for support. */
  requestId?: string
  /** Paused. Whoever takes it must read it to the end or destroy it. */
  body: Readable
  /** Fresh for this reply, to be fed with the body. */
  decoder: Decoder
}

/** A conversation that was checked and encoded, ready to be sent as often as remedies need. */
export interface Exchange {
  /** Id of the model, as the service calls it: the same for all names that clients use. */
  modelId: string
  /** Estimated, for answers that must tell usage before the service does. */
  inputTokens: number
  /** Throws a GatewayError when no answer begins; an abort by `signal` is `client-gone`. */
  send(access: Access, signal: AbortSignal): Promise<UpstreamReply>
}

/** A model as clients may know it. */
export interface ModelInfo {
  /** As the service calls it. */
  id: string
  displayName: string
  contextWindowTokens: number
}

/** A model service. `prepare` is pure and throws `invalid-request` or `model-not-found` before an account is asked for. */
export interface Upstream {
  readonly name: string
  prepare(conversation: Conversation): Exchange
  /** Each model once, in the order in which to show them. */
  models(): readonly ModelInfo[]
  /** The model that `prepare` would use for a name, whichever of its spellings this is. */
  findModel(name: string): ModelInfo | undefined
}
