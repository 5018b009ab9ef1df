import type { FieldNotes } from './field-notes.ts'
import { parameters } from './parameters.ts'
import type { ChatBody } from './schema.ts'

type Element = Readonly<Record<string, unknown>>

/** Names of the ignored fields by the path of what they stand in; the body itself has the empty path. */
const ignoredFields: ReadonlyMap<string, readonly string[]> = Map.groupBy(
  Object.entries(parameters)
    .filter(([, { verdict }]) => verdict === 'ignored')
    .map(([path]) => path),
  parentOf,
)

/** Notes those fields of an element that the table calls ignored. `path`: of the element, as in the table. */
export function noteIgnored(element: Element, path: string, notes: FieldNotes): void {
  for (const field of ignoredFields.get(path) ?? []) {
    const name = field.slice(path === '' ? 0 : path.length + 1)
    if (asksForSomething(element[name])) notes.ignored.add(field.replaceAll('[]', ''))
  }
}

/** The same for the body, of which the fields that are not in the table are named too. */
export function noteIgnoredOfBody(body: ChatBody, notes: FieldNotes): void {
  noteIgnored(body, '', notes)
  noteIgnored(body.stream_options ?? {}, 'stream_options', notes)
  for (const [field, value] of Object.entries(body)) {
    if (!Object.hasOwn(parameters, field) && asksForSomething(value)) notes.ignored.addForeign('', field)
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('.'), 0))
}

/** False, nothing and lists of nothing are what a client gets anyway. */
function asksForSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false
  return !(Array.isArray(value) && value.length === 0)
}
