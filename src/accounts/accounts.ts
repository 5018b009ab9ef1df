/** What the operator does with accounts: makes, looks at and removes them. Answers hold no secrets. */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { AccountStore } from './account-store.ts'
import { viewAccount, type AccountView } from './account-view.ts'
import type { Account, Credentials, NewAccount } from './account.ts'
import type { FreshCredentials } from './fresh-credentials.ts'
import type { Pool } from './pool.ts'

/** Where an account of which nothing else is known is at home: a Builder ID, reached as its first clients did. */
const DEFAULT_CHANNEL = 'q-json'
const DEFAULT_REGION = 'us-east-1'

export interface Accounts {
  create(input: NewAccount): Promise<AccountView>
  /** In order of creation. */
  list(): Promise<AccountView[]>
  /** Throws `not-found`. */
  get(id: string): Promise<AccountView>
  /** Throws `not-found`. */
  remove(id: string): Promise<void>
  usableCount(): number
}

interface AccountsParts {
  store: AccountStore
  pool: Pick<Pool, 'add' | 'remove' | 'flush' | 'usableCount'>
  freshCredentials: Pick<FreshCredentials, 'forget'>
  createId: () => string
  clock: Clock
}

export function createAccounts({ store, pool, freshCredentials, createId, clock }: AccountsParts): Accounts {
  async function find(id: string): Promise<Account> {
    const account = await store.find(id)
    if (account === undefined) throw noSuchAccount()
    return account
  }

  return {
    async create(input) {
      const id = createId()
      await store.insert(newAccount(id, input, new Date(clock.now())), credentialsOf(input))
      const account = await find(id)
      pool.add(account)
      return viewAccount(account)
    },

    async list() {
      await pool.flush()
      return (await store.list()).map(viewAccount)
    },

    async get(id) {
      await pool.flush()
      return viewAccount(await find(id))
    },

    async remove(id) {
      const removed = await store.remove(id)
      pool.remove(id)
      freshCredentials.forget(id)
      if (!removed) throw noSuchAccount()
    },

    usableCount: () => pool.usableCount(),
  }
}

function noSuchAccount(): GatewayError {
  return new GatewayError('not-found', 'There is no account of this id.')
}

function newAccount(id: string, input: NewAccount, createdAt: Date): Account {
  return {
    id,
    ...(input.label !== undefined && { label: input.label }),
    clientId: input.clientId,
    ...(input.other !== undefined && { other: input.other }),
    enabled: input.enabled ?? true,
    channel: DEFAULT_CHANNEL,
    region: DEFAULT_REGION,
    signInRegion: DEFAULT_REGION,
    lastRefresh: { status: 'never' },
    createdAt,
    updatedAt: createdAt,
    strikes: 0,
    successes: 0,
    fingerprints: {},
    readable: true,
  }
}

/** Scripts written for q2api send empty strings for tokens that they do not have. */
function credentialsOf({ clientId, clientSecret, refreshToken, accessToken }: NewAccount): Credentials {
  return {
    clientId,
    clientSecret,
    ...(refreshToken !== undefined && refreshToken !== '' && { refreshToken }),
    ...(accessToken !== undefined && accessToken !== '' && { accessToken }),
  }
}
