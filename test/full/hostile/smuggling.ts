/** Requests whose end can be told in two ways, each with another request hidden in its body. */

interface Part {
  text: string
  /** Whether it says where the body ends, in a way that nobody can take for another. */
  is: 'absent' | 'sound' | 'unsound'
}

export interface SmugglingCase {
  bytes: Buffer
  /** Whether the end can be told in one way only. */
  isSound: boolean
}

const HIDDEN = 'GET /smuggled HTTP/1.1\r\nhost: localhost\r\nx: '
const CHUNKED = `0\r\n\r\n${HIDDEN}`
const HEX = HIDDEN.length.toString(16)

const lengths: readonly Part[] = [
  { text: '', is: 'absent' },
  { text: 'content_length: 5\r\n', is: 'absent' },
  { text: 'content-length: LENGTH\r\n', is: 'sound' },
  { text: 'Content-Length:\tLENGTH\r\n', is: 'sound' },
  ...[
    'content-length: +LENGTH',
    'content-length: -1',
    'content-length: 0xLENGTH',
    'content-length: LENGTH, LENGTH',
    'content-length: LENGTH\r\ncontent-length: LENGTH',
    'content-length: LENGTH\r\ncontent-length: 0',
    'content-length : LENGTH',
    'content-length: LENGTH 0',
    'content-length: LENGTH\x0b',
    'content-length: 1e2',
    'content-length: ',
    'content-length: 99999999999999999999',
    'x: y\r\n content-length: LENGTH',
    'x: y\ncontent-length: LENGTH',
    'x: y\rcontent-length: LENGTH',
    '\x00content-length: LENGTH',
  ].map((line): Part => ({ text: `${line}\r\n`, is: 'unsound' })),
]

const codings: readonly Part[] = [
  { text: '', is: 'absent' },
  { text: 'transfer_encoding: chunked\r\n', is: 'absent' },
  { text: 'transfer-encoding: chunked\r\n', is: 'sound' },
  { text: 'Transfer-Encoding:\tChunked\r\n', is: 'sound' },
  ...[
    'transfer-encoding: xchunked',
    'transfer-encoding: chunked, identity',
    'transfer-encoding : chunked',
    'transfer-encoding: chunked\r\ntransfer-encoding: identity',
    'transfer-encoding: "chunked"',
    'transfer-encoding:\x0bchunked',
    'transfer-encoding: chunked\x00',
    'x: y\ntransfer-encoding: chunked',
    'x: y\rtransfer-encoding: chunked',
    'transfer-encoding:\r\n chunked',
    'transfer-encoding: chunked;q=1',
    'transfer-encoding: identity',
    'transfer-encoding: gzip',
  ].map((line): Part => ({ text: `${line}\r\n`, is: 'unsound' })),
]

const chunkedBodies: readonly (Part & { is: 'sound' | 'unsound' })[] = [
  { text: `${HEX}\r\n${HIDDEN}\r\n0\r\n\r\n`, is: 'sound' },
  { text: `${HEX};a=b\r\n${HIDDEN}\r\n0\r\n\r\n`, is: 'sound' },
  { text: `${HEX}\r\n${HIDDEN}\r\n0\r\nx: y\r\n\r\n`, is: 'sound' },
  { text: `${HEX}\r\n${HIDDEN}\r\n0\r\ncontent-length: 3\r\n\r\n`, is: 'unsound' },
  { text: `${HEX};a=${'b'.repeat(20_000)}\r\n${HIDDEN}\r\n0\r\n\r\n`, is: 'unsound' },
  { text: `${HEX}\n${HIDDEN}\r\n0\r\n\r\n`, is: 'unsound' },
  { text: `${HEX}\r\n${HIDDEN}\n0\r\n\r\n`, is: 'unsound' },
  { text: `+${HEX}\r\n${HIDDEN}\r\n0\r\n\r\n`, is: 'unsound' },
  { text: `0x${HEX}\r\n${HIDDEN}\r\n0\r\n\r\n`, is: 'unsound' },
  { text: `-1\r\n${HIDDEN}\r\n0\r\n\r\n`, is: 'unsound' },
  { text: `${HEX}\r${HIDDEN}\r\n0\r\n\r\n`, is: 'unsound' },
  { text: `fffffffffffffffff\r\n${HIDDEN}\r\n0\r\n\r\n`, is: 'unsound' },
  { text: `${HEX};a=\n${HIDDEN}\r\n0\r\n\r\n`, is: 'unsound' },
]

/** Every way to tell a length by every coding, then every chunked body, at three routes. */
export function smugglingCases(key: string): SmugglingCase[] {
  return ['/v1/messages', '/v1/chat/completions', '/v1/messages/count_tokens'].flatMap((path) => {
    const headOf = (length: Part, coding: Part) =>
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${key}\r\n${length.text.replaceAll('LENGTH', String(CHUNKED.length))}${coding.text}\r\n`
    const ambiguous = lengths.flatMap((length) =>
      codings
        // Without either there is no body, and what follows is honestly another request.
        .filter((coding) => length.is !== 'absent' || coding.is === 'unsound')
        .map((coding) => ({
          bytes: Buffer.from(headOf(length, coding) + CHUNKED, 'latin1'),
          isSound: length.is === 'sound' && coding.is === 'absent',
        })),
    )
    const [none] = lengths
    const bodies = codings
      .filter(({ is }) => is === 'sound')
      .flatMap((coding) =>
        chunkedBodies.map(({ text, is }) => ({
          bytes: Buffer.from(headOf(none ?? coding, coding) + text, 'latin1'),
          isSound: is === 'sound',
        })),
      )
    return [...ambiguous, ...bodies]
  })
}
