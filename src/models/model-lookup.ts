/** Finds models by name among the lists that count now. */

import type { ModelInfo } from '../upstreams/upstream.ts'
import type { ModelList } from './model-lists.ts'
import { keyOf, normaliseName, successorOf } from './model-names.ts'

export interface ModelLookup {
  list(): readonly ModelInfo[]
  find(name: string): ModelInfo | undefined
  findKnown(name: string): ModelInfo | undefined
  /** What the operator's alias of this name leads to, as it was written. */
  aliasedBy(name: string): string | undefined
}

/** What an account has, and which of that it may serve. */
export interface Offer {
  list: ModelList
  /** Ids; absent: all of it. */
  allowed?: readonly string[] | undefined
}

interface LookupParts {
  /** The first one that has a model tells about it. */
  sources: () => readonly ModelList[]
  /** The same lists, as far as they are to be shown. */
  offers: () => readonly Offer[]
  /** The default catalogue, in the order in which to show models. */
  known: ModelList
  aliases: readonly { name: string; model: string }[]
  replacesRetired: boolean
}

/** The alias of all names that mean nothing else. */
const ANY_NAME = '*'
const DEFAULT_WINDOW_TOKENS = 200_000

export function createModelLookup(parts: LookupParts): ModelLookup {
  const { sources, offers, known, aliases, replacesRetired } = parts
  const targets = new Map(aliases.map(({ name, model }) => [keyOf(name), model.trim()]))
  /** One object for each, so that it can be known again. */
  const unlisted = new Map([...targets.values()].map((id) => [id, unlistedModel(id)]))
  const ranks = new Map([...known.keys()].map((key, index) => [key, index]))
  const rankOf = ({ id }: ModelInfo) => ranks.get(keyOf(id)) ?? ranks.size

  /** By its own name, however that is written. */
  function findNamed(name: string, lists: readonly ModelList[]): ModelInfo | undefined {
    const bare = normaliseName(name)
    return within(lists, keyOf(name)) ?? within(lists, bare) ?? findSuccessor(bare, lists)
  }

  function findSuccessor(bare: string, lists: readonly ModelList[]): ModelInfo | undefined {
    const successor = replacesRetired ? successorOf(bare) : undefined
    return successor === undefined ? undefined : within(lists, successor)
  }

  /** One step: an alias leads to a model, never to another alias. What is in no list is asked for as it is written. */
  function findAliased(key: string, lists: readonly ModelList[]): ModelInfo | undefined {
    const target = targets.get(key)
    if (target === undefined) return undefined
    return findNamed(target, lists) ?? known.get(normaliseName(target)) ?? unlisted.get(target)
  }

  function find(name: string): ModelInfo | undefined {
    const lists = sources()
    const key = keyOf(name)
    return (
      within(lists, key) ??
      findAliased(key, lists) ??
      within(lists, normaliseName(name)) ??
      findAliased(normaliseName(name), lists) ??
      findSuccessor(normaliseName(name), lists) ??
      findAliased(ANY_NAME, lists)
    )
  }

  function list(): ModelInfo[] {
    const models = new Map<string, ModelInfo>()
    const all = offers()
    for (const offer of all) {
      for (const [key, model] of offer.list) {
        if (!models.has(key) && isAllowed(offer, model)) models.set(key, model)
      }
    }
    const sorted = [...models.values()].toSorted(
      (a, b) => rankOf(a) - rankOf(b) || a.displayName.localeCompare(b.displayName, 'en'),
    )
    // What no account lists is for the service to refuse.
    const isServed = (model: ModelInfo) => {
      const key = keyOf(model.id)
      const isUnlisted = () => within(sources(), key) === undefined
      return models.has(key) || (isUnlisted() && all.some((offer) => isAllowed(offer, model)))
    }
    return [...sorted, ...aliases.flatMap(({ name }) => showAlias(name, { models, isServed }))]
  }

  function showAlias(
    name: string,
    shown: { models: ReadonlyMap<string, ModelInfo>; isServed: (model: ModelInfo) => boolean },
  ): ModelInfo[] {
    const key = keyOf(name)
    const model = key === ANY_NAME || shown.models.has(key) ? undefined : find(name)
    return model === undefined || !shown.isServed(model)
      ? []
      : [{ ...model, id: name, displayName: `${name} (${model.displayName})` }]
  }

  return {
    list,
    find,
    findKnown: (name) => find(name) ?? findNamed(name, [known]),
    aliasedBy(name) {
      if (targets.size === 0) return undefined
      return targets.get(keyOf(name)) ?? targets.get(normaliseName(name))
    },
  }
}

function isAllowed({ allowed }: Offer, { id }: ModelInfo): boolean {
  return allowed === undefined || allowed.includes(id)
}

function within(lists: readonly ModelList[], key: string): ModelInfo | undefined {
  for (const list of lists) {
    const model = list.get(key)
    if (model !== undefined) return model
  }
  return undefined
}

/** Whoever leads an alias to it should know what it can do; that it looks at images is at least likely. */
function unlistedModel(id: string): ModelInfo {
  return {
    id,
    displayName: id,
    contextWindowTokens: DEFAULT_WINDOW_TOKENS,
    takesImages: true,
    takesDocuments: false,
    thinking: 'none',
    cacheMarks: 0,
  }
}
