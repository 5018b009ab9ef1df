/** The program behind a request, as its user agent tells: words and a version, and nothing that could be anything else. */

const MOST_READ = 200
const MOST_KEPT = 60
/** Short words, so that no key or token passes for a name. */
const NAME = /^[A-Za-z][A-Za-z0-9]{0,15}(?:[-_. /][A-Za-z][A-Za-z0-9]{0,15}){0,3}/
const VERSION = /^[/ ]v?(\d{1,4}(?:\.\d{1,5}){0,3}(?:-[a-z]{1,8}(?:\.\d{1,4})?)?)(?=[ ;,)]|$)/

/** Like `claude-cli 2.1.0`; undefined: it tells nothing of the kind. */
export function clientProgram(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined) return undefined
  const read = userAgent.slice(0, MOST_READ)
  // All browsers claim to be others.
  if (read.startsWith('Mozilla/')) return 'browser'
  const name = NAME.exec(read)?.[0]
  if (name === undefined) return undefined
  const rest = read.slice(name.length)
  const version = VERSION.exec(rest)?.[1]
  if (version === undefined) return /^[ ;,(]|^$/.test(rest) ? name.slice(0, MOST_KEPT).trim() : undefined
  return `${name.replace('/', ' ')} ${version}`.slice(0, MOST_KEPT)
}
