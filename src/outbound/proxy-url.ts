const PROTOCOLS = new Set(['http:', 'https:'])

/**
 * The address of an outbound proxy: http or https, with or without credentials, nothing behind the host. `host:port`
 * alone means http, as people write it. Undefined when it is no such address.
 */
export function parseProxyUrl(value: string): URL | undefined {
  const text = value.includes('://') ? value : `http://${value}`
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const isBare = url.pathname === '/' && url.search === '' && url.hash === ''
  return PROTOCOLS.has(url.protocol) && isBare && credentialsOf(url) !== undefined ? url : undefined
}

/** What `proxy-authorization` has to say, or undefined when the address has no credentials. */
export function authorizationOf(proxy: URL): string | undefined {
  const credentials = credentialsOf(proxy)
  if (credentials === undefined || credentials === ':') return undefined
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}

/** `name:password` as they were meant; undefined when they are not properly percent-encoded. */
function credentialsOf({ username, password }: URL): string | undefined {
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  } catch {
    return undefined
  }
}
