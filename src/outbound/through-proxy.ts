/** Calls by way of a proxy, in such a manner that the proxy's own failures can be told from those of whom it leads to. */

import { Agent, Pool, ProxyAgent } from 'undici'
import type { Dispatcher } from 'undici'
import { breakdownOf, isConnectError, refusalOf } from './proxy-error.ts'
import { authorizationOf } from './proxy-url.ts'

type Handler = Dispatcher.DispatchHandler
type HandlerPart = Pick<Handler, 'onRequestUpgrade' | 'onResponseStart' | 'onResponseError'>

interface ProxyOptions {
  proxy: URL
  connectTimeoutMs: number
  agent: Agent.Options
}

/** For https: CONNECT, then TLS with the service itself, so that the proxy sees no more than its name. */
export function createTunnel({ proxy, connectTimeoutMs, agent }: ProxyOptions): Dispatcher {
  const token = authorizationOf(proxy)
  return new ProxyAgent({
    ...agent,
    uri: proxy.origin,
    ...(token !== undefined && { token }),
    connectTimeout: connectTimeoutMs,
    // A proxy that takes the call and then says nothing is as good as one that takes none.
    clientFactory: (origin, options) =>
      new Pool(origin, { ...options, headersTimeout: connectTimeoutMs }).compose(
        (dispatch) => (call, handler) => dispatch(call, watchTunnel(handler, proxy)),
      ),
  })
}

function watchTunnel(handler: Handler, proxy: URL): Handler {
  return extend(handler, {
    onRequestUpgrade(controller, status, headers, socket) {
      if (status === 200) {
        handler.onRequestUpgrade?.(controller, status, headers, socket)
        return
      }
      socket.on('error', () => {}).destroy()
      handler.onResponseError?.(controller, refusalOf(proxy, status))
    },
    onResponseError: (controller, error) => handler.onResponseError?.(controller, breakdownOf(proxy, error)),
  })
}

/** What a proxy says for itself, unless the service signed the answer with a request id. */
const proxyStatuses: ReadonlySet<number> = new Set([502, 503, 504])

/** For http, which is spoken to endpoints on this machine only: the proxy is asked for the whole address. */
export function createForwarder({ proxy, connectTimeoutMs, agent }: ProxyOptions): Dispatcher {
  const token = authorizationOf(proxy)
  return new Agent({ ...agent, connect: { timeout: connectTimeoutMs } }).compose(
    (dispatch) => (call, handler) => {
      const target = new URL(call.path, call.origin)
      const headers = {
        ...plainHeaders(call.headers),
        host: target.host,
        ...(token !== undefined && { 'proxy-authorization': token }),
      }
      const forwarded = { ...call, origin: proxy.origin, path: target.href, headers }
      return dispatch(forwarded, watchForwarded(handler, proxy))
    },
  )
}

function watchForwarded(handler: Handler, proxy: URL): Handler {
  return extend(handler, {
    onResponseStart(controller, status, headers, statusMessage) {
      const isUnsigned = headers['x-amzn-requestid'] === undefined
      if (status === 407 || (proxyStatuses.has(status) && isUnsigned)) {
        controller.abort(refusalOf(proxy, status))
      } else {
        handler.onResponseStart?.(controller, status, headers, statusMessage)
      }
    },
    onResponseError(controller, error) {
      handler.onResponseError?.(controller, isConnectError(error) ? breakdownOf(proxy, error) : error)
    },
  })
}

/** Our own calls give their headers as an object; other forms are none of ours and would lose their meaning here. */
function plainHeaders(headers: Dispatcher.DispatchOptions['headers']): Record<string, unknown> {
  if (headers == null) return {}
  if (Array.isArray(headers) || Symbol.iterator in headers) {
    throw new TypeError('Headers of a call through a proxy must be an object.')
  }
  return headers
}

/** Handlers are instances of undici's classes, whose functions a spread would lose. */
function extend(handler: Handler, part: HandlerPart): Handler {
  return {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onRequestUpgrade: (...passed) => handler.onRequestUpgrade?.(...passed),
    onResponseStart: (...passed) => handler.onResponseStart?.(...passed),
    onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
    ...part,
  }
}
