/**
 * The pool against a model of it that is as plain as can be: commands in any order, on a fake clock. Whatever comes, no
 * account answers more than it may, none is lent that is switched off, parked, paused, resting or used up, or that lacks the tags
 * which are asked for, no key has more under way than it may, and what was written adds up to what happened.
 */
import fc from 'fast-check'
import type { CounterChange } from '../src/accounts/account-store.ts'
import type { Account } from '../src/accounts/account.ts'
import type { Outcome } from '../src/accounts/standing/after-outcome.ts'
import { createPool, type Lease, type LeaseWishes, type Pool } from '../src/accounts/pool/pool.ts'
import { sampleAccount, sampleLimits } from '../src/accounts/sample-account.ts'
import type { AccountStatus } from '../src/accounts/status.ts'
import { createSessions } from '../src/accounts/pool/sessions.ts'
import { createStrategy, type StrategyName } from '../src/accounts/pool/strategies/strategies.ts'
import type { FailureKind } from '../src/conversation/failures.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import { createRandom } from './full/hostile/random.ts'

const ACCOUNTS = 6
const KEY_LIMIT = 4
/** Of keys that have one of their own. */
const OWN_LIMITS: Partial<Record<string, number>> = { b: 2 }
const TAGS = ['red', 'blue'] as const
const MOST_COMMANDS = 1000
const strategies = [
  'random',
  'round-robin',
  'least-in-flight',
  'most-quota-left',
  'weighted',
  'priority',
] as const
const STRIKES: Partial<Record<FailureKind, number>> = {
  'upstream-unavailable': 1,
  'access-denied': 1,
  interrupted: 0.5,
}
/** How long one rests at least that was disabled for its strikes, and after each try that fails. */
const PROBED_AFTER_MS = 900_000

/** What is known of an account without asking the pool. Times are milliseconds since the epoch. */
interface Known {
  limit: number | undefined
  tags: readonly string[]
  isOff: boolean
  /** Of one that was disabled for its strikes: since when it has not been found well. */
  strickenAt: number | undefined
  restsUntil: number
  usedUpUntil: number
  /** The operator lets it rest until then. */
  pausedUntil: number | undefined
  inFlight: number
  successes: number
  strikes: number
  /** As a database would have them. */
  written: { successes: number; strikes: number }
}

interface Held {
  id: string
  lentAt: number
  key: string
  lease: Lease
}

interface World {
  pool: Pool
  clock: FakeClock
  known: Map<string, Known>
  held: Held[]
  lent: number
  clients: AbortController[]
  ofKey: Map<string, number>
  violations: string[]
}

type Command = fc.AsyncCommand<object, World>

const idOf = (index: number) => `account-${index}`
const drained = () => new Promise((resolve) => setImmediate(resolve))

interface Settings {
  limit: number | undefined
  tags: readonly string[]
  pausedUntil: number | undefined
}

function fresh(
  index: number,
  { limit, tags, pausedUntil }: Settings,
  changes: Partial<Account> = {},
): Account {
  const plain = sampleAccount(idOf(index), { fingerprints: { clientSecret: '0', refreshToken: '1' } })
  const settings = {
    ...plain.settings,
    tags,
    priority: index % 2,
    weight: index,
    ...(pausedUntil !== undefined && { pausedUntil: new Date(pausedUntil) }),
  }
  return {
    ...plain,
    settings: limit === undefined ? settings : { ...settings, concurrencyLimit: limit },
    ...changes,
  }
}

async function createWorld(strategy: StrategyName, seed: number): Promise<World> {
  const clock = createFakeClock()
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => fresh(index, settingsAtFirst(index)))
  const known = new Map<string, Known>()
  accounts.forEach(({ id }, index) => known.set(id, newlyKnown(settingsAtFirst(index))))
  const chance = createRandom(seed)
  const pool = await createPool({
    store: {
      list: async () => accounts,
      addCounters: async (changes) => changes.forEach((change) => write(known, change)),
    },
    sessions: createSessions({ clock, maxSessions: 5, maxIdleMs: 60_000 }),
    strategy: createStrategy({
      name: strategy,
      withinPriority: 'weighted',
      soonestExpiringFirst: seed % 2 === 0,
    }),
    // In every third world some accounts only stand in for others.
    lazyPool:
      seed % 3 === 0
        ? { size: 2, refreshOffset: 1, orderBy: 'success_count', isDescending: true }
        : undefined,
    random: () => chance.below(1_000_000) / 1_000_000,
    clock,
    // Few enough that accounts are disabled for them, and with some seeds rest before that.
    limits: { ...sampleLimits, maxStrikes: 2 + (seed % 3), maxWaiting: 8, keyConcurrency: KEY_LIMIT },
    report: () => {},
  })
  return { pool, clock, known, held: [], lent: 0, clients: [], ofKey: new Map(), violations: [] }
}

