import { connect } from 'node:net'
import { parseProxyUrl } from './proxy-url.ts'

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** Whether somebody takes a connection there within the time; nothing is sent. An address that is none is not reached. */
export function reachProxy(address: string, timeoutMs: number): Promise<boolean> {
  const url = parseProxyUrl(address)
  if (url === undefined) return Promise.resolve(false)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = url.port === '' ? DEFAULT_PORTS[url.protocol] : Number(url.port)
  return new Promise((resolve) => {
    const socket = connect({ host, port: port ?? 80, timeout: timeoutMs })
    const end = (isReached: boolean) => {
      socket.destroy()
      resolve(isReached)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}
