/**
 * Slows down the guessing of the password. An address has five wrong tries, then has to wait 30 s, twice as long after
 * each further one, up to 15 minutes. All addresses together have a hundred an hour; one that knew the password
 * before is spared from what the others do.
 */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const FREE_FAILURES = 5
const FIRST_BLOCK_MS = 30_000
const LONGEST_BLOCK_MS = 15 * MINUTE_MS
/** An address is forgiven when it has been quiet for so long after its last block. */
const FORGIVEN_AFTER_MS = 15 * MINUTE_MS
const FAILURES_AN_HOUR = 100
const TRUSTED_FOR_MS = 30 * DAY_MS
const EVERYBODY = 'everybody'

/** What is remembered of an address, or of everybody. Instants in milliseconds since the epoch. */
export interface Attempts {
  /** Of an address: how many in a row. Of everybody: the level of a bucket that drains by the hour. */
  failures: number
  lastFailureAt: number
  lastSuccessAt: number | undefined
}

export interface AttemptRows {
  read(subject: string): Promise<Attempts | undefined>
  write(subject: string, attempts: Attempts): Promise<void>
  /** Forgets the subjects about which nothing has happened since. */
  prune(before: number): Promise<void>
}

export interface AttemptStore extends AttemptRows {
  /** One after the other, of all processes: what one reads no other one changes until it is done. */
  inTurn<Answer>(work: (rows: AttemptRows) => Promise<Answer>): Promise<Answer>
}

/** A try that counts as failed until it is known to be none. */
export interface CountedTry {
  succeeded(): Promise<void>
  /** Nobody could tell whether it was right. */
  withdrawn(): Promise<void>
}

export interface Throttle {
  /** Throws `throttled` when this address may not try now. */
  admit(address: string): Promise<void>
  /** Admits a try and counts it, in one step. Throws like `admit`. */
  count(address: string): Promise<CountedTry>
  /** The address has shown a password that is known to be right. */
  trust(address: string): Promise<void>
}

const NOTHING: Attempts = { failures: 0, lastFailureAt: 0, lastSuccessAt: undefined }

/** When the address may try again; in the past when it may now. */
function blockedUntil({ failures, lastFailureAt }: Attempts): number {
  if (failures < FREE_FAILURES) return 0
  return lastFailureAt + Math.min(FIRST_BLOCK_MS * 2 ** (failures - FREE_FAILURES), LONGEST_BLOCK_MS)
}

export function createThrottle({ store, clock }: { store: AttemptStore; clock: Clock }): Throttle {
  let last: Promise<unknown> = Promise.resolve()
  /** One after the other: a try has to see those that came before it, here and in other processes. */
  function inTurn<Answer>(work: (rows: AttemptRows) => Promise<Answer>): Promise<Answer> {
    const action = () => store.inTurn(work)
    const turn = last.then(action, action)
    last = turn
    return turn
  }

  async function admit(address: string, rows: AttemptRows): Promise<void> {
    const now = clock.now()
    const own = await readOr(rows, address, now)
    refuseUntil(blockedUntil(own), now)
    if (isTrusted(own, now, TRUSTED_FOR_MS)) return
    const level = drained(await readOr(rows, EVERYBODY, now), now)
    const excess = level + 1 - FAILURES_AN_HOUR
    refuseUntil(now + (excess * HOUR_MS) / FAILURES_AN_HOUR, now)
  }

  /** Adds to what everybody has done; less than nothing takes back. */
  async function addToEverybody(change: number, rows: AttemptRows): Promise<void> {
    const now = clock.now()
    const failures = Math.max(0, drained(await readOr(rows, EVERYBODY, now), now) + change)
    await rows.write(EVERYBODY, { failures, lastFailureAt: now, lastSuccessAt: undefined })
  }

  function countedTry(address: string): CountedTry {
    return {
      succeeded: () =>
        inTurn(async (rows) => {
          await rows.write(address, { ...NOTHING, lastSuccessAt: clock.now() })
          await addToEverybody(-1, rows)
        }),
      withdrawn: () =>
        inTurn(async (rows) => {
          const { failures: counted, ...rest } = await readOr(rows, address, clock.now())
          await rows.write(address, { ...rest, failures: Math.max(0, counted - 1) })
          await addToEverybody(-1, rows)
        }),
    }
  }

  return {
    admit: (address) => admit(address, store),

    count: (address) =>
      inTurn(async (rows) => {
        await admit(address, rows)
        const now = clock.now()
        const before = await readOr(rows, address, now)
        const failures = isForgiven(before, now) ? 1 : before.failures + 1
        await rows.prune(now - TRUSTED_FOR_MS)
        await rows.write(address, { ...before, failures, lastFailureAt: now })
        await addToEverybody(1, rows)
        return countedTry(address)
      }),

    async trust(address) {
      const now = clock.now()
      if (isTrusted(await readOr(store, address, now), now, DAY_MS)) return
      await inTurn(async (rows) => {
        await rows.write(address, { ...(await readOr(rows, address, now)), lastSuccessAt: now })
      })
    },
  }
}

/** Failures that are yet to come were noted by a clock that was wrong, and would block everybody until it is that late. */
async function readOr(rows: AttemptRows, subject: string, now: number): Promise<Attempts> {
  const attempts = (await rows.read(subject)) ?? NOTHING
  if (attempts.lastFailureAt <= now + LONGEST_BLOCK_MS) return attempts
  return { ...NOTHING, lastSuccessAt: attempts.lastSuccessAt }
}

/** Whether it has known the password within so long a time. */
function isTrusted({ lastSuccessAt }: Attempts, now: number, forMs: number): boolean {
  return lastSuccessAt !== undefined && now < lastSuccessAt + forMs
}

function isForgiven(attempts: Attempts, now: number): boolean {
  return now >= Math.max(attempts.lastFailureAt, blockedUntil(attempts)) + FORGIVEN_AFTER_MS
}

function drained({ failures, lastFailureAt }: Attempts, now: number): number {
  return Math.max(0, failures - (Math.max(0, now - lastFailureAt) * FAILURES_AN_HOUR) / HOUR_MS)
}

function refuseUntil(instant: number, now: number): void {
  if (instant <= now) return
  const seconds = Math.ceil((instant - now) / 1000)
  throw new GatewayError('throttled', `There were too many wrong passwords; try again in ${seconds} s.`, {
    code: 'too_many_attempts',
    retryAfterSeconds: seconds,
  })
}
