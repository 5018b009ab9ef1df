/** Passwords as they may be stored: `$scrypt$ln=17,r=8,p=1$<salt>$<hash>`, after the PHC string format. */
import { scrypt, timingSafeEqual } from 'node:crypto'
import { GatewayError } from '../conversation/failures.ts'

const COST_LOG2 = 17
const BLOCK_SIZE = 8
const PARALLELISM = 1
const SALT_BYTES = 16
const HASH_BYTES = 32
/** One takes 128 MiB and about half a second. */
const MOST_AT_ONCE = 2
const LONGEST_QUEUE = 8
/** Of hashes that were made elsewhere, as N·r·p: from a tenth to eight times that of ours. */
const LEAST_WORK = 2 ** 17
const MOST_WORK = 2 ** 23
const HASH_FORMAT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/-]{1,172})\$([\w+/-]{1,172})$/

interface ScryptInput {
  password: string
  salt: Buffer
  length: number
  costLog2: number
  blockSize: number
  parallelism: number
}
export type DeriveKey = (input: ScryptInput) => Promise<Buffer>

export interface PasswordHasher {
  hash(password: string): Promise<string>
  /** Throws `throttled` when too many wait already, and a RangeError when `stored` is no hash. */
  verify(password: string, stored: string): Promise<boolean>
  /** Whether it costs a guesser less than the hashes that are made now. */
  isOutdated(stored: string): boolean
}

export function createPasswordHasher(parts: {
  randomBytes: (size: number) => Buffer
  /** In place of scrypt, which costs half a second of a processor. */
  derive?: DeriveKey | undefined
}): PasswordHasher {
  const derive = limitAtOnce(parts.derive ?? deriveByScrypt)
  return {
    async hash(password) {
      const salt = parts.randomBytes(SALT_BYTES)
      const cost = { costLog2: COST_LOG2, blockSize: BLOCK_SIZE, parallelism: PARALLELISM }
      const hash = await derive({ password, salt, length: HASH_BYTES, ...cost })
      const settings = `ln=${COST_LOG2},r=${BLOCK_SIZE},p=${PARALLELISM}`
      return `$scrypt$${settings}$${unpadded(salt)}$${unpadded(hash)}`
    },

    async verify(password, stored) {
      const known = readHash(stored)
      if (known === undefined) throw new RangeError('The stored password hash cannot be read.')
      const { expected, ...input } = known
      return timingSafeEqual(await derive({ password, ...input }), expected)
    },

    isOutdated(stored) {
      const known = readHash(stored)
      return known === undefined || workOf(known) < 2 ** COST_LOG2 * BLOCK_SIZE * PARALLELISM
    },
  }
}

/** Whether a hash that was made elsewhere can be used: it costs a guesser something, and us not more than we can give. */
export function isUsableHash(stored: string): boolean {
  const known = readHash(stored)
  if (known === undefined) return false
  const work = workOf(known)
  return work >= LEAST_WORK && work <= MOST_WORK && known.salt.length >= SALT_BYTES / 2
}

interface KnownHash extends Omit<ScryptInput, 'password'> {
  expected: Buffer
}

function readHash(stored: string): KnownHash | undefined {
  const [, costLog2, blockSize, parallelism, salt = '', hash = ''] = HASH_FORMAT.exec(stored) ?? []
  const expected = Buffer.from(hash, 'base64')
  if (expected.length < HASH_BYTES / 2) return undefined
  return {
    expected,
    salt: Buffer.from(salt, 'base64'),
    length: expected.length,
    costLog2: Number(costLog2),
    blockSize: Number(blockSize),
    parallelism: Number(parallelism),
  }
}

function workOf({ costLog2, blockSize, parallelism }: KnownHash): number {
  return 2 ** costLog2 * blockSize * parallelism
}

/** At most two at once, a few more in a queue, none beyond. */
function limitAtOnce(derive: DeriveKey): DeriveKey {
  const waiting: (() => void)[] = []
  let running = 0

  return async (input) => {
    if (running >= MOST_AT_ONCE) {
      if (waiting.length >= LONGEST_QUEUE) {
        throw new GatewayError('throttled', 'Too many passwords are being checked; try again in a moment.', {
          code: 'too_many_attempts',
          retryAfterSeconds: 2,
        })
      }
      // Whoever finishes hands its place over, so that nobody else can take it in between.
      await new Promise<void>((resolve) => void waiting.push(resolve))
    } else {
      running += 1
    }
    try {
      return await derive(input)
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

const deriveByScrypt: DeriveKey = ({ password, salt, length, costLog2, blockSize, parallelism }) =>
  new Promise((resolve, reject) => {
    const cost = 2 ** costLog2
    const maxmem = 128 * cost * blockSize * parallelism + 2 ** 20
    const options = { N: cost, r: blockSize, p: parallelism, maxmem }
    scrypt(password, salt, length, options, (error, key) => (error === null ? resolve(key) : reject(error)))
  })

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
