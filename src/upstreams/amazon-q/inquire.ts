/** Asks the service about an account: one small question, one small answer, by the binding of the account's channel. */
import type { Clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { Dispatchers } from '../../outbound/dispatchers.ts'
import type { Access } from '../upstream.ts'
import { ask } from './ask.ts'
import { headersAboutUs } from './about-us.ts'
import type { Program } from './about-us.ts'
import { inquiryUrlOf } from './channels.ts'
import type { Channel, Inquiry, InquiryBinding } from './channels.ts'
import { classifyResponse } from './failures.ts'
import type { ResponseHeaders } from './failures.ts'
import { readBounded } from './read-bounded.ts'
import { classifyTransportError } from './transport-failures.ts'

export interface InquiryOptions {
  dispatcherFor: Dispatchers['dispatcherFor']
  endpoint?: string
  clock: Clock
  program: Program
  newId: () => string
  signal: AbortSignal
}

export interface Question {
  channel: Channel
  inquiry: Inquiry
  region: string
  /** Members of the query or of the body. */
  input: Readonly<Record<string, string | boolean>>
}

export interface InquiryAnswer {
  status: number
  headers: ResponseHeaders
  body: string
}

const MAX_BYTES = 2_000_000
/** For all pages of an answer together. */
const TIMEOUT_MS = 10_000
/** An inquiry has no prompt that could be too long. */
const NO_PROMPT = { tokens: 0, contextWindowTokens: 0 }

/** Whatever the status. Throws a GatewayError when no answer came, or the reason of the signal. */
export async function inquire(
  access: Access,
  question: Question,
  options: InquiryOptions,
): Promise<InquiryAnswer> {
  const { channel, inquiry, region, input } = question
  const { endpoint, clock, signal, program, newId } = options
  const url = inquiryUrlOf(channel, inquiry, { endpoint, region })
  const binding = channel.control.bindings[inquiry]
  if (binding.method === 'GET') url.search = queryOf(input)
  const common = {
    authorization: `Bearer ${access.accessToken}`,
    accept: 'application/json',
    ...headersAboutUs(channel, access, { program, invocationId: newId() }),
  }
  const { method } = binding
  const dispatcher = options.dispatcherFor(url, access.proxyUrl)
  try {
    const content = contentOf(binding, common, input)
    const answer = await ask({ url, method, dispatcher, signal, headersTimeoutMs: 0, clock, ...content })
    const body = await readBounded(answer.body, { maxBytes: MAX_BYTES, maxMs: TIMEOUT_MS, clock })
    signal.throwIfAborted()
    return { status: answer.statusCode, headers: answer.headers, body }
  } catch (error) {
    signal.throwIfAborted()
    throw classifyTransportError(error, { isOwnProxy: access.proxyUrl !== undefined })
  }
}

/** The text of an answer that is one; throws what any other means. */
export function textOf({ status, headers, body }: InquiryAnswer, clock: Clock): string {
  if (status === 200) return body
  throw classifyResponse({
    status,
    headers,
    body,
    now: clock.now(),
    prompt: NO_PROMPT,
    requestBytes: 0,
    softLimitBytes: Number.POSITIVE_INFINITY,
  })
}

/** Throws `upstream-timeout` when the work takes too long, and `client-gone` when the signal aborts. `what` is for messages. */
export async function inTime<T>(
  { clock, signal }: Pick<InquiryOptions, 'clock' | 'signal'>,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController()
  const cancel = clock.after(TIMEOUT_MS, () => deadline.abort())
  try {
    return await work(AbortSignal.any([signal, deadline.signal]))
  } catch (error) {
    if (signal.aborted) {
      throw new GatewayError('client-gone', `Nobody wants to know ${what} any more.`, { cause: error })
    }
    if (!deadline.signal.aborted) throw error
    throw new GatewayError('upstream-timeout', `Amazon Q took too long to tell ${what}.`, { cause: error })
  } finally {
    cancel()
  }
}

function queryOf(input: Question['input']): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input)) query.set(name, String(value))
  return query.toString()
}

function contentOf(binding: InquiryBinding, common: Record<string, string>, input: Question['input']) {
  if (binding.method === 'GET') return { headers: common }
  const { contentType, target } = binding
  const headers = {
    ...common,
    'content-type': contentType,
    ...(target !== undefined && { 'x-amz-target': target }),
  }
  return { headers, body: JSON.stringify(input) }
}
