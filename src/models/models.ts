/** Which models there are, whatever their names are in clients, and what each account makes of them. */

import { hasTokens, isEnabled, type Account } from '../accounts/account.ts'
import { statusAt } from '../accounts/status.ts'
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { Access, ModelInfo, Upstream } from '../upstreams/upstream.ts'
import { createFieldRefusals } from './field-refusals.ts'
import { createModelLists, type ModelList } from './model-lists.ts'
import { createModelLookup, type Offer } from './model-lookup.ts'
import { asksToThink, keyOf } from './model-names.ts'
import { nearNames } from './near-names.ts'
import { createOverview } from './overview.ts'

export interface Models {
  /** Each model that some account may serve, once, then the operator's aliases as models of their own id, in the order in which to show them. */
  list(): readonly ModelInfo[]
  /** The model that a name means, whichever of its spellings this is. */
  find(name: string): ModelInfo | undefined
  /** The same among all models that are known at all, whether or not an account has them now. */
  findKnown(name: string): ModelInfo | undefined
  /** Throws `model-not-found` with the nearest names that would do. */
  resolve(name: string): ModelInfo
  /** Whether the name, or the one that it is an alias of, asks the model to think. */
  asksToThink(name: string): boolean
  /** Whether the account may be asked for the model, as far as is known. */
  offers(accountId: string, modelId: string): boolean
  /** The model as the account's own list has it, as far as that is known; waits a little for the first list. */
  ofAccount(access: Pick<Access, 'accountId'>, model: ModelInfo): Promise<ModelInfo>
  /** The service refuses the model's own request fields from this account. */
  noteFieldsRefused(accountId: string, modelId: string): void
  /** The service knows no such model for this account: its list is out of date. */
  noteModelRefused(accountId: string): void
  /** An account was added, or changed. */
  noteAccount(account: Account): void
  forgetAccount(accountId: string): void
  /** Resolves when there is a list to show: at once, but for the first moments of the first account. */
  ready(): Promise<void>
  /** Fetches no more lists; resolves when those under way are given up. */
  /** From now on names mean this. */
  setNaming(naming: Naming): void
  close(): Promise<void>
}

/** What names mean that are no model's. */
interface Naming {
  /** Operator's names for models; `*` stands for all names that mean nothing else. */
  aliases: readonly ModelAlias[]
  /** Whether the nearest model serves for one that is retired. */
  replacesRetired: boolean
}

interface ModelsParts {
  upstream: Pick<Upstream, 'catalogue' | 'listModels'>
  /** Those that are enabled, as they are now. */
  accounts: () => readonly Account[]
  accessTo: (account: Account, signal: AbortSignal) => Promise<Access>
  naming: Naming
  clock: Clock
  /** Told of lists that could not be fetched; they are tried again. */
  report: (accountId: string, error: unknown) => void
}

interface ModelAlias {
  name: string
  model: string
}

const MAX_SHOWN_NAME = 100
/** How long a request waits for the first list of the account that it goes to. */
const FIRST_LIST_MS = 2000
/** How long the list of models waits for the first list of any account. */
const ANY_LIST_MS = 1500

