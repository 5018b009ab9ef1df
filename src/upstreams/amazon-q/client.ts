/** Amazon Q as an Upstream: encodes a conversation once, sends it as often as asked, and hands out the answer unread. */

import type { Clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import { chain, decodeThrough } from '../../conversation/stage.ts'
import type { Decoder } from '../../conversation/stage.ts'
import type { Dispatchers } from '../../outbound/dispatchers.ts'
import type { Access, Exchange, ModelInfo, Sending, Upstream, UpstreamReply } from '../upstream.ts'
import { ask, type HttpAnswer } from './ask.ts'
import { catalogue } from './catalogue.ts'
import { channelOf, createUrls, isKnownChannel } from './channels.ts'
import { createReplyDecoder } from './decode-reply.ts'
import { EVENT_STREAM, createDraft, findingsOf, previewOf } from './draft.ts'
import type { Draft, Encoding, OutgoingRequest } from './draft.ts'
import { createEventStreamDecoder, type Frame } from './event-stream.ts'
import { classifyResponse, headerText } from './failures.ts'
import { createFrameKindReader, type FrameKindReader } from './frame-kind.ts'
import { listModels } from './list-models.ts'
import { listProfiles } from './list-profiles.ts'
import type { PromptSize } from './prompt-size.ts'
import { readBounded } from './read-bounded.ts'
import { readUsage } from './read-usage.ts'
import { searchWeb } from './search-web.ts'
import { createReasoningSeal } from './reasoning-seal.ts'
import { createThinkingTagReader } from './thinking-tags.ts'
import { classifyTransportError } from './transport-failures.ts'
import { usualProfile } from './usual-profile.ts'

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
  /** Whether the client's cache marks are passed on to models that take some. */
  sendsCacheMarks?: boolean
  /** A new UUID; it names a request towards the service, through all its attempts. */
  newId: () => string
  /** Told the name of each event of an answer that is not known, for a counter. */
  onUnknownEvent?: (name: string) => void
}

const MAX_ERROR_BYTES = 65_536
/** Measured for models with a window of 200 000 tokens, taken to grow with the window (protocol 8.1). */
const SOFT_LIMIT_BYTES_PER_WINDOW_TOKEN = 6

export function createAmazonQ(options: AmazonQOptions): Upstream {
  const { platform, version: nodeVersion } = process
  const program = { version: options.version, platform, nodeVersion }
  const inquiring = { ...options, program }
  const readFrameKind = createFrameKindReader()
  const urlOf = createUrls(options.endpoint)
  return {
    name: 'amazon-q',
    hostOf: (access) => urlOf(channelOf(access.channel), access).origin,
    catalogue,
    prepare(conversation, model): Exchange {
      const { sendsCacheMarks = false } = options
      const invocationId = options.newId()
      const draft = createDraft(conversation, model, { urlOf, program, invocationId, sendsCacheMarks })
      return {
        inputTokens: draft.prompt.tokens,
        send: (access, sending) => send(draft, { access, sending, options, readFrameKind }),
        rewrite: (form, failure) => draft.rewrite(form, failure),
        preview: (access, sending) => previewOf(draft.complete(access, sending), sending.model),
      }
    },
    listModels: (access, signal) => listModels(access, { ...inquiring, signal }),
    usualProfile,
    listProfiles: (access, signal) => listProfiles(access, { ...inquiring, signal }),
    readUsage: (access, signal) => readUsage(access, { ...inquiring, signal }),
    searchesWeb: (channel) => isKnownChannel(channel) && channelOf(channel).toolsPath !== undefined,
    searchWeb: (access, query, signal) => searchWeb(access, query, { ...inquiring, signal }),
  }
}

interface Attempt {
  access: Access
  sending: Sending
  options: AmazonQOptions
  readFrameKind: FrameKindReader
}

