/** Who may call: registered clients, accounts, and the life of their tokens. */
import type { SimulatorClock } from './clock.ts'
import type { Ids } from './ids.ts'
import type { SwitchBoard } from './switches.ts'
import {
  type AccountKind,
  changeTraits,
  createTraits,
  type Profile,
  type TraitChanges,
  type Traits,
} from './traits.ts'

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
  traits: Traits
  refreshes: number
}

/** An account made without a device login. What is left out is invented. */
export interface Seed extends TraitChanges {
  id?: string | undefined
  clientId?: string | undefined
  clientSecret?: string | undefined
  refreshToken?: string | undefined
  accessToken?: string | undefined
  accessTokenLifeSeconds?: number | undefined
  /** Short for one profile; without it, without profiles and without a kind it is the account of a Builder ID. */
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
  /** A finished login: a new account of this kind, or a new session of a known one. */
  logIn(client: Client, login: { accountId: string | undefined; kind: AccountKind }): Tokens
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

interface Session {
  id: string
  /** Of an account that is not known yet. */
  kind: AccountKind
  clientId: string
  refreshToken: string
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

  function openSession({ id, kind, clientId, refreshToken }: Session): Account {
    if (switches.current().oneLoginPerClient) endSessionsOf(clientId, accounts.values())
    const known = accounts.get(id)
    const traits = known?.traits ?? newTraits(id, kind)
    const account = { id, clientId, refreshToken, traits, refreshes: known?.refreshes ?? 0 }
    accounts.set(id, account)
    return account
  }

  function newTraits(accountId: string, kind: AccountKind): Traits {
    const profiles = switches.current().profileRegions.map((region) => newProfile(ids.profileId(), region))
    const identity = { userId: ids.userId(), email: `${accountId}@example.com` }
    return createTraits({ kind, identity, profiles, now: clock.now() })
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
      const { clientId, clientSecret } = client
      const changes = traitsOf(seed)
      const id = seed.id ?? nextAccountId()
      const account = openSession({ id, kind: changes.kind ?? 'builder-id', clientId, refreshToken })
      account.traits = changeTraits(account.traits, changes)
      const { accessToken } = issueAccessToken(id, seed.accessToken, seed.accessTokenLifeSeconds)
      return { id, clientId, clientSecret, refreshToken, accessToken }
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
    logIn({ clientId }, { accountId = nextAccountId(), kind }) {
      const account = openSession({ id: accountId, kind, clientId, refreshToken: ids.refreshToken() })
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

/** An account that is given profiles belongs to an identity centre, unless it is told otherwise. */
function traitsOf({ profileArn, ...seed }: Seed): TraitChanges {
  const profiles = seed.profiles ?? (profileArn === undefined ? undefined : [{ arn: profileArn }])
  const kind = seed.kind ?? (profiles?.length ? 'identity-center' : undefined)
  return { ...seed, kind, profiles }
}

function newProfile(profileId: string, region: string): Profile {
  return {
    arn: `arn:aws:codewhisperer:${region}:111122223333:profile/${profileId}`,
    profileName: `Simulated profile in ${region}`,
  }
}

function endSessionsOf(clientId: string, accounts: Iterable<Account>): void {
  for (const account of accounts) {
    if (account.clientId === clientId) account.refreshToken = undefined
  }
}