export function createModels(parts: ModelsParts): Models {
  const { upstream, accounts, accessTo, clock, report } = parts
  const { catalogue } = upstream
  const known: ModelList = new Map(catalogue.map((model) => [keyOf(model.id), model]))
  const listModels: Upstream['listModels'] = (access, signal) => upstream.listModels(access, signal)
  const lists = createModelLists({ listModels, catalogue, clock, report })
  const refusals = createFieldRefusals(() => clock.elapsed())
  const surroundings = new Map<string, string>()
  /** Accounts whose first list was waited for in vain. */
  const late = new Set<string>()

  const isUsable = (account: Account) =>
    hasTokens(account) && statusAt(account.status, clock.now()).kind === 'ready'
  const usable = () => accounts().filter(isUsable)
  const lacksList = ({ id }: Account) => lists.of(id) === undefined
  const overview = createOverview({ accounts, isUsable, lists, clock })
  let lookup = lookUpBy(parts.naming)

  function lookUpBy({ aliases, replacesRetired }: Naming) {
    return createModelLookup({ aliases, replacesRetired, known, sources, offers })
  }

  /** What accounts have; the catalogue speaks for those whose list is not known yet. */
  function sources(): readonly ModelList[] {
    const { lists: own, isPartial } = overview()
    return own.length === 0 || isPartial ? [...own, known] : own
  }

  function offers(): readonly Offer[] {
    const own = accounts().flatMap(({ id, settings: { models: allowed } }) => {
      const list = lists.of(id)
      return list === undefined ? [] : [{ list, allowed }]
    })
    const unknown = usable().filter(lacksList)
    // Mostly it is one catalogue for all of them.
    const isUnlimited = unknown.some(({ settings }) => settings.models === undefined)
    if (isUnlimited || own.length + unknown.length === 0) return [...own, { list: known }]
    return [...own, ...unknown.map(({ settings }) => ({ list: known, allowed: settings.models }))]
  }

  function use(account: Account): void {
    lists.use(account.id, (signal) => accessTo(account, signal))
  }

  /** Somebody waits for the list, if it is the first one. */
  async function useSoon(account: Account): Promise<void> {
    const { id } = account
    use(account)
    if (lists.isTried(id) || late.has(id)) return
    lists.hurry(id)
    await lists.waitUntil(() => lists.isTried(id), FIRST_LIST_MS)
    if (!lists.isTried(id)) late.add(id)
  }

  function doubt(account: Account): void {
    lists.doubt(account.id, (signal) => accessTo(account, signal))
  }

  function resolve(name: string): ModelInfo {
    const model = lookup.find(name)
    if (model !== undefined) return model
    // It may be newer than our lists.
    usable().forEach(doubt)
    throw notFound(
      name,
      lookup.list().map(({ id }) => id),
    )
  }

  return {
    list() {
      usable().forEach(use)
      return lookup.list()
    },
    find: (name) => lookup.find(name),
    findKnown: (name) => lookup.findKnown(name),
    resolve,
    asksToThink(name) {
      const asks = [name, lookup.aliasedBy(name) ?? ''].some(asksToThink)
      return asks && lookup.find(name)?.id.endsWith('-thinking') !== true
    },
    offers(accountId, modelId) {
      const own = lists.of(accountId)
      const key = keyOf(modelId)
      if (own === undefined || own.has(key)) return true
      const others = lists.hasAnywhere(key) || (known.has(key) && overview().isPartial)
      // What nobody has is for the service to refuse.
      return !others
    },
    async ofAccount({ accountId }, model) {
      const account = overview().byId.get(accountId)
      if (account !== undefined && isUsable(account)) await useSoon(account)
      const key = keyOf(model.id)
      const own = lists.of(accountId)?.get(key)
      // Another account's fields are not this one's.
      if (own === undefined) return known.get(key) ?? refusals.withoutFields(model)
      return refusals.areRefused(accountId, model.id) ? refusals.withoutFields(own) : own
    },
    noteFieldsRefused: (accountId, modelId) => refusals.note(accountId, modelId),
    noteModelRefused(accountId) {
      accounts()
        .filter(({ id }) => id === accountId)
        .forEach(doubt)
    },
    noteAccount(account) {
      const { id } = account
      const surrounding = surroundingOf(account)
      // Without a list there is nothing to lose, and the pause after a failure should not outlive its reason.
      if (surroundings.get(id) !== surrounding || lists.of(id) === undefined) forgetAccount(id)
      if (!isEnabled(account)) return forgetAccount(id)
      surroundings.set(id, surrounding)
      if (isUsable(account)) doubt(account)
    },
    forgetAccount,
    setNaming(naming) {
      lookup = lookUpBy(naming)
    },
    async ready() {
      usable().forEach(use)
      const isWaiting = () => usable().some(({ id }) => !lists.isTried(id)) && accounts().every(lacksList)
      await lists.waitUntil(() => !isWaiting(), ANY_LIST_MS)
    },
    close: () => lists.close(),
  }

  function forgetAccount(accountId: string): void {
    lists.drop(accountId)
    refusals.forget(accountId)
    surroundings.delete(accountId)
    late.delete(accountId)
  }
}

/** Whatever decides on an account's list. */
function surroundingOf(account: Account): string {
  const { channel, region, profileArn, learnedProfile, proxyUrl, clientId } = account
  const { profile, origin } = account.settings
  return JSON.stringify([channel, region, profileArn, learnedProfile, profile, origin, proxyUrl, clientId])
}

function notFound(name: string, ids: readonly string[]): GatewayError {
  const shown = name.slice(0, MAX_SHOWN_NAME).toWellFormed()
  const near = nearNames(name, ids)
  const hint = near.length === 0 ? '' : ` Near it: ${near.join(', ')}.`
  return new GatewayError(
    'model-not-found',
    `model: ${shown} is not known here.${hint} GET /v1/models lists all.`,
    { field: 'model' },
  )
}
