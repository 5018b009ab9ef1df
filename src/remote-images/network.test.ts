import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { createPublicInternet } from './network.ts'

const A = 1
const AAAA = 28
const HEADER_BYTES = 12

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A name server that has these records, by type, for every name, and refuses to know it where it has none. */
async function startNameServer(records: Record<number, Uint8Array[]>): Promise<string> {
  const socket = createSocket('udp4', (query, sender) => {
    // The name of the question ends with an empty label; type and class follow, and then what the client can do.
    const end = query.indexOf(0, HEADER_BYTES) + 5
    const found = records[query.readUInt16BE(end - 4)] ?? []
    const header = Buffer.alloc(HEADER_BYTES)
    header.writeUInt16BE(query.readUInt16BE(0), 0)
    header.writeUInt16BE(found.length > 0 ? 0x8180 : 0x8183, 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(found.length, 6)
    const answers = found.map((data) =>
      Buffer.from([
        0xc0,
        HEADER_BYTES,
        0,
        data.length === 4 ? A : AAAA,
        0,
        1,
        0,
        0,
        0,
        60,
        0,
        data.length,
        ...data,
      ]),
    )
    socket.send(Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...answers]), sender.port)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  closing.push(() => void socket.close())
  return `127.0.0.1:${socket.address().port}`
}

const ipv4 = Uint8Array.of(192, 0, 2, 1)
const ipv6 = Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)

describe('the public Internet', () => {
  it.each<[string, Record<number, Uint8Array[]>, string[]]>([
    [
      'of both kinds',
      { [A]: [ipv4, Uint8Array.of(192, 0, 2, 2)], [AAAA]: [ipv6] },
      ['192.0.2.1', '192.0.2.2', '2001:db8::1'],
    ],
    ['of the older kind', { [A]: [ipv4] }, ['192.0.2.1']],
    ['of the newer kind', { [AAAA]: [ipv6] }, ['2001:db8::1']],
    ['of no kind', {}, []],
  ])('knows all addresses of a name, %s', async (_, records, addresses) => {
    const { resolve } = createPublicInternet([await startNameServer(records)])
    expect(await resolve('images.test')).toEqual(addresses)
  })

  it('does not know the names of this machine', async () => {
    const { resolve, isPublic } = createPublicInternet([await startNameServer({})])
    expect((await resolve('localhost')).filter(isPublic)).toEqual([])
  })

  it('is spoken to on the usual ports alone', () => {
    expect([...createPublicInternet().ports]).toEqual([80, 443])
  })
})
