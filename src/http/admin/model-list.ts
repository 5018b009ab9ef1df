import type { FastifyInstance } from 'fastify'
import { effortsOf } from '../write-model.ts'
import type { ModelRouteParts } from '../model-routes.ts'
import { answering } from './answering.ts'
import { modelListAnswer } from './answers.ts'

export interface ModelListParts {
  models: Pick<ModelRouteParts['models'], 'ready' | 'list'>
}

/** The models that clients can ask for, and what each takes: what `/v1/models` is made from, whatever keys may see of it. */
export function registerModelList(routes: FastifyInstance, { models }: ModelListParts): void {
  routes.get('/v2/models', answering(modelListAnswer), async () => {
    await models.ready()
    const list = models.list().map((model) => ({
      id: model.id,
      displayName: model.displayName,
      contextWindow: model.contextWindowTokens,
      maxOutput: model.maxOutputTokens ?? null,
      takesImages: model.takesImages,
      takesDocuments: model.takesDocuments,
      thinks: model.thinking !== 'none',
      efforts: effortsOf(model),
      rate: model.rate ?? null,
    }))
    return { models: list, count: list.length }
  })
}
