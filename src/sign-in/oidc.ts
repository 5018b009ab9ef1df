/** Amazon's sign-in service (AWS IAM Identity Center OIDC): JSON over POST, unsigned. Nothing secret gets into errors. */
import { request, type Dispatcher } from 'undici'
import * as z from 'zod'
import type { RefreshRequest, RefreshResult } from '../accounts/refresh-result.ts'
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import { parseJson } from '../conversation/parse-json.ts'
import type { Dispatchers } from '../outbound/dispatchers.ts'
import { ProxyError } from '../outbound/proxy-error.ts'

const TOTAL_TIMEOUT_MS = 15_000
const MOST_BODY_BYTES = 64 * 1024
const MOST_DESCRIPTION_CHARACTERS = 300
/** What AWS gives when it does not say (observed). A token that ends earlier is refused and refreshed anyway. */
const USUAL_LIFE_SECONDS = 3600
const LONGEST_LIFE_SECONDS = 30 * 86_400
/** Answers that say nothing about the refresh token, whatever their status. */
const TEMPORARY_ERRORS = new Set(['slow_down', 'server_error', 'temporarily_unavailable', 'internal_server'])
const TEMPORARY_STATUSES = new Set([408, 429])

/** Tokens are put into headers later, so they may hold visible ASCII alone. */
const token = z.string().regex(/^[\x21-\x7e]+$/)

const tokenAnswer = z.looseObject({
  accessToken: token,
  refreshToken: token.optional(),
  expiresIn: z.number().optional(),
})

const errorAnswer = z.looseObject({
  error: z
    .string()
    .regex(/^[a-z_]{1,64}$/)
    .optional()
    .catch(undefined),
  error_description: z.string().optional().catch(undefined),
})

interface OidcParts {
  /** Scheme and host for a region; undefined when there is no such region. */
  endpointFor: (region: string) => string | undefined
  /** Connect time-outs and proxies are its business. */
  dispatcherFor: Dispatchers['dispatcherFor']
  clock: Clock
}

interface Oidc {
  /** CreateToken with the grant `refresh_token`. Never throws: what goes wrong on the way is `unavailable` or `own-proxy-failed`. */
  refreshTokens(refresh: RefreshRequest): Promise<RefreshResult>
}

export function createOidc({ endpointFor, dispatcherFor, clock }: OidcParts): Oidc {
  async function post(url: URL, body: unknown, proxyUrl: string | undefined): Promise<Answer> {
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
      const errorType = response.headers['x-amzn-errortype']
      return {
        status: response.statusCode,
        errorType: typeof errorType === 'string' ? errorType : '',
        body: parseJson(await readLimited(response.body)),
      }
    } finally {
      cancel()
    }
  }

  return {
    async refreshTokens({ clientId, clientSecret, refreshToken, region, proxyUrl }) {
      const endpoint = endpointFor(region)
      if (endpoint === undefined) {
        return { kind: 'refused', error: 'invalid_region', description: 'There is no sign-in service there.' }
      }
      try {
        const body = { clientId, clientSecret, refreshToken, grantType: 'refresh_token' }
        const answer = await post(new URL('/token', endpoint), body, proxyUrl)
        return readAnswer(answer, [clientSecret, refreshToken])
      } catch (error) {
        const isOwnProxys = proxyUrl !== undefined && isAboutProxy(error)
        return {
          kind: isOwnProxys ? 'own-proxy-failed' : 'unavailable',
          reason: `The sign-in service could not be reached: ${reasonOf(error)}.`,
        }
      }
    },
  }
}

/**
 * Where the sign-in service of a region is; `override` replaces all of them.
 * The region becomes part of a host name that is sent secrets, so only what looks like one is let in.
 */
export function createOidcEndpoints(override: string | undefined): (region: string) => string | undefined {
  return (region) => {
    if (!/^[a-z]{2,8}(-[a-z]{2,16}){1,3}-\d{1,2}$/.test(region)) return undefined
    return override ?? `https://oidc.${region}.amazonaws.com`
  }
}

interface Answer {
  status: number
  errorType: string
  /** Undefined when it was not JSON, or too long. */
  body: unknown
}

function readAnswer({ status, errorType, body }: Answer, secrets: readonly string[]): RefreshResult {
  if (status === 200) {
    const answer = tokenAnswer.safeParse(body)
    if (!answer.success)
      return { kind: 'unavailable', reason: 'The sign-in service gave an unreadable answer.' }
    const { accessToken, refreshToken, expiresIn = USUAL_LIFE_SECONDS } = answer.data
    return {
      kind: 'refreshed',
      accessToken,
      ...(refreshToken !== undefined && { refreshToken }),
      expiresInSeconds: Math.min(Math.max(expiresIn, 1), LONGEST_LIFE_SECONDS),
    }
  }
  const said = errorAnswer.safeParse(body).data
  const error = said?.error ?? errorNameOf(errorType)
  const temporary = status >= 500 || TEMPORARY_STATUSES.has(status) || TEMPORARY_ERRORS.has(error ?? '')
  // Without an error name it was not the sign-in service that spoke: a proxy, a captive portal.
  if (temporary || error === undefined || status < 400) {
    return {
      kind: 'unavailable',
      reason: `The sign-in service answered ${status} ${error ?? 'without a name'}.`,
    }
  }
  return { kind: 'refused', error, description: cleanText(said?.error_description ?? '', secrets) }
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
