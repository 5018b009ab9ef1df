import type { Quota } from '../accounts/quota.ts'
import type { Conversation, JsonObject } from '../conversation/conversation.ts'
import type { Failure } from '../conversation/failures.ts'
import type { Loss } from '../conversation/loss.ts'
import type { Decoder } from '../conversation/stage.ts'

/** What an attempt needs of the account that it runs on. */
export interface Access {
  /** The account's id here; what the service signs is valid for its account alone. */
  accountId: string
  accessToken: string
  /** Name of the channel by which the account reaches the service; each upstream knows its own. */
  channel: string
  region: string
  profileArn?: string
  /** What the request says it comes from, in place of the channel's own word. */
  origin?: string
  /** Whether the service is asked not to keep what is sent. */
  optsOut: boolean
  /** The account's own outbound proxy, in place of the operator's. It may hold credentials. */
  proxyUrl?: string
}

/** Bytes as a connection brings them. Nothing is lost before `read`. */
export interface AnswerBody {
  /** To be called once. */
  read(reader: BodyReader): void
  /** Until `resume` the reader is called no more. */
  pause(): void
  resume(): void
  /** The reader is called no more, and what is still to come is given up. Harmless later on. */
  destroy(): void
}

/** None of these may throw. */
export interface BodyReader {
  /** All that one read of the connection brought. */
  take(pieces: readonly Uint8Array[]): void
  end(): void
  /** It broke off, for this reason if one is known. */
  fail(cause?: unknown): void
}

/** An answer that has begun: HTTP 200 was received, no byte of the body was read. */
export interface UpstreamReply {
  /** The service's id of the request, for the log and for support. */
  requestId?: string
  /** Whoever takes it must read it to the end or destroy it. */
  body: AnswerBody
  /** Fresh for this reply, to be fed with the body. */
  decoder: Decoder
  /** What of the conversation the request did not carry. */
  losses: readonly Loss[]
}

/** How much of a conversation is risked in a request: after a refusal, the next one is plainer. */
export interface RequestForm {
  /** `plain`: only the keywords of JSON Schema that every model is known to take. */
  toolSchemas: 'full' | 'plain'
  earlierThinking: 'replayed' | 'left-out'
  /** The model's own request fields: thinking, effort, output limit. */
  modelFields: 'sent' | 'left-out'
}

export const FULL_FORM: RequestForm = {
  toolSchemas: 'full',
  earlierThinking: 'replayed',
  modelFields: 'sent',
}

export interface Sending {
  /** As the account's own model list has it. */
  model: ModelInfo
  form: RequestForm
  /** Aborts when the client is gone. */
  signal: AbortSignal
}

/** A request as it would be sent, without the credentials. */
export interface RequestPreview {
  url: string
  headers: Record<string, string>
  body: JsonObject
  losses: readonly Loss[]
  findings: readonly Finding[]
}

/** A known rule of the service that a request breaks. */
export interface Finding {
  /** Name of the rule, as in docs/amazon-q.md. */
  rule: string
  /** `refused`: the service is known to answer 400; `poor`: it answers, but worse. */
  severity: 'refused' | 'poor'
  /** Path in the body. */
  path: string
  message: string
}

/** A conversation that was checked and encoded, ready to be sent as often as remedies need. */
export interface Exchange {
  /** Estimated, for answers that must tell usage before the service does. */
  inputTokens: number
  /** Throws a GatewayError when no answer begins; an abort by `signal` is `client-gone`. */
  send(access: Access, sending: Sending): Promise<UpstreamReply>
  /** The form to try after the service refused the request, or undefined when none is likely to help. */
  rewrite(form: RequestForm, failure: Failure): RequestForm | undefined
  preview(access: Omit<Access, 'accessToken'>, sending: Pick<Sending, 'model' | 'form'>): RequestPreview
}

/** A model as clients may know it. */
export interface ModelInfo {
  /** As the service calls it. */
  id: string
  displayName: string
  contextWindowTokens: number
  maxOutputTokens?: number
  takesImages: boolean
  takesDocuments: boolean
  /** How thinking is asked for: by the model's own request fields, by tags in the prompt, or not at all. */
  thinking: 'fields' | 'tags' | 'none'
  /** JSON Schema of the model's own request fields, as the service gives it for the account; absent: it takes none. */
  requestFields?: JsonObject
  /** How many cache marks a request may have; 0 when the model keeps no cache. */
  cacheMarks: number
  /** Credits for a unit of use, relative to other models. */
  rate?: number
}

/** A profile of the service: an organisation's set-up, which requests of its members name. */
export interface Profile {
  arn: string
  name: string
}

/** What the service says of an account's profiles, over all its regions. */
export interface ProfileSearch {
  profiles: readonly Profile[]
  /** Regions that did not answer: while there is one, an empty list does not mean that there is no profile. */
  unanswered: readonly string[]
  /** The service says that the account is a Builder ID, which has none. */
  isBuilderId: boolean
}

/** Who the service says the account is. */
export interface AccountFacts {
  /** The service's own id of the person. */
  userId?: string
  email?: string
  /** Name of the subscription. */
  plan?: string
}

/** What the service tells of an account in one answer. */
export interface UsageReading {
  facts: AccountFacts
  quota: Quota
}

/** A page that a search has found, as the source tells it: text of strangers, of whatever form and length. */
export interface FoundPage {
  url: string
  title: string
  excerpt: string
  /** When it was written, in whatever words. */
  age?: string
}

/** Which profile the requests of an account name before anything was learned; `listed`: the one that the service lists. */
export type UsualProfile = { kind: 'none' } | { kind: 'listed' } | { kind: 'arn'; arn: string }

/** What decides on the profile of an account of which no profile is known. */
export interface UnlearnedAccount {
  channel: string
  signIn: 'builder-id' | 'identity-center' | 'unknown'
}

/** A model service. `prepare` is pure and throws `invalid-request` before an account is asked for. */
export interface Upstream {
  readonly name: string
  /** Scheme and host that requests of the account go to: what fails there fails for all who use it. Throws `access-denied` for a channel that is not known. */
  hostOf(access: Pick<Access, 'channel' | 'region' | 'profileArn'>): string
  prepare(conversation: Conversation, model: ModelInfo): Exchange
  /** The models that are known without asking, in the order in which to show them. */
  readonly catalogue: readonly ModelInfo[]
  /** The account's own list. Throws a GatewayError. */
  listModels(access: Access, signal: AbortSignal): Promise<ModelInfo[]>
  /** What requests of an account name while nobody knows better. Throws `access-denied` for a channel that is not known. */
  usualProfile(account: UnlearnedAccount): UsualProfile
  /** The profiles that can be used, of all regions, whatever region and profile the access names. Throws a GatewayError when no region answered. */
  listProfiles(access: Access, signal: AbortSignal): Promise<ProfileSearch>
  /** Who the account is and what it has used. Costs nothing. Throws a GatewayError. */
  readUsage(access: Access, signal: AbortSignal): Promise<UsageReading>
  /** Whether accounts of the channel can search the web. */
  searchesWeb(channel: string): boolean
  /** Searches the web by the account. Throws a GatewayError. */
  searchWeb(access: Access, query: string, signal: AbortSignal): Promise<FoundPage[]>
}
