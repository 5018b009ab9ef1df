import { effortOf } from '../effort.ts'
import type { IgnoredNames } from '../ignored-names.ts'
import { isJsonObject } from '../request-body.ts'
import { blocksOf } from './block-place.ts'
import { parameters } from './parameters.ts'
import type { Block, MessagesBody } from './schema.ts'

interface IgnoredField {
  /** As the client writes it. */
  member: string
  /** As the header has it. */
  name: string
}
type Element = Readonly<Record<string, unknown>>

const BLOCK = 'messages[].content[]'

/** The ignored fields by the path of what they stand in; the body itself has the empty path. */
const ignoredByPlace: ReadonlyMap<string, readonly IgnoredField[]> = groupIgnored()
const anyBlockFields = ignoredByPlace.get(BLOCK) ?? []
const blockFields: ReadonlyMap<string, readonly IgnoredField[]> = new Map(
  [...ignoredByPlace]
    .filter(([place]) => place.startsWith(`${BLOCK}.`))
    .map(([place, fields]) => [place.slice(BLOCK.length + 1), fields]),
)

/** Names the fields that the request asks something with that is not carried. */
export function nameIgnored(body: MessagesBody, ignored: IgnoredNames): void {
  const look = (element: Element, fields: readonly IgnoredField[] = []): void => {
    for (const { member, name } of fields) if (asksForSomething(element[member])) ignored.add(name)
  }
  look(body, ignoredByPlace.get(''))
  for (const name of ['thinking', 'output_config', 'tool_choice', 'thread'] as const) {
    look(body[name] ?? {}, ignoredByPlace.get(name))
  }
  for (const tool of body.tools ?? []) look(tool, ignoredByPlace.get('tools[]'))
  for (const block of blocksOf(body.system)) look(block, ignoredByPlace.get('system[]'))
  for (const message of body.messages) {
    look(message, ignoredByPlace.get('messages[]'))
    for (const block of blocksOf(message.content)) {
      look(block, anyBlockFields)
      look(block, blockFields.get(block.type))
      for (const piece of piecesOf(block)) look(piece, blockFields.get(String(piece['type'])))
    }
  }
  nameUnknown(body, ignored)
}

/** Fields that nobody here knows, and values that mean nothing here. */
function nameUnknown(body: MessagesBody, ignored: IgnoredNames): void {
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(parameters, name) && asksForSomething(value)) ignored.addForeign('', name)
  }
  const effort = body.output_config?.effort ?? undefined
  if (effort !== undefined && effortOf(effort).effort === undefined) ignored.add('output_config.effort')
}

function groupIgnored(): Map<string, IgnoredField[]> {
  const groups = new Map<string, IgnoredField[]>()
  for (const [path, { verdict }] of Object.entries(parameters)) {
    if (verdict !== 'ignored') continue
    const dot = path.lastIndexOf('.')
    const place = path.slice(0, Math.max(dot, 0))
    const fields = groups.get(place) ?? []
    groups.set(place, [...fields, { member: path.slice(dot + 1), name: path.replaceAll('[]', '') }])
  }
  return groups
}

/** What a tool result consists of. */
function piecesOf({ type, content }: Block): readonly Element[] {
  return type === 'tool_result' && Array.isArray(content) ? content.filter(isJsonObject) : []
}

/** False, nothing and lists of nothing are what a client gets anyway. */
function asksForSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false
  if (Array.isArray(value)) return value.length > 0
  return !(isJsonObject(value) && value['enabled'] === false)
}
