/**
 * Under which names the operator's routes may be asked for. A page whose own name was made to lead here (DNS rebinding) is of
 * the same origin to a browser; its name is what gives it away.
 */
import { isIP } from 'node:net'

interface OperatorHostsOptions {
  /** What the server listens on: an address, or a name of this machine. */
  boundHost: string
  /** Where the operator said the gateway is found from outside, as an origin. */
  publicUrl: string | undefined
}

const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::'])
const THIS_MACHINE = ['localhost', '127.0.0.1', '::1']
const HOST = /^(?:\[([\da-f:.]+)\]|([a-z\d._-]+))(?::\d{1,5})?$/i

/** Tells whether a `Host`, with or without a port, is one of them. */
export function createOperatorHosts({ boundHost, publicUrl }: OperatorHostsOptions) {
  const isBoundToAll = EVERY_ADDRESS.has(boundHost)
  const named = [...THIS_MACHINE, boundHost, ...(publicUrl === undefined ? [] : [new URL(publicUrl).host])]
  const allowed = new Set(named.map(nameOf))
  return (host: string | undefined): boolean => {
    const name = nameOf(host ?? '')
    if (name === undefined) return false
    // Behind a container's port or a router nobody here knows the address that was asked for. No name hides behind one.
    return allowed.has(name) || (isBoundToAll && isIP(name) !== 0)
  }
}

/** Without port and brackets, in lower case; undefined for what is no host. */
function nameOf(host: string): string | undefined {
  if (isIP(host) === 6) return host.toLowerCase()
  const [, ipv6, other] = HOST.exec(host) ?? []
  if (ipv6 !== undefined) return isIP(ipv6) === 6 ? ipv6.toLowerCase() : undefined
  return other?.toLowerCase()
}
