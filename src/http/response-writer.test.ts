import { createServer, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import type { Failure } from '../conversation/failures.ts'
import type { ReplyEvent } from '../conversation/reply.ts'
import type { Encoder } from '../dialects/dialect.ts'
import type { AnswerFacts } from '../relay/pump.ts'
import { createReplyWriter, createStreamWriter } from './response-writer.ts'

const usage = {
  inputTokens: 1,
  outputTokens: 1,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  source: 'estimated' as const,
}
const end: ReplyEvent = { type: 'reply-end', stopReason: 'end-turn', usage }
const textStart: ReplyEvent = { type: 'block-start', block: { kind: 'text' } }
const say = (text: string): ReplyEvent => ({ type: 'block-delta', text })
const failure: Failure = { kind: 'capacity', message: 'no room' }

const timings = { commitAfterMs: 8000, pingIntervalMs: 10_000, drainTimeoutMs: 120_000 }

const encoder: Encoder = {
  open: () => '<open>',
  push: (event) => (event.type === 'block-delta' ? event.text : `<${event.type}>`),
  ping: () => '<ping>',
  fail: ({ message }) => `<fail ${message}>`,
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A real response on a real socket: back-pressure and leaving are not to be imitated. */
async function respond(): Promise<{ response: ServerResponse; socket: Socket; received: () => string }> {
  let received = ''
  const arrived = Promise.withResolvers<ServerResponse>()
  const server = createServer((_, response) => arrived.resolve(response))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = addressOf(server)
  const socket = connect(port, '127.0.0.1')
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    received += text
  })
  socket.on('error', () => {})
  socket.write('POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
  return { response: await arrived.promise, socket, received: () => received }
}

function addressOf(server: Server): AddressInfo {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.')
  return address
}

const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve))

