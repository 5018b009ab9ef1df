/** Makes an account of a sign-in that was approved, or signs the account of the same person in again. */
import type { Clock } from '../clock.ts'
import { policyOf, toGatewayError } from '../conversation/failures.ts'
import type { Actor } from '../events/event.ts'
import {
  changeAccount,
  newAccount,
  newCredentials,
  type AccountChange,
  type NewAccount,
} from './account-input.ts'
import type { AccountStore } from './account-store.ts'
import type { Account, Credentials, Identity } from './account.ts'
import type { Accounts } from './accounts.ts'
import { describeCreation } from './describe-change.ts'
import { detachable } from '../background/detachable.ts'
import type { Pool } from './pool/pool.ts'
import type { Leases } from '../background/leases.ts'
import { waitFor } from '../background/wait-for.ts'

/** For all tries together. */
const FACTS_TIMEOUT_MS = 10_000
const FACTS_TRY_MS = 3000
/** Before each further try. */
const FACTS_PAUSES_MS = [500, 1500]
/** One at a time, or two sign-ins of one person would make two accounts. */
const LEASE = 'sign-in-adoption'
const LEASE_MS = 30_000
const LOOK_AGAIN_MS = 250

export interface ApprovedSignIn {
  signInId: string
  startUrl: string
  /** Of the sign-in service. */
  region: string
  wishes: AccountChange
  /** The account to sign in again; absent: that of the same person, else a new one. */
  accountId?: string
  newAccountId: string
  /** Who started it. */
  startedBy?: Actor
  /** Those of a client that was registered for this sign-in alone. */
  credentials: Credentials & { accessToken: string; expiresAt: Date }
}

/** `refused`: the tokens are not for the account that was meant, which stays as it was. */
export type Adoption = { kind: 'adopted'; accountId: string } | { kind: 'refused'; message: string }

/** May be repeated after a crash at any point. Throws when the database does, or when the signal aborts. */
export type Adopt = (approved: ApprovedSignIn, signal: AbortSignal) => Promise<Adoption>

interface AdoptionParts {
  store: Pick<AccountStore, 'find' | 'findByIdentity' | 'insert'>
  accounts: Pick<Accounts, 'change'>
  pool: Pick<Pool, 'put'>
  leases: Leases
  /** Who the model service says the account is; undefined, or an error, when it does not tell. */
  readFacts: (
    account: Account,
    accessToken: string,
    signal: AbortSignal,
  ) => Promise<Partial<Identity> | undefined>
  clock: Clock
  /** Told why nobody could say who it is. */
  report: (accountId: string, error: unknown) => void
}

export function createAdoption(parts: AdoptionParts): Adopt {
  const { store, accounts, pool, leases, clock } = parts

  async function adopt(approved: ApprovedSignIn, identity: Identity | undefined): Promise<Adoption> {
    const { newAccountId, credentials } = approved
    if ((await store.find(newAccountId)) !== undefined) return { kind: 'adopted', accountId: newAccountId }
    const known = await findTarget(approved, identity)
    if (known === undefined) {
      if (approved.accountId !== undefined) return refused('The account was removed meanwhile.')
      return insert(approved, identity)
    }
    // Its tokens may have been refreshed since: those of the sign-in would be older.
    if (known.clientId === credentials.clientId) return { kind: 'adopted', accountId: known.id }
    if (isSomebodyElse(known, identity)) {
      return refused('Another person has signed in than the one of this account, which stays as it was.')
    }
    // That nobody says now who it is makes nobody else of it.
    await accounts.change(known.id, toChange(approved, identity ?? known.identity), actorOf(approved))
    return { kind: 'adopted', accountId: known.id }
  }

  async function findTarget(
    { accountId }: ApprovedSignIn,
    identity: Identity | undefined,
  ): Promise<Account | undefined> {
    const id = accountId ?? (identity && (await store.findByIdentity(identity.userId)))
    return id === undefined ? undefined : store.find(id)
  }

  async function insert(approved: ApprovedSignIn, identity: Identity | undefined): Promise<Adoption> {
    const { newAccountId: id } = approved
    const input = toChange(approved, identity)
    const made = newAccount(id, input, new Date(clock.now()))
    await store.insert(made, newCredentials(input), describeCreation(made, actorOf(approved), input))
    const account = await store.find(id)
    if (account !== undefined) pool.put(account)
    return { kind: 'adopted', accountId: id }
  }

  async function alone(signInId: string, signal: AbortSignal, work: () => Promise<Adoption>) {
    while (!(await leases.take(LEASE, { owner: signInId, durationMs: LEASE_MS }))) {
      await waitFor(LOOK_AGAIN_MS, { clock, signal })
    }
    try {
      return await work()
    } finally {
      await leases.release(LEASE, signInId)
    }
  }

  return async (approved, signal) => {
    const identity = await readIdentity(approved, parts, signal)
    return alone(approved.signInId, signal, () => adopt(approved, identity))
  }
}

