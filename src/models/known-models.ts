/** The models that are known without asking any account. */
import type { ModelInfo } from '../upstreams/upstream.ts'
import type { ModelList } from './model-lists.ts'
import { createModelLookup, type ModelLookup } from './model-lookup.ts'
import { keyOf } from './model-names.ts'

interface KnownModelsParts {
  catalogue: readonly ModelInfo[]
  /** Operator's names for models. */
  aliases: readonly { name: string; model: string }[]
  replacesRetired: boolean
}

export function createKnownModels({
  catalogue,
  aliases,
  replacesRetired,
}: KnownModelsParts): Pick<ModelLookup, 'list' | 'findKnown'> {
  const known: ModelList = new Map(catalogue.map((model) => [keyOf(model.id), model]))
  return createModelLookup({
    known,
    sources: () => [known],
    offers: () => [{ list: known }],
    aliases,
    replacesRetired,
  })
}
