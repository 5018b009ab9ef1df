/** Searches the web by a tool of the service: InvokeMCP, JSON-RPC over HTTP (protocol 3.12). */
import * as z from 'zod'
import { GatewayError } from '../../conversation/failures.ts'
import { parseJson } from '../../conversation/parse-json.ts'
import type { Access, FoundPage } from '../upstream.ts'
import { headersAboutUs } from './about-us.ts'
import { ask } from './ask.ts'
import { channelOf, toolsUrlOf } from './channels.ts'
import { inTime, textOf } from './inquire.ts'
import type { InquiryAnswer, InquiryOptions } from './inquire.ts'
import { readBounded } from './read-bounded.ts'
import { classifyTransportError } from './transport-failures.ts'

const MAX_BYTES = 1_000_000
const TIMEOUT_MS = 10_000

const rpcAnswer = z.looseObject({
  result: z.looseObject({
    content: z.array(z.looseObject({ type: z.string(), text: z.string().nullish() })),
    isError: z.boolean().nullish(),
  }),
})

/** What the text of the result is the JSON of. */
const found = z.looseObject({ results: z.array(z.unknown()) })

const page = z.looseObject({
  url: z.string(),
  title: z.string().nullish(),
  snippet: z.string().nullish(),
  /** Milliseconds since the epoch. */
  publishedDate: z.number().nullish(),
})

/** Throws a GatewayError; one that is `client-gone` when the signal aborts. */
export async function searchWeb(
  access: Access,
  query: string,
  options: InquiryOptions,
): Promise<FoundPage[]> {
  const answer = await inTime(options, 'what is on the web', (signal) =>
    callTool(access, query, { ...options, signal }),
  )
  const pages = readPages(textOf(answer, options.clock))
  if (pages !== undefined) return pages
  throw new GatewayError('upstream-unavailable', 'What Amazon Q answered is not the result of a search.')
}

async function callTool(access: Access, query: string, options: InquiryOptions): Promise<InquiryAnswer> {
  const { endpoint, clock, signal, program, newId } = options
  const channel = channelOf(access.channel)
  const url = toolsUrlOf(channel, access, endpoint)
  if (url === undefined) {
    throw new GatewayError('access-denied', "The account's channel has no search of the web.")
  }
  const { profileArn, proxyUrl, accessToken } = access
  const id = newId()
  const params = { name: 'web_search', arguments: { query } }
  try {
    const answer = await ask({
      url,
      method: 'POST',
      dispatcher: options.dispatcherFor(url, proxyUrl),
      signal,
      headersTimeoutMs: 0,
      clock,
      headers: {
        authorization: `Bearer ${accessToken}`,
        accept: 'application/json',
        'content-type': 'application/json',
        ...(profileArn !== undefined && { 'x-amzn-kiro-profile-arn': profileArn }),
        ...headersAboutUs(channel, access, { program, invocationId: id }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params }),
    })
    const body = await readBounded(answer.body, { maxBytes: MAX_BYTES, maxMs: TIMEOUT_MS, clock })
    signal.throwIfAborted()
    return { status: answer.statusCode, headers: answer.headers, body }
  } catch (error) {
    signal.throwIfAborted()
    throw classifyTransportError(error, { isOwnProxy: proxyUrl !== undefined })
  }
}

/** Undefined when it is no result, or tells of a failure. */
function readPages(text: string): FoundPage[] | undefined {
  const answer = rpcAnswer.safeParse(parseJson(text))
  if (!answer.success || answer.data.result.isError === true) return undefined
  const told = answer.data.result.content.find(({ type }) => type === 'text')?.text
  const list = found.safeParse(parseJson(told ?? ''))
  return list.success ? list.data.results.flatMap(readPage) : undefined
}

function readPage(unread: unknown): FoundPage[] {
  const read = page.safeParse(unread)
  if (!read.success) return []
  const { url, title, snippet, publishedDate } = read.data
  return [{ url, title: title ?? '', excerpt: snippet ?? '', ...ageOf(publishedDate) }]
}

function ageOf(milliseconds: number | null | undefined): Pick<FoundPage, 'age'> {
  const date = new Date(milliseconds ?? Number.NaN)
  return Number.isNaN(date.getTime()) ? {} : { age: date.toISOString().slice(0, 10) }
}
