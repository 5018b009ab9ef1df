/** Which links are Amazon's: a person who follows one of another host would type credentials there. */

/**
 * Hosts of Amazon's sign-in pages. Of amazonaws.com and api.aws only the sign-in service itself: below the rest of
 * them everybody can publish pages (storage buckets, virtual machines).
 */
const AWS_HOSTS = [
  // Access portals of IAM Identity Center, and of the Builder ID.
  /\.awsapps\.com$/,
  /\.app\.aws$/,
  /\.signin\.aws$/,
  /\.signin\.aws\.amazon\.com$/,
  // Where codes are typed in: device.sso.us-east-1.amazonaws.com.
  /^[a-z0-9-]+\.sso(-fips)?\.[a-z0-9-]+\.(amazonaws\.com|api\.aws)$/,
  // Issuer URLs, which may stand in for a start URL.
  /^identitycenter\.amazonaws\.com$/,
]
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Of https and one of Amazon's hosts. `ownOrigin`: a sign-in service on this machine whose links are good too. */
export function isSignInLink(text: string, ownOrigin: string | undefined): boolean {
  const url = parse(text)
  if (url === undefined) return false
  return isAmazons(url) || (ownOrigin !== undefined && url.origin === ownOrigin)
}

/**
 * The URL where the people of an IAM Identity Center sign in, as the service wants it; undefined when it is none of
 * Amazon's. What browsers add when the page was visited (`/#/`) goes.
 */
export function readStartUrl(text: string): string | undefined {
  const url = parse(text.trim())
  if (url === undefined || !isAmazons(url)) return undefined
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** The origin of an endpoint on this machine: a simulator. */
export function loopbackOrigin(endpoint: string | undefined): string | undefined {
  const url = endpoint === undefined ? undefined : parse(endpoint)
  return url !== undefined && LOOPBACK_HOSTS.has(url.hostname) ? url.origin : undefined
}

function isAmazons({ protocol, hostname, port }: URL): boolean {
  return protocol === 'https:' && port === '' && AWS_HOSTS.some((host) => host.test(hostname))
}

/** Control characters and blanks, which parsers drop in silence, and names before an @ make it no link. */
function parse(text: string): URL | undefined {
  if (!/^[\x21-\x7e]+$/.test(text) || text.includes('\\')) return undefined
  const url = URL.parse(text)
  return url !== null && url.username === '' && url.password === '' ? url : undefined
}