/** Every other one has no limit, and of three one has no tag. */
function settingsAtFirst(index: number): Settings {
  const limit = index % 2 === 0 ? 1 + index / 2 : undefined
  return { limit, tags: TAGS.slice(index % 3, (index % 3) + 1), pausedUntil: undefined }
}

function newlyKnown(settings: Settings): Known {
  const written = { successes: 0, strikes: 0 }
  return {
    ...settings,
    isOff: false,
    strickenAt: undefined,
    restsUntil: 0,
    usedUpUntil: 0,
    inFlight: 0,
    successes: 0,
    strikes: 0,
    written,
  }
}

function write(known: ReadonlyMap<string, Known>, change: CounterChange): void {
  const written = known.get(change.id)?.written
  if (written === undefined) return
  written.successes += change.successes
  written.strikes = change.strikesReset ? change.strikes : written.strikes + change.strikes
}

function knownOf({ known }: World, id: string): Known {
  const account = known.get(id)
  if (account === undefined) throw new Error(`The pool lent ${id}, which nobody has added.`)
  return account
}

function noteLent(world: World, { key = '', exclude, tags }: LeaseWishes, lease: Lease): void {
  const { id } = lease.account
  const account = knownOf(world, id)
  const now = world.clock.now()
  const ofKey = world.ofKey.get(key) ?? 0
  const complain = (what: string) => world.violations.push(`${id} was lent although ${what}`)
  const mayBeTried = (account.strickenAt ?? Number.POSITIVE_INFINITY) + PROBED_AFTER_MS <= now
  if (account.isOff && !mayBeTried) complain('it is off')
  if (account.restsUntil > now) complain(`it rests for ${account.restsUntil - now} ms`)
  if ((account.pausedUntil ?? 0) > now) complain('its operator lets it rest')
  if (account.usedUpUntil > now) complain('its credits are used up')
  if (account.inFlight >= (account.limit ?? Number.POSITIVE_INFINITY)) complain('it has no room')
  if (exclude?.has(id) === true) complain('it was tried before')
  if (tags?.some((tag) => account.tags.includes(tag)) === false) complain(`it is not ${tags.join(' or ')}`)
  if (exclude === undefined && ofKey >= (OWN_LIMITS[key] ?? KEY_LIMIT)) complain(`key ${key} has no room`)
  account.inFlight += 1
  world.ofKey.set(key, ofKey + 1)
  world.held.push({ id, key, lease, lentAt: now })
  world.lent += 1
}

/** Once the world has come to rest. */
function assertWhole(world: World): void {
  const { violations, held, known } = world
  if (violations.length > 0) throw new Error(violations.join('; '))
  for (const [id, { inFlight }] of known) {
    const mine = held.filter((each) => each.id === id).length
    if (inFlight !== mine || inFlight < 0)
      throw new Error(`${id}: ${inFlight} in flight, but ${mine} are held`)
  }
}

function command(words: string, act: (world: World) => void | Promise<void>): Command {
  return {
    check: () => true,
    async run(_, world) {
      await act(world)
      await drained()
      assertWhole(world)
    },
    toString: () => words,
  }
}

const asking = fc
  .record({
    key: fc.constantFrom('a', 'b', 'c'),
    session: fc.option(fc.constantFrom('s', 't', 'u'), { nil: undefined }),
    isOpening: fc.boolean(),
    tags: fc.option(fc.subarray([...TAGS]), { nil: undefined }),
    excluded: fc.option(fc.nat(ACCOUNTS - 1), { nil: undefined, freq: 5 }),
  })
  .map(({ key, session, isOpening, tags, excluded }) =>
    command(`ask(${key}, ${session ?? '-'}, ${tags?.join('|') ?? '-'}, not ${excluded ?? '-'})`, (world) => {
      const client = new AbortController()
      world.clients.push(client)
      const wishes: LeaseWishes = {
        key,
        keyConcurrency: OWN_LIMITS[key],
        tags,
        signal: client.signal,
        session: session === undefined ? undefined : { key: session.repeat(32), isOpening },
        exclude: excluded === undefined ? undefined : new Set([idOf(excluded)]),
      }
      void world.pool.lease(wishes).then(
        (lease) => lease && noteLent(world, wishes, lease),
        () => {},
      )
    }),
  )

