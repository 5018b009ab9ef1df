/** What the operator does with accounts: makes, looks at, changes and removes them. Answers hold no secrets. */
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import { GatewayError, toGatewayError } from '../conversation/failures.ts'
import { GATEWAY, type Actor, type Happening } from '../events/event.ts'
import {
  changeAccount,
  changeCredentials,
  changesCredentials,
  changesStanding,
  newAccount,
  newCredentials,
  type AccountChange,
  type NewAccount,
} from './account-input.ts'
import type { AccountStore, CreationPlace, NewRow, PageWishes } from './account-store.ts'
import { viewAccount, type AccountView } from './account-view.ts'
import { noSuchAccount } from './standing/availability.ts'
import { describeChange, describeCreation, describeRemoval } from './describe-change.ts'
import { isEnabled, type Account, type Credentials } from './account.ts'
import type { FreshCredentials } from './tokens/fresh-credentials.ts'
import type { Pool } from './pool/pool.ts'
import type { Quota } from './quota.ts'
import { REFRESH_LEASE_MS } from './tokens/renewal.ts'
import type { TokenKeeper } from './tokens/token-keeper.ts'
import { waitFor } from '../background/wait-for.ts'

/** Longer than the lease of a refresh, which a process that was killed leaves behind. */
const LONGEST_REFRESH_MS = 25_000
const LOOK_AGAIN_MS = 100
const VIEWED_AT_ONCE = 500
/** Each but the last ends because somebody else has changed the account. */
const MOST_ROUNDS = 20

/** Which accounts, and in which order. */
export interface ListWishes {
  enabled?: boolean
  sortBy: 'created_at' | 'success_count'
  sortOrder: 'asc' | 'desc'
}

/** A part of the list; by `revision` can be asked what has changed since. */
export interface AccountPage {
  accounts: AccountView[]
  /** Of all that are wished for. */
  total: number
  revision: number
  /** The place of the last one, where others follow. */
  next: CreationPlace | undefined
}

/** `accounts` is undefined: more than were asked for have changed. */
export type AccountChanges = Pick<AccountPage, 'total' | 'revision'> & { accounts: AccountView[] | undefined }

export type AddedAccount = { status: 'created' | 'duplicate'; id: string }

/** `by`: who does it, for the events; absent: the gateway. What cannot be recorded is not done: `overloaded-here`. */
export interface Accounts {
  create(input: NewAccount, by?: Actor): Promise<AccountView>
  /** Does nothing when an account was made with the same client and refresh token. */
  add(input: NewAccount, by?: Actor): Promise<AddedAccount>
  /** `add` for many, in their order, together with what `tell` makes of their outcome: all of it is stored, or nothing. */
  addAll(
    inputs: readonly NewAccount[],
    by: Actor,
    tell: (added: readonly AddedAccount[]) => Happening,
  ): Promise<AddedAccount[]>
  list(wishes: ListWishes): Promise<AccountView[]>
  page(wishes: PageWishes): Promise<AccountPage>
  /** What has changed since: not tokens that were refreshed, successes and quotas. One that is gone shows in the total alone. */
  changedSince(revision: number, most: number): Promise<AccountChanges>
  /** Throws `not-found`, as do all that follow. */
  get(id: string): Promise<AccountView>
  change(id: string, change: AccountChange, by?: Actor): Promise<AccountView>
  /** Throws the refresh's failure when the sign-in service gives no tokens. */
  refresh(id: string): Promise<AccountView>
  remove(id: string, by?: Actor): Promise<void>
  usableCount(): number
}

export interface AccountsParts {
  store: AccountStore
  /** Those that this process lends. Absent: it lends none. */
  pool?: Pick<Pool, 'put' | 'update' | 'remove' | 'note' | 'flush' | 'usableCount' | 'unsteadySince'>
  freshCredentials: Pick<FreshCredentials, 'forget' | 'refreshNow'>
  keeper: Pick<TokenKeeper, 'find' | 'keep'>
  /** What is known of what the account may still spend. */
  quotaOf?: (id: string) => Quota | undefined
  createId: () => string
  clock: Clock
}

