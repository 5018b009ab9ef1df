import { once } from 'node:events'
import { fastify, type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSocket } from '../../test/send.ts'
import type { CaptureEnd, Captures } from '../captures/captures.ts'
import { captureBodies } from './capture-bodies.ts'

const REQUEST = 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'

describe('what is captured of a request', () => {
  const end = vi.fn<(ended: CaptureEnd) => void>()
  const begin = vi.fn<Captures['begin']>(() => ({
    noteRequest: () => {},
    keepUnread: () => {},
    answer: { add: () => {} },
    end,
  }))
  let app: FastifyInstance
  let url = ''
  let admission: PromiseWithResolvers<void>
  let isAsked: PromiseWithResolvers<void>
  beforeEach(async () => {
    end.mockClear()
    begin.mockClear()
    admission = Promise.withResolvers()
    isAsked = Promise.withResolvers()
    app = fastify()
    app.decorateRequest('capture', undefined)
    app.addHook('onRequest', async () => {
      isAsked.resolve()
      await admission.promise
    })
    app.addHook('onRequest', captureBodies({ begin }))
    app.get('/', () => ({}))
    url = await app.listen({ port: 0, host: '127.0.0.1' })
  })
  afterEach(() => app.close())

  it('ends with its answer', async () => {
    const socket = await openSocket(url, REQUEST)
    admission.resolve()
    await once(socket, 'data')
    await expect.poll(() => end.mock.calls.length).toBe(1)
    expect(end.mock.calls[0]?.[0]).toMatchObject({ path: '/', hasFailed: false })
    socket.destroy()
  })

  it('is nothing where its client left while it was admitted: it would never end', async () => {
    const left = Promise.withResolvers<void>()
    app.server.once('connection', (connection) => connection.once('close', () => left.resolve()))
    const socket = await openSocket(url, REQUEST)
    await isAsked.promise
    socket.destroy()
    await left.promise
    admission.resolve()
    await app.close()
    expect(begin.mock.calls.length).toBe(end.mock.calls.length)
  })
})
