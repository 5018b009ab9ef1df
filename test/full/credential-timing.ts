/**
 * S13: how long a credential takes to be judged tells nothing about how much of it is right. Welch's t between
 * wrong credentials that share nothing with the right one and those that share nearly all of it, in random order.
 * Run: node test/full/credential-timing.ts [samples]
 */
import { hash, randomBytes, randomInt } from 'node:crypto'
import { createClientKeys } from '../../src/access/client-keys.ts'
import { createAdminTokens, type AdminToken } from '../../src/access/operators/admin-tokens.ts'
import { createOperatorPassword } from '../../src/access/operator-password.ts'
import { createOperatorSessions, type SessionRecord } from '../../src/access/operators/operator-sessions.ts'
import { createThrottle, type AttemptRows } from '../../src/access/throttle.ts'
import { systemClock as clock } from '../../src/clock.ts'

const DEFAULT_SAMPLES = 100_000
const MOST_T = 4.5
const PRINT = 'print'
/** How many of the last characters of a near miss are wrong. */
const NEAR_MISS = 8
const VARIANTS = 256
/** What garbage collection and other programs cost is no secret's doing. */
const KEPT_SHARE = 0.9

const [samples = DEFAULT_SAMPLES] = process.argv.slice(2).map(Number)

interface Contest {
  name: string
  judge: (given: string) => unknown
  right: string
  /** How many of its first characters every credential of the kind has. */
  prefixLength: number
}

async function contestOfSessions(): Promise<Contest> {
  const rows = new Map<string, SessionRecord>()
  const sessions = createOperatorSessions({
    clock,
    randomBytes,
    proofKey: randomBytes(32),
    report() {},
    store: {
      insert: async (session) => void rows.set(session.digest, session),
      find: async (digest) => rows.get(digest),
      list: async () => [],
      touch: async () => {},
      remove: async () => false,
      prune: async () => {},
      clear: async () => {},
    },
  })
  const { id } = await sessions.start(PRINT, { kind: 'operator-signed-in', actor: { kind: 'operator' } })
  return {
    name: 'sessions',
    judge: (given) => sessions.find(given, PRINT),
    right: id,
    prefixLength: 0,
  }
}

async function contestOfTokens(): Promise<Contest> {
  const rows = new Map<string, AdminToken>()
  const tokens = createAdminTokens({
    clock,
    randomBytes,
    createId: () => 'id',
    digestKey: randomBytes(32),
    report() {},
    store: {
      insert: async (token, digest) => void rows.set(digest, token),
      findByDigest: async (digest) => rows.get(digest),
      list: async () => [],
      touch: async () => {},
      remove: async () => false,
    },
  })
  const { secret } = await tokens.create({ name: 'a', scope: 'read' }, { kind: 'operator' })
  return { name: 'tokens', judge: (given) => tokens.find(given), right: secret, prefixLength: 3 }
}

/** With a hash that costs nothing: what is measured is all around it. */
async function contestOfPasswords(): Promise<Contest> {
  const right = 'correct horse battery staple'
  const rows: AttemptRows = { read: async () => undefined, write: async () => {}, prune: async () => {} }
  const password = createOperatorPassword({
    given: { kind: 'plain', password: right },
    stored: { read: async () => undefined, replace: async () => false },
    createId: () => 'id',
    throttle: createThrottle({ clock, store: { ...rows, inTurn: (work) => work(rows) } }),
    digestKey: randomBytes(32),
    hasher: {
      hash: async (text) => hash('sha256', text),
      verify: async (text, stored) => hash('sha256', text) === stored,
      isOutdated: () => false,
    },
  })
  await password.verify(right, 'a')
  const judge = (given: string) => password.verify(given, 'a')
  return { name: 'passwords', judge, right, prefixLength: 0 }
}

function contestOfKeys(): Contest {
  const right = `sk-${randomBytes(24).toString('hex')}`
  const keys = createClientKeys({
    listed: [right],
    printOf: String,
    digestOf: (secret) => hash('sha256', secret),
    created: { exist: () => false, admit: () => undefined },
  })
  const judge = (given: string) => {
    try {
      return keys.check({ authorization: `Bearer ${given}` }, undefined)
    } catch {
      return undefined
    }
  }
  return { name: 'client keys', judge, right, prefixLength: 3 }
}

/** Wrong ones of the same length that share so many characters with the right one; several, as each has its own digest. */
function wrongOnes(right: string, shared: number): string[] {
  return Array.from({ length: VARIANTS }, () => {
    const rest = randomBytes(right.length)
      .toString('hex')
      .slice(0, right.length - shared)
    // In one piece, as from a socket: strings that were joined are slower to read.
    return Buffer.from(right.slice(0, shared) + rest).toString('latin1')
  })
}

async function measure({ judge, right, prefixLength }: Contest): Promise<number> {
  const times: [number[], number[]] = [[], []]
  const wrong = [wrongOnes(right, prefixLength), wrongOnes(right, right.length - NEAR_MISS)] as const
  for (let n = 0; n < samples; n += 1) {
    const which = randomInt(2) === 0 ? 0 : 1
    const given = wrong[which][randomInt(VARIANTS)] ?? ''
    const startedAt = process.hrtime.bigint()
    await judge(given)
    times[which].push(Number(process.hrtime.bigint() - startedAt))
  }
  return welch(withoutTail(times[0]), withoutTail(times[1]))
}

function withoutTail(times: number[]): number[] {
  return times.toSorted((a, b) => a - b).slice(0, Math.floor(times.length * KEPT_SHARE))
}

function welch(a: readonly number[], b: readonly number[]): number {
  const [one, other] = [momentsOf(a), momentsOf(b)]
  return (one.mean - other.mean) / Math.sqrt(one.variance / a.length + other.variance / b.length)
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return { mean, variance }
}

const contests = [
  await contestOfSessions(),
  await contestOfTokens(),
  await contestOfPasswords(),
  contestOfKeys(),
]
for (const contest of contests) {
  // The first calls are slower, whatever they are given.
  await measure(contest)
  const t = await measure(contest)
  const holds = Math.abs(t) < MOST_T
  process.stdout.write(
    `${contest.name}: t = ${t.toFixed(2)} over ${samples} samples${holds ? '' : ', TOO MUCH'}\n`,
  )
  if (!holds) process.exitCode = 1
}