export function createAccounts(accountsParts: AccountsParts): Accounts {
  const { store, pool, freshCredentials, keeper, createId, clock, quotaOf } = accountsParts
  const view = (account: Account) =>
    viewAccount(account, clock.now(), {
      quota: quotaOf?.(account.id),
      unsteadySince: pool?.unsteadySince(account.id),
    })

  /** Others get their turn in between. */
  async function viewAll(accounts: readonly Account[]): Promise<AccountView[]> {
    const views: AccountView[] = []
    for (const [index, account] of accounts.entries()) {
      if (index % VIEWED_AT_ONCE === VIEWED_AT_ONCE - 1) await setImmediate()
      views.push(view(account))
    }
    return views
  }

  async function find(id: string): Promise<Account> {
    const account = await store.find(id)
    if (account === undefined) throw noSuchAccount()
    return account
  }

  function toNewRow(input: NewAccount, by: Actor): NewRow {
    const account = newAccount(createId(), input, new Date(clock.now()))
    return { account, credentials: newCredentials(input), happening: describeCreation(account, by, input) }
  }

  async function insert(input: NewAccount, by: Actor): Promise<Account> {
    const row = toNewRow(input, by)
    await store.insert(row.account, row.credentials, row.happening)
    return putStored(row.account.id)
  }

  async function putStored(id: string): Promise<Account> {
    const account = await find(id)
    pool?.put(account)
    return account
  }

  async function putAllStored(ids: readonly string[]): Promise<void> {
    // To open their secrets takes its time.
    if (pool === undefined) return
    for (const account of await store.findAll(ids)) pool.put(account)
  }

  async function change(id: string, wanted: AccountChange, by = GATEWAY): Promise<AccountView> {
    await pool?.flush()
    const standing = await save(id, wanted, by)
    if (changesCredentials(wanted)) freshCredentials.forget(id)
    const saved = await find(id)
    if (standing) pool?.put(saved)
    else pool?.update(saved)
    return view(saved)
  }

  /** Until nobody else has changed it in between. Answers whether the status is part of it. */
  async function save(id: string, wanted: AccountChange, by: Actor): Promise<boolean> {
    const owner = createId()
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const holdsLease = changesCredentials(wanted) && (await find(id)).readable
      if (holdsLease) await keepRefreshesAway(id, owner)
      const account = await find(id)
      const credentials = await credentialsAfter(account, wanted)
      const standing = changesStanding(account, wanted)
      const changed = changeAccount(account, wanted, new Date(clock.now()))
      const happening = describeChange({ before: account, after: changed }, by, wanted)
      const touched = { standing, happening, ...(credentials !== undefined && { credentials }) }
      if (await store.save(changed, touched)) return standing
    }
    throw new GatewayError('refresh-unavailable', 'This account keeps being changed by others; try again.')
  }

  /** Until the change is saved: a refresh that ended in between would bring a refresh token that nobody stores. */
  async function keepRefreshesAway(id: string, owner: string): Promise<void> {
    const lastMoment = clock.elapsed() + LONGEST_REFRESH_MS
    for (;;) {
      const stored = await store.readCredentials(id)
      if (stored === undefined) throw noSuchAccount()
      // What an earlier refresh brought, and the database did not take.
      const unsaved = await keeper.find(id, stored.version)
      if (unsaved !== undefined) {
        if ((await keeper.keep(id, stored.version, unsaved)) !== 'spilled') continue
      } else if (await store.leaseRefresh(id, stored.version, { owner, durationMs: REFRESH_LEASE_MS })) return
      if (clock.elapsed() > lastMoment) {
        throw new GatewayError('refresh-unavailable', 'A refresh of this account does not end; try again.')
      }
      await waitFor(LOOK_AGAIN_MS, { clock, signal: undefined })
    }
  }

  /** Undefined when they stay as they are. */
  async function credentialsAfter(account: Account, wanted: AccountChange): Promise<Credentials | undefined> {
    if (!account.readable) {
      const { clientSecret, clientId = account.clientId } = wanted
      if (clientSecret === undefined) throw damaged()
      return newCredentials({ ...wanted, clientId, clientSecret })
    }
    if (!changesCredentials(wanted)) return undefined
    const stored = await store.readCredentials(account.id)
    if (stored === undefined) throw noSuchAccount()
    return changeCredentials(stored, wanted)
  }

  return {
    create: async (input, by = GATEWAY) => view(await insert(input, by)),

    async add(input, by = GATEWAY) {
      const [duplicate] = await store.findDuplicates([newCredentials(input)])
      if (duplicate !== undefined) return { status: 'duplicate', id: duplicate }
      return { status: 'created', id: (await insert(input, by)).id }
    },

    async addAll(inputs, by, tell) {
      const rows: NewRow[] = []
      const added: AddedAccount[] = []
      const made = new Map<string, string>()
      const stored = await store.findDuplicates(inputs.map(newCredentials))
      for (const [index, input] of inputs.entries()) {
        const origin = JSON.stringify([input.clientId, input.refreshToken])
        const duplicate = made.get(origin) ?? stored[index]
        if (duplicate !== undefined) {
          added.push({ status: 'duplicate', id: duplicate })
          continue
        }
        const row = toNewRow(input, by)
        rows.push(row)
        added.push({ status: 'created', id: row.account.id })
        if (input.refreshToken !== undefined) made.set(origin, row.account.id)
      }
      await store.insertAll(rows, tell(added))
      await putAllStored(rows.map(({ account }) => account.id))
      return added
    },

    async list({ enabled, sortBy, sortOrder }) {
      await pool?.flush()
      const all = await store.list()
      const wanted = all.filter((account) => enabled === undefined || isEnabled(account) === enabled)
      const sorted = sortBy === 'created_at' ? wanted : wanted.toSorted((a, b) => a.successes - b.successes)
      return viewAll(sortOrder === 'asc' ? sorted : sorted.toReversed())
    },

    async page(wishes) {
      await pool?.flush()
      // Before the accounts: what changes in between is told again.
      const revision = await store.readRevision()
      const total = await store.count(wishes)
      const found = await store.readPage(wishes)
      const last = found.length < wishes.limit ? undefined : found.at(-1)
      const next = last && { createdAt: last.createdAt, id: last.id }
      return { accounts: await viewAll(found), total, revision, next }
    },

    async changedSince(known, most) {
      await pool?.flush()
      const revision = await store.readRevision()
      const changed = await store.readChanged(known, most)
      return { accounts: changed && (await viewAll(changed)), total: await store.count({}), revision }
    },

    async get(id) {
      await pool?.flush()
      return view(await find(id))
    },

    change,

    async refresh(id) {
      const account = await find(id)
      if (!account.readable) throw damaged()
      try {
        await freshCredentials.refreshNow(account)
        pool?.note(id, { kind: 'refreshed' })
      } catch (error) {
        const { tokenVersion } = account
        pool?.note(id, { kind: 'failed', failure: toGatewayError(error).failure, tokenVersion })
        throw error
      }
      await pool?.flush()
      const refreshed = await find(id)
      pool?.update(refreshed)
      return view(refreshed)
    },

    async remove(id, by = GATEWAY) {
      const account = await store.find(id)
      const removed = account !== undefined && (await store.remove(id, describeRemoval(account, by)))
      pool?.remove(id)
      freshCredentials.forget(id)
      if (!removed) throw noSuchAccount()
    },

    usableCount: () => pool?.usableCount() ?? 0,
  }
}

function damaged(): GatewayError {
  return new GatewayError(
    'invalid-request',
    'What is stored of the secrets of this account is damaged. Send its clientSecret and refreshToken too, or remove the account.',
    { field: 'clientSecret' },
  )
}
