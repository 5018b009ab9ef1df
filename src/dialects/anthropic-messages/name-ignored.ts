import { effortOf } from '../effort.ts'
import type { IgnoredNames } from '../ignored-names.ts'
import { isJsonObject } from '../request-body.ts'
import { blocksOf } from './block-place.ts'
import { parameters } from './parameters.ts'
import type { Block, MessagesBody } from './schema.ts'

/** Names of the ignored fields by the path of what they stand in; the body itself has the empty path. */
const ignoredFields: ReadonlyMap<string, readonly string[]> = Map.groupBy(
  Object.entries(parameters)
    .filter(([, { verdict }]) => verdict === 'ignored')
    .map(([path]) => path),
  parentOf,
)

/** Names the fields that the request asks something with that is not carried. */
export function nameIgnored(body: MessagesBody, ignored: IgnoredNames): void {
  for (const [path, element] of elementsOf(body)) {
    for (const field of ignoredFields.get(path) ?? []) {
      if (asksForSomething(element[field.slice(path === '' ? 0 : path.length + 1)])) {
        ignored.add(field.replaceAll('[]', ''))
      }
    }
  }
  const effort = body.output_config?.effort ?? undefined
  if (effort !== undefined && effortOf(effort).effort === undefined) ignored.add('output_config.effort')
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(parameters, name) && asksForSomething(value)) ignored.addForeign('', name)
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('.'), 0))
}

/** The body and everything in it that may carry fields of its own, by the path that the table has for it. */
function* elementsOf(body: MessagesBody): Generator<[string, Readonly<Record<string, unknown>>]> {
  yield ['', body]
  for (const name of ['thinking', 'output_config', 'tool_choice'] as const) yield [name, body[name] ?? {}]
  for (const tool of body.tools ?? []) yield ['tools[]', tool]
  for (const block of blocksOf(body.system)) yield ['system[]', block]
  for (const message of body.messages) {
    yield ['messages[]', message]
    for (const block of blocksOf(message.content)) yield* blocksWithin(block)
  }
}

function* blocksWithin(block: Block): Generator<[string, Readonly<Record<string, unknown>>]> {
  yield ['messages[].content[]', block]
  yield [`messages[].content[].${block.type}`, block]
  const { content } = block
  if (block.type !== 'tool_result' || !Array.isArray(content)) return
  for (const piece of content.filter(isJsonObject)) {
    if (typeof piece['type'] === 'string') yield [`messages[].content[].${piece['type']}`, piece]
  }
}

/** False, nothing and lists of nothing are what a client gets anyway. */
function asksForSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false
  if (Array.isArray(value)) return value.length > 0
  return !(isJsonObject(value) && value['enabled'] === false)
}
