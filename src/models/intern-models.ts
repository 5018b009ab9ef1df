import type { ModelInfo } from '../upstreams/upstream.ts'
import type { ModelList } from './model-lists.ts'
import { keyOf } from './model-names.ts'

/** More of them are there only when lists change all the time; then it begins anew, and equal ones may be two objects. */
const MOST_MODELS = 5000
const MOST_LISTS = 1000

/**
 * Equal models become one object, so that who has encoded a request for one can see that the other needs no other. Equal
 * lists do too: accounts of one plan all have the same, and who looks for a model looks through each list once.
 */
export function createInterner(catalogue: readonly ModelInfo[]): (models: readonly ModelInfo[]) => ModelList {
  const internModel = internByText<ModelInfo>(MOST_MODELS)
  const internList = internByText<ModelList>(MOST_LISTS)
  for (const model of catalogue) internModel(JSON.stringify(model), () => model)
  const toList = (models: readonly ModelInfo[]): ModelList =>
    new Map(models.map((model) => [keyOf(model.id), internModel(JSON.stringify(model), () => model)]))
  return (models) => internList(JSON.stringify(models), () => toList(models))
}

function internByText<T>(most: number): (text: string, make: () => T) => T {
  const byText = new Map<string, T>()
  return (text, make) => {
    const known = byText.get(text)
    if (known !== undefined) return known
    if (byText.size >= most) byText.clear()
    const made = make()
    byText.set(text, made)
    return made
  }
}