type Ending = 'success' | 'abandoned' | FailureKind
const endings: Ending[] = ['success', 'success', 'success', 'abandoned', 'throttled', 'quota']
const rareEndings: Ending[] = [
  'suspended',
  'upstream-unavailable',
  'upstream-unavailable',
  'interrupted',
  'invalid-request',
  'access-denied',
]
const tellNothing: ReadonlySet<Ending> = new Set(['success', 'abandoned', 'invalid-request', 'suspended'])

const settling = fc
  .record({
    place: fc.nat(20),
    ending: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...endings) },
      { weight: 2, arbitrary: fc.constantFrom(...rareEndings) },
    ),
    seconds: fc.integer({ min: 1, max: 20 }),
    isTold: fc.boolean(),
    answersFirst: fc.boolean(),
  })
  .map(({ place, ending, seconds, isTold, answersFirst }) =>
    command(`settle(${place}, ${ending}, ${isTold ? seconds : '-'})`, async (world) => {
      const [held] = world.held.splice(place % Math.max(1, world.held.length), 1)
      if (held === undefined) return
      if (answersFirst) held.lease.noteAnswered()
      await drained()
      const account = knownOf(world, held.id)
      account.inFlight -= 1
      world.ofKey.set(held.key, (world.ofKey.get(held.key) ?? 0) - 1)
      const now = world.clock.now()
      const wait = isTold || ending === 'quota' ? seconds : undefined
      noteEnding(account, { ending, lentAt: held.lentAt, now, wait, status: statusIn(world, held.id) })
      held.lease.settle(outcomeOf(ending, wait))
      // A second word changes nothing.
      held.lease.settle({ kind: 'success' })
      noteStatus(account, statusIn(world, held.id), now)
    }),
  )

/** Undefined: it is disabled. */
function statusIn({ pool }: World, id: string): AccountStatus | undefined {
  return pool.enabled().find((account) => account.id === id)?.status
}

interface Ended {
  ending: Ending
  lentAt: number
  now: number
  /** Seconds that the service asks for. */
  wait: number | undefined
  /** Before. */
  status: AccountStatus | undefined
}

function noteEnding(account: Known, { ending, lentAt, now, wait, status }: Ended): void {
  const wasTry = account.isOff && lentAt >= (account.strickenAt ?? Number.POSITIVE_INFINITY)
  if (ending === 'success') {
    account.successes += 1
    account.strikes = 0
  } else if (ending === 'suspended') Object.assign(account, { isOff: true, strickenAt: undefined })
  else if (wasTry && !tellNothing.has(ending)) account.strickenAt = now
  else if (wait !== undefined && (ending === 'throttled' || ending === 'quota')) {
    // What is off does not rest beside that.
    if (!account.isOff) account.restsUntil = Math.max(account.restsUntil, now + wait * 1000)
  } else if (ending !== 'abandoned' && !(ending === 'access-denied' && isMisconfigured(status, now)))
    account.strikes += STRIKES[ending] ?? 0
}

/** It is told to all who had been waiting, and counts once. */
function isMisconfigured(status: AccountStatus | undefined, now: number): boolean {
  return status?.kind === 'misconfigured' && status.until.getTime() > now
}

/** What only the pool decides is taken from it: that an account rests which has failed often, and how long. */
function noteStatus(account: Known, status: AccountStatus | undefined, now: number): void {
  if (status === undefined) {
    // Which takes the place of any pause.
    if (!account.isOff) Object.assign(account, { isOff: true, strickenAt: now, restsUntil: 0 })
    return
  }
  if (account.strickenAt !== undefined) Object.assign(account, { isOff: false, strickenAt: undefined })
  if ('until' in status) account.restsUntil = Math.max(account.restsUntil, status.until.getTime())
}

function outcomeOf(ending: Ending, wait: number | undefined): Outcome {
  if (ending === 'success' || ending === 'abandoned') return { kind: ending }
  const told = wait !== undefined && { retryAfterSeconds: wait }
  return { kind: 'failed', failure: { kind: ending, message: 'scripted', ...told } }
}

const waiting = fc
  .oneof({ weight: 15, arbitrary: fc.integer({ min: 1, max: 8000 }) }, fc.constant(PROBED_AFTER_MS + 1))
  .map((ms) => command(`wait(${ms})`, ({ clock }) => clock.advance(ms)))