/** Who started the sign-in answers for what comes of it; the person who approved it is not known here. */
function actorOf({ startedBy }: ApprovedSignIn): Actor {
  return startedBy ?? { kind: 'gateway', via: 'sign-in' }
}

/** Undefined when nobody says in time: the tokens are good, whoever they are of. */
async function readIdentity(
  approved: ApprovedSignIn,
  parts: AdoptionParts,
  signal: AbortSignal,
): Promise<Identity | undefined> {
  const { store, readFacts, clock, report } = parts
  const { newAccountId, accountId = newAccountId, credentials } = approved
  const change = toChange(approved, undefined)
  const now = new Date(clock.now())
  const target = await store.find(accountId)
  const account = target ? changeAccount(target, change, now) : newAccount(newAccountId, change, now)
  const ask = (limit: AbortSignal) => readFacts(account, credentials.accessToken, limit)
  try {
    const facts = await within(FACTS_TIMEOUT_MS, { clock, signal }, (limit) =>
      askAgain(ask, { clock, signal: limit }),
    )
    const { userId, email, plan } = facts ?? {}
    if (userId === undefined) return undefined
    return { userId, ...(email !== undefined && { email }), ...(plan !== undefined && { plan }) }
  } catch (error) {
    if (signal.aborted) throw error
    report(account.id, error)
    return undefined
  }
}

interface Patience {
  clock: Clock
  signal: AbortSignal
}

/** One answer that fails would give the same person a second account, so what may pass is asked again. */
async function askAgain<T>(ask: (signal: AbortSignal) => Promise<T>, patience: Patience): Promise<T> {
  for (const pauseMs of FACTS_PAUSES_MS) {
    try {
      return await within(FACTS_TRY_MS, patience, ask)
    } catch (error) {
      const mayPass = policyOf(toGatewayError(error).failure.kind).heals
      if (!mayPass || patience.signal.aborted) throw error
    }
    await waitFor(pauseMs, patience)
  }
  return within(FACTS_TRY_MS, patience, ask)
}

/** Throws `client-gone` when the time is over, or the signal aborts, whatever the work makes of that. */
async function within<T>(
  limitMs: number,
  { clock, signal }: Patience,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController()
  const cancel = clock.after(limitMs, () => limit.abort())
  try {
    const either = AbortSignal.any([signal, limit.signal])
    return await detachable(() => work(either), either)
  } finally {
    cancel()
  }
}

function toChange(
  { wishes, credentials, startUrl, region }: ApprovedSignIn,
  identity: Identity | undefined,
): NewAccount & AccountChange {
  const { clientId, clientSecret, refreshToken, accessToken, expiresAt, registrationExpiresAt } = credentials
  return {
    ...wishes,
    clientId,
    clientSecret,
    accessToken,
    // One that is there is of another client, and useless without it.
    refreshToken: refreshToken ?? null,
    signInRegion: region,
    signIn: {
      startUrl,
      expiresAt,
      ...(registrationExpiresAt !== undefined && { registrationExpiresAt }),
      ...(identity !== undefined && { identity }),
    },
  }
}

/** What is not known on either side is no reason to doubt. */
function isSomebodyElse(account: Account, identity: Identity | undefined): boolean {
  return (
    account.identity !== undefined && identity !== undefined && account.identity.userId !== identity.userId
  )
}

function refused(message: string): Adoption {
  return { kind: 'refused', message: `${message} The tokens were thrown away.` }
}
