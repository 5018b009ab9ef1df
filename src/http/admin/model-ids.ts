import { GatewayError } from '../../conversation/failures.ts'
import type { ModelRouteParts } from '../model-routes.ts'

export type ModelNames = ModelRouteParts['models']
export type KnownModels = Pick<ModelNames, 'findKnown' | 'list'>

/** Models by their ids, each once: that is how requests ask for them. Throws `invalid-request` for one that is not known. */
export function withModelIds<B extends { models?: string[] | null }>(body: B, models: KnownModels): B {
  const { models: names } = body
  if (names == null) return body
  const ids = names.map((name) => {
    // An account may have models that no other one has.
    const model = models.findKnown(name)
    if (model !== undefined) return model.id
    const known = models.list().map(({ id }) => id)
    throw new GatewayError(
      'invalid-request',
      `models: ${name} is not known here. Choose one of: ${known.join(', ')}.`,
      { field: 'models', code: 'model_not_found' },
    )
  })
  return { ...body, models: [...new Set(ids)] }
}
