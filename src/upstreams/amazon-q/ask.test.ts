import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type Server } from 'node:net'
import { Agent } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { bytesOf } from '../../../test/answer-body.ts'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { systemClock } from '../../clock.ts'
import { ask } from './ask.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

async function listen(server: Server): Promise<URL> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return new URL(`http://127.0.0.1:${address.port}/path?query=1`)
}

function openAgent(): Agent {
  const agent = new Agent({ pipelining: 1 })
  cleanups.push(() => agent.destroy())
  return agent
}

async function setUp(answer: RequestListener) {
  const url = await listen(createServer(answer))
  const client = new AbortController()
  const common = {
    url,
    dispatcher: openAgent(),
    headers: { accept: 'text/plain' },
    headersTimeoutMs: 0,
    clock: systemClock,
  }
  return { client, question: { ...common, method: 'POST' as const, signal: client.signal } }
}

describe('ask', () => {
  it('sends what it is given, and uses a connection again whose answer was read', async () => {
    const ports: (number | undefined)[] = []
    const { question } = await setUp((request, response) => {
      const { method, url, headers, socket } = request
      ports.push(socket.remotePort)
      request.once('data', (bytes: Buffer) => {
        response.writeHead(202, { 'x-amzn-requestid': 'r' })
        response.end(JSON.stringify([method, url, headers.accept, bytes.toString()]))
      })
    })
    for (const body of ['one', 'two']) {
      const answer = await ask({ ...question, body })
      expect(answer).toMatchObject({ statusCode: 202, headers: { 'x-amzn-requestid': 'r' } })
      const text = Buffer.concat(await bytesOf(answer.body)).toString()
      expect(JSON.parse(text)).toEqual(['POST', '/path?query=1', 'text/plain', body])
      // undici makes sure that the other side does not close it after all.
      await nextTurn()
    }
    expect(new Set(ports).size).toBe(1)
  })

  it('holds the service back while nobody takes the answer', async () => {
    let sent = 0
    const { question } = await setUp((_, response) => {
      const write = (): void => {
        while (sent < 100) {
          sent += 1
          if (!response.write(Buffer.alloc(1_000_000))) return void response.once('drain', write)
        }
        response.end()
      }
      write()
    })
    const { body } = await ask(question)
    const stalled = await untilSteady(() => sent)
    expect(stalled).toBeLessThan(60)
    const bytes = await bytesOf(body)
    expect(bytes.reduce((sum, each) => sum + each.byteLength, 0)).toBe(100_000_000)
  })

  it('gives up at once when the signal aborts, however little the other side has said', async () => {
    const silent = await listen(createTcpServer((socket) => void cleanups.push(async () => socket.destroy())))
    const client = new AbortController()
    const answer = ask({
      url: silent,
      dispatcher: openAgent(),
      method: 'GET',
      headers: {},
      headersTimeoutMs: 0,
      signal: client.signal,
      clock: systemClock,
    })
    client.abort(new Error('left'))
    await expect(answer).rejects.toThrow('left')
  })

  it('waits behind a few provisional answers for the answer, and gives up on a flood of them', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'
    const answer = 'HTTP/1.1 204 No Content\r\n\r\n'
    const server = createTcpServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (bytes) =>
        socket.write(bytes.toString().startsWith('GET') ? hint.repeat(16) + answer : hint.repeat(1000)),
      )
    })
    const { question } = await setUp(() => {})
    const url = await listen(server)
    expect((await ask({ ...question, url, method: 'GET' })).statusCode).toBe(204)
    await expect(ask({ ...question, url })).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' })
  })

  it('waits no longer in all for an answer that is announced again and again', async () => {
    const clock = createFakeClock()
    let hints = 0
    const server = createTcpServer((socket) => {
      const sendHint = () => {
        hints += 1
        clock.advance(4000)
        socket.write('HTTP/1.1 103 Early Hints\r\n\r\n', () => setImmediate(sendHint))
      }
      socket.on('error', () => {}).once('data', sendHint)
      cleanups.push(async () => socket.destroy())
    })
    const { question } = await setUp(() => {})
    const asked = ask({ ...question, url: await listen(server), clock, headersTimeoutMs: 20_000 })
    await expect(asked).rejects.toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT' })
    expect(hints).toBeLessThan(16)
  })

  it('closes the connection of an answer that is destroyed', async () => {
    const closed = Promise.withResolvers<boolean>()
    const { question } = await setUp((_, response) => {
      response.on('close', () => closed.resolve(response.writableFinished))
      response.write('a')
    })
    const { body } = await ask(question)
    body.destroy()
    expect(await closed.promise).toBe(false)
  })

  it('rejects when the connection closes before the answer, and breaks off when it closes within', async () => {
    const { question } = await setUp((request, response) => {
      if (request.method === 'GET') response.destroy()
      else response.write('a', () => response.destroy())
    })
    await expect(ask({ ...question, method: 'GET' })).rejects.toThrow('other side closed')
    const { body } = await ask(question)
    await expect(bytesOf(body)).rejects.toThrow('other side closed')
  })
})

/** The value once ten turns of the loop with some I/O between them have not changed it. */
async function untilSteady(read: () => number): Promise<number> {
  let value = read()
  for (let turns = 0; turns < 10;) {
    await nextTurn()
    turns = read() === value ? turns + 1 : 0
    value = read()
  }
  return value
}
