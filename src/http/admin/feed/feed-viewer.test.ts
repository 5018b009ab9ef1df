import { createServer, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../../test/fake-clock.ts'
import { openFeedViewer } from './feed-viewer.ts'

const opened: (() => void)[] = []
afterEach(() => {
  for (const close of opened.splice(0)) close()
})

/** A real connection, as what is told about it is how much waits in it. */
async function start() {
  const clock = createFakeClock()
  const access = { isOver: false }
  const server = createServer().listen(0, '127.0.0.1')
  opened.push(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const asked = new Promise<ServerResponse>((resolve) => {
    server.once('request', (_, answer) => resolve(answer))
  })
  const socket: Socket = connect(port, '127.0.0.1')
  opened.push(() => socket.destroy())
  socket.write('GET / HTTP/1.0\r\nhost: localhost\r\n\r\n')
  const response = await asked
  response.writeHead(200)
  const checkAccess = async () => {
    if (access.isOver) throw new Error('You are not signed in any more.')
  }
  const viewer = openFeedViewer({ response, clock, checkAccess })
  return { clock, access, socket, response, viewer }
}

const soon = () => new Promise((resolve) => setImmediate(resolve))

async function readAll(socket: Socket): Promise<string> {
  let text = ''
  for await (const piece of socket) text += String(piece)
  return text.slice(text.indexOf('\r\n\r\n') + 4)
}

describe('a viewer of the feed', () => {
  it('gets what is sent, and a ping every 15 seconds', async () => {
    const { clock, viewer, socket } = await start()
    viewer.send('data: 1\n\n')
    clock.advance(14_999)
    await soon()
    viewer.send('data: 2\n\n')
    clock.advance(1)
    await soon()
    clock.advance(15_000)
    await soon()
    viewer.end()
    expect(await readAll(socket)).toBe('retry: 2000\n\ndata: 1\n\ndata: 2\n\n: ping\n\n: ping\n\n')
    expect(clock.pending()).toBe(0)
  })

  it('gets no more once it may not watch any longer', async () => {
    const { clock, viewer, access, socket, response } = await start()
    access.isOver = true
    clock.advance(15_000)
    await soon()
    expect(response.writableEnded).toBe(true)
    viewer.send('data: late\n\n')
    expect(await readAll(socket)).toBe('retry: 2000\n\n')
    expect(clock.pending()).toBe(0)
  })

  it('that takes nothing is dropped before much waits for it', async () => {
    const { clock, viewer, socket, response } = await start()
    socket.pause()
    const text = `data: ${'x'.repeat(2000)}\n\n`
    let most = 0
    // The kernel takes some megabytes by itself, which nobody here keeps.
    for (let sent = 0; sent < 20_000 && !response.destroyed; sent += 1) {
      viewer.send(text)
      most = Math.max(most, response.writableLength)
      if (sent % 20 === 0) await soon()
    }
    expect(response.destroyed).toBe(true)
    expect(most).toBeLessThan(70_000)
    await once(response, 'close')
    expect(clock.pending()).toBe(0)
  })

  it('that has gone is left alone', async () => {
    const { clock, viewer, socket, response } = await start()
    socket.destroy()
    if (!response.destroyed) await once(response, 'close')
    viewer.send('data: 1\n\n')
    viewer.end()
    expect(clock.pending()).toBe(0)
  })
})
