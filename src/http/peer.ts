/**
 * Who is at the other end. That is the peer of the connection, unless it is a proxy that the operator trusts: then it is
 * the client that the proxy speaks for. Forwarded headers of everybody else are as if they had not been sent.
 */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { readForwarded, type Hop } from './read-forwarded.ts'

declare module 'fastify' {
  interface FastifyRequest {
    readonly peer: Peer
  }
}

export interface Peer {
  /** Of the client; undefined when its connection has ended already. */
  readonly address: string | undefined
  /** Whether the client's connection is encrypted. */
  readonly isSecure: boolean
  /** The host, perhaps with a port, as the client named it. */
  readonly host: string | undefined
  /** Whether a trusted proxy stands between, so that the peer of the connection is somebody else. */
  readonly isForwarded: boolean
}

type Request = Pick<IncomingMessage, 'headers' | 'socket'>

export interface Peers {
  of(request: Request): Peer
  /** Whether connections from this address are those of a trusted proxy. */
  isTrusted(address: string | undefined): boolean
}

/** `trustedProxies`: addresses, and networks as `10.0.0.0/8`. */
export function createPeers(trustedProxies: readonly string[]): Peers {
  const trusted = createList(trustedProxies)

  function isTrusted(address: string | undefined): boolean {
    if (trustedProxies.length === 0 || address === undefined) return false
    const plain = plainAddress(address)
    const family = isIP(plain)
    return family !== 0 && trusted.check(plain, family === 4 ? 'ipv4' : 'ipv6')
  }

  return {
    isTrusted,
    of({ headers, socket }) {
      const direct = {
        address: socket.remoteAddress,
        // What sockets with TLS have. Their class would have Node decode all its root certificates at the start.
        isSecure: 'encrypted' in socket,
        host: headers.host,
        isForwarded: false,
      }
      if (!isTrusted(socket.remoteAddress)) return direct
      const hop = findFirstHop(readForwarded(headers), isTrusted)
      if (hop === undefined) return direct
      return {
        address: addressOf(hop.client) ?? direct.address,
        isSecure: hop.scheme === undefined ? direct.isSecure : hop.scheme.toLowerCase() === 'https',
        host: hop.host ?? direct.host,
        isForwarded: true,
      }
    },
  }
}

/** Each request says whom it comes from. */
export function installPeers(app: FastifyInstance, peers: Peers): void {
  app.decorateRequest('peer', {
    getter() {
      return peers.of(this.raw)
    },
  })
}

/** The hop that the outermost trusted proxy tells of. Those before it were written by the client, or by somebody unknown. */
function findFirstHop(
  hops: readonly Hop[],
  isTrusted: (address: string | undefined) => boolean,
): Hop | undefined {
  let first: Hop | undefined
  for (const hop of hops.toReversed()) {
    first = hop
    if (!isTrusted(addressOf(hop.client))) break
  }
  return first
}

/** The address in `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`; undefined for any other word. */
function addressOf(client: string | undefined): string | undefined {
  if (client === undefined) return undefined
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(client)?.[1] ?? /^([\d.]+):\d+$/.exec(client)?.[1] ?? client
  return isIP(bare) === 0 ? undefined : plainAddress(bare)
}

/** IPv4 as itself, where it came over a socket of both kinds. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/i, '')
}

function createList(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return list
}
