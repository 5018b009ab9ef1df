/** Accounts whose requests are refused for the fields that their own model list says they may have (protocol 3.9). */

import type { ModelInfo } from '../upstreams/upstream.ts'
import { keyOf } from './model-names.ts'

const REFUSED_MS = 24 * 3_600_000

interface FieldRefusals {
  note(accountId: string, modelId: string): void
  areRefused(accountId: string, modelId: string): boolean
  forget(accountId: string): void
  /** The same object for the same model, each time. */
  withoutFields(model: ModelInfo): ModelInfo
}

/** `now` in milliseconds, by whatever clock. */
export function createFieldRefusals(now: () => number): FieldRefusals {
  const until = new Map<string, Map<string, number>>()
  const plain = new WeakMap<ModelInfo, ModelInfo>()
  return {
    note(accountId, modelId) {
      const models = until.get(accountId) ?? new Map<string, number>()
      until.set(accountId, models.set(keyOf(modelId), now() + REFUSED_MS))
    },
    areRefused: (accountId, modelId) => (until.get(accountId)?.get(keyOf(modelId)) ?? 0) > now(),
    forget: (accountId) => void until.delete(accountId),
    withoutFields(model) {
      if (model.requestFields === undefined) return model
      const { requestFields: _requestFields, ...rest } = model
      const made = plain.get(model) ?? rest
      plain.set(model, made)
      return made
    },
  }
}