async function startStream() {
  const { response, socket, received } = await respond()
  const clock = createFakeClock()
  const writer = createStreamWriter({
    response,
    headers: { 'x-request-id': 'req_1' },
    factHeaders,
    writeError: ({ message }) => ({ status: 503, headers: { 'retry-after': '2' }, body: { error: message } }),
    encoder,
    clock,
    timings,
  })
  return { response, socket, received, clock, writer }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

const factHeaders = ({ losses, repairs }: AnswerFacts): Record<string, string> =>
  losses.length + repairs.length === 0
    ? {}
    : { 'x-facts': [...losses.map(({ kind }) => kind), ...repairs].join(' ') }

describe('a stream writer', () => {
  it('commits at the first content, in one write, and closes at the end of the reply', async () => {
    const { writer, socket, received, clock } = await startStream()
    writer.describe({ losses: [], repairs: ['refresh'] })
    writer.describe({ losses: [{ kind: 'effort' }], repairs: ['other-account'] })
    writer.push({ type: 'reply-start' })
    expect(writer.flush()).toBe(true)
    expect(writer.state()).toBe('held')
    for (const event of [textStart, say('a'), say('b')]) writer.push(event)
    writer.flush()
    expect(writer.state()).toBe('content')
    for (const event of [{ type: 'block-end' } satisfies ReplyEvent, end]) writer.push(event)
    writer.flush()
    expect(writer.state()).toBe('closed')
    await closed(socket)
    expect(received()).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(received()).toMatch(/content-type: text\/event-stream; charset=utf-8\r\n/)
    expect(received()).toMatch(/x-request-id: req_1\r\n/)
    expect(received()).toMatch(/x-facts: effort other-account\r\n/)
    expect(bodyOf(received())).toBe('<open><block-start>ab<block-end><reply-end>')
    expect(clock.pending()).toBe(0)
  })

  it('answers a failure with its status while nothing was sent', async () => {
    const { writer, socket, received, clock } = await startStream()
    writer.push({ type: 'reply-start' })
    writer.fail(failure)
    await closed(socket)
    expect(received()).toMatch(/^HTTP\/1.1 503 /)
    expect(received()).toMatch(/retry-after: 2\r\n/)
    expect(received().endsWith('{"error":"no room"}')).toBe(true)
    expect(clock.pending()).toBe(0)
  })

  it('commits after 8 s without content, pings every 10 s of silence, and fails inside the stream', async () => {
    const { writer, socket, received, clock } = await startStream()
    clock.advance(7999)
    expect(writer.state()).toBe('held')
    clock.advance(1)
    expect(writer.state()).toBe('committed')
    clock.advance(9999)
    clock.advance(1)
    clock.advance(10_000)
    writer.fail(failure)
    await closed(socket)
    expect(bodyOf(received())).toBe('<open><ping><ping><fail no room>')
    expect(clock.pending()).toBe(0)
  })

  it('keeps a client company through ten minutes of thinking, never silent for more than 15 s', async () => {
    const { writer, socket, received, clock } = await startStream()
    const silences: number[] = []
    let lastWord = 0
    for (let second = 1; second <= 600; second += 1) {
      const before = received().length
      clock.advance(1000)
      // What was written in this second has to arrive before the next one begins.
      if (second >= 8 && (second - 8) % 10 === 0) {
        await until(() => received().length > before)
        silences.push(second - lastWord)
        lastWord = second
      }
    }
    expect(Math.max(...silences)).toBeLessThanOrEqual(15)
    expect(silences).toHaveLength(60)
    writer.push(say('a'))
    writer.push(end)
    await closed(socket)
    expect(bodyOf(received())).toBe(`<open>${'<ping>'.repeat(59)}a<reply-end>`)
    expect(received()).toMatch(/x-accel-buffering: no\r\n/)
    expect(clock.pending()).toBe(0)
  })

  it('lets content push the next ping away', async () => {
    const { writer, socket, received, clock } = await startStream()
    writer.push(say('a'))
    writer.flush()
    clock.advance(9000)
    writer.push(say('b'))
    writer.flush()
    clock.advance(9000)
    writer.push(end)
    await closed(socket)
    expect(bodyOf(received())).toBe('<open>ab<reply-end>')
  })

  it.each(['', 'x'.repeat(17_000)])(
    'says every character, in short texts and in long ones',
    async (before) => {
      const { writer, socket, received } = await startStream()
      writer.push(say(`${before}é漢😀\ud83d`))
      writer.push(end)
      await closed(socket)
      expect(Buffer.from(received(), 'latin1').toString()).toContain(`${before}é漢😀\ufffd`)
    },
  )

  it('keeps a long text that waits once, and in memory of its own', async () => {
    const { writer, response } = await startStream()
    const written: unknown[] = []
    response.write = (piece: unknown) => written.push(piece) > 0
    writer.push(say('é'.repeat(20_000)))
    writer.flush()
    const [bytes] = written
    if (!Buffer.isBuffer(bytes)) throw new Error('it waits as a text')
    expect(bytes.buffer.byteLength).toBe(bytes.length)
  })

  it('says when the client is full, sends no pings then, and goes on when it drains', async () => {
    const { writer, socket, received, clock } = await startStream()
    socket.pause()
    const megabyte = 'x'.repeat(1024 * 1024)
    let pushed = 0
    do {
      writer.push(say(megabyte))
      pushed += 1
    } while (writer.flush() && pushed < 64)
    expect(pushed).toBeLessThan(64)
    const drained = new Promise<void>((resolve) => writer.onDrain(resolve))
    clock.advance(60_000)
    socket.resume()
    await drained
    writer.push(end)
    writer.flush()
    await closed(socket)
    expect(bodyOf(received())).toBe(`<open>${megabyte.repeat(pushed)}<reply-end>`)
  })

  it('gives a client up that takes nothing for 120 s', async () => {
    const { writer, socket, response, clock } = await startStream()
    socket.pause()
    while (writer.flush()) writer.push(say('x'.repeat(1024 * 1024)))
    writer.onDrain(() => {})
    clock.advance(119_999)
    expect(response.destroyed).toBe(false)
    clock.advance(1)
    expect(response.destroyed).toBe(true)
    await until(() => writer.state() === 'closed')
    expect(clock.pending()).toBe(0)
  })

  it('stops its timers and writes nothing more when the client leaves', async () => {
    const { writer, socket, clock } = await startStream()
    writer.push(say('a'))
    writer.flush()
    socket.destroy()
    await until(() => writer.state() === 'closed')
    writer.push(say('b'))
    expect(writer.flush()).toBe(true)
    writer.fail(failure)
    expect(clock.pending()).toBe(0)
  })
})

describe('the end of an answer', () => {
  const large = 'x'.repeat(32 * 1024 * 1024)
  const writeError = () => ({ status: 500, headers: {}, body: { large } })

  it('that is streamed is given up when the client takes none of it for 120 s', async () => {
    const { writer, socket, response, clock } = await startStream()
    socket.pause()
    writer.push(say(large))
    writer.push(end)
    clock.advance(119_999)
    expect(response.destroyed).toBe(false)
    clock.advance(1)
    expect(response.destroyed).toBe(true)
    await until(() => clock.pending() === 0)
  })

  it('arrives whole at a client that takes it slowly', async () => {
    const { writer, socket, received, clock } = await startStream()
    socket.pause()
    writer.push(say(large))
    writer.push(end)
    while (!socket.closed) {
      const enough = received().length + 4 * 1024 * 1024
      clock.advance(119_999)
      socket.resume()
      await until(() => received().length > enough || socket.closed)
      socket.pause()
    }
    expect(bodyOf(received())).toBe(`<open>${large}<reply-end>`)
  })

  it('that is one document is given up likewise', async () => {
    const { response, socket } = await respond()
    const clock = createFakeClock()
    const writer = createReplyWriter({
      response,
      clock,
      timings,
      headers: {},
      factHeaders,
      writeError,
      writeReply: () => ({}),
    })
    socket.pause()
    writer.fail(failure)
    clock.advance(120_000)
    expect(response.destroyed).toBe(true)
    await until(() => clock.pending() === 0)
  })
})

describe('a reply writer', () => {
  it('can still tell a failure when the reply cannot be written', async () => {
    const { response, socket, received } = await respond()
    const writer = createReplyWriter({
      response,
      clock: createFakeClock(),
      timings,
      headers: {},
      factHeaders,
      writeError: ({ message }) => ({ status: 502, headers: {}, body: { error: message } }),
      writeReply: () => {
        throw new RangeError('Maximum call stack size exceeded')
      },
    })
    writer.push(end)
    expect(() => writer.flush()).toThrow(RangeError)
    expect(writer.hasContentLeft()).toBe(false)
    writer.fail(failure)
    await closed(socket)
    expect(received()).toMatch(/^HTTP\/1.1 502 /)
    expect(received().endsWith('{"error":"no room"}')).toBe(true)
  })

  it('answers one JSON document with its length when the reply is complete', async () => {
    const { response, socket, received } = await respond()
    const writer = createReplyWriter({
      response,
      clock: createFakeClock(),
      timings,
      headers: { 'x-request-id': 'req_1' },
      factHeaders,
      writeError: () => ({ status: 500, headers: {}, body: {} }),
      writeReply: (reply) => ({ said: reply.parts.map((part) => (part.kind === 'text' ? part.text : '')) }),
    })
    writer.describe({ losses: [], repairs: ['repeat'] })
    for (const event of [{ type: 'reply-start' } satisfies ReplyEvent, textStart, say('ä'), say('b')]) {
      writer.push(event)
    }
    writer.flush()
    expect(writer.state()).toBe('held')
    for (const event of [{ type: 'block-end' } satisfies ReplyEvent, end]) writer.push(event)
    writer.flush()
    writer.fail(failure)
    await closed(socket)
    expect(received()).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(received()).toMatch(/content-length: 16\r\n/)
    expect(received()).toMatch(/x-facts: repeat\r\n/)
    expect(Buffer.from(received(), 'latin1').toString()).toMatch(/\{"said":\["äb"\]\}$/)
  })
})

/** The body of a chunked answer. */
function bodyOf(message: string): string {
  let rest = message.slice(message.indexOf('\r\n\r\n') + 4)
  let body = ''
  for (;;) {
    const lineEnd = rest.indexOf('\r\n')
    const size = Number.parseInt(rest.slice(0, lineEnd), 16)
    if (size === 0 || Number.isNaN(size)) return body
    body += rest.slice(lineEnd + 2, lineEnd + 2 + size)
    rest = rest.slice(lineEnd + 2 + size + 2)
  }
}
