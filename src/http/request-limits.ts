/** What a request may be before anybody looks at what it asks. */
import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../conversation/failures.ts'
import { HttpRefusal } from './http-refusal.ts'

/** Of all headers together. Node itself refuses what is longer, see client-errors.ts. */
export const MAX_HEADER_BYTES = 16_384
/** The most that MAX_BODY_MEGABYTES may say; what it says is heeded where bodies are read. */
export const MOST_BODY_BYTES = 1_024_000_000
const MAX_HEADERS = 100
const MAX_URL_BYTES = 8192

/** Throws a refusal with status 431, 414 or 400. */
export function checkRequestHead({ rawHeaders, url = '', headers, httpVersion }: IncomingMessage): void {
  // Names and values in turn.
  if (rawHeaders.length / 2 > MAX_HEADERS) {
    throw HttpRefusal.keepOpen('invalid-request', `The request has more than ${MAX_HEADERS} headers.`, {
      status: 431,
      code: 'too_many_headers',
    })
  }
  if (url.length > MAX_URL_BYTES) {
    throw HttpRefusal.keepOpen('invalid-request', `The URL is longer than ${MAX_URL_BYTES} bytes.`, {
      status: 414,
      code: 'url_too_long',
    })
  }
  if (headers.host === undefined && httpVersion === '1.1') {
    throw new GatewayError('invalid-request', 'The request has no Host header.')
  }
}
