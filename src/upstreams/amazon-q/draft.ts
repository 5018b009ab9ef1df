/** One request through all its attempts: everything about it that can be told without sending it. */

import type { Conversation, JsonObject } from '../../conversation/conversation.ts'
import type { Failure } from '../../conversation/failures.ts'
import { estimateInputTokens } from '../../conversation/estimate-tokens.ts'
import type { Access, Finding, ModelInfo, RequestForm, RequestPreview, Sending } from '../upstream.ts'
import { headersAboutUs } from './about-us.ts'
import type { Program } from './about-us.ts'
import { catalogue } from './catalogue.ts'
import { channelOf, originOf } from './channels.ts'
import type { Channel } from './channels.ts'
import { conversationIdOf } from './conversation-id.ts'
import { encodeRequest } from './encode-request.ts'
import type { EncodedRequest } from './encode-request.ts'
import { lintRequest } from './lint/lint-request.ts'
import type { QOrigin } from './origins.ts'
import type { PromptSize } from './prompt-size.ts'
import { refuseUnreadable } from './refuse-unreadable.ts'
import { isSameForm, rewriteForm } from './rewrite.ts'
import { writeWellFormedJson } from './well-formed-json.ts'

interface DraftOptions {
  /** Names the request towards the service. */
  invocationId: string
  program: Program
  urlOf(channel: Channel, access: KnownAccess): URL
  sendsCacheMarks?: boolean
}

type KnownAccess = Omit<Access, 'accessToken'>
type Shape = Pick<Sending, 'model' | 'form'>

export interface Draft {
  prompt: PromptSize
  /** Throws `invalid-request` for what the model, as the account has it, cannot read. */
  complete(access: KnownAccess, shape: Shape): OutgoingRequest
  /** The next form of the request that was completed last, after the service refused it in `form`. */
  rewrite(form: RequestForm, failure: Failure): RequestForm | undefined
}

export interface OutgoingRequest {
  url: URL
  /** All but the authorization. */
  headers: Record<string, string>
  /** JSON. */
  body: Buffer
  encoded: Encoding
}

/** What stays of a conversation that was encoded, beside its bytes. */
export type Encoding = Pick<EncodedRequest, 'losses' | 'toolNames' | 'asksForThinkingTags'>

export const EVENT_STREAM = 'application/vnd.amazon.eventstream'

/** Throws `invalid-request` or `context-too-long`. */
export function createDraft(conversation: Conversation, model: ModelInfo, options: DraftOptions): Draft {
  refuseUnreadable(conversation, model, catalogue)
  const encodedFor = createEncoder(conversation, model, options)
  let latest: Manner | undefined
  return {
    prompt: { tokens: estimateInputTokens(conversation), contextWindowTokens: model.contextWindowTokens },
    complete(access, shape) {
      const channel = channelOf(access.channel)
      const { accountId } = access
      latest = { ...shape, origin: originOf(channel, access), accountId }
      const encoded = encodedFor(latest)
      return {
        url: options.urlOf(channel, access),
        headers: headersOf(channel, access, options),
        body: bodyOf(encoded.bytes, access),
        encoded,
      }
    },
    rewrite(form, { refusal }) {
      const manner = latest
      if (manner === undefined || refusal === undefined) return undefined
      const refused = encodedFor({ ...manner, form }).bytes
      const changes = (next: RequestForm) => !encodedFor({ ...manner, form: next }).bytes.equals(refused)
      return rewriteForm(form, { refusal, changes })
    },
  }
}

export function previewOf(
  { url, headers, body, encoded }: OutgoingRequest,
  model: ModelInfo,
): RequestPreview {
  const parsed: JsonObject = JSON.parse(body.toString())
  const findings = lintRequest(parsed, model)
  return { url: url.href, headers, body: parsed, losses: encoded.losses, findings }
}

/** The known rules that a request breaks, by its body. */
export function findingsOf(body: Buffer, model: ModelInfo): Finding[] {
  const parsed: JsonObject = JSON.parse(body.toString())
  return lintRequest(parsed, model)
}

/** What decides on the body of a request. */
interface Manner extends Shape {
  origin: QOrigin
  accountId: string
}

interface EncodedConversation extends Encoding {
  manner: Manner
  /** JSON of the members that stay the same for all profiles of an account. Outside V8's heap, as it lives until the answer ends. */
  bytes: Buffer
}

/** Another attempt is most often in the same manner; a large conversation is not encoded again for it. */
function createEncoder(
  conversation: Conversation,
  model: ModelInfo,
  { sendsCacheMarks = false }: DraftOptions,
): (manner: Manner) => EncodedConversation {
  const conversationId = conversationIdOf(conversation)
  let latest: EncodedConversation | undefined
  return (manner) => {
    if (latest === undefined || !isSameManner(latest.manner, manner)) {
      if (manner.model !== model) refuseUnreadable(conversation, manner.model, catalogue)
      const encoded = encodeRequest(conversation, { ...manner, conversationId, sendsCacheMarks })
      const { losses, toolNames, asksForThinkingTags } = encoded
      latest = { losses, toolNames, asksForThinkingTags, manner, bytes: bytesOf(encoded) }
    }
    return latest
  }
}

function isSameManner(one: Manner, other: Manner): boolean {
  return (
    one.origin === other.origin &&
    one.model === other.model &&
    isSameForm(one.form, other.form) &&
    one.accountId === other.accountId
  )
}

function bytesOf({ conversationState, additionalModelRequestFields: fields }: EncodedRequest): Buffer {
  const { history = [], ...state } = conversationState
  const texts = ['{"conversationState":', writeWellFormedJson(state).slice(0, -1)]
  for (const message of history) {
    texts.push(message === history[0] ? ',"history":[' : ',', writeWellFormedJson(message))
  }
  texts.push(history.length > 0 ? ']}' : '}')
  if (fields !== undefined) texts.push(',"additionalModelRequestFields":', writeWellFormedJson(fields))
  return joinTexts([...texts, '}'])
}

/** A long conversation is never one text: V8 keeps one of 128 KB on pages of its own, which costs more than to write it. */
function joinTexts(texts: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0))
  let end = 0
  for (const text of texts) end += bytes.write(text, end)
  return bytes
}

function headersOf(channel: Channel, access: KnownAccess, options: DraftOptions): Record<string, string> {
  return {
    'content-type': channel.contentType,
    ...(channel.target !== undefined && { 'x-amz-target': channel.target }),
    accept: EVENT_STREAM,
    ...headersAboutUs(channel, access, options),
  }
}

/** The members of an account come last, so that a large conversation is not encoded again for another one. */
function bodyOf(bytes: Buffer, { profileArn }: KnownAccess): Buffer {
  if (profileArn === undefined) return bytes
  return Buffer.concat([bytes.subarray(0, -1), Buffer.from(`,"profileArn":${JSON.stringify(profileArn)}}`)])
}
