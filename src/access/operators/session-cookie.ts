/** The cookie that holds the id of a session. */
import { headerOf, type RequestHeaders } from '../request-headers.ts'
import { LONGEST_LIFE_MS } from './operator-sessions.ts'

const PLAIN_NAME = 'aqueduct_session'
/** With this prefix browsers take it from this host alone, by https alone; see RFC 6265bis, 4.1.3. */
const SECURE_NAME = `__Host-${PLAIN_NAME}`

/** The id that the request carries. Undefined also when it carries several: one of them was put there by somebody else. */
export function readSessionId(headers: RequestHeaders, isSecure: boolean): string | undefined {
  const name = isSecure ? SECURE_NAME : PLAIN_NAME
  const pairs = (headerOf(headers, 'cookie') ?? '').split(';').map((pair) => pair.trim())
  const ids = pairs.flatMap((pair) => (pair.startsWith(`${name}=`) ? [pair.slice(name.length + 1)] : []))
  return ids.length === 1 ? ids[0] : undefined
}

/** A value of `Set-Cookie`. Undefined: the browser shall forget the id. */
export function writeSessionCookie(id: string | undefined, isSecure: boolean): string {
  const common = 'Path=/; HttpOnly; SameSite=Strict'
  const life = `Max-Age=${id === undefined ? 0 : LONGEST_LIFE_MS / 1000}`
  return isSecure
    ? `${SECURE_NAME}=${id ?? ''}; ${common}; ${life}; Secure`
    : `${PLAIN_NAME}=${id ?? ''}; ${common}; ${life}`
}
