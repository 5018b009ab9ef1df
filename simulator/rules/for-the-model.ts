/** What a request may ask of its model: that the account has it, and what this model can take. */
import { findFieldFault } from '../extra-fields.ts'
import type { Model } from '../models.ts'
import type { ChatRequest, ReasoningContent } from './shape.ts'
import { contextOf, type Turn, userTurnsOf } from './turns.ts'
import { refused, type Violation } from './violation.ts'

/** The account that asks, as far as rules need to know it. */
export interface Caller {
  /** Those that it may use; the first is the default. */
  models: readonly Model[]
  refusesExtraFields: boolean
  /** Whether this account had the model of that id think so. */
  isOwnThinking: (reasoning: ReasoningContent, modelId: string) => boolean
}

export function findModel(request: ChatRequest, models: readonly Model[]) {
  const modelId = request.conversationState.currentMessage.userInputMessage?.modelId
  if (modelId === undefined) return { model: models[0], violations: [] }
  const model = models.find((each) => each.modelId === modelId)
  if (model !== undefined) return { model, violations: [] }
  const unknown = refused({
    rule: 'model',
    path: 'conversationState.currentMessage.userInputMessage.modelId',
    message: `${modelId} is not in the model list`,
    reason: 'INVALID_MODEL_ID',
    says: 'Invalid model. Please select a different model to continue.',
  })
  return { model: undefined, violations: [unknown] }
}

/** The fields of this one model, for accounts that may send any. */
export function checkExtraFields(
  request: ChatRequest,
  caller: Caller,
  model: Model | undefined,
): Violation[] {
  const { additionalModelRequestFields: fields } = request
  if (fields === undefined) return []
  const schema = caller.refusesExtraFields ? undefined : model?.extraFields
  const says = schema
    ? findFieldFault(schema, fields)
    : 'additionalModelRequestFields is not supported for this model'
  if (says === undefined) return []
  const path = 'additionalModelRequestFields'
  return [refused({ rule: 'extra-fields', path, message: says, says, reason: null })]
}

/** S24: thinking is shown again only to the account and the model that made it, word for word. */
export function checkThinking(turns: Turn[], caller: Caller, model: Model | undefined): Violation[] {
  return turns.flatMap((turn) => {
    const reasoning = turn.role === 'assistant' ? turn.message.reasoningContent : undefined
    if (reasoning === undefined || model === undefined) return []
    if (caller.isOwnThinking(reasoning, model.modelId)) return []
    return [
      refused({
        rule: 'S24',
        path: `${turn.path}.reasoningContent`,
        message: `this account never had ${model.modelId} think so`,
        reason: 'THINKING_SIGNATURE_INVALID',
        says: 'The thinking signature is not valid.',
      }),
    ]
  })
}

/** Cache points stand only where the model caches, and not more than it keeps. */
export function checkCachePoints(turns: Turn[], model: Model | undefined): Violation[] {
  const onMessages = turns.filter(({ message }) => message.cachePoint !== undefined).map(({ path }) => path)
  const onTools = userTurnsOf(turns).flatMap(({ path, message }) =>
    (contextOf(message).tools ?? [])
      .filter(({ cachePoint }) => cachePoint !== undefined)
      .map(() => `${path}.userInputMessageContext.tools`),
  )
  const paths = [...onTools, ...onMessages]
  const [path] = paths
  if (path === undefined || model === undefined) return []
  const allowed = model.promptCaching?.maximumCacheCheckpointsPerRequest ?? 0
  if (paths.length <= allowed) return []
  const message = `${paths.length} cache points, ${model.modelId} takes ${allowed}`
  return [refused({ rule: 'cache-point', path: `${path}.cachePoint`, message })]
}
