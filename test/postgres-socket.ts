/**
 * A PostgreSQL server for the gateway to connect to: PGlite, which is PostgreSQL inside this process, behind a socket. It has one
 * session alone, so connections take turns, each for as long as its transaction is open.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { PGlite } from '@electric-sql/pglite'

export interface PostgresSocket {
  /** What DATABASE_URL takes. */
  url: string
  close(): Promise<void>
}

const LENGTH_BYTES = 4
const SYNC = 'S'
const SIMPLE_QUERY = 'Q'
const TERMINATE = 'X'
/** ReadyForQuery outside of a transaction: the last message of an answer. */
const IDLE = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

export async function startPostgresSocket(database: PGlite): Promise<PostgresSocket> {
  const turns = createTurns()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    serve(socket, database, turns)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `postgres://postgres@127.0.0.1:${portOf(server.address())}/postgres`,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('The server does not listen.')
}

/** Hands the session out to one holder after another. */
function createTurns() {
  let last = Promise.resolve()
  return async function take(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const before = last
    last = promise
    await before
    return resolve
  }
}

function serve(socket: Socket, database: PGlite, take: () => Promise<() => void>): void {
  let received = Buffer.alloc(0)
  let hasStarted = false
  let giveBack: (() => void) | undefined
  let working = Promise.resolve()

  async function answer(messages: Buffer): Promise<void> {
    giveBack ??= await take()
    const answered = Buffer.from(await database.runExclusive(() => database.execProtocolRaw(messages)))
    socket.write(answered)
    if (!answered.subarray(-IDLE.length).equals(IDLE)) return
    giveBack()
    giveBack = undefined
  }

  /** What is complete so far: whole messages up to one that asks for an answer. */
  function cut(): Buffer | undefined {
    let end = 0
    for (;;) {
      const typeBytes = hasStarted ? 1 : 0
      if (received.length < end + typeBytes + LENGTH_BYTES) return undefined
      const type = hasStarted ? String.fromCharCode(received.readUInt8(end)) : SYNC
      end += typeBytes + received.readUInt32BE(end + typeBytes)
      if (received.length < end) return undefined
      if (type === TERMINATE) return undefined
      if (type !== SYNC && type !== SIMPLE_QUERY) continue
      hasStarted = true
      const whole = received.subarray(0, end)
      received = received.subarray(end)
      return whole
    }
  }

  socket.on('data', (piece) => {
    received = Buffer.concat([received, piece])
    for (let messages = cut(); messages !== undefined; messages = cut()) {
      const whole = messages
      working = working.then(() => answer(whole)).catch(() => void socket.destroy())
    }
  })
  socket.on('close', () => giveBack?.())
}
