/** Whose program is at the other end of a connection inside this machine: Linux lists that in /proc/net/tcp{,6}. */
import { readFile } from 'node:fs/promises'
import { isIPv4 } from 'node:net'
import { endianness } from 'node:os'
import type { Connection } from './access-request.ts'

/** What the kernel lists for one socket; see proc_net_tcp in the kernel's documentation. */
const USER_FIELD = 7
const INODE_FIELD = 9

export type PeerUserCheck = (connection: Connection) => Promise<boolean>

interface PeerUserParts {
  ownUser: number
  /** The texts of /proc/net/tcp and /proc/net/tcp6. */
  readTables: () => Promise<readonly string[]>
}

/** The check for this process. Only Linux tells whose a connection is; elsewhere loopback has to do. */
export function createOwnUserCheck(): PeerUserCheck {
  const ownUser = process.geteuid?.()
  if (process.platform !== 'linux' || ownUser === undefined) return async () => true
  return createPeerUserCheck({
    ownUser,
    readTables: () => Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readTable)),
  })
}

/** Without IPv6 in the kernel there is no second table. */
function readTable(path: string): Promise<string> {
  return readFile(path, 'latin1').catch(() => '')
}

/** Tells whether the other end of a connection belongs to our own user. The tables are read once a connection. */
export function createPeerUserCheck({ ownUser, readTables }: PeerUserParts): PeerUserCheck {
  const answers = new WeakMap<Connection, Promise<boolean>>()

  async function ask(connection: Connection): Promise<boolean> {
    const users = findPeerUsers(await readTables(), connection)
    // The kernel gives a table out in pieces while sockets come and go, so a line can be missed: look twice.
    const found = users.length > 0 ? users : findPeerUsers(await readTables(), connection)
    return found.length > 0 && found.every((user) => user === ownUser)
  }

  return (connection) => {
    const known = answers.get(connection)
    if (known !== undefined) return known
    const asked = ask(connection)
    answers.set(connection, asked)
    return asked
  }
}

/** The users of all sockets that lead from the connection's other end to ours: none or one, unless something is odd. */
function findPeerUsers(tables: readonly string[], connection: Connection): number[] {
  const from = spellingsOf(connection.remoteAddress, connection.remotePort)
  const to = spellingsOf(connection.localAddress, connection.localPort)
  return (
    tables
      .flatMap((table) => table.split('\n'))
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = '', remote = '']) => from.includes(local) && to.includes(remote))
      // A socket that its program has given up has no inode, and is listed as root's whoever had it.
      .filter((fields) => /^0*[1-9]\d*$/.test(fields[INODE_FIELD] ?? ''))
      .map((fields) => (/^\d+$/.test(fields[USER_FIELD] ?? '') ? Number(fields[USER_FIELD]) : Number.NaN))
  )
}

/** How the tables may write a loopback address: a program can reach an IPv4 address through an IPv6 socket, too. */
function spellingsOf(address = '', port = 0): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const plain = address.replace(/^::ffff:/i, '')
  if (plain === '::1') return [writeWords(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1) + suffix]
  if (!isIPv4(plain)) return []
  const bytes = plain.split('.').map(Number)
  return [
    writeWords(...bytes) + suffix,
    writeWords(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...bytes) + suffix,
  ]
}

/** The kernel writes each four bytes as one number, as this processor reads it. */
function writeWords(...bytes: number[]): string {
  const buffer = Buffer.from(bytes)
  if (endianness() === 'LE') buffer.swap32()
  return buffer.toString('hex').toUpperCase()
}
