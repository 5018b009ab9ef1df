/** An HTTP proxy on this machine, for tests: forwards, tunnels, or refuses. */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'

export interface TinyProxy {
  /** `http://127.0.0.1:port`, without credentials. */
  url: string
  host: string
  /** Each call as `METHOD target`, with what the client said to prove itself. */
  calls: { line: string; authorization: string | undefined }[]
  close(): Promise<void>
}

interface Wishes {
  /** 0 or absent: a free one. */
  port?: number
  /** Every call is answered with this status. */
  refuseWith?: number
  /** Calls are taken and never answered. */
  silent?: boolean
  /** Further headers of every answer that it passes on. */
  answerHeaders?: Record<string, string>
}

export async function startTinyProxy({
  port = 0,
  refuseWith,
  silent,
  answerHeaders,
}: Wishes = {}): Promise<TinyProxy> {
  const calls: TinyProxy['calls'] = []
  const sockets = new Set<Socket>()
  const note = ({ method, url, headers }: IncomingMessage) =>
    void calls.push({ line: `${method} ${url}`, authorization: headers['proxy-authorization'] })

  const server = createServer((incoming, outgoing) => {
    note(incoming)
    if (silent === true) return
    if (refuseWith === undefined) forward(incoming, outgoing, answerHeaders)
    else outgoing.writeHead(refuseWith, { 'content-type': 'text/html' }).end('<html>no</html>')
  })
  server.on('connect', (incoming: IncomingMessage, client: Socket) => {
    note(incoming)
    client.on('error', () => client.destroy())
    if (silent === true) return
    if (refuseWith === undefined) tunnel(incoming.url ?? '', client)
    else client.end(`HTTP/1.1 ${refuseWith} No\r\ncontent-length: 0\r\n\r\n`)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  const host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    url: `http://${host}`,
    host,
    calls,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  more: Record<string, string> = {},
): void {
  const { 'proxy-authorization': _, ...headers } = incoming.headers
  const { method, url = '' } = incoming
  const onward = request(url, { method, headers, agent: false }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 500, { ...answer.headers, ...more })
    outgoing.flushHeaders()
    answer.pipe(outgoing)
  })
  onward.on('error', () => outgoing.destroy())
  outgoing.on('close', () => onward.destroy())
  incoming.pipe(onward)
}

function tunnel(target: string, client: Socket): void {
  const { hostname, port } = new URL(`http://${target}`)
  const onward = connect({ host: hostname, port: Number(port) }, () => {
    client.write('HTTP/1.1 200 OK\r\n\r\n')
    client.pipe(onward).pipe(client)
  })
  onward.on('error', () => client.destroy())
  client.on('close', () => onward.destroy())
}
