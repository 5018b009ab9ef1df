import { once } from 'node:events'
import { fastify, type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { openSocket } from '../../test/send.ts'
import { endAfterUnreadBody } from './unread-body.ts'

const head = (length: number) => `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${length}\r\n\r\n`

describe('S36: the rest of a body that nobody reads', () => {
  const clock = createFakeClock()
  let app: FastifyInstance
  let url = ''
  beforeEach(async () => {
    app = fastify()
    app.addHook('onRequest', (_, reply) => reply.code(401).send({}))
    app.addHook('onSend', async (request, reply) => endAfterUnreadBody(request, reply, clock))
    app.post('/', () => ({}))
    url = await app.listen({ port: 0, host: '127.0.0.1' })
  })
  afterEach(() => app.close())

  it('is waited for ten seconds when it is little', async () => {
    const socket = await openSocket(url, `${head(10)}x`)
    await once(socket, 'data')
    clock.advance(9999)
    await new Promise((resolve) => setImmediate(resolve))
    expect([socket.destroyed, socket.readableEnded, clock.pending()]).toEqual([false, false, 1])
    const closed = once(socket, 'close')
    clock.advance(1)
    await closed
  })

  it('leaves the connection for the next request when it comes', async () => {
    const socket = await openSocket(url, `${head(2)}x`)
    await once(socket, 'data')
    socket.write(`x${head(0)}`)
    await once(socket, 'data')
    await expect.poll(() => clock.pending()).toBe(0)
    socket.destroy()
  })

  it('is not waited for when it may be more', async () => {
    const socket = await openSocket(url, `${head(65_537)}x`)
    const closed = once(socket, 'close')
    expect(String(await once(socket, 'data'))).toMatch(/\r\nconnection: close\r\n/i)
    socket.end()
    await closed
  })
})
