import type { ModelInfo } from '../upstreams/upstream.ts'

/** More of them are there only when lists change all the time; then it begins anew, and equal models may be two objects. */
const MOST_MODELS = 5000

/** Equal models become one object, so that who has encoded a request for one can see that the other needs no other. */
export function createInterner(models: readonly ModelInfo[]): (model: ModelInfo) => ModelInfo {
  const byText = new Map(models.map((model) => [JSON.stringify(model), model]))
  return (model) => {
    const text = JSON.stringify(model)
    const known = byText.get(text)
    if (known !== undefined) return known
    if (byText.size >= MOST_MODELS) byText.clear()
    byText.set(text, model)
    return model
  }
}
