import { effortOf } from '../effort.ts'
import type { IgnoredNames } from '../ignored-names.ts'
import { isJsonObject } from '../request-body.ts'
import { blocksOf } from './block-place.ts'
import { parameters } from './parameters.ts'
import type { Block, MessagesBody } from './schema.ts'

/** By the name that the client writes, the one that the header has. */
type IgnoredFields = ReadonlyMap<string, string>
type Element = Readonly<Record<string, unknown>>

const BLOCK = 'messages[].content[]'

/** The ignored fields by the path of what they stand in; the body itself has the empty path. */
const ignoredByPlace: ReadonlyMap<string, IgnoredFields> = groupIgnored()
const anyBlockFields = ignoredByPlace.get(BLOCK)
const blockFields: ReadonlyMap<string, IgnoredFields> = new Map(
  [...ignoredByPlace]
    .filter(([place]) => place.startsWith(`${BLOCK}.`))
    .map(([place, fields]) => [place.slice(BLOCK.length + 1), fields]),
)

/** Names the fields that the request asks something with that is not carried. */
export function nameIgnored(body: MessagesBody, ignored: IgnoredNames): void {
  lookAt(body, ignoredByPlace.get(''), ignored)
  for (const name of ['thinking', 'output_config', 'tool_choice', 'thread'] as const) {
    lookAt(body[name] ?? {}, ignoredByPlace.get(name), ignored)
  }
  for (const tool of body.tools ?? []) lookAt(tool, ignoredByPlace.get('tools[]'), ignored)
  for (const block of blocksOf(body.system)) lookAt(block, ignoredByPlace.get('system[]'), ignored)
  for (const message of body.messages) {
    lookAt(message, ignoredByPlace.get('messages[]'), ignored)
    for (const block of blocksOf(message.content)) {
      lookAt(block, anyBlockFields, ignored)
      lookAt(block, blockFields.get(block.type), ignored)
      for (const piece of piecesOf(block)) lookAt(piece, blockFields.get(String(piece['type'])), ignored)
    }
  }
  nameUnknown(body, ignored)
}

function lookAt(element: Element, fields: IgnoredFields | undefined, ignored: IgnoredNames): void {
  if (fields === undefined) return
  for (const member of Object.keys(element)) {
    const name = fields.get(member)
    if (name !== undefined && asksForSomething(element[member])) ignored.add(name)
  }
}

/** Fields that nobody here knows, and values that mean nothing here. */
function nameUnknown(body: MessagesBody, ignored: IgnoredNames): void {
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(parameters, name) && asksForSomething(value)) ignored.addForeign('', name)
  }
  const effort = body.output_config?.effort ?? undefined
  if (effort !== undefined && effortOf(effort).effort === undefined) ignored.add('output_config.effort')
}

function groupIgnored(): Map<string, Map<string, string>> {
  const groups = new Map<string, Map<string, string>>()
  for (const [path, { verdict }] of Object.entries(parameters)) {
    if (verdict !== 'ignored') continue
    const dot = path.lastIndexOf('.')
    const place = path.slice(0, Math.max(dot, 0))
    const fields = groups.get(place) ?? new Map<string, string>()
    groups.set(place, fields.set(path.slice(dot + 1), path.replaceAll('[]', '')))
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
