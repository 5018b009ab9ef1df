import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { limitConnections } from './limit-connections.ts'

const server = createServer((_request, response) => response.end('hello'))
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server.close()
})

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
  limitConnections(server, 2)
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
