/** Which models there are, whatever their names are in clients, and what each account makes of them. */

import { GatewayError } from '../conversation/failures.ts'
import type { Access, ModelInfo } from '../upstreams/upstream.ts'
import { idsOf } from './model-names.ts'

export interface Models {
  /** Each model once, in the order in which to show them. */
  list(): readonly ModelInfo[]
  /** The model that a name means, whichever of its spellings this is. */
  find(name: string): ModelInfo | undefined
  /** Throws `model-not-found` with the names that would do. */
  resolve(name: string): ModelInfo
  /** Whether the account may be asked for the model, as far as is known. */
  offers(accountId: string, modelId: string): boolean
  /** The model as the account's own list has it, as far as that is known. */
  ofAccount(access: Access, model: ModelInfo): Promise<ModelInfo>
  /** The service refuses the model's own request fields from this account. */
  noteFieldsRefused(accountId: string, modelId: string): void
}

const MAX_SHOWN_NAME = 100

export function createModels({ catalogue }: { catalogue: readonly ModelInfo[] }): Models {
  function find(name: string): ModelInfo | undefined {
    const exact = catalogue.find(({ id }) => id === name)
    return exact ?? catalogue.find(({ id }) => idsOf(name).includes(id))
  }

  return {
    list: () => catalogue,
    find,
    resolve(name) {
      const model = find(name)
      if (model !== undefined) return model
      const shown = name.slice(0, MAX_SHOWN_NAME).toWellFormed()
      const known = catalogue.map((candidate) => candidate.id).join(', ')
      throw new GatewayError(
        'model-not-found',
        `model: ${shown} is not known here. Choose one of: ${known}.`,
        { field: 'model' },
      )
    },
    offers: () => true,
    ofAccount: async (_, model) => model,
    noteFieldsRefused: () => {},
  }
}
