/**
 * Which web pages may read what the model APIs answer. A key that a page has to know protects by itself, so with keys any
 * page may; without them only the pages that the operator lists, lest every page that somebody visits could use a gateway on
 * their machine. Credentials in the sense of CORS (cookies) are never allowed, and the operator's routes have no CORS.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { rateHeaderNames } from '../limits/rate-headers.ts'
import { isOperatorPath } from './operator-path.ts'

export interface Cors {
  /** Headers of every answer to a request of this origin. */
  headersFor(path: string, request: IncomingHttpHeaders): Record<string, string>
  /** Headers of the answer to a preflight, beside those. */
  preflightHeadersFor(
    path: string,
    request: IncomingHttpHeaders,
    methods: readonly string[],
  ): Record<string, string>
}

interface CorsOptions {
  /** Whether a key is needed now. */
  demandsKey: () => boolean
  /** Empty: every page where a key is needed, else none. Read at each use. */
  readonly origins: readonly string[]
}

const EXPOSED_HEADERS = [
  'request-id',
  'x-request-id',
  'retry-after',
  'x-should-retry',
  'x-aqueduct-credits',
  'x-aqueduct-ignored',
  'x-aqueduct-model',
  'x-aqueduct-repaired',
  'x-aqueduct-usage',
  ...rateHeaderNames,
]

/** What SDKs in a browser send. A `*` of CORS would not cover `authorization`. */
const ALLOWED_HEADER =
  /^(authorization|x-api-key|api-key|accept|content-type|content-encoding|user-agent|http-referer|x-title|x-request-id|idempotency-key|(anthropic|openai|x-stainless|x-session|x-aqueduct)-[a-z0-9-]+)$/

const PREFLIGHT_LIFE_SECONDS = 7200

export function createCors(options: CorsOptions): Cors {
  const { demandsKey } = options
  function allowedOrigin(path: string, origin: string): string | undefined {
    if (isOperatorPath(path)) return undefined
    const { origins } = options
    if (origins.length > 0) return origins.includes(origin.toLowerCase()) ? origin : undefined
    return demandsKey() ? '*' : undefined
  }

  function headersFor(path: string, request: IncomingHttpHeaders): Record<string, string> {
    // What a cache keeps for one page must not be shown to another.
    const vary: Record<string, string> = options.origins.length > 0 ? { vary: 'origin' } : {}
    const allowed = request.origin === undefined ? undefined : allowedOrigin(path, request.origin)
    if (allowed === undefined) return vary
    return {
      ...vary,
      'access-control-allow-origin': allowed,
      'access-control-expose-headers': EXPOSED_HEADERS.join(', '),
    }
  }

  return {
    headersFor,
    preflightHeadersFor(path, request, methods) {
      if (headersFor(path, request)['access-control-allow-origin'] === undefined) return {}
      const asked = (request['access-control-request-headers'] ?? '').toLowerCase().split(/[\s,]+/)
      return {
        'access-control-allow-methods': methods.join(', '),
        'access-control-allow-headers': asked.filter((name) => ALLOWED_HEADER.test(name)).join(', '),
        'access-control-max-age': String(PREFLIGHT_LIFE_SECONDS),
      }
    },
  }
}
