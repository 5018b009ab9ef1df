import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { limitConnections } from './limit-connections.ts'

const servers: Server[] = []
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

const reported: string[] = []
function start(caps: Partial<Parameters<typeof limitConnections>[1]>): Server {
  const server = createServer((_request, response) => response.end('hello'))
  servers.push(server)
  reported.length = 0
  limitConnections(server, {
    total: 10_000,
    perAddress: Number.POSITIVE_INFINITY,
    isExempt: () => false,
    report: (address) => void reported.push(address),
    ...caps,
  })
  return server
}

/** What comes first: an answer, or the end. */
async function ask(port: number): Promise<'answered' | 'closed'> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  sockets.push(socket)
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
  return new Promise((resolve) => {
    socket.once('data', () => resolve('answered')).once('close', () => resolve('closed'))
  })
}

it('closes connections beyond the limit, until one of them has ended', async () => {
  const server = start({ total: 2 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  expect([await ask(port), await ask(port), await ask(port)]).toEqual(['answered', 'answered', 'closed'])
  const ended = new Promise((resolve) => {
    server.once('connection', (socket) => void socket.once('close', resolve))
  })
  expect(await ask(port)).toBe('closed')
  await ended
  sockets[0]?.destroy()
  await expect.poll(() => ask(port)).toBe('answered')
})

/** As if a connection had come from there. */
function open(server: Server, address: string): Socket {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: address })
  sockets.push(socket)
  server.emit('connection', socket)
  return socket
}
const openMany = (server: Server, count: number, addressOf: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => open(server, addressOf(index))).filter(
    ({ destroyed }) => !destroyed,
  )

describe('S36: one address', () => {
  it('S51: has 256 connections and not one more, while others have theirs', () => {
    const server = start({ perAddress: 256 })
    expect(openMany(server, 255, () => '192.0.2.1')).toHaveLength(255)
    expect(openMany(server, 1, () => '192.0.2.1')).toHaveLength(1)
    expect(openMany(server, 40, () => '::ffff:192.0.2.1')).toHaveLength(0)
    expect(openMany(server, 1, () => '192.0.2.2')).toHaveLength(1)
    expect(reported).toEqual(['192.0.2.1'])
  })

  it('gets a place back with each that ends', async () => {
    const server = start({ perAddress: 2 })
    const [first] = openMany(server, 2, () => '192.0.2.1')
    expect(openMany(server, 1, () => '192.0.2.1')).toHaveLength(0)
    first?.destroy()
    await new Promise((resolve) => setImmediate(resolve))
    expect(openMany(server, 1, () => '192.0.2.1')).toHaveLength(1)
  })

  it('is a whole network of IPv6', () => {
    const server = start({ perAddress: 3 })
    expect(openMany(server, 10, (index) => `2001:db8::${index}`)).toHaveLength(3)
    expect(openMany(server, 10, (index) => `2001:db8:0:1::${index}`)).toHaveLength(3)
  })

  it('has as many as all together when it is that of a trusted proxy', () => {
    const server = start({ perAddress: 3, total: 8, isExempt: (address) => address === '10.0.0.1' })
    expect(openMany(server, 10, () => '10.0.0.1')).toHaveLength(8)
    expect(reported).toEqual([])
  })
})

describe('S51: one address, of two processes that share its connections', () => {
  /** The primary process gives connections out in turn, whoever they are of. */
  it.each([0, 1, 3, 7])('has within ten percent of 256 beside %i clients', (others) => {
    const processes = [start({ perAddress: 128 }), start({ perAddress: 128 })]
    const taken: Socket[] = []
    for (let turn = 0; turn < 400 * (others + 1); turn += 1) {
      const server = processes[turn % 2]
      if (server === undefined) continue
      const isGreedy = (turn * 7919) % 10_007 < 10_007 / (others + 1)
      const [socket] = openMany(server, 1, () => (isGreedy ? '192.0.2.1' : `192.0.2.${2 + (turn % 200)}`))
      if (isGreedy && socket !== undefined) taken.push(socket)
    }
    expect(taken.length).toBeGreaterThanOrEqual(230)
    expect(taken.length).toBeLessThanOrEqual(256)
  })
})
