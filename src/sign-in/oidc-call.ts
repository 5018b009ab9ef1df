/** One call of the sign-in service: JSON over POST, unsigned. Nothing secret gets into what is told of its failure. */
import { request, type Dispatcher } from 'undici'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import { parseJson } from '../conversation/parse-json.ts'
import type { Dispatchers } from '../outbound/dispatchers.ts'
import { ProxyError } from '../outbound/proxy-error.ts'

const TOTAL_TIMEOUT_MS = 15_000
const MOST_BODY_BYTES = 64 * 1024
const MOST_DESCRIPTION_CHARACTERS = 300
/** Answers that say nothing about what was sent, whatever their status. */
const TEMPORARY_ERRORS = new Set(['slow_down', 'server_error', 'temporarily_unavailable', 'internal_server'])
const TEMPORARY_STATUSES = new Set([408, 429])

/** What the service gives for later: tokens, ids, secrets. Some are put into headers, so they may hold visible ASCII alone. */
export const oidcToken = z.string().regex(/^[\x21-\x7e]+$/)

const errorAnswer = z.looseObject({
  error: z
    .string()
    .regex(/^[a-z_]{1,64}$/)
    .optional()
    .catch(undefined),
  error_description: z.string().optional().catch(undefined),
})

/** Which sign-in service, and how to get there. */
export interface OidcPlace {
  region: string
  /** The account's own outbound proxy, in place of the operator's. It may hold credentials. */
  proxyUrl?: string
}

export interface OidcAnswer {
  kind: 'answered'
  status: number
  errorType: string
  /** Undefined when it was not JSON, or too long. */
  body: unknown
}

interface OidcRefusal {
  kind: 'refused'
  error: string
  /** The service's words, cleaned. */
  description: string
}

/** Nothing was learned, try again later. `own-proxy-failed`: by the fault of the account's own proxy. */
interface OidcTrouble {
  kind: 'unavailable' | 'own-proxy-failed'
  reason: string
}

export type OidcFailure = OidcRefusal | OidcTrouble

export interface OidcCallParts {
  /** Scheme and host for a region; undefined when there is no such region. */
  endpointFor: (region: string) => string | undefined
  /** Connect time-outs and proxies are its business. */
  dispatcherFor: Dispatchers['dispatcherFor']
  clock: Clock
  /** Told the `Date` header of each answer. */
  onDate?: (date: unknown) => void
}

/** Never throws. */
export type OidcCall = (path: string, body: unknown, place: OidcPlace) => Promise<OidcAnswer | OidcFailure>

export function createOidcCall({ endpointFor, dispatcherFor, clock, onDate }: OidcCallParts): OidcCall {
  async function post(url: URL, body: unknown, proxyUrl: string | undefined): Promise<OidcAnswer> {
    const controller = new AbortController()
    const cancel = clock.after(TOTAL_TIMEOUT_MS, () => controller.abort())
    try {
      const response = await request(url, {
        dispatcher: dispatcherFor(url, proxyUrl),
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'Aqueduct' },
        body: JSON.stringify(body),
        signal: controller.signal,
      })
      onDate?.(response.headers['date'])
      const errorType = response.headers['x-amzn-errortype']
      return {
        kind: 'answered',
        status: response.statusCode,
        errorType: typeof errorType === 'string' ? errorType : '',
        body: parseJson(await readLimited(response.body)),
      }
    } finally {
      cancel()
    }
  }

  return async (path, body, { region, proxyUrl }) => {
    const endpoint = endpointFor(region)
    if (endpoint === undefined) {
      return { kind: 'refused', error: 'invalid_region', description: 'There is no sign-in service there.' }
    }
    try {
      return await post(new URL(path, endpoint), body, proxyUrl)
    } catch (error) {
      const isOwnProxys = proxyUrl !== undefined && isAboutProxy(error)
      return {
        kind: isOwnProxys ? 'own-proxy-failed' : 'unavailable',
        reason: `The sign-in service could not be reached: ${reasonOf(error)}.`,
      }
    }
  }
}

/** Name of the error that an answer tells, as OAuth writes it: `slow_down`. */
export function readErrorName({ errorType, body }: OidcAnswer): string | undefined {
  return errorAnswer.safeParse(body).data?.error ?? errorNameOf(errorType)
}

/** Of an answer that is no success. `secrets`: what was sent, which its words may repeat. */
export function readFailure(answer: OidcAnswer, secrets: readonly string[]): OidcFailure {
  const { status, body } = answer
  const error = readErrorName(answer)
  const temporary = status >= 500 || TEMPORARY_STATUSES.has(status) || TEMPORARY_ERRORS.has(error ?? '')
  // Without an error name it was not the sign-in service that spoke: a proxy, a captive portal.
  if (temporary || error === undefined || status < 400) {
    return {
      kind: 'unavailable',
      reason: `The sign-in service answered ${status} ${error ?? 'without a name'}.`,
    }
  }
  const description = errorAnswer.safeParse(body).data?.error_description ?? ''
  return { kind: 'refused', error, description: cleanText(description, secrets) }
}

/** Of a success whose body is not what it should be. */
export function unreadable(): OidcTrouble {
  return { kind: 'unavailable', reason: 'The sign-in service gave an unreadable answer.' }
}

/** `InvalidGrantException:http://…` is `invalid_grant`. */
function errorNameOf(errorType: string): string | undefined {
  const name = /^(?:[\w.]+#)?([A-Za-z]{1,64})Exception\b/.exec(errorType)?.[1]
  return name?.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()
}

/** One printable line of limited length, in which our own secrets do not come back. */
function cleanText(text: string, secrets: readonly string[]): string {
  const hidden = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text)
  return hidden.replace(/[^\x20-\x7e]+/g, ' ').slice(0, MOST_DESCRIPTION_CHARACTERS)
}

async function readLimited(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    // Leaving the loop destroys the body and with it the connection.
    if (size > MOST_BODY_BYTES) return ''
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The failures that are ours are of an address that is no proxy. */
function isAboutProxy(error: unknown): error is ProxyError | GatewayError {
  return error instanceof ProxyError || error instanceof GatewayError
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if (isAboutProxy(error)) return error.message
  if (error.name === 'AbortError') return `no answer within ${TOTAL_TIMEOUT_MS / 1000} seconds`
  return 'code' in error ? String(error.code) : error.name
}
