import type { RequestHeaders } from './request-headers.ts'

/**
 * Who a route is for: everybody, programs that use models, or the operator. The door is where the operator signs in: who is not
 * known yet may come to it, but no page of another origin, and without a password only who may be the operator.
 */
export type RouteKind = 'public' | 'model' | 'operator' | 'door'

/** The two ends of a TCP connection, as the server's socket names them. */
export interface Connection {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
}

/** All of a request that decides whether it may be made. */
export interface AccessRequest {
  /** That of the route which will answer, never worked out from the request's own text. */
  route: RouteKind
  method: string
  /** The pattern of the route; holds nothing that the client wrote. */
  path: string
  /** The target of the request line: a path, or a whole URL when it was meant for a proxy. */
  target: string
  httpVersion: string
  /** Whether nobody on the way could have read it. */
  isSecure: boolean
  /** Every `Host` header, should there be several. */
  hosts: readonly string[]
  headers: RequestHeaders
  connection: Connection
}
