/**
 * A model service on bare sockets, between a gateway and the simulator: what it answers a chat with are any bytes, in any
 * pieces and with any ending. All else it is asked goes on to the simulator.
 */
import { once } from 'node:events'
import { request } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from './random.ts'

export type Move =
  | { kind: 'write'; bytes: Buffer }
  | { kind: 'wait'; ms: number }
  /** The same again and again, until the other side leaves or so much was taken. */
  | { kind: 'flood'; piece: Buffer; mostBytes: number }
  | { kind: 'end' }
  | { kind: 'reset' }
  /** Nothing more, until the other side leaves. */
  | { kind: 'silence' }

export interface HostileUpstream {
  url: string
  /** How a chat is answered whose prompt holds `[lane NAME]`, until it is told otherwise. */
  answer(lane: string, moves: readonly Move[]): void
  /** What is not about chats is asked there. */
  goOnTo(url: string): void
  /** Connections that are open. */
  open(): number
  close(): Promise<void>
}

/** A sound answer over HTTP with this body, in pieces of any size. */
export function answerInFull(body: Buffer, random: Random): Move[] {
  const type = 'content-type: application/vnd.amazon.eventstream'
  const head = Buffer.from(`HTTP/1.1 200 OK\r\n${type}\r\ncontent-length: ${body.length}\r\n\r\n`)
  const largest = random.pick([1_000_000, 1_000_000, 1000, 50])
  const pieces: Buffer[] = []
  for (let start = 0; start < body.length; start += pieces.at(-1)?.length ?? 0) {
    pieces.push(body.subarray(start, start + 1 + random.below(largest)))
  }
  return [head, ...pieces].map((bytes) => ({ kind: 'write', bytes }))
}

interface Asked {
  head: string
  body: Buffer
}

export async function startHostileUpstream(): Promise<HostileUpstream> {
  const lanes = new Map<string, readonly Move[]>()
  const sockets = new Set<Socket>()
  let simulatorUrl = ''

  async function serve(socket: Socket, asked: Asked): Promise<void> {
    if (!asked.head.includes('GenerateAssistantResponse')) return forward(socket, simulatorUrl, asked)
    const lane = /\[lane ([\w-]+)\]/.exec(asked.body.toString('latin1'))?.[1] ?? ''
    for (const move of lanes.get(lane) ?? []) {
      if (socket.destroyed || socket.writableEnded) return
      await make(socket, move)
    }
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    readRequests(socket, (asked) => void serve(socket, asked).catch(() => socket.destroy()))
  })
  return {
    url: await listen(server),
    answer: (lane, moves) => void lanes.set(lane, moves),
    goOnTo(url) {
      simulatorUrl = url
    },
    open: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${portOf(server.address())}`
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('The service does not listen.')
}

/** What a gateway sends: whole heads, bodies with their lengths, one after the other. */
function readRequests(socket: Socket, take: (asked: Asked) => void): void {
  let received = Buffer.alloc(0)
  socket.on('data', (piece) => {
    received = Buffer.concat([received, piece])
    for (;;) {
      const headBytes = received.indexOf('\r\n\r\n') + 4
      if (headBytes < 4) return
      const head = received.subarray(0, headBytes).toString('latin1')
      const end = headBytes + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (received.length < end) return
      const body = received.subarray(headBytes, end)
      received = received.subarray(end)
      take({ head, body })
    }
  })
}

async function make(socket: Socket, move: Move): Promise<void> {
  switch (move.kind) {
    case 'write':
      // In a piece of its own, as far as that can be told to a socket.
      await new Promise((resolve) => socket.write(move.bytes, resolve))
      return
    case 'wait':
      await pause(move.ms)
      return
    case 'flood':
      for (let sent = 0; sent < move.mostBytes && !socket.destroyed; sent += move.piece.length) {
        await new Promise((resolve) => socket.write(move.piece, resolve))
      }
      return
    case 'end':
      socket.end()
      return
    case 'reset':
      socket.resetAndDestroy()
      return
    case 'silence':
      if (!socket.destroyed) await once(socket, 'close')
      return
    default:
      throw new TypeError('There is no such move.')
  }
}

/** As one answer with a length. */
function forward(socket: Socket, url: string, { head, body }: Asked): Promise<void> {
  const [, method = 'GET', path = '/'] = /^(\S+) (\S+) /.exec(head) ?? []
  const lines = head.split('\r\n').slice(1, -2)
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
  return new Promise((resolve, reject) => {
    const asking = request(`${url}${path}`, { method, headers, agent: false }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => void pieces.push(piece))
      response.on('end', () => {
        const answer = Buffer.concat(pieces)
        const type = response.headers['content-type'] ?? 'application/json'
        socket.write(
          `HTTP/1.1 ${response.statusCode} .\r\ncontent-type: ${type}\r\ncontent-length: ${answer.length}\r\n\r\n`,
        )
        socket.write(answer)
        resolve()
      })
    })
    asking.on('error', reject)
    asking.end(body)
  })
}
