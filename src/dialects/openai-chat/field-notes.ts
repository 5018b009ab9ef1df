import type { LossKind } from '../../conversation/loss.ts'
import { createIgnoredNames, type IgnoredNames } from '../ignored-names.ts'

/** Collects, while a request is read, the names of its fields of which the model may hear nothing. */
export interface FieldNotes {
  /** Fields that are not carried. */
  ignored: IgnoredNames
  /** A field that is carried where the model can be told. */
  mayLose(kind: LossKind, name: string): void
  fieldsOfLoss(): Partial<Record<LossKind, string[]>>
}

export function createFieldNotes(): FieldNotes {
  const losses = new Map<LossKind, Set<string>>()
  return {
    ignored: createIgnoredNames(),
    mayLose(kind, name) {
      const names = losses.get(kind) ?? new Set()
      losses.set(kind, names.add(name))
    },
    fieldsOfLoss: () => Object.fromEntries([...losses].map(([kind, names]) => [kind, [...names]])),
  }
}
