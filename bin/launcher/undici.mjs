/**
 * What the bundle has of undici, in place of its index, which also loads what browsers have: fetch, WebSocket, caches, cookies.
 * That is two thirds of it, and takes a twentieth of the gateway's start. The version is pinned; a name that is missing fails the build.
 */
import api from '../../node_modules/undici/lib/api/index.js'
import errors from '../../node_modules/undici/lib/core/errors.js'
import Agent from '../../node_modules/undici/lib/dispatcher/agent.js'
import Dispatcher from '../../node_modules/undici/lib/dispatcher/dispatcher.js'
import Pool from '../../node_modules/undici/lib/dispatcher/pool.js'
import ProxyAgent from '../../node_modules/undici/lib/dispatcher/proxy-agent.js'

// As its index does: the ways to call belong to every dispatcher, and its proxy agent opens its tunnels by one of them.
Object.assign(Dispatcher.prototype, api)

export { Agent, errors, Pool, ProxyAgent }

/** As its index's, but the dispatcher must be given. */
export function request(url, { dispatcher, method = 'GET', ...options }) {
  const { origin, pathname, search } = new URL(url)
  return dispatcher.request({ ...options, origin, path: `${pathname}${search}`, method })
}
