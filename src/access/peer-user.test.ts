import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { Connection } from './access-request.ts'
import { createOwnUserCheck, createPeerUserCheck } from './peer-user.ts'

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
/** As recorded on Linux 6.18 (x86-64): the server's end, the client's, and a connection that is over. */
const ipv4 = `${HEAD}                                                     
   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 126 1 000000000e778c8b 100 0 0 10 0                       
   1: 0100007F:C478 0100007F:1FE3 06 00000000:00000000 03:000014C7 00000000     0        0 0 3 00000000136fb363                                      
   4: 0100007F:A659 0100007F:BFF4 01 00000000:00000000 00:00000000 00000000     0        0 183886 1 00000000124bea67 21 4 30 10 -1                   
   6: 0100007F:BFF4 0100007F:A659 01 00000000:00000000 02:0000176E 00000000  1000        0 183885 3 000000005f388143 20 0 0 11 -1                    
   7: 0200007F:BFF4 0100007F:A659 01 00000000:00000000 02:0000176E 00000000  2000        0 183887 3 000000005f388144 20 0 0 11 -1                    
`
const ipv6 = `${HEAD}
   0: 0000000000000000FFFF00000100007F:BFF8 0000000000000000FFFF00000100007F:A659 01 00000000:00000000 00:00000000 00000000  1000        0 183888 2 000000006d49d1ea 20 0 0 11 -1
   1: 00000000000000000000000001000000:C001 00000000000000000000000001000000:A659 01 00000000:00000000 00:00000000 00000000  1000        0 183890 2 000000006d49d1eb 20 0 0 11 -1
   2: 00000000000000000000000001000000:C002 00000000000000000000000001000000:A659 06 00000000:00000000 03:000014C7 00000000     0        0 0 3 00000000136fb363
`

const at = (address: string, port: number, local = address): Connection => ({
  remoteAddress: address,
  remotePort: port,
  localAddress: local,
  localPort: 0xa659,
})

const ask = (connection: Connection, ownUser: number, tables: readonly string[] = [ipv4, ipv6]) =>
  createPeerUserCheck({ ownUser, readTables: async () => tables })(connection)

describe('the user of the other end', () => {
  it.each<[string, Connection]>([
    ['over IPv4', at('127.0.0.1', 0xbff4)],
    ['over IPv4, seen by a server that also speaks IPv6', at('::ffff:127.0.0.1', 0xbff4)],
    ['over IPv4 by an IPv6 socket', at('127.0.0.1', 0xbff8)],
    ['over IPv6', at('::1', 0xc001)],
  ])('is found %s', async (_, connection) => {
    expect(await ask(connection, 1000)).toBe(true)
    expect(await ask(connection, 1001)).toBe(false)
    expect(await ask(connection, 0)).toBe(false)
  })

  it.each<[string, Connection]>([
    ['of a connection that is not listed', at('127.0.0.1', 0xbff5)],
    ['of a socket that only listens', at('127.0.0.1', 0x07e8)],
    ['of a socket that was given up, which is listed as of root', at('::1', 0xc002)],
    ['of another address with the same port', at('127.0.0.3', 0xbff4, '127.0.0.1')],
    ['of another machine', at('192.0.2.1', 0xbff4)],
    ['of an address that is none', at('', 0xbff4)],
    ['of nothing', {}],
  ])('is nobody %s', async (_, connection) => {
    expect([await ask(connection, 0), await ask(connection, 1000)]).toEqual([false, false])
  })

  it.each(['', 'nonsense', `${HEAD}\n   6: 0100007F:BFF4 0100007F:A659 01\n`, ipv4.replace(' 1000 ', ' x ')])(
    'is nobody in a table that cannot be read',
    async (table) => {
      expect(await ask(at('127.0.0.1', 0xbff4), 1000, [table])).toBe(false)
    },
  )

  it('is looked for once more when a reading missed it, and then remembered', async () => {
    let readings = 0
    const check = createPeerUserCheck({
      ownUser: 1000,
      readTables: async () => {
        readings += 1
        return readings === 1 ? [] : [ipv4]
      },
    })
    const connection = at('127.0.0.1', 0xbff4)
    expect([await check(connection), await check(connection)]).toEqual([true, true])
    expect(readings).toBe(2)
  })

  it.each(['127.0.0.1', '::1'])('is ourselves when we call on %s', async (host) => {
    const server = createServer().listen(0, host)
    await once(server, 'listening')
    const address = server.address()
    const accepted = new Promise<Socket>((resolve) => void server.once('connection', resolve))
    const client = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, host)
    const socket = await accepted
    expect(await createOwnUserCheck()(socket)).toBe(true)
    const other = createPeerUserCheck({ ownUser: -1, readTables: async () => [] })
    expect(await other(socket)).toBe(false)
    client.destroy()
    socket.destroy()
    server.close()
  })
})
