/** Accounts on their way out of a gateway and into another one, under the names of the fields that make an account. */
import type { AccountStore } from './account-store.ts'
import { isEnabled, type Account, type Credentials } from './account.ts'
import { viewInstant } from './view-instant.ts'

export type TransferredAccount = ReturnType<typeof settingsOf> & Partial<ReturnType<typeof secretsOf>>

export interface AccountTransfer {
  /** Without secrets, unless asked for. Accounts whose secrets cannot be opened come without them in any case. */
  collect(withSecrets: boolean): Promise<TransferredAccount[]>
  /** Takes stock of the tokens that accounts have now, beside those that they were made with. */
  indexTokens(): Promise<TokenIndex>
}

export interface TokenPair {
  clientId: string
  refreshToken: string
}

/** Of each, in their order, the id of the account that has this client and refresh token, or was made with them. */
export type TokenIndex = (pairs: readonly TokenPair[]) => Promise<(string | undefined)[]>

interface TransferParts {
  store: Pick<AccountStore, 'list' | 'readCredentials' | 'findDuplicates'>
  fingerprint: (secret: string) => string
}

export function createAccountTransfer({ store, fingerprint }: TransferParts): AccountTransfer {
  async function withItsSecrets(account: Account): Promise<TransferredAccount> {
    const settings = settingsOf(account)
    const credentials = account.readable ? await store.readCredentials(account.id) : undefined
    return credentials === undefined ? settings : { ...settings, ...secretsOf(account, credentials) }
  }

  async function indexByPrint() {
    return Map.groupBy(await store.list(), ({ clientId, fingerprints }) =>
      nameOf(clientId, fingerprints.refreshToken),
    )
  }

  return {
    async collect(withSecrets) {
      const accounts = await store.list()
      if (!withSecrets) return accounts.map(settingsOf)
      const collected: TransferredAccount[] = []
      for (const account of accounts) collected.push(await withItsSecrets(account))
      return collected
    },

    async indexTokens() {
      let index: ReturnType<typeof indexByPrint> | undefined

      async function findCurrent({ clientId, refreshToken }: TokenPair): Promise<string | undefined> {
        // To open the secrets of all takes its time: only for whoever has an account that was not made here.
        index ??= indexByPrint()
        // A fingerprint is short: two secrets may share it.
        for (const { id } of (await index).get(nameOf(clientId, fingerprint(refreshToken))) ?? []) {
          if ((await store.readCredentials(id))?.refreshToken === refreshToken) return id
        }
        return undefined
      }

      return async (pairs) => {
        const found = await store.findDuplicates(pairs)
        for (const [at, pair] of pairs.entries()) found[at] ??= await findCurrent(pair)
        return found
      }
    },
  }
}

function nameOf(clientId: string, print: string | undefined): string {
  return JSON.stringify([clientId, print])
}

function settingsOf(account: Account) {
  const { settings } = account
  return {
    id: account.id,
    label: account.label ?? null,
    clientId: account.clientId,
    enabled: isEnabled(account),
    tags: [...settings.tags],
    weight: settings.weight,
    priority: settings.priority,
    concurrencyLimit: settings.concurrencyLimit ?? null,
    models: settings.models === undefined ? null : [...settings.models],
    channel: account.channel,
    region: account.region,
    signInRegion: account.signInRegion,
    profileArn: account.profileArn ?? settings.profile,
    origin: settings.origin ?? null,
    optOut: settings.optsOut,
    created_at: viewInstant(account.createdAt),
  }
}

function secretsOf(account: Account, { clientSecret, refreshToken, accessToken }: Credentials) {
  return {
    clientSecret,
    refreshToken: refreshToken ?? null,
    accessToken: accessToken ?? null,
    other: account.other ?? null,
    proxyUrl: account.proxyUrl ?? null,
  }
}
