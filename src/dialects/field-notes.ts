import type { LossKind } from '../conversation/loss.ts'
import { createIgnoredNames, type IgnoredNames } from './ignored-names.ts'
import type { Parameters } from './parameters.ts'

type Element = Readonly<Record<string, unknown>>

/** Collects, while a request is read, the names of its fields of which the model may hear nothing. */
export interface FieldNotes {
  /** Fields that are not carried. */
  ignored: IgnoredNames
  /** Notes those fields of an element that the table calls ignored. `path`: of the element, without brackets; empty for the body. */
  noteIgnored(element: Element, path: string): void
  /** The same for the body, of which the fields that are not in the table are named too. */
  noteIgnoredOfBody(body: Element): void
  /** A field that is carried where the model can be told. */
  mayLose(kind: LossKind, name: string): void
  fieldsOfLoss(): Partial<Record<LossKind, string[]>>
}

/** A dialect's table, by which notes of its requests are taken. */
export interface FieldTable {
  createNotes(): FieldNotes
}

/** Fields by the path of what they stand in. `shown`: in the header that lists what is ignored. */
type IgnoredFields = ReadonlyMap<string, readonly { name: string; shown: string }[]>

export function createFieldTable(parameters: Parameters): FieldTable {
  const fields = listIgnored(parameters)
  return { createNotes: () => createFieldNotes(parameters, fields) }
}

function createFieldNotes(parameters: Parameters, fields: IgnoredFields): FieldNotes {
  const ignored = createIgnoredNames()
  const losses = new Map<LossKind, Set<string>>()
  const noteIgnored: FieldNotes['noteIgnored'] = (element, path) => {
    for (const { name, shown } of fields.get(path) ?? []) {
      if (asksForSomething(element[name])) ignored.add(shown)
    }
  }
  return {
    ignored,
    noteIgnored,
    noteIgnoredOfBody(body) {
      noteIgnored(body, '')
      for (const [field, value] of Object.entries(body)) {
        if (!Object.hasOwn(parameters, field) && asksForSomething(value)) ignored.addForeign('', field)
      }
    },
    mayLose(kind, name) {
      const names = losses.get(kind) ?? new Set()
      losses.set(kind, names.add(name))
    },
    fieldsOfLoss: () => Object.fromEntries([...losses].map(([kind, names]) => [kind, [...names]])),
  }
}

function listIgnored(parameters: Parameters): IgnoredFields {
  const paths = Object.entries(parameters).flatMap(([path, { verdict }]) =>
    verdict === 'ignored' ? [path.replaceAll('[]', '')] : [],
  )
  const fields = paths.map((shown) => {
    const dot = shown.lastIndexOf('.')
    return { parent: shown.slice(0, Math.max(dot, 0)), name: shown.slice(dot + 1), shown }
  })
  return Map.groupBy(fields, ({ parent }) => parent)
}

/** False, nothing and lists of nothing are what a client gets anyway. */
function asksForSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false
  return !(Array.isArray(value) && value.length === 0)
}
