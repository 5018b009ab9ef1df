import type { LossKind } from '../../conversation/loss.ts'

/** The names go into a header of the answer, and clients may invent as many as they like. */
const MAX_UNKNOWN_NAMES = 20
const MAX_NAME_CHARACTERS = 64

/** Collects, while a request is read, the names of its fields of which the model may hear nothing. */
export interface FieldNotes {
  /** A field that is not carried. */
  ignore(name: string): void
  /** One whose name the client made up, after one of ours: `tools.` and a type. */
  ignoreUnknown(prefix: string, name: string): void
  /** A field that is carried where the model can be told. */
  mayLose(kind: LossKind, name: string): void
  ignored(): string[]
  fieldsOfLoss(): Partial<Record<LossKind, string[]>>
}

export function createFieldNotes(): FieldNotes {
  const ignored = new Set<string>()
  const unknown = new Set<string>()
  const losses = new Map<LossKind, Set<string>>()
  return {
    ignore: (name) => void ignored.add(name),
    ignoreUnknown(prefix, name) {
      if (unknown.size < MAX_UNKNOWN_NAMES) unknown.add(prefix + toHeaderName(name))
    },
    mayLose(kind, name) {
      const names = losses.get(kind) ?? new Set()
      losses.set(kind, names.add(name))
    },
    ignored: () => [...new Set([...ignored, ...unknown])],
    fieldsOfLoss: () => Object.fromEntries([...losses].map(([kind, names]) => [kind, [...names]])),
  }
}

function toHeaderName(name: string): string {
  return name.slice(0, MAX_NAME_CHARACTERS).replaceAll(/[^A-Za-z0-9_.-]/g, '_') || '_'
}
