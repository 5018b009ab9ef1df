/** Amazon Q as an Upstream: encodes a conversation once, sends it as often as asked, and hands out the answer unread. */

import { request } from 'undici'
import type { Dispatcher } from 'undici'
import type { Clock } from '../../clock.ts'
import type { Conversation } from '../../conversation/conversation.ts'
import { estimateInputTokens } from '../../conversation/estimate-tokens.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { chain } from '../../conversation/stage.ts'
import type { Dispatchers } from '../../outbound/dispatchers.ts'
import type {
  Access,
  Exchange,
  ModelInfo,
  RequestForm,
  Sending,
  Upstream,
  UpstreamReply,
} from '../upstream.ts'
import { catalogue } from './catalogue.ts'
import { channelOf, urlOf, userAgentOf } from './channels.ts'
import type { Channel } from './channels.ts'
import { conversationIdOf } from './conversation-id.ts'
import { createReplyDecoder } from './decode-reply.ts'
import { encodeRequest } from './encode-request.ts'
import type { EncodedRequest } from './encode-request.ts'
import { createEventStreamDecoder } from './event-stream.ts'
import { classifyResponse, headerText } from './failures.ts'
import { listModels } from './list-models.ts'
import type { PromptSize } from './prompt-size.ts'
import { readBounded } from './read-bounded.ts'
import { refuseUnreadable } from './refuse-unreadable.ts'
import type { QOrigin } from './schema.ts'
import { classifyTransportError } from './transport-failures.ts'
import { writeWellFormedJson } from './well-formed-json.ts'

interface AmazonQOptions {
  /** Of this program, for the user agent. */
  version: string
  /** Connect time-outs and proxies are its business. */
  dispatcherFor: Dispatchers['dispatcherFor']
  /** Scheme and host that stand in for those of every channel and region. */
  endpoint?: string
  clock: Clock
  /** `headersMs`: until the answer begins; `errorBodyMs`: for the text of an error after that. */
  timeouts: { headersMs: number; errorBodyMs: number }
  /** A new UUID; it names a request towards the service, through all its attempts. */
  newId: () => string
  /** Told the name of each event of an answer that is not known, for a counter. */
  onUnknownEvent?: (name: string) => void
}

/** What decides on the text of a request. */
interface Manner {
  origin: QOrigin
  model: ModelInfo
  form: RequestForm
  accountId: string
}

interface EncodedConversation extends EncodedRequest {
  manner: Manner
  /** JSON text of the members that stay the same for all profiles of an account. */
  text: string
}

/** What stays the same through all attempts of a request. */
interface Draft {
  prompt: PromptSize
  invocationId: string
  encodedFor(manner: Manner): EncodedConversation
}

const MAX_ERROR_BYTES = 65_536
const EVENT_STREAM = 'application/vnd.amazon.eventstream'
/** Measured for models with a window of 200 000 tokens, taken to grow with the window (protocol 8.1). */
const SOFT_LIMIT_BYTES_PER_WINDOW_TOKEN = 6

export function createAmazonQ(options: AmazonQOptions): Upstream {
  const { platform, version: nodeVersion } = process
  const userAgent = userAgentOf({ version: options.version, platform, nodeVersion })
  return {
    name: 'amazon-q',
    catalogue,
    prepare(conversation, model): Exchange {
      refuseUnreadable(conversation, model)
      const draft = createDraft(conversation, model, options.newId())
      return {
        inputTokens: draft.prompt.tokens,
        send: (access, sending) => send(draft, { access, sending, userAgent, options }),
        rewrite: () => undefined,
        preview: () => {
          throw new GatewayError('internal', 'Not built yet.')
        },
      }
    },
    listModels: (access, signal) => listModels(access, { ...options, userAgent, signal }),
  }
}

function createDraft(conversation: Conversation, model: ModelInfo, invocationId: string): Draft {
  const conversationId = conversationIdOf(conversation)
  let latest: EncodedConversation | undefined
  return {
    prompt: { tokens: estimateInputTokens(conversation), contextWindowTokens: model.contextWindowTokens },
    invocationId,
    encodedFor(manner) {
      // Another attempt is most often in the same manner; a large conversation is not encoded again for it.
      if (latest === undefined || !isSameManner(latest.manner, manner)) {
        const encoded = encodeRequest(conversation, { ...manner, conversationId })
        latest = { ...encoded, manner, text: textOf(encoded) }
      }
      return latest
    },
  }
}

