import type { FieldNotes } from './field-notes.ts'
import { parameters } from './parameters.ts'
import type { ChatBody } from './schema.ts'

type Element = Readonly<Record<string, unknown>>

/** `name`: in its element; `shown`: in the header that lists what is ignored. */
interface IgnoredField {
  parent: string
  name: string
  shown: string
}

/** The ignored fields by the path of what they stand in; the body itself has the empty path. */
const ignoredFields: ReadonlyMap<string, readonly IgnoredField[]> = Map.groupBy(
  Object.entries(parameters)
    .filter(([, { verdict }]) => verdict === 'ignored')
    .map(([path]) => toIgnoredField(path)),
  ({ parent }) => parent,
)

/** Notes those fields of an element that the table calls ignored. `path`: of the element, as in the table. */
export function noteIgnored(element: Element, path: string, notes: FieldNotes): void {
  for (const { name, shown } of ignoredFields.get(path) ?? []) {
    if (asksForSomething(element[name])) notes.ignored.add(shown)
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

function toIgnoredField(path: string): IgnoredField {
  const dot = path.lastIndexOf('.')
  const shown = path.replaceAll('[]', '')
  return { parent: path.slice(0, Math.max(dot, 0)), name: path.slice(dot + 1), shown }
}

/** False, nothing and lists of nothing are what a client gets anyway. */
function asksForSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false
  return !(Array.isArray(value) && value.length === 0)
}
