/** Sign-ins on a real database, before a scripted sign-in service, in as many processes as a test wants. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createAccounts, type Accounts } from '../src/accounts/accounts.ts'
import { createAdoption } from '../src/accounts/adopt-sign-in.ts'
import type { AccountStore } from '../src/accounts/account-store.ts'
import type { Identity } from '../src/accounts/account.ts'
import { createSecrets } from '../src/access/secrets.ts'
import type { DeviceTokenResult } from '../src/sign-in/create-device-token.ts'
import type { OidcPlace } from '../src/sign-in/oidc-call.ts'
import type { Oidc } from '../src/sign-in/oidc.ts'
import type { Leases } from '../src/background/leases.ts'
import type { GrantSpill, SpilledGrant } from '../src/sign-in/grant-spill.ts'
import type { SignInStore } from '../src/sign-in/sign-in-store.ts'
import { createSignIns, type SignIns } from '../src/sign-in/sign-ins.ts'
import { createAccountStore } from '../src/storage/accounts.ts'
import { openDatabase } from '../src/storage/database.ts'
import { createSignInStore } from '../src/storage/sign-ins.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'

interface Poll {
  process: string
  deviceCode: string
  /** Since the rig was opened. */
  seconds: number
}

/** What the service does; a test sets what it needs otherwise. */
interface Service extends Pick<Oidc, 'registerClient' | 'startDeviceAuthorization'> {
  /** By order of polls; when none is left the person has not decided yet. */
  answers: (DeviceTokenResult | Promise<DeviceTokenResult>)[]
  readFacts: (signal: AbortSignal) => Promise<Partial<Identity> | undefined>
}

export interface SignInRig {
  clock: FakeClock
  service: Service
  polls: Poll[]
  registered: OidcPlace[]
  store: SignInStore
  spill: GrantSpill
  accountStore: AccountStore
  accounts: Accounts
  leases: Leases
  reported: unknown[]
  startProcess(name: string): SignIns
  /** Lets what is under way go on. */
  settle(): Promise<void>
  advance(seconds: number): Promise<void>
  close(): Promise<void>
}

export const approved = (more: object = {}): DeviceTokenResult => ({
  kind: 'approved',
  accessToken: 'canary-access-token',
  refreshToken: 'canary-refresh-token',
  expiresInSeconds: 3600,
  ...more,
})

export async function openSignInRig(): Promise<SignInRig> {
  const directory = mkdtempSync(join(tmpdir(), 'aqueduct-sign-in-'))
  const database = await openDatabase({ path: join(directory, 'data.sqlite3') })
  const clock = createFakeClock()
  const reported: unknown[] = []
  const secrets = createSecrets({ masterKey: Buffer.alloc(32, 7), randomBytes })
  const store = createSignInStore(database, secrets, async () => new Date(clock.now()))
  const spill = createMemorySpill((facts) => void reported.push(facts))
  const accountStore = createAccountStore(database, secrets)
  const accounts = createAccountsOf(accountStore, clock)
  const leases = createLeasesOf(clock)
  const { service, polls, registered } = createService()
  const processes: SignIns[] = []
  let ids = 0

  return {
    clock,
    service,
    polls,
    registered,
    store,
    spill,
    accountStore,
    accounts,
    leases,
    reported,
    settle,
    startProcess(name) {
      const signIns = createSignIns({
        store,
        spill,
        leases,
        processId: name,
        oidc: {
          registerClient: (place) => {
            registered.push(place)
            return service.registerClient(place)
          },
          startDeviceAuthorization: (request, place) => service.startDeviceAuthorization(request, place),
          async createDeviceToken({ deviceCode }) {
            polls.push({ process: name, deviceCode, seconds: clock.elapsed() / 1000 })
            return service.answers.shift() ?? { kind: 'pending' }
          },
        },
        ownOrigin: undefined,
        adopt: createAdoption({
          store: accountStore,
          accounts,
          pool: { put: ignore },
          leases,
          readFacts: (_account, _token, signal) => service.readFacts(signal),
          clock,
          report: (_id, error) => reported.push(error),
        }),
        findAccount: (id) => accountStore.find(id),
        createId: () => `sign-in-${(ids += 1)}`,
        createAccountId: () => `account-${ids + 1}`,
        clock,
        report: (error) => reported.push(error),
      })
      processes.push(signIns)
      return signIns
    },
    async advance(seconds) {
      await settle()
      for (let quarter = 0; quarter < seconds * 4; quarter += 1) {
        clock.advance(250)
        await settle()
      }
    },
    async close() {
      await Promise.all(processes.map((each) => each.close()))
      await database.destroy()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function settle(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await setImmediate()
}

function ignore(): void {}

function createAccountsOf(store: AccountStore, clock: FakeClock): Accounts {
  return createAccounts({
    store,
    keeper: { find: async () => undefined, keep: async () => 'stored' },
    pool: {
      put: ignore,
      update: ignore,
      remove: ignore,
      note: ignore,
      flush: settle,
      unsteadySince: () => undefined,
      usableCount: () => 0,
    },
    freshCredentials: { forget: ignore, refreshNow: settle },
    createId: () => 'by-hand',
    clock,
  })
}

/** As those of the database, by the test's time. */
function createLeasesOf(clock: FakeClock): Leases {
  const held = new Map<string, { owner: string; until: number }>()
  return {
    async take(name, { owner, durationMs }) {
      const lease = held.get(name)
      if (lease !== undefined && lease.owner !== owner && lease.until > clock.now()) return false
      held.set(name, { owner, until: clock.now() + durationMs })
      return true
    },
    async release(name, owner) {
      if (held.get(name)?.owner === owner) held.delete(name)
    },
  }
}

/** Files take real time, which no fake clock knows. */
function createMemorySpill(warn: (facts: { signInId: string; why: string }) => void): GrantSpill {
  const spilled = new Map<string, SpilledGrant>()
  return {
    write: async (given) => void spilled.set(given.signInId, given),
    list: async () => [...spilled.values()],
    remove: async (signInId) => void spilled.delete(signInId),
    async setAside(signInId, why) {
      spilled.delete(signInId)
      warn({ signInId, why })
    },
  }
}

function createService(): { service: Service; polls: Poll[]; registered: OidcPlace[] } {
  const registered: OidcPlace[] = []
  const service: Service = {
    answers: [],
    readFacts: async () => undefined,
    registerClient: async () => ({
      kind: 'registered',
      clientId: `client-${registered.length}`,
      clientSecret: 'canary-client-secret',
      registrationExpiresAt: new Date('2027-02-20T10:00:00Z'),
    }),
    startDeviceAuthorization: async ({ startUrl }) => ({
      kind: 'started',
      deviceCode: `canary-device-code-${registered.length}`,
      userCode: 'ABCD-EFGH',
      verificationUri: `${startUrl}/#/device`,
      verificationUriComplete: `${startUrl}/#/device?user_code=ABCD-EFGH`,
      expiresInSeconds: 600,
      intervalSeconds: 1,
    }),
  }
  return { service, polls: [], registered }
}