async function send(draft: Draft, attempt: Attempt): Promise<UpstreamReply> {
  const outgoing = draft.complete(attempt.access, attempt.sending)
  const response = await requestAnswer(outgoing, attempt)
  const { statusCode, headers, body } = response
  if (statusCode !== 200) throw await readFailure(response, draft, attempt, outgoing.body)
  if (headerText(headers, 'content-type')?.toLowerCase().startsWith(EVENT_STREAM) !== true) {
    body.destroy()
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
  const named = requestId === undefined ? {} : { requestId }
  const { encoded } = outgoing
  const decoder = createDecoder(attempt, { encoded, prompt: draft.prompt, named })
  return { ...named, body, decoder, losses: encoded.losses }
}

interface Answered {
  encoded: Encoding
  prompt: PromptSize
  named: { requestId?: string }
}

function createDecoder(
  { access, sending, options, readFrameKind }: Attempt,
  { encoded, prompt, named }: Answered,
): Decoder {
  const { clock, onUnknownEvent } = options
  let partsRead = 0
  const replies = createReplyDecoder({
    prompt,
    toolNames: encoded.toolNames,
    seal: createReasoningSeal({ accountId: access.accountId, modelId: sending.model.id }),
    clock,
    ...named,
    ...(onUnknownEvent !== undefined && { onUnknownEvent }),
  })
  const events = chain<Uint8Array, Frame, ReplyEvent>(createEventStreamDecoder({ readFrameKind }), {
    push(frame, emit) {
      partsRead += 1
      replies.push(frame, emit)
    },
    end: (emit) => replies.end(emit),
  })
  const decoder = { ...events, partsRead: () => partsRead }
  return encoded.asksForThinkingTags ? decodeThrough(decoder, createThinkingTagReader()) : decoder
}

async function requestAnswer(
  { url, headers, body }: OutgoingRequest,
  { access, sending: { signal }, options }: Attempt,
): Promise<HttpAnswer> {
  const dispatcher = options.dispatcherFor(url, access.proxyUrl)
  try {
    return await ask({
      url,
      method: 'POST',
      dispatcher,
      signal,
      headersTimeoutMs: options.timeouts.headersMs,
      clock: options.clock,
      headers: { authorization: `Bearer ${access.accessToken}`, ...headers },
      body,
    })
  } catch (error) {
    if (signal.aborted) throw clientGone(error)
    throw classifyTransportError(error, { isOwnProxy: access.proxyUrl !== undefined })
  }
}

async function readFailure(
  { statusCode, headers, body }: HttpAnswer,
  draft: Draft,
  { sending: { signal, model, form }, options }: Attempt,
  requestBody: Buffer,
): Promise<GatewayError> {
  const { clock, timeouts } = options
  const text = await readBounded(body, { maxBytes: MAX_ERROR_BYTES, maxMs: timeouts.errorBodyMs, clock })
  if (signal.aborted) return clientGone(signal.reason)
  const error = classifyResponse({
    status: statusCode,
    headers,
    body: text,
    now: clock.now(),
    prompt: draft.prompt,
    requestBytes: requestBody.length,
    softLimitBytes: SOFT_LIMIT_BYTES_PER_WINDOW_TOKEN * draft.prompt.contextWindowTokens,
  })
  const isFinal = error.failure.kind === 'invalid-request' && draft.rewrite(form, error.failure) === undefined
  return isFinal ? withFindings(error, requestBody, model) : error
}

/** For the log: a refusal seldom says what it minds, but the broken rule may be a known one. */
function withFindings(error: GatewayError, requestBody: Buffer, model: ModelInfo): GatewayError {
  const findings = findingsOf(requestBody, model).map(({ rule, path }) => `${rule} at ${path}`)
  if (findings.length === 0) return error
  const { kind, message, ...details } = error.failure
  const cause = new Error(`Known rules that the request breaks: ${findings.join(', ')}`, {
    cause: error.cause,
  })
  return new GatewayError(kind, message, { ...details, cause })
}

function clientGone(cause: unknown): GatewayError {
  return new GatewayError('client-gone', 'The client closed the connection before the answer began.', {
    cause,
  })
}