const switching = fc
  .record({ index: fc.nat(ACCOUNTS - 1), isOff: fc.constantFrom(true, false, false, false) })
  .map(({ index, isOff }) =>
    command(`switch(${index}, ${isOff ? 'off' : 'on'})`, async (world) => {
      // As the operator's routes do: all is written, then the account, then the pool is told.
      await world.pool.flush()
      const account = knownOf(world, idOf(index))
      Object.assign(account, { isOff, strickenAt: undefined, restsUntil: 0, strikes: 0 })
      account.written.strikes = 0
      const status = isOff ? ({ kind: 'disabled', by: 'operator' } as const) : ({ kind: 'ready' } as const)
      world.pool.put(fresh(index, account, { status }))
    }),
  )

const limiting = fc
  .record({
    index: fc.nat(ACCOUNTS - 1),
    limit: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  })
  .map(({ index, limit }) =>
    command(`limit(${index}, ${limit ?? 'none'})`, (world) => {
      const account = knownOf(world, idOf(index))
      account.limit = limit
      world.pool.update(fresh(index, account))
    }),
  )

const tagging = fc
  .record({ index: fc.nat(ACCOUNTS - 1), tags: fc.subarray([...TAGS]) })
  .map(({ index, tags }) =>
    command(`tag(${index}, ${tags.join('|')})`, (world) => {
      const account = knownOf(world, idOf(index))
      account.tags = tags
      world.pool.update(fresh(index, account))
    }),
  )

const pausing = fc
  .record({
    index: fc.nat(ACCOUNTS - 1),
    seconds: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined, freq: 2 }),
  })
  .map(({ index, seconds }) =>
    command(`pause(${index}, ${seconds ?? 'no more'})`, (world) => {
      const account = knownOf(world, idOf(index))
      account.pausedUntil = seconds === undefined ? undefined : world.clock.now() + seconds * 1000
      world.pool.update(fresh(index, account))
    }),
  )

const reading = fc
  .record({
    index: fc.nat(ACCOUNTS - 1),
    left: fc.constantFrom(0, 0, 5, 500),
    seconds: fc.integer({ min: 1, max: 60 }),
  })
  .map(({ index, left, seconds }) =>
    command(`quota(${index}, ${left}, ${seconds})`, (world) => {
      const now = world.clock.now()
      const endsAt = new Date(now + seconds * 1000)
      knownOf(world, idOf(index)).usedUpUntil = left === 0 ? endsAt.getTime() : 0
      world.pool.setQuota(idOf(index), {
        readAt: new Date(now),
        sources: [{ kind: 'plan', used: 1000 - left, limit: 1000, endsAt }],
      })
    }),
  )

const leaving = fc.nat(50).map((place) =>
  command(`leave(${place})`, ({ clients }) => {
    clients[place % Math.max(1, clients.length)]?.abort()
  }),
)

const commands = [
  asking,
  asking,
  asking,
  asking,
  asking,
  settling,
  settling,
  settling,
  waiting,
  switching,
  limiting,
  tagging,
  pausing,
  reading,
  leaving,
]

/** What is held is given back, what waits is given up, and the counters must be the log's. */
async function assertCounters(world: World): Promise<void> {
  const { pool, clock, known, held } = world
  clock.advance(10_000)
  await drained()
  while (held.length > 0) {
    for (const { id, key, lease } of held.splice(0)) {
      knownOf(world, id).inFlight -= 1
      world.ofKey.set(key, (world.ofKey.get(key) ?? 0) - 1)
      lease.settle({ kind: 'abandoned' })
    }
    await drained()
  }
  await pool.close()
  if (clock.pending() > 0) throw new Error(`${clock.pending()} timers are left`)
  for (const [id, { successes, strikes, written }] of known) {
    const counted = JSON.stringify({ successes, strikes })
    if (JSON.stringify(written) !== counted)
      throw new Error(`${id}: ${JSON.stringify(written)}, not ${counted}`)
  }
}

/** Plays at least so many commands, one world after the other. Throws with the shortest way to a violation. */
export async function playPool({
  steps,
  seed,
}: {
  steps: number
  seed: number
}): Promise<{ steps: number; lent: number }> {
  let played = 0
  let lent = 0
  const isDone = () => played >= steps
  for (let round = 0; !isDone(); round += 1) {
    const strategy = strategies[round % strategies.length] ?? 'random'
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: MOST_COMMANDS, size: 'max' }), async (list) => {
        const world = await createWorld(strategy, seed + round)
        const count = [...list].length
        await fc.asyncModelRun(() => ({ model: {}, real: world }), list)
        await assertCounters(world)
        played += count
        lent += world.lent
      }),
      { numRuns: 10, seed: seed + round },
    )
  }
  return { steps: played, lent }
}
