/** Clients that send as little as they can, to hold connections for as long as they can. */
import { connect } from 'node:net'

export type Dripping = 'nothing' | 'headers' | 'body' | 'chunks'

interface Wishes {
  kind: Dripping
  /** Between two bytes. */
  everyMs: number
  /** Undefined: nobody reads the body. */
  key?: string
  /** Of this machine; Linux has all of 127.0.0.0/8. */
  from?: string
}

export interface Ending {
  kind: Dripping
  /** Of the answer; NaN: there was none. */
  status: number
  /** Since the connection was made. */
  afterMs: number
}

const POST = 'POST /v1/messages HTTP/1.1\r\nhost: localhost\r\n'
const beginnings: Record<Dripping, (credential: string) => string> = {
  nothing: () => '',
  headers: (credential) => `${POST}${credential}x: `,
  body: (credential) => `${POST}${credential}content-length: 60000\r\n\r\n{"a":"`,
  chunks: (credential) => `${POST}${credential}transfer-encoding: chunked\r\n\r\nffff\r\n{"a":"`,
}

/** Nobody waits longer: what is still open then has not been cut. */
const GIVEN_UP_MS = 120_000

/** Resolves when the other side has closed, or after two minutes. */
export function drip(url: string, { kind, everyMs, key, from }: Wishes): Promise<Ending> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    let text = ''
    let startedAt = performance.now()
    let timer: NodeJS.Timeout | undefined
    const address = from === undefined ? {} : { localAddress: from }
    const end = setTimeout(() => socket.destroy(), GIVEN_UP_MS)
    const socket = connect({ host: hostname, port: Number(port), ...address }, () => {
      startedAt = performance.now()
      socket.write(beginnings[kind](key === undefined ? '' : `x-api-key: ${key}\r\n`))
      timer = setInterval(() => void (kind !== 'nothing' && socket.write('x')), everyMs)
    })
    socket
      .setEncoding('latin1')
      .on('data', (piece: string) => {
        text += piece
      })
      .on('error', () => {})
      .on('close', () => {
        clearInterval(timer)
        clearTimeout(end)
        const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1])
        resolve({ kind, status, afterMs: performance.now() - startedAt })
      })
  })
}
