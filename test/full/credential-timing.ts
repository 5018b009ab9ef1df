/**
 * S13: how long a credential takes to be judged tells nothing about how much of it is right. Welch's t between two kinds of
 * wrong credentials, and between a wrong one and the right one's near miss, over many samples in random order.
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
/** What garbage collection and other programs cost is no secret's doing. */
const KEPT_SHARE = 0.9

const [samples = DEFAULT_SAMPLES] = process.argv.slice(2).map(Number)

interface Contest {
  name: string
  judge(given: string): unknown
  /** A wrong one that shares nothing with the right one, and one that shares all but its last character. */
  far: string
  near: string
}

async function contestOfSessions(): Promise<Contest> {
  const rows = new Map<string, SessionRecord>()
  const sessions = createOperatorSessions({
    clock,
    randomBytes,
    proofKey: randomBytes(32),
    store: {
      insert: async (session) => void rows.set(session.digest, session),
      find: async (digest) => rows.get(digest),
      touch: async () => {},
      remove: async () => false,
      prune: async () => {},
      clear: async () => {},
    },
  })
  const { id } = await sessions.start(PRINT)
  return {
    name: 'sessions',
    judge: (given) => sessions.find(given, PRINT),
    far: unlike(id),
    near: nearTo(id),
  }
}

async function contestOfTokens(): Promise<Contest> {
  const rows = new Map<string, AdminToken>()
  const tokens = createAdminTokens({
    clock,
    randomBytes,
    createId: () => 'id',
    digestKey: randomBytes(32),
    store: {
      insert: async (token, digest) => void rows.set(digest, token),
      findByDigest: async (digest) => rows.get(digest),
      list: async () => [],
      touch: async () => {},
      remove: async () => undefined,
    },
  })
  const { secret } = await tokens.create({ name: 'a', scope: 'read' })
  const far = `qt_${unlike(secret.slice(3))}`
  return { name: 'tokens', judge: (given) => tokens.find(given), far, near: nearTo(secret) }
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
  return { name: 'passwords', judge, far: unlike(right), near: nearTo(right) }
}

function contestOfKeys(): Contest {
  const right = `sk-${randomBytes(24).toString('hex')}`
  const keys = createClientKeys([right], (key) => key)
  const judge = (given: string) => {
    try {
      return keys.check({ authorization: `Bearer ${given}` })
    } catch {
      return undefined
    }
  }
  return { name: 'client keys', judge, far: `sk-${unlike(right.slice(3))}`, near: nearTo(right) }
}

const unlike = (secret: string) => secret.replace(/[a-y]/gi, 'z').replace(/\d/g, 'x')
const nearTo = (secret: string) => secret.slice(0, -1) + (secret.endsWith('A') ? 'B' : 'A')

async function measure({ judge, far, near }: Contest): Promise<number> {
  const times: [number[], number[]] = [[], []]
  for (let n = 0; n < samples; n += 1) {
    const which = randomInt(2) === 0 ? 0 : 1
    const given = which === 0 ? far : near
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
