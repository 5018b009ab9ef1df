import { Resolver } from 'node:dns/promises'
import { isPublicAddress } from './public-address.ts'

/** What lies outside, as far as images are fetched from it. */
export interface Network {
  /** All addresses of a name. */
  resolve: (hostname: string) => Promise<string[]>
  isPublic: (address: string) => boolean
  ports: ReadonlySet<number>
}

const DNS_TIMEOUT_MS = 2000
const DNS_TRIES = 2

/** `nameServers`: others than the system's, as `address:port`. */
export function createPublicInternet(nameServers?: readonly string[]): Network {
  return {
    resolve: (hostname) => resolve(hostname, nameServers),
    isPublic: isPublicAddress,
    ports: new Set([80, 443]),
  }
}

/**
 * Asks the name servers, not the system: its look-up knows names of this machine too, and a slow one holds one of the
 * few threads on which files are read as well.
 */
async function resolve(hostname: string, nameServers: readonly string[] | undefined): Promise<string[]> {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES })
  if (nameServers !== undefined) resolver.setServers(nameServers)
  const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
  return found.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
}
