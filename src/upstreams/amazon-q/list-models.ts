/** Asks the service which models an account has: ListAvailableModels by both bindings (protocol 6.1), page by page. */

import type { Clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { Dispatchers } from '../../outbound/dispatchers.ts'
import type { Access, ModelInfo } from '../upstream.ts'
import { ask } from './ask.ts'
import { channelOf, listUrlOf } from './channels.ts'
import type { Channel } from './channels.ts'
import { classifyResponse } from './failures.ts'
import { readBounded } from './read-bounded.ts'
import { readModelPage } from './read-models.ts'
import { classifyTransportError } from './transport-failures.ts'

interface ListOptions {
  dispatcherFor: Dispatchers['dispatcherFor']
  endpoint?: string
  clock: Clock
  userAgent: string
  newId: () => string
  signal: AbortSignal
}

const MOST_PAGES = 20
const MOST_MODELS = 500
const MAX_PAGE_BYTES = 2_000_000
/** For all pages together. */
const TIMEOUT_MS = 10_000
/** A list has no prompt that could be too long. */
const NO_PROMPT = { tokens: 0, contextWindowTokens: 0 }

/** Throws a GatewayError; one that is `client-gone` when the signal aborts. An answer without any model is a failure too. */
export async function listModels(access: Access, options: ListOptions): Promise<ModelInfo[]> {
  const deadline = new AbortController()
  const cancel = options.clock.after(TIMEOUT_MS, () => deadline.abort())
  const signal = AbortSignal.any([options.signal, deadline.signal])
  try {
    return await collectPages((nextToken) => fetchPage(access, { ...options, signal }, nextToken))
  } catch (error) {
    if (options.signal.aborted) {
      throw new GatewayError('client-gone', 'Nobody wants the list of models any more.', { cause: error })
    }
    if (!deadline.signal.aborted) throw error
    throw new GatewayError('upstream-timeout', 'Amazon Q took too long to list its models.', { cause: error })
  } finally {
    cancel()
  }
}

async function collectPages(fetch: (nextToken?: string) => Promise<string>): Promise<ModelInfo[]> {
  const models = new Map<string, ModelInfo>()
  const tokens = new Set<string>()
  for (let token: string | undefined; tokens.size < MOST_PAGES && models.size < MOST_MODELS;) {
    const page = readModelPage(await fetch(token))
    if (page === undefined) throw unreadable()
    for (const model of page.models) if (!models.has(model.id)) models.set(model.id, model)
    token = page.nextToken
    // A token that comes again would lead round in a circle.
    if (token === undefined || tokens.has(token)) break
    tokens.add(token)
  }
  if (models.size === 0) throw unreadable()
  return [...models.values()].slice(0, MOST_MODELS)
}

function unreadable(): GatewayError {
  return new GatewayError('upstream-unavailable', 'What Amazon Q answered is no list of models.')
}

async function fetchPage(access: Access, options: ListOptions, nextToken?: string): Promise<string> {
  const { clock, signal } = options
  const channel = channelOf(access.channel)
  const { statusCode, headers, body } = await send(access, channel, { ...options, nextToken })
  const text = await readBounded(body, { maxBytes: MAX_PAGE_BYTES, maxMs: TIMEOUT_MS, clock })
  signal.throwIfAborted()
  if (statusCode === 200) return text
  throw classifyResponse({
    status: statusCode,
    headers,
    body: text,
    now: clock.now(),
    prompt: NO_PROMPT,
    requestBytes: 0,
    softLimitBytes: Number.POSITIVE_INFINITY,
  })
}

async function send(
  access: Access,
  channel: Channel,
  options: ListOptions & { nextToken: string | undefined },
) {
  const { nextToken, userAgent, signal } = options
  const { listing, origin, sendsProfileArn } = channel
  const { profileArn } = access
  const input = {
    origin,
    ...(sendsProfileArn && profileArn !== undefined && { profileArn }),
    ...(nextToken !== undefined && { nextToken }),
  }
  const url = listUrlOf(channel, access, options.endpoint)
  if (listing.method === 'GET') url.search = new URLSearchParams(input).toString()
  const dispatcher = options.dispatcherFor(url, access.proxyUrl)
  const common = {
    authorization: `Bearer ${access.accessToken}`,
    accept: 'application/json',
    'user-agent': userAgent,
    'x-amz-user-agent': userAgent,
    'x-amzn-codewhisperer-optout': 'true',
    'amz-sdk-invocation-id': options.newId(),
  }
  const { method } = listing
  const content =
    method === 'GET'
      ? { headers: common }
      : {
          headers: { ...common, 'content-type': listing.contentType, 'x-amz-target': listing.target },
          body: JSON.stringify(input),
        }
  try {
    return await ask({ url, method, dispatcher, signal, headersTimeoutMs: 0, ...content })
  } catch (error) {
    signal.throwIfAborted()
    throw classifyTransportError(error, { isOwnProxy: access.proxyUrl !== undefined })
  }
}
