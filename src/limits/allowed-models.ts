/** Which models a key may use. To one that may not use a model, it is as if there were none of that name. */
import { GatewayError, toGatewayError } from '../conversation/failures.ts'
import { keyOf, normaliseName } from '../models/model-names.ts'
import type { Models } from '../models/models.ts'
import { nearNames } from '../models/near-names.ts'
import type { ModelInfo } from '../upstreams/upstream.ts'

type KnownModels = Pick<Models, 'list' | 'find' | 'resolve'>

const MAX_SHOWN_NAME = 100

/** `allowed`: ids, and names of the operator's aliases; absent: all. An alias is allowed by its own name, or with the model that it leads to. */
export function listAllowed(
  models: KnownModels,
  allowed: readonly string[] | undefined,
): readonly ModelInfo[] {
  if (allowed === undefined) return models.list()
  return models.list().filter(({ id }) => isAllowed(id, models.find(id), allowed))
}

/** Throws `model-not-found`, also for a model that is there for others, and names none of those. */
export function demandAllowed(
  models: KnownModels,
  name: string,
  allowed: readonly string[] | undefined,
): void {
  if (allowed === undefined || isAllowed(name, models.find(name) ?? resolveAnew(models, name), allowed))
    return
  throw notFound(models, name, allowed)
}

/** The model of a name. Throws `model-not-found` where `listAllowed` has it not, whichever of its spellings the name is. */
export function findListed(
  models: KnownModels,
  name: string,
  allowed: readonly string[] | undefined,
): ModelInfo {
  demandAllowed(models, name, allowed)
  const model = models.resolve(name)
  const listed = models.list()
  const keys = namesOf(name, model)
  if (!listed.some(({ id }) => keys.has(keyOf(id)))) throw notFound(models, name, allowed)
  return listed.find(({ id }) => id === name) ?? model
}

function notFound(models: KnownModels, name: string, allowed: readonly string[] | undefined): GatewayError {
  const shown = name.slice(0, MAX_SHOWN_NAME).toWellFormed()
  const ids = listAllowed(models, allowed).map(({ id }) => id)
  const near = nearNames(name, ids)
  const hint = near.length === 0 ? '' : ` Near it: ${near.join(', ')}.`
  const text = `model: ${shown} is not known here.${hint} GET /v1/models lists all${allowed === undefined ? '' : ' that this API key may use'}.`
  return new GatewayError('model-not-found', text, { field: 'model' })
}

function namesOf(name: string, model: ModelInfo): ReadonlySet<string> {
  return new Set([keyOf(model.id), keyOf(name), normaliseName(name)])
}

function isAllowed(name: string, model: ModelInfo | undefined, allowed: readonly string[]): boolean {
  if (model === undefined) return false
  const names = namesOf(name, model)
  return allowed.some((each) => names.has(keyOf(each)))
}

/** The lists may be out of date, which is found out when somebody asks for what they lack. */
function resolveAnew(models: KnownModels, name: string): ModelInfo | undefined {
  try {
    return models.resolve(name)
  } catch (error) {
    if (toGatewayError(error).failure.kind === 'model-not-found') return undefined
    throw error
  }
}
