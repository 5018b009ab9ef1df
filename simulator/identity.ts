/** Who may call: registered clients, accounts, and the life of their tokens. */
import type { SimulatorClock } from './clock.ts'
import type { Ids } from './ids.ts'
import type { SwitchBoard } from './switches.ts'

export interface Client {
  clientId: string
  clientSecret: string
  /** Milliseconds since the epoch. */
  expiresAt: number
}

export interface Account {
  id: string
  clientId: string
  /** The one living refresh token; undefined when the login has ended. */
  refreshToken: string | undefined
  /** Accounts of an identity centre have one; those of a Builder ID do not. */
  profileArn: string | undefined
  traits: Traits
  refreshes: number
}

/** How the service treats this account in another way than others. */
export interface Traits {
  /** Ids of the models that it may list and use; null: all. */
  models: readonly string[] | null
  /** As some accounts of enterprises: `additionalModelRequestFields` is refused for every model. */
  refusesExtraFields: boolean
}

export type TraitChanges = { [Name in keyof Traits]?: Traits[Name] | undefined }

/** An account made without a device login. What is left out is invented. */
export interface Seed extends TraitChanges {
  id?: string | undefined
  clientId?: string | undefined
  clientSecret?: string | undefined
  refreshToken?: string | undefined
  accessToken?: string | undefined
  accessTokenLifeSeconds?: number | undefined
  profileArn?: string | undefined
}

export interface SeededAccount {
  id: string
  clientId: string
  clientSecret: string
  refreshToken: string
  accessToken: string
}

export interface Tokens {
  accessToken: string
  expiresIn: number
  refreshToken: string | undefined
}

export interface Identity {
  seed(seed: Seed): SeededAccount
  registerClient(): Client
  /** The client, if it exists, its secret is right, and its registration lives. */
  findClient(clientId: string, clientSecret: string): Client | undefined
  /** Ends a registration now. */
  expireClient(clientId: string): boolean
  /** A finished login: a new account, or a new session of a known one. */
  logIn(client: Client, accountId?: string): Tokens
  /** Undefined when the token is not the living one of an account of this client. */
  refresh(client: Client, refreshToken: string): { accountId: string; tokens: Tokens } | undefined
  /** The account behind a living access token. */
  findAccount(accessToken: string): Account | undefined
  /** Ends access tokens of an account, and with `session` its refresh token too. */
  revoke(accountId: string, scope: 'access-tokens' | 'session'): boolean
  /** Changes how an account is treated. False: no such account. */
  configure(accountId: string, changes: TraitChanges): boolean
  accounts(): Account[]
  reset(): void
}

interface Parts {
  clock: SimulatorClock
  ids: Ids
  switches: SwitchBoard
}

interface AccessToken {
  accountId: string
  expiresAt: number
}

export function createIdentity({ clock, ids, switches }: Parts): Identity {
  const clients = new Map<string, Client>()
  const accounts = new Map<string, Account>()
  const accessTokens = new Map<string, AccessToken>()
  let madeAccounts = 0

  function issueAccessToken(accountId: string, token = ids.accessToken(), lifeSeconds?: number): Tokens {
    const expiresIn = lifeSeconds ?? switches.current().accessTokenLifeSeconds
    accessTokens.set(token, { accountId, expiresAt: clock.now() + expiresIn * 1000 })
    return { accessToken: token, expiresIn, refreshToken: undefined }
  }

  function addClient(clientId = ids.clientId(), clientSecret = ids.clientSecret()): Client {
    const expiresAt = clock.now() + switches.current().registrationLifeSeconds * 1000
    const client = { clientId, clientSecret, expiresAt }
    clients.set(clientId, client)
    return client
  }

  function openSession(accountId: string, clientId: string, refreshToken: string): Account {
    if (switches.current().oneLoginPerClient) endSessionsOf(clientId, accounts.values())
    const known = accounts.get(accountId)
    const account = {
      id: accountId,
      clientId,
      refreshToken,
      profileArn: known?.profileArn,
      traits: known?.traits ?? { models: null, refusesExtraFields: false },
      refreshes: known?.refreshes ?? 0,
    }
    accounts.set(accountId, account)
    return account
  }

  function nextAccountId(): string {
    madeAccounts += 1
    return `account-${madeAccounts}`
  }

  return {
    seed(seed) {
      const known = seed.clientId === undefined ? undefined : clients.get(seed.clientId)
      const client =
        known !== undefined && seed.clientSecret === undefined
          ? known
          : addClient(seed.clientId, seed.clientSecret)
      const refreshToken = seed.refreshToken ?? ids.refreshToken()
      const account = openSession(seed.id ?? nextAccountId(), client.clientId, refreshToken)
      account.profileArn = seed.profileArn
      account.traits = changeTraits(account.traits, seed)
      const { accessToken } = issueAccessToken(account.id, seed.accessToken, seed.accessTokenLifeSeconds)
      const { clientId, clientSecret } = client
      return { id: account.id, clientId, clientSecret, refreshToken, accessToken }
    },
    registerClient: () => addClient(),
    findClient(clientId, clientSecret) {
      const client = clients.get(clientId)
      if (client === undefined || client.clientSecret !== clientSecret) return undefined
      return client.expiresAt > clock.now() ? client : undefined
    },
    expireClient(clientId) {
      const client = clients.get(clientId)
      if (client !== undefined) client.expiresAt = clock.now()
      return client !== undefined
    },
    logIn(client, accountId = nextAccountId()) {
      const account = openSession(accountId, client.clientId, ids.refreshToken())
      return { ...issueAccessToken(account.id), refreshToken: account.refreshToken }
    },
    refresh(client, refreshToken) {
      const account = [...accounts.values()].find((each) => each.refreshToken === refreshToken)
      if (account === undefined || account.clientId !== client.clientId) return undefined
      account.refreshes += 1
      const { refreshTokens } = switches.current()
      if (refreshTokens === 'rotate') account.refreshToken = ids.refreshToken()
      const answered = refreshTokens === 'omit' ? undefined : account.refreshToken
      return { accountId: account.id, tokens: { ...issueAccessToken(account.id), refreshToken: answered } }
    },
    findAccount(accessToken) {
      const token = accessTokens.get(accessToken)
      if (token === undefined || token.expiresAt <= clock.now()) return undefined
      return accounts.get(token.accountId)
    },
    revoke(accountId, scope) {
      const account = accounts.get(accountId)
      if (account === undefined) return false
      for (const [token, { accountId: owner }] of accessTokens) {
        if (owner === accountId) accessTokens.delete(token)
      }
      if (scope === 'session') account.refreshToken = undefined
      return true
    },
    configure(accountId, changes) {
      const account = accounts.get(accountId)
      if (account !== undefined) account.traits = changeTraits(account.traits, changes)
      return account !== undefined
    },
    accounts: () => [...accounts.values()],
    reset() {
      clients.clear()
      accounts.clear()
      accessTokens.clear()
      madeAccounts = 0
    },
  }
}

function changeTraits(traits: Traits, changes: TraitChanges): Traits {
  const { models = traits.models, refusesExtraFields = traits.refusesExtraFields } = changes
  return { models, refusesExtraFields }
}

function endSessionsOf(clientId: string, accounts: Iterable<Account>): void {
  for (const account of accounts) {
    if (account.clientId === clientId) account.refreshToken = undefined
  }
}