function isSameManner(one: Manner, other: Manner): boolean {
  return (
    one.origin === other.origin &&
    one.model === other.model &&
    one.form === other.form &&
    one.accountId === other.accountId
  )
}

function textOf({ conversationState, additionalModelRequestFields: fields }: EncodedRequest): string {
  const state = `"conversationState":${writeWellFormedJson(conversationState)}`
  return fields === undefined
    ? state
    : `${state},"additionalModelRequestFields":${writeWellFormedJson(fields)}`
}

interface Attempt {
  access: Access
  sending: Sending
  userAgent: string
  options: AmazonQOptions
}

async function send(draft: Draft, attempt: Attempt): Promise<UpstreamReply> {
  const { access, options } = attempt
  const { model, form } = attempt.sending
  const channel = channelOf(access.channel)
  const { origin } = channel
  const { text, toolNames, losses } = draft.encodedFor({ origin, model, form, accountId: access.accountId })
  const requestBody = bodyOf(text, channel, access)
  const response = await requestAnswer(draft, attempt, { channel, requestBody })
  const { statusCode, headers, body } = response
  if (statusCode !== 200) throw await readFailure(response, draft, attempt, requestBody)
  if (headerText(headers, 'content-type')?.toLowerCase().startsWith(EVENT_STREAM) !== true) {
    body.on('error', () => {}).destroy()
    throw new GatewayError(
      'upstream-unavailable',
      "Something that is not Amazon Q's answer came back. The gateway's operator should check its proxy and AMAZON_Q_ENDPOINT.",
      {
        cause: new Error(
          `Amazon Q: 200 with content type ${headerText(headers, 'content-type') ?? 'absent'}`,
        ),
      },
    )
  }
  const requestId = headerText(headers, 'x-amzn-requestid')
  const { clock, onUnknownEvent } = options
  const named = requestId === undefined ? {} : { requestId }
  const decoder = chain(
    createEventStreamDecoder(),
    createReplyDecoder({
      prompt: draft.prompt,
      toolNames,
      clock,
      ...named,
      ...(onUnknownEvent !== undefined && { onUnknownEvent }),
    }),
  )
  return { ...named, body, decoder, losses }
}

/** The members of an account go around the conversation's text, so that a large one is not encoded again. */
function bodyOf(text: string, { sendsProfileArn }: Channel, { profileArn }: Access): string {
  const profile =
    sendsProfileArn && profileArn !== undefined ? `,"profileArn":${JSON.stringify(profileArn)}` : ''
  return `{${text}${profile}}`
}

async function requestAnswer(
  draft: Draft,
  { access, sending: { signal }, userAgent, options }: Attempt,
  { channel, requestBody }: { channel: Channel; requestBody: string },
): Promise<Dispatcher.ResponseData> {
  const url = urlOf(channel, access, options.endpoint)
  const dispatcher = options.dispatcherFor(url, access.proxyUrl)
  try {
    return await request(url, {
      method: 'POST',
      dispatcher,
      signal,
      headersTimeout: options.timeouts.headersMs,
      bodyTimeout: 0,
      headers: {
        authorization: `Bearer ${access.accessToken}`,
        'content-type': channel.contentType,
        ...(channel.target !== undefined && { 'x-amz-target': channel.target }),
        accept: EVENT_STREAM,
        'user-agent': userAgent,
        'x-amz-user-agent': userAgent,
        'x-amzn-codewhisperer-optout': 'true',
        'amz-sdk-invocation-id': draft.invocationId,
      },
      body: requestBody,
    })
  } catch (error) {
    if (signal.aborted) throw clientGone(error)
    throw classifyTransportError(error, { isOwnProxy: access.proxyUrl !== undefined })
  }
}

async function readFailure(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  draft: Draft,
  { sending: { signal }, options }: Attempt,
  requestBody: string,
): Promise<GatewayError> {
  const { clock, timeouts } = options
  const text = await readBounded(body, { maxBytes: MAX_ERROR_BYTES, maxMs: timeouts.errorBodyMs, clock })
  if (signal.aborted) return clientGone(signal.reason)
  return classifyResponse({
    status: statusCode,
    headers,
    body: text,
    now: clock.now(),
    prompt: draft.prompt,
    requestBytes: Buffer.byteLength(requestBody),
    softLimitBytes: SOFT_LIMIT_BYTES_PER_WINDOW_TOKEN * draft.prompt.contextWindowTokens,
  })
}

function clientGone(cause: unknown): GatewayError {
  return new GatewayError('client-gone', 'The client closed the connection before the answer began.', {
    cause,
  })
}
