import { GatewayError } from '../conversation/failures.ts'
import { bearerOf, headerOf, type RequestHeaders } from './request-headers.ts'
import { isSameSecret } from './same-secret.ts'

const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i
const FORWARDING_HEADER = /^(forwarded|via|x-real-ip|x-forwarded-.*|cf-.*)$/

/** Throws `forbidden` unless the request names this machine: a page that rebinds its DNS name to us does not. */
export function requireLocalHost(headers: RequestHeaders): void {
  if (LOCAL_HOST.test(headerOf(headers, 'host') ?? '')) return
  throw new GatewayError(
    'forbidden',
    'This gateway answers only requests for localhost, 127.0.0.1 or [::1]; HOST cannot be set to anything else yet.',
  )
}

/**
 * Throws unless the request comes straight from a program or page of this machine: no proxy in front, no other origin,
 * and the operator's password where one is set.
 */
export function requireOperator(headers: RequestHeaders, password: string | undefined): void {
  const forwarded = Object.keys(headers).find((name) => FORWARDING_HEADER.test(name))
  if (forwarded !== undefined) {
    throw new GatewayError(
      'forbidden',
      `Accounts are managed from this machine only (the request has ${forwarded}).`,
    )
  }
  if (isCrossOrigin(headers)) {
    throw new GatewayError('forbidden', 'Accounts are not managed by pages of another origin.')
  }
  if (password !== undefined && !isSameSecret(bearerOf(headers) ?? '', password)) {
    throw new GatewayError(
      'unauthenticated',
      'Send `Authorization: Bearer` with the value of ADMIN_PASSWORD.',
    )
  }
}

function isCrossOrigin(headers: RequestHeaders): boolean {
  const { origin, 'sec-fetch-site': site } = headers
  if (site !== undefined && site !== 'same-origin') return true
  return origin !== undefined && origin !== `http://${headerOf(headers, 'host')}`
}
