/** What a browser may do with our pages: nothing that does not come from here. */
import type { FastifyReply } from 'fastify'

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const PERMISSIONS_POLICY = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'microphone',
  'midi',
  'payment',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ')

/** Half a year; of this host alone, as those beside it are not ours. */
const STRICT_TRANSPORT_SECURITY = 'max-age=15768000'

const pageHeaders = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': PERMISSIONS_POLICY,
}

/** Of every page. `isSecure`: this one was asked for over TLS, so it can be from now on. */
export function headersOfPage(isSecure: boolean): Record<string, string> {
  return { ...pageHeaders, ...(isSecure && { 'strict-transport-security': STRICT_TRANSPORT_SECURITY }) }
}

/** For an answer that is about to go out. What a page says of itself already stays. */
export function addPageHeaders(reply: FastifyReply, isSecure: boolean): void {
  const type = reply.getHeader('content-type')
  if (typeof type !== 'string' || !type.toLowerCase().startsWith('text/html')) return
  for (const [name, value] of Object.entries(headersOfPage(isSecure))) {
    if (!reply.hasHeader(name)) reply.header(name, value)
  }
}
