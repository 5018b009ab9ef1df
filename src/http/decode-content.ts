import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib'
import { GatewayError } from '../conversation/failures.ts'

type Decode = (sent: Buffer, limits: { maxOutputLength: number }) => Promise<Buffer>

const decoders = new Map<string, Decode>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
])

/** A body may grow this much at most; small ones may grow to `SMALL_BYTES` however little was sent. */
const MOST_GROWTH = 10
const SMALL_BYTES = 1_000_000

interface Decoding {
  /** Of `content-encoding`. */
  encoding: string
  maxBytes: number
  /** Called before memory is taken, with the most that it can become; may throw. */
  reserve(bytes: number): void
}

/** Throws `wrong-type` for an encoding that is not known, `too-large` for a bomb, `invalid-request` for damage. */
export async function decodeContent(sent: Buffer, decoding: Decoding): Promise<Buffer> {
  const encoding = decoding.encoding.trim().toLowerCase()
  if (encoding === '' || encoding === 'identity') return sent
  const decode = decoders.get(encoding)
  if (decode === undefined) {
    const known = [...decoders.keys()].join(', ')
    throw new GatewayError('wrong-type', `content-encoding can be one of ${known}, or left out.`)
  }
  const mostBytes = Math.min(decoding.maxBytes, Math.max(SMALL_BYTES, sent.length * MOST_GROWTH))
  decoding.reserve(mostBytes)
  try {
    return await decode(sent, { maxOutputLength: mostBytes })
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(cause)
    throw new GatewayError('invalid-request', `The body is not valid ${encoding} data.`, {
      code: 'invalid_encoding',
      cause,
    })
  }
}

function tooLarge(cause: unknown): GatewayError {
  const text = `The body becomes too large when it is decoded: at most ${MOST_GROWTH} times what was sent, and at most MAX_BODY_MEGABYTES.`
  return new GatewayError('too-large', text, { cause })
}
